"""Files that an operator has come in row by row, whatever their form."""

import gzip
import json
from datetime import UTC, datetime

import pandas as pd
import pytest
from sqlalchemy import func, select

from data_access.changes import follow
from data_access.clock import set_clock
from data_access.feeds.lists import write_city, write_jurisdictions
from data_access.geography import locator
from data_access.imports import KINDS, RecordingError, Source, import_file, parse_map
from data_access.ingest import ingest
from data_access.queries import live
from data_access.store import Store
from data_access.tables import (
    audit,
    camera,
    case,
    category,
    city,
    feed,
    jurisdiction,
    place,
    reject,
    station,
    unit,
)
from tests.conftest import NOW

SQUARE = {
    "type": "Polygon",
    "coordinates": [[[120, 30], [121, 30], [121, 31], [120, 31], [120, 30]]],
}
BOW = {"type": "Polygon", "coordinates": [[[120, 30], [121, 31], [121, 30], [120, 31], [120, 30]]]}


@pytest.fixture
def town(store: Store) -> Store:
    """A city with one district."""
    with store.write() as writer:
        set_clock(writer, anchor_city=NOW, speed=1)
        write_city(
            writer,
            path="330100",
            name="杭州市",
            name_en="Hangzhou",
            time_zone="Asia/Shanghai",
            centre=(120.2, 30.2),
            settings={},
        )
        top = {"id": "330100", "name": "杭州市", "level": "city"}
        district = {"id": "330106", "name": "西湖区", "level": "district"}
        write_jurisdictions(writer, [top, district], root="330100")
    return store


def take(store, kind, path, *pairs, **options):
    return import_file(store, kind, Source(path=path, given=parse_map(pairs), **options))


def counts(outcome):
    assert outcome.read == outcome.accepted + outcome.unchanged + len(outcome.rejected)
    return outcome.accepted, outcome.unchanged, len(outcome.rejected)


def rows(store, table):
    with store.read() as conn:
        return [dict(row._mapping) for row in conn.execute(select(table))]


def geojson(path, *features):
    path.write_text(json.dumps({"type": "FeatureCollection", "features": list(features)}), "utf-8")
    return path


def feature(geometry, **properties):
    return {"type": "Feature", "geometry": geometry, "properties": properties}


STATIONS = [
    {"id": "r1", "kind": "river", "name": "拱宸桥", "lon": 120.14, "lat": 30.32},
    {"id": "r2", "kind": "river", "name": "三堡", "lon": 120.22, "lat": 30.24},
    {"id": "r3", "kind": "river", "name": "在海里", "lon": 0, "lat": 0},
]


def as_csv(path):
    lines = ["id,kind,name,lon,lat"] + [",".join(str(v) for v in row.values()) for row in STATIONS]
    return "\n".join(lines)


def write(form, folder):
    path = folder / f"stations.{form}"
    match form:
        case "csv":
            path.write_text(as_csv(path), "utf-8-sig")
        case "gb.csv":
            path.write_text(as_csv(path), "gb18030")
        case "csv.gz":
            path.write_bytes(gzip.compress(as_csv(path).encode()))
        case "xlsx":
            pd.DataFrame(STATIONS).to_excel(path, index=False)
        case "json":
            path.write_text(json.dumps(STATIONS), "utf-8")
        case "jsonl":
            path.write_text("\n".join(json.dumps(row) for row in STATIONS), "utf-8")
        case "parquet":
            pd.DataFrame(STATIONS).to_parquet(path)
        case "geojson":
            features = [
                feature(
                    {"type": "Point", "coordinates": [row["lon"], row["lat"]]},
                    **{name: row[name] for name in ("id", "kind", "name")},
                )
                for row in STATIONS
            ]
            geojson(path, *features)
    return path


@pytest.mark.parametrize(
    "form", ["csv", "gb.csv", "csv.gz", "xlsx", "json", "jsonl", "parquet", "geojson"]
)
def test_every_form_tells_the_same(town, tmp_path, form):
    path = write(form, tmp_path)
    outcome = take(town, "stations", path)
    assert counts(outcome) == (2, 0, 1)
    assert (outcome.rejected[0].index, outcome.rejected[0].id) == (2, "r3")
    assert {row["name"]: (row["lon"], row["lat"]) for row in rows(town, station)} == {
        "拱宸桥": (120.14, 30.32),
        "三堡": (120.22, 30.24),
    }
    assert counts(take(town, "stations", path)) == (0, 2, 1)


def test_a_feed_of_its_own_shows_what_was_read_and_that_it_has_ended(town, tmp_path):
    take(town, "stations", write("csv", tmp_path))
    (shown,) = rows(town, feed)
    assert (shown["id"], shown["kind"], shown["state"]) == (
        "import:stations.csv",
        "import",
        "ended",
    )
    assert (shown["read"], shown["accepted"], shown["rejected"]) == (3, 2, 1)
    (kept,) = rows(town, reject)
    assert (kept["feed"], kept["index"], kept["state"]) == ("import:stations.csv", 2, "open")
    (line,) = rows(town, audit)
    assert (line["act"], line["subject"], line["actor"]) == ("import", "stations", "cli")


def test_columns_by_map_in_another_system_and_the_citys_own_time(town, tmp_path):
    path = tmp_path / "cases.csv"
    path.write_text(
        "编号,类型,来源,小类,问题,X,Y,阶段,上报,到达\n"
        "a-1,部件,collector,0102,路灯不亮,120.15,30.28,dispatched,2016-09-04 08:00,2016-09-04 08:30\n"
        "a-2,事件,collector,0102,,120.15,30.28,dispatched,昨天,2016-09-04 08:30\n",
        "utf-8",
    )
    given = (
        "id=编号",
        'kind={"column": "类型", "values": {"部件": "component", "事件": "event"}}',
        *("source=来源", "subcategory=小类", "description=问题", "lon=X", "lat=Y"),
        *("stage=阶段", "reported_at=上报", "stage_at=到达"),
    )
    outcome = take(town, "cases", path, *given, crs="gcj02", learn=True)
    assert counts(outcome) == (1, 0, 1)
    assert outcome.rejected[0].field == "reported_at"
    (row,) = rows(town, case)
    assert row["reported_at"] == datetime(2016, 9, 4, 0, 0, tzinfo=UTC)
    assert row["kind"] == "component"
    assert row["lon"] != 120.15
    assert abs(row["lon"] - 120.145) < 0.002


def test_lists_within_cells(town, tmp_path):
    path = tmp_path / "places.csv"
    path.write_text(
        "id,kind,name,lon,lat,state,at,cameras,supplies,depth_cm\n"
        'p1,underpass,文一路,120.1,30.2,正常,2016-09-04T01:00:00Z,c1;c2,"{""沙袋"": 200}",\n'
        "p2,underpass,文二路,120.1,30.2,ponding,2016-09-04T01:00:00Z,,,12.5\n",
        "utf-8",
    )
    outcome = take(town, "places", path)
    assert counts(outcome) == (2, 0, 0), outcome.rejected
    first, second = sorted(rows(town, place), key=lambda row: row["id"])
    assert first["cameras"] == ["c1", "c2"]
    assert first["supplies"][0]["quantity"] == 200
    assert second["depth_cm"] == 12.5


def test_cameras_say_whether_they_may_be_on_a_wall(town, tmp_path):
    path = tmp_path / "cameras.csv"
    path.write_text(
        "id,name,lon,lat,source,status,wall_allowed\nc1,一,120,30,police,on,否\nc2,二,120,30,police,off,\n",
        "utf-8",
    )
    assert counts(take(town, "cameras", path)) == (2, 0, 0)
    assert {row["id"]: row["wall_allowed"] for row in rows(town, camera)} == {
        "c1": False,
        "c2": True,
    }


def test_spreadsheet_numbers_are_codes_where_a_code_is_meant(town, tmp_path):
    path = tmp_path / "units.xlsx"
    pd.DataFrame(
        {"id": [17, 18], "name": ["城管局", "水务"], "jurisdiction": [330106, 999]}
    ).to_excel(path, index=False)
    outcome = take(town, "units", path)
    assert counts(outcome) == (1, 0, 1)
    assert outcome.rejected[0].field == "jurisdiction"
    (row,) = rows(town, unit)
    assert (row["id"], row["jurisdiction"], row["scope"]) == ("17", "330106", "330100/330106")
    assert counts(take(town, "units", path)) == (0, 1, 1)


def test_a_new_list_of_categories_is_a_new_version(town, tmp_path):
    path = tmp_path / "categories.csv"
    path.write_text(
        "kind,code,name\n部件,0101,上水井盖\n事件,0201,暴露垃圾\n灾,0301,无\n事件,x,无\n", "utf-8"
    )
    outcome = take(town, "categories", path)
    assert counts(outcome) == (2, 0, 2)
    assert [reject.field for reject in outcome.rejected] == ["kind", "code"]
    assert counts(take(town, "categories", path)) == (0, 2, 2)
    with town.read() as conn:
        assert conn.execute(select(func.max(category.c.list_version))).scalar() == 1
    path.write_text("kind,code,name\n部件,0101,上水井盖\n", "utf-8")
    assert counts(take(town, "categories", path)) == (0, 1, 0)
    kept = {(row["list_version"], row["code"]) for row in rows(town, category)}
    assert kept == {(1, "0101"), (1, "0201"), (2, "0101")}


def test_jurisdictions_of_five_levels_with_polygons(town, tmp_path):
    path = geojson(
        tmp_path / "areas.geojson",
        feature(None, id="330106005001", name="社区", parent="330106005"),
        feature(SQUARE, id="330106", name="西湖区", command_model="主城"),
        feature(SQUARE, id="330106005", name="街道", parent="330106", level="街道(乡镇)"),
        feature(BOW, id="330107", name="自相交"),
        feature(None, id="330108", name="没有上级", parent="nowhere"),
        feature(None, id="330106005001001", name="下级", parent="330108"),
        feature(SQUARE, id="330109", name="级别不对", parent="330106005001"),
        feature(None, id="a/b", name="斜杠"),
        feature(None, id="330110", name="甲", parent="330111"),
        feature(None, id="330111", name="乙", parent="330110", level="subdistrict"),
        feature(
            {"type": "Point", "coordinates": [120, 30]}, id="330112", name="点", command_model="x"
        ),
    )
    outcome = take(town, "jurisdictions", path)
    assert counts(outcome) == (3, 0, 8)
    assert [(reject.index, reject.field) for reject in outcome.rejected] == [
        (3, "polygon"),
        (4, "parent"),
        (5, "parent"),
        (6, "level"),
        (7, "id"),
        (8, "parent"),
        (9, "parent"),
        (10, "command_model"),
    ]
    assert "自相交" in outcome.rejected[0].reason
    found = {row["id"]: row for row in rows(town, jurisdiction)}
    assert found["330106005001"]["scope"] == "330100/330106/330106005/330106005001"
    assert found["330106005001"]["level"] == "community"
    assert found["330106"]["command_model"] == "main"
    with town.read() as conn:
        assert locator(town, conn).find(120.5, 30.5) == ("330106005", "330100/330106/330106005")
    assert counts(take(town, "jurisdictions", path)) == (0, 3, 8)
    (shown,) = rows(town, city)
    assert shown["settings"] == {"shapes": 1}


def test_a_file_that_says_less_takes_nothing_away(town, tmp_path):
    path = geojson(
        tmp_path / "areas.geojson", feature(SQUARE, id="street", name="街道", parent="330106")
    )
    assert counts(take(town, "jurisdictions", path)) == (1, 0, 0)
    names = tmp_path / "names.csv"
    names.write_text("id,name,name_en\nstreet,新街道,New Street\n", "utf-8")
    assert counts(take(town, "jurisdictions", names)) == (1, 0, 0)
    row = next(row for row in rows(town, jurisdiction) if row["id"] == "street")
    assert (row["name"], row["name_en"], row["parent"]) == ("新街道", "New Street", "330106")
    assert row["polygon"] == SQUARE
    assert row["level"] == "subdistrict"


def test_shapes_as_text_in_another_system(town, tmp_path):
    path = tmp_path / "areas.csv"
    ring = "120 30, 121 30, 121 31, 120 31, 120 30"
    path.write_text(
        f'id,name,polygon\na,甲,"POLYGON(({ring}))"\nb,乙,"POLYGON((200 30, 121 30, 121 31, 200 30))"\n'
        'c,丙,"POLYGON((nothing"\n',
        "utf-8",
    )
    outcome = take(town, "jurisdictions", path, crs="gcj02")
    assert counts(outcome) == (1, 0, 2)
    row = next(row for row in rows(town, jurisdiction) if row["id"] == "a")
    lon, lat = row["polygon"]["coordinates"][0][0]
    assert 119.99 < lon < 120
    assert lat != 30


def test_what_lies_in_a_jurisdiction_moves_with_it(town, tmp_path):
    record = {**STATIONS[0], "jurisdiction": "street"}
    with town.write() as writer:
        write_jurisdictions(writer, [{"id": "street", "name": "街道"}], root="330100")
    ingest(town, "stations", [record], feed="t", now=NOW)
    path = tmp_path / "areas.csv"
    path.write_text("id,name,parent,level\nstreet,街道,330106,subdistrict\n", "utf-8")
    with town.read() as conn:
        before = max(change.seq for change in follow(conn, 0, 1000))
    assert counts(take(town, "jurisdictions", path)) == (1, 0, 0)
    (row,) = rows(town, station)
    assert row["scope"] == "330100/330106/street"
    with town.read() as conn:
        reset = {change.topic for change in follow(conn, before, 1000) if change.key is None}
        assert "stations" in reset
        seen = live.rows(conn, "stations", None, scopes=["330100/330106"])
    assert [found.row[0] for found in seen] == ["r1"]


def test_a_store_without_a_city_gets_it_from_the_file(store, tmp_path):
    path = tmp_path / "areas.csv"
    path.write_text("id,name\n330106,西湖区\n", "utf-8")
    assert counts(take(store, "jurisdictions", path)) == (0, 0, 1)
    ingest(store, "stations", STATIONS[:1], feed="t", now=NOW)
    path = geojson(
        tmp_path / "areas.geojson",
        feature(SQUARE, id="330100", name="杭州市"),
        feature(SQUARE, id="330106", name="西湖区"),
    )
    assert counts(take(store, "jurisdictions", path, zone="Asia/Shanghai")) == (2, 0, 0)
    (row,) = rows(store, city)
    assert (row["id"], row["name"], row["time_zone"]) == ("330100", "杭州市", "Asia/Shanghai")
    assert row["settings"]["bounds"] == [120, 30, 121, 31]
    assert row["settings"]["map"] == "hangzhou"
    assert {row["scope"] for row in rows(store, jurisdiction)} == {"330100", "330100/330106"}
    assert rows(store, station)[0]["scope"] == "330100"


def test_what_cannot_be_read_says_why(town, tmp_path):
    empty = tmp_path / "empty.csv"
    empty.write_text("id,name\n", "utf-8")
    with pytest.raises(RecordingError, match="holds no rows"):
        take(town, "units", empty)
    with pytest.raises(RecordingError, match="no column is named 'id'; there are 编号"):
        other = tmp_path / "other.csv"
        other.write_text("编号,name\n1,x\n", "utf-8")
        take(town, "units", other)
    with pytest.raises(RecordingError, match="no column 'nowhere'"):
        take(town, "units", empty, "phone=nowhere")
    with pytest.raises(RecordingError, match="have no field 'colour'"):
        take(town, "units", empty, "colour=x")
    broken = tmp_path / "broken.xlsx"
    broken.write_bytes(b"not a spreadsheet")
    with pytest.raises(RecordingError, match="cannot be read"):
        take(town, "units", broken)
    with pytest.raises(ValueError, match="is not FIELD=COLUMN"):
        parse_map(("id",))


def test_a_broken_line_costs_its_neighbours_nothing(town, tmp_path):
    path = tmp_path / "units.jsonl"
    path.write_text('{"id": "u1", "name": "一"}\n{"id": \n7\n{"id": "u2", "name": "二"}\n', "utf-8")
    outcome = take(town, "units", path)
    assert counts(outcome) == (2, 0, 2)
    assert [reject.index for reject in outcome.rejected] == [1, 2]


def test_what_could_not_be_read_is_kept_as_it_came(town, tmp_path):
    table = tmp_path / "cases.csv"
    table.write_text("id,reported_at\na-1,昨天\n", "utf-8")
    take(town, "cases", table)
    lines = tmp_path / "cases.jsonl"
    lines.write_text('{"id": \n', "utf-8")
    take(town, "cases", lines)
    assert [(row["record_id"], json.loads(row["record"])) for row in rows(town, reject)] == [
        ("a-1", {"id": "a-1", "reported_at": "昨天"}),
        (None, '{"id": '),
    ]


def test_the_command_offers_what_the_store_takes():
    from dashboard.import_command import FORMATS
    from dashboard.import_command import KINDS as OFFERED
    from data_access.feeds.recording.sources import FORMATS as KNOWN

    whole = ("alert-rules", "matters", "scenes", "event")  # taken as one, not row by row
    assert (*KINDS, *whole) == OFFERED
    assert set(FORMATS) == set(KNOWN)
