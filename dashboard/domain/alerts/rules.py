"""Owns the rules of alerts 告警规则: data that is checked whole before any of it counts.

A list of rules comes from a file. :func:`read` makes a :class:`RuleBook` of it or raises
:class:`RuleError`, which names the rule, the field and what would do. What a rule of a kind may be
told stands in ``KINDS``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import isfinite
from types import MappingProxyType
from typing import Any, NamedTuple

from dashboard.domain.words import Words

MAX_RULES = 200
MAX_NAME = 80
MAX_DELAY_S = 24 * 3600
ACTS: Mapping[str, Words] = MappingProxyType(
    {"acknowledge": Words("确认", "Acknowledge"), "transfer": Words("转办", "Hand on")}
)
PRIORITIES: Mapping[int, Words] = MappingProxyType(
    {1: Words("高", "High"), 2: Words("中", "Middle"), 3: Words("低", "Low")}
)
WATER = ("river", "tide", "reservoir")


class RuleError(Exception):
    """A list of rules that cannot be: ``rule`` (its id or place), ``field`` and why."""

    def __init__(self, rule: str, where: str, reason: str) -> None:
        """Say what is wrong, in words that an administrator can act on."""
        super().__init__(f"规则 {rule}：{where}：{reason}" if where else f"规则 {rule}：{reason}")
        self.rule = rule
        self.field = where
        self.reason = reason


class Param(NamedTuple):
    """What a kind may be told: its default, and the least and most of a number."""

    default: Any
    least: float = 0.0
    most: float = 1e9


class Kind(NamedTuple):
    """A kind of rule: whose facts it judges, and what it may be told."""

    topic: str
    words: Words
    params: Mapping[str, Param]


_AGE = Param(120.0, 1, 7 * 24 * 60)
KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "case_near": Kind(
            "cases", Words("临期", "Due soon"), {"before_min": Param(30.0, 1, 7 * 24 * 60)}
        ),
        "case_overdue": Kind("cases", Words("超期", "Overdue"), {"times": Param(1.0, 1, 100)}),
        "case_emergency": Kind("cases", Words("应急超期", "Past its emergency limit"), {}),
        "case_danger": Kind(
            "cases",
            Words("险情案件", "Danger to life"),
            {
                "classes": Param(()),
                "urgency": Param(2.0, 0, 9),
                "desk_urgency": Param(1.0, 0, 9),
                "within_h": Param(12.0, 0.5, 24 * 7),
            },
        ),
        "level_line": Kind(
            "stations",
            Words("水位超线", "Level over a line"),
            {
                "line": Param("warning"),
                "deadband": Param(0.05, 0, 100),
                "kinds": Param(WATER),
                "max_age_min": _AGE,
            },
        ),
        "level_rise": Kind(
            "stations",
            Words("水位涨率", "Rate of rise"),
            {
                "m_per_h": Param(0.3, 0.001, 1000),
                "deadband": Param(0.1, 0, 1000),
                "over_min": Param(60.0, 10, 360),
                "kinds": Param(("river",)),
                "max_age_min": _AGE,
            },
        ),
        "depth": Kind(
            "stations",
            Words("积水深度", "Depth of water"),
            {"cm": Param(15.0, 0.1, 10_000), "deadband": Param(3.0, 0, 100), "max_age_min": _AGE},
        ),
        "rain_sum": Kind(
            "stations",
            Words("累计雨量", "Sum of rain"),
            {
                "hours": Param(1.0, 0.25, 72),
                "mm": Param(20.0, 0.1, 5000),
                "deadband": Param(2.0, 0, 1000),
            },
        ),
        "emission_mean": Kind(
            "stations",
            Words("排放小时均值", "Hourly mean of an outlet"),
            {"share": Param(1.0, 0.1, 10), "least": Param(2.0, 1, 60)},
        ),
        "emission_constant": Kind(
            "stations", Words("数值恒定", "Constant value"), {"hours": Param(3.0, 0.5, 72)}
        ),
        "emission_missing": Kind(
            "stations", Words("缺失小时", "Missing hour"), {"by_min": Param(30.0, 1, 60)}
        ),
        "emission_saturated": Kind(
            "stations", Words("超测定上限", "Instrument saturated"), {"flag": Param("T")}
        ),
        "station_silent": Kind(
            "stations",
            Words("测站无数据", "Station silent"),
            {"intervals": Param(2.0, 1, 1000), "least_min": Param(10.0, 1, 24 * 60)},
        ),
        "station_offline": Kind(
            "stations", Words("测站离线", "Station offline"), {"hours": Param(24.0, 0.1, 24 * 30)}
        ),
        "camera_silent": Kind(
            "cameras", Words("摄像机离线", "Camera off"), {"only_at_places": Param(True)}
        ),
        "feed_down": Kind(
            "feeds", Words("数据源中断", "Feed down"), {"silent_min": Param(5.0, 0.1, 24 * 60)}
        ),
        "warning": Kind("warnings", Words("预警生效", "Warning in force"), {"colours": Param(())}),
    }
)
"""Every kind of rule by its code."""

_PLACES = frozenset({"depth"})
"""Kinds that judge places 重点部位 as well."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule.

    ``family``: rules of one family have one alert a subject, at the rule of the greatest ``rank``
    that holds. ``department``: who answers, where that is not the desk; its ``act`` then is
    ``transfer`` 转办. ``latch``: an alert that cleared by itself still waits to be acknowledged.
    """

    id: str
    name: str
    name_en: str
    kind: str
    priority: int
    family: str
    rank: int = 0
    department: str | None = None
    department_en: str | None = None
    act: str = "acknowledge"
    sound: bool = True
    ladder: str | None = None
    latch: bool = False
    on_delay_s: float = 0.0
    off_delay_s: float = 0.0
    enabled: bool = True
    params: Mapping[str, Any] = field(default_factory=dict)

    @property
    def topics(self) -> tuple[str, ...]:
        """Whose facts it judges."""
        own = KINDS[self.kind].topic
        return (own, "places") if self.kind in _PLACES else (own,)

    def shown(self) -> dict[str, Any]:
        """Give what a screen is told of it."""
        names = ("id", "name", "name_en", "kind", "priority", "department", "department_en", "act")
        more = ("sound", "ladder", "latch", "on_delay_s")
        told = {name: getattr(self, name) for name in (*names, *more)}
        return {**told, "params": dict(self.params)}


class Plausible(NamedTuple):
    """Beyond what a factor does not jump: at least ``step``, faster than ``per_hour``."""

    step: float
    per_hour: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleBook:
    """A whole list of rules. ``join_above``: more groups of a kind than that join upward."""

    version: int
    rules: Mapping[str, Rule]
    plausible: Mapping[str, Plausible]
    join_above: int = 3

    def of_topic(self, topic: str) -> tuple[Rule, ...]:
        """Give the enabled rules that judge facts of ``topic``."""
        return tuple(it for it in self.rules.values() if it.enabled and topic in it.topics)


_FIELDS: Mapping[str, type | tuple[type, ...]] = {
    "id": str,
    "name": str,
    "name_en": str,
    "kind": str,
    "priority": int,
    "family": str,
    "rank": int,
    "department": (str, type(None)),
    "department_en": (str, type(None)),
    "act": str,
    "sound": bool,
    "ladder": (str, type(None)),
    "latch": bool,
    "on_delay_s": (int, float),
    "off_delay_s": (int, float),
    "enabled": bool,
    "params": dict,
}
_NEEDED = ("id", "name", "kind", "priority")


def read(told: object, *, version: int = 0) -> RuleBook:
    """Make a rule book of a file's content; raises RuleError for the first thing wrong."""
    if isinstance(told, list):
        told = {"rules": told}
    if not isinstance(told, dict) or not isinstance(told.get("rules"), list):
        raise RuleError("文件", "rules", "应为规则的列表，或含有 rules 列表的对象。")
    if not 0 < len(told["rules"]) <= MAX_RULES:
        raise RuleError("文件", "rules", f"应有 1 至 {MAX_RULES} 条规则。")
    unknown = sorted(set(told) - {"rules", "plausible", "join_above"})
    if unknown:
        raise RuleError("文件", unknown[0], "没有此字段；可用：rules、plausible、join_above。")
    rules: dict[str, Rule] = {}
    for place, raw in enumerate(told["rules"], 1):
        rule = _rule(raw, place)
        if rule.id in rules:
            raise RuleError(rule.id, "id", "与另一条规则重复。")
        rules[rule.id] = rule
    _check_families(rules.values())
    join_above = told.get("join_above", 3)
    if not isinstance(join_above, int) or not 1 <= join_above <= 1000:
        raise RuleError("文件", "join_above", "应为 1 至 1000 的整数。")
    return RuleBook(
        version=version,
        rules=MappingProxyType(rules),
        plausible=MappingProxyType(_plausible(told.get("plausible", {}))),
        join_above=join_above,
    )


def _rule(raw: object, place: int) -> Rule:
    if not isinstance(raw, dict):
        raise RuleError(f"第 {place} 条", "", "应为对象。")
    name = raw["id"] if isinstance(raw.get("id"), str) else f"第 {place} 条"
    for where, value in raw.items():
        kind = _FIELDS.get(where)
        if kind is None:
            raise RuleError(name, str(where)[:40], f"没有此字段；可用：{'、'.join(_FIELDS)}。")
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            raise RuleError(name, where, f"类型不对，收到 {str(value)[:40]!r}。")
    for where in _NEEDED:
        if where not in raw:
            raise RuleError(name, where, "缺少此字段。")
    _check(raw, name)
    params = _params(raw.get("params", {}), raw["kind"], name)
    values = {**raw, "params": MappingProxyType(params)}
    values.setdefault("name_en", raw["name"])
    values.setdefault("family", raw["id"])
    return Rule(**values)


def _check(raw: Mapping[str, Any], name: str) -> None:
    _check_texts(raw, name)
    if raw["kind"] not in KINDS:
        raise RuleError(name, "kind", f"没有此种类；可用：{'、'.join(KINDS)}。")
    if raw["priority"] not in PRIORITIES:
        raise RuleError(name, "priority", "应为 1（高）、2（中）或 3（低）。")
    act = raw.get("act", "acknowledge")
    if act not in ACTS:
        raise RuleError(name, "act", f"应为 {'、'.join(ACTS)} 之一。")
    if act == "transfer" and not raw.get("department"):
        raise RuleError(name, "department", "转办的规则须写明由哪个部门负责。")
    for where in ("on_delay_s", "off_delay_s"):
        if not 0 <= raw.get(where, 0) <= MAX_DELAY_S:
            raise RuleError(name, where, f"应在 0 与 {MAX_DELAY_S} 秒之间。")


def _check_texts(raw: Mapping[str, Any], name: str) -> None:
    for where in ("id", "name", "name_en", "family", "department", "department_en", "ladder"):
        value = raw.get(where)
        if value is None:
            continue
        if not 0 < len(value.strip()) <= MAX_NAME or not value.isprintable():
            raise RuleError(name, where, f"应为 1 至 {MAX_NAME} 个可见字符。")
    if "/" in raw["id"] or "/" in raw.get("family", ""):
        raise RuleError(name, "id", "不能含有“/”。")


def _params(told: Mapping[str, Any], kind: str, name: str) -> dict[str, Any]:
    known = KINDS[kind].params
    made = {param: spec.default for param, spec in known.items()}
    for param, value in told.items():
        spec = known.get(param)
        where = f"params.{str(param)[:40]}"
        if spec is None:
            raise RuleError(name, where, f"没有此参数；可用：{'、'.join(known) or '无'}。")
        made[param] = _param(value, spec, name, where)
    return made


def _param(value: Any, spec: Param, name: str, where: str) -> Any:
    if isinstance(spec.default, bool):
        if not isinstance(value, bool):
            raise RuleError(name, where, "应为 true 或 false。")
        return value
    if isinstance(spec.default, float):
        number = isinstance(value, (int, float)) and not isinstance(value, bool)
        if not number or not isfinite(value) or not spec.least <= value <= spec.most:
            raise RuleError(name, where, f"应为 {spec.least:g} 与 {spec.most:g} 之间的数。")
        return float(value)
    if isinstance(spec.default, str):
        if not isinstance(value, str) or not 0 < len(value) <= MAX_NAME:
            raise RuleError(name, where, "应为文字。")
        return value
    if not isinstance(value, list) or not all(isinstance(it, str) for it in value):
        raise RuleError(name, where, "应为文字的列表。")
    return tuple(value)


def _plausible(told: object) -> dict[str, Plausible]:
    if not isinstance(told, dict):
        raise RuleError("文件", "plausible", "应为对象：因子 → {step, per_hour}。")
    made = {}
    for factor, raw in told.items():
        where = f"plausible.{str(factor)[:40]}"
        spec = Param(0.0, 1e-6)
        if not isinstance(raw, dict) or set(raw) != {"step", "per_hour"}:
            raise RuleError("文件", where, "应写明 step 与 per_hour。")
        made[str(factor)] = Plausible(
            step=_param(raw["step"], spec, "文件", f"{where}.step"),
            per_hour=_param(raw["per_hour"], spec, "文件", f"{where}.per_hour"),
        )
    return made


def _check_families(rules: "Sequence[Rule] | Any") -> None:
    """Rules of one family judge the same subjects, and no two have the same rank."""
    seen: dict[str, dict[int, Rule]] = {}
    for rule in rules:
        others = seen.setdefault(rule.family, {})
        if rule.rank in others:
            raise RuleError(rule.id, "rank", f"与同族规则 {others[rule.rank].id} 相同。")
        if others and next(iter(others.values())).topics != rule.topics:
            raise RuleError(rule.id, "family", "同族规则须针对同一类对象。")
        others[rule.rank] = rule
