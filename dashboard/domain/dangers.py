"""Owns which alerts are dangers to life that take walls over, by data, and until when.

A danger is an alert of a rule that is named, about a case of a class or a place of a kind in a
state. It takes walls over until it is over, or until somebody has known of it for some minutes.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

_FIELDS = {"id", "name", "name_en", "rules", "classes", "places", "states"}
_LISTS = ("rules", "classes", "places", "states")


class DangerError(ValueError):
    """A list of dangers that cannot be; the message names the danger and the field."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of danger: ``classes`` of cases (``event/0401``), or ``places`` in ``states``."""

    id: str
    name: str
    name_en: str
    rules: frozenset[str]
    classes: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()
    states: frozenset[str] = frozenset()

    def is_case(self, rule: str, what: str) -> bool:
        """Say whether an alert of ``rule`` about a case of a class is one."""
        return rule in self.rules and what in self.classes

    def is_place(self, rule: str, kind: str, state: str) -> bool:
        """Say whether an alert of ``rule`` about a place is one."""
        return rule in self.rules and kind in self.places and state in self.states


@dataclass(frozen=True, slots=True, kw_only=True)
class Dangers:
    """All kinds. ``give_back``: how long after it is known of a wall is given back."""

    kinds: Sequence[Kind]
    give_back: timedelta

    @property
    def rules(self) -> frozenset[str]:
        """Every rule that one of them names."""
        return frozenset(rule for kind in self.kinds for rule in kind.rules)

    def until(self, acknowledged_at: datetime | None) -> datetime | None:
        """Until when a danger takes walls over; None: until it ends."""
        return None if acknowledged_at is None else acknowledged_at + self.give_back


def read(told: Mapping[str, Any]) -> Dangers:
    """Read a list of dangers; raises DangerError for the first thing wrong."""
    minutes = told.get("give_back_min")
    if isinstance(minutes, bool) or not isinstance(minutes, (int, float)) or minutes < 0:
        raise DangerError("give_back_min：应为不小于 0 的分钟数。")
    kinds = [_kind(raw) for raw in told.get("dangers", ())]
    _check_once(kind.id for kind in kinds)
    return Dangers(kinds=kinds, give_back=timedelta(minutes=minutes))


def _kind(raw: Any) -> Kind:
    name = raw.get("id") if isinstance(raw, Mapping) else None
    if not isinstance(name, str) or not name:
        raise DangerError("险情：缺少 id。")
    unknown = sorted(set(raw) - _FIELDS)
    if unknown:
        raise DangerError(f"险情 {name}：{unknown[0]}：没有此字段。")
    for field in _LISTS:
        value = raw.get(field, [])
        if not isinstance(value, list) or not all(isinstance(it, str) for it in value):
            raise DangerError(f"险情 {name}：{field}：应为文字的列表。")
    if not raw.get("rules") or not (raw.get("classes") or raw.get("places")):
        raise DangerError(f"险情 {name}：须写明 rules，以及 classes 或 places。")
    lists = {field: frozenset(raw.get(field, [])) for field in _LISTS}
    told = str(raw.get("name") or name)
    return Kind(id=name, name=told, name_en=str(raw.get("name_en") or told), **lists)


def _check_once(names: Iterable[str]) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise DangerError(f"险情 {name}：重复。")
        seen.add(name)
