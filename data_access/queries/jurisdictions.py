"""Jurisdictions with their shapes, and which level of a city can be drawn."""

from sqlalchemy import Connection, Text, cast, func, select

from data_access.queries import visible
from data_access.queries.live import within
from data_access.tables import jurisdiction

# What divides a city best comes first; the city's own outline only where there is nothing below.
LEVELS = ("district", "subdistrict", "community", "grid", "city")

_WRITTEN = ("id", "name", "name_en", "level", "parent", "polygon")


def page(
    conn: Connection, *, ask: visible.Ask, level: str | None = None, parent: str | None = None
) -> list[visible.Row]:
    """A page of jurisdictions by id, with ``polygon`` (a GeoJSON geometry, or None)."""
    query = (
        select(*(jurisdiction.c[name] for name in _WRITTEN))
        .where(within(jurisdiction.c.scope, ask.sight.scopes))
        .order_by(jurisdiction.c.id)
        .limit(min(ask.limit, visible.MAX_ROWS))
    )
    if level is not None:
        query = query.where(jurisdiction.c.level == level)
    if parent is not None:
        query = query.where(jurisdiction.c.parent == parent)
    if ask.after is not None:
        query = query.where(jurisdiction.c.id > ask.after[0])
    return visible.rows(conn, query)


def drawn_level(conn: Connection, *, scopes: tuple[str, ...]) -> str | None:
    """Say which level's shapes show the city; None where it has none.

    A JSON null is no shape either, so the text of the column is looked at.
    """
    text = func.substr(cast(jurisdiction.c.polygon, Text), 1, 1)
    query = (
        select(jurisdiction.c.level)
        .where(within(jurisdiction.c.scope, scopes), text == "{")
        .distinct()
    )
    found = {row.level for row in conn.execute(query)}
    return next((level for level in LEVELS if level in found), None)
