"""Scope paths: the city's own, and those of its jurisdictions."""

from collections.abc import Collection, Sequence

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


def time_zone(conn: Connection) -> str:
    """The zone in which the (first) city lives."""
    return conn.execute(select(city.c.time_zone).order_by(city.c.id).limit(1)).scalar() or "UTC"


def areas(
    conn: Connection, *, levels: Sequence[str], also: Collection[str] = ()
) -> list[tuple[str, str]]:
    """Ids and paths of the jurisdictions of ``levels`` and of of ``also``, and cities."""
    wanted = jurisdiction.c.level.in_(levels) | jurisdiction.c.id.in_(list(also))
    query = select(jurisdiction.c.id, jurisdiction.c.scope).where(wanted)
    found = {row.id: row.scope for row in conn.execute(query.order_by(jurisdiction.c.scope))}
    for name in conn.execute(select(city.c.id)).scalars():
        found.setdefault(name.rpartition("/")[2], name)
    return list(found.items())
