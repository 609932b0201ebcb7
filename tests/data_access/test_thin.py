"""What becomes of old readings: hourly values on SQLite, everything on PostgreSQL."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from dashboard.domain.records import Limits
from data_access import thin as module
from data_access.ingest import Policy, ingest
from data_access.store import Store
from data_access.tables import reading
from data_access.thin import KEEP, thin

START = datetime(2016, 5, 1, tzinfo=UTC)
NOW = START + KEEP + timedelta(hours=3)
LEARN = Policy(limits=Limits(unknown="learn"))


def _rows(store: Store, factor: str) -> list[tuple]:
    with store.read() as conn:
        query = select(reading.c.at, reading.c.value, reading.c.flag).where(
            reading.c.factor == factor
        )
        return [tuple(row) for row in conn.execute(query.order_by(reading.c.at))]


def _fill(store: Store) -> None:
    for revised in (0, 1):
        records = [
            {
                "station": "S1",
                "factor": factor,
                "at": (START + timedelta(minutes=15 * n)).isoformat(),
                "value": n + revised,
                **({"flag": "D"} if n == 3 and factor == "level" else {}),
            }
            for n in range(16)
            for factor in ("level", "rain")
        ]
        assert not ingest(store, "readings", records, feed="t", now=NOW, policy=LEARN).rejected


def test_old_readings_become_hourly_values(store: Store, monkeypatch) -> None:
    _fill(store)
    before = _rows(store, "level")
    gone = thin(store, NOW)
    if store.dialect == "postgresql":
        assert gone == 0
        assert _rows(store, "level") == before
        return
    assert gone == 2 * 3 * 4 * 2  # factors, hours, quarters, revisions
    level, rain = _rows(store, "level"), _rows(store, "rain")
    hours = [START + timedelta(hours=n) for n in range(3)]
    assert [(at, flag) for at, _, flag in level[:3]] == [(at, "hourly") for at in hours]
    assert [value for _, value, _ in level[:3]] == [2.0, 6.5, 10.5]  # a faulty one is left out
    assert [value for _, value, _ in rain[:3]] == [10.0, 26.0, 42.0]
    assert len(level) == len(rain) == 3 + 4 * 2  # the fourth hour is young enough
    assert thin(store, NOW) == 0


def test_what_comes_late_joins_its_hour(store: Store) -> None:
    _fill(store)
    if not thin(store, NOW):
        return
    at = (START + timedelta(minutes=7)).isoformat()
    late = {"station": "S1", "factor": "rain", "at": at, "value": 5}
    assert ingest(store, "readings", [late], feed="t", now=NOW, policy=LEARN).accepted == 1
    assert thin(store, NOW) == 2
    assert _rows(store, "rain")[0] == (START, 15.0, "hourly")


def test_batches_do_not_cut_an_hour(store: Store, monkeypatch) -> None:
    monkeypatch.setattr(module, "BATCH_ROWS", 11)
    _fill(store)
    if thin(store, NOW):
        assert [value for _, value, _ in _rows(store, "rain")[:3]] == [10.0, 26.0, 42.0]
