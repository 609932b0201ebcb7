"""A batch of changes to an event's things, judged as a whole before it becomes a version.

All or nothing: a plan with a post outside of every zone guards nothing, so one fault refuses the
batch, and every fault is named by its record, field and reason.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from dashboard.domain.events import things
from dashboard.domain.events.things import Fault, Key, Kind, Thing, Told
from dashboard.domain.events.versions import State, pending, same, standing
from dashboard.domain.records import checks
from data_access.events import ground
from data_access.events.zones import Zones


class Judged(NamedTuple):
    """What a batch changes, None for what it takes away; and what is wrong with it."""

    changes: dict[Key, Thing | None]
    unchanged: int
    faults: list[Fault]


def judge(
    records: Sequence[Any],
    states: Sequence[State],
    at: datetime,
    *,
    crs: str = "wgs84",
    bounds: ground.Bounds | None = None,
    replace: bool = False,
) -> Judged:
    """Judge records that are to take force at ``at``, on what will then hold.

    ``states``: every state of the event's things that was not withdrawn. ``replace``: what is not
    named is taken away.
    """
    faults: list[Fault] = []
    first: dict[Key, int] = {}
    told: dict[Key, Thing | None] = {}
    for index, raw in enumerate(records):
        try:
            made = _read(raw, crs, bounds)
            if first.setdefault(made.key, index) != index:
                raise checks.Bad("id", f"与第 {first[made.key] + 1} 条重复。")
            told[made.key] = made.thing
        except checks.Bad as bad:
            faults.append(Fault(index, _name(raw), bad.field, bad.reason))
    before = standing(states, at)
    if replace:
        told |= {key: None for key in before if key not in told}
    changes = {key: thing for key, thing in told.items() if not same(before.get(key), thing)}
    whole = _then(before, changes)
    faults += [
        Fault(first.get(key, -1), key.id, where, reason)
        for key, where, reason in (
            *_untimely(changes, states, at),
            *_missing(told, before),
            *contradictions(whole),
            *_later(changes, states, at),
        )
    ]
    if len(whole) > things.MOST_THINGS:
        faults.append(Fault(-1, None, "id", f"一项活动至多 {things.MOST_THINGS} 个对象。"))
    return Judged(changes, len(told) - len(changes), sorted(faults, key=lambda it: it.place))


def _read(raw: Any, crs: str, bounds: ground.Bounds | None) -> Told:
    if not isinstance(raw, Mapping):
        raise checks.Bad("record", f"应为对象，收到“{checks.shown(raw)}”。")
    told = things.read(raw)
    if told.thing is None:
        return told
    geometry = ground.read(raw, told.key.kind, crs=crs, bounds=bounds)
    thing = told.thing
    made = Thing(
        key=thing.key, name=thing.name, name_en=thing.name_en, geometry=geometry, body=thing.body
    )
    return Told(key=told.key, thing=made)


def _untimely(
    changes: Mapping[Key, Thing | None], states: Sequence[State], at: datetime
) -> list[tuple[Key, str, str]]:
    """Name what would take force before a later change of the same thing that is announced."""
    found = []
    for key in changes:
        later = pending(states, key, at)
        if later is not None:
            reason = f"第 {later.version} 版已排定更晚的变更，请先撤回它，或改到其后生效。"
            found.append((key, "effective_at", reason))
    return found


def _missing(
    told: Mapping[Key, Thing | None], before: Mapping[Key, Thing]
) -> list[tuple[Key, str, str]]:
    return [
        (key, "remove", "没有此对象，无从撤销。")
        for key, thing in told.items()
        if thing is None and key not in before
    ]


def _then(before: Mapping[Key, Thing], changes: Mapping[Key, Thing | None]) -> dict[Key, Thing]:
    return {key: it for key, it in {**before, **changes}.items() if it is not None}


def _later(
    changes: Mapping[Key, Thing | None], states: Sequence[State], at: datetime
) -> list[tuple[Key, str, str]]:
    """Name what would not agree with what is announced for after ``at``."""
    for moment in sorted({it.effective_at for it in states if it.effective_at > at}):
        found = contradictions(_then(standing(states, moment), changes))
        if found:
            return [(key, where, f"与已排定的变更不符：{reason}") for key, where, reason in found]
    return []


def contradictions(whole: Mapping[Key, Thing]) -> list[tuple[Key, str, str]]:
    """Name what does not agree with the rest: posts outside of every zone, phases that overlap."""
    found: list[tuple[Key, str, str]] = []
    zones = Zones(whole.values())
    for key, thing in whole.items():
        if key.kind == Kind.POST and zones.at(*ground.position(thing)) is None:
            found.append((key, "geometry", f"岗位“{thing.name}”不在任何区域内。"))
    crossed = things.overlapping(it for key, it in whole.items() if key.kind == Kind.PHASE)
    if crossed is not None:
        before, after = crossed
        found.append((after.key, "starts_at", f"与议程“{before.name}”的时间重叠。"))
    return found


def _name(raw: Any) -> str | None:
    value = raw.get("id") if isinstance(raw, Mapping) else None
    return None if value is None else checks.shown(value)
