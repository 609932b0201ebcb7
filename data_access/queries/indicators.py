"""Sums of the indicators by area and group, the cases behind them, and published figures.

Every question reads few rows: sums stand ready by area, group and period.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import add
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, and_, func, or_, select, true

from dashboard.domain.bases import Basis
from dashboard.domain.cases import Stage
from dashboard.domain.indicators import (
    DEPTH,
    EXCLUSIONS,
    MEASURES,
    Facts,
    brought,
    kept_by_day,
    number_of,
)
from dashboard.domain.periods import Period
from data_access.queries import visible
from data_access.queries.live import within
from data_access.tables import (
    case,
    case_counted,
    case_to_count,
    category,
    city,
    indicator_published,
    indicator_state,
    indicator_sum,
    jurisdiction,
    unit,
)

Masked = dict[int, tuple[int, ...]]
"""Sums by mask."""

_LAST_MONTH = 999_999
_EMPTY_STATE = (None, 0, None, None)


class State(NamedTuple):
    """How far the sums are: of which moment, and whether much is still being counted."""

    as_of: datetime | None
    revision: int
    first_on: int | None
    counting: bool
    time_zone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Behind:
    """Which cases are behind a number: ``measure`` of ``period`` in ``areas``, of one value.

    ``box``: only those that lie in it (west, south, east, north; degrees, the last two outside).
    """

    areas: Sequence[str]
    period: Period
    measure: str
    group: str = "all"
    values: Sequence[str] = ()
    box: tuple[float, float, float, float] | None = None

    def days(self) -> tuple[int, int]:
        """Give the first and the last day as numbers."""
        return number_of(self.period.first), number_of(self.period.last)


def state(conn: Connection) -> State:
    """How far the sums are."""
    columns = indicator_state.c
    row = conn.execute(
        select(columns.folded_at, columns.revision, columns.first_on, columns.walk_after)
    ).one_or_none()
    as_of, revision, first_on, walk = _EMPTY_STATE if row is None else row
    waiting = conn.execute(select(case_to_count.c.n).limit(1)).first()
    zone = conn.execute(select(city.c.time_zone).limit(1)).scalar() or "UTC"
    return State(as_of, revision, first_on, walk is not None or waiting is not None, zone)


def depth(path: str) -> int:
    """How many levels a path has; sums are kept for the first three."""
    return path.count("/") + 1


def kept_for(paths: Sequence[str]) -> list[str]:
    """Which of these areas have sums of their own."""
    return [path for path in paths if depth(path) <= DEPTH]


def by_value(
    conn: Connection, *, areas: Sequence[str], group: str, period: Period
) -> dict[str, Masked]:
    """Sums of a period over the areas together, by what they are grouped by.

    Of days, groups of a subdistrict are counted here, case by case: they are few.
    """
    numbers = period.numbers()
    days = [it for it in numbers if it > _LAST_MONTH]
    small = [area for area in areas if not kept_by_day(area, group)]
    found = _summed(conn, indicator_sum.c.value, areas, group, numbers)
    if days and small:
        _count_cases(conn, found, areas=small, group=group, days=days)
    return found


def by_area(conn: Connection, *, areas: Sequence[str], period: Period) -> dict[str, Masked]:
    """Sums of a period by area."""
    return _summed(conn, indicator_sum.c.area, areas, "all", period.numbers())


def by_period(conn: Connection, *, areas: Sequence[str], periods: Sequence[Period]) -> list[Masked]:
    """Sums of each of several periods, which are days or whole months, over the areas together."""
    columns = indicator_sum.c
    numbers = {number: n for n, it in enumerate(periods) for number in it.numbers()}
    found: list[Masked] = [{} for _ in periods]
    query = (
        select(columns.period, columns.mask, *_sums())
        .where(_of(areas, "all"), columns.period.in_(list(numbers)))
        .group_by(columns.period, columns.mask)
    )
    for number, mask, *values in conn.execute(query):
        masked = found[numbers[number]]
        there = masked.get(mask, (0,) * len(MEASURES))
        masked[mask] = tuple(a + int(b) for a, b in zip(there, values, strict=True))
    return found


def children(conn: Connection, *, areas: Sequence[str], level: str) -> dict[str, str]:
    """The jurisdictions of a level within the areas: path → id."""
    query = select(jurisdiction.c.scope, jurisdiction.c.id).where(
        jurisdiction.c.level == level, within(jurisdiction.c.scope, areas)
    )
    return {path: name for path, name in conn.execute(query).all() if depth(path) <= DEPTH}


def classes(conn: Connection) -> dict[str, tuple[str, str, str | None]]:
    """Of each subcategory (KIND/CODE) its class: (KIND/CLASS, name, English name)."""
    version = select(func.max(category.c.list_version)).scalar_subquery()
    columns = category.c
    query = select(
        *(columns.kind, columns.code, columns.class_code),
        *(columns.class_name, columns.class_name_en),
    ).where(columns.list_version == version)
    return {
        f"{kind}/{code}": (f"{kind}/{of}", name, name_en)
        for kind, code, of, name, name_en in conn.execute(query)
    }


def names(conn: Connection) -> dict[str, dict[str, tuple[str, str | None]]]:
    """What units and subcategories are called: Chinese, and English where there is one."""
    version = select(func.max(category.c.list_version)).scalar_subquery()
    lists = category.c
    subcategories = conn.execute(
        select(lists.kind, lists.code, lists.name, lists.name_en).where(
            lists.list_version == version
        )
    )
    return {
        "unit": {row.id: (row.name, None) for row in conn.execute(select(unit.c.id, unit.c.name))},
        "subcategory": {f"{kind}/{code}": (name, en) for kind, code, name, en in subcategories},
    }


def area_names(conn: Connection, ids: Sequence[str]) -> dict[str, tuple[str, str | None]]:
    """What jurisdictions are called."""
    columns = jurisdiction.c
    query = select(columns.id, columns.name, columns.name_en).where(columns.id.in_(list(ids)))
    return {name: (zh, en) for name, zh, en in conn.execute(query)}


def behind(
    conn: Connection, *, asked: Behind, basis: Basis, sight: visible.Sight, limit: int, after: str
) -> list[visible.Row]:
    """The cases behind a number, by id, of what the reader may see."""
    counted = case_counted.c
    measure = {"due": basis.denominator, "timely": basis.numerator}.get(
        asked.measure, asked.measure
    )
    if measure == "left_out":
        measure = basis.denominator
    day, more = measured(measure)
    if measure == "late":
        more = and_(more, ~measured(basis.numerator)[1])
    judged = asked.measure in _OF_THE_RATE
    query: Select[Any] = (
        select(case)
        .select_from(case_counted.join(case, case.c.id == counted.case_id))
        .where(
            counted[day].between(*asked.days()),
            more,
            within(counted.path, asked.areas),
            visible.seen(case.c.scope, case.c.event, sight),
            case.c.id > after,
        )
        .order_by(case.c.id)
        .limit(min(limit, visible.MAX_ROWS))
    )
    if judged:
        query = query.where(counted.mask.op("&")(basis.mask) == 0)
    elif asked.measure == "left_out":
        query = query.where(counted.mask.op("&")(basis.mask) != 0)
    if asked.group != "all":
        query = query.where(counted[asked.group].in_(list(asked.values)))
    if asked.box is not None:
        west, south, east, north = asked.box
        inside = (case.c.lon >= west, case.c.lon < east, case.c.lat >= south, case.c.lat < north)
        query = query.where(*inside)
    return visible.rows(conn, query)


def measured(measure: str) -> tuple[str, ColumnElement[bool]]:
    """By which day a measure counts a case, and what else holds of the cases it counts."""
    return _MEASURED[measure]


def published(conn: Connection, *, areas: Sequence[str], basis: str) -> list[visible.Row]:
    """Figures as they were published by a basis, of these areas, the oldest first."""
    columns = indicator_published.c
    query = (
        select(indicator_published)
        .where(columns.area.in_(list(areas)), columns.basis == basis)
        .order_by(columns.indicator, columns.last_on, columns.first_on)
        .limit(visible.MAX_ROWS)
    )
    return visible.rows(conn, query)


def _count_cases(
    conn: Connection,
    found: dict[str, Masked],
    *,
    areas: Sequence[str],
    group: str,
    days: Sequence[int],
) -> None:
    """Add what the cases of some areas brought to some days."""
    columns = case_counted.c
    first, last = min(days), max(days)
    within_days = [
        columns[name].between(first, last)
        for name in ("reported_on", "filed_on", "answered_on", "due_on", "ended_on")
    ]
    query = select(case_counted).where(or_(*within_days), within(columns.path, areas))
    wanted = frozenset(days)
    sums: dict[tuple[str, int], list[int]] = {}
    for row in conn.execute(query):
        facts = Facts(*row[1:])
        mine = sums.setdefault((str(getattr(facts, group)), facts.mask), [0] * len(MEASURES))
        for day, measures in brought(facts):
            if day in wanted:
                for place, number in measures:
                    mine[place] += number
    for (value, mask), values in sums.items():
        masked = found.setdefault(value, {})
        there = masked.get(mask, (0,) * len(MEASURES))
        masked[mask] = tuple(map(add, there, values))


def _summed(
    conn: Connection,
    key: ColumnElement[str],
    areas: Sequence[str],
    group: str,
    numbers: Sequence[int],
) -> dict[str, Masked]:
    columns = indicator_sum.c
    query = (
        select(key, columns.mask, *_sums())
        .where(_of(areas, group), columns.period.in_(numbers))
        .group_by(key, columns.mask)
    )
    found: dict[str, Masked] = {}
    for name, mask, *values in conn.execute(query):
        found.setdefault(name, {})[mask] = tuple(map(int, values))
    return found


def _of(areas: Sequence[str], group: str) -> ColumnElement[bool]:
    return and_(indicator_sum.c.area.in_(list(areas)), indicator_sum.c.grouped == group)


def _sums() -> list[ColumnElement[Any]]:
    return [func.sum(indicator_sum.c[name]) for name in MEASURES]


_counted = case_counted.c
_MEASURED: Mapping[str, tuple[str, ColumnElement[bool]]] = {
    "reported": ("reported_on", true()),
    "undated": ("reported_on", _counted.undated == true()),
    "filed": ("filed_on", true()),
    "answered": ("answered_on", true()),
    "reworked": ("answered_on", _counted.reworked == true()),
    "closed": ("ended_on", true()),
    "due": ("due_on", true()),
    "timely": ("due_on", _counted.timely == true()),
    "unanswered": ("due_on", _counted.unanswered == true()),
    "late": ("due_on", _counted.unanswered != true()),
    "due_closed": ("due_on", _counted.ended_on.is_not(None)),
    "closed_in_time": ("due_on", _counted.closed_in_time == true()),
    "extended": (
        "due_on",
        and_(
            _counted.mask.op("&")(EXCLUSIONS["extended"]) != 0,
            _counted.mask.op("&")(EXCLUSIONS[Stage.VOIDED]) == 0,
        ),
    ),
}
"""Behind which number stand which cases: by which day, and what else holds of them."""

BEHIND = frozenset({*_MEASURED, "left_out"})
_OF_THE_RATE = frozenset({"due", "timely", "unanswered", "late", "due_closed", "closed_in_time"})
