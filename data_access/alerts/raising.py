"""Alerts whose place lies in a zone of an event that is guarded are raised in priority, and why.

A zone raises by its ``alerts_up``; of zones that lie in each other the strictest decides, of
several events the one that raises most. When the zones change, or the event ends, priorities
follow. Why stands in the alert's evidence under ``zone``, with the priority that it has by its
rule, and as a line of its record. What is of a drill raises drills alone.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select, true

from dashboard.domain.alerts.rules import PRIORITIES
from dashboard.domain.events.things import Kind
from dashboard.domain.events.versions import standing
from dashboard.domain.operations import Kind as OperationKind
from data_access.alerts.by_mode import running
from data_access.alerts.rows import last_numbers, locked, record_of, tell, write_rows
from data_access.bulk import insert_rows
from data_access.changes import Writer
from data_access.events.zones import Zones
from data_access.queries.events import states
from data_access.tables import alert, alert_record, event_version

_HIGHEST = min(PRIORITIES)


@dataclass(frozen=True, slots=True)
class _Guarded:
    """One event in force: its zones from each moment on, in order."""

    operation: str
    drill: bool
    moments: tuple[datetime, ...]
    zones: tuple[Zones, ...]

    def at(self, now: datetime) -> Zones | None:
        place = bisect_right(self.moments, now)
        return self.zones[place - 1] if place else None


class Raising:
    """The zones of all events in force, as far as they raise alerts."""

    def __init__(self) -> None:
        """Know of no event."""
        self._stamp: tuple[Any, ...] = ()
        self._guarded: list[_Guarded] = []

    def load(self, conn: Connection) -> bool:
        """Take up the zones of the events in force; say whether they are others than they were."""
        acting = [
            it
            for drill in (False, True)
            for it in running(conn, drill=drill)
            if it.kind == OperationKind.EVENT
        ]
        stamp = tuple((it.id, *_versions(conn, it.id)) for it in acting)
        if stamp == self._stamp:
            return False
        self._stamp = stamp
        self._guarded = [_guarded(conn, it.id, drill=it.drill) for it in acting]
        return True

    def next_after(self, now: datetime) -> datetime | None:
        """Give when zones change next by what is announced."""
        return min((at for it in self._guarded for at in it.moments if at > now), default=None)

    def why(self, row: Mapping[str, Any], now: datetime) -> dict[str, Any] | None:
        """Give what raises an alert that lies where ``row`` does; None where nothing does."""
        best: dict[str, Any] | None = None
        for it in self._guarded:
            zones = it.at(now) if it.drill == bool(row["drill"]) else None
            zone = None if zones is None else zones.at(row["lon"], row["lat"])
            up = 0 if zone is None else zone.body.get("alerts_up", 0)
            if zone is not None and up > (best["up"] if best else 0):
                best = {
                    "operation": it.operation,
                    "zone": zone.key.id,
                    "name": zone.name,
                    "name_en": zone.name_en,
                    "level": zone.body["level"],
                    "up": up,
                }
        return best

    def settle_all(self, writer: Writer, now: datetime) -> None:
        """Let the priority of every alert before the desk follow the zones as they now stand."""
        query = select(alert.c.id).where(alert.c.live == true(), alert.c.lon.is_not(None))
        self.settle(writer, writer.conn.execute(query).scalars(), now)

    def settle(self, writer: Writer, ids: Iterable[str], now: datetime) -> None:
        """Let the priority of these alerts follow the zones."""
        changed = []
        records = []
        found = locked(writer.conn, set(ids))
        turned = [row for row in found.values() if self._settled(row, now)]
        numbers = last_numbers(writer.conn, [row["id"] for row in turned])
        for row in sorted(turned, key=lambda it: it["id"]):
            row["version"] += 1
            zone = row["evidence"].get("zone")
            detail = {"zone": zone} if zone else {}
            act = "zone_raised" if zone else "zone_eased"
            number = numbers.get(row["id"], 0) + 1
            records.append(record_of(row, number, act, now, detail=detail))
            changed.append(row)
        write_rows(writer.conn, changed)
        insert_rows(writer.conn, alert_record, records)
        for row in changed:
            tell(writer, row)

    def _settled(self, row: dict[str, Any], now: datetime) -> bool:
        """Change a row to what it should be; say whether it was another."""
        if not row["live"]:
            return False
        evidence = dict(row["evidence"])
        had = evidence.pop("zone", None)
        usual = had["from"] if had else row["priority"]
        why = self.why(row, now) if usual > _HIGHEST else None
        wanted = max(_HIGHEST, usual - why["up"]) if why else usual
        told = {**why, "from": usual} if why else None
        if (wanted, told) == (row["priority"], had):
            return False
        row["priority"] = wanted
        row["evidence"] = {**evidence, "zone": told} if told else evidence
        return True


def _versions(conn: Connection, operation_id: str) -> tuple[Any, ...]:
    query = select(func.max(event_version.c.version), func.count()).where(
        event_version.c.operation == operation_id, event_version.c.state == "entered"
    )
    return tuple(conn.execute(query).one())


def _guarded(conn: Connection, operation_id: str, *, drill: bool) -> _Guarded:
    known = [it for it in states(conn, operation_id=operation_id) if it.key.kind == Kind.ZONE]
    moments = tuple(sorted({it.effective_at for it in known}))
    zones = tuple(Zones(standing(known, at).values()) for at in moments)
    return _Guarded(operation_id, drill, moments, zones)
