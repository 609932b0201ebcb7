"""Calls to those on duty: of an alert, of a person, and the latest."""

from datetime import datetime

from sqlalchemy import Connection, select, true

from data_access.queries import visible
from data_access.queries.visible import Ask, Sight
from data_access.tables import call


def find(
    conn: Connection, *, call_id: str, sight: Sight, for_update: bool = False
) -> visible.Row | None:
    """One call, if it may be seen."""
    query = select(call).where(
        call.c.id == call_id, visible.seen(call.c.scope, call.c.event, sight.whole)
    )
    found = visible.rows(conn, query.with_for_update() if for_update else query)
    return found[0] if found else None


def page(
    conn: Connection,
    *,
    ask: Ask,
    alert_id: str | None = None,
    account: str | None = None,
    live: bool | None = None,
    since: datetime | None = None,
) -> list[visible.Row]:
    """A page of calls by id: of an alert, of an account, those that still call, those since."""
    sight = ask.sight if alert_id is None else ask.sight.whole  # one alert tells what it is
    query = select(call).where(visible.seen(call.c.scope, call.c.event, sight))
    if alert_id is not None:
        query = query.where(call.c.alert_id == alert_id)
    if account is not None:
        query = query.where(call.c.account == account)
    if live is not None:
        query = query.where(call.c.live == true() if live else call.c.live != true())
    if since is not None:
        query = query.where(call.c.made_at >= since)
    if ask.after is not None:
        query = query.where(call.c.id > ask.after[0])
    return visible.rows(conn, query.order_by(call.c.id).limit(ask.limit))


def of_alert(conn: Connection, alert_id: str) -> list[visible.Row]:
    """The calls of an alert in the order in which they were made."""
    query = select(call).where(call.c.alert_id == alert_id).order_by(call.c.made_at, call.c.step)
    return visible.rows(conn, query)
