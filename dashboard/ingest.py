"""The one process that brings things in: feeds, the passing of time, and tidying up.

Exactly one is active for a store; a second one waits until the first is gone.
"""

import fcntl
import logging
import os
import signal
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import Any

from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy import text

from dashboard import delivery, demo_receiver
from dashboard.accounts.tidy import tidy
from dashboard.settings import SettingError, Settings
from data_access import (
    dangers,
    drill_recordings,
    escalation,
    feeds,
    follower,
    indicators,
    proposals,
    treating,
)
from data_access.alerts import engine
from data_access.changes import prune
from data_access.clock import StoreClock, keep_clock, last_city, set_clock
from data_access.events import reach
from data_access.feeds import drill
from data_access.feeds.simulator.duty import keep_list
from data_access.ingest.tally import publish
from data_access.store import Store
from data_access.sweep import sweep
from data_access.thin import thin

log = logging.getLogger(__name__)

SWEEP_S = 5
PUBLISH_S = 2
CLOCK_S = 2
PRUNE_S = 60
TIDY_S = 3_600
THIN_S = 24 * 3600
DUTY_S = 5
WAIT_S = 1.0
END_S = 5.0
FOLLOWERS: Mapping[str, Callable[[Store, StoreClock], Callable[[], bool]]] = {
    "indicators": indicators.follow,
    engine.NAME: engine.make,
    escalation.NAME: escalation.make,
    proposals.NAME: proposals.make,
    treating.NAME: treating.make,
    reach.NAME: reach.make,
    drill.NAME: drill.make,
    dangers.NAME: dangers.make,
}
"""What follows the changes, by name: each makes the step that ``follower.run`` calls."""
REST_S = 0.2
RESTS_S: Mapping[str, float] = {engine.NAME: 0.0, dangers.NAME: 0.05, drill.NAME: 1.0}
"""How long each rests between steps: the engine judges at once, others take changes together."""
_LOCK = 0x494E47455354  # "INGEST"


def run(settings: Settings) -> None:
    """Run until SIGTERM or SIGINT; raises what a feed cannot go on without."""
    stop = threading.Event()

    def on_signal(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, on_signal)
    signal.signal(signal.SIGINT, on_signal)
    store = settings.store()
    with only_one(store, settings.data_dir, stop) as active:
        if not active:
            return
        log.info("ingest is active")
        start_clock(settings, store)
        scheduler = start_jobs(store, demonstration=settings.demonstration)
        try:
            threads = start_followers(settings, store, stop) + start_feeds(settings, store, stop)
            threads += delivery.start(settings, store, stop, demo_receiver.start(settings, stop))
            stop.wait()
            for thread in threads:
                thread.join(END_S)
        finally:
            scheduler.shutdown(wait=True)
            publish(store)
            _keep_clock(store)
            store.dispose()


def start_clock(settings: Settings, store: Store) -> None:
    """Let the city's clock show the real time, where no feed sets it and it was never set."""
    known = feeds.known()
    if any(known[it["kind"]].sets_clock for it in settings.feeds if it["kind"] in known):
        return
    with store.write() as writer:
        if last_city(writer.conn) is None:
            set_clock(writer, anchor_city=datetime.now(UTC), speed=1.0)


def start_followers(
    settings: Settings, store: Store, stop: threading.Event
) -> list[threading.Thread]:
    """Start what judges and counts by the changes, each in a thread of its own."""
    clock = StoreClock(store)
    offered = drill_recordings.offered(settings.feeds, settings.drill_recordings)
    known = {name: it.place for name, it in offered.items()}
    steps = {name: make(store, clock) for name, make in FOLLOWERS.items()}
    steps[drill.NAME] = drill.make(store, clock, known)
    return [
        follower.start(store, name, step, stop, rest_s=RESTS_S.get(name, REST_S))
        for name, step in steps.items()
    ]


def start_feeds(settings: Settings, store: Store, stop: threading.Event) -> list[threading.Thread]:
    """Start every feed of the settings in a thread of its own.

    Raises SettingError for a kind of feed that is not known.
    """
    known = feeds.known()
    threads = []
    for options in settings.feeds:
        feed = known.get(options["kind"])
        if feed is None:
            names = ", ".join(sorted(known))
            raise SettingError(f"feed kind {options['kind']!r} is not known; there are: {names}")
        thread = threading.Thread(
            target=_run_feed, args=(feed, store, options, stop), name=feed.kind, daemon=True
        )
        thread.start()
        threads.append(thread)
    return threads


def _run_feed(
    feed: feeds.Feed, store: Store, options: Mapping[str, Any], stop: threading.Event
) -> None:
    """A feed that ends by an error ends the process: the supervisor starts it anew, and says so."""
    try:
        feed.run(store, options, stop)
    except Exception:
        log.exception("feed %s failed", feed.kind)
        os.kill(os.getpid(), signal.SIGTERM)


def start_jobs(store: Store, *, demonstration: bool = False) -> BackgroundScheduler:
    """Start what recurs: working sets, feeds' counts, the clock's last moment, old changes."""
    clock = StoreClock(store)
    scheduler = BackgroundScheduler(timezone="UTC", job_defaults={"coalesce": True})
    jobs = {
        "sweep": (lambda: sweep(store, clock.now()), SWEEP_S),
        "publish": (lambda: publish(store), PUBLISH_S),
        "clock": (lambda: _keep_clock(store), CLOCK_S),
        "prune": (lambda: prune_all(store), PRUNE_S),
        "tidy": (lambda: tidy(store), TIDY_S),
        "thin": (lambda: thin(store, clock.now()), THIN_S),
    }
    if demonstration:
        jobs["duty"] = (lambda: keep_list(store, clock.now()), DUTY_S)
    for name, (job, seconds) in jobs.items():
        scheduler.add_job(job, "interval", seconds=seconds, id=name, misfire_grace_time=None)
    scheduler.start()
    return scheduler


def prune_all(store: Store) -> None:
    """Forget old changes, a batch a transaction, so that nobody waits long."""
    while True:
        with store.write() as writer:
            if prune(writer) == 0:
                return


@contextmanager
def only_one(store: Store, data_dir: Path, stop: threading.Event) -> Iterator[bool]:
    """Hold the lock of the active ingest; give False when asked to stop while waiting for it."""
    waited = False
    if store.dialect == "postgresql":
        with store.engine.connect() as conn:
            while not conn.execute(text("SELECT pg_try_advisory_lock(:k)"), {"k": _LOCK}).scalar():
                conn.commit()
                if not waited:
                    log.warning("another ingest is active; waiting for it to go")
                    waited = True
                if stop.wait(WAIT_S):
                    yield False
                    return
            conn.commit()
            yield True
            conn.execute(text("SELECT pg_advisory_unlock(:k)"), {"k": _LOCK})
            conn.commit()
        return
    data_dir.mkdir(parents=True, exist_ok=True)
    with (data_dir / "ingest.lock").open("w") as handle:
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if not waited:
                    log.warning("another ingest is active; waiting for it to go")
                    waited = True
                if stop.wait(WAIT_S):
                    yield False
                    return
            else:
                break
        yield True


def _keep_clock(store: Store) -> None:
    with store.read() as conn:
        if last_city(conn) is None:
            return
    with store.write() as writer:
        keep_clock(writer)
