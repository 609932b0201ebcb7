"""Owns the list of hazards 隐患清单: found, being dealt with, cleared; the aim is none."""

from enum import StrEnum, unique

from dashboard.domain.words import Words


@unique
class State(StrEnum):
    """Where a hazard stands."""

    OPEN = "open"
    HANDLING = "handling"
    CLEARED = "cleared"


STATES: dict[str, Words] = {
    State.OPEN: Words("待整改", "To do"),
    State.HANDLING: Words("整改中", "In hand"),
    State.CLEARED: Words("已销号", "Cleared"),
}


def needs_note(before: str, after: str) -> bool:
    """Say whether a change of state must say how: a clearing, and the taking back of one."""
    return State.CLEARED in (before, after)
