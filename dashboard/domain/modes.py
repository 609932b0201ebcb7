"""Owns the mode of a jurisdiction, 平时 / 应急 / 保障: what the operations in force make of it.

A mode is derived, never set. An operation acts on its area and all below it; what runs only in a
part of a jurisdiction does not change the whole's mode, and is a chip in its band.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, unique

from dashboard.domain.operations import Kind, Operation
from dashboard.domain.words import Words


@unique
class Mode(StrEnum):
    """What a jurisdiction is in."""

    ROUTINE = "routine"
    EMERGENCY = "emergency"
    EVENT = "event"


MODES: dict[str, Words] = {
    Mode.ROUTINE: Words("平时", "Routine"),
    Mode.EMERGENCY: Words("应急", "Emergency"),
    Mode.EVENT: Words("保障", "Event"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The mode of one jurisdiction.

    ``operation``: the one that decides it; ``bands``: ids of all that act on it, in the order in
    which their bands stand.
    """

    mode: str
    level: int | None = None
    operation: str | None = None
    drill: bool = False
    bands: tuple[str, ...] = ()


ROUTINE = Standing(mode=Mode.ROUTINE)


def standing(area: str, operations: Iterable[Operation]) -> Standing:
    """Derive the mode of the jurisdiction whose path is ``area``.

    What is real comes before a drill, an emergency before an event, a higher level before a lower
    one, what began earlier before what began later.
    """
    acting = sorted(
        (it for it in operations if it.in_force and covers(it.area, area)), key=precedence
    )
    if not acting:
        return ROUTINE
    first = acting[0]
    return Standing(
        mode=Mode.EMERGENCY if first.kind == Kind.EMERGENCY else Mode.EVENT,
        level=first.level,
        operation=first.id,
        drill=first.drill,
        bands=tuple(it.id for it in acting),
    )


def watched(area: str, operations: Iterable[Operation], now: datetime) -> tuple[str, ...]:
    """Name the ended operations that left 加强值班 on a jurisdiction, the last first.

    ``area``: its path. A watch changes no mode: the scene is that of routine, with the operation's
    places and open cases kept beside it.
    """
    left = [
        it
        for it in operations
        if not it.in_force
        and it.watch_until is not None
        and it.watch_until > now
        and covers(it.area, area)
    ]
    return tuple(
        it.id for it in sorted(left, key=lambda it: (it.effective_at, it.id), reverse=True)
    )


def precedence(operation: Operation) -> tuple[bool, bool, int, datetime, str]:
    """Give the key by which operations are put in order, the deciding one first."""
    return (
        operation.drill,
        operation.kind != Kind.EMERGENCY,
        operation.level or 9,
        operation.effective_at,
        operation.id,
    )


def covers(area: str, path: str) -> bool:
    """Say whether what runs in ``area`` acts on the jurisdiction ``path``."""
    return path == area or path.startswith(area + "/")
