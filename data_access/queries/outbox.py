"""What became of messages that left, or should have."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, select

from data_access.queries import visible
from data_access.queries.visible import Sight
from data_access.tables import outbox


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A message as a screen shows it: ``waiting``, ``delivered`` 已送达 or ``failed`` 未送达.

    ``reason``: why the last attempt failed, also while another follows.
    """

    id: str
    kind: str
    destination: str
    state: str
    attempts: int
    reason: str | None
    put_at: datetime
    real_settled_at: datetime | None


_COLUMNS = tuple(outbox.c[name] for name in Delivery.__dataclass_fields__)


def state_of(conn: Connection, subject: str, *, limit: int = 20) -> list[Delivery]:
    """The messages about ``subject`` (``TOPIC/ID``), newest first."""
    query = select(*_COLUMNS).where(outbox.c.subject == subject)
    found = conn.execute(query.order_by(outbox.c.n.desc()).limit(limit)).mappings()
    return [Delivery(**row) for row in found]


def states(conn: Connection, ids: Sequence[str]) -> dict[str, Delivery]:
    """The messages with these ids, those that there are."""
    found = conn.execute(select(*_COLUMNS).where(outbox.c.id.in_(ids))).mappings()
    return {row["id"]: Delivery(**row) for row in found}


def counts(conn: Connection, *, real_since: datetime) -> dict[str, int]:
    """How many messages are in each state; settled ones since ``real_since`` only."""
    query = (
        select(outbox.c.state, func.count())
        .where((outbox.c.state == "waiting") | (outbox.c.real_settled_at >= real_since))
        .group_by(outbox.c.state)
    )
    return {state: int(number) for state, number in conn.execute(query)}


def late(conn: Connection, *, real_now: datetime, after: timedelta) -> tuple[int, str | None]:
    """How many messages wait longer than ``after``, and why the oldest of them does."""
    waits = (outbox.c.state == "waiting", outbox.c.real_put_at < real_now - after)
    number = conn.execute(select(func.count()).where(*waits)).scalar_one()
    oldest = select(outbox.c.reason).where(*waits).order_by(outbox.c.n).limit(1)
    return int(number), conn.execute(oldest).scalar()


def find(conn: Connection, *, message_id: str, sight: Sight) -> dict[str, Any] | None:
    """What a message is about, if the reader may see that."""
    told = [outbox.c[name] for name in ("id", "kind", "subject", "state", "scope", "drill")]
    query = select(*told).where(
        outbox.c.id == message_id, visible.seen(outbox.c.scope, outbox.c.event, sight)
    )
    row = conn.execute(query).mappings().first()
    return None if row is None else {str(name): value for name, value in row.items()}


def as_dict(delivery: Delivery) -> dict[str, Any]:
    """Give a delivery as the API writes it."""
    return asdict(delivery)


def page(
    conn: Connection,
    *,
    after: int | None,
    limit: int,
    sight: Sight,
    states: Sequence[str] = (),
) -> list[dict[str, Any]]:
    """A page of messages about what the reader may see, newest first, without what they say.

    ``states``: only those; none: all.
    """
    told = [outbox.c[name] for name in ("n", *Delivery.__dataclass_fields__, "subject", "drill")]
    query = select(*told).order_by(outbox.c.n.desc()).limit(limit)
    if after is not None:
        query = query.where(outbox.c.n < after)
    query = query.where(visible.seen(outbox.c.scope, outbox.c.event, sight))
    if states:
        query = query.where(outbox.c.state.in_(states))
    return [
        {str(name): value for name, value in row.items()} for row in conn.execute(query).mappings()
    ]
