"""Versions of an event's things: entered whole, taking force at their time, confirmed, withdrawn.

Every change is a version with who, why and from when. What a version replaces keeps its row, with
the moment ``until`` which it held, so that a screen can show old and new beside each other.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, insert, select, update

from dashboard.domain.events.things import Fault, Key, Thing
from dashboard.domain.events.versions import Untimely, change, standing, takes_force
from dashboard.domain.operations import check_word
from data_access.changes import Writer
from data_access.commands.event_room import TOPICS, By, Refused, Room, Stale, tell
from data_access.events.judge import contradictions, judge
from data_access.queries import event_members
from data_access.queries import events as queries
from data_access.tables import (
    event_confirmation,
    event_hazard,
    event_post,
    event_report,
    event_thing,
    event_version,
)

_TABLES = dict(
    zip(TOPICS, (event_thing, event_version, event_post, event_report, event_hazard), strict=True)
)


class Rejected(Exception):
    """A batch that is refused, with every fault found."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        """Carry the faults; index -1 is said of no single record."""
        super().__init__(faults[0].reason)
        self.faults = list(faults)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A change to be made. ``replace``: what is not named is taken away.

    ``effective_at``: from when it holds, None: at once; ``on_word``: whoever enters it may do so
    only on a named approver's word; ``version``: the newest that the caller saw.
    """

    records: Sequence[Any]
    reason: str
    effective_at: datetime | None = None
    approved_by: str | None = None
    on_word: bool = False
    version: int | None = None
    replace: bool = False
    crs: str = "wgs84"


def enter(room: Room, draft: Draft, by: By) -> dict[str, Any] | None:
    """Enter a change as a new version; None where nothing is said that does not hold already.

    Raises Rejected, Refused, Stale, and ``operations.Refused`` where no approver is named.
    """
    newest = _newest(room)
    if draft.version is not None and draft.version != newest:
        raise Stale({"version": newest})
    if not draft.reason.strip():
        raise Refused("reason", "须写明理由。")
    check_word(draft.approved_by, on_word=draft.on_word)
    try:
        at = takes_force(draft.effective_at, by.now)
    except Untimely as untimely:
        raise Refused("effective_at", str(untimely)) from untimely
    states = queries.states(room.conn, operation_id=room.id)
    bounds = queries.bounds(room.conn)
    judged = judge(draft.records, states, at, crs=draft.crs, bounds=bounds, replace=draft.replace)
    if judged.faults:
        raise Rejected(judged.faults)
    if not judged.changes:
        return None
    before = standing(states, at)
    row = _version_row(room, newest + 1, draft, by, at, _told(judged.changes, before))
    room.conn.execute(insert(event_version).values(**row))
    room.changed("event_versions", row["id"])
    for key, thing in judged.changes.items():
        _enter_thing(room, key, thing or before[key], row["version"], at, removed=thing is None)
    detail = {"reason": draft.reason, "approved_by": draft.approved_by, "things": row["changes"]}
    room.record("version", row["id"], by, detail)
    return row


def confirm(room: Room, version: int, by: By) -> dict[str, Any]:
    """Say that a member has seen a version; said again it changes nothing. Raises KeyError."""
    row = _find(room, version)
    seen = select(event_confirmation.c.who).where(
        event_confirmation.c.operation == room.id,
        event_confirmation.c.version == version,
        event_confirmation.c.who == by.who,
    )
    if room.conn.execute(seen).first() is not None:
        return row
    room.conn.execute(
        insert(event_confirmation).values(
            operation=room.id, version=version, who=by.who, at=by.now, real_at=datetime.now(UTC)
        )
    )
    values = event_members.standing(room.conn, room.id, version)
    return _change_version(room, row, values)


def withdraw(room: Room, version: int, reason: str, by: By) -> dict[str, Any]:
    """Take back a version that has not taken force; what it would have replaced goes on.

    Raises KeyError, Stale where it holds already or is withdrawn, Refused where a later one
    stands on it.
    """
    row = _find(room, version)
    if row["state"] != "entered" or row["effective_at"] <= by.now:
        raise Stale(row)
    if not reason.strip():
        raise Refused("reason", "须写明理由。")
    left = [it for it in queries.states(room.conn, operation_id=room.id) if it.version != version]
    for moment in sorted({it.effective_at for it in left if it.effective_at >= by.now}):
        for key, _, why in contradictions(standing(left, moment)):
            raise Refused("version", f"撤回后第 {version} 版之后的安排不成立：{key.id}：{why}")
    changed = _change_version(room, row, {"state": "withdrawn"})
    for name, kind, thing in _things_of(room, version):
        room.conn.execute(update(event_thing).where(event_thing.c.id == name).values(live=False))
        room.changed("event_things", name)
        _chain(room, Key(kind, thing))
    room.record("withdraw", row["id"], by, {"reason": reason})
    return changed


def close(writer: Writer, operation_row: Mapping[str, Any]) -> None:
    """At the end of the operation: all that its room held leaves the working sets."""
    for topic, table in _TABLES.items():
        mine = (table.c.operation == operation_row["id"], table.c.live)
        for name in writer.conn.execute(select(table.c.id).where(*mine)).scalars().all():
            tell(writer, topic, name, operation_row)
        writer.conn.execute(update(table).where(*mine).values(live=False))


def _version_row(
    room: Room, version: int, draft: Draft, by: By, at: datetime, changes: list[list[str]]
) -> dict[str, Any]:
    return {
        "id": f"{room.id}/{version}",
        "operation": room.id,
        "version": version,
        "by": by.who,
        "name": by.name,
        "reason": draft.reason,
        "approved_by": draft.approved_by,
        "entered_at": by.now,
        "effective_at": at,
        "state": "entered",
        "changes": changes,
        **event_members.standing(room.conn, room.id, version),
        **room.marks,
    }


def _told(changes: Mapping[Key, Thing | None], before: Mapping[Key, Thing]) -> list[list[str]]:
    told = []
    for key, thing in changes.items():
        named = thing or before[key]
        told.append([key.kind, key.id, named.name, change(before.get(key), thing)])
    return told


def _enter_thing(
    room: Room, key: Key, thing: Thing, version: int, at: datetime, *, removed: bool
) -> None:
    name = f"{room.id}/{key.kind}/{key.id}@{version}"
    room.conn.execute(
        insert(event_thing).values(
            id=name,
            operation=room.id,
            kind=key.kind,
            thing=key.id,
            version=version,
            name=thing.name,
            name_en=thing.name_en,
            geometry=thing.geometry,
            body=dict(thing.body),
            effective_at=at,
            until=None,
            removed=removed,
            **room.marks,
        )
    )
    room.changed("event_things", name)
    _chain(room, key)


def _chain(room: Room, key: Key) -> None:
    """Let every state of a thing hold until the next one that was not withdrawn."""
    rows = queries.rows_of_thing(room.conn, operation_id=room.id, key=key)
    for row, after in zip(rows, [*rows[1:], None], strict=True):
        until = None if after is None else after["effective_at"]
        if row["until"] != until:
            statement = update(event_thing).where(event_thing.c.id == row["id"])
            room.conn.execute(statement.values(until=until))
            room.changed("event_things", row["id"])


def _change_version(
    room: Room, row: Mapping[str, Any], values: Mapping[str, Any]
) -> dict[str, Any]:
    statement = update(event_version).where(event_version.c.id == row["id"])
    room.conn.execute(statement.values(**values))
    room.changed("event_versions", row["id"])
    return {**row, **values}


def _find(room: Room, version: int) -> dict[str, Any]:
    query = select(event_version).where(
        event_version.c.operation == room.id, event_version.c.version == version
    )
    found = room.conn.execute(query).mappings().first()
    if found is None:
        raise KeyError(version)
    return {str(name): value for name, value in found.items()}


def _things_of(room: Room, version: int) -> list[tuple[str, str, str]]:
    query = select(event_thing.c.id, event_thing.c.kind, event_thing.c.thing).where(
        event_thing.c.operation == room.id, event_thing.c.version == version
    )
    return [(row.id, row.kind, row.thing) for row in room.conn.execute(query)]


def _newest(room: Room) -> int:
    query = select(func.max(event_version.c.version)).where(event_version.c.operation == room.id)
    return room.conn.execute(query).scalar() or 0
