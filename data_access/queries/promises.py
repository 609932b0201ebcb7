"""Promises: those not yet kept, past due first, and those about one thing."""

from datetime import datetime

from sqlalchemy import Connection, select, true

from data_access.queries import visible
from data_access.queries.visible import Sight
from data_access.tables import alert, camera, case, place, promise, station

SUBJECTS = {
    "cases": case,
    "alerts": alert,
    "stations": station,
    "places": place,
    "cameras": camera,
}
"""What may be promised about."""
LIMIT = 500


def subject(conn: Connection, *, topic: str, name: str, sight: Sight) -> visible.Row | None:
    """The row of a thing, if it may be seen."""
    table = SUBJECTS[topic]
    query = select(table).where(
        table.c.id == name, visible.seen(table.c.scope, table.c.event, sight.whole)
    )
    found = visible.rows(conn, query)
    return found[0] if found else None


def find(conn: Connection, *, promise_id: str, sight: Sight) -> visible.Row | None:
    """One promise, if it may be seen; kept from others until the transaction ends."""
    seen = visible.seen(promise.c.scope, promise.c.event, sight.whole)
    query = select(promise).where(promise.c.id == promise_id, seen).with_for_update()
    found = visible.rows(conn, query)
    return found[0] if found else None


def page(
    conn: Connection,
    *,
    sight: Sight,
    topic: str | None = None,
    name: str | None = None,
    live: bool | None = None,
    kept_since: datetime | None = None,
    limit: int = LIMIT,
) -> list[visible.Row]:
    """Promises, those due first before others."""
    if name is not None:
        sight = sight.whole  # what is asked about one thing tells what that is
    query = select(promise).where(visible.seen(promise.c.scope, promise.c.event, sight))
    if topic is not None:
        query = query.where(promise.c.subject_topic == topic)
    if name is not None:
        query = query.where(promise.c.subject_id == name)
    if live is not None:
        query = query.where(promise.c.live == true() if live else promise.c.live != true())
    if kept_since is not None:
        query = query.where(promise.c.kept_at >= kept_since)
    return visible.rows(conn, query.order_by(promise.c.due_at, promise.c.id).limit(limit))
