"""Tasks of an operation's plan, and the timeline of all that was done: a page's, a sheet's."""

import io
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Response
from openpyxl import Workbook
from openpyxl.styles import Font

from dashboard.domain.operations import ACTS, State
from dashboard.domain.plans import TASK_STATES
from dashboard.domain.roles import Right
from dashboard.http import items, operations
from dashboard.http.idempotency import once
from dashboard.http.problems import Problem
from dashboard.http.site import Site, answer, json_body, sight_of
from dashboard.http.told import number, text
from data_access.changes import Writer
from data_access.commands import plans as commands
from data_access.plans import current
from data_access.queries import operations as operation_queries
from data_access.queries import plans as queries
from data_access.queries import treatments
from data_access.queries.scopes import time_zone

SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_NOTE = 500
_TASK_ACTS = {"done": "完成任务", "reopened": "撤回完成", "dropped": "未完成"}
_ALERT_ACTS = {
    "raised": "告警",
    "cleared": "告警解除",
    "acknowledged": "确认告警",
    "owned": "认领告警",
    "shelved": "搁置告警",
}


_CASES = {
    "expedited": "加急案件",
    "limited": "有应急时限",
    "overdue": "因应急超期",
    "deferred": "顺延案件",
}


def register(site: Site) -> None:
    """Mount the routes."""
    guard = site.guard

    @guard.route("/api/v1/plans", right=Right.LOOK)
    def plans() -> Response:
        with site.store.read() as conn:
            known = current(conn)
        return answer(
            {"items": [_plan(it.plan, it.version) for it in known.values()], "next": None}
        )

    @guard.route("/api/v1/operations/<operation_id>/tasks", right=Right.LOOK)
    def tasks(operation_id: str) -> Response:
        operations.seen(site, operation_id)
        with site.store.read() as conn:
            found = queries.tasks(conn, operation_id=operation_id)
        return answer({"items": [_task(row) for row in found], "next": None})

    @guard.route("/api/v1/operations/<operation_id>/timeline", right=Right.LOOK)
    def timeline(operation_id: str) -> Response:
        row, entries = _timeline(site, operation_id)
        told = [{**it._asdict(), "at": items.iso(it.at)} for it in entries]
        cases = _counts(site, operation_id)
        whole = {"operation": operations.item(row), "cases": cases, "items": told, "next": None}
        return answer(whole)

    @guard.route("/api/v1/operations/<operation_id>/timeline.xlsx", right=Right.LOOK)
    def sheet(operation_id: str) -> Response:
        row, entries = _timeline(site, operation_id)
        with site.store.read() as conn:
            zone = ZoneInfo(time_zone(conn))
            found = queries.tasks(conn, operation_id=operation_id)
        data = _workbook(row, entries, found, zone, _counts(site, operation_id))
        name = f'attachment; filename="{row["id"]}.xlsx"'
        return Response(data, mimetype=SHEET, headers={"Content-Disposition": name})

    def mount(name: str, perform: Callable[..., Mapping[str, Any]]) -> None:
        @guard.route(
            f"/api/v1/tasks/<task_id>/{name}",
            right=Right.ENTER,
            methods=("POST",),
            endpoint=f"task.{name}",
        )
        @once(site)
        def change(task_id: str) -> Response:
            return answer(_task(_act(site, task_id, name, perform)))

    mount("done", _done)
    mount("reopen", _reopen)


def _done(writer: Writer, task_id: str, by: str, now: datetime, body: dict[str, Any]) -> Any:
    try:
        return commands.done(
            writer,
            task_id,
            by=by,
            now=now,
            note=text(body, "note", most=_NOTE),
            version=number(body, "version"),
        )
    except commands.EvidenceMissing as missing:
        raise Problem(422, "此任务须附说明或数量。", field="note") from missing


def _reopen(writer: Writer, task_id: str, by: str, now: datetime, body: dict[str, Any]) -> Any:
    note = text(body, "reason", most=_NOTE, needed=True) or ""
    version = number(body, "version")
    return commands.reopen(writer, task_id, by=by, now=now, note=note, version=version)


def _act(
    site: Site, task_id: str, name: str, perform: Callable[..., Mapping[str, Any]]
) -> Mapping[str, Any]:
    who = site.guard.known()
    with site.store.read() as conn:
        found = queries.find(conn, task_id=task_id, sight=sight_of(who))
    if found is None:
        raise Problem(404, "没有此任务，或不在您的权限范围内。")
    if not who.sees(found["scope"], found["event"]):
        raise Problem(403, "此任务不在您的权限范围内。")
    body = json_body()
    try:
        with site.store.write() as writer:
            row = perform(writer, task_id, who.display_name, site.clock.now(), body)
            detail = {"operation": row["operation"], "note": row["note"]}
            about = {"scope": row["scope"], "drill": row["drill"]}
            site.note(writer, f"task-{name}", subject=task_id, detail=detail, **about)
    except commands.Stale as stale:
        raise Problem(409, "此任务的状态已变化。", state=_task(stale.state)) from stale
    return row


def _task(row: Mapping[str, Any]) -> dict[str, Any]:
    hidden = ("scope", "event", "live")
    return {str(name): items.iso(it) for name, it in row.items() if name not in hidden}


def _plan(plan: Any, version: int) -> dict[str, Any]:
    return {
        "id": plan.id,
        "version": version,
        "name": list(plan.words),
        "kind": plan.kind,
        "scenario": plan.scenario,
        "tasks": [
            {
                "id": task.id,
                "phase": list(task.phase),
                "name": list(task.words),
                "post": task.post,
                "due_min": task.due_min,
                "levels": list(task.levels),
                "evidence": task.evidence,
            }
            for task in plan.tasks
        ],
    }


def _timeline(site: Site, operation_id: str) -> tuple[Mapping[str, Any], list[queries.Entry]]:
    row = operations.seen(site, operation_id)
    now = site.clock.now()
    until = now if row["state"] == State.IN_FORCE else max(row["ended_at"], row["entered_at"])
    with site.store.read() as conn:
        entries = queries.timeline(
            conn,
            operation_id=operation_id,
            scope=row["scope"],
            scopes=site.guard.known().scopes,
            since=row["effective_at"],
            until=until,
            drill=bool(row["drill"]),
        )
    return row, entries


def _counts(site: Site, operation_id: str) -> dict[str, int]:
    with site.store.read() as conn:
        return treatments.counts(conn, [operation_id], site.clock.now())[operation_id]


def _workbook(
    row: Mapping[str, Any],
    entries: list[queries.Entry],
    tasks: list[dict[str, Any]],
    zone: ZoneInfo,
    cases: Mapping[str, int],
) -> bytes:
    """Write the sheet: what was done in order, and the tasks met and missed."""

    def local(moment: datetime | None) -> str:
        return "" if moment is None else f"{moment.astimezone(zone):%Y-%m-%d %H:%M:%S}"

    book = Workbook()
    first = book.active
    assert first is not None
    first.title = "时间线"
    title = operations.title_of(operation_queries.of_row(row))[0]
    first.append([("演练 · " if row["drill"] else "") + title])
    first.append(["生效", local(row["effective_at"]), "结束", local(row["ended_at"])])
    first.append([cell for name, zh in _CASES.items() for cell in (zh, cases[name])])
    first.append(["时间", "类别", "事项", "对象", "人员", "说明"])
    for entry in entries:
        words = {
            "operation": ACTS[entry.act].zh if entry.act in ACTS else entry.act,
            "task": _TASK_ACTS.get(entry.act, entry.act),
            "alert": _ALERT_ACTS.get(entry.act, entry.act),
        }
        kind = {"operation": "响应", "task": "任务", "alert": "告警"}[entry.kind]
        about = entry.detail.get("name") if entry.kind == "task" else entry.detail.get("id")
        line = [local(entry.at), kind, words[entry.kind], about or "", entry.by or "", entry.note]
        first.append([_plain(cell) for cell in line])
    second = book.create_sheet("任务")
    second.append(["阶段", "任务", "岗位", "应完成", "完成", "状态", "人员", "说明"])
    for task in tasks:
        late = task["done_at"] is not None and task["done_at"] > task["due_at"]
        state = TASK_STATES[task["state"]].zh + ("（逾时）" if late else "")
        line = [task["phase"], task["name"], task["post"], local(task["due_at"])]
        line += [local(task["done_at"]), state, task["done_by"], task["note"]]
        second.append([_plain(cell) for cell in line])
    for sheet, head in ((first, 4), (second, 1)):
        for cell in sheet[head]:
            cell.font = Font(bold=True)
        for column in "ABCDEFGH":
            sheet.column_dimensions[column].width = 24
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _plain(cell: Any) -> Any:
    """Give a cell that no sheet takes for a formula."""
    if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@"):
        return "'" + cell
    return cell
