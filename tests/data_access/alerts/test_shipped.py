"""The rules as they are shipped: every one of them raises what it says, and none twice."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import update

from dashboard.domain.clock import CityClock
from data_access.tables import feed
from tests.data_access.alerts.city import CITY, NOW, Town


def test_a_level_at_the_record_is_told_as_the_record(town: Town) -> None:
    lines = {"level": {"warning": 3.0, "guarantee": 4.0, "record": 4.6}}
    town.station("r1", thresholds=lines)
    for value in (2.9, 3.5, 4.1, 4.6):
        town.go(minutes=60)
        town.read("r1", value)
    (found,) = (row for row in town.alerts() if row["rule"] != "level-rise")
    assert (found["rule"], found["priority"], found["threshold"]) == ("level-record", 1, 4.6)
    assert town.acts(found["id"]) == ["raised", "escalated", "escalated"]


def test_each_sum_of_rain_is_told_by_its_own_rule(town: Town) -> None:
    """mm an hour in the last so many hours, and the rule that they reach."""
    told = {
        "slow": (5, 12, "rain-12h-50"),
        "hours": (9, 6, "rain-6h-50"),
        "burst": (34, 3, "rain-3h-100"),
    }
    for name in told:
        town.station(name, "rain")
    for hour in range(1, 13):
        town.go(minutes=60)
        rain = {name: mm if hour > 12 - hours else 0.0 for name, (mm, hours, _) in told.items()}
        told_now = [town.reading(name, mm, factor="rain") for name, mm in rain.items()]
        town.tell("readings", *told_now)
    assert {row["subject_id"]: row["rule"] for row in town.alerts(active=True)} == {
        name: rule for name, (_, _, rule) in told.items()
    }


def test_a_camera_that_is_off_matters_where_a_place_of_importance_names_it(town: Town) -> None:
    at = {"lon": 120.2, "lat": 30.3, "jurisdiction": "330102"}
    place = {"id": "p1", "kind": "underpass", "name": "下穿", "state": "normal", "at": NOW, **at}
    town.tell("places", {**place, "cameras": ["watched"]})
    for name in ("watched", "other"):
        camera = {"id": name, "name": name, "source": "police", "status": "off", "updated_at": NOW}
        town.tell("cameras", camera | at)
    town.go(minutes=29)
    assert town.alerts() == []
    town.go(minutes=2)
    (found,) = town.alerts()
    assert (found["rule"], found["subject_id"]) == ("camera-off", "watched")
    assert (found["department"], found["priority"]) == ("视频运维单位", 3)
    camera = {"id": "watched", "name": "watched", "source": "police", "status": "on"}
    town.tell("cameras", camera | at | {"updated_at": town.clock.at})
    town.go(minutes=2)
    assert not town.alerts()[0]["active"]


def test_a_feed_that_should_have_spoken_is_down_until_it_speaks(town: Town) -> None:
    real = datetime.now(UTC)
    anchored = CityClock(anchor_city=NOW, anchor_real=real)
    town.clock.current = lambda: anchored
    told = {"id": "gauges", "name": "水位", "kind": "push", "state": "ok", "scope": CITY}
    with town.store.write() as writer:
        writer.conn.execute(feed.insert().values(**told, real_at=real, expect_s=60))
        writer.changed("feeds", "gauges", new_scope=CITY)
    town.go(minutes=4)
    assert town.alerts() == []  # five minutes are borne, however often it should speak
    town.go(minutes=3)
    (found,) = town.alerts()
    assert (found["rule"], found["subject_id"]) == ("feed-down", "gauges")
    assert found["since"] == NOW + timedelta(minutes=5)
    with town.store.write() as writer:
        spoke = real + timedelta(minutes=7)
        writer.conn.execute(update(feed).where(feed.c.id == "gauges").values(real_at=spoke))
        writer.changed("feeds", "gauges", new_scope=CITY)
    town.run()
    town.go(minutes=1)
    assert not town.alerts()[0]["active"]


def test_warnings_are_told_by_their_colour(town: Town) -> None:
    for colour in ("blue", "yellow", "orange", "red"):
        warning = {"id": colour, "event": f"{colour}暴雨", "headline": "预警", "sender": "市气象台"}
        times = {"sent": NOW, "effective_at": NOW, "expires_at": NOW + timedelta(hours=3)}
        more = {"status": "actual", "msg_type": "alert", "colour": colour}
        areas = [{"desc": "杭州市", "jurisdiction": CITY}]
        town.tell("warnings", {**warning, **times, **more, "areas": areas})
    assert {row["subject_id"]: (row["rule"], row["priority"]) for row in town.alerts()} == {
        "blue": ("warning-blue", 3),
        "yellow": ("warning-yellow", 2),
        "orange": ("warning-orange", 1),
        "red": ("warning-red", 1),
    }
