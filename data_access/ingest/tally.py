"""How much each feed told: counted with every batch, shown on screens at a calm pace.

The counts stand in ``feed_tally``, written in the batch's own transaction. The live topic
``feeds`` shows ``feed``; :func:`publish` brings it up to date and numbers the change.
"""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from data_access.changes import Writer
from data_access.ingest.batch import Batch
from data_access.store import Store
from data_access.tables import city, feed, feed_tally

WAITING = "waiting"
"""The state of a pushing feed that was entered before its first word."""


def count(batch: Batch, read: int) -> None:
    """Add the batch to its feed's counts."""
    outcome = batch.outcome
    add(
        batch.writer,
        batch.job.feed,
        read=read,
        accepted=len(outcome.accepted),
        unchanged=len(outcome.unchanged),
        rejected=read - len(outcome.accepted) - len(outcome.unchanged),
        city_at=batch.job.now,
    )


def add(
    writer: Writer,
    name: str,
    *,
    read: int,
    accepted: int,
    unchanged: int,
    rejected: int,
    city_at: datetime | None,
) -> None:
    """Add to a feed's counts; ``city_at`` is the newest moment that it told of."""
    conn = writer.conn
    make = postgresql.insert if conn.dialect.name == "postgresql" else sqlite.insert
    statement = make(feed_tally).values(
        feed=name,
        read=read,
        accepted=accepted,
        unchanged=unchanged,
        rejected=rejected,
        city_at=city_at,
        real_at=datetime.now(UTC),
    )
    new = statement.excluded
    conn.execute(
        statement.on_conflict_do_update(
            index_elements=["feed"],
            set_={
                "read": feed_tally.c.read + new.read,
                "accepted": feed_tally.c.accepted + new.accepted,
                "unchanged": feed_tally.c.unchanged + new.unchanged,
                "rejected": feed_tally.c.rejected + new.rejected,
                "city_at": func.coalesce(new.city_at, feed_tally.c.city_at),
                "real_at": new.real_at,
            },
        )
    )


def publish(store: Store) -> int:
    """Show the counts on the topic ``feeds``; returns how many feeds changed."""
    with store.read() as conn:
        stale = _stale(conn)
    if not stale:
        return 0
    with store.write() as writer:
        stale = _stale(writer.conn)
        scope = writer.conn.execute(select(city.c.id).limit(1)).scalar() or "city"
        known = {row.id: row.state for row in writer.conn.execute(select(feed.c.id, feed.c.state))}
        for row in stale:
            values = {
                "read": row.read,
                "accepted": row.accepted,
                "unchanged": row.unchanged,
                "rejected": row.rejected,
                "city_at": row.city_at,
                "real_at": row.real_at,
            }
            if row.feed in known:
                if row.feed.startswith("push:") and known[row.feed] == WAITING:
                    values["state"] = "ok"
                writer.conn.execute(update(feed).where(feed.c.id == row.feed).values(**values))
            else:
                writer.conn.execute(
                    feed.insert().values(
                        id=row.feed,
                        name=row.feed.removeprefix("push:"),
                        kind="push",
                        state="ok",
                        scope=scope,
                        **values,
                    )
                )
            writer.changed("feeds", row.feed, old_scope=scope, new_scope=scope)
    return len(stale)


def _stale(conn: Connection) -> list[Any]:
    joined = feed_tally.outerjoin(feed, feed.c.id == feed_tally.c.feed)
    query = (
        select(feed_tally)
        .select_from(joined)
        .where(
            feed.c.id.is_(None)
            | (feed.c.read != feed_tally.c.read)
            | (feed.c.real_at.is_(None))
            | (feed.c.real_at != feed_tally.c.real_at)
        )
        .order_by(feed_tally.c.feed)
    )
    return list(conn.execute(query))
