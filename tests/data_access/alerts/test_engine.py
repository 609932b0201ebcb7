"""The engine judges what changes and what time makes true, and is right across a restart."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from data_access.alerts.engine import Engine
from data_access.changes import follow
from data_access.commands import alerts as commands
from data_access.tables import alert_state, feed, station
from tests.data_access.alerts.city import NOW, Town

HOUR = timedelta(hours=1)


def test_a_case_becomes_overdue_by_time_alone_and_ends_with_its_answer(town: Town) -> None:
    town.case("c1", due_at=NOW + HOUR)
    assert town.alerts() == []
    town.go(minutes=61)
    (found,) = town.alerts()
    assert (found["rule"], found["subject_id"], found["active"]) == ("case-overdue", "c1", True)
    assert found["since"] == NOW + HOUR  # its true moment, not when it was looked at
    assert found["group"] == "overdue/unit/u1"
    assert found["cause"]
    town.case("c1", due_at=NOW + HOUR, stage="handled", stage_at=town.clock.at)
    (found,) = town.alerts()
    assert (found["active"], found["live"], found["acknowledged"]) == (False, False, False)
    assert town.acts(found["id"]) == ["raised", "cleared"]


def test_overdue_twice_is_the_same_alert_and_asks_to_be_acknowledged_anew(town: Town) -> None:
    town.case("c1", reported_at=NOW - HOUR, due_at=NOW + HOUR)
    town.go(hours=1.1)
    (found,) = town.alerts()
    with town.store.write() as writer:
        row = commands.lock(writer, found["id"])
        commands.acknowledge(writer, row, commands.Said(by="王", now=town.clock.at))
    town.run()
    assert town.alerts()[0]["acknowledged"]
    town.go(hours=2)
    (found,) = town.alerts()
    assert (found["rule"], found["priority"]) == ("case-overdue-twice", 2)
    assert not found["acknowledged"]
    assert town.acts(found["id"]) == ["raised", "acknowledged", "escalated"]


def test_near_due_is_an_alert_only_where_it_is_urgent_or_supervised(town: Town) -> None:
    town.case("plain", due_at=NOW + HOUR)
    town.case("urgent", due_at=NOW + HOUR, urgency=1)
    town.case("supervised", due_at=NOW + HOUR, marks=["supervised"])
    town.go(minutes=45)
    assert {row["subject_id"] for row in town.alerts()} == {"urgent", "supervised"}
    assert {row["rule"] for row in town.alerts()} == {"case-near"}


def test_a_suspended_case_and_one_without_a_deadline_are_never_late(town: Town) -> None:
    town.case("none")
    town.case("suspended", due_at=NOW + HOUR, marks=["suspended"])
    town.go(hours=30)
    assert town.alerts() == []


def test_a_level_is_raised_escalated_eased_and_cleared_behind_its_deadband(town: Town) -> None:
    town.station("r1", river="上塘河", basin="运河")
    for value in (2.5, 2.75, 3.02):
        town.go(minutes=60)
        town.read("r1", value)
    (found,) = town.alerts()
    assert (found["rule"], found["value"], found["threshold"]) == ("level-warning", 3.02, 3.0)
    assert found["group"] == "level/river/上塘河"
    town.go(minutes=15)
    town.read("r1", 2.97)  # within the deadband
    town.go(minutes=20)
    town.read("r1", 2.97)
    assert town.alerts()[0]["active"]
    for value in (3.4, 3.8, 4.01):
        town.go(minutes=60)
        town.read("r1", value)
    (found, rise) = town.alerts()
    assert found["rule"] == "level-guarantee"
    assert rise["rule"] == "level-rise"
    for value in (3.5, 3.5):
        town.go(minutes=20)
        town.read("r1", value)
    assert town.alerts()[0]["rule"] == "level-warning"
    for _ in range(4):
        town.go(minutes=20)
        town.read("r1", 2.5)
    (found, rise) = town.alerts()
    assert not found["active"]
    assert found["live"]  # it waits to be acknowledged
    assert town.acts(found["id"]) == ["raised", "escalated", "eased", "cleared"]


def test_an_off_delay_ends_by_time_and_a_restart_forgets_no_delay(town: Town) -> None:
    town.station("r1")
    town.read("r1", 3.1)
    assert town.alerts()[0]["active"]
    town.go(minutes=5)
    town.read("r1", 2.7)
    town.go(minutes=10)
    assert town.alerts()[0]["active"]
    town.restart()
    assert town.alerts()[0]["active"]
    town.go(minutes=6)  # fifteen minutes since it fell
    assert not town.alerts()[0]["active"]
    with town.store.read() as conn:
        assert conn.execute(select(alert_state)).all() == []


def test_an_on_delay_survives_a_restart_and_ends_by_time(town: Town) -> None:
    town.station("d1", "ponding")
    town.read("d1", 16, factor="depth")
    assert town.alerts() == []
    town.go(seconds=40)
    town.restart()
    assert town.alerts() == []
    town.go(seconds=25)
    (found,) = town.alerts()
    assert (found["rule"], found["group"]) == ("ponding-15", "ponding/district/330102")


def test_a_late_reading_neither_raises_nor_clears(town: Town) -> None:
    town.station("r1")
    town.read("r1", 2.8)
    town.read("r1", 3.2, ago_min=30)  # older than the latest
    assert town.alerts() == []
    town.go(minutes=5)
    town.read("r1", 3.1)
    town.read("r1", 2.6, ago_min=4)
    assert [row["active"] for row in town.alerts()] == [True]
    town.go(minutes=16)
    assert [row["active"] for row in town.alerts()] == [True]


def test_what_comes_hours_late_is_told_as_history_not_as_an_alert(town: Town) -> None:
    town.station("r1")
    town.read("r1", 2.5, ago_min=600)
    town.read("r1", 3.5, ago_min=300)
    assert town.alerts(rule="level-warning") == []


def test_no_reading_between_two_looks_is_passed_over(town: Town) -> None:
    town.station("d1", "ponding")
    batch = [
        town.reading("d1", value, ago_min=ago, factor="depth")
        for ago, value in ((40, 0), (30, 30), (28, 31), (20, 0), (10, 0))
    ]
    town.tell("readings", *batch)
    (found,) = town.alerts()
    assert not found["active"]
    assert town.acts(found["id"])[0] == "raised"


@pytest.mark.parametrize("missing", ["datum", "threshold"])
def test_a_level_without_datum_or_threshold_is_suspect_and_no_alert(town: Town, missing) -> None:
    more = {"datum": None} if missing == "datum" else {"thresholds": {}}
    town.station("r1", **more)
    for level in (8.4, 8.6, 8.8, 9.0):  # 0.6 m an hour
        town.go(minutes=20)
        town.read("r1", level)
    assert town.alerts() == []
    with town.store.read() as conn:
        assert conn.execute(select(station.c.suspect)).scalar() == missing


def test_a_jump_is_suspect_until_three_readings_agree(town: Town) -> None:
    town.station("r1")
    town.read("r1", 2.0)
    town.go(minutes=5)
    town.read("r1", 9.0)
    assert town.alerts() == []
    with town.store.read() as conn:
        assert conn.execute(select(station.c.suspect)).scalar() == "jump"
    town.go(minutes=5)
    town.read("r1", 2.02)
    with town.store.read() as conn:
        assert conn.execute(select(station.c.suspect)).scalar() is None
    for _ in range(3):
        town.go(minutes=5)
        town.read("r1", 9.0)
    assert [row["rule"] for row in town.alerts()] == ["level-guarantee"]


def test_rain_is_summed_and_the_strongest_rule_names_the_alert(town: Town) -> None:
    town.station("p1", "rain")
    for _ in range(12):
        town.go(minutes=5)
        town.read("p1", 2.0, factor="rain")
    (found,) = town.alerts()
    assert (found["rule"], found["value"]) == ("rain-1h-20", 20.0)
    for _ in range(15):
        town.go(minutes=5)
        town.read("p1", 2.5, factor="rain")
    (found,) = town.alerts()
    assert found["rule"] == "rain-3h-50"
    for _ in range(24):
        town.go(minutes=30)
        town.read("p1", 0.0, factor="rain")
    assert not town.alerts(active=True)


def test_rain_of_a_gauge_whose_clock_is_before_ours_is_judged_at_once(town: Town) -> None:
    town.station("p1", "rain")
    town.read("p1", 25.0, factor="rain", ago_min=-1)
    assert [(row["rule"], row["value"]) for row in town.alerts()] == [("rain-1h-20", 25.0)]


def test_an_outlet_over_its_limit_is_for_another_department(town: Town) -> None:
    town.station("e1", "emission", thresholds={"w01018": {"high": 50}})
    for _ in range(13):
        town.go(minutes=10)
        town.read("e1", 60.0 + town.clock.at.minute / 60, factor="w01018")
    (found,) = town.alerts()
    assert (found["rule"], found["department"]) == ("emission-mean", "生态环境局")
    assert found["since"] == NOW + HOUR
    assert found["evidence"]["factor"] == "w01018"


def test_the_first_readings_of_an_outlet_count_though_they_come_late(town: Town) -> None:
    town.station("e1", "emission", thresholds={"w01018": {"high": 50}})
    town.go(minutes=75)
    told = [town.reading("e1", 60 + ago, ago_min=ago, factor="w01018") for ago in (70, 60)]
    town.tell("readings", *told)
    (found,) = town.alerts(active=True)
    assert (found["rule"], found["evidence"]["readings"]) == ("emission-mean", 2)


def test_constant_missing_and_saturated_outlets(town: Town) -> None:
    for name in ("same", "gone", "over"):
        town.station(name, "emission", thresholds={"w01018": {"high": 500}})
    for step in range(23):
        town.go(minutes=10)
        value = 50 + step
        town.tell(
            "readings",
            town.reading("same", 40, factor="w01018"),
            town.reading("gone", value, factor="w01018", flag="N" if step < 9 else "D"),
            town.reading("over", value, factor="w01018", flag="T" if step > 12 else "N"),
        )
    told = {row["subject_id"]: row["rule"] for row in town.alerts(active=True)}
    assert told == {
        "same": "emission-constant",
        "gone": "emission-missing",
        "over": "emission-saturated",
    }


def test_a_warning_stands_as_long_as_it_is_in_force(town: Town) -> None:
    town.tell(
        "warnings",
        {
            "id": "w1",
            "event": "暴雨",
            "headline": "发布暴雨橙色预警信号",
            "sender": "市气象台",
            "sent": NOW,
            "effective_at": NOW + HOUR,
            "expires_at": NOW + 3 * HOUR,
            "status": "actual",
            "msg_type": "alert",
            "colour": "orange",
            "areas": [{"desc": "杭州市", "jurisdiction": "330100"}],
        },
    )
    assert town.alerts() == []
    town.go(minutes=61)
    (found,) = town.alerts()
    assert (found["rule"], found["group"]) == ("warning-orange", "warning/event/暴雨")
    town.go(hours=2)
    assert not town.alerts()[0]["active"]


def test_the_depth_at_a_place_counts_like_that_at_a_station(town: Town) -> None:
    place = {"id": "u1", "kind": "underpass", "name": "下穿", "lon": 120.2, "lat": 30.3}
    town.tell("places", place | {"state": "ponding", "depth_cm": 30, "at": town.clock.at})
    town.go(minutes=2)
    (found,) = town.alerts()
    assert (found["rule"], found["subject_topic"]) == ("ponding-27", "places")


def test_a_shelf_ends_by_itself_and_asks_again(town: Town) -> None:
    town.station("r1")
    town.read("r1", 3.1)
    (found,) = town.alerts()
    said = commands.Said(by="王", now=town.clock.at, note="闸门检修")
    with town.store.write() as writer:
        row = commands.lock(writer, found["id"])
        commands.shelve(writer, row, said, until=NOW + HOUR)
    town.run()
    town.go(minutes=5)
    town.read("r1", 2.7)
    town.go(minutes=20)
    town.read("r1", 2.7)
    (found,) = town.alerts()
    assert (found["active"], found["live"]) == (False, True)
    town.go(minutes=10)
    town.read("r1", 3.1)
    (found,) = town.alerts()  # the same row: what is shelved is the gauge, not one occurrence
    assert found["active"]
    assert found["shelved_until"] == NOW + HOUR
    town.restart()
    town.go(hours=1)
    (found,) = town.alerts(rule="level-warning")
    assert found["shelved_until"] is None
    assert not found["acknowledged"]
    assert town.acts(found["id"])[-1] == "unshelved"


def test_what_a_supervisor_marks_suspect_is_not_judged_until_its_end(town: Town) -> None:
    town.station("r1")
    town.read("r1", 3.5)
    with town.store.write() as writer:
        commands.suspect(
            writer, "r1", commands.Said(by="王", now=NOW, note="探头脱落"), until=NOW + HOUR
        )
    town.run()
    town.go(minutes=16)
    assert not town.alerts()[0]["active"]
    town.go(minutes=46)
    (found,) = town.alerts(rule="level-warning")
    assert found["active"]
    with town.store.read() as conn:
        assert conn.execute(select(station.c.suspect)).scalar() is None


def test_the_engine_asks_nothing_of_the_store_when_nothing_changed(town: Town) -> None:
    town.station("r1")
    town.read("r1", 3.5)
    with town.store.read() as conn:
        before = follow(conn, 0, 1000)
    town.go(seconds=5)
    town.go(seconds=5)
    with town.store.read() as conn:
        assert follow(conn, 0, 1000) == before


def test_nothing_is_judged_while_a_city_loads(town: Town) -> None:
    with town.store.write() as writer:
        writer.conn.execute(
            feed.insert().values(id="sim", name="s", kind="x", state="loading", scope="330100")
        )
    town.case("c1", due_at=NOW - HOUR)
    assert town.alerts() == []
    with town.store.write() as writer:
        writer.conn.execute(update(feed).values(state="ok"))
    town.run()
    assert len(town.alerts()) == 1


def test_a_transaction_that_fails_is_made_good_from_the_state(town: Town, monkeypatch) -> None:
    town.station("r1")
    town.run()
    real = Engine._turn
    failed = []

    def fail(self, *told, **also):
        real(self, *told, **also)
        if not failed:
            failed.append(1)
            raise OSError("the database went away")

    monkeypatch.setattr(Engine, "_turn", fail)
    with pytest.raises(OSError, match="went away"):
        town.read("r1", 3.5)
    assert town.alerts() == []
    town.run()
    assert len(town.alerts()) == 1
