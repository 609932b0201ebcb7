"""Owns the matters of a call at night: which are the common ones, and which are alike.

A city says them in its own codes (imported, or ``matters`` of its description); those that come
with Pingji are of the shipped list (GB/T 30428.2).
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dashboard.domain.words import Words

_FIELDS = {"name", "name_en", "of", "wet", "storm", "alike"}
_KINDS = ("component", "event")


class MatterError(ValueError):
    """A list of matters that cannot be; the message names the matter and the field."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """What is called in, as callers name it.

    ``of``: the category that it becomes, ``event/0406``; ``wet``: a depth is asked; ``storm``: a
    drill's storm brings it; ``alike``: the categories as which the next caller names it.
    """

    words: Words
    of: str
    wet: bool = False
    storm: bool = False
    alike: frozenset[str] = frozenset()

    @property
    def kind(self) -> str:
        """Say whether it is of a component or an event."""
        return self.of.partition("/")[0]

    @property
    def code(self) -> str:
        """Give its subcategory."""
        return self.of.partition("/")[2]


def read(told: Any) -> tuple[Matter, ...]:
    """Read a list of matters, the most common first; raises MatterError for the first fault."""
    if not isinstance(told, Sequence) or isinstance(told, str):
        raise MatterError("matters：应为列表。")
    return tuple(_matter(n, raw) for n, raw in enumerate(told, 1))


def known_of(matters: Iterable[Matter], categories: Collection[str]) -> tuple[Matter, ...]:
    """Give the matters that a city's list of categories has, in their order."""
    return tuple(matter for matter in matters if matter.of in categories)


def wet(matters: Iterable[Matter]) -> frozenset[str]:
    """Give the categories of which a depth is asked."""
    return frozenset(matter.of for matter in matters if matter.wet)


def alike(matters: Iterable[Matter], one: str, other: str, *, same_class: bool) -> int:
    """Say how alike two categories are: 3 the same, 2 often confused, 1 of one class, 0 not."""
    if one == other:
        return 3
    for matter in matters:
        group = matter.alike | {matter.of}
        if one in group and other in group:
            return 2
    return int(same_class)


def _matter(n: int, raw: Any) -> Matter:
    at = f"matters[{n}]"
    if not isinstance(raw, Mapping):
        raise MatterError(f"{at}：应为对象。")
    unknown = sorted(set(raw) - _FIELDS)
    if unknown:
        raise MatterError(f"{at}.{unknown[0]}：没有此字段。")
    name = raw.get("name")
    if not isinstance(name, str) or not name:
        raise MatterError(f"{at}.name：须填写。")
    for flag in ("wet", "storm"):
        if not isinstance(raw.get(flag, False), bool):
            raise MatterError(f"{at}.{flag}：应为 true 或 false。")
    name_en = raw.get("name_en", name)
    if not isinstance(name_en, str):
        raise MatterError(f"{at}.name_en：应为文字。")
    others = raw.get("alike", [])
    if not isinstance(others, list):
        raise MatterError(f"{at}.alike：应为列表。")
    return Matter(
        words=Words(name, name_en or name),
        of=_category(f"{at}.of", raw.get("of")),
        wet=raw.get("wet", False),
        storm=raw.get("storm", False),
        alike=frozenset(_category(f"{at}.alike", other) for other in others),
    )


def _category(at: str, told: Any) -> str:
    kind, _, code = told.partition("/") if isinstance(told, str) else ("", "", "")
    if kind not in _KINDS or not code:
        raise MatterError(f"{at}：应为 event/小类 或 component/小类。")
    return f"{kind}/{code}"
