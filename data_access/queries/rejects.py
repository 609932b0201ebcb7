"""Rejects: records that were turned away, as they came, and why."""

from sqlalchemy import Connection, select

from data_access.queries import visible
from data_access.tables import reject


def page(
    conn: Connection, *, ask: visible.Ask, state: str | None = None, feed: str | None = None
) -> list[visible.Row]:
    """A page of rejects, the newest first."""
    query = select(reject).where(visible.seen(reject.c.scope, reject.c.event, ask.sight))
    if ask.after is not None:
        query = query.where(reject.c.id < ask.after[0])
    if state is not None:
        query = query.where(reject.c.state == state)
    if feed is not None:
        query = query.where(reject.c.feed == feed)
    query = query.order_by(reject.c.id.desc()).limit(min(ask.limit, visible.MAX_ROWS))
    return visible.rows(conn, query)


def find(conn: Connection, *, reject_id: int, sight: visible.Sight) -> visible.Row | None:
    """The reject with this id, or None where there is none that the reader may see."""
    query = select(reject).where(
        reject.c.id == reject_id, visible.seen(reject.c.scope, reject.c.event, sight)
    )
    return next(iter(visible.rows(conn, query)), None)
