"""Mapping: from cells and JSON to the fields of records, in every kind of file."""

import gzip
import io
from datetime import UTC, datetime

import pandas as pd
import pytest

from dashboard.domain.records import Undecodable
from data_access.feeds.recording import RecordingError
from tests.data_access.feeds.conftest import told

CASES = """
[cases]
kind = "events"
files = "c.*"
time_format = "%Y-%m-%d %H:%M"
missing = ["-"]
[cases.map]
id = "编号"
kind = { const = "event" }
source = { column = "来源", values = { "热线" = "12345" }, otherwise = "reject" }
subcategory = { template = "{大类}{小类}" }
description = "描述"
reported_at = "时间"
stage = { const = "reported" }
stage_at = "时间"
lon = "经度"
lat = "纬度"
jurisdiction = { column = "街道", default = "未知" }
"""
CSV = (
    "编号,来源,大类,小类,描述,时间,经度,纬度,街道\n"
    "A1,热线,01,02,垃圾,2020-03-01 08:00,120.1,30.2,龙田\n"
    "A2,电报,01,02,垃圾,2020-03-01 09:00,120.1,30.2,-\n"
    'A3,热线,01,02,"a,b",3月1日,120.1,30.2,-\n'
)


def excel(text):
    buffer = io.BytesIO()
    pd.read_csv(io.StringIO(text), dtype=str).to_excel(buffer, index=False)
    return buffer.getvalue()


def parquet(text):
    buffer = io.BytesIO()
    pd.read_csv(io.StringIO(text), dtype=str).to_parquet(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize(
    "files",
    [
        {"c__csv": CSV},
        {"c__csv": CSV.encode("utf-8-sig")},
        {"c__csv": CSV.encode("gb18030")},
        {"c__csv__gz": gzip.compress(CSV.encode("gb18030"))},
        {"c__xlsx": excel(CSV)},
        {"c__parquet": parquet(CSV)},
        {"c__json": pd.read_csv(io.StringIO(CSV), dtype=str).to_dict("records")},
        {
            "c__jsonl": pd.read_csv(io.StringIO(CSV), dtype=str).to_json(
                orient="records", lines=True
            )
        },
    ],
    ids=["utf-8", "bom", "gb18030", "gz", "excel", "parquet", "json", "jsonl"],
)
def test_every_kind_of_file_gives_the_same(city, files):
    toml = CASES
    if "json" in next(iter(files)):
        toml = CASES.replace("{大类}{小类}", '{\\"大类\\"}{\\"小类\\"}')
        for name in ("编号", "描述", "时间", "经度", "纬度"):
            toml = toml.replace(f'= "{name}"', f"= '\"{name}\"'")
    rows = told(city(toml, **files))
    broken, good, unknown = rows
    assert good.record == {
        "id": "A1",
        "kind": "event",
        "source": "12345",
        "subcategory": "0102",
        "description": "垃圾",
        "reported_at": datetime(2020, 3, 1, 0, 0, tzinfo=UTC),
        "stage": "reported",
        "stage_at": datetime(2020, 3, 1, 0, 0, tzinfo=UTC),
        "lon": 120.1,
        "lat": 30.2,
        "jurisdiction": "龙田",
    }
    assert isinstance(unknown.record, Undecodable)
    assert (unknown.record.id, unknown.record.field) == ("A2", "source")
    assert "电报" in unknown.record.reason
    assert isinstance(broken.record, Undecodable)
    assert (broken.record.id, broken.record.field) == ("A3", "reported_at")
    assert broken.source_row == (next(iter(files)).replace("__", "."), 3)


def test_jmespath_units_templates_and_objects(city):
    recording = city(
        """
        [stations]
        files = "s.json"
        records = "result.items"
        [stations.map]
        id = "ref"
        kind = { path = "measures[0].parameter", values = { level = "river" } }
        name = { template = "{label} ({town})" }
        lon = "geo.long"
        lat = { first = ["geo.lat", { path = "lats[0]" }] }
        [stations.map.thresholds.object.level.object]
        warning = { path = "stage.high", scale = 0.001 }
        guarantee = "stage.none"
        [readings]
        files = "s.json"
        records = "result.items[].{ref: ref, at: at, v: v, unit: unit}"
        time_format = ["%d/%m/%Y %H:%M", "epoch_s"]
        [readings.map]
        station = "ref"
        factor = { const = "level" }
        at = "at"
        value = { path = "v", scale_by = { by = "unit", factors = { mm = 0.001 } }, decimals = 3 }
        flag = { path = "ref", match = "^(.)", values = { X = "D" }, otherwise = "drop" }
        """,
        s__json={
            "result": {
                "items": [
                    {
                        "ref": "X1",
                        "label": "Alpha",
                        "town": "Beta",
                        "geo": {"long": -1.5},
                        "lats": [52.25, 52.0],
                        "stage": {"high": 2660},
                        "measures": [{"parameter": "level"}],
                        "at": "01/03/2020 08:00",
                        "v": "1250",
                        "unit": "mm",
                    },
                    {"ref": "Y2", "label": "Gamma", "at": 1583020800, "v": 1.5, "unit": "m"},
                ]
            }
        },
    )
    first, second, reading, other = told(recording)
    assert first.record["lat"] == 52.25
    assert first.record["name"] == "Alpha (Beta)"
    assert first.record["kind"] == "river"
    assert first.record["thresholds"] == {"level": {"warning": 2.66}}
    assert "thresholds" not in second.record
    assert reading.record["value"] == 1.25
    assert reading.record["flag"] == "D"
    assert reading.record["at"] == other.record["at"] == datetime(2020, 3, 1, tzinfo=UTC)
    assert other.record["value"] == 1.5


def test_a_number_that_is_none_stays_for_validation_to_refuse(city):
    recording = city(
        """
        [readings]
        files = "r.csv"
        [readings.map]
        station = "s"
        factor = { const = "level" }
        at = "t"
        value = "v"
        """,
        r__csv="s,t,v\na,2020-01-01T00:00Z,0.260|0.267\na,2020-01-01T00:15Z,nan\n",
    )
    assert [item.record["value"] for item in told(recording)] == ["0.260|0.267", "nan"]


def test_lines_that_are_not_json_are_named(city):
    recording = city(
        '[readings]\nfiles="r.jsonl"\nmap={station="s",factor={const="f"},at="t",value="v"}',
        r__jsonl='{"s":"a","t":"2020-01-01T00:00:00Z","v":1}\n{"s":\n[1]\n',
    )
    broken, odd, good = told(recording)
    assert good.record["value"] == 1
    assert isinstance(broken.record, Undecodable) and "JSON" in broken.record.reason
    assert isinstance(odd.record, Undecodable)


def test_lookups_join_two_files(city):
    recording = city(
        """
        [lookups.names]
        files = "n.csv"
        key = "k"
        value = "name"
        [stations]
        files = "s.csv"
        [stations.map]
        id = "id"
        kind = { const = "river" }
        name = { column = "id", lookup = "names", default = "?" }
        lon = { const = 1 }
        lat = { const = 2 }
        [readings]
        rows = [{ station = "a", factor = "level", at = 2020-01-01T00:00:00Z, value = 1 }]
        """,
        n__csv="k,name\na,First\na,Second\n",
        s__csv="id\na\nb\n",
    )
    assert [item.record["name"] for item in recording.static()] == ["First", "?"]
    (reading,) = recording.events(None, recording.city.end)
    assert reading.record["at"] == datetime(2020, 1, 1, tzinfo=UTC)


ZONED = """
[readings]
files = "r.csv"
time_zone = "America/New_York"
{rule}
[readings.map]
station = "s"
factor = {{ const = "level" }}
at = "t"
value = "v"
"""


@pytest.mark.parametrize(
    ("rule", "local", "utc"),
    [
        ("", "2015-01-01 12:00:00", "2015-01-01T17:00:00+00:00"),
        ("", "2015-11-01 01:30:00", "2015-11-01T05:30:00+00:00"),
        ('ambiguous = "second"', "2015-11-01 01:30:00", "2015-11-01T06:30:00+00:00"),
        ('ambiguous = "reject"', "2015-11-01 01:30:00", "出现两次"),
        ("", "2015-03-08 02:30:00", "不存在"),
        ('nonexistent = "shift"', "2015-03-08 02:30:00", "2015-03-08T07:30:00+00:00"),
        ("", "2015-03-08 03:30:00", "2015-03-08T07:30:00+00:00"),
        ("", "2015-03-08T02:30:00+01:00", "2015-03-08T01:30:00+00:00"),
    ],
)
def test_hours_that_a_change_of_time_doubles_or_omits(city, rule, local, utc):
    start = "start = 2015-01-01\n"
    recording = city(start + ZONED.format(rule=rule), r__csv=f"s,t,v\na,{local},1\n")
    (item,) = told(recording)
    if isinstance(item.record, Undecodable):
        assert utc in item.record.reason
    else:
        assert item.record["at"].isoformat() == utc


def test_moved_parts_say_so(city):
    recording = city(
        """
        [cases]
        kind = "events"
        shift_to = 2026-07-19T00:00:00
        move_to = [100.0, 0.0]
        rows = [
          { id = "1", kind = "event", reported_at = 2015-01-01T00:00:00Z, stage = "reported", stage_at = 2015-01-01T00:00:00Z, lon = 120.1, lat = 30.1 },
          { id = "2", kind = "event", reported_at = 2015-01-01T01:00:00Z, stage = "reported", stage_at = 2015-01-01T01:00:00Z },
        ]
        [readings]
        scale = { value = 2 }
        rows = [{ station = "a", factor = "rain", at = 2026-07-19T00:00:00Z, value = 1.5 }]
        """
    )
    first, second = (item for item in told(recording) if item.kind == "cases")
    assert first.at == datetime(2026, 7, 18, 16, tzinfo=UTC)
    assert second.record["reported_at"] == datetime(2026, 7, 18, 17, tzinfo=UTC)
    assert first.record["lat"] == pytest.approx(0.1)
    assert first.record["lon"] == pytest.approx(100 + 0.1 * 0.8660254, abs=1e-6)
    (reading,) = (item for item in told(recording) if item.kind == "readings")
    assert reading.record["value"] == 3.0
    assert len(recording.city.notes) == 3


def test_a_file_that_is_not_what_it_says(city):
    toml = '[readings]\nfiles="r.{}"\nmap={{station="s",factor="f",at="t",value="v"}}'
    for name, content in (("xlsx", b"nonsense"), ("parquet", b"x"), ("json", b"{"), ("json", b"3")):
        with pytest.raises(RecordingError):
            city(toml.format(name), **{f"r__{name}": content})


def test_codes_and_times_of_a_workbook(city):
    buffer = io.BytesIO()
    pd.DataFrame(
        {"站": [101, 102], "时间": [datetime(2020, 3, 1, 8), None], "值": [1.5, 2]}
    ).to_excel(buffer, index=False)
    recording = city(
        """
        [readings]
        files = "r.xlsx"
        [readings.map]
        station = "站"
        factor = { const = "level" }
        at = "时间"
        value = "值"
        """,
        r__xlsx=buffer.getvalue(),
    )
    timeless, good = told(recording)
    assert good.record == {
        "station": "101",
        "factor": "level",
        "at": datetime(2020, 3, 1, tzinfo=UTC),
        "value": 1.5,
    }
    assert timeless.record == {"station": "102", "factor": "level", "value": 2.0}
