"""The outbox: a message is put in the transaction of the act it tells of, and sent afterwards.

An act that was rolled back sends nothing; one that was answered is never forgotten. The order of a
destination is that of ``n``: what an act saw of another stands after it.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, insert, select, update

from data_access.changes import Writer
from data_access.tables import outbox

WAITING = "waiting"
DELIVERED = "delivered"
FAILED = "failed"
MAX_REASON = 300


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


def put(
    writer: Writer,
    kind: str,
    destination: str,
    payload: Mapping[str, Any],
    *,
    subject: str,
    now: datetime,
    drill: bool = False,
) -> str:
    """Put a message for ``destination``; gives its id, by which the receiver knows it again.

    ``subject``: ``TOPIC/ID`` of what it is about. ``payload``: what JSON can hold, no datetimes.
    ``now`` is the city's.
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
            drill=drill,
            state=WAITING,
            attempts=0,
            put_at=now,
            real_put_at=real_now,
            real_next_at=real_now,
        )
    )
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
        .values(state=WAITING, real_put_at=now, real_next_at=now, real_settled_at=None)
    )
    return writer.conn.execute(statement).rowcount > 0


def _settle(
    writer: Writer, message: Message, state: str, *, attempts: int, reason: str | None
) -> None:
    values = {"state": state, "attempts": attempts, "reason": reason and reason[:MAX_REASON]}
    _change(writer, message, {**values, "real_settled_at": datetime.now(UTC)})


def _change(writer: Writer, message: Message, values: Mapping[str, Any]) -> None:
    writer.conn.execute(
        update(outbox).where(outbox.c.n == message.n, outbox.c.state == WAITING).values(**values)
    )


def _destinations(only: Sequence[str] | None, but: Sequence[str]) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if only is not None:
        conditions.append(outbox.c.destination.in_(only))
    if but:
        conditions.append(outbox.c.destination.not_in(but))
    return conditions
