"""How one factor of one simulated station moves: a function of the seed, the station and the time.

Levels swing about their usual one, tides turn, rain falls in showers, outlets follow their works;
a storm comes on top. Nothing is remembered, so any moment can be asked for at once.
"""

import math
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from random import Random
from typing import NamedTuple

from data_access.feeds.simulator.hangzhou import troubles
from data_access.feeds.simulator.hangzhou.storm import (
    Flooding,
    Rise,
    Storm,
    rain_mm_min,
    rise_m,
    storm_at,
)

SHOWER_H = 6
_EPOCH = datetime(2016, 1, 1, tzinfo=UTC).timestamp()
_BAD_SHARE, _DOWN_SHARE = 0.006, 0.004
_BAD_H = 3


class Series(NamedTuple):
    """One factor of one station; ``every_s`` and ``second`` say when it reports."""

    station: str
    factor: str
    base: float
    swing: float
    period_h: float
    phase: float
    every_s: int
    second: int
    lon: float
    lat: float
    limit: float | None = None
    rise: Rise | None = None
    flooding: Flooding | None = None

    @property
    def number(self) -> int:
        """A number that stands for the series."""
        made = ord(self.factor[-1])
        for sign in self.station:
            made = (made * 131 + ord(sign)) & 0xFFFFFFFF
        return made


def value(
    series: Series, second: int, seed: int, storms: tuple[Storm, ...]
) -> tuple[float, str | None]:
    """Value and quality flag of a series at a second of the epoch."""
    storm = storm_at(storms, datetime.fromtimestamp(second, UTC)) if storms else None
    minutes = 0.0 if storm is None else (second - storm.begin.timestamp()) / 60
    if series.factor == "rain":
        amount = _showers(series, second, seed)
        if storm is not None:
            wet = 0.8 + 0.45 * series.phase / 6.3
            amount += rain_mm_min(series.lon, series.lat, minutes - 2.5) * wet
        return round(amount * series.every_s / 60, 1), None
    if series.factor == "depth":
        flooding = series.flooding
        return (flooding.depth_cm(minutes) if storm and flooding else 0.0), None
    if series.limit is not None:
        return _outlet(series, second, seed)
    fault = None if storm else troubles.gauge_fault(series.station, second, seed)
    if fault is not None and series.factor == "level":
        return round(troubles.gauge_level(fault, series.base, second, series.every_s), 2), None
    turn = 2 * math.pi * (second - _EPOCH) / 3600 / series.period_h
    wave = math.sin(turn + series.phase) + 0.2 * math.sin(3.7 * turn + 2 * series.phase)
    made = series.base + series.swing * (wave + 0.08 * noise(series.number, second // 60))
    if storm is not None and series.rise is not None:
        made += rise_m(series.rise, minutes)
    return round(max(0.0, made), 2), None


def noise(name: int, minute: int) -> float:
    """A number between -1 and 1 that looks like noise and is the same again."""
    mixed = (minute * 2654435761 + name * 40503) & 0xFFFFFFFF
    mixed ^= mixed >> 15
    mixed = (mixed * 2246822519) & 0xFFFFFFFF
    mixed ^= mixed >> 13
    return (mixed & 0xFFFFFF) / 0x7FFFFF - 1.0


def record(series: Series, second: int, told: tuple[float, str | None]) -> Mapping[str, object]:
    """The reading as a feed tells it."""
    found: dict[str, object] = {
        "station": series.station,
        "factor": series.factor,
        "at": datetime.fromtimestamp(second, UTC),
        "value": told[0],
    }
    if told[1] is not None:
        found["flag"] = told[1]
    return found


def _outlet(series: Series, second: int, seed: int) -> tuple[float, str]:
    """An outlet follows its works' day; now and then it is above its limit, or out of order."""
    limit = series.limit or 0.0
    block = second // 3600 // _BAD_H
    luck = (noise(series.number, block * 977) + 1) / 2
    if luck < _DOWN_SHARE:
        return round(series.base, 2), "D" if luck < _DOWN_SHARE / 2 else "M"
    if troubles.outlet_stuck(series.station, second, seed):
        return round(series.base, 2), "N"
    turn = 2 * math.pi * (second - _EPOCH) / 3600 / series.period_h
    made = series.base + series.swing * (
        math.sin(turn + series.phase) + 0.5 * noise(series.number, second // 60)
    )
    if luck > 1 - _BAD_SHARE:
        made += limit * 0.55
    return round(max(0.0, made), 2), "N"


def _showers(series: Series, second: int, seed: int) -> float:
    """Millimetres a minute on ordinary days: now and then a shower, not everywhere at once."""
    hours = second / 3600
    block = int(hours // SHOWER_H)
    shower = _shower(seed, block)
    if shower is None:
        return 0.0
    begin, length, peak = shower
    where = series.phase / 6.3
    part = (hours - block * SHOWER_H - begin - where * 0.8) / length
    if not 0 < part < 1:
        return 0.0
    return peak * math.sin(math.pi * part) * (0.4 + 0.9 * where)


@lru_cache(maxsize=512)
def _shower(seed: int, block: int) -> tuple[float, float, float] | None:
    rng = Random(f"{seed}:shower:{block}")  # noqa: S311 - a simulated city, not a secret
    if rng.random() > 0.16:
        return None
    return rng.uniform(0.5, 3.5), rng.uniform(0.5, 2.0), rng.uniform(0.01, 0.11)
