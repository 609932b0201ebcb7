"""The offline base map: small, sober, plausible, and what its script draws."""

import gzip
import importlib.util
import json
from pathlib import Path

import pytest
from shapely import Point
from shapely.geometry import shape

ROOT = Path(__file__).resolve().parent.parent
MAP = ROOT / "assets" / "map"
KINDS = {"water", "river", "lake", "street", "highway", "bridge", "label"}


def load(path):
    return json.loads(path.read_text("utf-8"))["features"]


@pytest.fixture(scope="module")
def base():
    return load(MAP / "hangzhou-base.geojson")


@pytest.fixture(scope="module")
def districts():
    return {
        row["properties"]["id"]: shape(row["geometry"]) for row in load(MAP / "hangzhou.geojson")
    }


def of_kind(base, *kinds):
    return [row for row in base if row["properties"]["kind"] in kinds]


def named(base, name):
    return [shape(row["geometry"]) for row in base if row["properties"]["name"] == name]


def test_whole_map_is_small():
    size = sum(len(gzip.compress(path.read_bytes(), mtime=0)) for path in MAP.glob("*.geojson"))
    assert size < 80_000


def test_every_feature_says_what_it_is(base):
    for row in base:
        told = row["properties"]
        assert told["kind"] in KINDS
        assert told["name"] and told["name_en"]
        assert told["rank"] in {1, 2, 3, 4}
        assert 8 <= told["zoom"] <= 15
        if told["kind"] == "label":
            assert row["geometry"]["type"] == "Point"
        else:
            assert told["note"] == "示意"
            assert shape(row["geometry"]).is_valid
            west, east, south, north = 118.3, 120.75, 29.1, 30.6
            lon, lat = told["at"]
            assert west < lon < east
            assert south < lat < north
            turns = [told.get("turn", 0), *(place[2] for place in told.get("also", []))]
            assert all(-90 <= turn <= 90 for turn in turns)
        if told["kind"] == "river":
            assert told["width_m"] > 0


@pytest.mark.parametrize(
    "name",
    [
        "钱塘江",
        "富春江",
        "西湖",
        "西溪湿地",
        "京杭大运河",
        "上塘河",
        "余杭塘河",
        "中河",
        "东河",
        "贴沙河",
        "新塘河",
    ],
)
def test_known_waters_are_drawn(base, name):
    assert len(named(base, name)) == 1


def test_streets_stay_dry_and_bridges_cross(base):
    wet = [shape(row["geometry"]) for row in of_kind(base, "river", "lake")]
    wet = [found for found in wet if found.geom_type == "Polygon"]
    dry = of_kind(base, "street", "highway")
    assert len(dry) >= 60
    for row in dry:
        assert not any(shape(row["geometry"]).intersects(found) for found in wet), row["properties"]
    for row in of_kind(base, "bridge"):
        line = shape(row["geometry"])
        assert sum(line.intersects(found) for found in wet) == 1
        assert not any(Point(line.coords[end]).intersects(f) for end in (0, -1) for f in wet)


def test_the_river_runs_between_its_districts(base, districts):
    (river,) = named(base, "钱塘江")
    for north, south in (("330102", "330108"), ("330106", "330108"), ("330102", "330109")):
        border = districts[north].boundary.intersection(districts[south].boundary)
        assert border.difference(river).length < 0.02 * border.length


def test_labels_lie_in_their_districts(base, districts):
    labels = of_kind(base, "label")
    whole = [row for row in labels if row["properties"]["what"] == "district"]
    assert {row["properties"]["of"] for row in whole} == set(districts)
    for row in labels:
        assert districts[row["properties"]["of"]].contains(shape(row["geometry"]))


def test_west_lake_has_its_known_size(base):
    (lake,) = named(base, "西湖")
    km2 = lake.area * 110.9 * 110.9 * 0.864
    assert 6.0 < km2 < 7.0
    assert not lake.contains(Point(120.139, 30.2548))  # 孤山


def test_the_script_draws_what_is_committed():
    path = ROOT / "scripts" / "draw_base_map.py"
    spec = importlib.util.spec_from_file_location("draw_base_map", path)
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    for file, features in script.drawn().items():
        kept = load(file)
        assert [row["properties"]["name"] for row in kept] == [
            row["properties"]["name"] for row in features
        ]
        for mine, theirs in zip(kept, features, strict=True):
            # another GEOS may round otherwise; a moved line may not pass
            assert shape(mine["geometry"]).hausdorff_distance(shape(theirs["geometry"])) < 5e-4
