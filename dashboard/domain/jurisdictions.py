"""Owns jurisdictions 辖区: five levels, command models, and scopes as paths.

A scope is the path of a jurisdiction, city first, ids joined by `/`:
`330100/330106/330106005`. Who has a scope sees what lies in it and below.
"""

from collections.abc import Iterable
from enum import StrEnum, unique

from dashboard.domain.words import Words

SEPARATOR = "/"


@unique
class Level(StrEnum):
    """The five levels, from the city down."""

    CITY = "city"
    DISTRICT = "district"
    SUBDISTRICT = "subdistrict"
    COMMUNITY = "community"
    GRID = "grid"


LEVELS: dict[str, Words] = {
    Level.CITY: Words("市", "City"),
    Level.DISTRICT: Words("区县", "District"),
    Level.SUBDISTRICT: Words("街道(乡镇)", "Subdistrict"),
    Level.COMMUNITY: Words("社区", "Community"),
    Level.GRID: Words("责任网格", "Grid"),
}


@unique
class CommandModel(StrEnum):
    """指挥模式: who supervises and who commands in a district."""

    MAIN = "main"
    SUB = "sub"
    TOWN = "town"


COMMAND_MODELS: dict[str, Words] = {
    CommandModel.MAIN: Words("主城模式", "Main city"),
    CommandModel.SUB: Words("副城模式", "Sub-city"),
    CommandModel.TOWN: Words("街镇模式", "Town"),
}


COMMAND_MOTTOS: dict[CommandModel, Words] = {
    CommandModel.MAIN: Words("一级监督、分级指挥", "One level supervises, each level commands"),
    CommandModel.SUB: Words(
        "一级监督、自行指挥、市级保障",
        "One level supervises, the district commands, the city supports",
    ),
    CommandModel.TOWN: Words(
        "两级监督、一级指挥、按责处置、区镇联动",
        "Two levels supervise, one commands, district and town act together",
    ),
}
"""What a model means; whom it reaches first is told by ``command_models``."""

# GB/T 2260 and the grid's code: 6 county, 9 subdistrict, 12 community, 15 grid (GB/T 30428.1)
_LEVEL_BY_DIGITS = {
    6: Level.DISTRICT,
    9: Level.SUBDISTRICT,
    12: Level.COMMUNITY,
    15: Level.GRID,
}


def level_of_code(code: str) -> Level | None:
    """Return the level that a national code's length says, or None for another kind of id."""
    if not (code.isascii() and code.isdigit()):
        return None
    if len(code) == 6 and code.endswith("00"):
        return Level.CITY
    return _LEVEL_BY_DIGITS.get(len(code))


def join(*ids: str) -> str:
    """Return the path of jurisdictions given city first.

    Raises:
        ValueError: no id, an empty one, or one that holds the separator.
    """
    if not ids or any(not part or SEPARATOR in part for part in ids):
        msg = f"a scope path needs ids without {SEPARATOR!r}: {ids!r}"
        raise ValueError(msg)
    return SEPARATOR.join(ids)


def ids(path: str) -> tuple[str, ...]:
    """Return the jurisdictions of a path, city first."""
    return tuple(path.split(SEPARATOR))


def city_of(path: str) -> str:
    """Return the id of the path's city, which is the city's own path as well."""
    return path.partition(SEPARATOR)[0]


def leaf_of(path: str) -> str:
    """Return the id of the jurisdiction that the path ends in."""
    return path.rpartition(SEPARATOR)[2]


def parent_of(path: str) -> str | None:
    """Return the path one level up, None for a city."""
    return path.rpartition(SEPARATOR)[0] or None


def ancestors(path: str) -> tuple[str, ...]:
    """Return the paths from the city down to `path` itself: all scopes that see it."""
    parts = path.split(SEPARATOR)
    return tuple(SEPARATOR.join(parts[: n + 1]) for n in range(len(parts)))


def visible(scope: str, row_scope: str) -> bool:
    """Say whether a row of `row_scope` lies in `scope` or below."""
    return row_scope == scope or row_scope.startswith(scope + SEPARATOR)


def visible_to_any(scopes: Iterable[str], row_scope: str) -> bool:
    """Say whether any of `scopes` sees the row."""
    return any(visible(scope, row_scope) for scope in scopes)


def least(scopes: Iterable[str]) -> tuple[str, ...]:
    """Return the scopes sorted, without those that another of them holds already."""
    kept: list[str] = []
    for scope in sorted(set(scopes)):
        if not visible_to_any(kept, scope):
            kept.append(scope)
    return tuple(kept)
