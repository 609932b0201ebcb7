"""76 low points, 24 underpasses and 60 shelters; which of them a storm floods, and how.

The 21 low points and 16 underpasses nearest to the middle of the city flood.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np

from data_access import geodata
from data_access.feeds.simulator.hangzhou.ground import AREAS, Community, Ground, Spot
from data_access.feeds.simulator.hangzhou.storm import (
    CENTRE,
    Flooding,
    Storm,
    state_of,
    storm_at,
)

LOW_POINTS, UNDERPASSES, SHELTERS = 76, 24, 60
FLOODED = {"low_point": 21, "underpass": 16}
TELL_S = 120
_KINDS = (
    ("low_point", LOW_POINTS, "L", "易积水点"),
    ("underpass", UNDERPASSES, "U", "下穿通道"),
    ("shelter", SHELTERS, "H", "避灾安置点"),
)


@dataclass(frozen=True, slots=True)
class Place:
    """A place, and how a storm floods it."""

    id: str
    kind: str
    name: str
    spot: Spot
    supplies: tuple[tuple[str, int, str], ...]
    flooding: Flooding | None


class Places:
    """All places of the city."""

    def __init__(self, ground: Ground) -> None:
        """Place them."""
        self.ground = ground
        self.all = self._drawn()
        self.cameras: dict[str, list[str]] = {}

    @property
    def wet(self) -> list[Spot]:
        """The spots that flood."""
        return [place.spot for place in self.all if place.flooding]

    def know_cameras(self, ids: Sequence[str], positions: Sequence[tuple[float, float]]) -> None:
        """Give each place its two nearest cameras."""
        points = np.array(positions)
        for place in self.all:
            away = ((points - (place.spot.lon, place.spot.lat)) ** 2).sum(axis=1)
            self.cameras[place.id] = [ids[int(near)] for near in np.argsort(away)[:2]]

    def records(self, now: datetime, storms: tuple[Storm, ...]) -> list[dict[str, Any]]:
        """All places as they are."""
        return [self._record(place, now, *_state(place, now, storms)) for place in self.all]

    def changes(
        self, after: datetime, until: datetime, storms: tuple[Storm, ...]
    ) -> Iterator[dict[str, Any]]:
        """The places whose state or depth changed, looked at every two minutes each."""
        if not any(storm.reaches(until) for storm in storms):
            return
        for number, place in enumerate(self.all):
            if place.flooding is None:
                continue
            offset = number * 7 % TELL_S
            first = (int(after.timestamp()) - offset) // TELL_S + 1
            last = (int(until.timestamp()) - offset) // TELL_S
            if last < first:
                continue
            at = datetime.fromtimestamp(last * TELL_S + offset, UTC)
            before = datetime.fromtimestamp((first - 1) * TELL_S + offset, UTC)
            state = _state(place, at, storms)
            if state != _state(place, before, storms):
                yield self._record(place, at, *state)

    def _record(self, place: Place, at: datetime, state: str, depth: float) -> dict[str, Any]:
        made = {
            "id": place.id,
            "kind": place.kind,
            "name": place.name,
            "lon": place.spot.lon,
            "lat": place.spot.lat,
            "state": state,
            "at": at,
            "jurisdiction": place.spot.community.id,
            "cameras": self.cameras.get(place.id, []),
            "supplies": [
                {"name": name, "quantity": quantity, "unit": unit}
                for name, quantity, unit in place.supplies
            ],
        }
        return made | ({} if place.kind == "shelter" else {"depth_cm": depth})

    def _drawn(self) -> list[Place]:
        made: list[Place] = []
        for kind, count, letter, called in _KINDS:
            rng = self.ground.rng("places", kind)
            spots = [self._spot(rng, kind) for _ in range(count)]
            order = sorted(range(count), key=lambda it: _from_centre(spots[it][0]))
            flooded = set(order[: FLOODED.get(kind, 0)])
            for number, (spot, where) in enumerate(spots):
                flooding = _flooding(rng, kind) if number in flooded else None
                name_id = f"{letter}{number + 1:03}"
                name = f"{where}{called}"
                made.append(Place(name_id, kind, name, spot, _supplies(rng, kind), flooding))
        return made

    def _spot(self, rng: Any, kind: str) -> tuple[Spot, str]:
        community = self._community(rng)
        if kind == "underpass":
            while True:
                area = next(it for it in self.ground.areas if it.id == community.area)
                try:
                    found = geodata.street_point(rng, area.polygon)
                except ValueError:
                    community = self._community(rng)
                    continue
                near = self.ground.near(found.lon, found.lat)
                return Spot(found.lon, found.lat, near), f"{found.street}（{near.name}）"
        spot = self.ground.spot(rng, community)
        return spot, f"{community.subdistrict_name}{community.name}"

    def _community(self, rng: Any) -> Community:
        """Most of them lie in the main city."""
        while True:
            community = self.ground.pick(rng)
            if AREAS[community.area][1] == "main" or rng.random() < 0.25:
                return community


def _state(place: Place, at: datetime, storms: tuple[Storm, ...]) -> tuple[str, float]:
    storm = storm_at(storms, at)
    if storm is None or place.flooding is None:
        return "normal", 0.0
    return state_of(place.kind, place.flooding, storm.minutes(at))


def _flooding(rng: Any, kind: str) -> Flooding:
    begins = rng.uniform(14, 45)
    deep = rng.uniform(32, 75) if kind == "underpass" else rng.uniform(15, 40)
    return Flooding(begins, rng.uniform(70, 105), rng.uniform(160, 330), deep)


def _supplies(rng: Any, kind: str) -> tuple[tuple[str, int, str], ...]:
    if kind == "shelter":
        return (("床位", rng.randrange(40, 400, 10), "张"), ("饮用水", rng.randint(20, 200), "箱"))
    return (
        ("沙袋", rng.randrange(50, 600, 50), "只"),
        ("移动水泵", rng.randint(0, 4), "台"),
        ("警示标志", rng.randint(4, 20), "块"),
    )


def _from_centre(spot: Spot) -> float:
    return (spot.lon - CENTRE[0]) ** 2 + (spot.lat - CENTRE[1]) ** 2
