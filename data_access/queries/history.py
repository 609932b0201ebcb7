"""Readings of one station and factor between two moments, few enough to be drawn.

The newest revision of each moment counts. A line is thinned by MinMaxLTTB, which keeps peaks and
troughs; rain is summed into columns, because a sum must not lose a drop.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, select
from tsdownsample import MinMaxLTTBDownsampler

from dashboard.domain.stations import NOT_JUDGED
from data_access.queries import visible
from data_access.tables import UTCDateTime, station

Seconds = NDArray[np.float64]
Values = NDArray[np.float64]
_Asked = tuple[str, str, datetime, datetime]

_GAP_STEPS = 4.0  # as many usual steps without a word make a gap in the line


@dataclass(frozen=True, kw_only=True)
class History:
    """What is drawn. ``at``: seconds since 1970; ``value``: NaN where the line breaks.

    ``suspect``: readings that nobody judges, apart from the line. ``step_s``: width of a column,
    None for a line. ``told``: how many readings there are.
    """

    at: Seconds
    value: Values
    suspect_at: Seconds
    suspect: Values
    told: int
    step_s: int | None = None


def find_station(conn: Connection, *, station_id: str, sight: visible.Sight) -> visible.Row | None:
    """The station, or None where there is none that the reader may see."""
    query = select(station).where(
        station.c.id == station_id, visible.seen(station.c.scope, station.c.event, sight.whole)
    )
    return next(iter(visible.rows(conn, query)), None)


def line(
    conn: Connection,
    *,
    station_id: str,
    factor: str,
    after: datetime,
    until: datetime,
    points: int,
) -> History:
    """At most about ``points`` points of the line from ``after`` to ``until``."""
    at, value, suspect = _told(conn, station_id, factor, after, until)
    good = np.isfinite(value) & ~suspect
    doubtful = np.isfinite(value) & suspect
    thin_at, thin = _thin(at[good], value[good], points)
    suspect_at, doubted = _thin(at[doubtful], value[doubtful], points, gaps=False)
    return History(
        at=thin_at, value=thin, suspect_at=suspect_at, suspect=doubted, told=int(at.size)
    )


def columns(
    conn: Connection,
    *,
    station_id: str,
    factor: str,
    after: datetime,
    until: datetime,
    step_s: int,
    begins_s: int,
) -> History:
    """Sums of ``step_s`` seconds, each at its beginning; ``begins_s`` is where one begins.

    A column without a word is NaN, one of zeros is zero.
    """
    at, value, suspect = _told(conn, station_id, factor, after, until)
    good = np.isfinite(value) & ~suspect
    # a sum at 08:00 is what fell before it: the reading at the border belongs to the column before
    slot = np.floor((at[good] - begins_s - 1e-3) / step_s).astype(np.int64)
    first = int(np.floor((after.timestamp() - begins_s) / step_s))
    last = int(np.ceil((until.timestamp() - begins_s) / step_s))
    kept = (slot >= first) & (slot < last)
    size = max(0, last - first)
    sums = np.bincount(slot[kept] - first, weights=value[good][kept], minlength=size)
    counts = np.bincount(slot[kept] - first, minlength=size)
    starts = (np.arange(first, last, dtype=np.float64)) * step_s + begins_s
    empty = np.empty(0)
    return History(
        at=starts,
        value=np.where(counts > 0, np.round(sums, 3), np.nan),
        suspect_at=empty,
        suspect=empty,
        told=int(at.size),
        step_s=step_s,
    )


def _told(
    conn: Connection, station_id: str, factor: str, after: datetime, until: datetime
) -> tuple[Seconds, Values, NDArray[np.bool_]]:
    """Moments, values (NaN where none) and doubt, in order, the newest revision of each moment.

    Asked of the driver itself: making a row object of each of 100,000 takes longer than the rest.
    """
    asked = (station_id, factor, after, until)
    if conn.dialect.name == "postgresql":
        moments, values, flags = _of_postgresql(conn, asked)
    else:
        moments, values, flags = _of_sqlite(conn, asked)
    if not len(values):
        empty = np.empty(0)
        return empty, empty, np.empty(0, dtype=np.bool_)
    value = np.asarray(values, dtype=np.float64)
    suspect = np.fromiter((flag in NOT_JUDGED for flag in flags), np.bool_, len(flags))
    newest = np.append(np.abs(np.diff(moments)) > 1e-4, True)
    return moments[newest], value[newest], suspect[newest]


def _of_postgresql(conn: Connection, asked: _Asked) -> tuple[Seconds, Sequence[Any], Sequence[Any]]:
    driver = conn.connection.driver_connection
    assert driver is not None
    with driver.cursor(binary=True) as cursor:
        cursor.execute(
            "SELECT date_part('epoch', at), value, flag FROM reading WHERE station = %s "
            "AND factor = %s AND at > %s AND at <= %s ORDER BY at, revision",
            asked,
        )
        found = cursor.fetchall()
    moments, values, flags = zip(*found, strict=True) if found else ((), (), ())
    return np.asarray(moments, dtype=np.float64), values, flags


def _of_sqlite(conn: Connection, asked: _Asked) -> tuple[Seconds, Sequence[Any], Sequence[Any]]:
    station_id, factor, *moments_asked = asked
    bind = UTCDateTime().process_bind_param
    borders = (bind(moment, conn.dialect) for moment in moments_asked)
    found = conn.exec_driver_sql(
        "SELECT at, value, flag FROM reading WHERE station = ? AND factor = ? "
        "AND at > ? AND at <= ? ORDER BY at, revision",
        (station_id, factor, *borders),
    ).cursor.fetchall()
    texts, values, flags = zip(*found, strict=True) if found else ((), (), ())
    # of fixed width, UTC: the Z is left out, which numpy does not read
    at = np.array(texts, dtype="S26").astype("datetime64[us]").astype(np.int64) / 1e6
    return at, values, flags


def _thin(at: Seconds, value: Values, points: int, *, gaps: bool = True) -> tuple[Seconds, Values]:
    """Thin a line, and break it where it was silent for long."""
    kept = np.arange(at.size)
    if at.size > points:
        thinner = MinMaxLTTBDownsampler()  # type: ignore[no-untyped-call] # theirs
        kept = thinner.downsample(at, value, n_out=points).astype(np.int64)
    thin_at, thin = at[kept], value[kept]
    if not gaps or at.size < 3:
        return thin_at, thin
    steps = np.diff(at)
    silent = np.flatnonzero(steps > np.median(steps) * _GAP_STEPS)
    if not silent.size:
        return thin_at, thin
    # a silence after reading i breaks the line between the kept points on either side of it
    places = np.unique(np.searchsorted(kept, silent, side="right"))
    places = places[(places > 0) & (places < kept.size)]
    return (
        np.insert(thin_at, places, thin_at[places - 1]),
        np.insert(thin, places, np.nan),
    )
