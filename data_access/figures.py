"""The live figure of the indicator: a row for the city and for each district, on every screen.

Written with the sums, at most every few seconds, and only rows whose numbers changed; their moment
alone is renewed once a minute.
"""

import time
from collections.abc import Mapping
from datetime import datetime, tzinfo
from operator import add
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from dashboard.domain.bases import Basis
from dashboard.domain.cases import Mark, Stage
from dashboard.domain.indicators import EXCLUSIONS, MEASURES, number_of
from dashboard.domain.periods import Period, period_of
from dashboard.domain.rates import figures
from data_access import bases
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
        self._version = 0

    def publish(
        self, writer: Writer, *, now: datetime, zone: tzinfo, changed: bool, counting: bool
    ) -> None:
        """Bring the rows up to date where it is time for it."""
        version = bases.version(writer.conn)
        self._stale |= changed or counting != self._counting or version != self._version
        self._counting, self._version = counting, version
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
    basis = bases.current(conn).main
    period = period_of(basis.period, now.astimezone(zone).date(), basis.month_from)
    made = _rows(conn, _areas(conn), basis, period)
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


def _rows(
    conn: Connection, areas: list[str], basis: Basis, period: Period
) -> dict[str, dict[str, Any]]:
    columns = indicator_sum.c
    mine = (columns.area.in_(areas), columns.grouped == "all")
    sums: dict[str, dict[int, tuple[int, ...]]] = {area: {} for area in areas}
    query = select(columns.area, columns.mask, *(columns[name] for name in MEASURES))
    for area, mask, *values in conn.execute(
        query.where(*mine, columns.period.in_(period.numbers()))
    ):
        there = sums[area].get(mask)
        sums[area][mask] = tuple(values) if there is None else tuple(map(add, there, values))
    overdue = dict.fromkeys(areas, 0)
    months = columns.period.between(_FIRST_MONTH, _LAST_MONTH)
    open_ = select(columns.area, columns.mask, columns.unanswered)
    for area, mask, number in conn.execute(open_.where(*mine, months, columns.unanswered != 0)):
        if not mask & _NOT_OVERDUE:
            overdue[area] += number
    about = {
        "basis": basis.id,
        "basis_name": basis.name.zh,
        "basis_name_en": basis.name.en,
        "span": str(basis.period),
        "first_on": number_of(period.first),
        "last_on": number_of(period.last),
    }
    return {area: about | _row(sums[area], basis, overdue[area]) for area in areas}


def _row(sums: Mapping[int, tuple[int, ...]], basis: Basis, overdue: int) -> dict[str, Any]:
    found = figures(sums, basis)
    names = ("due", "timely", "unanswered", "left_out", "undated")
    return {"overdue": overdue, **{name: found[name] for name in names}}


def _areas(conn: Connection) -> list[str]:
    query = select(jurisdiction.c.scope).where(jurisdiction.c.level == "district")
    return sorted({city_scope(conn), *conn.execute(query).scalars()})
