"""What the zones of an event make of cases inside: its key classes get a limit of the zone's own.

From when which limits counted at a position is told for every version of the zones, so that a case
is judged by what held when.
"""

import threading
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from dashboard.domain.events.things import Kind
from dashboard.domain.events.versions import State, standing
from dashboard.domain.treatments import Entry, Treatment
from data_access.events.zones import Zones
from data_access.queries.events import states
from data_access.tables import event_version

Classes = Mapping[str, tuple[str, ...]]
"""The classes of cases of each key class."""

_lock = threading.Lock()
_made: dict[tuple[str, str], tuple[tuple[Any, ...], "Guard"]] = {}


class Guard:
    """The zones of one event over time."""

    def __init__(self, known: Sequence[State], classes: Classes) -> None:
        """Take every state of the event's things."""
        zones = [it for it in known if it.key.kind == Kind.ZONE]
        self.moments = sorted({it.effective_at for it in zones})
        self._zones = [Zones(standing(zones, moment).values()) for moment in self.moments]
        self._entries = {
            (place, zone.key): _entries(zone.body["limits"], classes)
            for place, held in enumerate(self._zones)
            for zone in held.zones
        }

    def at(
        self, lon: float | None, lat: float | None, now: datetime
    ) -> tuple[tuple[datetime, tuple[Entry, ...]], ...]:
        """Give from which moments up to ``now`` which entries count at a position.

        The strictest zone that holds it decides. Empty: no zone ever held it.
        """
        found: list[tuple[datetime, tuple[Entry, ...]]] = []
        for place in range(bisect_right(self.moments, now)):
            zone = self._zones[place].at(lon, lat)
            entries = () if zone is None else self._entries[place, zone.key]
            if entries != (found[-1][1] if found else ()):
                found.append((self.moments[place], entries))
        return tuple(found)

    def next_after(self, now: datetime) -> datetime | None:
        """Give when the zones change next."""
        place = bisect_right(self.moments, now)
        return self.moments[place] if place < len(self.moments) else None


def guard(conn: Connection, operation_id: str, classes: Classes) -> Guard:
    """Give the guard of an event as its versions now stand."""
    columns = event_version.c
    query = select(func.max(columns.version), func.count()).where(
        columns.operation == operation_id, columns.state == "entered"
    )
    stamp = tuple(conn.execute(query).one())
    key = str(conn.engine.url), operation_id
    with _lock:
        made = _made.get(key)
        if made is not None and made[0] == stamp:
            return made[1]
        built = Guard(states(conn, operation_id=operation_id), classes)
        _made[key] = stamp, built
        return built


def _entries(limits: Mapping[str, int], classes: Classes) -> tuple[Entry, ...]:
    return tuple(
        Entry(treatment=Treatment.EXPEDITE, classes=classes[name], limit_min=minutes)
        for name, minutes in limits.items()
        if name in classes
    )
