"""The live figure of the indicator: a row for the city and for each district, on every screen.

Written with the sums, at most every few seconds, and only rows whose numbers changed; their moment
alone is renewed once a minute.
"""

import time
from collections.abc import Mapping
from datetime import datetime, tzinfo
from typing import Any

from sqlalchemy import Connection, delete, insert, or_, select, update

from dashboard.domain.cases import Mark, Stage
from dashboard.domain.indicators import EXCLUSIONS, MEASURES, day_number
from dashboard.domain.rates import LIVE, figures
from data_access.changes import Writer
from data_access.queries.scopes import city_scope
from data_access.tables import figure, indicator_sum, jurisdiction

EVERY_S = 3.0
RENEW_S = 60.0
_FIRST_MONTH, _LAST_MONTH = 100_000, 999_999
_NOT_OVERDUE = EXCLUSIONS[Mark.SUSPENDED] | EXCLUSIONS[Mark.DEFERRED] | EXCLUSIONS[Stage.VOIDED]


class Publisher:
    """Writes the rows, at its pace."""

    def __init__(self) -> None:
        """Begin with rows to write."""
        self._stale = True
        self._counting = False
        self._wrote = float("-inf")

    def publish(
        self, writer: Writer, *, now: datetime, zone: tzinfo, changed: bool, counting: bool
    ) -> None:
        """Bring the rows up to date where it is time for it."""
        self._stale |= changed or counting != self._counting
        self._counting = counting
        passed = time.monotonic() - self._wrote
        if passed < (EVERY_S if self._stale else RENEW_S):
            return
        write(writer, now=now, zone=zone, renew=passed >= RENEW_S, counting=counting)
        self._stale = False
        self._wrote = time.monotonic()


def write(
    writer: Writer, *, now: datetime, zone: tzinfo, renew: bool, counting: bool = False
) -> None:
    """Write the rows that changed; with ``renew`` all, for the moment that they carry."""
    conn = writer.conn
    month = day_number(now, zone) // 100
    areas = _areas(conn)
    made = _rows(conn, areas, month)
    old = {row.id: dict(row._mapping) for row in conn.execute(select(figure))}
    for area, row in made.items():
        before = old.get(area)
        if (
            before is not None
            and not renew
            and all(before[name] == value for name, value in {**row, "counting": counting}.items())
        ):
            continue
        values = {**row, "counting": counting, "scope": area, "as_of": now}
        if before is None:
            conn.execute(insert(figure).values(id=area, **values))
        else:
            conn.execute(update(figure).where(figure.c.id == area).values(**values))
        old_scope = None if before is None else str(before["scope"])
        writer.changed("figures", area, old_scope=old_scope, new_scope=area)
    for area in old.keys() - made.keys():
        conn.execute(delete(figure).where(figure.c.id == area))
        writer.changed("figures", area, old_scope=old[area]["scope"])


def _rows(conn: Connection, areas: list[str], month: int) -> dict[str, dict[str, Any]]:
    columns = indicator_sum.c
    query = select(
        columns.area, columns.mask, columns.period, *(columns[name] for name in MEASURES)
    ).where(
        columns.area.in_(areas),
        columns.grouped == "all",
        columns.period.between(_FIRST_MONTH, _LAST_MONTH),
        or_(columns.period == month, columns.unanswered != 0),
    )
    sums: dict[str, dict[int, tuple[int, ...]]] = {area: {} for area in areas}
    overdue = dict.fromkeys(areas, 0)
    open_place = MEASURES.index("unanswered")
    for area, mask, period, *values in conn.execute(query):
        if not mask & _NOT_OVERDUE:
            overdue[area] += values[open_place]
        if period == month:
            sums[area][mask] = tuple(values)
    return {area: _row(sums[area], overdue[area], month) for area in areas}


def _row(sums: Mapping[int, tuple[int, ...]], overdue: int, month: int) -> dict[str, Any]:
    found = figures(sums, LIVE)
    names = ("due", "timely", "unanswered", "left_out", "undated")
    told = {name: found[name] for name in names}
    return {"basis": LIVE.id, "period": month, "overdue": overdue, **told}


def _areas(conn: Connection) -> list[str]:
    query = select(jurisdiction.c.scope).where(jurisdiction.c.level == "district")
    return sorted({city_scope(conn), *conn.execute(query).scalars()})
