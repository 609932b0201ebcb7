"""Owns which scene a screen shows, and why: what was sent, what is in force, what endangers life.

A screen follows the operations of its own jurisdiction's level or above; lower ones are chips in
the band. What a person sent stands until a person takes it back. A danger to life takes a screen
over, and gives it back by itself; one that is pinned, blank or receives guests gets a strip at its
edge instead.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum, unique
from typing import Any

from dashboard.domain.modes import Mode, covers, precedence
from dashboard.domain.operations import Kind, Operation
from dashboard.domain.words import Words

WIDE_ASPECT = 2.4
"""From which width over height on a wall of one panel is a long one."""


@unique
class Purpose(StrEnum):
    """What a scene is for."""

    MODE = "mode"  # chosen by the mode
    SENT = "sent"  # only by hand
    INCIDENT = "incident"  # one place, and what is around it
    CAMERAS = "cameras"  # a group of cameras
    RECEPTION = "reception"  # guests in the hall


PURPOSES: dict[str, Words] = {
    Purpose.MODE: Words("随模式", "By mode"),
    Purpose.SENT: Words("手动上墙", "Sent by hand"),
    Purpose.INCIDENT: Words("事件", "Incident"),
    Purpose.CAMERAS: Words("视频", "Cameras"),
    Purpose.RECEPTION: Words("接待", "Reception"),
}

ANY_MODE = "any"
"""The mode of a scene that no mode chooses."""

BLANK = "blank"
"""What is sent to a screen that shall be black: no scene, and not the lack of one."""


@unique
class Why(StrEnum):
    """Why a screen shows what it shows."""

    ROUTINE = "routine"
    MODE = "mode"
    SENT = "sent"
    PINNED = "pinned"
    PREEMPTED = "preempted"
    RECEPTION = "reception"
    BLANK = "blank"


WHYS: dict[str, Words] = {
    Why.ROUTINE: Words("平时", "Routine"),
    Why.MODE: Words("随模式", "By mode"),
    Why.SENT: Words("手动上墙", "Sent"),
    Why.PINNED: Words("已锁定", "Pinned"),
    Why.PREEMPTED: Words("险情抢占", "Taken over"),
    Why.RECEPTION: Words("接待", "Reception"),
    Why.BLANK: Words("黑屏", "Blank"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A scene as far as choosing it goes.

    ``edition`` changes with its content; ``levels`` empty: all; ``walls``: the kinds of wall, see
    :func:`wall_key`, for which every step has a layout; ``own``: not one of those we ship.
    """

    id: str
    edition: str
    purpose: str
    mode: str
    scenario: str | None = None
    levels: tuple[int, ...] = ()
    walls: frozenset[str] = frozenset()
    own: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What a person sent to a screen. ``what``: a Purpose, or ``blank``; ``target``: what it shows.

    ``scene``: the one asked for by name; an incident, cameras and a reception find their own.
    """

    what: str
    scene: str | None = None
    pinned: bool = False
    target: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A screen as far as choosing its scene goes.

    ``home``: its own scene of routine, if any; ``event``: the operation in whose room it is;
    ``rooms``: the events of which it is a member, that alone it shows; ``released``: dangers of
    which its people know enough: they are told at its edge.
    """

    id: str
    scope: str
    wall: str
    home: str | None = None
    event: str | None = None
    rooms: frozenset[str] = frozenset()
    sent: Sent | None = None
    released: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Danger:
    """A danger to life in force. ``told``: what a screen may say of it, no free text, no names."""

    id: str
    scope: str
    drill: bool
    told: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Showing:
    """What a screen shows. ``target``: what within the scene; ``strip``: dangers at its edge."""

    scene: str | None
    edition: str | None
    why: str
    target: Mapping[str, Any] = field(default_factory=dict)
    strip: Sequence[Mapping[str, Any]] = ()
    drill: bool = False


def wall_key(rows: int, columns: int, aspect: float) -> str:
    """Name the kind of wall as scenes know it: ``rows x columns`` of panels, or ``wide``."""
    key = f"{rows}x{columns}"
    return "wide" if key == "1x1" and aspect >= WIDE_ASPECT else key


def edition(version: int, content: Mapping[str, Any]) -> str:
    """Name the content of a scene: how often it was edited, and which of ours it is."""
    return f"{version}.{content.get('shipped', 0)}"


def showing(
    place: Place,
    operations: Iterable[Operation],
    offers: Iterable[Offer],
    dangers: Iterable[Danger] = (),
) -> Showing:
    """Say what a screen shows: what was sent, else by the mode, else routine; dangers above all."""
    fit = [offer for offer in offers if place.wall in offer.walls]
    acting = _acting(place, operations)
    drill = bool(acting) and acting[0].drill
    here = [it for it in dangers if covers(place.scope, it.scope) and (drill or not it.drill)]
    own = _sent(place.sent, fit) or _by_mode(place, acting, fit)
    taking = next((it for it in here if it.id not in place.released), None)
    taken = None if taking is None else _best(fit, Purpose.INCIDENT)
    if taken is None or taking is None or own.why in (Why.PINNED, Why.BLANK, Why.RECEPTION):
        return _with(own, strip=[it.told for it in here])
    return Showing(
        scene=taken.id,
        edition=taken.edition,
        why=Why.PREEMPTED,
        target={"incident": taking.told},
        strip=[it.told for it in here if it is not taking],
        drill=own.drill,
    )


def _acting(place: Place, operations: Iterable[Operation]) -> list[Operation]:
    """What acts where the screen stands, the deciding one first: its own event before all."""
    acting = [it for it in operations if it.in_force and covers(it.area, place.scope)]
    return sorted(acting, key=lambda it: (place.event != it.id, *precedence(it)))


def _sent(sent: Sent | None, fit: Sequence[Offer]) -> Showing | None:
    """What was sent, where this wall can show it."""
    if sent is None:
        return None
    if sent.what == BLANK:
        return Showing(scene=None, edition=None, why=Why.BLANK)
    if sent.scene is not None:
        found = next((offer for offer in fit if offer.id == sent.scene), None)
    else:
        found = _best(fit, sent.what)
    if found is None:
        return None
    why = Why.PINNED if sent.pinned else Why.SENT
    if sent.what == Purpose.RECEPTION:
        why = Why.RECEPTION
    return Showing(scene=found.id, edition=found.edition, why=why, target=sent.target)


def _by_mode(place: Place, acting: Sequence[Operation], fit: Sequence[Offer]) -> Showing:
    drill = bool(acting) and acting[0].drill
    for it in acting:
        if it.kind == Kind.EVENT and it.id != place.event and it.id not in place.rooms:
            continue  # to everyone else it is guarded, and nothing more
        mode = Mode.EMERGENCY if it.kind == Kind.EMERGENCY else Mode.EVENT
        found = _best(fit, Purpose.MODE, mode=mode, scenario=it.scenario, level=it.level)
        if found is not None:
            return Showing(scene=found.id, edition=found.edition, why=Why.MODE, drill=it.drill)
    home = next((offer for offer in fit if offer.id == place.home), None)
    found = home or _best(fit, Purpose.MODE, mode=Mode.ROUTINE)
    return Showing(
        scene=found.id if found else None,
        edition=found.edition if found else None,
        why=Why.ROUTINE,
        drill=drill,
    )


def _best(
    fit: Iterable[Offer],
    purpose: str,
    *,
    mode: str = ANY_MODE,
    scenario: str | None = None,
    level: int | None = None,
) -> Offer | None:
    """The most specific scene: by scenario, then by level; a city's own before one of ours."""
    found = [
        offer
        for offer in fit
        if offer.purpose == purpose
        and offer.mode == mode
        and offer.scenario in (None, scenario)
        and (not offer.levels or level in offer.levels)
    ]
    return min(
        found,
        key=lambda it: (it.scenario is None, len(it.levels) or 9, not it.own, it.id),
        default=None,
    )


def _with(it: Showing, *, strip: Sequence[Mapping[str, Any]]) -> Showing:
    return Showing(
        scene=it.scene,
        edition=it.edition,
        why=it.why,
        target=it.target,
        strip=strip,
        drill=it.drill,
    )
