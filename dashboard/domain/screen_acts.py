"""Owns what a person may tell a screen (上墙, 下墙, 锁定, 轮播, 黑屏, 接待) and what follows.

A screen keeps the last thing that was sent to it; a reception remembers what it covers. One that is
pinned changes only by an act that says whether it stays so: a lock guards against one slip.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum, unique
from typing import Any

from dashboard.domain.scenes import BLANK, Purpose, Why


@unique
class Wish(StrEnum):
    """What is told."""

    SCENE = "scene"
    INCIDENT = "incident"
    CAMERAS = "cameras"
    BLANK = "blank"
    RECEPTION = "reception"
    BACK = "back"  # what the mode gives, or what a reception covered
    KEEP = "keep"  # what it shows, pinned or rotating otherwise


class Locked(Exception):
    """The screen is pinned, and the act does not say whether it stays so."""


class NothingToKeep(Exception):
    """The screen shows nothing that could be kept: it is blank, taken over, or has no scene."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """What somebody tells a screen. ``pinned`` None: not said; ``at``: ISO 8601, the city's."""

    wish: str
    by: str
    at: str
    scene: str | None = None
    target: Mapping[str, Any] = field(default_factory=dict)
    pinned: bool | None = None


_WHAT: Mapping[str, str] = {
    Wish.SCENE: Purpose.SENT,
    Wish.INCIDENT: Purpose.INCIDENT,
    Wish.CAMERAS: Purpose.CAMERAS,
    Wish.BLANK: BLANK,
    Wish.RECEPTION: Purpose.RECEPTION,
}


def after(
    sent: Mapping[str, Any] | None, act: Act, *, scene: str | None, why: str
) -> dict[str, Any] | None:
    """Give what a screen keeps as sent after an act; None: it follows the mode.

    ``scene`` and ``why``: what it now shows. Raises Locked and NothingToKeep.
    """
    if sent and sent.get("pinned") and act.pinned is None and act.wish != Wish.RECEPTION:
        raise Locked
    told = {"by": act.by, "at": act.at}
    if act.wish == Wish.BACK:
        covered = sent.get("before") if sent and sent["what"] == Purpose.RECEPTION else None
        return None if covered is None else dict(covered)
    if act.wish == Wish.KEEP:
        return _kept(sent, act, told, scene=scene, why=why)
    made: dict[str, Any] = {
        "what": str(_WHAT[act.wish]),
        "scene": act.scene,
        "target": dict(act.target),
        "pinned": bool(act.pinned),
        **told,
    }
    if act.wish == Wish.RECEPTION:
        again = sent is not None and sent["what"] == Purpose.RECEPTION
        made["before"] = sent.get("before") if again and sent else sent
    return made


def _kept(
    sent: Mapping[str, Any] | None,
    act: Act,
    told: Mapping[str, Any],
    *,
    scene: str | None,
    why: str,
) -> dict[str, Any] | None:
    """Pin or rotate what is shown; unpinned again, what the mode gave follows the mode."""
    if sent is None:
        if why == Why.PREEMPTED or scene is None:
            raise NothingToKeep
        sent = {"what": str(Purpose.SENT), "scene": scene, "target": {}, "given": True}
    if sent["what"] in (BLANK, Purpose.RECEPTION):
        raise NothingToKeep
    target = {**sent.get("target", {}), **act.target}
    pinned = bool(sent.get("pinned")) if act.pinned is None else act.pinned
    if sent.get("given") and not pinned and not target.get("steps"):
        return None
    return {**sent, **told, "target": target, "pinned": pinned}
