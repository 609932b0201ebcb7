"""23,800 simulated cameras: 21,000 of the police, 2,800 at public-bicycle points.

Numbers follow GB/T 28181: centre, industry, type 132 (IPC), network, serial.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from data_access import geodata
from data_access.feeds.simulator.hangzhou.ground import AREAS, Ground, Spot
from data_access.feeds.simulator.hangzhou.series import noise

POLICE, BICYCLE = 21_000, 2_800
ON_STREETS = 6_000
FLIP_S = 20
OFF_SHARE = 0.035
_STATE_H = 6
_POSITIONS = (2, 3, 4, 6, 6, 8, 8, 9, 10, 10, 10, 10, 10, 10)


class Camera(NamedTuple):
    """A camera as it stands."""

    id: str
    name: str
    spot: Spot
    source: str
    position_type: int


class Cameras:
    """All cameras of the city."""

    def __init__(self, ground: Ground) -> None:
        """Place them."""
        self.all = [*_police(ground), *_bicycle(ground)]

    def records(self, now: datetime) -> list[dict[str, Any]]:
        """All cameras as they are."""
        second = int(now.timestamp())
        return [_record(it, _status(place, second)) for place, it in enumerate(self.all)]

    def changes(self, after: datetime, until: datetime) -> list[dict[str, Any]]:
        """The cameras whose state was told anew: one every twenty seconds."""
        first = int(after.timestamp()) // FLIP_S + 1
        last = int(until.timestamp()) // FLIP_S
        changed = {}
        for slot in range(max(first, last - len(self.all)), last + 1):
            place = slot * 7919 % len(self.all)
            second = slot * FLIP_S
            record = _record(self.all[place], _status(place, second))
            changed[record["id"]] = record | {"updated_at": datetime.fromtimestamp(second, UTC)}
        return list(changed.values())

    def positions(self) -> tuple[Sequence[str], Sequence[tuple[float, float]]]:
        """Ids and places of all."""
        return [it.id for it in self.all], [(it.spot.lon, it.spot.lat) for it in self.all]


def _police(ground: Ground) -> list[Camera]:
    rng = ground.rng("police")
    made = []
    for number in range(1, POLICE + 1):
        if number <= ON_STREETS:
            found = geodata.street_point(rng)
            spot = Spot(found.lon, found.lat, ground.near(found.lon, found.lat))
            name, position = f"{found.street}{int(found.metres / 50) + 1}号杆", 10
        else:
            spot = ground.spot(rng, ground.pick(rng))
            name = f"{spot.community.subdistrict_name}{spot.community.name}监控{number}"
            position = rng.choice(_POSITIONS)
        name_id = f"{spot.community.district}00001320{number:06}"
        made.append(Camera(name_id, name, spot, "police", position))
    return made


def _bicycle(ground: Ground) -> list[Camera]:
    rng = ground.rng("bicycle")
    made = []
    for number in range(1, BICYCLE + 1):
        community = ground.pick(rng)
        while AREAS[community.area][1] != "main" and rng.random() < 0.8:
            community = ground.pick(rng)
        spot = ground.spot(rng, community)
        name_id = f"{community.district}00081320{number:06}"
        name = f"{community.name}公共自行车点{number}"
        made.append(Camera(name_id, name, spot, "bicycle", 10))
    return made


def _record(camera: Camera, status: str) -> dict[str, Any]:
    return {
        "id": camera.id,
        "name": camera.name,
        "lon": camera.spot.lon,
        "lat": camera.spot.lat,
        "source": camera.source,
        "status": status,
        "position_type": camera.position_type,
        "room_type": 1,
        "jurisdiction": camera.spot.community.id,
    }


def _status(place: int, second: int) -> str:
    share = (noise(place, second // 3600 // _STATE_H) + 1) / 2
    return "off" if share < OFF_SHARE else "on"
