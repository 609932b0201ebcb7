"""Tasks of an operation, and everything that was done while it was run, in order."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, or_, select

from data_access.queries import visible
from data_access.queries.live import within
from data_access.tables import alert, alert_record, operation_act, task, task_act

MOST = visible.MAX_ROWS


class Entry(NamedTuple):
    """One line of a timeline. ``kind``: operation, task, alert; ``subject``: whose line it is."""

    at: datetime
    kind: str
    act: str
    subject: str
    by: str | None
    note: str | None
    detail: dict[str, Any]


def tasks(conn: Connection, *, operation_id: str) -> list[visible.Row]:
    """All tasks of an operation, in the plan's order, done or not."""
    query = select(task).where(task.c.operation == operation_id)
    return visible.rows(conn, query.order_by(task.c.n, task.c.id))


def find(conn: Connection, *, task_id: str, sight: visible.Sight) -> visible.Row | None:
    """One task, or None where there is none that the reader may see."""
    query = select(task).where(
        task.c.id == task_id, visible.seen(task.c.scope, task.c.event, sight)
    )
    return next(iter(visible.rows(conn, query)), None)


def timeline(
    conn: Connection,
    *,
    operation_id: str,
    scope: str,
    scopes: Sequence[str],
    since: datetime,
    until: datetime,
    drill: bool,
) -> list[Entry]:
    """Every act of the operation and its tasks, and every alert of its area meanwhile.

    At most :data:`MOST` of each, the newest left out first; ``scopes``: what the reader may see.
    """
    found = [*_acts(conn, operation_id), *_task_acts(conn, operation_id)]
    found += _alerts(conn, scope, scopes, since, until, drill=drill)
    return sorted(found, key=lambda it: it.at)


def _acts(conn: Connection, operation_id: str) -> list[Entry]:
    query = (
        select(operation_act)
        .where(operation_act.c.operation_id == operation_id)
        .order_by(operation_act.c.n)
    )
    return [
        Entry(
            row.entered_at,
            "operation",
            row.act,
            operation_id,
            row.detail.get("name") or row.by,
            row.reason,
            {"level": row.level, "effective_at": row.effective_at, **row.detail},
        )
        for row in conn.execute(query.limit(MOST))
    ]


def _task_acts(conn: Connection, operation_id: str) -> list[Entry]:
    query = (
        select(task_act, task.c.name, task.c.name_en, task.c.due_at, task.c.post)
        .join(task, task.c.id == task_act.c.task_id)
        .where(task.c.operation == operation_id, task_act.c.act != "began")
        .order_by(task_act.c.at)
    )
    return [
        Entry(
            row.at,
            "task",
            row.act,
            row.task_id,
            row.by,
            row.note,
            {
                "name": row.name,
                "name_en": row.name_en,
                "post": row.post,
                "due_at": row.due_at,
                "late": row.act == "done" and row.at > row.due_at,
            },
        )
        for row in conn.execute(query.limit(MOST))
    ]


def _alerts(
    conn: Connection,
    scope: str,
    scopes: Sequence[str],
    since: datetime,
    until: datetime,
    *,
    drill: bool,
) -> list[Entry]:
    query = (
        select(
            alert_record, alert.c.rule, alert.c.subject_topic, alert.c.subject_id, alert.c.priority
        )
        .join(alert, alert.c.id == alert_record.c.alert_id)
        .where(
            alert_record.c.at >= since,
            alert_record.c.at <= until,
            within(alert.c.scope, [scope]),
            or_(within(alert.c.scope, scopes)),
            alert.c.drill == drill,
        )
        .order_by(alert_record.c.at)
    )
    return [
        Entry(
            row.at,
            "alert",
            row.act,
            row.alert_id,
            row.by,
            row.note,
            {
                "rule": row.rule,
                "topic": row.subject_topic,
                "id": row.subject_id,
                "priority": row.priority,
            },
        )
        for row in conn.execute(query.limit(MOST))
    ]
