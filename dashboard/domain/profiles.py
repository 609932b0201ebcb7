"""Owns what a mode judges otherwise: thresholds, calls, posts and cases, as data that is checked.

A profile belongs to a mode, and within 应急 to a scenario and to levels. All that fit are laid over
each other in their order: 防汛Ⅱ级 is what holds at any level of 防汛, and what is added at Ⅱ.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from dashboard.domain.events.things import KEY_CLASSES
from dashboard.domain.modes import Mode
from dashboard.domain.operations import LEVELS, Kind
from dashboard.domain.treatments import Entry, Treatment

_MEMBERS = frozenset(
    {
        "id",
        "mode",
        "scenario",
        "levels",
        "rules",
        "ladders",
        "posts",
        "report_every_min",
        "cases",
        "key_classes",
        "layers",
        "thin_cases",
    }
)
LAYERS = ("cases", "river", "rain", "emission", "cameras", "places", "responders")
"""What a map shows; a profile may name those that are on in its mode."""
_RULE_MEMBERS = frozenset({"priority", "params"})
_ENTRY_MEMBERS = frozenset({"classes", "limit_min", "areas"})
_CLASS = re.compile(r"(event|component)(/[^/\s]+)?")
_LONGEST_MIN = 7 * 24 * 60
_NOTHING: Mapping[str, Any] = MappingProxyType({})


class ProfileError(Exception):
    """A list of profiles that cannot be: which profile, which member, and why."""

    def __init__(self, profile: str, where: str, reason: str) -> None:
        """Say what is wrong, in words that an administrator can act on."""
        super().__init__(f"模式配置 {profile}：{where}：{reason}")
        self.profile = profile
        self.field = where
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What one profile adds. ``rules``: id of a rule of alerts → what it has otherwise.

    ``cases``: what becomes of open cases, the later entry before the earlier of the same class.
    ``key_classes``: of a guarded event, the classes that a zone's limit of each kind is for.
    ``layers``: of the console's map, those that are on; none named: as each person has them.
    ``thin_cases``: of the cases the map shows those that are 加急 and those with alerts.
    """

    id: str = ""
    mode: str = Mode.ROUTINE
    scenario: str | None = None
    levels: tuple[int, ...] = ()
    rules: Mapping[str, Mapping[str, Any]] = field(default_factory=lambda: _NOTHING)
    ladders: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    posts: tuple[str, ...] = ()
    report_every_min: int | None = None
    cases: tuple[Entry, ...] = ()
    key_classes: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: _NOTHING)
    layers: tuple[str, ...] = ()
    thin_cases: bool = False

    def shown(self) -> dict[str, Any]:
        """Give what a screen is told of it: what its map shows, when reports are due."""
        expedited = (it.classes for it in self.cases if it.treatment == Treatment.EXPEDITE)
        return {
            "mode": self.mode,
            "scenario": self.scenario,
            "levels": list(self.levels),
            "layers": list(self.layers),
            "classes": sorted({name for names in expedited for name in names}),
            "thin_cases": self.thin_cases,
            "report_every_min": self.report_every_min,
        }

    def fits(self, *, mode: str, scenario: str | None, level: int | None) -> bool:
        """Say whether it belongs to what is run."""
        return (
            self.mode == mode
            and self.scenario in (None, scenario)
            and (not self.levels or level in self.levels)
        )


ROUTINE = Profile()


def of_mode(
    profiles: Sequence[Profile], *, kind: str | None, scenario: str | None, level: int | None
) -> Profile:
    """Give what holds in a mode: all profiles that fit, the later over the earlier.

    ``kind``: of the operation that decides the mode; None in routine.
    """
    mode = Mode.ROUTINE
    if kind is not None:
        mode = Mode.EMERGENCY if kind == Kind.EMERGENCY else Mode.EVENT
    whole = Profile(mode=mode, scenario=scenario)
    for profile in profiles:
        if profile.fits(mode=mode, scenario=scenario, level=level):
            whole = _over(whole, profile)
    return whole


def _over(under: Profile, profile: Profile) -> Profile:
    rules = {name: dict(told) for name, told in under.rules.items()}
    for name, told in profile.rules.items():
        before = rules.setdefault(name, {})
        params = {**before.get("params", {}), **told.get("params", {})}
        before.update(told)
        if params:
            before["params"] = params
    return Profile(
        id=f"{under.id}+{profile.id}".strip("+"),
        mode=under.mode,
        scenario=under.scenario,
        rules=rules,
        ladders={**under.ladders, **profile.ladders},
        posts=tuple(dict.fromkeys((*under.posts, *profile.posts))),
        report_every_min=profile.report_every_min or under.report_every_min,
        cases=(*under.cases, *profile.cases),
        key_classes={**under.key_classes, **profile.key_classes},
        layers=profile.layers or under.layers,
        thin_cases=profile.thin_cases or under.thin_cases,
    )


def read(told: Any) -> tuple[Profile, ...]:
    """Make profiles of a file's content; raises ProfileError at the first that cannot be."""
    if not isinstance(told, list):
        raise ProfileError("–", "–", "应为一个列表")
    made: list[Profile] = []
    for place, each in enumerate(told, start=1):
        profile = _read(each, str(place))
        if profile.id in {it.id for it in made}:
            raise ProfileError(profile.id, "id", "重复")
        made.append(profile)
    return tuple(made)


def _read(told: Any, place: str) -> Profile:
    if not isinstance(told, dict):
        raise ProfileError(place, "–", "应为一个对象")
    name = told.get("id")
    if not isinstance(name, str) or not name:
        raise ProfileError(place, "id", "须填写")
    unknown = sorted(told.keys() - _MEMBERS)
    if unknown:
        raise ProfileError(name, unknown[0], "未知的项")
    mode = told.get("mode")
    if mode not in (Mode.EMERGENCY, Mode.EVENT):
        raise ProfileError(name, "mode", "只能是 emergency、event")
    levels = told.get("levels", [])
    if not isinstance(levels, list) or not all(level in LEVELS for level in levels):
        raise ProfileError(name, "levels", "只能含 1 至 4")
    every = told.get("report_every_min")
    if every is not None and (not isinstance(every, int) or not 1 <= every <= _LONGEST_MIN):
        raise ProfileError(name, "report_every_min", "应为 1 至 10080 的整数")
    return Profile(
        id=name,
        mode=mode,
        scenario=_text(told, "scenario", name),
        levels=tuple(levels),
        rules=_rules(told.get("rules", {}), name),
        ladders=_texts(told.get("ladders", {}), name, "ladders"),
        posts=tuple(_texts(dict.fromkeys(told.get("posts", []), ""), name, "posts")),
        report_every_min=every,
        cases=_cases(told.get("cases", {}), name),
        key_classes=_key_classes(told.get("key_classes", {}), name, mode),
        layers=_layers(told.get("layers", []), name),
        thin_cases=_truth(told, "thin_cases", name),
    )


def _layers(told: Any, name: str) -> tuple[str, ...]:
    if not isinstance(told, list) or not all(layer in LAYERS for layer in told):
        raise ProfileError(name, "layers", f"只能含 {'、'.join(LAYERS)}")
    return tuple(told)


def _truth(told: Mapping[str, Any], member: str, name: str) -> bool:
    value = told.get(member, False)
    if not isinstance(value, bool):
        raise ProfileError(name, member, "应为 true 或 false")
    return value


def _text(told: Mapping[str, Any], member: str, name: str) -> str | None:
    value = told.get(member)
    if value is not None and not isinstance(value, str):
        raise ProfileError(name, member, "应为文字")
    return value


def _texts(told: Any, name: str, member: str) -> Mapping[str, str]:
    if not isinstance(told, dict) or not all(
        isinstance(key, str) and isinstance(value, str) for key, value in told.items()
    ):
        raise ProfileError(name, member, "应为名称到名称")
    return MappingProxyType(told)


def _rules(told: Any, name: str) -> Mapping[str, Mapping[str, Any]]:
    if not isinstance(told, dict):
        raise ProfileError(name, "rules", "应为规则名到改动")
    for rule, change in told.items():
        if not isinstance(change, dict) or change.keys() - _RULE_MEMBERS:
            raise ProfileError(name, f"rules.{rule}", "只能含 priority、params")
        if change.get("priority", 1) not in (1, 2, 3):
            raise ProfileError(name, f"rules.{rule}.priority", "只能是 1、2、3")
        if not isinstance(change.get("params", {}), dict):
            raise ProfileError(name, f"rules.{rule}.params", "应为一个对象")
    return MappingProxyType(told)


def _cases(told: Any, name: str) -> tuple[Entry, ...]:
    """Read the three lists of classes: expedite 加急, usual 照常, defer 顺延."""
    if not isinstance(told, dict) or told.keys() - set(Treatment):
        raise ProfileError(name, "cases", "只能含 expedite、usual、defer")
    made: list[Entry] = []
    seen: set[tuple[Any, ...]] = set()
    for treatment, entries in told.items():
        where = f"cases.{treatment}"
        if not isinstance(entries, list):
            raise ProfileError(name, where, "应为一个列表")
        for place, each in enumerate(entries, start=1):
            entry = _entry(each, name, f"{where}.{place}", str(treatment))
            for it in entry.classes:
                key = it, entry.areas
                if key in seen:
                    raise ProfileError(name, f"{where}.{place}.classes", f"{it} 重复")
                seen.add(key)
            made.append(entry)
    return tuple(made)


def _key_classes(told: Any, name: str, mode: str) -> Mapping[str, tuple[str, ...]]:
    if not isinstance(told, dict) or told.keys() - KEY_CLASSES.keys():
        raise ProfileError(name, "key_classes", f"只能含 {'、'.join(KEY_CLASSES)}")
    if told and mode != Mode.EVENT:
        raise ProfileError(name, "key_classes", "只用于 event")
    return {it: _classes(told[it], name, f"key_classes.{it}") for it in told}


def _entry(told: Any, name: str, where: str, treatment: str) -> Entry:
    if not isinstance(told, dict) or told.keys() - _ENTRY_MEMBERS:
        raise ProfileError(name, where, "只能含 classes、limit_min、areas")
    classes = _classes(told.get("classes"), name, f"{where}.classes")
    limit = told.get("limit_min")
    if treatment != Treatment.EXPEDITE:
        if limit is not None:
            raise ProfileError(name, f"{where}.limit_min", "只有加急有应急时限")
    elif type(limit) is not int or not 1 <= limit <= _LONGEST_MIN:
        raise ProfileError(name, f"{where}.limit_min", f"应为 1 至 {_LONGEST_MIN} 的整数（分钟）")
    return Entry(
        treatment=treatment,
        classes=classes,
        limit_min=limit,
        areas=_words(told.get("areas", []), name, f"{where}.areas"),
    )


def _classes(told: Any, name: str, where: str) -> tuple[str, ...]:
    classes = _words(told, name, where)
    if not classes or not all(_CLASS.fullmatch(it) for it in classes):
        raise ProfileError(name, where, "须为类别的列表，如 event、event/04、component/0101")
    return classes


def _words(told: Any, name: str, where: str) -> tuple[str, ...]:
    if not isinstance(told, list) or not all(isinstance(it, str) and it for it in told):
        raise ProfileError(name, where, "应为文字的列表")
    return tuple(told)
