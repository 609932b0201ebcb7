"""Owns how an event's things are imported: a file is one version, taken whole or not at all."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select

from dashboard.domain.events.things import Fault
from dashboard.domain.operations import Kind
from dashboard.domain.records import Undecodable
from data_access.clock import StoreClock
from data_access.commands import audit, events
from data_access.commands.event_room import By, Closed, Refused, Room
from data_access.feeds.recording.errors import RecordingError
from data_access.imports.rows import ImportRows
from data_access.store import Store
from data_access.tables import operation

ACTOR = "cli"
_OF_DAY = re.compile(r"(\d{1,2}):(\d{2})")
_MOST_HOURS = 48
_MOMENTS = ("starts_at", "ends_at")


class Imported(NamedTuple):
    """What became of a file: ``version`` None where all of it holds already."""

    operation: str
    records: int
    version: int | None
    effective_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """How a file is to be taken. ``operation`` None: the one event in force.

    ``day``: of times that name none, as 19:30 or, after midnight, 24:30; None: the city's today.
    """

    operation: str | None
    reason: str
    effective_at: datetime | None = None
    approved_by: str | None = None
    replace: bool = False
    day: date | None = None


def import_event(
    store: Store, rows: ImportRows, name: str, wish: Wish, *, crs: str, zone: ZoneInfo
) -> Imported:
    """Take the rows of a file as one version of an event.

    Raises ``events.Rejected`` with every fault, RecordingError where there is no such event.
    """
    now = StoreClock(store).now()
    records = list(rows)
    faults = [
        Fault(place, it.id, it.field, it.reason)
        for place, it in enumerate(records)
        if isinstance(it, Undecodable)
    ]
    if faults:
        raise events.Rejected(faults)
    day = wish.day or now.astimezone(zone).date()
    draft = events.Draft(
        records=[_dated(it, day, zone) for it in records],
        reason=wish.reason,
        effective_at=wish.effective_at,
        approved_by=wish.approved_by,
        replace=wish.replace,
        crs=crs,
    )
    with store.read() as conn:
        operation_id = wish.operation or only_event(conn)
    try:
        with store.write() as writer:
            room = Room(writer, operation_id)
            made = events.enter(room, draft, By(who=ACTOR, name=ACTOR, now=now))
            audit.record(
                writer,
                actor=ACTOR,
                role="",
                act="event-things",
                subject=operation_id,
                detail={"file": name, "records": len(records), "reason": wish.reason},
                city_at=now,
                scope=room.operation["scope"],
            )
    except KeyError as missing:
        raise RecordingError(name, "", f"no operation {operation_id!r}") from missing
    except Closed as closed:
        message = f"operation {operation_id!r} guards no event, or is over"
        raise RecordingError(name, "", message) from closed
    except Refused as refused:
        raise RecordingError(name, refused.field, refused.reason) from refused
    version, at = (None, None) if made is None else (made["version"], made["effective_at"])
    return Imported(operation_id, len(records), version, at)


def only_event(conn: Connection) -> str:
    """Give the one event in force; raises RecordingError where there is none, or several."""
    query = select(operation.c.id).where(
        operation.c.kind == Kind.EVENT, operation.c.state == "in_force"
    )
    found: Sequence[str] = conn.execute(query.order_by(operation.c.id)).scalars().all()
    if len(found) != 1:
        told = "none is in force" if not found else f"there are {', '.join(found)}"
        raise RecordingError("--operation", "", f"which event? {told}")
    return found[0]


def _dated(record: Any, day: date, zone: ZoneInfo) -> Any:
    """Give moments that state no zone the city's, and times of day their day."""
    made = dict(record)
    for name in _MOMENTS:
        value = made.get(name)
        if isinstance(value, time):
            value = f"{value:%H:%M}"
        if isinstance(value, str) and (hit := _OF_DAY.fullmatch(value.strip())):
            hours, minutes = int(hit[1]), int(hit[2])
            if hours < _MOST_HOURS and minutes < 60:
                midnight = datetime.combine(day, time(), zone)
                made[name] = midnight + timedelta(hours=hours, minutes=minutes)
        elif isinstance(value, str):
            try:
                told = datetime.fromisoformat(value.strip())
            except ValueError:
                continue  # refused by name and reason with all else that is wrong
            made[name] = told if told.tzinfo else told.replace(tzinfo=zone)
        elif isinstance(value, datetime) and value.tzinfo is None:
            made[name] = value.replace(tzinfo=zone)
    return made
