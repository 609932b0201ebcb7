"""Owns places and tracks along the chief streets, for vehicles and teams.

Bridges are left out: nobody is placed over the river. A vehicle that goes to and fro along one
street is ``street.at(metres)``; a longer way over several is ``street_track``.
"""

import math
from bisect import bisect_right
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import accumulate, pairwise, permutations
from random import Random
from typing import Any

from shapely import LineString, Point
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from data_access.geodata.areas import features
from data_access.geodata.flat import METRES_LAT, METRES_LON, to_metres

JOINED_M = 40.0  # a street's end this near another street joins it
STEP_M = 25.0
TURNS = 0.5  # share of crossings at which a vehicle leaves its street


@dataclass(frozen=True)
class Spot:
    """A place on a street: heading in degrees clockwise from north, metres from its start."""

    lon: float
    lat: float
    street: str
    heading: float
    metres: float


@dataclass(frozen=True, eq=False)
class Street:
    """A chief street: a line in WGS84 and its length."""

    name: str
    name_en: str
    kind: str
    rank: int
    line: LineString
    reach: tuple[float, ...]  # metres from the start to each vertex

    @property
    def length_m(self) -> float:
        """Length of the street."""
        return self.reach[-1]

    def at(self, metres: float) -> Spot:
        """Give where one is after so many metres, going to and fro from the street's start."""
        gone = metres % (2 * self.length_m)
        back = gone > self.length_m
        along = 2 * self.length_m - gone if back else gone
        place = min(max(bisect_right(self.reach, along), 1), len(self.reach) - 1)
        (lon0, lat0), (lon1, lat1) = self.line.coords[place - 1], self.line.coords[place]
        span = self.reach[place] - self.reach[place - 1]
        share = (along - self.reach[place - 1]) / span if span else 0.0
        east, north = (lon1 - lon0) * METRES_LON, (lat1 - lat0) * METRES_LAT
        heading = math.degrees(math.atan2(east, north)) + (180 if back else 0)
        return Spot(
            round(lon0 + (lon1 - lon0) * share, 6),
            round(lat0 + (lat1 - lat0) * share, 6),
            self.name,
            round(heading % 360, 1),
            along,
        )


@cache
def streets() -> tuple[Street, ...]:
    """Give the chief streets and highways, no bridges."""
    return tuple(
        _street(row["properties"], shape(row["geometry"]))
        for row in features("streets")
        if row["properties"]["kind"] != "bridge"
    )


def street_point(rng: Random, within: BaseGeometry | None = None) -> Spot:
    """Give a place on a chief street, each metre of equal chance.

    ``within`` keeps it to an area; raises ValueError where no chief street is drawn there.
    """
    street, metres = _drawn(rng, within)
    return street.at(metres)


def along_streets(rng: Random, number: int, within: BaseGeometry | None = None) -> list[Spot]:
    """Give several places along the chief streets."""
    return [street_point(rng, within) for _ in range(number)]


def street_track(
    rng: Random, *, length_m: float, step_m: float = STEP_M, within: BaseGeometry | None = None
) -> list[Spot]:
    """Give a vehicle's way, a place every ``step_m``, from a start in ``within``.

    It follows a street, takes every second crossing into another and turns round at an end.
    """
    street, metres = _drawn(rng, within)
    way = rng.choice((1, -1))
    track = [_facing(street, metres, way)]
    for _ in range(math.ceil(length_m / step_m)):
        metres += way * step_m
        if not 0 <= metres <= street.length_m:
            way = -way
            metres = min(max(metres, 0.0), street.length_m)
        crossings = [
            meet[1:] for meet in _crossings()[street] if abs(meet[0] - metres) < step_m / 2
        ]
        if crossings and rng.random() < TURNS:
            street, metres = rng.choice(crossings)
            way = rng.choice((1, -1))
        track.append(_facing(street, metres, way))
    return track


def _facing(street: Street, metres: float, way: int) -> Spot:
    return street.at(metres if way > 0 else 2 * street.length_m - metres)


def _drawn(rng: Random, within: BaseGeometry | None) -> tuple[Street, float]:
    """A street and metres on it."""
    pieces = _whole() if within is None else _cut(within)
    if not pieces:
        raise ValueError("no chief street is drawn here")
    totals = list(accumulate(end - start for _, start, end in pieces))
    drawn = rng.uniform(0, totals[-1])
    place = min(bisect_right(totals, drawn), len(pieces) - 1)
    street, _, end = pieces[place]
    return street, end - (totals[place] - drawn)


def _street(told: dict[str, Any], line: BaseGeometry) -> Street:
    if not isinstance(line, LineString):
        raise TypeError(f"{told['name']} is not one line")
    coords = list(line.coords)
    steps = (
        math.hypot((x1 - x0) * METRES_LON, (y1 - y0) * METRES_LAT)
        for (x0, y0), (x1, y1) in pairwise(coords)
    )
    reach = tuple(accumulate(steps, initial=0.0))
    return Street(told["name"], told["name_en"], told["kind"], told["rank"], line, reach)


@cache
def _whole() -> tuple[tuple[Street, float, float], ...]:
    return tuple((street, 0.0, street.length_m) for street in streets())


@lru_cache(maxsize=1024)
def _cut(within: BaseGeometry) -> tuple[tuple[Street, float, float], ...]:
    """Pieces of the streets inside a polygon: street, metres where it begins and ends."""
    found = []
    for street in streets():
        inside = street.line.intersection(within)
        flat = to_metres(street.line)
        for part in getattr(inside, "geoms", [inside]):
            if isinstance(part, LineString) and not part.is_empty:
                ends = (flat.project(to_metres(Point(part.coords[i]))) for i in (0, -1))
                start, end = sorted(ends)
                found.append((street, start, end))
    return tuple(found)


@cache
def _crossings() -> dict[Street, list[tuple[float, Street, float]]]:
    """Where each street meets others: metres here, the other, metres there."""
    flat = {street: to_metres(street.line) for street in streets()}
    found: dict[Street, list[tuple[float, Street, float]]] = {street: [] for street in flat}
    for here, there in permutations(flat, 2):
        if not flat[here].dwithin(flat[there], JOINED_M):
            continue
        met = flat[here].intersection(flat[there])
        ends = [Point(flat[here].coords[i]) for i in (0, -1)]
        ends = [end for end in ends if end.dwithin(flat[there], JOINED_M)]
        for place in [*getattr(met, "geoms", [met]), *ends]:
            if isinstance(place, Point) and not place.is_empty:
                at = (flat[here].project(place), flat[there].project(place))
                found[here].append((at[0], there, at[1]))
                found[there].append((at[1], here, at[0]))
    return found
