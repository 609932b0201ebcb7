"""The road of one simulated case: its stages, marks and deadlines, each at its moment.

Four kinds: ``daily`` (answered within hours), ``long`` (limits of weeks), ``extended`` 延期 and
``suspended`` 挂账. About one in a hundred daily ones is answered too late; a storm delays what
would have been answered while it rages.
"""

import random
from datetime import datetime, timedelta
from typing import NamedTuple

from data_access.feeds.simulator.hangzhou import worktime
from data_access.feeds.simulator.hangzhou.storm import Storm
from data_access.feeds.simulator.hangzhou.worktime import Limit

HOTLINES = frozenset({"12345", "12319", "96310", "app", "portal", "wechat", "community"})
LATE_SHARE = 0.0108
STORM_DELAYED = 0.35
STORM_FELT = (timedelta(minutes=20), timedelta(hours=9))
_DECLINED, _VOIDED = 0.02, 0.004
_RETURNED, _REWORKED, _SUPERVISED = 0.02, 0.015, 0.004
LONGEST = {
    "daily": timedelta(days=10),
    "long": timedelta(days=95),
    "extended": timedelta(days=95),
    "suspended": timedelta(days=135),
}


class Step(NamedTuple):
    """One step of a case: a stage reached or a mark set, and marks and deadline from then on."""

    at: datetime
    stage: str
    stage_at: datetime
    mark: str | None
    marks: tuple[str, ...]
    by: str
    due_at: datetime | None


class Lot(NamedTuple):
    """What decides how long a case takes, drawn before its road so that the end is known early."""

    late: bool
    share: float
    hold_days: float

    def bound(self, kind: str, limit: Limit) -> timedelta:
        """The longest that such a road can take."""
        if kind == "extended":
            return LONGEST[kind]
        if kind == "suspended":
            return timedelta(days=self.hold_days + 22)
        if kind == "long":
            more = 18 if self.late else 0
            return timedelta(days=(1 if self.late else self.share) * limit.days * 1.4 + 8 + more)
        calm = timedelta(days=2 * limit.hours / worktime.LENGTH_H + 3.5)
        return LONGEST[kind] if self.late else calm


def lot(rng: random.Random, kind: str) -> Lot:
    """Draw the lot of a case."""
    late = rng.random() < LATE_SHARE
    share = rng.betavariate(2.2, 2.4) if kind == "long" else rng.betavariate(3, 2)
    return Lot(late, min(0.96, share), rng.uniform(30, 120))


class _Road:
    """A road while it is being laid."""

    def __init__(self, reported_at: datetime, source: str) -> None:
        self.steps = [Step(reported_at, "reported", reported_at, None, (), source, None)]

    @property
    def at(self) -> datetime:
        return self.steps[-1].at

    def stage(self, at: datetime, stage: str, by: str, due_at: datetime | None = None) -> None:
        last = self.steps[-1]
        at = max(at, last.at + timedelta(seconds=20)).replace(microsecond=0)
        due_at = due_at or last.due_at
        self.steps.append(Step(at, stage, at, None, last.marks, by, due_at))

    def after(self, minutes: float, stage: str, by: str, due_at: datetime | None = None) -> None:
        self.stage(self.at + timedelta(seconds=round(minutes * 60)), stage, by, due_at)

    def mark(self, at: datetime, mark: str, by: str, *, due_at: datetime | None = None) -> None:
        last = self.steps[-1]
        at = max(at, last.at + timedelta(seconds=20)).replace(microsecond=0)
        marks = last.marks if mark in last.marks else (*last.marks, mark)
        due_at = due_at or last.due_at
        self.steps.append(Step(at, last.stage, last.stage_at, mark, marks, by, due_at))

    def owe(self, limit: Limit) -> datetime:
        """Let the deadline run from the last step; gives it."""
        due_at = worktime.add(self.at, limit)
        self.steps[-1] = Step(*self.steps[-1][:-1], due_at)
        return due_at

    def unmark(self, mark: str) -> tuple[str, ...]:
        return tuple(it for it in self.steps[-1].marks if it != mark)


def road(
    rng: random.Random,
    kind: str,
    reported_at: datetime,
    source: str,
    limit: Limit,
    drawn: Lot,
    storms: tuple[Storm, ...] = (),
) -> tuple[Step, ...]:
    """Lay the road of a case; the same generator gives the same road."""
    made = _Road(reported_at, source)
    delays = rng.random(), rng.random()
    if _filing(made, rng, source, may_end=kind == "daily"):
        return tuple(made.steps)
    if kind == "suspended":
        _suspended(made, rng, limit, drawn)
    elif kind == "extended":
        _extended(made, rng, limit)
    else:
        _handled(made, rng, limit, drawn, storms, delays, long=kind == "long")
    made.after(rng.uniform(2, 20), "checking", "派遣员")
    if kind == "daily" and rng.random() < _REWORKED:
        _rework(made, rng, limit, 1.0 if drawn.late else 1.0 - drawn.share)
    made.after(rng.uniform(8, 90), "closed", "核查员")
    return tuple(made.steps)


def flood_road(
    rng: random.Random, reported_at: datetime, source: str, limit: Limit
) -> tuple[Step, ...]:
    """Lay the road of a case that a storm brought: many are answered hours too late."""
    made = _Road(reported_at, source)
    made.after(rng.uniform(1, 6), "accepted", "受理员")
    made.after(rng.uniform(1, 5), "filed", "值班长")
    made.after(rng.uniform(1, 6), "dispatched", "派遣员")
    due_at = made.owe(limit)
    made.after(rng.uniform(3, 25), "handling", "责任单位")
    share = rng.uniform(1.2, 4.2) if rng.random() < 0.62 else rng.uniform(0.25, 0.97)
    answered = worktime.add(made.steps[-2].at, limit, share)
    if share > 1.3:
        made.mark(due_at + timedelta(minutes=rng.uniform(3, 15)), "urged", "监督员")
    made.stage(answered, "handled", "责任单位")
    made.after(rng.uniform(2, 20), "checking", "派遣员")
    made.after(rng.uniform(8, 60), "closed", "核查员")
    return tuple(made.steps)


def _filing(made: _Road, rng: random.Random, source: str, *, may_end: bool) -> bool:
    """Up to 派遣; says whether the case ended before."""
    made.after(rng.uniform(1, 8), "accepted", "受理员")
    if source in HOTLINES:
        made.after(rng.uniform(1, 5), "verifying", "受理员")
    minutes = rng.uniform(15, 50) if source in HOTLINES else rng.uniform(2, 15)
    end = rng.random()
    if may_end and end < _DECLINED + _VOIDED:
        made.after(minutes, "declined" if end < _DECLINED else "voided", "值班长")
        return True
    made.after(minutes, "filed", "值班长")
    made.after(rng.uniform(1, 10), "dispatched", "派遣员")
    return False


def _handled(
    made: _Road,
    rng: random.Random,
    limit: Limit,
    drawn: Lot,
    storms: tuple[Storm, ...],
    delays: tuple[float, float],
    *,
    long: bool,
) -> None:
    due_at = _begin(made, rng, limit)
    begun = made.at
    if drawn.late:
        more = timedelta(hours=rng.uniform(30, 130)) if not long else _days(rng, 3, 16)
        answered = due_at + more
    else:
        answered = worktime.add(begun, limit, drawn.share)
        answered = min(max(answered, begun + timedelta(minutes=5)), due_at - timedelta(minutes=1))
    for storm in storms:
        felt = storm.begin + STORM_FELT[0] <= answered <= storm.begin + STORM_FELT[1]
        if felt and delays[0] < STORM_DELAYED:
            answered += timedelta(hours=3 + 11 * delays[1])
    urged = due_at + timedelta(minutes=10)
    if urged < answered:
        made.mark(urged, "urged", "监督员")
        if rng.random() < _SUPERVISED * 20:
            made.mark(urged + timedelta(hours=20), "supervised", "监督员")
    made.stage(answered, "handled", "责任单位")


def _extended(made: _Road, rng: random.Random, limit: Limit) -> None:
    due_at = _begin(made, rng, limit)
    asked = made.at + (due_at - made.at) * rng.uniform(0.6, 0.9)
    more = Limit(days=rng.randint(15, 40))
    moved = worktime.add(due_at, more)
    made.mark(asked, "extended", "责任单位", due_at=moved)
    answered = made.at + (moved - made.at) * rng.uniform(0.5, 0.98)
    made.stage(answered, "handled", "责任单位")


def _suspended(made: _Road, rng: random.Random, limit: Limit, drawn: Lot) -> None:
    due_at = _begin(made, rng, limit)
    held = made.at + (due_at - made.at) * rng.uniform(0.3, 0.8)
    made.mark(held, "suspended", "责任单位")
    answered = (held + timedelta(days=drawn.hold_days)).replace(microsecond=0)
    moved = answered + timedelta(days=rng.randint(1, 5))
    last = made.steps[-1]
    marks = made.unmark("suspended")
    made.steps.append(Step(answered, "handled", answered, None, marks, last.by, moved))


def _begin(made: _Road, rng: random.Random, limit: Limit) -> datetime:
    """From 派遣 to 处置, some by way of a wrong unit; gives the deadline."""
    if rng.random() < _RETURNED:
        made.mark(made.at + timedelta(minutes=rng.uniform(10, 60)), "returned", "责任单位")
        made.after(rng.uniform(2, 15), "dispatched", "派遣员")
    due_at = made.owe(limit)
    made.after(rng.uniform(2, 20), "handling", "责任单位")
    return due_at


def _rework(made: _Road, rng: random.Random, limit: Limit, left: float) -> None:
    """Done again within the share of the limit that was ``left``: its clock goes on."""
    at = made.at + timedelta(minutes=rng.uniform(10, 60))
    made.mark(at, "reworked", "核查员")
    made.after(rng.uniform(1, 5), "handling", "责任单位", worktime.add(made.at, limit))
    answered = worktime.add(made.at, limit, rng.uniform(0.1, 0.6) * left)
    made.stage(answered, "handled", "责任单位")
    made.after(rng.uniform(2, 20), "checking", "派遣员")


def _days(rng: random.Random, low: float, high: float) -> timedelta:
    return timedelta(days=rng.uniform(low, high))
