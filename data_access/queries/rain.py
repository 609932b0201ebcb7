"""How much rain fell at stations within the last hours, whatever the interval of their readings.

A reading of rain is what fell since the one before (5 minutes here, a tip in 15 elsewhere), told at
the end of its interval; a sum counts those told within ``(until - hours, until]``. The newest
revision of each moment counts, and none that nobody judges. An hour without a single reading has no
sum: silence is not zero.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, case, exists, func, or_, select

from dashboard.domain.stations import NOT_JUDGED
from data_access.tables import reading

FACTOR = "rain"
_STATIONS = 500
_DECIMALS = 3


def sums(
    conn: Connection, stations: Sequence[str], until: datetime, hours: Sequence[float]
) -> dict[str, dict[float, float]]:
    """For each station with a reading, its millimetres within each of the last ``hours``.

    A window without a reading is left out, and a station without any. Hours that became hourly
    values (after 90 days, on SQLite) are told at their beginning, so such sums are an hour early.
    """
    found: dict[str, dict[float, float]] = {}
    if not hours:
        return found
    for start in range(0, len(stations), _STATIONS):
        found |= _sums(conn, stations[start : start + _STATIONS], until, hours)
    return found


def _sums(
    conn: Connection, stations: Sequence[str], until: datetime, hours: Sequence[float]
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
            reading.c.at <= until,
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
