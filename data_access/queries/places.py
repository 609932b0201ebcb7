"""Places that are watched: low points, underpasses, pump houses, shelters, venues."""

from sqlalchemy import Connection

from data_access.queries import visible
from data_access.tables import place


def page(conn: Connection, *, ask: visible.Ask) -> list[visible.Row]:
    """A page of places by id."""
    return visible.rows(conn, visible.of_table(place, ask))
