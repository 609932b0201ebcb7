"""Stations: where something is measured."""

from sqlalchemy import Connection

from data_access.queries import visible
from data_access.tables import station


def page(conn: Connection, *, ask: visible.Ask) -> list[visible.Row]:
    """A page of stations by id."""
    return visible.rows(conn, visible.of_table(station, ask))
