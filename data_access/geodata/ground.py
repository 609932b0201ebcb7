"""Owns water and land: whether somebody can stand at a place, and where one could."""

from functools import cache
from random import Random

import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from data_access.geodata.areas import features
from data_access.geodata.flat import to_degrees, to_metres

TRIES = 2_000


def over_water(lon: float, lat: float) -> bool:
    """Say whether a place lies in the big rivers or a lake (their islands are land)."""
    return bool(shapely.intersects_xy(_open_water(), lon, lat))


def on_land(lon: float, lat: float) -> bool:
    """Say whether one can stand at a place: not in a river, a lake or a canal.

    A street may lead over a canal, so a vehicle may be where this says no.
    """
    return not shapely.intersects_xy(water(), lon, lat)


def point_on_land(rng: Random, polygon: BaseGeometry) -> tuple[float, float]:
    """Give a place of equal chance in the polygon, not in the water.

    Raises ValueError when the polygon has next to no land.
    """
    west, south, east, north = polygon.bounds
    shapely.prepare(polygon)
    for _ in range(TRIES):
        lon, lat = round(rng.uniform(west, east), 6), round(rng.uniform(south, north), 6)
        if shapely.contains_xy(polygon, lon, lat) and on_land(lon, lat):
            return lon, lat
    raise ValueError("this polygon holds no land to stand on")


@cache
def water() -> BaseGeometry:
    """Give all water that is drawn, canals by their width."""
    return _prepared([*_rivers(wide=True), *_rivers(wide=False)])


@cache
def _open_water() -> BaseGeometry:
    return _prepared(_rivers(wide=True))


def _rivers(*, wide: bool) -> list[BaseGeometry]:
    """Shapes of the water: polygons where ``wide``, else lines broadened to their width."""
    found = []
    for row in features("water"):
        drawn = shape(row["geometry"])
        if (drawn.geom_type != "LineString") is not wide:
            continue
        half = row["properties"].get("width_m", 0) / 2
        found.append(drawn if wide else to_degrees(to_metres(drawn).buffer(half)))
    return found


def _prepared(parts: list[BaseGeometry]) -> BaseGeometry:
    merged = shapely.union_all(parts)
    shapely.prepare(merged)
    return merged
