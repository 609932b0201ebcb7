"""Recordings into a store: counted by source row, the same in one go as in a hundred steps."""

import csv
import gzip
import threading
import time
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest
from sqlalchemy import func, select

from data_access import tables as t
from data_access.clock import StoreClock, read_clock, set_clock
from data_access.feeds.play import (
    Player,
    begin_playing,
    enter,
    open_players,
    parse_start,
    play,
)
from data_access.feeds.recording import Recording, RecordingError
from data_access.store import Store
from data_access.sweep import sweep
from tests.data_access.feeds.conftest import table_rows

EXAMPLES = Path(__file__).parents[3] / "examples"
REAL = {"real_at"}
COMPARED = (
    (t.case, ()),
    (t.case_event, ()),
    (t.case_version, ()),
    (t.station, ()),
    (t.reading, REAL),
    (t.reading_latest, REAL),
    (t.reject, REAL | {"id"}),
    (t.unit, ()),
    (t.category, ()),
    (t.jurisdiction, ()),
    (t.feed_tally, REAL | {"city_at"}),
)


@cache
def recording(root: Path, name: str) -> Recording:
    return Recording(EXAMPLES / name, root)


def opened(store: Store, root: Path, *names: str) -> list[Player]:
    return enter(store, [recording(root, name) for name in names])


def load(store: Store, root: Path, name: str, until: datetime, *, steps: int = 1) -> Player:
    (player,) = opened(store, root, name)
    begin_playing(store, [player], until, fresh_start=True)
    player.load_static()
    first = player.recording.city.first
    for step in range(1, steps + 1):
        player.tell(first + (until - first) * step / steps)
    sweep(store, until)
    return player


def counts(store: Store) -> tuple[int, int, int, int]:
    with store.read() as conn:
        c = t.feed_tally.c
        return tuple(conn.execute(select(c.read, c.accepted, c.unchanged, c.rejected)).one())


@pytest.mark.parametrize(
    ("name", "days"),
    [pytest.param("boston", 12, marks=pytest.mark.slow), ("england", 1)],
    ids=["boston", "england"],
)
def test_one_go_and_a_hundred_steps_give_the_same_store(recordings, new_store, name, days):
    one, hundred = new_store("one"), new_store("hundred")
    (player,) = opened(one, recordings, name)
    until = player.recording.city.first + timedelta(days=days)
    load(one, recordings, name, until)
    load(hundred, recordings, name, until, steps=100)
    assert sum(counts(one)[1:]) == counts(one)[0] > 1000
    for table, without in COMPARED:
        assert table_rows(one, table, without) == table_rows(hundred, table, without), table.name
    one.dispose()
    hundred.dispose()


@pytest.mark.slow
def test_all_of_boston_in_one_go_and_in_steps(recordings, new_store):
    one, hundred = new_store("one"), new_store("hundred")
    until = datetime(2016, 1, 14, tzinfo=UTC)
    load(one, recordings, "boston", until)
    load(hundred, recordings, "boston", until, steps=100)
    assert counts(one) == (58_119, 58_119, 0, 0)
    for table, without in COMPARED:
        assert table_rows(one, table, without) == table_rows(hundred, table, without), table.name


def test_england_counts_every_row_and_names_every_reject(recordings, new_store):
    store = new_store("one")
    player = load(store, recordings, "england", datetime(2021, 5, 8, tzinfo=UTC))
    read, accepted, unchanged, rejected = counts(store)
    assert read == player.recording.source_rows == 20_729 + 2_026
    assert (accepted, unchanged, rejected) == (read - 245, 240, 5)
    with store.read() as conn:
        c = t.reject.c
        found = conn.execute(select(c.kind, c.index, c.record_id, c.field, c.reason)).all()
    assert len(found) == 5
    assert ("readings", 873, "4032/level", "value", "类型应为数字，收到“0.260|0.267”。") in found
    assert all(index > 0 and name and field and reason for _, index, name, field, reason in found)


def test_nothing_of_bostons_future_is_in_the_store(recordings, new_store):
    store = new_store("one")
    first = datetime(2015, 1, 1, 5, tzinfo=UTC)
    moment = first + timedelta(days=6, hours=7)
    load(store, recordings, "boston", moment)
    zone = -timedelta(hours=5)
    local = (moment + zone).strftime("%Y-%m-%d %H:%M:%S")
    source = recordings / "recordings/boston-2015h1/cases.csv.gz"
    with gzip.open(source, "rt", encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["OPEN_DT"] <= local]
    with store.read() as conn:
        cases = {row.id: row for row in conn.execute(select(t.case))}
        notes = conn.execute(select(t.case_event.c.case_id, t.case_event.c.note)).all()
        newest = [
            conn.execute(select(func.max(column))).scalar()
            for column in (
                t.case.c.updated_at,
                t.case.c.stage_at,
                t.case.c.known_at,
                t.case_event.c.at,
                t.case_event.c.known_at,
                t.case_version.c.known_at,
            )
        ]
    assert len(cases) == len(rows)
    assert all(value <= moment for value in newest)
    noted = {name for name, note in notes if note}
    for row in rows:
        case = cases[row["CASE_ENQUIRY_ID"]]
        closed = bool(row["CLOSED_DT"]) and row["CLOSED_DT"] <= local
        assert case.stage == ("closed" if closed else "reported")
        if not closed:
            assert case.id not in noted
            assert not row["ClosedPhoto"] or row["ClosedPhoto"] not in case.photos
            if row["CASE_TITLE"] not in (row["TYPE"], row["REASON"]):
                assert f"({row['CASE_TITLE']})" not in case.description
        nowhere = (row["LATITUDE"], row["LONGITUDE"]) == ("42.3594", "-71.0587")
        assert (case.lon is None) == nowhere


@pytest.mark.slow
def test_two_cities_play_together_and_go_on_after_a_stop(recordings, new_store):
    store = new_store("two")
    paths = [EXAMPLES / "boston", EXAMPLES / "england"]

    def run(start: str | None, seconds: float) -> None:
        stop = threading.Event()
        thread = threading.Thread(
            target=play,
            args=(store, paths),
            kwargs={"data_root": recordings, "speed": 3600, "start": start, "stop": stop},
        )
        thread.start()
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            with store.read() as conn:
                states = set(conn.execute(select(t.feed.c.state)).scalars())
            if states == {"ok"}:
                break
            time.sleep(0.05)
        time.sleep(seconds)
        stop.set()
        thread.join()

    run("2015-01-04T00:00:00", 1.5)
    before = {row.feed: row for row in table_rows_named(store)}
    shown = StoreClock(store).now()
    assert shown > datetime(2015, 1, 4, 5, tzinfo=UTC)
    run(None, 1.0)
    with store.read() as conn:
        scopes = set(conn.execute(select(t.case.c.scope)).scalars())
        assert read_clock(conn).at(datetime.now(UTC)) >= shown
        assert conn.execute(select(t.city.c.id)).scalars().all() == ["boston+england"]
    assert all(scope.startswith("boston+england/boston") for scope in scopes)
    after = {row.feed: row for row in table_rows_named(store)}
    assert after["recording:boston"].read >= before["recording:boston"].read
    for row in after.values():
        assert row.read == row.accepted + row.unchanged + row.rejected


def table_rows_named(store: Store):
    with store.read() as conn:
        return conn.execute(select(t.feed_tally)).all()


def test_a_start_that_is_no_time_or_lies_before_what_was_shown(recordings, new_store):
    store = new_store("one")
    (player,) = opened(store, recordings, "england")
    with pytest.raises(RecordingError, match="--start"):
        parse_start("yesterday", player.recording)
    assert parse_start("2021-05-07T09:00", player.recording) == datetime(2021, 5, 7, 8, tzinfo=UTC)
    late = datetime(2021, 5, 7, 12, tzinfo=UTC)
    with store.write() as writer:
        set_clock(writer, anchor_city=late, speed=1)
    begin = begin_playing(store, [player], datetime(2021, 5, 7, 8, tzinfo=UTC), fresh_start=True)
    assert begin >= late


def test_lists_of_a_city_stand_before_its_records(city, new_store):
    made = city(
        """
        [cases]
        rows = [{ id = "1", kind = "event", subcategory = "0102", source = "12345", description = "x", reported_at = 2020-01-01T00:00:00Z, stage = "reported", stage_at = 2020-01-01T00:00:00Z, jurisdiction = "d1s1", unit = "u1" }]
        [jurisdictions]
        rows = [
          { id = "d1s1", name = "街道一", parent = "d1" },
          { id = "d1", name = "区一" },
          { id = "x/y", name = "斜杠" },
          { id = "lost", name = "无上级", parent = "nobody" },
        ]
        [units]
        rows = [{ id = "u1", name = "单位一", jurisdiction = "d1" }, { id = "u2" }]
        [categories]
        rows = [{ kind = "event", code = "0102", class_name = "市容环境", name = "暴露垃圾" }, { kind = "other", code = "1", name = "x" }]
        [deadlines]
        rows = [{ id = "r", subcategory = "0102", limit = "4", unit = "工作时" }, { id = "bad" }]
        """
    )
    store = new_store("lists")
    (player,) = open_players(store, [made.file.path])
    begin_playing(store, [player], made.city.end, fresh_start=True)
    player.load_static()
    player.tell(made.city.end)
    with store.read() as conn:
        scopes = dict(
            tuple(row) for row in conn.execute(select(t.jurisdiction.c.id, t.jurisdiction.c.scope))
        )
        case = conn.execute(select(t.case)).one()
        unit = conn.execute(select(t.unit)).one()
        category = conn.execute(select(t.category)).one()
        rule = conn.execute(select(t.deadline_rule)).one()
    assert scopes == {"here": "here", "d1": "here/d1", "d1s1": "here/d1/d1s1"}
    assert case.scope == "here/d1/d1s1"
    assert (unit.id, unit.scope) == ("u1", "here/d1")
    assert (category.class_code, category.class_name) == ("01", "市容环境")
    assert (rule.id, rule.limit, rule.unit, rule.version) == ("r", 4, "work_hour", 1)
    assert counts(store) == (1, 1, 0, 0)


def test_recordings_play_into_either_database(store, recordings):
    players = opened(store, recordings, "boston", "england")
    begin = datetime(2015, 1, 2, tzinfo=UTC)
    begin_playing(store, players, begin, fresh_start=True)
    for player in players:
        player.load_static()
    players[0].tell(begin)
    players[1].tell(datetime(2021, 5, 7, 0, 30, tzinfo=UTC))
    with store.read() as conn:
        for row in conn.execute(select(t.feed_tally)):
            assert row.read == row.accepted + row.unchanged + row.rejected > 50
        assert conn.execute(select(func.count()).select_from(t.reading)).scalar() > 2_000
        assert conn.execute(select(func.count()).select_from(t.case)).scalar() > 50
    again = opened(store, recordings, "boston", "england")
    begin_playing(store, again, begin, fresh_start=False)
    assert all(player.position is not None for player in again)


def test_shapes_of_a_city_say_where_its_cases_lie(city, new_store):
    ring = [[120, 30], [121, 30], [121, 31], [120, 31], [120, 30]]
    made = city(
        """
        [jurisdictions]
        files = "d.geojson"
        [jurisdictions.map]
        id = "properties.code"
        name = "properties.name"
        polygon = "geometry"
        [places]
        files = "p.jsonl"
        [places.map]
        id = "id"
        kind = { const = "underpass" }
        name = "id"
        lon = "lon"
        lat = "lat"
        at = "at"
        state = { path = "state", values = { open = "normal" } }
        """,
        d__geojson={
            "type": "FeatureCollection",
            "features": [
                {
                    "type": "Feature",
                    "properties": {"code": 7, "name": "七区"},
                    "geometry": {"type": "Polygon", "coordinates": [ring]},
                }
            ],
        },
        p__jsonl='{"id":"a","lon":120.5,"lat":30.5,"at":"2020-01-01T00:00:00Z","state":"open"}\n'
        '{"id":"b","lon":122,"lat":30.5,"at":"2020-01-01T00:00:00Z","state":"封闭"}\n',
    )
    store = new_store("shapes")
    (player,) = enter(store, [made])
    begin_playing(store, [player], made.city.end, fresh_start=True)
    player.load_static()
    player.tell(made.city.end)
    with store.read() as conn:
        found = conn.execute(select(t.place.c.id, t.place.c.scope, t.place.c.state)).all()
    assert [tuple(row) for row in found] == [("a", "here/7", "normal"), ("b", "here", "closed")]


def test_a_failure_between_taking_and_counting_loses_no_row(recordings, new_store, monkeypatch):
    store = new_store("failing")
    (player,) = opened(store, recordings, "england")
    until = datetime(2021, 5, 7, 1, tzinfo=UTC)
    begin_playing(store, [player], until, fresh_start=True)
    player.load_static()
    before = counts(store)
    count = player.state.count

    def fail(**_given):
        monkeypatch.setattr(player.state, "count", count)
        raise OSError("the disk is away")

    monkeypatch.setattr(player.state, "count", fail)
    with pytest.raises(OSError, match="disk"):
        player.tell(until)
    player.tell(until)
    read, accepted, unchanged, rejected = counts(store)
    assert read == accepted + unchanged + rejected
    rows = sum(item.first for item in player.recording.events(None, until))
    assert read - before[0] == rows
    other = new_store("whole")
    load(other, recordings, "england", until)
    assert table_rows(store, t.reading, REAL) == table_rows(other, t.reading, REAL)
