"""The timeline of an operation: what was done about it and what happened; a page's, a sheet's."""

import io
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from flask import Response
from openpyxl import Workbook
from openpyxl.styles import Font, PatternFill

from dashboard.domain import drills, places
from dashboard.domain.alerts import ACTS_KEPT
from dashboard.domain.operations import ACTS, State
from dashboard.domain.operations import TIMELINE_KINDS as KINDS
from dashboard.domain.plans import TASK_STATES
from dashboard.domain.proposals import STATES as PROPOSAL_STATES
from dashboard.domain.roles import Right
from dashboard.domain.words import Words, said
from dashboard.http import items, operations
from dashboard.http.site import Site, answer
from data_access.alerts import book
from data_access.queries import duty, shift, treatments
from data_access.queries import operations as operation_queries
from data_access.queries import plans as task_queries
from data_access.queries import timeline as queries
from data_access.queries.scopes import time_zone

SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TASK_ACTS: dict[str, Words] = {
    "done": Words("完成任务", "Task done"),
    "reopened": Words("撤回完成", "Taken back"),
    "dropped": Words("未完成，随结束终止", "Not done by the end"),
    "missed": Words("到时未完成", "Not done in time"),
}
_FIGURES: dict[str, tuple[tuple[str, str], ...]] = {
    "tasks": (
        *(("all", "任务总数"), ("met", "按时完成"), ("late", "逾时完成")),
        *(("missed", "到时未完成"), ("open", "未到时限")),
    ),
    "places": (("ponding", "积水点"), ("closed", "封闭"), ("cleared", "已退水或恢复")),
    "alerts": (("raised", "触发"), ("acknowledged", "确认"), ("cleared", "恢复")),
    "cases": (
        *(("expedited", "加急案件"), ("limited", "有应急时限")),
        *(("overdue", "因应急超期"), ("deferred", "顺延案件")),
    ),
}
_WIDE = 24


def register(site: Site) -> None:
    """Mount the routes."""
    guard = site.guard

    @guard.route("/api/v1/operations/<operation_id>/timeline", right=Right.LOOK)
    def timeline(operation_id: str) -> Response:
        row, told = _told(site, operation_id)
        whole = {"operation": operations.item(row), "cases": told["figures"]["cases"], **told}
        return answer({**whole, "next": None})

    @guard.route("/api/v1/operations/<operation_id>/timeline.xlsx", right=Right.LOOK)
    def sheet(operation_id: str) -> Response:
        row, told = _told(site, operation_id)
        with site.store.read() as conn:
            zone = ZoneInfo(time_zone(conn))
            tasks = task_queries.tasks(conn, operation_id=operation_id)
            posts = duty.posts(conn)
        data = _workbook(row, told, tasks, posts, zone)
        mark = drills.MARK.zh if row["drill"] else "时间线"
        plain = f"{'drill-' if row['drill'] else ''}{row['id']}.xlsx"
        named = quote(f"{mark}-{row['id']}.xlsx")
        name = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{named}"
        return Response(data, mimetype=SHEET, headers={"Content-Disposition": name})


def _told(site: Site, operation_id: str) -> tuple[Mapping[str, Any], dict[str, Any]]:
    """Ask for the lines of an operation, with the words of what they are about, and its figures."""
    row = operations.seen(site, operation_id)
    now = site.clock.now()
    span = queries.Span(
        operation=operation_id,
        scope=row["scope"],
        scopes=site.guard.known().scopes,
        since=row["effective_at"],
        until=now if row["state"] == State.IN_FORCE else max(row["ended_at"], row["entered_at"]),
        drill=bool(row["drill"]),
    )
    with site.store.read() as conn:
        found, more = queries.entries(conn, span)
        figures = queries.figures(conn, span)
        figures["cases"] = treatments.counts(conn, [operation_id], now)[operation_id]
        rules = book.current(conn).rules
        about = [(it.detail["topic"], it.detail["id"]) for it in found if it.kind == "alert"]
        names = shift.names(conn, list(dict.fromkeys(about)))
    lines = []
    for it in found:
        line: dict[str, Any] = {**it._asdict(), "at": items.iso(it.at)}
        line["words"] = list(_words(it))
        if it.kind == "alert":
            rule = rules.get(it.detail["rule"])
            called = (rule.name, rule.name_en) if rule else (it.detail["rule"],) * 2
            key = (it.detail["topic"], it.detail["id"])
            line["detail"] = {
                **it.detail,
                "name": names.get(key, it.detail["id"]),
                "rule_name": list(called),
            }
        if span.drill:
            line["drill"] = True
        lines.append(line)
    return row, {"items": lines, "figures": figures, "more": more}


def _words(entry: queries.Entry) -> Words:
    """What happened, in both languages."""
    if entry.kind == "operation":
        return said(ACTS, entry.act)
    if entry.kind == "proposal":
        return said(PROPOSAL_STATES, entry.act)
    if entry.kind == "task":
        return said(TASK_ACTS, entry.act)
    if entry.kind == "place":
        return said(places.STATES, entry.act)
    return said(ACTS_KEPT, entry.act)


def about(line: Mapping[str, Any]) -> str:
    """What a line is about, in Chinese."""
    detail = line["detail"]
    if line["kind"] == "alert":
        return f"{detail['rule_name'][0]} · {detail['name']}"
    if line["kind"] == "place":
        depth = detail["depth_cm"]
        return str(detail["name"]) + ("" if not depth else f" · {depth:g} 厘米")
    if line["kind"] == "operation":
        level = detail.get("level")
        return "" if level is None else _level(level)
    if line["kind"] == "proposal":
        return f"{detail['name']} · {_level(detail['level'])}"
    return str(detail["name"])


def _level(level: int) -> str:
    return ["Ⅰ", "Ⅱ", "Ⅲ", "Ⅳ"][level - 1] + "级"


class _Book:
    """A workbook whose every row says whether it is of a drill, and whose cells are no formulas."""

    def __init__(self, *, drill: bool) -> None:
        self.book = Workbook()
        self.drill = drill
        first = self.book.active
        assert first is not None
        self._sheet: Any = first
        self._fresh = True

    def sheet(self, name: str) -> None:
        """Begin another sheet."""
        self._sheet = self._sheet if self._fresh else self.book.create_sheet()
        self._fresh = False
        self._sheet.title = name
        for column in "ABCDEFGHI":
            self._sheet.column_dimensions[column].width = _WIDE

    def head(self, *cells: str) -> None:
        """Write the names of the columns."""
        self._sheet.append([*cells, drills.MARK.zh])
        for cell in self._sheet[self._sheet.max_row]:
            cell.font = Font(bold=True)

    def row(self, *cells: Any) -> None:
        """Write a row of what the columns name."""
        self._sheet.append([*map(_plain, cells), drills.MARK.zh if self.drill else ""])
        if self.drill:
            self._sheet.cell(self._sheet.max_row, len(cells) + 1).fill = _STRIPES

    def line(self, *cells: Any) -> None:
        """Write a line that stands alone."""
        self._sheet.append(list(map(_plain, cells)))

    def data(self) -> bytes:
        """Give the file."""
        out = io.BytesIO()
        self.book.save(out)
        return out.getvalue()


_STRIPES = PatternFill("lightUp")


def _workbook(
    row: Mapping[str, Any],
    told: Mapping[str, Any],
    tasks: Sequence[Mapping[str, Any]],
    posts: Mapping[str, Mapping[str, Any]],
    zone: ZoneInfo,
) -> bytes:
    """Write the sheets: what was done in order, the tasks met and missed, the figures."""

    def local(moment: datetime | str | None) -> str:
        if isinstance(moment, str):
            moment = datetime.fromisoformat(moment)
        return "" if moment is None else f"{moment.astimezone(zone):%Y-%m-%d %H:%M:%S}"

    made = _Book(drill=bool(row["drill"]))
    made.sheet("时间线")
    title = operations.title_of(operation_queries.of_row(row))[0]
    made.line((f"{drills.MARK.zh} · " if row["drill"] else "") + title)
    made.line("生效", local(row["effective_at"]), "结束", local(row["ended_at"]))
    made.line()
    made.head("时间", "类别", "事项", "对象", "人员", "说明")
    for it in told["items"]:
        kind = KINDS[it["kind"]].zh
        made.row(local(it["at"]), kind, it["words"][0], about(it), it["by"] or "", it["note"] or "")
    made.sheet("任务")
    made.head("阶段", "任务", "岗位", "应完成", "完成", "状态", "人员", "说明")
    for task in tasks:
        late = task["done_at"] is not None and task["done_at"] > task["due_at"]
        state = TASK_STATES[task["state"]].zh + ("（逾时）" if late else "")
        post = (posts.get(task["post"]) or {}).get("name", task["post"])
        due, done = local(task["due_at"]), local(task["done_at"])
        made.row(
            *(task["phase"], task["name"], post, due, done, state, task["done_by"], task["note"])
        )
    made.sheet("汇总")
    made.head("类别", "项目", "数量")
    for group, names in _FIGURES.items():
        for name, word in names:
            made.row(KINDS[group.rstrip("s")].zh, word, told["figures"][group].get(name, 0))
    return made.data()


def _plain(cell: Any) -> Any:
    """Give a cell that no sheet takes for a formula."""
    if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@"):
        return "'" + cell
    return cell
