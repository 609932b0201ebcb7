"""Owns deadline rules 处置时限: which one a case has, when it is due by it, and when that is near.

Rules are data, in versions; a case keeps the version under which it was filed. Of the rules that
fit it the one that names most holds: 小类, condition, mode, zone, 大类, kind. Beside the unit's
clock (``disposal``) rules limit each step of the desk, and say from when a deadline is near.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum, unique
from itertools import pairwise
from typing import NamedTuple

from dashboard.domain.calendar import Calendar, Days, Window
from dashboard.domain.cases import Stage
from dashboard.domain.words import Words

HOUR_S = 3600.0
_CLASS_DIGITS = 2
CONDITION_BY_URGENCY = ("normal", "urgent", "critical")
"""What a case whose feed says no condition is taken for."""


@unique
class Unit(StrEnum):
    """What a limit is counted in."""

    MINUTE = "minute"
    HOUR = "hour"
    URGENT_HOUR = "urgent_hour"
    WORK_HOUR = "work_hour"
    WORK_DAY = "work_day"
    SHARE = "share"


UNITS: dict[str, Words] = {
    Unit.MINUTE: Words("分钟", "minutes"),
    Unit.HOUR: Words("小时", "hours"),
    Unit.URGENT_HOUR: Words("紧急工作时", "urgent working hours"),
    Unit.WORK_HOUR: Words("工作时", "working hours"),
    Unit.WORK_DAY: Words("工作日", "working days"),
    Unit.SHARE: Words("时限之比", "of the limit"),
}

_ROUND_THE_CLOCK = {Unit.MINUTE: 60.0, Unit.HOUR: HOUR_S, Unit.URGENT_HOUR: HOUR_S}


@unique
class Clock(StrEnum):
    """What a rule limits; the last two say from when a deadline is near."""

    DISPOSAL = "disposal"
    ACCEPT = "accept"
    VERIFY = "verify"
    FILE = "file"
    DISPATCH = "dispatch"
    CHECK = "check"
    NEAR = "near"
    NEAR_SHARE = "near_share"


CLOCKS: dict[str, Words] = {
    Clock.DISPOSAL: Words("处置", "Handling"),
    Clock.ACCEPT: Words("受理", "Acceptance"),
    Clock.VERIFY: Words("核实", "Verification"),
    Clock.FILE: Words("立案", "Filing"),
    Clock.DISPATCH: Words("派遣", "Dispatch"),
    Clock.CHECK: Words("核查", "Check"),
    Clock.NEAR: Words("临期", "Due soon"),
    Clock.NEAR_SHARE: Words("临期之比", "Due soon, share"),
}

DESK_CLOCKS: dict[str, Clock] = {
    Stage.REPORTED: Clock.ACCEPT,
    Stage.ACCEPTED: Clock.FILE,
    Stage.VERIFYING: Clock.VERIFY,
    Stage.FILED: Clock.DISPATCH,
    Stage.HANDLED: Clock.CHECK,
    Stage.CHECKING: Clock.CHECK,
}
"""Which clock of the desk runs in a stage; in the others the unit has the case."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One row of a version; what is None fits every case.

    ``subcategory``: 大类 + 小类, or a 大类 alone. ``extension``: what one 延期 adds in the same
    unit, the limit again by default. ``opens``, ``closes``, ``days``: the working window.
    """

    id: str
    version: int
    limit: float
    unit: str
    clock: str = Clock.DISPOSAL
    kind: str | None = None
    subcategory: str | None = None
    condition: str | None = None
    zone: str | None = None
    mode: str | None = None
    extension: float | None = None
    opens: time | None = None
    closes: time | None = None
    days: Days | None = None
    source: str | None = None

    @property
    def window(self) -> Window | None:
        """The window in which its time passes; None: round the clock."""
        if self.unit == Unit.WORK_DAY:
            return Window(time(0), None, "workdays", whole=True)
        if self.unit != Unit.WORK_HOUR:
            return None
        usual = Window()
        return Window(
            self.opens or usual.opens, self.closes or usual.closes, self.days or usual.days
        )

    @property
    def by_calendar(self) -> bool:
        """Say whether holidays matter to it."""
        return self.window is not None and self.window.days == "workdays"

    def amount(self, limit: float) -> float:
        """Give a limit as what passes in its window: seconds, or days."""
        if self.unit == Unit.WORK_DAY:
            return limit
        return limit * _ROUND_THE_CLOCK.get(Unit(self.unit), HOUR_S)

    @property
    def again(self) -> float:
        """What one 延期 adds."""
        return self.limit if self.extension is None else self.extension

    @property
    def whole(self) -> float:
        """Its whole limit, as :meth:`amount`."""
        return self.amount(self.limit)


@dataclass(frozen=True, slots=True)
class Matter:
    """What of a case decides which rule it has."""

    kind: str
    subcategory: str
    condition: str | None = None
    zone: str | None = None
    mode: str | None = None


class Run(NamedTuple):
    """A stretch in which a clock ran; ``until`` None: it runs still."""

    since: datetime
    until: datetime | None


class Extension(NamedTuple):
    """An approved 延期: the deadline that it set, where that was said."""

    at: datetime
    until: datetime | None


@dataclass
class Rules:
    """The rules of one version.

    ``since``: for cases filed from then on; None: from the beginning.
    """

    version: int
    rules: Sequence[Rule]
    since: datetime | None = None
    _found: dict[tuple[str, Matter], Rule | None] = field(default_factory=dict, repr=False)
    _by_subcategory: dict[tuple[str, str | None], list[Rule]] = field(
        default_factory=dict, repr=False
    )

    def __post_init__(self) -> None:
        """Sort the rules by what they are for."""
        for rule in self.rules:
            self._by_subcategory.setdefault((rule.clock, rule.subcategory), []).append(rule)

    def says(self, *clocks: str) -> bool:
        """Say whether any rule is of one of these clocks."""
        return any(clock in clocks for clock, _ in self._by_subcategory)

    def choose(self, clock: str, matter: Matter) -> Rule | None:
        """Give the rule of a clock for a matter: of those that fit, the one that names most."""
        key = clock, matter
        if key not in self._found:
            self._found[key] = self._choose(clock, matter)
        return self._found[key]

    def _choose(self, clock: str, matter: Matter) -> Rule | None:
        code = matter.subcategory
        named = [code[:length] for length in range(len(code), 1, -1)]
        fitting = [
            rule
            for name in (*named, None)
            for rule in self._by_subcategory.get((clock, name), ())
            if _fits(rule, matter)
        ]
        return max(fitting, key=_named, default=None)


def _fits(rule: Rule, matter: Matter) -> bool:
    return (
        rule.kind in (None, matter.kind)
        and rule.condition in (None, matter.condition)
        and rule.zone in (None, matter.zone)
        and rule.mode in (None, matter.mode)
    )


def _named(rule: Rule) -> tuple[bool, bool, bool, bool, int, bool, str]:
    """Order rules by how much they name; a condition, a mode and a zone say more than a 大类."""
    code = rule.subcategory or ""
    return (
        len(code) > _CLASS_DIGITS,
        rule.condition is not None,
        rule.mode is not None,
        rule.zone is not None,
        len(code),
        rule.kind is not None,
        rule.id,
    )


def in_force(versions: Iterable[Rules], filed_at: datetime) -> Rules | None:
    """Give the version under which a case filed at a moment stands."""
    fitting = [it for it in versions if it.since is None or it.since <= filed_at]
    return max(fitting, key=lambda it: it.version, default=None)


def due_by(
    rule: Rule,
    runs: Sequence[Run],
    calendar: Calendar,
    extensions: Sequence[Extension] = (),
) -> datetime | None:
    """Say until when a unit is in time by a rule; None before its clock first ran.

    ``runs`` in order of time: what passed before a stop counts, what passes in a stop does not.
    An extension adds its amount, or sets the deadline that it says where that is later.
    """
    if not runs:
        return None
    added = sum(1 for it in extensions if it.until is None)
    left = rule.amount(rule.limit + rule.again * added)
    due = _after(rule, runs[0].since, left, calendar)
    for before, run in pairwise(runs):
        left -= spent_of(rule, before, calendar)
        if left <= 0:
            break
        # A stop never makes a deadline earlier, not even one between two windows.
        due = max(due, _after(rule, run.since, left, calendar))
    return max([due, *(it.until for it in extensions if it.until is not None)])


def spent_of(rule: Rule, run: Run, calendar: Calendar, now: datetime | None = None) -> float:
    """Give how much of the rule's time passed in a run, as :meth:`Rule.amount`."""
    until = run.until or now
    if until is None or until <= run.since:
        return 0.0
    if rule.window is None:
        return (until - run.since).total_seconds()
    return calendar.between(run.since.timestamp(), until.timestamp(), rule.window)


def in_unit(rule: Rule, amount: float) -> float:
    """Give an amount of time in the rule's own unit."""
    return amount / rule.amount(1.0)


def near_from(
    due_at: datetime,
    began_at: datetime,
    *,
    share: float | None,
    before: timedelta | None,
    rule: Rule | None = None,
    last: Run | None = None,
    calendar: Calendar | None = None,
) -> datetime | None:
    """Say from when a deadline is near: ``share`` of the limit left, or ``before`` it.

    The limit is the rule's, else all the time from ``began_at``. None: no threshold is set.
    """
    found = []
    if before is not None:
        found.append(due_at - before)
    if share is not None:
        if rule is not None and last is not None and calendar is not None and rule.window:
            found.append(_left(rule, due_at, last, rule.whole * share, calendar))
        else:
            whole = due_at - began_at
            if rule is not None:
                whole = min(whole, timedelta(seconds=rule.whole))
            found.append(due_at - whole * share)
    return min(found) if found else None


def _left(rule: Rule, due_at: datetime, last: Run, share: float, calendar: Calendar) -> datetime:
    """Give the moment in the last run at which no more than ``share`` of the limit was left."""
    whole = spent_of(rule, Run(last.since, due_at), calendar)
    if whole <= share:
        return last.since
    return _after(rule, last.since, whole - share, calendar)


def _after(rule: Rule, start: datetime, amount: float, calendar: Calendar) -> datetime:
    if rule.window is None:
        return start + timedelta(seconds=math.ceil(max(amount, 0.0)))
    moment = calendar.add(start.timestamp(), amount, rule.window)
    return datetime.fromtimestamp(math.ceil(moment - 1e-3), UTC)
