"""What lies near a point, the nearest first, within what the reader may see; one thing by id."""

import math
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, Float, Table, and_, cast, func, select, true

from data_access.queries import drills, visible
from data_access.tables import camera, case, place, responder, station

TABLES: Mapping[str, Table] = {
    "cameras": camera,
    "stations": station,
    "responders": responder,
    "places": place,
}
"""What may be asked for by name."""

METRES_A_DEGREE = 111_320.0


class Before(NamedTuple):
    """Earlier cases of one spot: how many, and the newest of them."""

    how_many: int
    newest: list[visible.Row]


def find(
    conn: Connection, *, topic: str, thing_id: str, sight: visible.Sight
) -> visible.Row | None:
    """One thing by its id, or None where there is none that the reader may see."""
    table = TABLES[topic]
    query = select(table).where(
        table.c.id == thing_id, visible.seen(table.c.scope, table.c.event, sight.whole)
    )
    if topic == "cameras" and sight.wall:
        query = query.where(camera.c.wall_allowed == true())
    return next(iter(visible.rows(conn, query)), None)


def nearest(
    conn: Connection,
    *,
    topic: str,
    lon: float,
    lat: float,
    sight: visible.Sight,
    limit: int,
    within_m: float,
) -> list[visible.Row]:
    """The nearest of a topic within a distance; each row has its ``distance_m`` as well."""
    table = TABLES[topic]
    query = (
        select(table)
        .where(
            visible.seen(table.c.scope, table.c.event, sight),
            drills.stands(table),
            around(table, lon, lat, within_m),
        )
        .order_by(_apart(table, lon, lat), table.c.id)
        .limit(limit)
    )
    if topic == "cameras" and sight.wall:
        query = query.where(camera.c.wall_allowed == true())
    found = [{**row, "distance_m": metres(row, lon, lat)} for row in visible.rows(conn, query)]
    return [row for row in found if row["distance_m"] <= within_m]


def cases_before(
    conn: Connection,
    *,
    of: visible.Row,
    before: datetime,
    sight: visible.Sight,
    within_m: float,
    limit: int,
    since: datetime | None = None,
    codes: Sequence[str] = (),
) -> Before:
    """Cases of the same class at the same place, reported before ``before``.

    ``since``: not those of longer ago. ``codes``: the subcategories that count as the same.
    """
    if of["lon"] is None or of["lat"] is None:
        return Before(0, [])
    same = and_(
        case.c.kind == of["kind"],
        case.c.subcategory.in_(list(codes) or [of["subcategory"]]),
        case.c.id != of["id"],
        case.c.reported_at < before,
        true() if since is None else case.c.reported_at >= since,
        visible.seen(case.c.scope, case.c.event, sight),
        around(case, of["lon"], of["lat"], within_m),
        _apart(case, of["lon"], of["lat"]) <= (within_m / METRES_A_DEGREE) ** 2,
    )
    columns = ("id", "stage", "reported_at", "ended_at", "due_at", "address", "lon", "lat", "kind")
    count = conn.execute(select(func.count()).select_from(case).where(same)).scalar_one()
    newest = visible.rows(
        conn,
        select(*(case.c[name] for name in columns), case.c.subcategory)
        .where(same)
        .order_by(case.c.reported_at.desc(), case.c.id)
        .limit(limit),
    )
    return Before(
        count, [{**row, "distance_m": metres(row, of["lon"], of["lat"])} for row in newest]
    )


def metres(row: visible.Row, lon: float, lat: float) -> int:
    """How far a row's position is, on a plane that touches the earth there."""
    east = (row["lon"] - lon) * math.cos(math.radians(lat)) * METRES_A_DEGREE
    north = (row["lat"] - lat) * METRES_A_DEGREE
    return round(math.hypot(east, north))


def _apart(table: Table, lon: float, lat: float) -> ColumnElement[float]:
    """The square of a row's distance from a point, in degrees of latitude."""
    east = (cast(table.c.lon, Float) - lon) * math.cos(math.radians(lat))
    north = cast(table.c.lat, Float) - lat
    return east * east + north * north


def around(table: Table, lon: float, lat: float, within_m: float) -> ColumnElement[bool]:
    """Say that a row lies in the square around a point; the index, or a scan, goes first by it."""
    high = within_m / METRES_A_DEGREE
    wide = high / max(0.01, math.cos(math.radians(lat)))
    return and_(
        table.c.lon.between(lon - wide, lon + wide), table.c.lat.between(lat - high, lat + high)
    )
