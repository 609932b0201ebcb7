"""The audit: who did what, when by both clocks, and from where. Read only."""

from sqlalchemy import Connection, or_, select

from data_access.queries import visible
from data_access.tables import audit


def page(
    conn: Connection,
    *,
    ask: visible.Ask,
    act: str | None = None,
    actor: str | None = None,
) -> list[visible.Row]:
    """A page of the audit, the newest first.

    What was done before the store had a city has no scope; whoever sees a whole city sees it.
    """
    may_see = visible.seen(audit.c.scope, audit.c.event, ask.sight)
    if any("/" not in scope for scope in ask.sight.scopes):
        may_see = or_(may_see, audit.c.scope == "")
    query = select(audit).where(may_see)
    if ask.after is not None:
        query = query.where(audit.c.id < ask.after[0])
    if act is not None:
        query = query.where(audit.c.act == act)
    if actor is not None:
        query = query.where(audit.c.actor == actor)
    query = query.order_by(audit.c.id.desc()).limit(min(ask.limit, visible.MAX_ROWS))
    return visible.rows(conn, query)
