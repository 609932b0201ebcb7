"""What lies within the zones of an event belongs to it: so its members see it, and its rules hold.

A follower of the changes. Whatever moves, comes, goes, and every zone that takes force or ends,
sets or clears the column ``event`` of cases, stations, cameras, responders, places and alerts. At
a start all of it is worked out anew; nothing is kept but the rows themselves. Where two events
overlap, the real one comes before the drill, the earlier before the later. What is of a drill
belongs to no real event, and no real case or alert to a drill.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, Table, bindparam, or_, select, update

from dashboard.domain.events.versions import State, standing
from dashboard.domain.operations import Kind
from data_access.changes import Change, Writer
from data_access.clock import StoreClock
from data_access.events.zones import Zones
from data_access.follower import Follower
from data_access.queries import events as queries
from data_access.store import Store
from data_access.tables import alert, camera, case, operation, place, responder, search, station

NAME = "events"
TABLES: Mapping[str, Table] = {
    "cases": case,
    "stations": station,
    "cameras": camera,
    "responders": responder,
    "places": place,
    "alerts": alert,
}
CHUNK = 500
_SEARCHED = frozenset({"cases", "stations", "cameras", "places"})
_STANDING = frozenset({"stations", "cameras", "responders", "places"})
"""What stands there anyhow, and is seen from the room of a drill too."""


class _Event(NamedTuple):
    id: str
    zones: Zones
    drill: bool

    def holds(self, topic: str, row: Any) -> bool:
        """Say whether a row belongs to it, by where it lies and whether it is of a drill."""
        fits = self.drill == bool(row.drill) or (self.drill and topic in _STANDING)
        return fits and self.zones.at(row.lon, row.lat) is not None


class _Set(NamedTuple):
    """A row that is to belong to ``event``, and has belonged to ``before``."""

    topic: str
    id: str
    scope: str | None
    before: str | None
    event: str | None


def make(store: Store, clock: StoreClock) -> Callable[[], bool]:
    """Give the step, as ``dashboard.ingest`` starts its followers."""
    return Reach(store, clock).step


class Reach:
    """The reach of the events of one store."""

    def __init__(self, store: Store, clock: StoreClock) -> None:
        """Read nothing before the first step."""
        self.store = store
        self.clock = clock
        self._follower = Follower(NAME)
        self._begun = False
        self._events: list[_Event] = []
        self._next: datetime | None = None
        self._held: dict[tuple[str, str], str] = {}
        """What belongs to an event, also of rows that are deleted since."""

    def step(self) -> bool:
        """Settle what changed, and what has taken force; say whether more is waiting."""
        now = self.clock.now()
        with self.store.read() as conn:
            if not self._begun:
                self._follower.begin(conn)
                self._held = _held(conn)
            changes = self._follower.changes(conn)
            anew = not self._begun or (self._next is not None and self._next <= now)
            if anew or any(it.topic in ("operations", "event_things") for it in changes):
                self._events, self._next = _running(conn, now)
                sets = self._all(conn)
            else:
                sets = self._some(conn, changes)
        if sets:
            with self.store.write() as writer:
                _write(writer, sets)
            self._remember(sets)
        self._begun = True
        if changes:
            self._follower.seq = changes[-1].seq
        return bool(changes)

    def _all(self, conn: Connection) -> list[_Set]:
        """Give every row that belongs to another event than it says."""
        sets = []
        for topic, table in TABLES.items():
            boxes = [
                table.c.lon.between(west, east) & table.c.lat.between(south, north)
                for it in self._events
                if (box := it.zones.bounds) is not None
                for west, south, east, north in (box,)
            ]
            query = _rows(table).where(or_(table.c.event.is_not(None), *boxes))
            sets += self._judge(topic, conn.execute(query))
        return sets

    def _some(self, conn: Connection, changes: Sequence[Change]) -> list[_Set]:
        named: dict[str, set[str]] = defaultdict(set)
        whole: set[str] = set()
        for it in changes:
            if it.topic in TABLES:
                if it.key is None:
                    whole.add(it.topic)
                else:
                    named[it.topic].add(it.key)
        if not self._events and not self._held:
            return []
        if whole:
            return self._all(conn)
        sets = []
        for topic, ids in named.items():
            found = list(_by_ids(conn, TABLES[topic], ids))
            sets += self._judge(topic, found)
            gone = ids - {row.id for row in found}
            sets += [
                _Set(topic, name, None, self._held[topic, name], None)
                for name in gone
                if (topic, name) in self._held
            ]
        return sets

    def _judge(self, topic: str, rows: Iterable[Any]) -> list[_Set]:
        sets = []
        for row in rows:
            wanted = None
            if row.live:
                holding = (it.id for it in self._events if it.holds(topic, row))
                wanted = next(holding, None)
            if row.event != wanted:
                sets.append(_Set(topic, row.id, row.scope, row.event, wanted))
        return sets

    def _remember(self, sets: Collection[_Set]) -> None:
        for it in sets:
            if it.event is None:
                self._held.pop((it.topic, it.id), None)
            else:
                self._held[it.topic, it.id] = it.event


def _running(conn: Connection, now: datetime) -> tuple[list[_Event], datetime | None]:
    """Give the events in force with the zones that hold, and when the next change takes force."""
    query = select(operation.c.id, operation.c.drill).where(
        operation.c.kind == Kind.EVENT, operation.c.state == "in_force"
    )
    ordered = query.order_by(operation.c.drill, operation.c.effective_at, operation.c.id)
    events, coming = [], []
    for name, drill in conn.execute(ordered).all():
        states: list[State] = queries.states(conn, operation_id=name)
        zones = Zones(standing(states, now).values())
        if zones:
            events.append(_Event(name, zones, bool(drill)))
        coming += [it.effective_at for it in states if it.effective_at > now]
    return events, min(coming, default=None)


def _held(conn: Connection) -> dict[tuple[str, str], str]:
    found: dict[tuple[str, str], str] = {}
    for topic, table in TABLES.items():
        query = select(table.c.id, table.c.event).where(table.c.event.is_not(None))
        found |= {(topic, row.id): row.event for row in conn.execute(query)}
    return found


def _rows(table: Table) -> Select[Any]:
    live = table.c.live if "live" in table.c else table.c.id.is_not(None)
    names = ("id", "scope", "event", "lon", "lat", "drill")
    columns = [table.c[name] for name in names]
    return select(*columns, live.label("live"))


def _by_ids(conn: Connection, table: Table, ids: Collection[str]) -> Iterable[Any]:
    ordered = sorted(ids)
    for start in range(0, len(ordered), CHUNK):
        yield from conn.execute(_rows(table).where(table.c.id.in_(ordered[start : start + CHUNK])))


def _write(writer: Writer, sets: Sequence[_Set]) -> None:
    """Write whose rows are, and tell those whose they were."""
    by_topic: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for it in sets:
        by_topic[it.topic].append({"the_id": it.id, "new_event": it.event})
        # who saw it as a member must learn that it went: the path names the event
        before = it.before or it.event
        scope = it.scope or ""
        writer.changed(it.topic, it.id, old_scope=scope, new_scope=scope, event=before)
    for topic, rows in by_topic.items():
        table = TABLES[topic]
        statement = update(table).where(table.c.id == bindparam("the_id"))
        writer.conn.execute(statement.values(event=bindparam("new_event")), rows)
        if topic in _SEARCHED:
            found = update(search).where(
                search.c.topic == topic, search.c.id == bindparam("the_id")
            )
            writer.conn.execute(found.values(event=bindparam("new_event")), rows)
