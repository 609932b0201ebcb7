"""Scope paths: the city's own, and those of its jurisdictions."""

from sqlalchemy import Connection, or_, select

from data_access.tables import city, jurisdiction

NO_CITY = "city"
"""The path of a store that no city was described to yet."""


def city_scope(conn: Connection) -> str:
    """The path that holds everything of the (first) city."""
    return conn.execute(select(city.c.id).order_by(city.c.id).limit(1)).scalar() or NO_CITY


def find_scope(conn: Connection, *, name: str) -> str | None:
    """The path of a jurisdiction or city named by its id or its path; None if nobody knows it."""
    found = conn.execute(
        select(jurisdiction.c.scope)
        .where(or_(jurisdiction.c.id == name, jurisdiction.c.scope == name))
        .order_by(jurisdiction.c.scope)
        .limit(1)
    ).scalar()
    if found is not None:
        return str(found)
    cities = set(conn.execute(select(city.c.id)).scalars()) or {NO_CITY}
    return name if name in cities else None
