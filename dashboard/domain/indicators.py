"""Owns the indicators 评价指标: what a case brings to them, on which day, and how figures are made.

A case brings a few facts, each to one day of the city's calendar; figures are sums of facts, so
that they can be kept by differences. The denominator of the rate is what fell due in a period (the
published month of GB/T 30428.4's practice: 737 closed in time of 972 due), never what was filed.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from functools import lru_cache
from operator import add
from typing import Any, NamedTuple

from dashboard.domain.cases import ANSWERED, OPEN, TERMINAL, Mark, Stage
from dashboard.domain.words import Words

STAGES_TIMED: tuple[str, ...] = tuple(stage for stage in Stage if stage in OPEN)
"""Stages in which a case spends time, in their order."""

MEASURES: tuple[str, ...] = (
    *("reported", "filed", "answered", "reworked", "undated"),
    *("due", "timely", "unanswered", "due_closed", "closed_in_time", "closed"),
    *("worked_n", "worked_s"),
    *(f"in_{stage}_n" for stage in STAGES_TIMED),
    *(f"in_{stage}_s" for stage in STAGES_TIMED),
)
"""What is summed. ``unanswered``: due and still without 处置反馈; ``undated``: without deadline;
``…_n``, ``…_s``: of closed cases, how many and their seconds."""

_PLACE = {name: place for place, name in enumerate(MEASURES)}
_STAGE_PLACES = {
    stage: (_PLACE[f"in_{stage}_n"], _PLACE[f"in_{stage}_s"]) for stage in STAGES_TIMED
}

EXCLUSIONS: Mapping[str, int] = {
    Mark.SUSPENDED: 1,
    Mark.EXTENDED: 2,
    Mark.DEFERRED: 4,
    Stage.VOIDED: 8,
}
"""What may keep a case out of a rate, as bits: sums are kept apart by them, so that a basis with
other exclusions needs no counting anew."""

GROUPS: Mapping[str, Words] = {
    "all": Words("合计", "All"),
    "unit": Words("责任单位", "Unit"),
    "subcategory": Words("小类", "Subcategory"),
    "source": Words("问题来源", "Source"),
}
"""By what sums are kept within an area."""

DEPTH = 3
"""Sums are kept for the first levels of a path: city, district, subdistrict."""

Sums = list[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A line of a case's record, as far as indicators look at it. ``kind``: stage, mark, unmark."""

    kind: str
    code: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A case as far as indicators look at it.

    ``handled_at``: when the 处置反馈 that stands was given; None where the store does not say,
    and the record is asked. ``spent_s``: seconds on the disposal clock; 0: likewise.
    """

    path: str
    kind: str
    subcategory: str
    source: str
    unit: str | None
    stage: str
    marks: Sequence[str]
    reported_at: datetime
    due_at: datetime | None
    ended_at: datetime | None
    handled_at: datetime | None = None
    spent_s: int = 0
    drill: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """What one case brings. Days are numbers, 20261123; None: it brings nothing of the kind.

    ``next_at``: when the passing of time alone will change it (it falls due).
    """

    path: str
    unit: str
    subcategory: str
    source: str
    mask: int
    reported_on: int
    filed_on: int | None = None
    answered_on: int | None = None
    due_on: int | None = None
    ended_on: int | None = None
    undated: bool = False
    timely: bool = False
    unanswered: bool = False
    closed_in_time: bool = False
    reworked: bool = False
    worked_s: int | None = None
    stage_s: str = ""
    next_at: datetime | None = None


class Key(NamedTuple):
    """Of what a sum is. ``period``: a day 20261123 or a month 202611; ``value``: of the group."""

    area: str
    group: str
    value: str
    period: int
    mask: int


def day_number(moment: datetime, zone: tzinfo) -> int:
    """Return the day of the city's calendar on which a moment lies, as a number."""
    local = moment.astimezone(zone)
    return local.year * 10_000 + local.month * 100 + local.day


def number_of(day: date) -> int:
    """Return a day as a number."""
    return day.year * 10_000 + day.month * 100 + day.day


def day_of(number: int) -> date:
    """Return the day of a number."""
    return date(number // 10_000, number // 100 % 100, number % 100)


def facts_of(case: Case, events: Iterable[Event], now: datetime, zone: tzinfo) -> Facts | None:
    """Return what a case brings at the city's `now`; None: it is no case but a drill's."""
    if case.drill:
        return None
    record = sorted((it for it in events if it.kind == "stage"), key=lambda it: it.at)
    marked = {it.code for it in events if it.kind == "mark"} | set(case.marks)
    filed = next((it.at for it in record if it.code == Stage.FILED), None)
    answers = [it.at for it in record if it.code in ANSWERED]
    standing = case.handled_at or _standing_answer(case, record)
    ended = case.ended_at if case.stage == Stage.CLOSED else None
    facts: dict[str, Any] = {
        "path": case.path,
        "unit": case.unit or "",
        "subcategory": f"{case.kind}/{case.subcategory}",
        "source": case.source,
        "mask": _mask(case),
        "reported_on": day_number(case.reported_at, zone),
        "filed_on": day_number(filed, zone) if filed else None,
        "answered_on": day_number(answers[0], zone) if answers else None,
        "reworked": Mark.REWORKED in marked,
        "undated": case.due_at is None,
    }
    if ended is not None:
        facts |= {
            "ended_on": day_number(ended, zone),
            "worked_s": _handling_s(case, record, standing or ended),
            "stage_s": _stage_times(case, record, ended),
        }
    if case.due_at is not None and case.due_at > now:
        facts["next_at"] = case.due_at
    elif case.due_at is not None:
        facts |= {
            "due_on": day_number(case.due_at, zone),
            "timely": standing is not None and standing <= case.due_at,
            "unanswered": standing is None and case.stage not in ANSWERED,
            "closed_in_time": ended is not None and ended <= case.due_at,
        }
    return Facts(**facts)


def brought(facts: Facts) -> list[tuple[int, list[tuple[int, int]]]]:
    """Return a case's facts as (day, [(place of the measure, how much)])."""
    days: dict[int, list[tuple[int, int]]] = {}
    of = days.setdefault
    of(facts.reported_on, []).append((_PLACE["reported"], 1))
    if facts.undated:
        of(facts.reported_on, []).append((_PLACE["undated"], 1))
    if facts.filed_on:
        of(facts.filed_on, []).append((_PLACE["filed"], 1))
    if facts.answered_on:
        here = of(facts.answered_on, [])
        here.append((_PLACE["answered"], 1))
        if facts.reworked:
            here.append((_PLACE["reworked"], 1))
    if facts.due_on:
        here = of(facts.due_on, [])
        here.append((_PLACE["due"], 1))
        here += [
            (_PLACE[name], 1)
            for name, it in (
                ("timely", facts.timely),
                ("unanswered", facts.unanswered),
                ("due_closed", facts.ended_on is not None),
                ("closed_in_time", facts.closed_in_time),
            )
            if it
        ]
    if facts.ended_on:
        here = of(facts.ended_on, [])
        here.append((_PLACE["closed"], 1))
        if facts.worked_s is not None:
            here += [(_PLACE["worked_n"], 1), (_PLACE["worked_s"], facts.worked_s)]
        for stage, seconds in timed(facts.stage_s).items():
            number, total = _STAGE_PLACES[stage]
            here += [(number, 1), (total, seconds)]
    return list(days.items())


def timed(stage_s: str) -> dict[str, int]:
    """Return the seconds by stage, as :class:`Facts` carries them: ``"filed:60 handling:3600"``."""
    pairs = (word.split(":") for word in stage_s.split())
    return {stage: int(seconds) for stage, seconds in pairs}


@lru_cache(maxsize=4_096)
def levels(path: str) -> tuple[str, ...]:
    """Return the areas that a path adds to, the widest first."""
    parts = path.split("/")[:DEPTH]
    return tuple("/".join(parts[: n + 1]) for n in range(len(parts)))


def kept_by_day(area: str, group: str) -> bool:
    """Say whether sums of days are kept; a subdistrict's groups have sums of months only.

    Of so few cases a day, they are counted when they are asked for.
    """
    return group == "all" or area.count("/") + 1 < DEPTH


class Folding:
    """The differences of many cases, summed before they are written."""

    def __init__(self) -> None:
        """Begin with none."""
        self._narrow: dict[Key, Sums] = {}

    def change(self, old: Facts | None, new: Facts | None) -> None:
        """Take away what a case brought and add what it brings."""
        if old is not None:
            self._add(old, -1)
        if new is not None:
            self._add(new, 1)

    def differences(self) -> dict[Key, Sums]:
        """Return what every sum changes by, without those that do not change."""
        every: dict[Key, Sums] = {}
        for key, sums in self._narrow.items():
            if not any(sums):
                continue
            path, group, value, day, mask = key
            for area in levels(path):
                if kept_by_day(area, group):
                    _join(every, Key(area, group, value, day, mask), sums)
                _join(every, Key(area, group, value, day // 100, mask), sums)
        return {key: sums for key, sums in every.items() if any(sums)}

    def _add(self, facts: Facts, sign: int) -> None:
        area = "/".join(facts.path.split("/")[:DEPTH])
        groups = (
            ("all", ""),
            ("unit", facts.unit),
            ("subcategory", facts.subcategory),
            ("source", facts.source),
        )
        for day, measures in brought(facts):
            for group, value in groups:
                key = Key(area, group, value, day, facts.mask)
                sums = self._narrow.get(key)
                if sums is None:
                    sums = self._narrow[key] = [0] * len(MEASURES)
                for place, number in measures:
                    sums[place] += sign * number


def _join(into: dict[Key, Sums], key: Key, sums: Sums) -> None:
    found = into.get(key)
    into[key] = sums if found is None else list(map(add, found, sums))


def _mask(case: Case) -> int:
    mask = sum(bit for mark, bit in EXCLUSIONS.items() if mark in case.marks)
    if case.stage in (Stage.VOIDED, Stage.DECLINED):
        mask |= EXCLUSIONS[Stage.VOIDED]
    return mask


def _standing_answer(case: Case, record: Sequence[Event]) -> datetime | None:
    """When the answer that stands was given: the first since the case was last with its unit."""
    if case.stage not in ANSWERED:
        return None
    since: datetime | None = None
    for event in record:
        if event.code not in ANSWERED:
            since = None
        elif since is None:
            since = event.at
    return since or case.ended_at


def _handling_s(case: Case, record: Sequence[Event], until: datetime) -> int:
    """Seconds with the unit: the clock's, else from 派遣 (else 立案, else 上报) to the answer."""
    if case.spent_s:
        return case.spent_s
    first: dict[str, datetime] = {}
    for event in record:
        first.setdefault(event.code, event.at)
    begun = first.get(Stage.DISPATCHED) or first.get(Stage.FILED) or case.reported_at
    return max(0, int((until - begun).total_seconds()))


def _stage_times(case: Case, record: Sequence[Event], ended: datetime) -> str:
    spent: dict[str, int] = {}
    road = [(it.code, it.at) for it in record if it.at <= ended]
    if not road or road[0][1] > case.reported_at:
        road.insert(0, (Stage.REPORTED, case.reported_at))
    for n, (stage, at) in enumerate(road):
        until = road[n + 1][1] if n + 1 < len(road) else ended
        if stage not in TERMINAL:
            spent[stage] = spent.get(stage, 0) + int((until - at).total_seconds())
    return " ".join(f"{stage}:{spent[stage]}" for stage in STAGES_TIMED if stage in spent)
