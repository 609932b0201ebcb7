"""Saying of a feed how often it should speak."""

from sqlalchemy import insert, select, update

from data_access.changes import Writer
from data_access.ingest.tally import WAITING
from data_access.tables import city, feed


def expect(writer: Writer, *, feed_id: str, seconds: int | None) -> None:
    """Call the feed silent after so many real seconds without a word; None: never.

    A feed that pushes and has not spoken yet is entered, so that its silence shows.
    """
    known = writer.conn.execute(select(feed.c.scope).where(feed.c.id == feed_id)).first()
    if known is not None:
        writer.conn.execute(update(feed).where(feed.c.id == feed_id).values(expect_s=seconds))
        scope = known.scope
    else:
        scope = writer.conn.execute(select(city.c.id).limit(1)).scalar() or "city"
        writer.conn.execute(
            insert(feed).values(
                id=feed_id,
                name=feed_id.removeprefix("push:"),
                kind="push",
                state=WAITING,
                scope=scope,
                expect_s=seconds,
            )
        )
    old = None if known is None else scope
    writer.changed("feeds", feed_id, old_scope=old, new_scope=scope)
