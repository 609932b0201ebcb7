"""Owns the matters of a call at night: which are the common ones, and which are alike.

Codes are those of the shipped list (GB/T 30428.2); a city whose list has them not goes without.
"""

from dashboard.domain.words import Words

Matter = tuple[str, str]
"""A kind and a subcategory."""

COMMON: dict[Matter, Words] = {
    ("event", "0406"): Words("道路积水", "Ponding"),
    ("event", "0401"): Words("路面塌陷", "Road collapse"),
    ("component", "0115"): Words("井盖缺失", "Manhole open"),
    ("component", "0402"): Words("树倒", "Tree down"),
    ("event", "0402"): Words("水管破裂", "Water main burst"),
    ("event", "0403"): Words("燃气泄漏", "Gas leak"),
    ("event", "0408"): Words("线缆坠落", "Cable down"),
    ("event", "0404"): Words("下水道堵", "Sewer blocked"),
    ("event", "0110"): Words("道路破损", "Road damage"),
}
"""What is called in most, as callers name it; the first nine are a digit away."""

WET: frozenset[Matter] = frozenset({("event", "0406"), ("event", "0404"), ("event", "0402")})
"""Matters of which a depth is asked."""

_MANHOLES = frozenset(
    ("component", f"01{n:02}") for n in (*range(1, 5), *range(6, 14), 15, 28, 29, 30, 31)
)
_ALIKE: tuple[frozenset[Matter], ...] = (
    WET | {("component", "0104"), ("component", "0105")},
    frozenset({("event", "0401"), ("event", "0110"), ("event", "0402")}) | _MANHOLES,
    _MANHOLES,
    frozenset({("event", "0408"), ("event", "2111"), ("component", "0117"), ("component", "0118")}),
    frozenset({("component", "0401"), ("component", "0402"), ("component", "0403")}),
)
"""What one caller names so and the next one otherwise."""


def alike(one: Matter, other: Matter) -> int:
    """Say how alike two matters are: 3 the same, 2 often confused, 1 of one class, 0 not."""
    if one == other:
        return 3
    if any(one in group and other in group for group in _ALIKE):
        return 2
    return int(one[0] == other[0] and one[1][:2] == other[1][:2])
