"""Owns proposals 启动建议: what the evidence speaks for, never imposed.

A rule looks at one kind of evidence and says which level it speaks for. An episode begins when a
rule first holds and ends when it has not held for a while; within one, the same evidence asks once.
Only a graver level asks again. What an operation in force meets, of the same scenario and at that
level or a graver one, asks nobody: it is settled by that operation and kept in the record. What is
suspect is no evidence: rules look at alerts, and a suspect gauge raises none.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum, unique
from math import sqrt
from statistics import median
from typing import Any

from dashboard.domain.operations import LEVELS
from dashboard.domain.words import Words

QUIET = timedelta(hours=6)
"""So long without holding, and an episode is over: what comes then is a new one."""


@unique
class Evidence(StrEnum):
    """What a rule looks at."""

    WARNING = "warning"
    ALERTS = "alerts"
    CASES = "cases"
    UNUSUAL = "unusual"


@unique
class State(StrEnum):
    """Where a proposal stands."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    MET = "met"
    LAPSED = "lapsed"
    SURPASSED = "surpassed"


STATES: dict[str, Words] = {
    State.OPEN: Words("待决定", "Open"),
    State.ACCEPTED: Words("已采纳", "Accepted"),
    State.DECLINED: Words("未采纳", "Declined"),
    State.MET: Words("已有响应满足", "Met by what is in force"),
    State.LAPSED: Words("已失效", "Lapsed"),
    State.SURPASSED: Words("已被更高级别取代", "Surpassed"),
}


class RuleError(Exception):
    """A list of rules that cannot be: which rule, which member, and why."""

    def __init__(self, rule: str, where: str, reason: str) -> None:
        """Say what is wrong, in words that an administrator can act on."""
        super().__init__(f"启动建议规则 {rule}：{where}：{reason}")
        self.rule = rule
        self.field = where
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule.

    ``words``: of which a warning's event names one; ``colours``: colour → level; ``rules``: of
    alerts; ``classes``: (kind, subcategory) of cases. Of ``unusual``: at least ``least`` cases
    within the time, ``times`` the median of the same hour on the ``days`` before, and above it by
    ``sigmas`` times its root.
    """

    id: str
    name: Words
    kind: str
    scenario: str
    level: int = 4
    words: tuple[str, ...] = ()
    colours: Mapping[str, int] = field(default_factory=dict)
    rules: tuple[str, ...] = ()
    classes: tuple[tuple[str, str], ...] = ()
    within: timedelta = timedelta(hours=1)
    least: int = 1
    days: int = 28
    times: float = 3.0
    sigmas: float = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a rule found: the level it speaks for, and the evidence as the card shows it."""

    level: int
    evidence: Mapping[str, Any]


def of_warnings(rule: Rule, warnings: Sequence[Mapping[str, Any]]) -> Finding | None:
    """Look at warnings in force: ``id``, ``event``, ``headline``, ``colour``, ``sender``."""
    found = [
        (rule.colours[it["colour"]], it)
        for it in warnings
        if it["colour"] in rule.colours
        and any(word in f"{it['event']} {it['headline']}".lower() for word in rule.words)
    ]
    if not found:
        return None
    level = min(level for level, _ in found)
    told = [
        {"id": it["id"], "headline": it["headline"], "sender": it["sender"]}
        for its_level, it in found
        if its_level == level
    ]
    return Finding(level=level, evidence={"warnings": told[:5]})


def of_alerts(rule: Rule, alerts: Sequence[Mapping[str, Any]]) -> Finding | None:
    """Look at active alerts: ``rule``, ``subject_id``, ``value``, ``threshold``."""
    found = {it["subject_id"]: it for it in alerts if it["rule"] in rule.rules}
    if len(found) < rule.least:
        return None
    told = [
        {"station": name, "value": it["value"], "line": it["threshold"]}
        for name, it in sorted(found.items())
    ]
    return Finding(level=rule.level, evidence={"count": len(found), "stations": told[:20]})


def of_cases(rule: Rule, count: int, examples: Sequence[str]) -> Finding | None:
    """Look at how many cases of its classes became known within its time."""
    if count < rule.least:
        return None
    evidence = {"count": count, "within_min": _minutes(rule), "cases": list(examples[:20])}
    return Finding(level=rule.level, evidence=evidence)


def of_unusual(rule: Rule, count: int, usual: Sequence[int]) -> Finding | None:
    """Look at how many cases became known within its time, against the same time on days before.

    Fewer than half the days told is too little to know what is usual.
    """
    if len(usual) * 2 < rule.days or count < rule.least:
        return None
    middle = float(median(usual))
    if count < rule.times * middle or count <= middle + rule.sigmas * sqrt(max(middle, 1.0)):
        return None
    evidence = {
        "count": count,
        "within_min": _minutes(rule),
        "usual": middle,
        "days": len(usual),
    }
    return Finding(level=rule.level, evidence=evidence)


def _minutes(rule: Rule) -> int:
    return int(rule.within.total_seconds() // 60)


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """The last proposal of a rule: its level, where it stands, when its rule last held."""

    level: int
    state: str
    held_at: datetime

    def over(self, now: datetime) -> bool:
        """Say whether it has been quiet for so long that what comes is new."""
        return now - self.held_at > QUIET


def asks(episode: Episode | None, finding: Finding, now: datetime) -> bool:
    """Say whether a finding is news within its episode, and so makes a new proposal."""
    if episode is None or episode.over(now):
        return True
    return finding.level < episode.level


def met_by(level: int, running: Mapping[str, int]) -> str | None:
    """Give the operation that meets what is proposed at ``level``: the gravest that does.

    ``running``: level by id, of the operations in force of the same scenario and area.
    """
    return min(
        (name for name, its in running.items() if its <= level),
        key=lambda name: (running[name], name),
        default=None,
    )


_MEMBERS = frozenset(
    {
        *("id", "name", "name_en", "kind", "scenario", "level", "words", "colours", "rules"),
        *("classes", "within_min", "least", "days", "times", "sigmas"),
    }
)


def read(told: Any) -> tuple[Rule, ...]:
    """Make rules of a file's content; raises RuleError at the first that cannot be."""
    if not isinstance(told, list):
        raise RuleError("–", "–", "应为一个列表")
    made: list[Rule] = []
    for place, each in enumerate(told, start=1):
        rule = _read(each, str(place))
        if rule.id in {it.id for it in made}:
            raise RuleError(rule.id, "id", "重复")
        made.append(rule)
    return tuple(made)


def _read(told: Any, place: str) -> Rule:
    if not isinstance(told, dict):
        raise RuleError(place, "–", "应为一个对象")
    name = told.get("id")
    if not isinstance(name, str) or not name:
        raise RuleError(place, "id", "须填写")
    unknown = sorted(told.keys() - _MEMBERS)
    if unknown:
        raise RuleError(name, unknown[0], "未知的项")
    if told.get("kind") not in tuple(Evidence):
        raise RuleError(name, "kind", f"只能是 {'、'.join(Evidence)}")
    scenario = told.get("scenario")
    if not isinstance(scenario, str) or not scenario:
        raise RuleError(name, "scenario", "须填写")
    colours = told.get("colours", {})
    if not isinstance(colours, dict) or not set(colours.values()) <= set(LEVELS):
        raise RuleError(name, "colours", "应为颜色到级别 1 至 4")
    if told.get("level", 4) not in LEVELS:
        raise RuleError(name, "level", "应为 1 至 4")
    numbers = {
        key: _number(told, name, key, default, least)
        for key, default, least in (
            ("within_min", 60, 1),
            ("least", 1, 1),
            ("days", 28, 1),
            ("times", 3, 1),
            ("sigmas", 5, 0),
        )
    }
    title = str(told.get("name") or name)
    return Rule(
        id=name,
        name=Words(title, str(told.get("name_en") or title)),
        kind=told["kind"],
        scenario=scenario,
        level=told.get("level", 4),
        words=tuple(str(word).lower() for word in told.get("words", [])),
        colours=colours,
        rules=tuple(map(str, told.get("rules", []))),
        classes=tuple((str(kind), str(code)) for kind, code in told.get("classes", [])),
        within=timedelta(minutes=numbers["within_min"]),
        least=int(numbers["least"]),
        days=int(numbers["days"]),
        times=numbers["times"],
        sigmas=numbers["sigmas"],
    )


def _number(told: Mapping[str, Any], name: str, key: str, default: float, least: float) -> float:
    value = told.get(key, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or value < least:
        raise RuleError(name, key, f"应为不小于 {least} 的数")
    return float(value)
