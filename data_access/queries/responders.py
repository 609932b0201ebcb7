"""Responders: teams, vehicles, persons and equipment with their last position."""

from sqlalchemy import Connection

from data_access.queries import visible
from data_access.tables import responder


def page(conn: Connection, *, ask: visible.Ask) -> list[visible.Row]:
    """A page of responders by id."""
    return visible.rows(conn, visible.of_table(responder, ask))
