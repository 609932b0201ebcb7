"""Owns how plans are imported: a row a task, each plan whole or not at all."""

from collections.abc import Sequence
from typing import Any

from dashboard.domain.records import Reject
from data_access import plans
from data_access.changes import Writer
from data_access.imports.judge import ListReport, Options, Rows


def import_plans(writer: Writer, records: Sequence[Any], options: Options) -> ListReport:
    """Take plans as new versions; operations go on by the tasks with which they began."""
    rows = Rows(records, lambda row: (row.get("plan"), row.get("id")))
    places = list(rows.good)
    judged, new = plans.keep(writer, [rows.good[place] for place in places], options.now)
    report = rows.report
    for fault in judged.faults:
        report.rejected.append(Reject(places[fault.row], fault.id, fault.field, fault.reason))
    for name, taken in judged.rows.items():
        if name in new:
            report.accepted += len(taken)
        else:
            report.unchanged += len(taken)
    return report
