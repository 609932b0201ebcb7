"""Old readings on SQLite: after 90 days they become hourly values, so that the file stays small.

PostgreSQL keeps everything in monthly partitions, which an operator may detach.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import and_, delete, or_, select

from dashboard.domain.stations import HOURLY, NOT_JUDGED
from data_access.bulk import insert_rows
from data_access.store import Store
from data_access.tables import reading, reading_latest

KEEP = timedelta(days=90)
BATCH_ROWS = 20_000
SUMMED = frozenset({"rain"})
"""Factors whose values are amounts of their interval; the hour's value is their sum."""


def thin(store: Store, now: datetime) -> int:
    """Make hourly values of what is older than 90 days at the city's ``now``.

    One transaction a station and factor at most every ``BATCH_ROWS`` rows. An hour's value is the
    mean (of rain the sum) of the newest revisions that may be judged, at the hour's beginning, with
    the flag ``hourly``. Returns how many rows went. A no-op on PostgreSQL.
    """
    if store.dialect != "sqlite":
        return 0
    before = (now - KEEP).replace(minute=0, second=0, microsecond=0)
    with store.read() as conn:
        query = select(reading_latest.c.station, reading_latest.c.factor)
        pairs = [(row.station, row.factor) for row in conn.execute(query)]
    gone = 0
    for station, factor in pairs:
        while went := _thin_batch(store, station, factor, before):
            gone += went
    return gone


def _thin_batch(store: Store, station: str, factor: str, before: datetime) -> int:
    columns = reading.c
    raw = (
        select(reading)
        .where(
            columns.station == station,
            columns.factor == factor,
            columns.at < before,
            or_(columns.flag.is_(None), columns.flag != HOURLY),
        )
        .order_by(columns.at, columns.revision)
        .limit(BATCH_ROWS)
    )
    with store.read() as conn:
        if conn.execute(raw.limit(1)).first() is None:
            return 0
    with store.write() as writer:
        rows = [dict(row._mapping) for row in writer.conn.execute(raw)]
        if len(rows) == BATCH_ROWS:
            # The last hour may be cut in two: leave it for the next batch.
            last = _hour(rows[-1]["at"])
            rows = [row for row in rows if _hour(row["at"]) < last] or rows
        if not rows:
            return 0
        span = and_(
            columns.station == station,
            columns.factor == factor,
            columns.at >= _hour(rows[0]["at"]),
            columns.at < _hour(rows[-1]["at"]) + timedelta(hours=1),
        )
        # What came later than 90 days joins the hour's value that stands there already.
        hourly = select(reading).where(span, columns.flag == HOURLY)
        rows += [dict(row._mapping) for row in writer.conn.execute(hourly)]
        rows.sort(key=lambda row: (row["at"], row["revision"]))
        writer.conn.execute(delete(reading).where(span))
        hours = groupby(rows, key=lambda row: _hour(row["at"]))
        insert_rows(writer.conn, reading, [_hourly(at, list(told)) for at, told in hours])
    return len(rows)


def _hourly(at: datetime, rows: Iterable[dict[str, Any]]) -> dict[str, Any]:
    # In order of revision, so that the last one stays.
    newest = {(row["at"], row["flag"] == HOURLY): row for row in rows}
    told = list(newest.values())
    judged = [row for row in told if row["flag"] not in NOT_JUDGED] or told
    values = [row["value"] for row in judged if row["value"] is not None]
    total = sum(values)
    summed = judged[0]["factor"] in SUMMED
    value = None if not values else total if summed else total / len(values)
    return judged[-1] | {
        "at": at,
        "revision": 0,
        "value": None if value is None else round(value, 6),
        "flag": HOURLY,
        "known_at": max(row["known_at"] for row in told),
    }


def _hour(at: datetime) -> datetime:
    return at.replace(minute=0, second=0, microsecond=0)
