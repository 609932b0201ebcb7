"""The ground of the simulated Hangzhou: where its people live, and spots where something can be.

Areas, subdistricts and communities come from ``geodata``; this module owns how much happens in
each, and the spots on land, dense around the middle of a community, that cases and cameras share:
so the same corners have trouble again and again. Everything follows from the seed.
"""

import math
import random
from bisect import bisect
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from data_access import geodata
from data_access.geodata.flat import METRES_LAT, METRES_LON, to_metres
from data_access.geodata.ground import water

Item = TypeVar("Item")

CITY = "330100"
CENTRE = (120.20524, 30.24934)
SPOTS_EACH = 80
WIDEST_M = 900.0
_DEGREES = 5  # decimals of a shape's corners: a metre

# area: (weight of what happens there, command model)
AREAS: dict[str, tuple[float, str]] = {
    "330102": (190, "main"),
    "330105": (165, "main"),
    "330106": (150, "main"),
    "330106X": (14, "main"),
    "330108": (75, "main"),
    "330109": (170, "sub"),
    "330110": (115, "sub"),
    "330111": (55, "sub"),
    "330112": (42, "sub"),
    "330113": (95, "sub"),
    "330114": (34, "sub"),
    "330114X": (52, "main"),
    "330122": (24, "town"),
    "330127": (15, "town"),
    "330182": (24, "town"),
}


@dataclass(frozen=True, slots=True)
class Community:
    """A community: its place in the city and how much happens in it."""

    id: str
    name: str
    subdistrict: str
    subdistrict_name: str
    area: str
    area_name: str
    weight: float
    polygon: BaseGeometry

    @property
    def district(self) -> str:
        """The six digits of its district, also within a management area."""
        return self.id[:6]


@dataclass(frozen=True, slots=True)
class Spot:
    """A spot on land in a community."""

    lon: float
    lat: float
    community: Community


def drawn(rng: random.Random, items: Sequence[Item], totals: Sequence[float]) -> Item:
    """One of the items by its weight; ``totals`` are the weights added up."""
    return items[bisect(totals, rng.random() * totals[-1], 0, len(items) - 1)]


class Ground:
    """The ground of one simulated city."""

    def __init__(self, seed: int) -> None:
        """Lay out the communities."""
        self.seed = seed
        self.areas = geodata.areas()
        self.subdistricts = geodata.subdistricts(seed)
        names = {area.id: area.name for area in self.areas}
        parents = {cell.id: cell for cell in self.subdistricts}
        cells = geodata.communities(seed)
        held: dict[str, int] = {}
        for cell in cells:
            area = parents[cell.parent].parent
            held[area] = held.get(area, 0) + 1
        rng = self.rng("communities")
        self.communities = [
            Community(
                cell.id,
                cell.name,
                cell.parent,
                parents[cell.parent].name,
                parents[cell.parent].parent,
                names[parents[cell.parent].parent],
                AREAS[parents[cell.parent].parent][0]
                / held[parents[cell.parent].parent]
                * rng.uniform(0.5, 1.5),
                cell.polygon,
            )
            for cell in cells
        ]
        self.by_id = {community.id: community for community in self.communities}
        self._totals = list(accumulate(community.weight for community in self.communities))

    def rng(self, *parts: object) -> random.Random:
        """A generator of its own for each purpose; the same seed and purpose give the same."""
        return random.Random(":".join(str(part) for part in (self.seed, *parts)))  # noqa: S311

    def pick(self, rng: random.Random) -> Community:
        """A community by how much happens in it."""
        return drawn(rng, self.communities, self._totals)

    def spot(self, rng: random.Random, community: Community) -> Spot:
        """A spot of a community; the first ones are the busy corners."""
        found = self._spots[community.id]
        lon, lat = found[int(len(found) * rng.random() ** 1.7)]
        return Spot(lon, lat, community)

    def spots(self, community: Community) -> Sequence[tuple[float, float]]:
        """All spots of a community."""
        return self._spots[community.id]

    def cell(self, spot: Spot) -> str:
        """The code of the 单元网格 of a spot."""
        return geodata.cell_code(spot.lon, spot.lat, spot.community.id, seed=self.seed)

    def near(self, lon: float, lat: float) -> Community:
        """The community that holds a position, or else the nearest one."""
        found = geodata.locate(lon, lat, self.seed)
        if found is not None:
            return self.by_id[found.id]
        place = shapely.Point(lon, lat)
        return min(self.communities, key=lambda it: it.polygon.distance(place))

    def jurisdictions(self) -> list[dict[str, Any]]:
        """The city, its areas, subdistricts and communities, as list rows."""
        rows: list[dict[str, Any]] = [
            {"id": CITY, "name": "杭州市", "name_en": "Hangzhou", "level": "city"}
        ]
        rows += [
            {
                "id": area.id,
                "name": area.name,
                "name_en": area.name_en,
                "level": "district",
                "command_model": AREAS[area.id][1],
                "polygon": _shape(area.polygon),
                "verified": not area.managed,
            }
            for area in self.areas
        ]
        for level, cells in (
            ("subdistrict", self.subdistricts),
            ("community", geodata.communities(self.seed)),
        ):
            rows += [
                {
                    "id": cell.id,
                    "name": cell.name,
                    "parent": cell.parent,
                    "level": level,
                    "polygon": _shape(cell.polygon),
                    "verified": False,
                }
                for cell in cells
            ]
        return rows

    @property
    def bounds(self) -> list[float]:
        """West, south, east, north of the whole city."""
        box = shapely.total_bounds([area.polygon for area in self.areas])
        return [round(float(value), 4) for value in box]

    @cached_property
    def _spots(self) -> dict[str, list[tuple[float, float]]]:
        return {it.id: self._draw(it) for it in self.communities}

    def _draw(self, community: Community) -> list[tuple[float, float]]:
        """Spots around the middle of a community, none in the water."""
        middle = shapely.point_on_surface(community.polygon)
        spread = min(WIDEST_M, math.sqrt(to_metres(community.polygon).area) / 2.2)
        shapely.prepare(community.polygon)
        rng = self.rng("spots", community.id)
        found: list[tuple[float, float]] = []
        for _ in range(40):
            cloud = _cloud(rng, (middle.x, middle.y), spread)
            cloud = cloud[shapely.contains_xy(community.polygon, cloud[:, 0], cloud[:, 1])]
            dry = ~shapely.intersects_xy(water(), cloud[:, 0], cloud[:, 1])
            found += [(float(lon), float(lat)) for lon, lat in cloud[dry]]
            if len(found) >= SPOTS_EACH:
                break
        if not found:
            found = [geodata.point_on_land(rng, community.polygon)]
        return found[:SPOTS_EACH]


def _cloud(
    rng: random.Random, middle: tuple[float, float], spread: float
) -> npt.NDArray[np.float64]:
    steps = np.array([(rng.gauss(0, 1), rng.gauss(0, 1)) for _ in range(SPOTS_EACH)])
    scale = (spread / METRES_LON, spread / METRES_LAT)
    return np.round(np.array(middle) + steps * scale, 6)


def _shape(polygon: BaseGeometry) -> dict[str, Any]:
    rounded = shapely.transform(polygon, lambda xy: np.round(xy, _DEGREES))
    return dict(mapping(rounded))
