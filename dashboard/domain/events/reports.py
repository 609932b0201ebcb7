"""Owns zero reports 零报告: when each is due, what is late and what is missing.

Every district or unit that guards an event reports every so many hours from its beginning, also
that nothing happened 无事. A due report that was not sent is missing 缺报; one sent after its time
is late 迟报. Each counts for the moment at which it was due.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum, unique

from dashboard.domain.words import Words

MOST_HOURS = 48
MOST_REPORTERS = 60
MOST_DUE = 2_000
"""How many reports one plan may ask for in all."""

EARLY = timedelta(hours=2)
"""How long before it is due a report may be sent at most, unless its period has begun."""


@unique
class State(StrEnum):
    """Where a report stands."""

    TO_COME = "to_come"
    SENT = "sent"
    LATE = "late"
    MISSING = "missing"


STATES: dict[str, Words] = {
    State.TO_COME: Words("待报", "To come"),
    State.SENT: Words("已报", "Sent"),
    State.LATE: Words("迟报", "Late"),
    State.MISSING: Words("缺报", "Missing"),
}


class Refused(Exception):
    """A plan or a report that cannot be; ``field`` names what to mend."""

    def __init__(self, field: str, reason: str) -> None:
        """Say which field is at fault, and why."""
        super().__init__(reason)
        self.field = field
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Who reports, and when. ``reporters``: id and name of each district or unit."""

    every_h: int
    starts_at: datetime
    ends_at: datetime
    reporters: tuple[tuple[str, str], ...]


def check(plan: Plan) -> None:
    """Raise Refused for a plan that cannot be."""
    if not 1 <= plan.every_h <= MOST_HOURS:
        raise Refused("every_h", f"应为 1 至 {MOST_HOURS} 小时。")
    if plan.ends_at <= plan.starts_at:
        raise Refused("ends_at", "须晚于开始时间 starts_at。")
    if not plan.reporters:
        raise Refused("reporters", "须写明由谁报告。")
    if len(plan.reporters) > MOST_REPORTERS:
        raise Refused("reporters", f"至多 {MOST_REPORTERS} 个。")
    names = [name for name, _ in plan.reporters]
    if len(set(names)) < len(names):
        raise Refused("reporters", "同一报告单位写了两次。")
    if len(due_times(plan)) * len(plan.reporters) > MOST_DUE:
        raise Refused("ends_at", f"一个计划至多 {MOST_DUE} 次报告，请缩短时段或加长间隔。")


def due_times(plan: Plan) -> list[datetime]:
    """Give the moments at which reports are due: at the end of every period, and at the end."""
    step = timedelta(hours=plan.every_h)
    times: list[datetime] = []
    at = plan.starts_at + step
    while at < plan.ends_at and len(times) <= MOST_DUE:
        times.append(at)
        at += step
    return [*times, plan.ends_at]


def state_of(due_at: datetime, sent_at: datetime | None, now: datetime) -> State:
    """Say where a report stands at the city's ``now``."""
    if sent_at is not None:
        return State.SENT if sent_at <= due_at else State.LATE
    return State.MISSING if due_at < now else State.TO_COME


def answers(owed: Sequence[datetime]) -> datetime | None:
    """Say which of the reports still owed one that is sent answers: the earliest of them."""
    return min(owed, default=None)


def too_early(due_at: datetime, every_h: int, now: datetime) -> bool:
    """Say whether it is too early to send the report due at ``due_at``."""
    return due_at - max(EARLY, timedelta(hours=every_h)) > now
