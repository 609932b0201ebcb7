"""The simulated city: the same from the same seed, inside its districts, alive, and marked."""

from datetime import UTC, datetime, timedelta

import pytest
import shapely
from shapely.geometry import shape
from sqlalchemy import func, select

from data_access import reference
from data_access import tables as t
from data_access.feeds.simulator import Simulation
from data_access.feeds.simulator.cases import Cases
from data_access.feeds.simulator.world import World
from data_access.store import Store
from tests.conftest import empty_sqlite
from tests.data_access.feeds.conftest import table_rows

NOW = datetime(2026, 7, 19, 4, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def opened(sqlite_template, tmp_path_factory):
    store = Store(empty_sqlite(sqlite_template, tmp_path_factory.mktemp("sim")))
    simulation = Simulation(store, 7)
    simulation.open(NOW)
    yield store, simulation
    store.dispose()


def one(store, query):
    with store.read() as conn:
        return conn.execute(query).scalar()


def test_the_city_opens_with_what_it_should_have(opened):
    store, _ = opened
    for table, low, high in (
        (t.case, 1_500, 3_500),
        (t.station, 70, 70),
        (t.camera, 300, 300),
        (t.place, 20, 20),
        (t.responder, 15, 15),
        (t.unit, 60, 60),
        (t.category, 162, 163),
        (t.reading, 8_000, 10_000),
    ):
        assert low <= one(store, select(func.count()).select_from(table)) <= high, table.name
    open_cases = select(func.count()).where(t.case.c.stage.notin_(["closed", "declined"]))
    assert 400 <= one(store, open_cases) <= 900
    assert one(store, select(func.count()).select_from(t.reject)) == 0
    assert one(store, select(t.city.c.settings))["notes"] == ["模拟数据"]


def test_few_are_overdue(opened):
    store, _ = opened
    with store.read() as conn:
        rows = conn.execute(
            select(t.case.c.marks).where(
                t.case.c.stage.in_(["dispatched", "handling"]), t.case.c.due_at < NOW
            )
        ).scalars()
        overdue = sum("suspended" not in marks for marks in rows)
    assert 1 <= overdue <= 40


def test_nothing_lies_outside_the_districts(opened):
    store, simulation = opened
    city = shapely.union_all([shape(it["geometry"]) for it in reference.districts()])
    shapely.prepare(city)
    with store.read() as conn:
        for table in (t.case, t.station, t.camera, t.place, t.responder):
            points = conn.execute(select(table.c.lon, table.c.lat)).all()
            assert all(shapely.intersects_xy(city, lon, lat) for lon, lat in points), table.name
            assert one(store, select(func.count()).where(table.c.jurisdiction.is_(None))) == 0
    for beat in simulation.assets.beats:
        for minute in range(60):
            lon, lat = beat.at(NOW + timedelta(minutes=minute))
            assert shapely.intersects_xy(beat.district.shape, lon, lat)


def test_subdistricts_cover_their_district():
    world = World(3)
    for district in world.districts:
        cells = [
            shape(row["polygon"]) for row in world.subdistricts if row["parent"] == district.id
        ]
        assert shapely.union_all(cells).symmetric_difference(district.shape).area < 1e-4
        assert all(cell.is_valid for cell in cells)


@pytest.fixture
def fewer_cases(monkeypatch):
    monkeypatch.setattr("data_access.feeds.simulator.cases.PER_DAY", 200)


def test_the_same_seed_tells_the_same(fewer_cases):
    first, second = Cases(World(5)), Cases(World(5))
    until = NOW + timedelta(hours=1)
    whole = first.events(NOW, until)
    steps = [
        event
        for minute in range(60)
        for event in second.events(
            NOW + timedelta(minutes=minute), NOW + timedelta(minutes=minute + 1)
        )
    ]
    assert whole == steps
    assert whole != Cases(World(6)).events(NOW, until)


def test_the_city_lives_and_goes_on_after_a_restart(new_store, fewer_cases):
    store = new_store("lives")
    simulation = Simulation(store, 7)
    simulation.open(NOW)
    before = one(store, select(func.max(t.change.c.seq)))
    for second in range(1, 31):
        for _, step in simulation.steps():
            step(NOW + timedelta(seconds=second))
    after = one(store, select(func.max(t.change.c.seq)))
    assert after - before > 60
    again = Simulation(store, 7)
    later = NOW + timedelta(hours=3)
    again.open(later)
    assert one(store, select(func.count()).select_from(t.reject)) == 0
    assert {row[0] for row in table_rows(store, t.feed, set(t.feed.c.keys()) - {"state"})} == {"ok"}
    fresh = new_store("fresh")
    Simulation(fresh, 7).open(later)
    caught_up = {row[0]: row for row in table_rows(store, t.case)}
    opened_anew = table_rows(fresh, t.case)
    assert len(opened_anew) > 150
    assert [row for row in opened_anew if caught_up[row[0]] != row] == []


def test_the_city_opens_in_either_database(store, fewer_cases):
    simulation = Simulation(store, 7)
    simulation.open(NOW)
    for _, step in simulation.steps():
        step(NOW + timedelta(minutes=1))
    assert one(store, select(func.count()).select_from(t.reject)) == 0
    assert one(store, select(func.count()).select_from(t.case)) > 80
