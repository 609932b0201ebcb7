"""How much rain fell at stations within the last hours, whatever the interval of their readings.

A reading of rain is what fell since the one before (5 minutes here, a tip in 15 elsewhere), told at
the end of its interval; a sum counts those told within ``(until - hours, until]``. The newest
revision of each moment counts, and none that nobody judges. An hour without a single reading has no
sum: silence is not zero.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, case, exists, func, or_, select

from dashboard.domain.stations import NOT_JUDGED
from data_access.tables import reading

FACTOR = "rain"
HOUR = timedelta(hours=1)
_STATIONS = 500
_DECIMALS = 3


def sums(
    conn: Connection,
    stations: Sequence[str],
    until: datetime,
    hours: Sequence[float],
    *,
    ahead: timedelta = timedelta(0),
) -> dict[str, dict[float, float]]:
    """For each station with a reading, its millimetres within each of the last ``hours``.

    ``ahead``: by how much the clock of a station may be before ours; what it tells by then counts.
    A window without a reading is left out, and a station without any. Hours that became hourly
    values (after 90 days, on SQLite) are told at their beginning, so such sums are an hour early.
    """
    found: dict[str, dict[float, float]] = {}
    if not hours:
        return found
    for start in range(0, len(stations), _STATIONS):
        asked = stations[start : start + _STATIONS]
        found |= _sums(conn, asked, until, until + ahead, hours)
    return found


def last_hours(conn: Connection, until: Mapping[str, datetime]) -> dict[str, float]:
    """For each station the millimetres within the hour that ends at its own moment."""
    close: dict[int, list[str]] = defaultdict(list)
    for name, moment in until.items():
        close[int(moment.timestamp() // HOUR.total_seconds())].append(name)
    found: dict[str, float] = {}
    for names in close.values():
        for start in range(0, len(names), _STATIONS):
            asked = names[start : start + _STATIONS]
            found |= _last_hours(conn, {name: until[name] for name in asked})
    return found


def _last_hours(conn: Connection, until: Mapping[str, datetime]) -> dict[str, float]:
    query = (
        select(reading.c.station, reading.c.at, reading.c.value, reading.c.flag)
        .where(
            reading.c.station.in_(list(until)),
            reading.c.factor == FACTOR,
            reading.c.at > min(until.values()) - HOUR,
            reading.c.at <= max(until.values()),
        )
        .order_by(reading.c.station, reading.c.at, reading.c.revision)
    )
    newest: dict[tuple[str, datetime], float] = {}
    for name, at, value, flag in conn.execute(query):
        if not until[name] - HOUR < at <= until[name]:
            continue
        newest.pop((name, at), None)
        if value is not None and flag not in NOT_JUDGED:
            newest[name, at] = value
    found: dict[str, float] = defaultdict(float)
    for (name, _), value in newest.items():
        found[name] += value
    return {name: round(total, _DECIMALS) for name, total in found.items()}


def _sums(
    conn: Connection,
    stations: Sequence[str],
    until: datetime,
    last: datetime,
    hours: Sequence[float],
) -> dict[str, dict[float, float]]:
    newer = reading.alias("newer")
    revised = exists().where(
        newer.c.station == reading.c.station,
        newer.c.factor == reading.c.factor,
        newer.c.at == reading.c.at,
        newer.c.revision > reading.c.revision,
    )
    begins = [until - timedelta(hours=span) for span in hours]
    # NULL where no reading falls into the window
    totals = [func.sum(case((reading.c.at > begin, reading.c.value))) for begin in begins]
    query = (
        select(reading.c.station, *totals)
        .where(
            reading.c.station.in_(stations),
            reading.c.factor == FACTOR,
            reading.c.at > min(begins),
            reading.c.at <= last,
            reading.c.value.is_not(None),
            or_(reading.c.flag.is_(None), reading.c.flag.not_in(NOT_JUDGED)),
            ~revised,
        )
        .group_by(reading.c.station)
    )
    return {
        name: {
            span: round(total, _DECIMALS)
            for span, total in zip(hours, told, strict=True)
            if total is not None
        }
        for name, *told in conn.execute(query)
    }
