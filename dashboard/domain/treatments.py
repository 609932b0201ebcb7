"""Owns what an operation makes of an open case: 加急, 照常 or 顺延, by lists of classes.

The lists belong to the profile of a mode. An operation's story is what it wanted of a case at each
of its acts; what a case then has is a :class:`Hold`, which begins, gets another limit and ends at
the moments of those acts, whenever it is worked out. What a hold does to clocks stands in
``treatment_clocks``.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum, unique
from typing import NamedTuple

from dashboard.domain.words import Words


@unique
class Treatment(StrEnum):
    """What becomes of an open case while an operation is run."""

    EXPEDITE = "expedite"
    USUAL = "usual"
    DEFER = "defer"


TREATMENTS: dict[str, Words] = {
    Treatment.EXPEDITE: Words("加急", "Expedited"),
    Treatment.USUAL: Words("照常", "As usual"),
    Treatment.DEFER: Words("顺延", "Deferred"),
}

RESTORED, REVOKED = "restored", "revoked"
TREATED: dict[str, Words] = {
    **{name: words for name, words in TREATMENTS.items() if name != Treatment.USUAL},
    RESTORED: Words("恢复平时时限", "Usual limits again"),
    REVOKED: Words("撤销，时限复原", "Revoked, limits as before"),
}
"""What a case's record says that an operation did to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the lists.

    ``classes``: a kind, or kind/大类 or kind/小类 (``event/04``); ``areas``: jurisdictions in
    which alone it counts; ``limit_min``: the 应急时限 that 加急 gives, in minutes round the clock.
    """

    treatment: str
    classes: tuple[str, ...]
    limit_min: int | None = None
    areas: tuple[str, ...] = ()


class Want(NamedTuple):
    """What is wanted of a case. ``limit_min`` None: no 应急时限, the deadline rules alone."""

    treatment: str
    limit_min: int | None = None


USUAL = Want(Treatment.USUAL)

Story = Sequence[tuple[datetime, Want]]
"""What an operation wanted of a case from each of its acts on, in their order; never empty."""


class Limit(NamedTuple):
    """An 应急时限 from a moment on; ``minutes`` None: none is set."""

    since: datetime
    minutes: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """What one operation makes of one case.

    ``mode``: whose deadline rules count; ``until`` None: it holds still; ``revoked``: the
    operation was a mistake, and nothing of it counts; ``limits``: of 加急, in order of time.
    """

    operation: str
    treatment: str
    mode: str
    since: datetime
    until: datetime | None = None
    revoked: bool = False
    limits: tuple[Limit, ...] = ()

    @property
    def holds(self) -> bool:
        """Say whether it is in force."""
        return self.until is None and not self.revoked


def choose(entries: Iterable[Entry], *, kind: str, subcategory: str, path: str) -> Entry | None:
    """Give the entry that names a case's class most closely; of equals the later one.

    A class says more than a wider one, and of one class an area more than everywhere.
    """
    parts = frozenset(path.split("/"))
    best: tuple[tuple[int, bool], Entry] | None = None
    for entry in entries:
        if entry.areas and parts.isdisjoint(entry.areas):
            continue
        length = max((_names(it, kind, subcategory) for it in entry.classes), default=-1)
        rank = length, bool(entry.areas)
        if length >= 0 and (best is None or rank >= best[0]):
            best = rank, entry
    return best[1] if best else None


def _names(name: str, kind: str, subcategory: str) -> int:
    """Say how much of a class a name says; −1 where it names another."""
    of, _, code = name.partition("/")
    return len(code) if of == kind and subcategory.startswith(code) else -1


def follow(
    held: Hold | None,
    story: Story,
    *,
    operation: str,
    mode: str,
    now: datetime,
    ended_at: datetime | None = None,
    moved_at: datetime | None = None,
    answered: bool = False,
) -> list[Hold]:
    """Give the holds of a case that change, by what its operation wants of it now.

    ``held``: the one that holds. ``ended_at``: when the operation ended; ``moved_at``: the case
    itself became another matter then, rather than the operation's acts; ``answered``: the unit
    owes nothing, so that nothing begins; ``now``: when a hold ends that neither explains. An empty
    list: all is as it should be.
    """
    if ended_at is not None:
        return [] if held is None else [replace(held, until=ended_at)]
    want = story[-1][1]
    if held is not None and held.treatment == want.treatment:
        later = _limits(held, story, moved_at)
        return [] if later == held.limits else [replace(held, limits=later)]
    changed: list[Hold] = []
    if held is not None:
        turned = moved_at or _turned(story)
        changed.append(replace(held, until=turned if turned > held.since else now))
    if want.treatment == Treatment.USUAL or answered:
        return changed
    return [*changed, _begin(story, operation, mode, moved_at)]


def revoke(held: Hold, at: datetime) -> Hold:
    """Give a hold of an operation that was a mistake."""
    return replace(held, until=held.until or at, revoked=True)


def _turned(story: Story) -> datetime:
    """When what is wanted last became another treatment."""
    at, want = story[-1]
    for earlier, was in reversed(story[:-1]):
        if was.treatment != want.treatment:
            break
        at = earlier
    return at


def _begin(story: Story, operation: str, mode: str, moved_at: datetime | None) -> Hold:
    want = story[-1][1]
    since = moved_at or _turned(story)
    limits: tuple[Limit, ...] = ()
    if want.treatment == Treatment.EXPEDITE:
        told = [(since, want)] if moved_at else [it for it in story if it[0] >= since]
        limits = _without_repeats([Limit(at, it.limit_min) for at, it in told])
    return Hold(
        operation=operation, treatment=want.treatment, mode=mode, since=since, limits=limits
    )


def _limits(held: Hold, story: Story, moved_at: datetime | None) -> tuple[Limit, ...]:
    if not held.limits:
        return held.limits
    last = held.limits[-1].since
    want = story[-1][1]
    if moved_at is not None:
        later = [Limit(max(moved_at, last), want.limit_min)]
    else:
        later = [Limit(at, it.limit_min) for at, it in story if at > last]
    return _without_repeats([*held.limits, *later])


def _without_repeats(limits: Sequence[Limit]) -> tuple[Limit, ...]:
    kept: list[Limit] = []
    for limit in limits:
        if not kept or kept[-1].minutes != limit.minutes:
            kept.append(limit)
    return tuple(kept)
