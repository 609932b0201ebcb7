"""Typhoons, with what is known of them now."""

from sqlalchemy import Connection

from data_access.queries import visible
from data_access.tables import typhoon


def page(conn: Connection, *, ask: visible.Ask) -> list[visible.Row]:
    """A page of typhoons by number."""
    return visible.rows(conn, visible.of_table(typhoon, ask))
