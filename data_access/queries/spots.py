"""Where cases lie close together: heat of a period, and the same matter at the same place again."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Float, and_, cast, func, select

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
    high, wide = _cell(conn, cell_m)
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

    A spot is a cell twice as wide as the distance.
    """
    high, wide = _cell(conn, repeat.within_m * 2)
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
    spot = (
        case.c.kind,
        matter,
        func.round(cast(case.c.lon, Float) / wide),
        func.round(cast(case.c.lat, Float) / high),
    )
    columns = (
        *("id", "kind", "subcategory", "stage", "address", "lon", "lat", "unit", "jurisdiction"),
        *("reported_at", "due_at"),
    )
    ranked = (
        select(
            *(case.c[name] for name in columns),
            func.count().over(partition_by=spot).label("n"),
            func.min(case.c.reported_at).over(partition_by=spot).label("first_at"),
            func.row_number()
            .over(partition_by=spot, order_by=(case.c.reported_at.desc(), case.c.id))
            .label("place"),
        )
        .select_from(source)
        .where(
            case.c.reported_at.between(since, until),
            within(case.c.scope, areas),
            visible.seen(case.c.scope, case.c.event, sight),
            case.c.lon.is_not(None),
            case.c.drill.is_not(True),
        )
        .subquery()
    )
    query = (
        select(ranked)
        .where(ranked.c.place == 1, ranked.c.n > 1)
        .order_by(ranked.c.n.desc(), ranked.c.reported_at.desc(), ranked.c.id)
        .limit(SPOTS)
    )
    return [
        {name: value for name, value in row.items() if name != "place"}
        for row in visible.rows(conn, query)
    ]


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


def _cell(conn: Connection, metres: float) -> tuple[float, float]:
    """How many degrees high and wide a cell is at the city's latitude."""
    lat = conn.execute(select(city.c.lat).limit(1)).scalar() or 0.0
    high = metres / METRES_A_DEGREE
    return high, high / max(0.01, math.cos(math.radians(lat)))
