"""Owns whom 催办 and 督办 reach, and in which part, by the command model of the case's place.

主城: the unit acts, the city supervises. 副城: the district's centre acts, the city sees and
supports. 街镇: the town acts, the district supervises. Who is missing is stood in for by the next
one up, so that an act always reaches somebody.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum, unique

from dashboard.domain.jurisdictions import CommandModel, Level
from dashboard.domain.words import Words


@unique
class Part(StrEnum):
    """What one who is reached is to do."""

    TO_ACT = "to_act"
    SUPERVISES = "supervises"
    SUPPORTS = "supports"


PARTS: dict[str, Words] = {
    Part.TO_ACT: Words("处置", "acts"),
    Part.SUPERVISES: Words("监督", "supervises"),
    Part.SUPPORTS: Words("保障", "supports"),
}


@dataclass(frozen=True, slots=True)
class Seat:
    """A jurisdiction on the way from the city down to the case, or its responsible unit.

    ``level``: a value of ``Level``, or ``unit``. ``command_model``: its own, where it has one.
    """

    id: str
    name: str
    level: str
    command_model: str | None = None


@dataclass(frozen=True, slots=True)
class Recipient:
    """One who is reached, in the order in which they are."""

    id: str
    name: str
    level: str
    part: str


def model_of(chain: Sequence[Seat]) -> str | None:
    """Return the command model in force: that of the lowest jurisdiction which has one."""
    return next((seat.command_model for seat in reversed(chain) if seat.command_model), None)


def recipients(
    chain: Sequence[Seat], unit: Seat | None, *, model: str | None = None
) -> tuple[Recipient, ...]:
    """Return whom an act about a case reaches, the one who is to act first.

    ``chain``: the case's jurisdictions, city first. ``unit``: who is responsible, where that is
    known. ``model``: default that of the chain; a place without one is led as 主城 is.
    """
    model = model or model_of(chain)
    city = _at(chain, Level.CITY) or (chain[0] if chain else None)
    district = _at(chain, Level.DISTRICT)
    town = _at(chain, Level.SUBDISTRICT)
    wanted: list[tuple[Seat | None, Part]]
    if model == CommandModel.SUB:
        wanted = [(district or unit, Part.TO_ACT), (city, Part.SUPPORTS)]
    elif model == CommandModel.TOWN:
        wanted = [(town or unit or district, Part.TO_ACT), (district, Part.SUPERVISES)]
    else:
        wanted = [(unit or district, Part.TO_ACT), (city, Part.SUPERVISES)]
    reached: dict[str, Recipient] = {}
    for seat, part in wanted:
        if seat is not None and seat.id not in reached:
            reached[seat.id] = Recipient(seat.id, seat.name, seat.level, part)
    if not any(one.part == Part.TO_ACT for one in reached.values()):
        last = unit or (chain[-1] if chain else None)
        if last is not None:
            first = Recipient(last.id, last.name, last.level, Part.TO_ACT)
            rest = [one for one in reached.values() if one.id != last.id]
            return (first, *rest)
    return tuple(reached.values())


def _at(chain: Sequence[Seat], level: str) -> Seat | None:
    return next((seat for seat in chain if seat.level == level), None)
