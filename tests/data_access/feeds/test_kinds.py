"""Final records and snapshots: each thing is told at its own time, and nothing before it."""

from datetime import UTC, datetime

from dashboard.domain.records import Undecodable
from tests.data_access.feeds.conftest import told

FINAL = """
[cases]
kind = "final"
files = "c.csv"
tolerance_s = 60
no_place = [[1.0, 2.0]]
[cases.map]
id = "id"
kind = { const = "event" }
source = { const = "12345" }
subcategory = { const = "0102" }
description = { const = "x" }
lon = "lon"
lat = "lat"
photos = { list = ["before"] }
[[cases.stages]]
stage = "reported"
at = "opened"
[[cases.stages]]
stage = "dispatched"
at = "sent"
map = { unit = "unit" }
[[cases.stages]]
stage = "closed"
at = "closed"
note = "why"
map = { photos = { list = ["before", "after"] } }
"""
HEADER = "id,lon,lat,opened,sent,closed,unit,why,before,after\n"


def final(city, *rows):
    return told(city("start = 2020-01-01\n" + FINAL, c__csv=HEADER + "\n".join(rows) + "\n"))


def test_a_final_record_is_told_stage_by_stage(city):
    row = "1,1.0,2.0,2020-01-01T00:00Z,2020-01-01T01:00Z,2020-01-02T00:00Z,U,done,/a.jpg,/b.jpg"
    opened, sent, closed = final(city, row)
    assert [item.first for item in (opened, sent, closed)] == [True, False, False]
    assert opened.record["photos"] == ["/a.jpg"]
    assert "unit" not in opened.record
    assert "lon" not in opened.record
    assert "done" not in str(opened.record) and "b.jpg" not in str(sent.record)
    assert sent.record["unit"] == closed.record["unit"] == "U"
    assert closed.record["photos"] == ["/a.jpg", "/b.jpg"]
    assert closed.record["events"] == [
        {"stage": "closed", "at": datetime(2020, 1, 2, tzinfo=UTC), "note": "done"}
    ]
    for item in (opened, sent, closed):
        assert item.record["stage_at"] == item.record["updated_at"] == item.at
        assert item.record["reported_at"] == opened.at


def test_closed_shortly_before_opened_is_held_and_says_so(city):
    (opened, closed) = final(city, "1,,,2020-01-01T00:00:30Z,,2020-01-01T00:00Z,,,,")
    assert opened.at == closed.at
    assert "早于首个阶段 30 秒" in closed.record["events"][0]["note"]


def test_closed_long_before_opened_is_rejected_once(city):
    (item,) = final(city, "1,,,2020-01-02T00:00Z,,2020-01-01T00:00Z,,,,")
    assert item.at == datetime(2020, 1, 2, tzinfo=UTC)
    assert item.first
    assert isinstance(item.record, Undecodable)
    assert (item.record.id, item.record.field) == ("1", "stages.closed.at")
    assert "早于" in item.record.reason


def test_a_final_record_without_its_first_time_is_rejected(city):
    (item,) = final(city, "1,,,,,2020-01-01T00:00Z,,,,")
    assert isinstance(item.record, Undecodable)
    assert item.record.field == "stages.reported.at"


SNAPSHOTS = """
[cases]
kind = "snapshots"
files = "s.jsonl"
records = "list"
taken_at = "_parent.taken"
vanished = { stage = "closed" }
[cases.map]
id = "id"
kind = { const = "event" }
source = { const = "transfer" }
subcategory = "what"
description = "text"
"""


def snapshots(city):
    lines = [
        '{"taken":"2020-01-01T00:00:00Z","list":[{"id":"a","what":"1","text":"x"},{"id":"b","what":"1","text":"y"}]}',
        '{"taken":"2020-01-01T00:20:00Z","list":[{"id":"a","what":"1","text":"x"},{"id":"b","what":"1","text":"z"},{"id":"b","what":"2","text":"z"}]}',
        '{"taken":"2020-01-01T00:40:00Z","list":[]}',
        '{"taken":"2020-01-01T01:00:00Z","list":[{"id":"a","what":"1","text":"x"}]}',
        "{",
    ]
    return city(SNAPSHOTS, s__jsonl="\n".join(lines))


def test_what_vanishes_from_a_list_is_closed(city):
    recording = snapshots(city)
    items = told(recording)
    said = [
        (
            item.at.strftime("%H:%M"),
            item.record.get("id") if isinstance(item.record, dict) else type(item.record).__name__,
            item.record["stage"] if isinstance(item.record, dict) else None,
            item.first,
        )
        for item in items
    ]
    assert said == [
        ("00:00", "Undecodable", None, True),
        ("00:00", "a", "reported", True),
        ("00:00", "b", "reported", True),
        ("00:20", "NoneType", None, True),
        ("00:20", "b", "reported", True),
        ("00:20", "Undecodable", None, True),
        ("00:40", "a", "closed", False),
        ("00:40", "b", "closed", False),
        ("01:00", "a", "reported", True),
    ]
    assert items[4].record["description"] == "z"
    assert items[8].record["stage_at"] == datetime(2020, 1, 1, 1, tzinfo=UTC)
    first = datetime(2020, 1, 1, tzinfo=UTC)
    assert items[8].record["reported_at"] == items[4].record["reported_at"] == first
    assert items[4].record["stage_at"] == first
    assert recording.source_rows == 7


def test_events_do_not_depend_on_the_steps(city):
    recording = snapshots(city)
    whole = list(recording.events(None, recording.city.end))
    middle = datetime(2020, 1, 1, 0, 20, tzinfo=UTC)
    parts = [*recording.events(None, middle), *recording.events(middle, recording.city.end)]
    assert whole == parts
    assert recording.next_at(middle) == datetime(2020, 1, 1, 0, 40, tzinfo=UTC)
    assert recording.next_at(recording.city.end) is None
