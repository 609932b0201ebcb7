"""Feeds: what each told, and how it fares."""

from sqlalchemy import Connection, select

from data_access.queries import visible
from data_access.tables import feed


def page(conn: Connection, *, ask: visible.Ask) -> list[visible.Row]:
    """A page of feeds by id."""
    return visible.rows(conn, visible.of_table(feed, ask))


def filling(conn: Connection) -> bool:
    """Say whether a feed still fills in the past: what it has not reached yet looks empty."""
    positions = conn.execute(select(feed.c.position)).scalars()
    return any(isinstance(it, dict) and it.get("jobs") for it in positions)
