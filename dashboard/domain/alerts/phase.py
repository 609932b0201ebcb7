"""Owns how a rule comes to hold for a subject, and ends: on-delay, off-delay, and their moments.

idle → pending → active → leaving → idle. What a judge cannot tell (None: between the line and its
deadband, or no news) leaves all as it is; only time goes on.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum, unique
from typing import Any, NamedTuple


@unique
class Name(StrEnum):
    """Where a rule stands for a subject."""

    IDLE = "idle"
    PENDING = "pending"
    ACTIVE = "active"
    LEAVING = "leaving"


class Phase(NamedTuple):
    """A phase, since when the rule has held, and since when it holds no more."""

    name: Name = Name.IDLE
    since: datetime | None = None
    left_at: datetime | None = None

    @property
    def up(self) -> bool:
        """Say whether there is an alert."""
        return self.name in (Name.ACTIVE, Name.LEAVING)


IDLE = Phase()


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What a rule says of a subject: whether it holds, since when, by which values.

    ``holds`` None: it cannot be told. ``again``: the moment at which time alone may change it.
    """

    holds: bool | None
    at: datetime
    value: float | None = None
    threshold: float | None = None
    evidence: dict[str, Any] = field(default_factory=dict)
    again: datetime | None = None


def advance(
    phase: Phase, holds: bool | None, at: datetime, now: datetime, on_s: float, off_s: float
) -> Phase:
    """Give the phase after a judgement of the moment ``at``, as things stand at ``now``."""
    if holds is True:
        if phase.name is Name.IDLE:
            phase = Phase(Name.PENDING, at)
        elif phase.name is Name.LEAVING:
            phase = Phase(Name.ACTIVE, phase.since)
    elif holds is False:
        if phase.name is Name.PENDING:
            phase = IDLE
        elif phase.name is Name.ACTIVE:
            phase = Phase(Name.LEAVING, phase.since, at)
    return ripen(phase, now, on_s, off_s)


def ripen(phase: Phase, now: datetime, on_s: float, off_s: float) -> Phase:
    """Give the phase that time alone makes of one."""
    moment = turns_at(phase, on_s, off_s)
    if moment is None or moment > now:
        return phase
    return Phase(Name.ACTIVE, phase.since) if phase.name is Name.PENDING else IDLE


def turns_at(phase: Phase, on_s: float, off_s: float) -> datetime | None:
    """Give the moment at which time alone changes the phase."""
    if phase.name is Name.PENDING and phase.since is not None:
        return phase.since + timedelta(seconds=on_s)
    if phase.name is Name.LEAVING and phase.left_at is not None:
        return phase.left_at + timedelta(seconds=off_s)
    return None
