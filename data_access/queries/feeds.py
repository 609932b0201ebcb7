"""Feeds: what each told, and how it fares."""

from sqlalchemy import Connection

from data_access.queries import visible
from data_access.tables import feed


def page(conn: Connection, *, ask: visible.Ask) -> list[visible.Row]:
    """A page of feeds by id."""
    return visible.rows(conn, visible.of_table(feed, ask))
