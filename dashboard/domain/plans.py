"""Owns plans 预案 and their tasks 任务: what must be done, by which post, by when.

A plan is a list of tasks in phases. It begins with an operation; each task is due so many minutes
after the operation took effect, or after the level that calls for it was reached. What a task asks
as evidence is said with it. A plan is data, one row a task, checked whole: one that names a missing
post is refused with the row, and its good neighbours stand.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum, unique
from typing import Any, NamedTuple

from dashboard.domain.operations import LEVELS, SCENARIOS, Kind
from dashboard.domain.words import Words

MOST_MINUTES = 30 * 24 * 60
MOST_TASKS = 500
FIELDS = (
    "plan",
    "plan_name",
    "plan_name_en",
    "kind",
    "scenario",
    "phase",
    "phase_en",
    "id",
    "name",
    "name_en",
    "post",
    "due_min",
    "levels",
    "evidence",
)
"""Columns of a row: one task, with the plan to which it belongs."""


@unique
class Evidence(StrEnum):
    """What shows that a task was done."""

    NONE = "none"
    NOTE = "note"
    COUNT = "count"


EVIDENCES: dict[str, Words] = {
    Evidence.NONE: Words("无须", "None"),
    Evidence.NOTE: Words("说明", "A note"),
    Evidence.COUNT: Words("数量", "A number"),
}


@unique
class TaskState(StrEnum):
    """Where a task stands."""

    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"


TASK_STATES: dict[str, Words] = {
    TaskState.OPEN: Words("待办", "To do"),
    TaskState.DONE: Words("已完成", "Done"),
    TaskState.DROPPED: Words("未完成", "Not done"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One step. ``levels``: at which it is called for; empty: at every one, or of an event."""

    id: str
    phase: Words
    words: Words
    post: str
    due_min: int
    levels: tuple[int, ...] = ()
    evidence: str = Evidence.NONE

    def called_for(self, level: int | None) -> bool:
        """Say whether an operation of this level asks for it."""
        return not self.levels or level in self.levels

    def due_at(self, since: datetime) -> datetime:
        """Give until when it is due, where it has been called for ``since``."""
        return since + timedelta(minutes=self.due_min)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A plan. ``scenario`` None: for any of its kind."""

    id: str
    words: Words
    kind: str
    scenario: str | None
    tasks: tuple[Task, ...]

    def fits(self, kind: str, scenario: str | None) -> bool:
        """Say whether it is for such an operation."""
        return self.kind == kind and self.scenario in (None, scenario)


class Fault(NamedTuple):
    """What is wrong with one row: its place from 0, its task, the column and why."""

    row: int
    id: str | None
    field: str
    reason: str


class Judged(NamedTuple):
    """Plans that stand, rows of each, and what was wrong; a plan with a bad row does not stand."""

    plans: dict[str, Plan]
    rows: dict[str, list[int]]
    faults: list[Fault]


def read(rows: Sequence[Mapping[str, Any]], posts: Collection[str]) -> Judged:
    """Judge rows and make plans of those of which every row is good."""
    faults: list[Fault] = []
    found: dict[str, list[tuple[int, Task]]] = {}
    heads: dict[str, tuple[Words, str, str | None]] = {}
    for index, row in enumerate(rows):
        name = _text(row, "plan")
        try:
            if not name:
                raise _Wrong("plan", "须填写")
            task = _task(row, posts)
            head = _head(row)
            if heads.setdefault(name, head) != head:
                raise _Wrong("plan_name", "同一预案的名称、类别、情景须一致")
            if task.id in {other.id for _, other in found.get(name, [])}:
                raise _Wrong("id", "预案内任务编号重复")
            if len(found.get(name, [])) >= MOST_TASKS:
                raise _Wrong("id", f"一个预案至多 {MOST_TASKS} 项任务")
            found.setdefault(name, []).append((index, task))
        except _Wrong as wrong:
            faults.append(Fault(index, _text(row, "id"), wrong.field, wrong.reason))
            found.setdefault(name or "", [])
    bad = {_text(rows[fault.row], "plan") or "" for fault in faults}
    for name in sorted(bad):
        for index, task in found.get(name, []):
            faults.append(Fault(index, task.id, "plan", f"预案 {name} 另有错误的任务，整个不入库"))
    plans = {
        name: Plan(
            id=name,
            words=heads[name][0],
            kind=heads[name][1],
            scenario=heads[name][2],
            tasks=tuple(task for _, task in tasks),
        )
        for name, tasks in found.items()
        if name not in bad
    }
    kept = {name: [index for index, _ in found[name]] for name in plans}
    return Judged(plans, kept, sorted(faults))


class _Wrong(Exception):
    def __init__(self, where: str, reason: str) -> None:
        super().__init__(reason)
        self.field = where
        self.reason = reason


def _head(row: Mapping[str, Any]) -> tuple[Words, str, str | None]:
    kind = _text(row, "kind") or Kind.EMERGENCY
    if kind not in tuple(Kind):
        raise _Wrong("kind", "只能是 emergency、event")
    scenario = _text(row, "scenario")
    if scenario is not None and kind == Kind.EVENT:
        raise _Wrong("scenario", "重大活动保障没有情景")
    if scenario is not None and scenario not in SCENARIOS and not scenario.isprintable():
        raise _Wrong("scenario", "含有无效字符")
    name = _text(row, "plan_name") or _text(row, "plan") or ""
    return Words(name, _text(row, "plan_name_en") or name), str(kind), scenario


def _task(row: Mapping[str, Any], posts: Collection[str]) -> Task:
    task_id, name, post = _text(row, "id"), _text(row, "name"), _text(row, "post")
    phase = _text(row, "phase")
    for where, told in (("id", task_id), ("name", name), ("post", post), ("phase", phase)):
        if not told:
            raise _Wrong(where, "须填写")
    assert task_id and name and post and phase  # noqa: PT018 - said above, one by one
    if "/" in task_id or len(task_id) > 60:
        raise _Wrong("id", "不能含 /，至多 60 个字符")
    if post not in posts:
        raise _Wrong("post", f"岗位未知：{post[:60]}")
    evidence = _text(row, "evidence") or Evidence.NONE
    if evidence not in tuple(Evidence):
        raise _Wrong("evidence", "只能是 none、note、count")
    return Task(
        id=task_id,
        phase=Words(phase, _text(row, "phase_en") or phase),
        words=Words(name, _text(row, "name_en") or name),
        post=post,
        due_min=_minutes(row),
        levels=_levels(row),
        evidence=str(evidence),
    )


def _minutes(row: Mapping[str, Any]) -> int:
    try:
        minutes = int(float(str(row.get("due_min", "")).strip()))
    except (ValueError, OverflowError) as error:
        raise _Wrong("due_min", "应为启动后的分钟数") from error
    if not 0 <= minutes <= MOST_MINUTES:
        raise _Wrong("due_min", f"应为 0 至 {MOST_MINUTES}")
    return minutes


def _levels(row: Mapping[str, Any]) -> tuple[int, ...]:
    told = str(row.get("levels") or "").replace("，", ",").replace("、", ",").strip()
    if not told:
        return ()
    try:
        levels = tuple(sorted({int(float(part)) for part in told.split(",") if part.strip()}))
    except ValueError as error:
        raise _Wrong("levels", "应为 1 至 4，以逗号分开") from error
    if not levels or not set(levels) <= set(LEVELS):
        raise _Wrong("levels", "应为 1 至 4，以逗号分开")
    return levels


def _text(row: Mapping[str, Any], name: str) -> str | None:
    value = row.get(name)
    if value is None:
        return None
    told = str(value).strip()
    return told[:200] or None
