"""The simulated Hangzhou at full size: a city that opens with its last day and goes on for ever.

Its state at any moment follows from the seed, its storms and the city's time. A fresh store gets
it by bulk load; a store that was switched off gets what it missed; the month before comes in
behind, once the city is ready.
"""

import logging
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from dashboard.domain.coordinates import BBox
from dashboard.domain.records import Limits, ReadingRecord, Record, version_of
from dashboard.domain.words import Words
from data_access import geography
from data_access.clock import set_clock
from data_access.feeds import opening as clock_opening
from data_access.feeds.runner import FeedState, Message
from data_access.feeds.simulator.hangzhou import opening, warnings
from data_access.feeds.simulator.hangzhou.ground import CITY
from data_access.feeds.simulator.hangzhou.history import (
    History,
    Job,
    jobs_for,
    position_of,
    read_jobs,
)
from data_access.feeds.simulator.hangzhou.parts import Parts
from data_access.imports.indicators import write_shipped
from data_access.ingest import Policy, bulk_load, ingest
from data_access.store import Store

__all__ = ["City"]

log = logging.getLogger(__name__)

DAY = timedelta(days=1)
DELAY = timedelta(seconds=8)  # between measuring and arriving
LONG_ABSENCE = timedelta(minutes=15)
KEEP_POSITION_S = 10.0
SIGN_OF_LIFE_S = 30.0
EXPECT_S = 90
TICK_S = 1.0
_BOUNDS = BBox(118.0, 29.0, 121.0, 31.0)  # a box around the city, wider than its border
_TITLES = {
    "cases": "模拟案件",
    "readings": "模拟监测",
    "responders": "模拟处置力量",
    "assets": "模拟点位",
    "warnings": "模拟预警",
    "history": "模拟历史",
}

Step = Callable[[datetime], float | None]


class Noted(FeedState):
    """A feed whose state ``ok`` carries a note."""

    note: Message = ""

    def show(self, state: str, message: Message = "") -> None:
        """Show a state, with the note where nothing else is to be said."""
        super().show(state, message or (self.note if state == "ok" else ""))


class City:
    """The city in a store."""

    def __init__(
        self,
        store: Store,
        seed: int,
        *,
        scenario: str = "calm",
        scenario_at: str | None = None,
    ) -> None:
        """Draw and write nothing before :meth:`open`."""
        self.store = store
        self.seed = seed
        self.scenario = scenario
        self.scenario_at = scenario_at
        self.feeds = {
            name: Noted(
                store,
                name=f"sim:{name}",
                title=title,
                kind="simulator",
                scope=CITY,
                expect_s=EXPECT_S,
            )
            for name, title in _TITLES.items()
        }
        self.policy = Policy(limits=Limits(bounds=_BOUNDS))
        self.told: dict[str, datetime] = {}
        self.parts = Parts(seed, ())
        self._jobs: list[Job] = []
        self._history: History | None = None
        self._kept_at: dict[str, float] = {}
        self._seen_at: dict[str, float] = {}

    # ── opening ──────────────────────────────────────────────────────────────────────────────

    def open(self, now: datetime, *, speed: float = 1.0) -> datetime:
        """Bring the city to ``now``, or to where its clock stands if that is later; gives it."""
        began = time.monotonic()
        known = opening.look(self.store)
        with self.store.write() as writer:
            now = max(now, clock_opening.stood_at(writer) or now)
            storms = opening.storms_for(known, self.scenario, self.scenario_at, now)
            self.parts = Parts(self.seed if known.seed is None else known.seed, storms)
            if not known.written:
                opening.write_lists(writer, self.parts)
            opening.write_description(writer, known, self.parts)
            if not known.written:
                write_shipped(writer, now)
            positions = clock_opening.hold(writer, now, list(self.feeds.values()))
        geography.forget(self.store)
        self.told = {name: positions.get(feed.name, now) for name, feed in self.feeds.items()}
        if self.feeds["cases"].name not in positions:
            self._fill(now)
            self._jobs = jobs_for(now, None)
        else:
            self._jobs = read_jobs(position_of(self.store, self.feeds["history"].name))
            absence = now - self.told["cases"]
            if absence > LONG_ABSENCE:
                self._catch_up(now, absence)
        with self.store.write() as writer:
            position = {"jobs": [job.written() for job in self._jobs]}
            bulk_load.stand(writer, self.feeds["history"].name, position)
            passed = timedelta(seconds=time.monotonic() - began)
            set_clock(writer, anchor_city=now + passed, speed=speed)
        for feed in self.feeds.values():
            feed.show("ok")
        log.info("the simulated city opened in %.1f s", time.monotonic() - began)
        return now

    def _fill(self, now: datetime) -> None:
        """A fresh city: everything that stands, open cases, the last day."""
        parts, day_ago = self.parts, now - DAY
        self._load("assets", "stations", parts.stations.records, now, at=day_ago)
        self._load("assets", "cameras", parts.cameras.records(now), now, at=day_ago)
        self._load("assets", "places", parts.places.records(now, parts.storms), now)
        self._load("responders", "responders", parts.responders.records(now), now)
        self._load("readings", "readings", parts.readings.recent(day_ago - DELAY, now - DELAY), now)
        found = [*parts.cases.unfinished(day_ago), *parts.cases.reported(day_ago, now)]
        self._load("cases", "cases", opening.opening_records(found, now), now)
        parts.cases.stand(now, found)
        self._load(
            "warnings", "warnings", [it for _, it in warnings.records(parts.storms, None, now)], now
        )

    def _catch_up(self, now: datetime, absence: timedelta) -> None:
        """A city that was switched off: cases as they are now, the last day of readings.

        What came and went unseen is filled in behind, as history.
        """
        parts, told = self.parts, self.told["cases"]
        known = list(parts.cases.unfinished(told))
        new = list(parts.cases.reported(told, now))
        self._load("cases", "cases", opening.missed_records(known, new, told, now), now)
        parts.cases.stand(now, [*known, *new])
        after = max(self.told["readings"], now - DAY)
        self._load("readings", "readings", parts.readings.recent(after - DELAY, now - DELAY), now)
        self._load("responders", "responders", parts.responders.records(now), now)
        self._load("assets", "places", parts.places.records(now, parts.storms), now)
        self.tell_warnings(now)
        self.tell_assets(now)
        self._jobs += jobs_for(now, told + opening.EDGE)
        hours = absence.total_seconds() / 3600
        number = hours / 24 if hours >= 48 else hours
        zh, en = ("天", "days") if hours >= 48 else ("小时", "h")
        self.feeds["cases"].note = Words(
            f"停机 {number:.1f} {zh}，案件已补至今；读数补最近 24 小时，其余由模拟历史补入",
            f"Was off for {number:.1f} {en}: cases are caught up, readings of the last 24 h;"
            " the rest is filled in behind",
        )
        log.warning("the city was switched off for %.1f h; what it missed was caught up", hours)

    def _load(
        self,
        feed: str,
        kind: str,
        records: Iterable[object],
        now: datetime,
        *,
        at: datetime | None = None,
    ) -> None:
        bulk_load.load(
            self.store,
            kind,
            records,
            feed=self.feeds[feed].name,
            now=now,
            policy=self.policy,
            known_at=lambda record: at or _known_at(record, now),
            position={"until": now.isoformat()},
        )
        self.told[feed] = now

    # ── living ───────────────────────────────────────────────────────────────────────────────

    def steps(self) -> list[tuple[FeedState, Step]]:
        """Each feed with what it does up to a moment; that gives the pause, None at its end."""
        told: dict[str, Step] = {
            "cases": self.tell_cases,
            "readings": self.tell_readings,
            "responders": self.tell_responders,
            "assets": self.tell_assets,
            "warnings": self.tell_warnings,
            "history": self.fill_history,
        }
        return [(self.feeds[name], step) for name, step in told.items()]

    def tell_cases(self, now: datetime) -> float:
        """New cases and the steps of those under way."""
        found = self.parts.cases.events(self.told["cases"], now)
        return self._send("cases", "cases", [record for _, record in found], now)

    def tell_readings(self, now: datetime) -> float:
        """What the stations measured; of a long absence only its last day."""
        after = max(self.told["readings"], now - DAY)
        made = self.parts.readings.between(after - DELAY, now - DELAY)
        return self._send("readings", "readings", list(made), now)

    def tell_responders(self, now: datetime) -> float:
        """Where those are who move."""
        made = self.parts.responders.records(now, self.told["responders"], self.parts.storms)
        return self._send("responders", "responders", made, now)

    def tell_assets(self, now: datetime) -> float:
        """Cameras that went on or off, places that flooded or dried."""
        after = self.told["assets"]
        cameras = self.parts.cameras.changes(after, now)
        places = list(self.parts.places.changes(after, now, self.parts.storms))
        if places:
            self._ingest("assets", "places", places, now)
        return self._send("assets", "cameras", cameras, now)

    def tell_warnings(self, now: datetime) -> float:
        """Warnings that were issued, changed or lifted."""
        made = warnings.records(self.parts.storms, self.told["warnings"], now)
        return self._send("warnings", "warnings", [record for _, record in made], now)

    def fill_history(self, now: datetime) -> float | None:
        """A piece of the past; None when all is there."""
        if self._history is None:
            self._history = History(
                self.store,
                self.feeds["history"],
                self.parts.more_cases(),
                self.parts.readings,
                self.policy,
                self._jobs,
            )
        pause = self._history.step(now)
        self.feeds["history"].note = self._history.progress()
        return pause

    def _send(self, feed: str, kind: str, records: list[Any], now: datetime) -> float:
        state = self.feeds[feed]
        if records:
            self._ingest(feed, kind, records, now)
        elif time.monotonic() - self._seen_at.get(feed, 0.0) > SIGN_OF_LIFE_S:
            state.count(city_at=now)
            self._seen_at[feed] = time.monotonic()
        self.told[feed] = now
        # Written down now and then: what is told again after a crash changes nothing.
        if time.monotonic() - self._kept_at.get(feed, 0.0) > KEEP_POSITION_S:
            state.stands_at(now)
            self._kept_at[feed] = time.monotonic()
        return TICK_S

    def _ingest(
        self, feed: str, kind: str, records: Sequence[Mapping[str, Any]], now: datetime
    ) -> None:
        ingest(
            self.store,
            kind,
            records,
            feed=self.feeds[feed].name,
            now=now,
            policy=self.policy,
            known_at=lambda record: _known_at(record, now),
        )
        self._seen_at[feed] = time.monotonic()


def _known_at(record: Record, now: datetime) -> datetime:
    """When a record became known: as it happened, readings a little later."""
    found = version_of(record) or now
    return min(now, found + DELAY if isinstance(record, ReadingRecord) else found)
