"""When a station counts as silent, and when its feed is the cause."""

from data_access.tables import feed
from tests.data_access.alerts.city import Town


def test_a_station_is_silent_after_two_intervals_and_offline_after_a_day(town: Town) -> None:
    town.station("r1")
    for _ in range(5):
        town.go(minutes=15)
        town.read("r1", 2.0)
    town.go(minutes=34)
    assert town.alerts() == []
    town.go(minutes=2)
    (found,) = town.alerts()
    assert (found["rule"], found["group"]) == ("station-silent", "silent/feed/push:test")
    town.go(hours=24)
    assert town.alerts()[0]["rule"] == "station-offline"
    town.read("r1", 2.0)
    assert not town.alerts()[0]["active"]


def test_a_station_is_not_silent_for_the_time_in_which_nobody_listened(town: Town) -> None:
    town.station("r1")
    for _ in range(5):
        town.go(minutes=15)
        town.read("r1", 2.0)
    town.stopped(hours=3)
    assert town.alerts() == []
    town.go(minutes=34)
    assert town.alerts() == []
    town.go(minutes=2)  # two intervals and the delay since one listens again
    (found,) = town.alerts()
    assert (found["rule"], found["active"]) == ("station-silent", True)
    town.stopped(hours=1)  # what was silent before goes on
    assert [row["active"] for row in town.alerts()] == [True]


def test_stations_silent_because_their_feed_is_down_are_one_group_led_by_it(town: Town) -> None:
    for name in "abc":
        town.station(name)
    for _ in range(4):
        town.go(minutes=5)
        town.tell("readings", *(town.reading(name, 2.0) for name in "abc"))
    with town.store.write() as writer:
        writer.conn.execute(
            feed.insert().values(
                id="push:test", name="t", kind="push", state="failed", scope="330100"
            )
        )
        writer.changed("feeds", "push:test", new_scope="330100")
    town.go(minutes=30)
    town.go(minutes=2)
    found = town.alerts(active=True)
    assert {row["group"] for row in found} == {"silent/feed/push:test"}
    assert [row["subject_id"] for row in found if row["cause"]] == ["push:test"]
    assert len(found) == 4
