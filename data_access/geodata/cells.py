"""Owns subdistricts and communities of the simulated city: seeded Voronoi cells.

99 subdistricts stand around the places in ``subdistricts.csv`` (real names, simulated borders),
568 communities around spread-out places on land within each (simulated names and borders). Cells
are clipped to their parent; what a clip cuts off goes to the neighbour it touches most, so every
cell is one piece and the cells of a parent cover it without overlap.

Codes: district 6 + subdistrict 3 (街道 from 001, 镇 from 101, management areas from 901) +
community 3. A cell of a management area has that area as its parent (330106X), which is its place
in a scope path, while its own code keeps the district's six digits. The numbers are ours.
"""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import count
from random import Random
from typing import Any

import shapely
from shapely import MultiPoint, Point, Polygon
from shapely.geometry.base import BaseGeometry

from data_access.geodata import names
from data_access.geodata.areas import FOLDER, Area, areas
from data_access.geodata.flat import to_degrees, to_metres
from data_access.geodata.ground import on_land, water

SEED = 20160101
JITTER_M = 150.0
RELAXATIONS = 2
KEPT = 4  # cities of other seeds that stay in memory
_FIRST_NUMBER = {"街道": 1, "镇": 101}
_FIRST_MANAGED = 901


@dataclass(frozen=True)
class Cell:
    """A subdistrict (9 digits) or community (12 digits) of the simulated city."""

    id: str
    parent: str
    name: str
    polygon: Polygon
    simulated: bool = True


def subdistricts(seed: int = SEED) -> list[Cell]:
    """Give the 99 subdistricts and townships; the same seed gives the same ones."""
    return [cell for cell, _, _ in _subdistricts(seed)]


def communities(seed: int = SEED) -> list[Cell]:
    """Give the 568 communities, grouped by subdistrict, north to south within it."""
    return list(_communities(seed))


def locate(lon: float, lat: float, seed: int = SEED) -> Cell | None:
    """Give the community that holds a place; None outside the city."""
    tree = _tree(seed)
    hits = tree.query(Point(lon, lat), predicate="intersects")
    return _communities(seed)[int(hits.min())] if len(hits) else None


@lru_cache(maxsize=KEPT)
def _tree(seed: int) -> shapely.STRtree:
    return shapely.STRtree([cell.polygon for cell in _communities(seed)])


@lru_cache(maxsize=KEPT)
def _subdistricts(seed: int) -> tuple[tuple[Cell, bool, int], ...]:
    """Cells with whether they are towns, and how many communities they get."""
    with (FOLDER / "subdistricts.csv").open(encoding="utf-8", newline="") as file:
        told = list(csv.DictReader(file))
    found = []
    for area in areas():
        rows = [row for row in told if row["area"] == area.id]
        rng = Random(f"{seed}/{area.id}")  # noqa: S311 (a simulated city, not a secret)
        places = [_near(float(row["lon"]), float(row["lat"]), area.polygon, rng) for row in rows]
        for row, code, polygon in zip(
            rows, _codes(area, rows), _voronoi(area.polygon, places), strict=True
        ):
            cell = Cell(code, area.id, row["name"] + row["kind"], polygon)
            found.append((cell, row["kind"] == "镇", int(row["communities"])))
    return tuple(found)


def _codes(area: Area, rows: Sequence[dict[str, Any]]) -> list[str]:
    """Codes of an area's subdistricts, in the order of the file."""
    numbers = {kind: count(first) for kind, first in _FIRST_NUMBER.items()}
    managed = count(_FIRST_MANAGED)
    drawn = (next(managed if area.managed else numbers[row["kind"]]) for row in rows)
    return [f"{area.district}{number:03d}" for number in drawn]


@lru_cache(maxsize=KEPT)
def _communities(seed: int) -> tuple[Cell, ...]:
    stems = iter(names.stems(seed))
    found = []
    for parent, town, number in _subdistricts(seed):
        rng = Random(f"{seed}/{parent.id}")  # noqa: S311 (a simulated city, not a secret)
        polygons = _voronoi(parent.polygon, _spread(parent.polygon, number, rng))
        polygons.sort(key=lambda polygon: (-polygon.centroid.y, polygon.centroid.x))
        for place, polygon in enumerate(polygons, 1):
            name = names.community(next(stems), town=town, place=place)
            found.append(Cell(f"{parent.id}{place:03d}", parent.id, name, polygon))
    return tuple(found)


def _near(lon: float, lat: float, polygon: Polygon, rng: Random) -> Point:
    """A place some metres off, still on the area's land."""
    flat = to_metres(Point(lon, lat))
    moved = to_degrees(Point(flat.x + rng.gauss(0, JITTER_M), flat.y + rng.gauss(0, JITTER_M)))
    return moved if polygon.contains(moved) and on_land(moved.x, moved.y) else Point(lon, lat)


def _spread(polygon: Polygon, number: int, rng: Random) -> list[Point]:
    """Places spread over the land of a polygon: random ones, then moved to their cells' middles."""
    land = polygon.difference(water())
    shapely.prepare(land)
    west, south, east, north = land.bounds
    places: list[Point] = []
    while len(places) < number:
        place = Point(rng.uniform(west, east), rng.uniform(south, north))
        if land.contains(place):
            places.append(place)
    for _ in range(RELAXATIONS):
        middles = [cell.intersection(land).centroid for cell in _voronoi(polygon, places)]
        places = [
            middle if land.contains(middle) else place
            for middle, place in zip(middles, places, strict=True)
        ]
    return places


def _voronoi(polygon: Polygon, places: Sequence[Point]) -> list[Polygon]:
    """Cut a polygon into one piece per place; the first piece belongs to the first place."""
    if len(places) == 1:
        return [polygon]
    flat = to_metres(polygon)
    seeds = MultiPoint([to_metres(place) for place in places])
    raw = shapely.voronoi_polygons(seeds, extend_to=flat, ordered=True)
    whole: list[Polygon] = []
    loose: list[Polygon] = []
    for cell, place in zip(raw.geoms, seeds.geoms, strict=True):
        parts = _polygons(cell.intersection(flat))
        home = min(range(len(parts)), key=lambda i: parts[i].distance(place))
        whole.append(parts.pop(home))
        loose.extend(parts)
    for part in loose:
        _give(part, whole)
    return [to_degrees(cell) for cell in whole]


def _give(part: Polygon, cells: list[Polygon]) -> None:
    """Add a piece to the cell with which it shares most border."""
    shared = [part.intersection(cell).length for cell in cells]
    to = max(range(len(cells)), key=lambda i: shared[i])
    merged = _polygons(cells[to].union(part))
    cells[to] = max(merged, key=lambda polygon: polygon.area)


def _polygons(geometry: BaseGeometry) -> list[Polygon]:
    return [part for part in getattr(geometry, "geoms", [geometry]) if isinstance(part, Polygon)]
