"""Simulated cameras, places and responders."""

import math
import random
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import shapely

from data_access.feeds.simulator.world import District, World

CAMERAS = 300
PLACES = {"low_point": 10, "underpass": 6, "shelter": 4}
RESPONDERS = {"team": 3, "vehicle": 8, "collector": 4}
EVERY_S = {"team": 60, "vehicle": 2, "collector": 4}
CAMERA_FLIP_S = 20
CAMERA_OFF_SHARE = 0.04
_CALLED = {"low_point": "易积水点", "underpass": "下穿立交", "shelter": "避灾点"}
_CREW = {"team": "抢险队", "vehicle": "巡查车", "collector": "采集员"}
_EPOCH = datetime(2016, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Beat:
    """A round that a responder goes for ever; it lies within its district."""

    id: str
    kind: str
    name: str
    district: District
    lon: float
    lat: float
    reach: float
    period_s: float
    phase: float

    def at(self, moment: datetime) -> tuple[float, float]:
        """Where it is at a moment."""
        turn = 2 * math.pi * (moment - _EPOCH).total_seconds() / self.period_s + self.phase
        return (
            round(self.lon + self.reach * math.cos(turn), 6),
            round(self.lat + self.reach * 0.8 * math.sin(2 * turn), 6),
        )


class Assets:
    """Everything that stands or moves in the simulated city."""

    def __init__(self, world: World) -> None:
        """Place everything."""
        self.world = world
        self.cameras = self._cameras(world.rng("cameras"))
        self.places = self._places(world.rng("places"))
        self.beats = self._beats(world.rng("responders"))

    def camera_records(self, now: datetime) -> list[dict[str, Any]]:
        """All cameras as they are at the opening."""
        return [{**camera, "status": self._status(camera, now)} for camera in self.cameras]

    def camera_changes(self, after: datetime, until: datetime) -> list[dict[str, Any]]:
        """The cameras whose state was told anew between two moments."""
        first = int(after.timestamp()) // CAMERA_FLIP_S + 1
        last = min(int(until.timestamp()) // CAMERA_FLIP_S, first + CAMERAS)
        changed = {}
        for slot in range(first, last + 1):
            camera = self.cameras[slot * 7919 % len(self.cameras)]
            at = datetime.fromtimestamp(slot * CAMERA_FLIP_S, UTC)
            changed[camera["id"]] = {**camera, "status": self._status(camera, at), "updated_at": at}
        return list(changed.values())

    def place_records(self, now: datetime) -> list[dict[str, Any]]:
        """All places, in their normal state."""
        return [{**place, "state": "normal", "at": now} for place in self.places]

    def responder_records(
        self, now: datetime, after: datetime | None = None
    ) -> list[dict[str, Any]]:
        """Where responders are at ``now``: all, or those due to say it since ``after``."""
        return [
            self._responder(beat, now)
            for beat in self.beats
            if after is None or _slot(beat, after) != _slot(beat, now)
        ]

    # ── placing ──────────────────────────────────────────────────────────────────────────────

    def _cameras(self, rng: random.Random) -> list[dict[str, Any]]:
        made = []
        for number in range(1, CAMERAS + 1):
            district = self.world.pick(rng)
            lon, lat = self.world.point(rng, district)
            police = rng.random() < 0.88
            made.append(
                {
                    "id": f"{district.id}00{'00' if police else '08'}1320{number:06}",
                    "name": f"{district.name}模拟{'路口' if police else '自行车点'}{number}",
                    "lon": lon,
                    "lat": lat,
                    "source": "police" if police else "bicycle",
                    "position_type": rng.choice((2, 3, 4, 6, 8, 9, 10, 10, 10, 10)),
                    "room_type": 1,
                }
            )
        return made

    def _places(self, rng: random.Random) -> list[dict[str, Any]]:
        made = []
        for kind, count in PLACES.items():
            for number in range(1, count + 1):
                district = self.world.pick(rng)
                lon, lat = self.world.point(rng, district)
                near = sorted(
                    self.cameras, key=lambda it: (it["lon"] - lon) ** 2 + (it["lat"] - lat) ** 2
                )
                made.append(
                    {
                        "id": f"{kind}-{number:02}",
                        "kind": kind,
                        "name": f"{district.name}模拟{_CALLED[kind]}{number}",
                        "lon": lon,
                        "lat": lat,
                        "cameras": [camera["id"] for camera in near[:2]],
                    }
                )
        return made

    def _beats(self, rng: random.Random) -> list[Beat]:
        made = []
        for kind, count in RESPONDERS.items():
            for number in range(1, count + 1):
                district = self.world.pick(rng)
                lon, lat = self.world.point(rng, district)
                name = f"{district.name}模拟{_CREW[kind]}{number}"
                reach = 0.0 if kind == "team" else _reach(district, lon, lat)
                period_s = rng.uniform(900, 2400) * (1 if kind == "vehicle" else 3)
                made.append(
                    Beat(
                        f"{kind}-{number:02}",
                        kind,
                        name,
                        district,
                        lon,
                        lat,
                        reach,
                        period_s,
                        rng.uniform(0, 6.28),
                    )
                )
        return made

    def _status(self, camera: dict[str, Any], at: datetime) -> str:
        hour = int(at.timestamp()) // 3600
        share = self.world.rng("camera", camera["id"], hour).random()
        return "off" if share < CAMERA_OFF_SHARE else "on"

    def _responder(self, beat: Beat, now: datetime) -> dict[str, Any]:
        lon, lat = beat.at(now)
        busy = self.world.rng("busy", beat.id, int(now.timestamp()) // 1200).random() < 0.35
        moving = "en_route" if beat.kind == "vehicle" else "assigned"
        return {
            "id": beat.id,
            "kind": beat.kind,
            "name": beat.name,
            "lon": lon,
            "lat": lat,
            "at": now,
            "status": moving if busy else "available",
            "unit": f"{beat.district.id}-law",
        }


def _slot(beat: Beat, moment: datetime) -> int:
    return int(moment.timestamp()) // EVERY_S[beat.kind]


def _reach(district: District, lon: float, lat: float) -> float:
    """The widest round, up to a kilometre and a half, that stays within the district."""
    reach = 0.015
    while reach > 0.0005:
        if district.shape.contains(shapely.box(lon - reach, lat - reach, lon + reach, lat + reach)):
            return reach
        reach *= 0.7
    return 0.0
