"""The ground of an event: geometries read strictly."""

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any

import shapely
from shapely.errors import ShapelyError
from shapely.geometry import mapping, shape

from dashboard.domain.coordinates import CRS, to_wgs84
from dashboard.domain.events.things import GEOMETRIES, Key, Kind, Thing
from dashboard.domain.records import checks
from data_access.geodata import shapes

MOST_CORNERS = 5_000
DIGITS = 6
_NAMES = {
    "Polygon": "多边形",
    "MultiPolygon": "多个多边形",
    "LineString": "折线",
    "Point": "点",
}

Bounds = Sequence[float]
"""West, south, east, north."""


def read(
    raw: Mapping[str, Any], kind: str, *, crs: str = "wgs84", bounds: Bounds | None = None
) -> dict[str, Any] | None:
    """Give a record's geometry in WGS84, or None for what does not lie on the map.

    ``crs``: of a record that states none. ``bounds``: of the city; what lies outside of it is
    refused. Raises ``checks.Bad``.
    """
    wanted = GEOMETRIES.get(kind)
    if wanted is None:
        return None
    crs = str(raw.get("crs") or crs).lower()
    if crs not in CRS:
        raise checks.Bad("crs", f"坐标系应为 {'、'.join(CRS)} 之一。")
    found = _geometry(raw)
    if found.geom_type not in wanted:
        words = " 或 ".join(f"{_NAMES[name]} {name}" for name in wanted)
        raise checks.Bad("geometry", f"应为{words}，收到 {found.geom_type}。")
    made = _zone(raw, crs) if kind == Kind.ZONE else _line_or_point(found, crs)
    _check_bounds(made, bounds)
    return made


def position(thing: Thing) -> tuple[float, float]:
    """Give the lon, lat of a point or a post."""
    assert thing.geometry is not None
    lon, lat = thing.geometry["coordinates"][:2]
    return float(lon), float(lat)


def key_of_zone(zone: Thing | None) -> Key | None:
    """Give a zone's key."""
    return None if zone is None else zone.key


def _geometry(raw: Mapping[str, Any]) -> Any:
    told = raw.get("geometry")
    if told is None or told == "":
        lon, lat = raw.get("lon"), raw.get("lat")
        if lon in (None, "") or lat in (None, ""):
            raise checks.Bad("geometry", "缺少位置：geometry（GeoJSON 或 WKT），或 lon 与 lat。")
        try:
            told = {"type": "Point", "coordinates": [float(str(lon)), float(str(lat))]}
        except ValueError as error:
            raise checks.Bad("lon", "经度、纬度应为数。") from error
    try:
        if isinstance(told, str) and not told.lstrip().startswith("{"):
            found = shapely.from_wkt(told)
        else:
            found = shape(json.loads(told) if isinstance(told, str) else told)
        corners = int(shapely.get_num_coordinates(found))
    except (
        ShapelyError,
        ValueError,
        TypeError,
        KeyError,
        IndexError,
        AttributeError,
        RecursionError,
    ) as error:
        raise checks.Bad("geometry", "应为 GeoJSON 几何或 WKT，无法读取。") from error
    if found.is_empty or not corners:
        raise checks.Bad("geometry", "没有顶点。")
    if corners > MOST_CORNERS:
        raise checks.Bad("geometry", f"顶点超过 {MOST_CORNERS} 个。")
    return found


def _zone(raw: Mapping[str, Any], crs: str) -> dict[str, Any]:
    try:
        return shapes.read(raw.get("geometry"), crs)
    except shapes.BadShape as bad:
        raise checks.Bad("geometry", str(bad)) from bad


def _line_or_point(found: Any, crs: str) -> dict[str, Any]:
    found = shapely.force_2d(found)
    corners = [(float(lon), float(lat)) for lon, lat in shapely.get_coordinates(found)]
    if not all(
        math.isfinite(lon) and math.isfinite(lat) and abs(lon) <= 180 and abs(lat) <= 90
        for lon, lat in corners
    ):
        raise checks.Bad("geometry", "有顶点不在地球上；坐标应为经度、纬度。")
    moved = [to_wgs84(lon, lat, crs) for lon, lat in corners] if crs != "wgs84" else corners
    rounded = [(round(lon, DIGITS), round(lat, DIGITS)) for lon, lat in moved]
    if found.geom_type == "LineString" and len(set(rounded)) < 2:
        raise checks.Bad("geometry", "路线至少要有两个不同的顶点。")
    made: dict[str, Any] = json.loads(json.dumps(mapping(shapely.set_coordinates(found, rounded))))
    return made


def _check_bounds(made: Mapping[str, Any], bounds: Bounds | None) -> None:
    if bounds is None:
        return
    west, south, east, north = shape(dict(made)).bounds
    if west < bounds[0] or south < bounds[1] or east > bounds[2] or north > bounds[3]:
        raise checks.Bad("geometry", "不在本市范围内；坐标应为经度在前、纬度在后。")
