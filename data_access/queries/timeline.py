"""Everything that was done and happened while an operation was run, in order, and its figures.

Acts and tasks are the operation's own; alerts and states of places are those of its area meanwhile:
of a drill those of its own twins, of what is real none of any drill.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select

from dashboard.domain.drills import feed_of, named
from dashboard.domain.plans import TaskState
from data_access.queries import visible
from data_access.queries.drills import real
from data_access.queries.live import within
from data_access.tables import (
    alert,
    alert_record,
    operation_act,
    place,
    place_record,
    proposal,
    task,
    task_act,
)

MOST = visible.MAX_ROWS
WET = ("ponding", "closed")


class Entry(NamedTuple):
    """One line. ``kind``: operation, proposal, task, alert, place; ``subject``: whose it is."""

    at: datetime
    kind: str
    act: str
    subject: str
    by: str | None
    note: str | None
    detail: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Which operation, over which path, from when until when; ``scopes``: what its reader sees."""

    operation: str
    scope: str
    scopes: Sequence[str]
    since: datetime
    until: datetime
    drill: bool


def entries(conn: Connection, span: Span) -> tuple[list[Entry], bool]:
    """All lines in order, at most :data:`MOST` of a kind, and whether there were more."""
    asked = (_acts, _proposals, _tasks, _alerts, _places)
    kinds = [ask(conn, span) for ask in asked]
    found = [entry for kind in kinds for entry in kind[:MOST]]
    return sorted(found, key=lambda it: it.at), any(len(kind) > MOST for kind in kinds)


def figures(conn: Connection, span: Span) -> dict[str, dict[str, int]]:
    """The figures, counted over everything, whatever was left out of the lines.

    Tasks: ``all``, ``met`` in time, ``late``, ``missed`` (due, and never done), ``open`` (not yet
    due, or dropped before it was); alerts: lines of their records by act; places: how many came to
    stand under water (``ponding``), were ``closed``, and were dry again (``cleared``).
    """
    acts = select(alert_record.c.act, func.count()).join(
        alert, alert.c.id == alert_record.c.alert_id
    )
    alerts = conn.execute(acts.where(_of_alerts(span)).group_by(alert_record.c.act))
    states = _states(span).subquery()
    became: Counter[str] = Counter()
    for name, wet in (("ponding", "ponding"), ("closed", "closed")):
        query = select(func.count(func.distinct(states.c.id))).where(states.c.state == wet)
        became[name] = int(conn.execute(query).scalar_one())
    dry = select(func.count(func.distinct(states.c.id))).where(
        states.c.state.not_in(WET), states.c.before.in_(WET)
    )
    return {
        "tasks": _met(conn, span),
        "alerts": {act: int(number) for act, number in alerts},
        "places": {**became, "cleared": int(conn.execute(dry).scalar_one())},
    }


def _met(conn: Connection, span: Span) -> dict[str, int]:
    told: Counter[str] = Counter(met=0, late=0, missed=0, open=0)
    query = select(task.c.state, task.c.due_at, task.c.done_at)
    for state, due_at, done_at in conn.execute(query.where(task.c.operation == span.operation)):
        told["all"] += 1
        if state == TaskState.DONE:
            told["met" if done_at <= due_at else "late"] += 1
        else:
            told["missed" if due_at <= span.until else "open"] += 1
    return dict(told)


def _acts(conn: Connection, span: Span) -> list[Entry]:
    query = select(operation_act).where(operation_act.c.operation_id == span.operation)
    return [
        Entry(
            row.entered_at,
            "operation",
            row.act,
            span.operation,
            row.detail.get("name") or row.by,
            row.reason,
            {"level": row.level, "effective_at": row.effective_at, **row.detail},
        )
        for row in conn.execute(query.order_by(operation_act.c.n).limit(MOST + 1))
    ]


def _proposals(conn: Connection, span: Span) -> list[Entry]:
    """What was proposed, and accepted by this operation's start or met by its being in force."""
    query = select(proposal).where(proposal.c.operation == span.operation)
    return [
        Entry(
            row.decided_at,
            "proposal",
            row.state,
            row.id,
            row.decided_by,
            row.reason,
            {"name": row.name, "name_en": row.name_en, "level": row.level},
        )
        for row in conn.execute(query.order_by(proposal.c.decided_at).limit(MOST + 1))
    ]


def _tasks(conn: Connection, span: Span) -> list[Entry]:
    """What was done about tasks, and the moment at which one was missed."""
    query = (
        select(task_act, task.c.name, task.c.name_en, task.c.due_at, task.c.post)
        .join(task, task.c.id == task_act.c.task_id)
        .where(task.c.operation == span.operation, task_act.c.act != "began")
        .order_by(task_act.c.at)
    )
    found = [
        Entry(
            row.at,
            "task",
            row.act,
            row.task_id,
            row.by,
            row.note,
            {**_about(row), "late": row.act == "done" and row.at > row.due_at},
        )
        for row in conn.execute(query.limit(MOST + 1))
    ]
    missed = select(task).where(
        task.c.operation == span.operation,
        task.c.due_at <= span.until,
        or_(task.c.done_at.is_(None), task.c.done_at > task.c.due_at),
    )
    found += [
        Entry(
            row.due_at,
            "task",
            "missed",
            row.id,
            None,
            None,
            {**_about(row), "late": True, "done_at": row.done_at},
        )
        for row in conn.execute(missed)
    ]
    return found


def _about(row: Any) -> dict[str, Any]:
    return {name: getattr(row, name) for name in ("name", "name_en", "post", "due_at")}


def _of_alerts(span: Span) -> ColumnElement[bool]:
    subject = alert.c.subject_id
    own = or_(
        subject.startswith(named(span.operation, ""), autoescape=True),
        subject == feed_of(span.operation),
    )
    return and_(
        alert_record.c.at >= span.since,
        alert_record.c.at <= span.until,
        within(alert.c.scope, [span.scope]),
        within(alert.c.scope, span.scopes),
        and_(alert.c.drill, own) if span.drill else real(alert),
    )


def _alerts(conn: Connection, span: Span) -> list[Entry]:
    query = (
        select(
            alert_record, alert.c.rule, alert.c.subject_topic, alert.c.subject_id, alert.c.priority
        )
        .join(alert, alert.c.id == alert_record.c.alert_id)
        .where(_of_alerts(span))
        .order_by(alert_record.c.at, alert_record.c.alert_id, alert_record.c.n)
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
        for row in conn.execute(query.limit(MOST + 1))
    ]


def _states(span: Span) -> Any:
    """Select each state that a place came into, with the one before; a depth alone is none."""
    earlier = place_record.alias("earlier")
    before = (
        select(earlier.c.state)
        .where(earlier.c.place_id == place_record.c.place_id, earlier.c.n == place_record.c.n - 1)
        .scalar_subquery()
    )
    of_drill = and_(
        place.c.drill, place.c.id.startswith(named(span.operation, ""), autoescape=True)
    )
    query = (
        select(
            place.c.id,
            place.c.name,
            place_record.c.state,
            place_record.c.depth_cm,
            place_record.c.at,
            place_record.c.by,
            place_record.c.note,
            before.label("before"),
        )
        .join(place, place.c.id == place_record.c.place_id)
        .where(
            place_record.c.at >= span.since,
            place_record.c.at <= span.until,
            within(place.c.scope, [span.scope]),
            within(place.c.scope, span.scopes),
            of_drill if span.drill else real(place),
        )
        .subquery()
    )
    return select(query).where(query.c.before.is_not(None), query.c.before != query.c.state)


def _places(conn: Connection, span: Span) -> list[Entry]:
    states = _states(span).subquery()
    query = select(states).order_by(states.c.at, states.c.id).limit(MOST + 1)
    return [
        Entry(
            row.at,
            "place",
            row.state,
            row.id,
            row.by,
            row.note,
            {"name": row.name, "depth_cm": row.depth_cm, "before": row.before},
        )
        for row in conn.execute(query)
    ]
