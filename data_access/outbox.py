"""The outbox: a message is put in the transaction of the act it tells of, and sent afterwards.

An act that was rolled back sends nothing; one that was answered is never forgotten. The order of a
destination is that of ``n``: what an act saw of another stands after it.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, insert, select, true, update

from data_access.changes import Writer
from data_access.commands import calls
from data_access.tables import outbox

WAITING = "waiting"
DELIVERED = "delivered"
FAILED = "failed"
CALL = "call"
"""The kind of a message that is a call 叫应: the call says what became of it."""
MAX_REASON = 300
SHOWN_FOR = timedelta(hours=1)
"""Of real time: how long a settled message stays among the live ones."""
SWEEP_ROWS = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message that waits."""

    n: int
    id: str
    destination: str
    kind: str
    subject: str
    payload: Mapping[str, Any]
    drill: bool
    attempts: int
    put_at: datetime
    real_put_at: datetime
    real_next_at: datetime
    scope: str
    event: str | None = None


def put(
    writer: Writer,
    kind: str,
    destination: str,
    payload: Mapping[str, Any],
    *,
    subject: str,
    now: datetime,
    scope: str,
    event: str | None = None,
    drill: bool = False,
) -> str:
    """Put a message for ``destination``; gives its id, by which the receiver knows it again.

    ``subject``: ``TOPIC/ID`` of what it is about, whose ``scope`` and ``event`` say who may see
    what became of it. ``payload``: what JSON can hold, no datetimes. ``now`` is the city's.
    """
    name = secrets.token_urlsafe(15)
    real_now = datetime.now(UTC)
    writer.conn.execute(
        insert(outbox).values(
            id=name,
            destination=destination,
            kind=kind,
            subject=subject,
            payload=dict(payload),
            scope=scope,
            event=event,
            drill=drill,
            state=WAITING,
            live=True,
            attempts=0,
            put_at=now,
            real_put_at=real_now,
            real_next_at=real_now,
        )
    )
    writer.changed("outbox", name, new_scope=scope, event=event, drill=drill)
    return name


def first_waiting(
    conn: Connection, *, only: Sequence[str] | None = None, but: Sequence[str] = ()
) -> Message | None:
    """The first message that waits for one of ``only`` (None: for any), not for one of ``but``."""
    query = select(outbox).where(outbox.c.state == WAITING, *_destinations(only, but))
    row = conn.execute(query.order_by(outbox.c.n).limit(1)).mappings().first()
    if row is None:
        return None
    return Message(**{name: row[name] for name in Message.__dataclass_fields__})


def delivered(writer: Writer, message: Message) -> None:
    """Note that the receiver took it."""
    _settle(writer, message, DELIVERED, attempts=message.attempts + 1, reason=None)


def failed(writer: Writer, message: Message, reason: str, *, tried: bool) -> None:
    """Give a message up; it says why."""
    _settle(writer, message, FAILED, attempts=message.attempts + int(tried), reason=reason)


def postponed(writer: Writer, message: Message, reason: str, real_next_at: datetime) -> None:
    """Note a failed attempt after which another follows."""
    values = {"attempts": message.attempts + 1, "reason": reason[:MAX_REASON]}
    _change(writer, message, {**values, "real_next_at": real_next_at})


def again(writer: Writer, message_id: str) -> bool:
    """Let a message that was given up wait once more; False where there is none."""
    now = datetime.now(UTC)
    statement = (
        update(outbox)
        .where(outbox.c.id == message_id, outbox.c.state == FAILED)
        .values(state=WAITING, real_put_at=now, real_next_at=now, real_settled_at=None, live=True)
        .returning(outbox.c.kind, outbox.c.scope, outbox.c.event)
    )
    row = writer.conn.execute(statement).first()
    if row is not None and row.kind == CALL:
        calls.tell_delivery(writer, message_id, WAITING, None)
    if row is not None:
        scope = row.scope
        writer.changed("outbox", message_id, old_scope=scope, new_scope=scope, event=row.event)
    return row is not None


def sweep(writer: Writer, real_now: datetime) -> int:
    """Take what was settled long ago from the live messages; gives how many went."""
    old = select(outbox.c.id, outbox.c.scope, outbox.c.event).where(settled_before(real_now))
    rows = writer.conn.execute(old.limit(SWEEP_ROWS)).all()
    if rows:
        ids = [row.id for row in rows]
        writer.conn.execute(update(outbox).where(outbox.c.id.in_(ids)).values(live=False))
    for row in rows:
        scope, event = row.scope, row.event
        writer.changed("outbox", row.id, old_scope=scope, new_scope=scope, event=event)
    return len(rows)


def settled_before(real_now: datetime) -> ColumnElement[bool]:
    """That a message is live still, and was settled longer ago than it is shown."""
    return (outbox.c.live == true()) & (outbox.c.real_settled_at <= real_now - SHOWN_FOR)


def _settle(
    writer: Writer, message: Message, state: str, *, attempts: int, reason: str | None
) -> None:
    values = {"state": state, "attempts": attempts, "reason": reason and reason[:MAX_REASON]}
    _change(writer, message, {**values, "real_settled_at": datetime.now(UTC)})


def _change(writer: Writer, message: Message, values: Mapping[str, Any]) -> None:
    changed = writer.conn.execute(
        update(outbox).where(outbox.c.n == message.n, outbox.c.state == WAITING).values(**values)
    ).rowcount
    if changed and message.kind == CALL:
        calls.tell_delivery(writer, message.id, values.get("state", WAITING), values["reason"])
    writer.changed(
        "outbox",
        message.id,
        old_scope=message.scope,
        new_scope=message.scope,
        event=message.event,
        drill=message.drill,
    )


def _destinations(only: Sequence[str] | None, but: Sequence[str]) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if only is not None:
        conditions.append(outbox.c.destination.in_(only))
    if but:
        conditions.append(outbox.c.destination.not_in(but))
    return conditions
