"""How much fell within the last hours: whatever the interval, revised, and never guessed."""

from datetime import UTC, datetime, timedelta

from dashboard.domain.records import Limits
from data_access.changes import follow
from data_access.ingest import Policy, ingest
from data_access.queries import live, rain
from data_access.store import Store

NOW = datetime(2016, 9, 4, 2, 0, tzinfo=UTC)
LEARN = Policy(limits=Limits(unknown="learn"))


def _told(store: Store, *rows: tuple[str, int, float | None, str | None]) -> None:
    ingest(
        store,
        "readings",
        [
            {
                "station": name,
                "factor": "rain",
                "at": NOW - timedelta(minutes=minutes),
                "value": value,
                **({} if flag is None else {"flag": flag}),
            }
            for name, minutes, value, flag in rows
        ],
        feed="gauges",
        now=NOW,
        policy=LEARN,
    )


def _sums(store: Store, *stations: str, until: datetime = NOW) -> dict[str, dict[float, float]]:
    with store.read() as conn:
        return rain.sums(conn, stations, until, [1, 3, 6])


def test_sums_of_five_and_of_fifteen_minutes_read_alike(store: Store) -> None:
    five = [("P1", minutes, 1.0, None) for minutes in range(0, 180, 5)]
    fifteen = [("P2", minutes, 3.0, None) for minutes in range(0, 180, 15)]
    _told(store, *five, *fifteen)

    found = _sums(store, "P1", "P2", "P3")
    assert found["P1"] == found["P2"] == {1: 12.0, 3: 36.0, 6: 36.0}
    assert "P3" not in found


def test_a_window_begins_after_its_border_and_ends_at_its_moment(store: Store) -> None:
    _told(store, ("P1", 60, 100.0, None), ("P1", 59, 2.0, None), ("P1", 0, 1.0, None))

    assert _sums(store, "P1")["P1"][1] == 3.0
    assert _sums(store, "P1", until=NOW - timedelta(minutes=1))["P1"][1] == 102.0


def test_the_newest_revision_counts_and_none_that_nobody_judges(store: Store) -> None:
    _told(store, ("P1", 30, 50.0, None), ("P1", 20, 1.0, None))
    _told(store, ("P1", 30, 5.0, None), ("P1", 10, 80.0, "suspect"), ("P1", 5, 9.0, "F"))
    _told(store, ("P1", 20, 1.0, "D"))

    assert _sums(store, "P1") == {"P1": {1: 5.0, 3: 5.0, 6: 5.0}}


def test_silence_is_not_zero(store: Store) -> None:
    _told(store, ("P1", 120, 0.0, None), ("P2", 600, 4.0, None))

    assert _sums(store, "P1", "P2") == {"P1": {3: 0.0, 6: 0.0}}


def _latest(store: Store) -> dict[str, tuple[float | None, str]]:
    with store.read() as conn:
        rows = live.rows(conn, "readings", None)
    return {row.row[0]: (row.row[1], row.row[2]) for row in rows}


def test_the_latest_rain_has_the_sum_of_its_hour_beside_it(store: Store) -> None:
    _told(store, *(("P1", minutes, 1.5, None) for minutes in range(120, 9, -5)))
    assert _latest(store) == {
        "P1/rain": (1.5, "2016-09-04T01:50:00Z"),
        "P1/rain_1h": (18.0, "2016-09-04T01:50:00Z"),
    }

    with store.read() as conn:
        before = follow(conn, 0, 10_000)[-1].seq
    _told(store, ("P1", 5, 0.0, None), ("P1", 15, 9.0, None), ("P1", 300, 50.0, None))
    assert _latest(store)["P1/rain_1h"] == (24.0, "2016-09-04T01:55:00Z")
    with store.read() as conn:
        keys = {change.key for change in follow(conn, before, 10_000)}
    assert {"P1/rain", "P1/rain_1h"} <= keys


def test_a_revision_within_the_hour_changes_the_sum_and_an_old_one_does_not(store: Store) -> None:
    _told(store, ("P1", 120, 7.0, None), ("P1", 30, 2.0, None), ("P1", 0, 1.0, None))
    _told(store, ("P1", 30, 5.0, None))
    assert _latest(store)["P1/rain_1h"][0] == 6.0
    _told(store, ("P1", 120, 70.0, None))
    assert _latest(store)["P1/rain_1h"][0] == 6.0
    _told(store, ("P1", 30, 5.0, "suspect"), ("P1", 0, 1.0, "D"))
    assert _latest(store)["P1/rain_1h"] == (None, "2016-09-04T02:00:00Z")
