"""The changes of a busy city, written into the store of a city that already stands."""

import random
import time
from contextlib import suppress
from datetime import UTC, datetime
from multiprocessing import get_context
from typing import Any

from sqlalchemy import select

from data_access.changes import latest_seq
from data_access.clock import StoreClock
from data_access.ingest import ingest
from data_access.store import Store
from data_access.tables import case, reading_latest

CASES_A_SECOND = 20
READINGS_A_SECOND = 60
BATCH = 10
STAGES = ("dispatched", "handling")
FEED = "bench"


class CityLoad:
    """A process that changes open cases and readings, and notes when each commit had returned."""

    def __init__(self, url: str) -> None:
        """Begin to write; returns when the first change stands."""
        context = get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_write, args=(theirs, url), daemon=True)
        self._process.start()
        theirs.close()  # so that its end is noticed here
        try:
            begun = self._pipe.poll(60) and self._pipe.recv() == "begun"
        except EOFError:
            begun = False
        if not begun:
            self._process.kill()
            raise RuntimeError("the load did not begin")

    def taken(self) -> list[tuple[int, float]]:
        """Give (seq, ``time.time()`` after its commit) of every commit since last asked."""
        self._pipe.send("taken")
        commits: list[tuple[int, float]] = self._pipe.recv()
        return commits

    def stop(self) -> None:
        """End."""
        with suppress(OSError):
            self._pipe.send("stop")
        self._process.join(20)
        if self._process.is_alive():
            self._process.kill()
            self._process.join(20)


def _write(pipe: Any, url: str) -> None:
    store = Store(url)
    clock = StoreClock(store)
    with store.read() as conn:
        columns = (case.c.id, case.c.kind, case.c.source, case.c.subcategory, case.c.reported_at)
        places = (case.c.lon, case.c.lat, case.c.jurisdiction, case.c.unit, case.c.due_at)
        query = (
            select(*columns, *places, case.c.description)
            .where(case.c.stage.in_(STAGES))
            .limit(4_000)
        )
        cases = [dict(row._mapping) for row in conn.execute(query)]
        known = select(reading_latest.c.station, reading_latest.c.factor, reading_latest.c.value)
        readings = [tuple(row) for row in conn.execute(known) if row[2] is not None]
    commits: list[tuple[int, float]] = []
    jobs = [[1 / CASES_A_SECOND, 0.0], [BATCH / READINGS_A_SECOND, 0.0]]
    begun = time.monotonic()
    told = False
    while True:
        while pipe.poll(0):
            if pipe.recv() == "stop":
                store.dispose()
                return
            pipe.send(commits)
            commits = []
        job = min(jobs, key=lambda each: each[1])
        time.sleep(max(0.0, begun + job[1] - time.monotonic()))
        job[1] += job[0]
        now = max(clock.now(), datetime(2000, 1, 1, tzinfo=UTC))
        if job is jobs[0]:
            _ingest(store, "cases", [_case(random.choice(cases), now)], now)
        else:
            chosen = random.sample(readings, BATCH)
            _ingest(store, "readings", [_reading(one, now) for one in chosen], now)
        at = time.time()
        with store.read() as conn:
            commits.append((latest_seq(conn), at))
        if not told:
            pipe.send("begun")
            told = True


def _ingest(store: Store, kind: str, records: list[dict[str, Any]], now: datetime) -> None:
    report = ingest(store, kind, records, feed=FEED, now=now, counted=False)
    if report.rejected:
        raise RuntimeError(f"{kind}: {report.rejected[0]}")


def _case(known: dict[str, Any], now: datetime) -> dict[str, Any]:
    record = {k: v.isoformat() if isinstance(v, datetime) else v for k, v in known.items()}
    stage = random.choice(STAGES)
    record["description"] = record["description"] or "—"
    return record | {"stage": stage, "stage_at": now.isoformat(), "updated_at": now.isoformat()}


def _reading(known: tuple[Any, ...], now: datetime) -> dict[str, Any]:
    station, factor, value = known
    shaken = round(value * (0.998 + 0.004 * random.random()), 3)
    return {"station": station, "factor": factor, "at": now.isoformat(), "value": shaken}
