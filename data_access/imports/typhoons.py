"""Owns how typhoons are imported: each fix and each point of a forecast a row."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from dashboard.domain.records import Limits, checks
from dashboard.domain.records.typhoon import typhoon
from data_access import typhoons
from data_access.changes import Writer
from data_access.imports.judge import ListReport, Options, Rows


def wanted(record: Any, only: str | None) -> bool:
    """Say whether a row is of the one typhoon that is asked for; what cannot be read is kept."""
    if only is None or not isinstance(record, dict):
        return True
    return str(record.get("id", "")).strip().endswith(only)


def import_typhoons(writer: Writer, records: Sequence[Any], options: Options) -> ListReport:
    """Take fixes and forecasts; where typhoons are, as far as is known now, follows at once."""
    context = checks.Context(options.now, Limits(unknown="learn"))
    rows = Rows(records, lambda row: tuple(row[name] for name in typhoons.KEY))
    rows.judge(lambda raw: typhoons.row_of(typhoon(context, raw)))
    by = _shift(rows, options)
    for row in rows.good.values():
        row |= {"moved": bool(by), "at": row["at"] + by, "issued_at": row["issued_at"] + by}
    rows.once("at")
    named = {row["typhoon"] for row in rows.good.values()}
    standing = typhoons.told(writer.conn, named)
    typhoons.add(writer, rows.new(standing), standing)
    typhoons.settle(writer, named, options.now)
    return rows.done()


def _shift(rows: Rows, options: Options) -> timedelta:
    """By how much times are moved, that the first is where the operator wants it."""
    moments: list[datetime] = [row["at"] for row in rows.good.values()]
    if options.shift_to is None or not moments:
        return timedelta(0)
    return options.shift_to - min(moments)
