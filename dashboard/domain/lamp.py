"""Owns the lamp 绿 / 黄 / 红 / 灰 of an open case, and when a step of the desk is late 超时.

The lamp speaks of the unit's clock alone; blue, orange and the map's colours belong to others. From
when it is yellow is data (``deadlines``: near, near_share) and stands with the case.
"""

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum, unique

from dashboard.domain.cases import ANSWERED, PAUSING, TERMINAL, is_overdue
from dashboard.domain.words import Words


@unique
class Lamp(StrEnum):
    """流程红绿灯."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"
    GREY = "grey"


LAMPS: dict[str, Words] = {
    Lamp.GREEN: Words("绿", "Green"),
    Lamp.YELLOW: Words("黄", "Yellow"),
    Lamp.RED: Words("红", "Red"),
    Lamp.GREY: Words("灰", "Grey"),
}


def lamp_of(
    stage: str,
    marks: Collection[str],
    due_at: datetime | None,
    near_at: datetime | None,
    now: datetime,
) -> Lamp | None:
    """Say which lamp a case carries at the city's ``now``.

    None: it has ended, its unit has answered, or it has no deadline.
    """
    if stage in ANSWERED:
        return None
    if PAUSING.intersection(marks):
        return Lamp.GREY
    if due_at is None:
        return None
    if is_overdue(stage, due_at, now, marks):
        return Lamp.RED
    return Lamp.YELLOW if near_at is not None and near_at <= now else Lamp.GREEN


def is_late(stage: str, desk_due_at: datetime | None, now: datetime) -> bool:
    """Say whether the desk's own step is 超时."""
    return stage not in TERMINAL and desk_due_at is not None and desk_due_at < now
