"""Teams at their bases, vehicles along the chief streets, collectors in their cells.

Nobody stands over water: vehicles keep to streets, whose bridges are left out, and a collector's
round keeps to the land of one community. Telephone numbers are patterns, not numbers.
"""

import random
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

import shapely

from data_access import geodata
from data_access.feeds.simulator.hangzhou import worktime
from data_access.feeds.simulator.hangzhou.ground import AREAS, Community, Ground
from data_access.feeds.simulator.hangzhou.series import noise
from data_access.feeds.simulator.hangzhou.storm import Storm
from data_access.feeds.simulator.hangzhou.units import area_unit
from data_access.geodata.ground import water

TEAMS, VEHICLES, COLLECTORS, EQUIPMENT = 42, 130, 240, 12
EVERY_S = {"team": 300, "vehicle": 10, "collector": 30, "equipment": 60}
_TRACK_M, _STEP_M = 4_000.0, 40.0
_PACE_S = {"vehicle": 5.0, "collector": 22.0}
_NIGHT_SHARE = 0.18
_CREWS = ("抢险队", "排水应急队", "道路抢修队", "绿化抢险队", "环卫突击队", "燃气抢修队")
_CARS = ("巡查车", "移动泵车", "洗扫车", "高压冲洗车", "抢险车", "垃圾清运车")
_KIT = ("无人机", "移动指挥车", "单兵设备")
Track = Sequence[tuple[float, float]]


class Beat(NamedTuple):
    """A responder and the round that it goes to and fro for ever."""

    id: str
    kind: str
    name: str
    community: Community
    track: Track
    phase: float
    unit: str
    phone: str
    number: int

    def at(self, second: int) -> tuple[float, float]:
        """Where it is at a second of the epoch."""
        if len(self.track) == 1:
            return self.track[0]
        gone = second / _PACE_S[self.kind] + self.phase
        turn = gone % (2 * (len(self.track) - 1))
        place = int(turn)
        last = len(self.track) - 1
        return self.track[place if place <= last else 2 * last - place]


class Responders:
    """All who respond."""

    def __init__(self, ground: Ground) -> None:
        """Give everybody a round."""
        self.ground = ground
        rng = ground.rng("responders")
        self.beats = [
            *(self._team(rng, number) for number in range(1, TEAMS + 1)),
            *(self._vehicle(rng, number) for number in range(1, VEHICLES + 1)),
            *(self._collector(rng, number) for number in range(1, COLLECTORS + 1)),
            *(self._equipment(rng, number) for number in range(1, EQUIPMENT + 1)),
        ]

    def records(
        self, now: datetime, after: datetime | None = None, storms: tuple[Storm, ...] = ()
    ) -> list[dict[str, Any]]:
        """Where they are at ``now``: all, or those due to say it since ``after``."""
        second = int(now.timestamp())
        before = None if after is None else int(after.timestamp())
        busy_share = 0.75 if any(0 < it.minutes(now) < 420 for it in storms) else 0.3
        night = not 6 <= (now + worktime.OFFSET).hour < 22
        found = []
        for beat in self.beats:
            if before is not None and _slot(beat, before) == _slot(beat, second):
                continue
            if night and beat.kind == "collector" and self._sleeps(beat):
                if before is None:
                    found.append(self._record(beat, second, now, "off"))
                continue
            busy = (noise(beat.number, second // 1_200) + 1) / 2 < busy_share
            found.append(self._record(beat, second, now, _doing(beat, busy=busy)))
        return found

    @staticmethod
    def _sleeps(beat: Beat) -> bool:
        return (noise(beat.number, 1) + 1) / 2 > _NIGHT_SHARE

    @staticmethod
    def _record(beat: Beat, second: int, now: datetime, status: str) -> dict[str, Any]:
        lon, lat = beat.at(second)
        made = {
            "id": beat.id,
            "kind": beat.kind,
            "name": beat.name,
            "lon": lon,
            "lat": lat,
            "at": now.replace(microsecond=0),
            "status": status,
            "unit": beat.unit,
            "phone": beat.phone,
        }
        return made | ({} if beat.kind == "vehicle" else {"jurisdiction": beat.community.id})

    def _team(self, rng: random.Random, number: int) -> Beat:
        community = self.ground.pick(rng)
        spot = self.ground.spot(rng, community)
        name = f"{community.area_name}{rng.choice(_CREWS)}{number}"
        return self._beat(rng, "team", number, name, community, [(spot.lon, spot.lat)])

    def _equipment(self, rng: random.Random, number: int) -> Beat:
        community = self._main(rng)
        spot = self.ground.spot(rng, community)
        name = f"{community.area_name}{_KIT[number % len(_KIT)]}{number}"
        return self._beat(rng, "equipment", number, name, community, [(spot.lon, spot.lat)])

    def _vehicle(self, rng: random.Random, number: int) -> Beat:
        community = self._main(rng) if rng.random() < 0.7 else self.ground.pick(rng)
        within = next(area.polygon for area in self.ground.areas if area.id == community.area)
        try:
            track = geodata.street_track(rng, length_m=_TRACK_M, step_m=_STEP_M, within=within)
        except ValueError:
            track = geodata.street_track(rng, length_m=_TRACK_M, step_m=_STEP_M)
        first = self.ground.near(track[0].lon, track[0].lat)
        name = f"{first.area_name}{rng.choice(_CARS)}{number}"
        places = [(spot.lon, spot.lat) for spot in track]
        return self._beat(rng, "vehicle", number, name, first, places)

    def _collector(self, rng: random.Random, number: int) -> Beat:
        community = self.ground.pick(rng)
        name = f"采集员{number:03}（{community.name}）"
        return self._beat(rng, "collector", number, name, community, self._round(rng, community))

    def _round(self, rng: random.Random, community: Community) -> Track:
        """A walk between spots of the community, over land only."""
        land = community.polygon.difference(water())
        shapely.prepare(land)
        spots = list(self.ground.spots(community))
        here = rng.choice(spots)
        walk = [here]
        for _ in range(4):
            spots.sort(key=lambda it: (it[0] - here[0]) ** 2 + (it[1] - here[1]) ** 2)
            ways = [it for it in spots[1:7] if land.contains(shapely.LineString([here, it]))]
            if not ways:
                break
            there = rng.choice(ways)
            walk += [_between(here, there, step / 12) for step in range(1, 13)]
            here = there
        return walk

    def _main(self, rng: random.Random) -> Community:
        while True:
            community = self.ground.pick(rng)
            if AREAS[community.area][1] == "main":
                return community

    def _beat(
        self,
        rng: random.Random,
        kind: str,
        number: int,
        name: str,
        community: Community,
        track: Track,
    ) -> Beat:
        names = {"team": "机动抢险队", "vehicle": "市政园林管养所", "equipment": "数字城管中心"}
        unit = area_unit(community.area, names.get(kind, "数字城管中心"))
        phone = f"13xxxxx{rng.randrange(10_000):04}"
        name_id = f"{kind}-{number:03}"
        phase = rng.uniform(0, 400)
        return Beat(
            name_id, kind, name, community, track, phase, unit, phone, rng.randrange(1 << 30)
        )


def _doing(beat: Beat, *, busy: bool) -> str:
    if not busy:
        return "available"
    if beat.kind == "vehicle":
        return "en_route"
    return "on_site" if beat.kind == "collector" else "assigned"


def _slot(beat: Beat, second: int) -> int:
    every = EVERY_S[beat.kind]
    return (second + beat.number) // every


def _between(
    here: tuple[float, float], there: tuple[float, float], share: float
) -> tuple[float, float]:
    return (
        round(here[0] + (there[0] - here[0]) * share, 6),
        round(here[1] + (there[1] - here[1]) * share, 6),
    )
