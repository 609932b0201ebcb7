"""Warnings from outside: in force, over, and as they were known at a moment."""

from datetime import datetime

from sqlalchemy import Connection, or_, select, true

from data_access.queries import visible
from data_access.tables import warning


def page(
    conn: Connection,
    *,
    ask: visible.Ask,
    as_of: datetime | None = None,
    live: bool | None = None,
) -> list[visible.Row]:
    """A page of warnings by id.

    ``as_of``: only those known and in force then, without what was not yet known of them.
    """
    query = select(warning).where(visible.seen(warning.c.scope, warning.c.operation, ask.sight))
    if ask.after is not None:
        query = query.where(warning.c.id > ask.after[0])
    if as_of is not None:
        query = query.where(
            warning.c.known_at <= as_of,
            or_(warning.c.expires_at.is_(None), warning.c.expires_at > as_of),
            or_(warning.c.cancelled_at.is_(None), warning.c.cancelled_at > as_of),
        )
    elif live is not None:
        query = query.where(warning.c.live == true() if live else warning.c.live != true())
    query = query.order_by(warning.c.id).limit(min(ask.limit, visible.MAX_ROWS))
    return visible.rows(conn, query)
