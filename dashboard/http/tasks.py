"""Tasks of an operation's plan: what is to be done, and that it was."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from flask import Response

from dashboard.domain.roles import Right
from dashboard.http import items, operations
from dashboard.http.idempotency import once
from dashboard.http.problems import Problem
from dashboard.http.site import Site, answer, json_body, sight_of
from dashboard.http.told import number, text
from data_access.changes import Writer
from data_access.commands import plans as commands
from data_access.plans import current
from data_access.queries import plans as queries

_NOTE = 500


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
