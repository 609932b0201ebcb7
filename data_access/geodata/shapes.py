"""Owns the polygons of jurisdictions: what a valid one is, and why another is refused."""

import json
import math
import re
from typing import Any

import shapely
from shapely.errors import ShapelyError
from shapely.geometry import mapping, shape

from dashboard.domain.coordinates import to_wgs84

MAX_CORNERS = 1_000_000
_WORDS = {
    "Self-intersection": "边界自相交",
    "Ring Self-intersection": "环自相交",
    "Hole lies outside shell": "内环在外环之外",
    "Holes are nested": "内环相互嵌套",
    "Interior is disconnected": "内部不连通",
    "Nested shells": "外环相互嵌套",
    "Duplicate Rings": "环重复",
    "Too few points in geometry component": "顶点太少",
}
_WHERE = re.compile(r"^([A-Za-z -]+)\[([-\d.e+]+) ([-\d.e+]+)\]$")


class BadShape(Exception):
    """A polygon that cannot be taken; the message is one sentence in Chinese."""


def read(value: Any, crs: str) -> dict[str, Any]:
    """Give a GeoJSON geometry in WGS84, from GeoJSON, its text, or WKT; raises BadShape."""
    found = _parse(value)
    if found.geom_type not in ("Polygon", "MultiPolygon"):
        raise BadShape(f"应为多边形（Polygon 或 MultiPolygon），收到 {found.geom_type}。")
    if found.is_empty:
        raise BadShape("多边形没有顶点。")
    if shapely.get_num_coordinates(found) > MAX_CORNERS:
        raise BadShape(f"多边形顶点超过 {MAX_CORNERS} 个。")
    found = shapely.force_2d(found)
    corners = shapely.get_coordinates(found)
    good = all(
        math.isfinite(lon) and math.isfinite(lat) and abs(lon) <= 180 and abs(lat) <= 90
        for lon, lat in corners
    )
    if not good:
        raise BadShape("多边形有顶点不在地球上；坐标应为经度、纬度。")
    reason = shapely.is_valid_reason(found)
    if reason != "Valid Geometry":
        raise BadShape(f"多边形无效：{_in_words(reason)}。")
    if crs != "wgs84":
        moved = [to_wgs84(lon, lat, crs) for lon, lat in corners]
        found = shapely.set_coordinates(found, moved)
    found = shapely.set_coordinates(found, shapely.get_coordinates(found).round(6))
    made: dict[str, Any] = json.loads(json.dumps(mapping(found)))
    return made


def inner_point(polygon: dict[str, Any]) -> tuple[float, float]:
    """Give a point within a polygon."""
    point = shape(polygon).representative_point()
    return round(point.x, 6), round(point.y, 6)


def bounds(polygon: dict[str, Any]) -> list[float]:
    """Give west, south, east, north."""
    return [round(edge, 6) for edge in shape(polygon).bounds]


def _parse(value: Any) -> Any:
    try:
        if isinstance(value, str) and not value.lstrip().startswith("{"):
            return shapely.from_wkt(value)
        geometry = json.loads(value) if isinstance(value, str) else value
        if isinstance(geometry, dict) and geometry.get("type") == "Feature":
            geometry = geometry.get("geometry")
        if not isinstance(geometry, dict):
            raise BadShape("多边形应为 GeoJSON 几何或 WKT。")
        return shape(geometry)
    except BadShape:
        raise
    except (ShapelyError, ValueError, TypeError, KeyError, IndexError, AttributeError) as error:
        raise BadShape("多边形应为 GeoJSON 几何或 WKT，无法读取。") from error


def _in_words(reason: str) -> str:
    hit = _WHERE.match(reason)
    if hit is None:
        return _WORDS.get(reason, "不合几何规则")
    what, lon, lat = hit.groups()
    return f"{_WORDS.get(what, '不合几何规则')}，在 ({float(lon):.6f}, {float(lat):.6f}) 附近"
