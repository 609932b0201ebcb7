"""Where cases lie close together: heat of a period, and the same matter at the same place again."""

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, func, select

from data_access.queries import indicators, visible
from data_access.queries.live import within
from data_access.queries.nearby import METRES_A_DEGREE
from data_access.tables import case, case_counted, category, city

HEAT_CELLS = 2_000
SPOTS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeat:
    """What makes a case a repeat: an earlier one of the same matter, that near, that lately.

    ``same``: of the same ``subcategory``, or already of the same ``class``.
    """

    within_m: float = 50.0
    days: int = 30
    same: str = "subcategory"


def heat(
    conn: Connection, *, asked: indicators.Behind, sight: visible.Sight, cell_m: float
) -> list[tuple[float, float, int]]:
    """Count a period's cases by cells about ``cell_m`` wide: (lon, lat, how many), most first."""
    high, wide = cell(conn, cell_m)
    counted = case_counted.c
    day, more = indicators.measured(asked.measure)
    x, y = func.round(case.c.lon / wide), func.round(case.c.lat / high)
    query = (
        select(x, y, func.count())
        .select_from(case_counted.join(case, case.c.id == counted.case_id))
        .where(
            counted[day].between(*asked.days()),
            more,
            within(counted.path, asked.areas),
            visible.seen(case.c.scope, case.c.event, sight),
            case.c.lon.is_not(None),
        )
        .group_by(x, y)
        .order_by(func.count().desc(), x, y)
        .limit(HEAT_CELLS)
    )
    if asked.group != "all":
        query = query.where(counted[asked.group].in_(list(asked.values)))
    return [(a * wide, b * high, n) for a, b, n in conn.execute(query)]


def repeats(
    conn: Connection,
    *,
    areas: Sequence[str],
    sight: visible.Sight,
    since: datetime,
    until: datetime,
    repeat: Repeat,
) -> list[visible.Row]:
    """The spots with most cases of one matter since then: how many, and the newest of each.

    A spot is what lies within the distance of its newest case that lies within no newer spot; ``n``
    is what the drawer of that case counts, itself included.
    """
    version = select(func.max(category.c.list_version)).scalar_subquery()
    matter: ColumnElement[Any] = case.c.subcategory
    source: Any = case
    if repeat.same == "class":
        matter = func.coalesce(category.c.class_code, case.c.subcategory)
        source = case.outerjoin(
            category,
            and_(
                category.c.list_version == version,
                category.c.kind == case.c.kind,
                category.c.code == case.c.subcategory,
            ),
        )
    query = (
        select(case.c.id, case.c.kind, matter, case.c.lon, case.c.lat, case.c.reported_at)
        .select_from(source)
        .where(
            case.c.reported_at.between(since, until),
            within(case.c.scope, areas),
            visible.seen(case.c.scope, case.c.event, sight),
            case.c.lon.is_not(None),
            case.c.drill.is_not(True),
        )
        .order_by(case.c.reported_at.desc(), case.c.id)
    )
    reported = [_Reported(*row) for row in conn.execute(query)]
    found = _spots(reported, within_m=repeat.within_m)
    found.sort(key=lambda it: -it[1])  # of as many, the newest stays first
    return _newest(conn, found[:SPOTS])


class _Reported(NamedTuple):
    id: str
    kind: str
    matter: str
    lon: float
    lat: float
    at: datetime


def _spots(reported: Sequence[_Reported], *, within_m: float) -> list[tuple[str, int, datetime]]:
    """Group what is given newest first: (newest case, how many, since when), of two and more."""
    high = within_m / METRES_A_DEGREE
    farthest = max((abs(it.lat) for it in reported), default=0.0)
    wide = high / max(0.01, math.cos(math.radians(farthest)))

    def cell_of(it: _Reported) -> tuple[str, str, int, int]:
        return it.kind, it.matter, math.floor(it.lon / wide), math.floor(it.lat / high)

    cells = defaultdict(list)
    for it in reported:
        cells[cell_of(it)].append(it)
    taken: set[str] = set()
    found = []
    for newest in reported:
        if newest.id in taken:
            continue
        kind, matter, x, y = cell_of(newest)
        near = [
            it
            for dx in (-1, 0, 1)
            for dy in (-1, 0, 1)
            for it in cells.get((kind, matter, x + dx, y + dy), ())
            if it.at <= newest.at and _apart_m(it, newest) <= within_m
        ]
        taken.update(it.id for it in near)
        if len(near) > 1:
            found.append((newest.id, len(near), min(it.at for it in near)))
    return found


def _apart_m(one: _Reported, other: _Reported) -> float:
    """How far two lie apart, on a plane that touches the earth there."""
    east = (one.lon - other.lon) * math.cos(math.radians(other.lat))
    return math.hypot(east, one.lat - other.lat) * METRES_A_DEGREE


def _newest(conn: Connection, found: Sequence[tuple[str, int, datetime]]) -> list[visible.Row]:
    """Give the cases of the spots, in their order."""
    columns = (
        *("id", "kind", "subcategory", "stage", "address", "lon", "lat", "unit", "jurisdiction"),
        *("reported_at", "due_at"),
    )
    query = select(*(case.c[name] for name in columns)).where(
        case.c.id.in_([it[0] for it in found])
    )
    told = {row["id"]: row for row in visible.rows(conn, query)}
    return [{**told[case_id], "n": n, "first_at": first} for case_id, n, first in found]


def same_matter(conn: Connection, of: visible.Row, repeat: Repeat) -> list[str]:
    """The subcategories that are the same matter as a case's."""
    if repeat.same != "class":
        return [of["subcategory"]]
    version = select(func.max(category.c.list_version)).scalar_subquery()
    columns = category.c
    own = (
        select(columns.class_code)
        .where(
            columns.list_version == version,
            columns.kind == of["kind"],
            columns.code == of["subcategory"],
        )
        .scalar_subquery()
    )
    query = select(columns.code).where(
        columns.list_version == version, columns.kind == of["kind"], columns.class_code == own
    )
    return sorted({of["subcategory"], *conn.execute(query).scalars()})


def cell(conn: Connection, metres: float) -> tuple[float, float]:
    """How many degrees high and wide a cell of the heat is at the city's latitude."""
    lat = conn.execute(select(city.c.lat).limit(1)).scalar() or 0.0
    high = metres / METRES_A_DEGREE
    return high, high / max(0.01, math.cos(math.radians(lat)))
