"""Screens: where something is shown."""

from sqlalchemy import Connection

from data_access.queries import visible
from data_access.tables import screen


def page(conn: Connection, *, ask: visible.Ask) -> list[visible.Row]:
    """A page of screens by id."""
    return visible.rows(conn, visible.of_table(screen, ask))
