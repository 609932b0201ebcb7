"""Readings into the store: history with its revisions, and the latest of each station and factor.

A value for a moment that already has another is a revision; the earlier one is kept. Beside the
latest rain stands the sum of its hour, made here whatever interval a station tells it by.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, select, text, tuple_

from dashboard.domain.records import ReadingRecord
from data_access.bulk import insert_rows
from data_access.ingest import search
from data_access.ingest.batch import Batch, among, upsert
from data_access.queries import rain
from data_access.tables import reading, reading_latest, station

RAIN_1H = "rain_1h"
_SQLITE_KEYS = 5_000

Key = tuple[str, str, datetime]


class _Station(NamedTuple):
    scope: str
    event: str | None
    drill: bool


class _Known(NamedTuple):
    revision: int
    value: float | None
    flag: str | None


def apply(batch: Batch, records: Sequence[tuple[int, ReadingRecord]]) -> None:
    """Take validated readings, in order."""
    first_known: dict[str, datetime] = {}
    for _, record in records:
        first_known.setdefault(record.station, batch.job.known(record))
    stations = _stations(batch, first_known)
    taken: list[tuple[int, ReadingRecord]] = []
    for index, record in records:
        name = f"{record.station}/{record.factor}"
        if record.station in stations:
            if not batch.is_other(index, name, drill=stations[record.station].drill):
                taken.append((index, record))
        else:
            batch.reject(index, name, "station", f"测站未知：{record.station[:60]}")
    latest = _latest(batch, {(record.station, record.factor) for _, record in taken})
    # Only what is not newer than the latest can already be in the history.
    asked = [
        (record.station, record.factor, record.at)
        for _, record in taken
        if (at := latest.get((record.station, record.factor))) is not None and record.at <= at
    ]
    known = _history(batch.conn, asked)
    rows: list[dict[str, Any]] = []
    newest: dict[tuple[str, str], dict[str, Any]] = {}
    real_now = datetime.now(UTC)
    for index, record in taken:
        key = (record.station, record.factor, record.at)
        before = known.get(key)
        if before is not None and (before.value, before.flag) == (record.value, record.flag):
            batch.outcome.unchanged.append(index)
            continue
        revision = 0 if before is None else before.revision + 1
        known[key] = _Known(revision, record.value, record.flag)
        row = row_of(batch, record, revision, real_now)
        rows.append(row)
        batch.outcome.accepted.append(index)
        pair = (record.station, record.factor)
        shown = latest.get(pair)
        if shown is None or record.at >= shown:
            latest[pair] = record.at
            newest[pair] = row
    insert_rows(batch.conn, reading, rows)
    newest |= _sums(batch, rows, latest, newest)
    _show(batch, newest, stations)


def row_of(
    batch: Batch, record: ReadingRecord, revision: int, real_now: datetime | None = None
) -> dict[str, Any]:
    """Give the row of the history that a reading becomes."""
    return {
        "station": record.station,
        "factor": record.factor,
        "at": record.at,
        "revision": revision,
        "value": record.value,
        "flag": record.flag,
        "known_at": batch.job.known(record),
        "real_at": real_now or datetime.now(UTC),
        "drill": batch.job.policy.drill,
    }


def _sums(
    batch: Batch,
    rows: Sequence[dict[str, Any]],
    latest: dict[tuple[str, str], datetime],
    newest: dict[tuple[str, str], dict[str, Any]],
) -> dict[tuple[str, str], dict[str, Any]]:
    """Make the latest sum of rain where it fell lately: single amounts of 5 minutes say little."""
    until: dict[str, datetime] = {}
    told: dict[str, dict[str, Any]] = {}
    for row in rows:
        at = latest[row["station"], row["factor"]]
        if row["factor"] == rain.FACTOR and row["at"] > at - rain.HOUR:
            until[row["station"]] = at
            told[row["station"]] = row
    if not until:
        return {}
    sums = rain.last_hours(batch.conn, until)
    return {
        (name, RAIN_1H): newest.get((name, rain.FACTOR), told[name])
        | {"factor": RAIN_1H, "at": at, "value": sums.get(name), "flag": None}
        for name, at in until.items()
    }


def _show(
    batch: Batch,
    newest: dict[tuple[str, str], dict[str, Any]],
    stations: dict[str, _Station],
) -> None:
    """Bring the latest up to date and say so."""
    shown: list[dict[str, Any]] = []
    for pair in sorted(newest):
        row = {name: value for name, value in newest[pair].items() if name != "revision"}
        scope, event, _ = stations[pair[0]]
        shown.append(row | {"feed": batch.job.feed, "scope": scope, "event": event})
        batch.writer.changed(
            "readings",
            f"{pair[0]}/{pair[1]}",
            old_scope=scope,
            new_scope=scope,
            drill=row["drill"],
        )
    upsert(batch, reading_latest, shown, ("station", "factor"))


def _stations(batch: Batch, first_known: dict[str, datetime]) -> dict[str, _Station]:
    """Give the stations that are known; learn the rest where allowed."""
    ids = first_known.keys()
    query = select(station.c.id, station.c.scope, station.c.event, station.c.drill).where(
        among(batch, station.c.id, sorted(ids))
    )
    found = {name: _Station(*told) for name, *told in batch.conn.execute(query)}
    if batch.job.policy.learn:
        missing = sorted(ids - found.keys())
        learned = [
            {
                "id": name,
                "kind": "other",
                "name": name,
                "updated_at": first_known[name],
                "feed": batch.job.feed,
                "scope": batch.city_path,
                "event": None,
                "drill": batch.job.policy.drill,
            }
            for name in missing
        ]
        insert_rows(batch.conn, station, learned)
        search.keep(batch.conn, "stations", ((None, row) for row in learned))
        for name in missing:
            found[name] = _Station(batch.city_path, None, batch.job.policy.drill)
            batch.writer.changed("stations", name, new_scope=batch.city_path)
    return found


def _latest(batch: Batch, pairs: set[tuple[str, str]]) -> dict[tuple[str, str], datetime]:
    """Give the moment of the latest reading, locking its row so that batches take turns."""
    query = (
        select(reading_latest.c.station, reading_latest.c.factor, reading_latest.c.at)
        .where(among(batch, reading_latest.c.station, sorted({pair[0] for pair in pairs})))
        .order_by(reading_latest.c.station, reading_latest.c.factor)
    )
    if batch.conn.dialect.name == "postgresql":
        query = query.with_for_update()
    return {(name, factor): at for name, factor, at in batch.conn.execute(query)}


def _history(conn: Connection, keys: Sequence[Key]) -> dict[Key, _Known]:
    """Give the newest revision of each moment that the history holds."""
    if not keys:
        return {}
    if conn.dialect.name == "postgresql":
        # The bounds let the server leave out the months that cannot matter.
        rows = conn.execute(
            text(
                "SELECT DISTINCT ON (r.station, r.factor, r.at) "
                "r.station, r.factor, r.at, r.revision, r.value, r.flag "
                "FROM unnest(CAST(:stations AS text[]), CAST(:factors AS text[]), "
                "CAST(:moments AS timestamptz[])) AS k(station, factor, at) "
                "JOIN reading r ON r.station = k.station AND r.factor = k.factor AND r.at = k.at "
                "WHERE r.at BETWEEN :low AND :high "
                "ORDER BY r.station, r.factor, r.at, r.revision DESC"
            ),
            {
                "stations": [key[0] for key in keys],
                "factors": [key[1] for key in keys],
                "moments": [key[2] for key in keys],
                "low": min(key[2] for key in keys),
                "high": max(key[2] for key in keys),
            },
        )
        return {(row[0], row[1], row[2]): _Known(*row[3:]) for row in rows}
    found: dict[Key, _Known] = {}
    columns = reading.c
    for start in range(0, len(keys), _SQLITE_KEYS):
        query = select(
            columns.station,
            columns.factor,
            columns.at,
            columns.revision,
            columns.value,
            columns.flag,
        ).where(
            tuple_(columns.station, columns.factor, columns.at).in_(
                keys[start : start + _SQLITE_KEYS]
            )
        )
        for name, factor, at, revision, value, flag in conn.execute(query):
            before = found.get((name, factor, at))
            if before is None or revision > before.revision:
                found[name, factor, at] = _Known(revision, value, flag)
    return found
