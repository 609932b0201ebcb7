"""Tasks of a plan: begun with its operation, done with evidence, dropped at its end."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, insert, select, update

from dashboard.domain.plans import Evidence, Plan, TaskState
from data_access.changes import Writer
from data_access.tables import task, task_act


class Stale(Exception):
    """The task is not what the caller saw; ``state``: as it now stands."""

    def __init__(self, state: Mapping[str, Any]) -> None:
        """Carry the present state."""
        super().__init__("the task has changed")
        self.state = dict(state)


class EvidenceMissing(Exception):
    """A task asks for evidence that was not given."""


def begin(
    writer: Writer,
    plan: Plan,
    version: int,
    operation: Mapping[str, Any],
    *,
    since: datetime,
    now: datetime,
) -> int:
    """Begin the tasks that the operation's level calls for and that have not begun yet."""
    known = set(
        writer.conn.execute(select(task.c.id).where(task.c.operation == operation["id"])).scalars()
    )
    rows = []
    for place, step in enumerate(plan.tasks):
        name = f"{operation['id']}.{step.id}"
        if name in known or not step.called_for(operation["level"]):
            continue
        rows.append(
            {
                "id": name,
                "version": 1,
                "operation": operation["id"],
                "plan": plan.id,
                "plan_version": version,
                "n": place,
                "phase": step.phase.zh,
                "phase_en": step.phase.en,
                "name": step.words.zh,
                "name_en": step.words.en,
                "post": step.post,
                "evidence": step.evidence,
                "due_at": step.due_at(since),
                "state": TaskState.OPEN,
                "live": True,
                "scope": operation["scope"],
                "event": operation["event"],
                "drill": operation["drill"],
            }
        )
    if rows:
        writer.conn.execute(insert(task), rows)
    for row in rows:
        _record(writer, row["id"], "began", now)
        _changed(writer, row)
    return len(rows)


def done(
    writer: Writer,
    task_id: str,
    *,
    by: str,
    now: datetime,
    note: str | None,
    version: int | None,
) -> dict[str, Any]:
    """Say that a task was done; raises EvidenceMissing where it asks for more than was said."""
    row = _current(writer, task_id, version, TaskState.OPEN)
    if row["evidence"] != Evidence.NONE and not note:
        raise EvidenceMissing
    if row["evidence"] == Evidence.COUNT and not any(sign.isdigit() for sign in note or ""):
        raise EvidenceMissing
    values = {"state": TaskState.DONE, "done_at": now, "done_by": by, "note": note}
    return _change(writer, row, values, "done", now, by, note)


def reopen(
    writer: Writer, task_id: str, *, by: str, now: datetime, note: str, version: int | None
) -> dict[str, Any]:
    """Take back that a task was done, with the reason."""
    row = _current(writer, task_id, version, TaskState.DONE)
    values = {"state": TaskState.OPEN, "done_at": None, "done_by": None, "note": None}
    return _change(writer, row, values, "reopened", now, by, note)


def drop(writer: Writer, operation_id: str, *, now: datetime, by: str) -> None:
    """At the end of an operation: what is open stays undone, and all leave the working set."""
    query = select(task).where(task.c.operation == operation_id, task.c.live)
    for found in writer.conn.execute(query).mappings().all():
        row = {str(name): value for name, value in found.items()}
        if row["state"] == TaskState.OPEN:
            values = {"state": TaskState.DROPPED, "live": False}
            _change(writer, row, values, "dropped", now, by, None)
        else:
            writer.conn.execute(update(task).where(task.c.id == row["id"]).values(live=False))
            _changed(writer, row)


def _current(writer: Writer, task_id: str, version: int | None, state: TaskState) -> dict[str, Any]:
    found = (
        writer.conn.execute(select(task).where(task.c.id == task_id).with_for_update())
        .mappings()
        .first()
    )
    if found is None:
        raise KeyError(task_id)
    row = {str(name): value for name, value in found.items()}
    if not row["live"] or row["state"] != state or version not in (None, row["version"]):
        raise Stale(row)
    return row


def _change(
    writer: Writer,
    row: Mapping[str, Any],
    values: Mapping[str, Any],
    act: str,
    now: datetime,
    by: str,
    note: str | None,
) -> dict[str, Any]:
    after = {**row, **values}
    after["version"] = row["version"] + 1
    writer.conn.execute(
        update(task).where(task.c.id == row["id"]).values(version=after["version"], **values)
    )
    _record(writer, row["id"], act, now, by, note)
    _changed(writer, row)
    return after


def _changed(writer: Writer, row: Mapping[str, Any]) -> None:
    scope, event = row["scope"], row["event"]
    writer.changed(
        "tasks", row["id"], old_scope=scope, new_scope=scope, event=event, drill=row["drill"]
    )


def _record(
    writer: Writer,
    task_id: str,
    act: str,
    now: datetime,
    by: str | None = None,
    note: str | None = None,
) -> None:
    last = select(func.max(task_act.c.n)).where(task_act.c.task_id == task_id)
    writer.conn.execute(
        insert(task_act).values(
            task_id=task_id,
            n=(writer.conn.execute(last).scalar() or 0) + 1,
            act=act,
            at=now,
            real_at=datetime.now(UTC),
            by=by,
            note=note,
        )
    )
