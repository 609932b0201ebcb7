"""Owns what of an event holds when: versions take force at a stated time, by the city's clock.

Every change is a version. A thing's states are one after the other: a later version of it never
takes force before an earlier one, so what holds at a moment is told by its number alone.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from dashboard.domain.events.things import Key, Kind, Thing
from dashboard.domain.words import Words

AHEAD_AT_MOST = timedelta(days=60)
"""How far ahead a change may be announced."""

BEHIND_AT_MOST = timedelta(minutes=5)
"""What was meant for so short a while ago takes force at once."""

SHOWN_AFTER = timedelta(hours=24)
"""How long what was replaced is still shown beside what replaced it."""

STATES: dict[str, Words] = {
    "entered": Words("已发布", "Published"),
    "withdrawn": Words("已撤回", "Withdrawn"),
}


class Untimely(Exception):
    """A time at which a change cannot take force; the message is for whoever entered it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """One state of a thing: what a version made of it. ``thing`` None: taken away."""

    key: Key
    version: int
    effective_at: datetime
    thing: Thing | None


def standing(states: Iterable[State], at: datetime) -> dict[Key, Thing]:
    """Give what holds at a moment of the city's clock."""
    newest: dict[Key, State] = {}
    for state in states:
        if state.effective_at > at:
            continue
        before = newest.get(state.key)
        if before is None or before.version < state.version:
            newest[state.key] = state
    return {key: state.thing for key, state in newest.items() if state.thing is not None}


def takes_force(told: datetime | None, now: datetime) -> datetime:
    """Give when a change entered now takes force. Raises Untimely."""
    if told is None or now - BEHIND_AT_MOST <= told < now:
        return now
    if told < now:
        raise Untimely("生效时间已过。")
    if told > now + AHEAD_AT_MOST:
        raise Untimely(f"生效时间在 {AHEAD_AT_MOST.days} 天之后。")
    return told


def pending(states: Iterable[State], key: Key, after: datetime) -> State | None:
    """Give a state of a thing that takes force later than ``after``; the last where several do."""
    found = [it for it in states if it.key == key and it.effective_at > after]
    return max(found, key=lambda it: it.version, default=None)


class Programme(NamedTuple):
    """Where the programme stands: the phase that runs, the next one, and the seconds until it."""

    current: Thing | None
    next: Thing | None
    seconds: int | None


def programme(things: Mapping[Key, Thing], now: datetime) -> Programme:
    """Say where the programme stands at the city's ``now``."""
    phases: Sequence[Thing] = sorted(
        (it for it in things.values() if it.key.kind == Kind.PHASE),
        key=lambda it: it.moment("starts_at"),
    )
    current = next(
        (it for it in phases if it.moment("starts_at") <= now < it.moment("ends_at")), None
    )
    coming = next((it for it in phases if it.moment("starts_at") > now), None)
    seconds = None if coming is None else int((coming.moment("starts_at") - now).total_seconds())
    return Programme(current, coming, seconds)


def change(before: Thing | None, after: Thing | None) -> str:
    """Name what a version does to a thing: ``added``, ``changed`` or ``removed``."""
    if after is None:
        return "removed"
    return "added" if before is None else "changed"


CHANGES: dict[str, Words] = {
    "added": Words("新增", "Added"),
    "changed": Words("变更", "Changed"),
    "removed": Words("撤销", "Removed"),
}


def same(before: Thing | None, after: Thing | None) -> bool:
    """Say whether nothing is said that did not hold already."""
    if before is None or after is None:
        return before is after
    return (
        before.name == after.name
        and before.name_en == after.name_en
        and _plain(before.geometry) == _plain(after.geometry)
        and dict(before.body) == dict(after.body)
    )


def _plain(geometry: Mapping[str, Any] | None) -> Any:
    return None if geometry is None else dict(geometry)
