"""The full-size simulated city in a store: it opens, it lives, absences are made up."""

import time
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from dashboard.domain.cases import TERMINAL
from data_access import tables as t
from data_access.feeds.simulator import City, simulate
from data_access.feeds.simulator.hangzhou import opening
from data_access.feeds.simulator.hangzhou.history import FILLED
from data_access.store import Store
from tests.conftest import empty_sqlite

SEED = 7
NOW = datetime(2026, 7, 20, 6, 0, tzinfo=UTC)  # a Monday, 14:00 in the city


@pytest.fixture(scope="module")
def opened(sqlite_template, tmp_path_factory):
    """A city opened at full size."""
    store = Store(empty_sqlite(sqlite_template, tmp_path_factory.mktemp("hangzhou")))
    city = City(store, SEED)
    city.open(NOW)
    yield store, city
    store.dispose()


def smaller(monkeypatch):
    """Fewer cases and cameras, so that a city opens in a few seconds."""
    base = "data_access.feeds.simulator.hangzhou"
    monkeypatch.setattr(f"{base}.cases.DAILY_PER_DAY", 200.0)
    monkeypatch.setattr(
        f"{base}.cases.LONG_PER_DAY", {"long": 8.0, "extended": 2.0, "suspended": 1.0}
    )
    monkeypatch.setattr(f"{base}.cameras.POLICE", 200)
    monkeypatch.setattr(f"{base}.cameras.BICYCLE", 20)
    monkeypatch.setattr(f"{base}.cameras.ON_STREETS", 50)
    monkeypatch.setattr(f"{base}.stations.EMISSION", 10)
    monkeypatch.setattr(f"{base}.stations.RAIN", 10)
    monkeypatch.setattr(f"{base}.stations.PONDING", 4)
    monkeypatch.setattr(f"{base}.stations.RIVER", 60)


def count(store, table, *where):
    with store.read() as conn:
        return conn.execute(select(func.count()).select_from(table).where(*where)).scalar()


@pytest.mark.slow
def test_it_opens_at_full_size(opened):
    store, _ = opened
    assert count(store, t.camera) == 23_800
    assert count(store, t.station) > 700
    assert count(store, t.unit) == 1_380
    assert count(store, t.category) == 202
    assert count(store, t.jurisdiction) == 1 + 15 + 99 + 568
    assert 9_000 <= count(store, t.case, t.case.c.stage.notin_(TERMINAL)) <= 11_000
    assert 2_000 <= count(store, t.case, t.case.c.stage == "closed") <= 3_600
    assert count(store, t.reject) == 0
    assert count(store, t.case, t.case.c.jurisdiction.is_(None)) == 0
    with store.read() as conn:
        settings = conn.execute(select(t.city.c.settings)).scalar()
        told = conn.execute(select(t.change.c.topic).where(t.change.c.key.is_(None))).scalars()
        loads = Counter(told)
        assert loads["cases"] == loads["cameras"] == loads["readings"] == 1
        addresses = conn.execute(select(t.case.c.address, t.case.c.jurisdiction).limit(50)).all()
    assert settings["simulated"]
    assert settings["notes"] == ["模拟数据"]
    assert all(f"单元网格 {community}" in address for address, community in addresses)


@pytest.mark.slow
def test_it_lives(opened):
    store, city = opened
    before = count(store, t.change)
    began = time.process_time()
    for second in range(1, 31):
        for state, step in city.steps():
            if state.name != "sim:history":
                step(NOW + timedelta(seconds=second))
    assert time.process_time() - began < 5
    assert count(store, t.change) - before > 200
    assert count(store, t.reject) == 0


def test_a_month_fills_in_behind_with_its_progress_and_survives_a_restart(new_store, monkeypatch):
    smaller(monkeypatch)
    monkeypatch.setattr("data_access.feeds.simulator.hangzhou.history.DAYS", 4)
    store = new_store("city")
    City(store, SEED).open(NOW)
    at_first = count(store, t.case)
    city = City(store, SEED)
    city.open(NOW)
    state, step = next(it for it in city.steps() if it[0].name == "sim:history")
    for _ in range(12):
        assert step(NOW) is not None
    state.show("ok")
    with store.read() as conn:
        message = conn.execute(select(t.feed.c.message).where(t.feed.c.id == state.name)).scalar()
    assert "正在后台补入" in message
    city = City(store, SEED)
    city.open(NOW)
    state, step = next(it for it in city.steps() if it[0].name == "sim:history")
    while step(NOW) is not None:
        pass
    assert state.note == FILLED
    assert count(store, t.case) - at_first > 300
    assert count(store, t.reject) == 0
    live = count(store, t.case, t.case.c.live.is_(True))
    assert live == at_first
    with store.read() as conn:
        oldest = conn.execute(select(func.min(t.reading.c.at))).scalar()
        assert NOW - oldest > timedelta(days=3.9)
        twice = select(t.reading.c.station).where(t.reading.c.revision > 0)
        assert conn.execute(twice).first() is None


@pytest.mark.slow
def test_days_switched_off_are_made_up_for_and_said(tmp_path, new_store, monkeypatch, caplog):
    smaller(monkeypatch)
    monkeypatch.setattr("data_access.feeds.simulator.hangzhou.history.DAYS", 3)
    store = new_store("city")
    city = City(store, SEED)
    city.open(NOW)
    later = NOW + timedelta(days=2)
    city = City(store, SEED)
    city.open(later)
    assert "switched off for 48.0 h" in caplog.text
    with store.read() as conn:
        message = conn.execute(select(t.feed.c.message).where(t.feed.c.id == "sim:cases")).scalar()
    assert "停机 2.0 天" in message
    history = next(step for state, step in city.steps() if state.name == "sim:history")
    while history(later) is not None:
        pass
    other = new_store("other")
    City(other, SEED).open(later)
    names = ("id", "stage", "stage_at", "due_at", "marks", "unit", "subcategory", "scope")
    with store.read() as conn:
        columns = [t.case.c[name] for name in names]
        caught_up = {row.id: row for row in conn.execute(select(*columns))}
    with other.read() as conn:
        anew = conn.execute(select(*columns)).all()
    assert len(anew) > 400
    assert [row for row in anew if caught_up.get(row.id) != row] == []
    assert count(store, t.reject) == count(other, t.reject) == 0
    born = t.case.c.reported_at.between(NOW, later - timedelta(days=1))
    whole = sum(1 for _ in city.parts.more_cases().reported(NOW, later - timedelta(days=1)))
    assert count(store, t.case, born) == whole


def test_a_store_keeps_its_scale_and_seed(new_store, monkeypatch, caplog):
    smaller(monkeypatch)
    store = new_store("city")
    City(store, SEED).open(datetime.now(UTC).replace(microsecond=0))

    class Stopped:
        def is_set(self):
            return True

    simulate(store, scale="small", seed=1, stop=Stopped())
    assert "keeps it" in caplog.text
    held = opening.look(store)
    assert (held.scale, held.seed) == ("hangzhou", SEED)
    with pytest.raises(ValueError, match="unknown scenario"):
        simulate(store, scale="hangzhou", scenario="snow", stop=Stopped())


def test_it_opens_in_either_database(store, monkeypatch):
    smaller(monkeypatch)
    city = City(store, SEED, scenario="storm")
    city.open(NOW)
    for state, step in city.steps():
        step(NOW + timedelta(minutes=2))
        assert state.store is store
    assert count(store, t.reject) == 0
    assert count(store, t.warning) == 1
    assert count(store, t.case) > 300
