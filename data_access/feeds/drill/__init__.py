"""What feeds a drill 演练: twins of what stands in its area under a storm, or a recording replayed.

Runs in the ingest process as a follower: it looks which drills are run on an input, tells of each
what happened since it last did, and stops with the drill. Where it stands is in the store, so that
a restart goes on. Everything is a function of the drill's number and the city's time.
"""

import logging
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any, Protocol

from sqlalchemy import select

from dashboard.domain.coordinates import BBox
from dashboard.domain.drills import Input, Recorded, feed_of, is_own, titled
from dashboard.domain.records import Limits, ReadingRecord, Record, version_of
from data_access.clock import StoreClock
from data_access.feeds.drill.replay import Replay
from data_access.feeds.drill.storm import Storm
from data_access.feeds.drill.twins import read_area
from data_access.feeds.runner import FeedState
from data_access.ingest import DrillOver, Policy, ingest
from data_access.queries import drills
from data_access.store import Store
from data_access.tables import city

log = logging.getLogger(__name__)

NAME = "drills"
BEFORE = timedelta(minutes=25)
"""So long before its start the storm began: its orange signal is out, and water begins to stand."""
LONGEST = timedelta(hours=6)
"""Of a longer absence only so much of a storm is told afterwards."""
DELAY = timedelta(seconds=8)  # between measuring and arriving
NO_RECORDINGS: Mapping[str, Recorded] = MappingProxyType({})
_WORLD = BBox(-180.0, -90.0, 180.0, 90.0)


class Source(Protocol):
    """What happens in a drill. ``base``: what a later process needs to tell the same."""

    @property
    def base(self) -> Mapping[str, float]:
        """Give it; empty where nothing is needed."""
        ...

    def opening(self, until: datetime, /) -> Iterator[tuple[str, list[Any]]]:
        """What stands when the drill begins, kind by kind."""
        ...

    def told(self, after: datetime, until: datetime, /) -> Iterator[tuple[str, list[Any]]]:
        """What was told after one moment up to another, kind by kind."""
        ...


def make(
    store: Store, clock: StoreClock, recordings: Mapping[str, Recorded] = NO_RECORDINGS
) -> Callable[[], bool]:
    """Make the step that ``follower.run`` calls; ``recordings``: by the input that names each."""
    runs: dict[str, Run] = {}

    def step() -> bool:
        with store.read() as conn:
            found = {row.id: row for row in drills.fed(conn)}
        for name in runs.keys() - found.keys():
            del runs[name]
        for name, row in found.items():
            if name not in runs:
                runs[name] = Run(store, row, recordings.get(row.input))
            runs[name].tell(clock.now())
        return False

    return step


class Run:
    """One drill that is run."""

    def __init__(self, store: Store, operation: Any, recorded: Recorded | None = None) -> None:
        """Take up the drill's row; nothing is read or written before :meth:`tell`."""
        self.input: str = operation.input
        self.recorded = recorded
        self.store = store
        self.id: str = operation.id
        self.area: str = operation.scope
        before = BEFORE if self.input == Input.STORM else timedelta(0)
        self.begin: datetime = operation.effective_at - before
        self.state = FeedState(
            store,
            name=feed_of(self.id),
            title=titled(self._called()),
            kind="drill",
            scope=self.area,
            drill=True,
        )
        own = recorded is not None and recorded.learn and is_own(self.input, self.area)
        limits = Limits(bounds=_WORLD, unknown="learn" if own else "reject")
        self.policy = Policy(limits=limits, drill=True, operation=self.id, area=self.area)
        self.told: datetime | None = None
        self._source: Source | None = None
        self._failed = False

    def _called(self) -> str:
        """Name what feeds it: of a recording also what was moved."""
        if self.recorded is None:
            return self.id
        own = is_own(self.input, self.area)
        return f"{self.id} {self.recorded.told(own=own)}"

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
        source = self._source or self._prepare()
        after = self.told or self.begin
        if self.input == Input.STORM:
            after = max(after, now - LONGEST)
        if self.told is None:
            for kind, records in source.opening(after):
                self._ingest(kind, records, now)
        for kind, records in source.told(after, now):
            self._ingest(kind, records, now)
        if self.told is None or now - self.told >= timedelta(seconds=1):
            position = {"until": now.isoformat(), "base": dict(source.base)}
            self.state.count(city_at=now, position=position)
        self.told = now
        self.state.show("ok")

    def _prepare(self) -> Source:
        """Read the area, or take it up where an earlier process left it."""
        position = self.state.begin("ok")
        if position and "until" in position:
            self.told = datetime.fromisoformat(position["until"])
        base = (position or {}).get("base")
        source: Source = self._storm(base) if self.input == Input.STORM else self._replay()
        self._source = source
        return source

    def _storm(self, base: Mapping[str, float] | None) -> Storm:
        with self.store.read() as conn:
            area = read_area(conn, self.id, self.area, base=base)
        return Storm(self.id, area, self.begin)

    def _replay(self) -> Replay:
        if self.recorded is None:
            raise LookupError(f"the recording {self.input!r} is not named in the settings any more")
        with self.store.read() as conn:
            row = conn.execute(select(city.c.lon, city.c.lat).limit(1)).one()
        return Replay(
            self.id,
            self.recorded,
            self.begin,
            own=is_own(self.input, self.area),
            centre=(row.lon, row.lat),
        )

    def _ingest(self, kind: str, records: list[Any], now: datetime) -> None:
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
