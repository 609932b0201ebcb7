"""Cameras: video points; a wall is shown only those marked for it."""

from sqlalchemy import Connection, true

from data_access.queries import visible
from data_access.tables import camera


def page(conn: Connection, *, ask: visible.Ask) -> list[visible.Row]:
    """A page of cameras by id."""
    query = visible.of_table(camera, ask)
    if ask.sight.wall:
        query = query.where(camera.c.wall_allowed == true())
    return visible.rows(conn, query)
