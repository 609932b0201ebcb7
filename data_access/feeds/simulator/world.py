"""The simulated city's ground: districts, seeded subdistricts, units, and points within them.

Everything follows from the seed alone. What is made up says so in its name: 模拟.
"""

import random
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

import shapely
from shapely.geometry import MultiPoint, Point, mapping, shape
from shapely.geometry.base import BaseGeometry

from data_access import reference

CITY = "330100"
CENTRE = (120.20524, 30.24934)
SUBDISTRICTS_EACH = 4
SPREAD_DEG = 0.022

# code: (weight by population in 10,000, centre as lon and lat, command model)
_DISTRICTS: dict[str, tuple[int, tuple[float, float], str]] = {
    "330102": (132, (120.195, 30.262), "main"),
    "330105": (112, (120.146, 30.318), "main"),
    "330106": (111, (120.105, 30.272), "main"),
    "330108": (50, (120.190, 30.190), "main"),
    "330109": (201, (120.264, 30.172), "sub"),
    "330110": (123, (120.000, 30.282), "sub"),
    "330111": (83, (119.955, 30.051), "sub"),
    "330112": (63, (119.720, 30.236), "sub"),
    "330113": (118, (120.295, 30.421), "sub"),
    "330114": (77, (120.345, 30.308), "sub"),
    "330122": (45, (119.687, 29.796), "town"),
    "330127": (33, (119.037, 29.611), "town"),
    "330182": (44, (119.276, 29.477), "town"),
}
_MUNICIPAL = ("市政设施", "路灯照明", "城市绿化", "排水管网", "供水", "燃气", "环境卫生", "河道")
_DISTRICT_UNITS = (
    ("law", "综合执法大队"),
    ("road", "市政养护所"),
    ("clean", "环卫所"),
    ("green", "绿化所"),
)
_UNIT_BY_CLASS = {
    ("component", "01"): "road",
    ("component", "02"): "road",
    ("component", "03"): "clean",
    ("component", "04"): "green",
    ("event", "01"): "clean",
    ("event", "04"): "road",
}


@dataclass(frozen=True, slots=True)
class District:
    """A district: its real shape and name, and a simulated share of what happens."""

    id: str
    name: str
    shape: BaseGeometry
    weight: int
    centre: tuple[float, float]
    feature: dict[str, Any]
    model: str


class World:
    """The ground of one simulated city."""

    def __init__(self, seed: int) -> None:
        """Cut the districts into subdistricts."""
        self.seed = seed
        self.districts = [_district(feature) for feature in reference.districts()]
        self.by_id = {district.id: district for district in self.districts}
        self.weights = list(accumulate(district.weight for district in self.districts))
        self.subdistricts = [
            row
            for district in self.districts
            for row in _cut(district, self.rng("cut", district.id))
        ]
        for district in self.districts:
            shapely.prepare(district.shape)

    def rng(self, *parts: object) -> random.Random:
        """A generator of its own for each purpose; the same seed and purpose give the same."""
        return random.Random(":".join(str(part) for part in (self.seed, *parts)))  # noqa: S311

    def pick(self, rng: random.Random) -> District:
        """A district by its weight."""
        return rng.choices(self.districts, cum_weights=self.weights)[0]

    def point(
        self, rng: random.Random, district: District, spread: float = SPREAD_DEG
    ) -> tuple[float, float]:
        """A point within a district, denser towards its centre."""
        for _ in range(60):
            lon = rng.gauss(district.centre[0], spread)
            lat = rng.gauss(district.centre[1], spread * 0.8)
            if shapely.contains_xy(district.shape, lon, lat):
                return round(lon, 6), round(lat, 6)
        return district.centre

    def inside(self, lon: float, lat: float) -> bool:
        """Say whether a point lies in the city."""
        return any(shapely.contains_xy(district.shape, lon, lat) for district in self.districts)

    def jurisdictions(self) -> list[dict[str, Any]]:
        """The city, its districts and the simulated subdistricts, as list rows."""
        rows: list[dict[str, Any]] = [
            {"id": CITY, "name": "杭州市", "name_en": "Hangzhou", "level": "city"}
        ]
        rows += [
            {
                "id": district.id,
                "name": district.name,
                "name_en": district.feature["properties"]["name_en"],
                "level": "district",
                "command_model": district.model,
                "polygon": district.feature["geometry"],
            }
            for district in self.districts
        ]
        return rows + self.subdistricts

    def units(self) -> list[dict[str, Any]]:
        """Responsible units, as list rows."""
        rows: list[dict[str, Any]] = [
            {"id": f"C{number:02}", "name": f"市{name}中心（模拟）", "level": "city"}
            for number, name in enumerate(_MUNICIPAL, 1)
        ]
        for district in self.districts:
            rows += [
                {
                    "id": f"{district.id}-{code}",
                    "name": f"{district.name}{name}（模拟）",
                    "level": "district",
                    "jurisdiction": district.id,
                }
                for code, name in _DISTRICT_UNITS
            ]
        return rows

    @property
    def bounds(self) -> list[float]:
        """West, south, east, north of the whole city."""
        box = shapely.total_bounds([district.shape for district in self.districts])
        return [round(float(value), 4) for value in box]


def unit_for(district: District, kind: str, class_code: str) -> str:
    """The unit that handles a class of cases in a district."""
    return f"{district.id}-{_UNIT_BY_CLASS.get((kind, class_code), 'law')}"


def _district(feature: dict[str, Any]) -> District:
    code = feature["properties"]["id"]
    weight, centre, model = _DISTRICTS[code]
    polygon = shape(feature["geometry"])
    if not polygon.contains(Point(centre)):
        inner = polygon.representative_point()
        centre = (round(inner.x, 6), round(inner.y, 6))
    return District(code, feature["properties"]["name"], polygon, weight, centre, feature, model)


def _cut(district: District, rng: random.Random) -> list[dict[str, Any]]:
    """Cut a district into Voronoi cells around seeded points; they cover it without overlap."""
    seeds: list[Point] = [Point(district.centre)]
    west, south, east, north = district.shape.bounds
    while len(seeds) < SUBDISTRICTS_EACH:
        point = Point(rng.uniform(west, east), rng.uniform(south, north))
        if district.shape.contains(point):
            seeds.append(point)
    cells = shapely.voronoi_polygons(MultiPoint(seeds), extend_to=district.shape)
    rows = []
    for number, seed in enumerate(seeds, 1):
        cell = next(cell for cell in cells.geoms if cell.contains(seed))
        polygon = shapely.set_precision(cell.intersection(district.shape), 1e-5)
        rows.append(
            {
                "id": f"{district.id}{number:03}",
                "name": f"{district.name}模拟街道{number}",
                "parent": district.id,
                "level": "subdistrict",
                "polygon": mapping(polygon),
                "verified": False,
            }
        )
    return rows
