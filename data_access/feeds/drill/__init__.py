"""What feeds a drill 演练: twins of what stands in its area, and what a storm does to them.

Runs in the ingest process as a follower: it looks which drills are run on an input, tells of each
what happened since it last did, and stops with the drill. Where it stands is in the store, so that
a restart goes on. Everything is a function of the drill's number and the city's time.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from dashboard.domain.coordinates import BBox
from dashboard.domain.drills import feed_of, titled
from dashboard.domain.records import Limits, ReadingRecord, Record, version_of
from data_access.clock import StoreClock
from data_access.feeds.drill.storm import Storm
from data_access.feeds.drill.twins import read_area
from data_access.feeds.runner import FeedState
from data_access.ingest import DrillOver, Policy, ingest
from data_access.queries import drills
from data_access.store import Store

log = logging.getLogger(__name__)

NAME = "drills"
BEFORE = timedelta(minutes=25)
"""So long before its start the storm began: its orange signal is out, and water begins to stand."""
LONGEST = timedelta(hours=6)
"""Of a longer absence only so much is told afterwards."""
DELAY = timedelta(seconds=8)  # between measuring and arriving
_WORLD = BBox(-180.0, -90.0, 180.0, 90.0)


def make(store: Store, clock: StoreClock) -> Callable[[], bool]:
    """Make the step that ``follower.run`` calls."""
    runs: dict[str, Run] = {}

    def step() -> bool:
        with store.read() as conn:
            found = {row.id: row for row in drills.fed(conn)}
        for name in runs.keys() - found.keys():
            del runs[name]
        for name, row in found.items():
            if name not in runs:
                runs[name] = Run(store, row)
            runs[name].tell(clock.now())
        return False

    return step


class Run:
    """One drill that is run."""

    def __init__(self, store: Store, operation: Any) -> None:
        """Take up the drill's row; nothing is read or written before :meth:`tell`."""
        self.store = store
        self.id: str = operation.id
        self.area: str = operation.scope
        self.begin: datetime = operation.effective_at - BEFORE
        self.state = FeedState(
            store,
            name=feed_of(self.id),
            title=titled(operation.id),
            kind="drill",
            scope=self.area,
            drill=True,
        )
        self.policy = Policy(
            limits=Limits(bounds=_WORLD), drill=True, operation=self.id, area=self.area
        )
        self.told: datetime | None = None
        self._storm: Storm | None = None
        self._failed = False

    def tell(self, now: datetime) -> None:
        """Tell what happened since it last did; a failure is shown, and tried again."""
        try:
            self._tell(now)
            self._failed = False
        except DrillOver:
            return
        except Exception as error:
            if not self._failed:
                log.exception("the feed of drill %s failed", self.id)
            self._failed = True
            reason = str(error).partition("\n")[0]
            self.state.show("failed", f"{type(error).__name__}: {reason}")

    def _tell(self, now: datetime) -> None:
        storm = self._storm or self._prepare()
        after = max(self.told or self.begin, now - LONGEST)
        if self.told is None:
            self._ingest("stations", storm.stations, now)
            self._ingest("places", storm.places(self.begin), now)
        for kind, records in storm.told(after, now):
            self._ingest(kind, records, now)
        if self.told is None or now - self.told >= timedelta(seconds=1):
            position = {"until": now.isoformat(), "base": storm.base}
            self.state.count(city_at=now, position=position)
        self.told = now
        self.state.show("ok")

    def _prepare(self) -> Storm:
        """Read the area, or take it up where an earlier process left it."""
        position = self.state.begin("ok")
        with self.store.read() as conn:
            area = read_area(conn, self.id, self.area, base=(position or {}).get("base"))
        if position and "until" in position:
            self.told = datetime.fromisoformat(position["until"])
        self._storm = Storm(self.id, area, self.begin)
        return self._storm

    def _ingest(self, kind: str, records: list[dict[str, Any]], now: datetime) -> None:
        if not records:
            return
        ingest(
            self.store,
            kind,
            records,
            feed=self.state.name,
            now=now,
            policy=self.policy,
            known_at=lambda record: _known_at(record, now),
        )


def _known_at(record: Record, now: datetime) -> datetime:
    """When a record became known: as it happened, readings a little later."""
    found = version_of(record) or now
    return min(now, found + DELAY if isinstance(record, ReadingRecord) else found)
