"""Simulated stations and readings: each value is a function of the seed, the station and the time.

Levels and warning lines of the named river stations are those known of Hangzhou (拱宸桥 2.66 m,
瓶窑 5.66 m …, datum beside them); the rest is made up and says so.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from data_access.feeds.simulator.world import World

MINUTE = timedelta(minutes=1)
HISTORY = timedelta(hours=24)
HISTORY_STEP = 15  # minutes between the readings of the history
RAIN = 30
RIVERS = 20
OUTLETS = 20
_TIDE_H = 12.42
_SHOWER_H = 6
_EPOCH = datetime(2016, 1, 1, tzinfo=UTC)

# name, kind, lon, lat, usual level in m, warning line, guarantee line, datum
_NAMED: tuple[tuple[str, str, float, float, float, float | None, float | None, str], ...] = (
    ("拱宸桥", "river", 120.1339, 30.3205, 1.55, 2.66, None, "1985国家高程"),
    ("瓶窑", "river", 119.966, 30.393, 3.60, 5.66, 6.66, "1985国家高程"),
    ("余杭", "river", 119.936, 30.275, 4.60, 7.16, None, "1985国家高程"),
    ("新塘河", "river", 120.210, 30.270, 3.70, 4.50, None, "吴淞"),
    ("贴沙河", "river", 120.193, 30.262, 4.90, 5.50, None, "吴淞"),
    ("西湖", "river", 120.145, 30.245, 7.18, 7.40, None, "黄海"),
    ("中河", "river", 120.172, 30.247, 6.10, 6.60, None, "吴淞"),
    ("闸口", "tide", 120.146, 30.205, 4.20, 7.40, None, "吴淞"),
    ("富阳", "river", 119.955, 30.045, 5.10, 8.20, None, "1985国家高程"),
    ("桐庐", "river", 119.680, 29.797, 7.30, 12.00, None, "1985国家高程"),
    ("新安江水库", "reservoir", 119.215, 29.478, 102.60, 106.50, 108.00, "黄海"),
)


@dataclass(frozen=True, slots=True)
class Series:
    """One factor of one station: how its value moves, and the second in which it reports."""

    station: str
    factor: str
    base: float
    swing: float
    period_h: float
    phase: float
    second: int
    limit: float | None = None


class Sensors:
    """All simulated stations of a city."""

    def __init__(self, world: World) -> None:
        """Place the stations."""
        self.world = world
        self.stations: list[dict[str, Any]] = []
        self.series: list[Series] = []
        rng = world.rng("stations")
        for number, named in enumerate(_NAMED, 1):
            self._river(f"R{number:03}", *named, rng=rng)
        while len(self.series) < RIVERS:
            number = len(self.series) + 1
            district = world.pick(rng)
            lon, lat = world.point(rng, district, 0.05)
            usual = round(rng.uniform(1.5, 5.5), 2)
            name = f"{district.name}模拟河道站{number}"
            line = round(usual + rng.uniform(0.9, 1.6), 2)
            datum = "1985国家高程"
            self._river(f"R{number:03}", name, "river", lon, lat, usual, line, None, datum, rng=rng)
        for number in range(1, RAIN + 1):
            self._rain(f"P{number:03}", number, rng)
        for number in range(1, OUTLETS + 1):
            self._outlet(f"E{number:03}", number, rng)

    def readings(self, after: datetime, until: datetime) -> Iterator[dict[str, Any]]:
        """The readings measured after ``after`` up to ``until``, one a minute and factor."""
        minute = after.replace(second=0, microsecond=0)
        while minute <= until:
            for series in self.series:
                at = minute + timedelta(seconds=series.second)
                if after < at <= until:
                    yield self._reading(series, at)
            minute += MINUTE

    def history(self, until: datetime) -> Iterator[dict[str, Any]]:
        """A day of readings before ``until``, a few an hour."""
        minute = (until - HISTORY).replace(second=0, microsecond=0)
        while minute < until - MINUTE:
            for series in self.series:
                yield self._reading(series, minute + timedelta(seconds=series.second))
            minute += HISTORY_STEP * MINUTE

    # ── placing ──────────────────────────────────────────────────────────────────────────────

    def _river(
        self,
        name_id: str,
        name: str,
        kind: str,
        lon: float,
        lat: float,
        usual: float,
        warning: float | None,
        guarantee: float | None,
        datum: str,
        *,
        rng: Any,
    ) -> None:
        lines = {"warning": warning, "guarantee": guarantee}
        self.stations.append(
            {
                "id": name_id,
                "kind": kind,
                "name": name,
                "lon": lon,
                "lat": lat,
                "datum": f"{datum}（模拟）",
                "thresholds": {"level": {key: it for key, it in lines.items() if it is not None}},
            }
        )
        tidal = kind == "tide"
        swing = 1.1 if tidal else rng.uniform(0.02, 0.12)
        period = _TIDE_H if tidal else rng.uniform(18, 60)
        self.series.append(
            Series(name_id, "level", usual, swing, period, rng.uniform(0, 6.28), rng.randrange(60))
        )

    def _rain(self, name_id: str, number: int, rng: Any) -> None:
        district = self.world.districts[(number - 1) % len(self.world.districts)]
        lon, lat = self.world.point(rng, district, 0.06)
        self.stations.append(
            {
                "id": name_id,
                "kind": "rain",
                "name": f"{district.name}模拟雨量站{number}",
                "lon": lon,
                "lat": lat,
            }
        )
        self.series.append(Series(name_id, "rain", 0, 0, 0, rng.uniform(0, 1), rng.randrange(60)))

    def _outlet(self, name_id: str, number: int, rng: Any) -> None:
        district = self.world.pick(rng)
        lon, lat = self.world.point(rng, district, 0.06)
        limits = {"w01018": 40.0, "w21003": 2.0}
        self.stations.append(
            {
                "id": name_id,
                "kind": "emission",
                "name": f"{district.name}模拟排口{number}",
                "lon": lon,
                "lat": lat,
                "thresholds": {factor: {"high": limit} for factor, limit in limits.items()},
            }
        )
        for factor, limit in limits.items():
            base, swing = limit * rng.uniform(0.45, 0.7), limit * rng.uniform(0.08, 0.2)
            self.series.append(
                Series(
                    name_id,
                    factor,
                    base,
                    swing,
                    rng.uniform(5, 11),
                    rng.uniform(0, 6.28),
                    rng.randrange(60),
                    limit,
                )
            )

    # ── values ───────────────────────────────────────────────────────────────────────────────

    def _reading(self, series: Series, at: datetime) -> dict[str, Any]:
        hours = (at - _EPOCH).total_seconds() / 3600
        if series.factor == "rain":
            value = self._rainfall(series, hours)
        else:
            turn = 2 * math.pi / series.period_h
            wave = math.sin(turn * hours + series.phase) + 0.2 * math.sin(
                3.7 * turn * hours + 2 * series.phase
            )
            noise = _noise(series.station, int(hours * 60)) * 0.08
            value = series.base + series.swing * (wave + noise)
            value = round(max(0.0, value), 3 if series.factor == "level" else 2)
        reading = {"station": series.station, "factor": series.factor, "at": at, "value": value}
        return reading | ({"flag": "N"} if series.limit is not None else {})

    def _rainfall(self, series: Series, hours: float) -> float:
        """Millimetres in the minute: now and then a shower passes, not everywhere at once."""
        block, inside = divmod(hours, _SHOWER_H)
        shower = self.world.rng("shower", int(block))
        if shower.random() > 0.3:
            return 0.0
        begin, length = shower.uniform(0.5, 3.5), shower.uniform(0.5, 2)
        part = (inside - begin - series.phase * 0.8) / length
        if not 0 < part < 1:
            return 0.0
        peak = shower.uniform(0.05, 0.45)
        amount = peak * math.sin(math.pi * part) * (0.7 + 0.6 * series.phase)
        return round(max(0.0, amount + 0.05 * _noise(series.station, int(hours * 60))), 1)


def _noise(name: str, minute: int) -> float:
    """A number between -1 and 1 that looks like noise and is the same again."""
    mixed = (minute * 2654435761 + sum(map(ord, name)) * 40503) & 0xFFFFFFFF
    mixed ^= mixed >> 15
    mixed = (mixed * 2246822519) & 0xFFFFFFFF
    return (mixed >> 8) / 0x7FFFFF - 1.0
