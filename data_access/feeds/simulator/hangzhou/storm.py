"""A summer storm after "19 July": rain, rising rivers, ponding, closures, then all clears.

Every effect is a function of the minutes since the storm's begin, which stands for 18:00: the
yellow signal is out, orange follows at 18:20, red at 18:40; the rain peaks within the hour, fast
channels two hours after it began, the streams upstream much later. Nothing before its begin
depends on it, so that a storm may begin in a city that has long been running.
"""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

CENTRE = (120.17, 30.28)
REACH_KM = 30.0
PEAK_MM_MIN = 0.95
CREST_MIN = 48.0  # from a place's first rain to its heaviest
RAIN_ENDS_MIN = 240.0
FLOOD_CASES = 760
LASTS = timedelta(hours=30)  # after which nothing of it is left
CLOSED_CM = 27.0
PONDING_CM = 3.0
RESTORED_MIN = 120.0
_KM_LON, _KM_LAT = 96.0, 110.9


class Signal(NamedTuple):
    """A rain or flood signal of the storm: issued, changed or lifted after so many minutes."""

    minutes: float
    key: str
    colour: str
    msg_type: str
    headline: str
    description: str


SIGNALS: tuple[Signal, ...] = (
    Signal(
        0, "rain", "yellow", "alert", "发布暴雨黄色预警信号", "未来 6 小时雨量将达 50 毫米以上。"
    ),
    Signal(
        20,
        "rain",
        "orange",
        "update",
        "暴雨黄色预警变更为暴雨橙色预警信号",
        "3 小时雨量将达 50 毫米以上。",
    ),
    Signal(
        40,
        "rain",
        "red",
        "update",
        "暴雨橙色预警变更为暴雨红色预警信号",
        "3 小时雨量将达 100 毫米以上。",
    ),
    Signal(75, "flood", "blue", "alert", "发布洪水蓝色预警", "城区河道水位接近警戒水位。"),
    Signal(
        125,
        "flood",
        "yellow",
        "update",
        "洪水蓝色预警变更为洪水黄色预警",
        "城区多条河道超过警戒水位。",
    ),
    Signal(170, "rain", "orange", "update", "暴雨红色预警变更为暴雨橙色预警信号", "雨势减弱。"),
    Signal(205, "rain", "yellow", "update", "暴雨橙色预警变更为暴雨黄色预警信号", "降雨趋于结束。"),
    Signal(260, "rain", "", "cancel", "解除暴雨黄色预警信号", "降雨结束。"),
    Signal(540, "flood", "", "cancel", "解除洪水黄色预警", "各河道水位回落至警戒以下。"),
)


@dataclass(frozen=True, slots=True)
class Rise:
    """How a river answers: metres at its highest, minutes until it begins and to its peak."""

    metres: float
    after_min: float
    crest_min: float


@dataclass(frozen=True, slots=True)
class Flooding:
    """How a low point or underpass floods: minutes until it begins, peaks and is dry."""

    begins_min: float
    peaks_min: float
    dry_min: float
    peak_cm: float

    def depth_cm(self, minutes: float) -> float:
        """Depth of the water."""
        if not self.begins_min < minutes < self.dry_min:
            return 0.0
        if minutes < self.peaks_min:
            share = (minutes - self.begins_min) / (self.peaks_min - self.begins_min)
        else:
            share = (self.dry_min - minutes) / (self.dry_min - self.peaks_min)
        return round(self.peak_cm * math.sin(share * math.pi / 2), 1)


@dataclass(frozen=True, slots=True)
class Storm:
    """One storm, by the city's moment at which it began."""

    begin: datetime

    def minutes(self, moment: datetime) -> float:
        """Minutes since it began; below zero before."""
        return (moment - self.begin).total_seconds() / 60

    def reaches(self, moment: datetime) -> bool:
        """Say whether anything of it may be felt at a moment."""
        return self.begin <= moment < self.begin + LASTS


def rain_mm_min(lon: float, lat: float, minutes: float) -> float:
    """Rain at a place: it comes from the west and falls heaviest on the middle of the city."""
    x, y = (lon - CENTRE[0]) * _KM_LON, (lat - CENTRE[1]) * _KM_LAT
    passed = minutes - max(-12.0, min(30.0, x * 0.6))
    if not 0 < passed < RAIN_ENDS_MIN:
        return 0.0
    part = passed / CREST_MIN
    where = 0.08 + 0.92 * math.exp(-(x * x + y * y) / REACH_KM**2)
    return PEAK_MM_MIN * where * float((part * math.exp(1 - part)) ** 1.5)


def rise_m(rise: Rise, minutes: float) -> float:
    """Metres above the usual level: up by its own time, down more slowly."""
    part = (minutes - rise.after_min) / rise.crest_min
    return rise.metres * part * math.exp(1 - part) if 0 < part < 12 else 0.0


def state_of(kind: str, flooding: Flooding, minutes: float) -> tuple[str, float]:
    """State and depth of a place; an underpass stays closed until it is dry again."""
    depth = flooding.depth_cm(minutes)
    if flooding.dry_min <= minutes < flooding.dry_min + RESTORED_MIN:
        return "restored", 0.0
    if kind == "underpass" and minutes > flooding.peaks_min and depth > PONDING_CM:
        return "closed", depth
    if kind == "underpass" and depth >= CLOSED_CM:
        return "closed", depth
    return ("ponding", depth) if depth > PONDING_CM else ("normal", 0.0)


def storm_at(storms: tuple[Storm, ...], moment: datetime) -> Storm | None:
    """The latest storm that is felt at a moment."""
    return next((it for it in reversed(storms) if it.reaches(moment)), None)
