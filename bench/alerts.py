"""How soon an alert is decided after the reading that trips it, at a thousand readings a second.

Readings of a network of stations are committed ten times a second on PostgreSQL, each second one
station's over its warning; the engine runs in a process of its own. Counted is from the commit of
the reading to the commit of the alert, as a reader of the store sees both.
"""

import multiprocessing
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sqlalchemy import insert, select

from bench.servers import postgres
from dashboard.domain.records import Limits
from data_access.alerts.engine import Engine
from data_access.changes import Wake, follow, latest_seq
from data_access.clock import StoreClock
from data_access.feeds.lists import write_jurisdictions
from data_access.follower import run as keep_stepping
from data_access.ingest import Policy, ingest
from data_access.store import Store
from data_access.tables import alert, station

STATIONS = 2_000
PER_SECOND = 1_000
BATCHES = 10  # a second
SECONDS = 40
BAR_MS = 200
LEARN = Policy(limits=Limits(unknown="learn"))


def _engine(url: str, ready: "multiprocessing.synchronize.Event") -> None:
    """Run the engine as the ingest process does."""
    store = Store(url)
    engine = Engine(store, StoreClock(store))
    while engine.step():
        pass
    ready.set()
    keep_stepping(store, "alerts", engine.step, threading.Event())


def _city(store: Store) -> None:
    with store.write() as writer:
        top = [{"id": "330100", "name": "杭州市", "level": "city"}]
        write_jurisdictions(writer, top, root="330100")
        writer.conn.execute(
            insert(station),
            [
                {
                    "id": f"R{n:04d}",
                    "kind": "river",
                    "name": f"测站 {n}",
                    "datum": "1985",
                    "thresholds": {"level": {"warning": 3.0, "guarantee": 4.0}},
                    "river": f"河{n % 60}",
                    "basin": f"流域{n % 5}",
                    "updated_at": datetime.now(UTC),
                    "feed": "bench",
                    "scope": "330100",
                }
                for n in range(STATIONS)
            ],
        )


def _watch(store: Store, seen: dict[str, float], stop: threading.Event) -> None:
    """Note when each station's alert can be read."""
    with store.read() as conn:
        at = latest_seq(conn)
    wake = Wake(store.url)
    while not stop.is_set():
        wake.wait(0.2)
        with store.read() as conn:
            changes = follow(conn, at, 20_000)
            ids = {it.key for it in changes if it.topic == "alerts" and it.key}
            if ids:
                query = select(alert.c.subject_id).where(alert.c.id.in_(sorted(ids)))
                now = time.perf_counter()
                for name in conn.execute(query).scalars():
                    seen.setdefault(name, now)
        if changes:
            at = changes[-1].seq
    wake.close()


def run(say: Callable[[str, str, str], None]) -> None:
    """Measure on PostgreSQL."""
    with postgres() as store:
        _city(store)
        context = multiprocessing.get_context("spawn")
        ready = context.Event()
        process = context.Process(target=_engine, args=(store.url, ready), daemon=True)
        process.start()
        assert ready.wait(60)
        seen: dict[str, float] = {}
        told: dict[str, float] = {}
        stop = threading.Event()
        watcher = threading.Thread(target=_watch, args=(store, seen, stop))
        watcher.start()
        number = PER_SECOND // BATCHES
        begun, sent, late = time.perf_counter(), 0, 0.0
        for step in range(SECONDS * BATCHES):
            now = datetime.now(UTC)
            records = []
            trips = f"R{step // BATCHES * 7 % STATIONS:04d}" if step % BATCHES == 0 else None
            for n in range(number):
                name = f"R{(step * number + n) % STATIONS:04d}"
                if name != trips and name not in told:
                    at = now - timedelta(milliseconds=number - n)
                    records.append({"station": name, "factor": "level", "at": at, "value": 2.5})
            if trips and trips not in told:
                at = now + timedelta(milliseconds=1)
                records.append({"station": trips, "factor": "level", "at": at, "value": 2.95})
                at += timedelta(milliseconds=1)
                records.append({"station": trips, "factor": "level", "at": at, "value": 3.2})
            ingest(store, "readings", records, feed="bench", now=now, policy=LEARN)
            if trips and trips not in told:
                told[trips] = time.perf_counter()
            sent += len(records)
            pause = begun + (step + 1) / BATCHES - time.perf_counter()
            late = max(late, -pause)
            time.sleep(max(0.0, pause))
        took = time.perf_counter() - begun
        time.sleep(3)
        stop.set()
        watcher.join()
        process.kill()
        delays = sorted(
            max(0.0, (seen[name] - at) * 1000) for name, at in told.items() if name in seen
        )
        say(
            f"readings into a network of {STATIONS:,} stations",
            f"{sent / took:,.0f} a second",
            f"at {PER_SECOND:,} a second, never {late * 1000:,.0f} ms behind",
        )
        say("alerts decided", f"{len(delays)} of {len(told)}", "all")
        middle, last = delays[len(delays) // 2], delays[max(0, int(len(delays) * 0.95) - 1)]
        say(
            "from a reading's commit to its alert's",
            f"{middle:.0f} ms, 95 % {last:.0f} ms, most {delays[-1]:.0f} ms",
            f"bar {BAR_MS} ms",
        )
