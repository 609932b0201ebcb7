"""Draw the base map of Hangzhou from the district shapes and ``scripts/base_map/*.toml``.

Usage: ``python scripts/draw_base_map.py``. Writes ``assets/map/hangzhou-base.geojson`` (what the
browser draws under the points) and, for the simulated city, ``areas``, ``water`` and ``streets``
in ``data_access/data/geography/``. The Qiantang's centre line is the border of the districts on
its banks; everything else was placed by hand and is 示意. The script refuses a street in the
water, a bridge that ends in it and a name outside its district.
"""

import json
import math
import sys
import tomllib
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely import LineString, Point, Polygon
from shapely.geometry import mapping, shape
from shapely.geometry.base import BaseGeometry
from shapely.ops import linemerge, polylabel, unary_union

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "scripts" / "base_map"
BASE = ROOT / "assets" / "map" / "hangzhou-base.geojson"
GEOGRAPHY = ROOT / "data_access" / "data" / "geography"
DECIMALS = 5
CUT_DECIMALS = 9  # a corner of a cut lies on a border: rounded coarser it would leave slivers
DEGREE_M = 110_900.0  # of latitude, near 30° N
SHRINK = math.cos(math.radians(30.25))  # a degree of longitude against one of latitude
STEP_M = 150.0  # between the circles that make a river of changing width
SIMPLER_M = 12.0
MARGIN = 0.01  # degrees that a water may be drawn beyond the city
SLIVER = 1e-9  # square degrees, some ten square metres: a rounding, not a piece of ground
# Lowest zoom at which a line or name of this kind and rank says its name.
NAMED_FROM = {
    "river": {1: 9, 2: 11, 3: 13, 4: 15},
    "lake": {1: 11, 2: 12, 3: 13},
    "water": {2: 12},
    "highway": {1: 11, 2: 11},
    "street": {1: 13, 2: 14, 3: 15, 4: 15},
    "bridge": {2: 13, 3: 14},
    "label": {1: 8, 2: 11, 3: 13, 4: 15},
}
Feature = dict[str, Any]
Place = Sequence[float]


def to_metres(geometry: BaseGeometry) -> BaseGeometry:
    """Degrees to a flat local grid in metres."""
    return shapely.transform(geometry, lambda xy: xy * (DEGREE_M * SHRINK, DEGREE_M))


def to_degrees(geometry: BaseGeometry) -> BaseGeometry:
    """Metres of the local grid back to degrees."""
    return shapely.transform(geometry, lambda xy: xy / (DEGREE_M * SHRINK, DEGREE_M))


def districts() -> dict[str, Feature]:
    """The thirteen districts by code."""
    found = json.loads((ROOT / "assets" / "map" / "hangzhou.geojson").read_text("utf-8"))
    return {feature["properties"]["id"]: feature for feature in found["features"]}


def read(name: str) -> dict[str, Any]:
    """One of the hand-placed files."""
    return tomllib.loads((SOURCE / f"{name}.toml").read_text("utf-8"))


def qiantang(told: dict[str, Any], shapes: dict[str, BaseGeometry]) -> LineString:
    """The river's centre line: shared borders downstream, then the city's outer border."""
    pieces = [
        linemerge(shapes[a].boundary.intersection(shapes[b].boundary)) for a, b in told["borders"]
    ]
    line = linemerge(unary_union([part for piece in pieces for part in _lines(piece)]))
    if line.geom_type != "LineString":
        raise SystemExit("the borders along the Qiantang do not make one line")
    points = list(line.coords)
    if math.dist(points[0], told["upstream"]) > math.dist(points[-1], told["upstream"]):
        points.reverse()
    points = _between(points, told["upstream"], told["until"])
    outer = told["outer"]
    ring = list(shapes[outer["district"]].exterior.coords)[:-1]
    start, end = _nearest(ring, outer["from"]), _nearest(ring, outer["to"])
    ways = (
        [ring[(start + i) % len(ring)] for i in range((end - start) % len(ring) + 1)],
        [ring[(start - i) % len(ring)] for i in range((start - end) % len(ring) + 1)],
    )
    bank = max(ways, key=lambda way: max(y for _, y in way))
    return LineString(points + bank + [tuple(told["bay"])])


def smooth(line: LineString, times: int = 3) -> LineString:
    """Cut corners (Chaikin); the ends stay."""
    points = np.asarray(line.coords)
    for _ in range(times):
        near = points[:-1] * 0.75 + points[1:] * 0.25
        far = points[:-1] * 0.25 + points[1:] * 0.75
        cut = np.empty((2 * len(near), 2))
        cut[0::2], cut[1::2] = near, far
        points = np.vstack([points[:1], cut, points[-1:]])
    return LineString(points)


def banks(line: LineString, widths: Sequence[Place]) -> Polygon:
    """The water of a river whose width changes along its centre line."""
    flat = to_metres(line)
    stations = sorted(
        (flat.project(to_metres(Point(lon, lat))), width) for lon, lat, width in widths
    )
    distances = np.append(np.arange(0.0, flat.length, STEP_M), flat.length)
    radii = np.interp(distances, *np.transpose(stations)) / 2
    circles = [
        flat.interpolate(at).buffer(radius, quad_segs=8)
        for at, radius in zip(distances, radii, strict=True)
    ]
    links = [a.union(b).convex_hull for a, b in pairwise(circles)]
    water = unary_union(links).simplify(SIMPLER_M)
    if not isinstance(water, Polygon):
        raise SystemExit("a river is not one piece")
    return to_degrees(water)


def waters(shapes: dict[str, BaseGeometry]) -> list[Feature]:
    """Rivers, canals, lakes, wetland."""
    told = read("water")
    sheet = shapely.box(*unary_union(list(shapes.values())).buffer(MARGIN).bounds)
    features = []
    for key in ("qiantang", "fuchun"):
        river = told[key]
        line = qiantang(river, shapes) if key == "qiantang" else LineString(river["path"])
        line = smooth(line)
        water = banks(line, river["widths"]).intersection(sheet)
        width = round(float(np.median([station[2] for station in river["widths"]])))
        features.append(
            _feature("river", river, water, line=line.intersection(sheet), width_m=width)
        )
    for lake in told["lake"]:
        ring = Polygon(lake["ring"], lake.get("islands", []))
        features.append(_feature("lake", lake, smooth_rings(ring), area=ring))
    for wetland in told["wetland"]:
        ring = smooth_rings(Polygon(wetland["ring"]))
        features.append(_feature("water", wetland, ring, area=ring, surface="wetland"))
    for stream in told["stream"]:
        line = smooth(LineString(stream["path"]), 2)
        features.append(_feature("river", stream, line, line=line, width_m=stream["width_m"]))
    return features


def smooth_rings(polygon: Polygon) -> Polygon:
    """Cut the corners of every ring."""
    return Polygon(_round_ring(polygon.exterior), [_round_ring(ring) for ring in polygon.interiors])


def _round_ring(ring: Any, times: int = 2) -> np.ndarray:
    points = np.asarray(ring.coords)[:-1]
    for _ in range(times):
        after = np.roll(points, -1, axis=0)
        cut = np.empty((2 * len(points), 2))
        cut[0::2], cut[1::2] = points * 0.75 + after * 0.25, points * 0.25 + after * 0.75
        points = cut
    return points


def ways(water: dict[str, BaseGeometry]) -> list[Feature]:
    """Streets, highways and bridges; each proved against the water."""
    features = []
    for way in read("streets")["way"]:
        line = LineString(way["path"])
        wet = {name: line.intersection(found) for name, found in water.items()}
        if way["kind"] == "bridge":
            crossed = wet[way["crosses"]]
            if crossed.is_empty:
                raise SystemExit(f"{way['name']} does not cross {way['crosses']}")
            ends = (Point(line.coords[0]), Point(line.coords[-1]))
            if any(end.intersects(found) for end in ends for found in water.values()):
                raise SystemExit(f"{way['name']} ends in the water")
        else:
            for name, part in wet.items():
                if not part.is_empty:
                    where = to_metres(part).length
                    at = [round(v, 4) for v in part.representative_point().coords[0]]
                    raise SystemExit(f"{way['name']} runs {where:.0f} m in {name} near {at}")
        drawn = line if way["kind"] == "bridge" else smooth(line, 2)
        features.append(_feature(way["kind"], way, drawn, line=line))
    return features


def names(found: dict[str, Feature], shapes: dict[str, BaseGeometry]) -> list[Feature]:
    """Names at a point: districts where they have most room, and known places."""
    features = []
    for code, district in found.items():
        told = district["properties"] | {"rank": 1}
        room = polylabel(max(_polygons(shapes[code]), key=lambda part: part.area), 0.002)
        features.append(_feature("label", told, room, of=code, what="district"))
    for place in read("places")["place"]:
        at = Point(place["at"])
        if not shapes[place["in"]].contains(at):
            raise SystemExit(f"{place['name']} is not in {place['in']}")
        features.append(_feature("label", place, at, of=place["in"], what="place"))
    return features


def areas(found: dict[str, Feature], shapes: dict[str, BaseGeometry]) -> list[Feature]:
    """Districts and management areas: no overlap, the same ground."""
    left = dict(shapes)
    cut = []
    for area in read("areas")["area"]:
        whole = left[area["district"]]
        inside, rest = (
            _biggest(part)
            for part in (
                whole.intersection(Polygon(area["ring"])),
                whole.difference(Polygon(area["ring"])),
            )
        )
        left[area["district"]] = rest
        cut.append((area, inside))
    features = [
        _plain(
            {**found[code]["properties"], "district": code, "what": "district"},
            left[code],
            CUT_DECIMALS,
        )
        for code in found
    ]
    for area, inside in cut:
        told = {key: area[key] for key in ("id", "name", "name_en", "district")}
        told |= {"what": "management area", "note": "示意"}
        features.append(_plain(told, inside, CUT_DECIMALS))
    return features


def _feature(
    kind: str,
    told: dict[str, Any],
    geometry: BaseGeometry,
    *,
    line: LineString | None = None,
    area: Polygon | None = None,
    **more: Any,
) -> Feature:
    """A feature of the base map, with where and how its name is written."""
    properties: dict[str, Any] = {
        "kind": kind,
        "name": told["name"],
        "name_en": told["name_en"],
        "rank": told["rank"],
        "zoom": NAMED_FROM[kind][told["rank"]],
        **more,
    }
    if line is not None:
        written = [_along(line, line.project(Point(near))) for near in told.get("named", [])]
        (properties["at"], properties["turn"]), *others = written or [_along(line, line.length / 2)]
        if others:
            properties["also"] = [[*at, turn] for at, turn in others]
    if area is not None:
        properties["at"] = _rounded(polylabel(area, 0.0005).coords[0])
    if kind != "label":
        properties["note"] = "示意"
    return _plain(properties, geometry)


def _along(line: LineString, middle: float) -> tuple[list[float], int]:
    """A place on a line and how a name is turned there: degrees clockwise, never head down."""
    reach = line.length * 0.02
    before, at, after = (line.interpolate(middle + step) for step in (-reach, 0, reach))
    turn = math.degrees(math.atan2(before.y - after.y, (after.x - before.x) * SHRINK))
    if turn > 90:
        turn -= 180
    elif turn <= -90:
        turn += 180
    return _rounded((at.x, at.y)), round(turn)


def _plain(properties: dict[str, Any], geometry: BaseGeometry, decimals: int = DECIMALS) -> Feature:
    found = mapping(geometry)
    rounded = {"type": found["type"], "coordinates": _rounded(found["coordinates"], decimals)}
    return {"type": "Feature", "properties": properties, "geometry": rounded}


def _rounded(value: Any, decimals: int = DECIMALS) -> Any:
    if isinstance(value, tuple | list):
        return [_rounded(item, decimals) for item in value]
    return round(float(value), decimals)


def _lines(geometry: BaseGeometry) -> list[LineString]:
    parts = getattr(geometry, "geoms", [geometry])
    return [part for part in parts if isinstance(part, LineString)]


def _polygons(geometry: BaseGeometry) -> list[Polygon]:
    parts = getattr(geometry, "geoms", [geometry])
    return [part for part in parts if isinstance(part, Polygon)]


def _biggest(geometry: BaseGeometry) -> Polygon:
    parts = sorted(_polygons(geometry), key=lambda part: part.area)
    if len(parts) > 1 and sum(part.area for part in parts[:-1]) > SLIVER:
        raise SystemExit("a management area cuts its district into pieces")
    return parts[-1]


def _nearest(points: Sequence[Place], wanted: Place) -> int:
    return min(range(len(points)), key=lambda i: math.dist(points[i], wanted))


def _between(points: list[Place], start: Place, end: Place) -> list[Place]:
    first, last = _nearest(points, start), _nearest(points, end)
    return points[min(first, last) : max(first, last) + 1]


def drawn() -> dict[Path, list[Feature]]:
    """Every file and its features."""
    found = districts()
    shapes = {code: shape(feature["geometry"]) for code, feature in found.items()}
    wet = waters(shapes)
    flowing = [row for row in wet if row["properties"]["kind"] in {"river", "lake"}]
    solid = {
        row["properties"]["name"]: shape(row["geometry"])
        for row in flowing
        if row["geometry"]["type"] == "Polygon"
    }
    streets = ways(solid)
    return {
        BASE: [*wet, *streets, *names(found, shapes)],
        GEOGRAPHY / "areas.geojson": areas(found, shapes),
        GEOGRAPHY / "water.geojson": flowing,
        GEOGRAPHY / "streets.geojson": streets,
    }


def main() -> None:
    """Write the files, one feature a line, so that a change can be read in a diff."""
    for path, features in drawn().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        rows = (json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in features)
        head = f'{{"type":"FeatureCollection","name":"{path.stem}","features":[\n'
        path.write_text(head + ",\n".join(rows) + "\n]}\n", "utf-8")
        sys.stdout.write(f"{path.relative_to(ROOT)}: {path.stat().st_size / 1000:.0f} kB\n")


if __name__ == "__main__":
    main()
