"""Owns how the bases 口径 of the rate are imported: a whole list, taken or refused as one."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from dashboard.domain import bases as rules
from dashboard.domain.bases import BasisError
from dashboard.domain.records import checks
from data_access import bases
from data_access.changes import Writer
from data_access.imports.judge import ListReport, Options, Rows
from data_access.tables import indicator_published


def import_bases(writer: Writer, records: Sequence[Any], options: Options) -> ListReport:
    """Take the bases as a new version, if every row is good; the same again changes nothing.

    One by which figures were imported must stay. No case is counted anew: sums are kept by
    whatever may leave a case out.
    """
    rows = Rows(records, lambda row: row["id"])
    rows.judge(_plain)
    rows.once("id")
    used = set(writer.conn.execute(select(indicator_published.c.basis).distinct()).scalars())
    told = {row["id"] for row in rows.good.values() if row["imported"]}
    missing = sorted(used - told)
    if missing and not rows.report.rejected:
        _refuse_all(rows, "id", f"已按此口径导入数字，须保留：{'、'.join(missing)}。")
    if rows.report.rejected:
        _refuse_all(rows, "", "同一清单中有行被拒绝，整份未采用。")
        return rows.done()
    existing = {it.id: rules.plain(it) for it in bases.current(writer.conn).every.values()}
    good = list(rows.good.values())
    try:
        made = [rules.basis(row) for row in good]
        bases.keep(writer, made, by="cli", now=options.now)
    except BasisError as error:
        _refuse_all(rows, error.field, error.reason + "。")
        return rows.done()
    rows.new(existing)
    return rows.done()


def _plain(raw: dict[str, Any]) -> dict[str, Any]:
    try:
        return rules.plain(rules.basis(raw))
    except BasisError as error:
        raise checks.Bad(error.field, error.reason + "。") from error


def _refuse_all(rows: Rows, where: str, reason: str) -> None:
    for index in list(rows.good):
        rows.refuse(index, where, reason)
