"""Danger to life takes walls over by data, and gives them back by itself."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select

from dashboard.domain.dangers import DangerError, read
from dashboard.domain.screen_acts import Act
from data_access import dangers
from data_access.commands import alerts as alert_commands
from data_access.commands import places, screens
from data_access.commands.screen_acts import tell
from data_access.queries.live import rows
from data_access.tables import scene, screen
from tests.data_access.alerts.city import CITY, NOW, Town

LAYOUT = {"layouts": {"1x1": [], "wide": []}}


class Hall:
    """A town with two walls, and the follower of dangers."""

    def __init__(self, town: Town) -> None:
        self.town = town
        with town.store.write() as writer:
            for name, purpose, mode in (
                ("routine", "mode", "routine"),
                ("incident", "incident", "any"),
            ):
                told = {"id": name, "name": name, "screen_kind": "wall", "version": 1}
                told |= {"purpose": purpose, "mode": mode, "levels": []}
                told["content"] = {"shipped": 1, "steps": [LAYOUT]}
                writer.conn.execute(insert(scene).values(**told))
            for name, scope in (("main", CITY), ("west", f"{CITY}/330106")):
                screens.put_screen(
                    writer, screen_id=name, name=name, scope=scope, scene_id=None, geometry={}
                )
        self.step = dangers.make(town.store, town.clock)
        self.follow()

    def follow(self, **later: float) -> None:
        self.town.go(**later)
        while self.step():
            pass

    def shows(self, name: str = "main") -> tuple[Any, str]:
        with self.town.store.read() as conn:
            row = conn.execute(select(screen).where(screen.c.id == name)).mappings().one()
        return row["scene"], row["why"]

    def row(self, name: str = "main") -> Any:
        with self.town.store.read() as conn:
            return conn.execute(select(screen).where(screen.c.id == name)).mappings().one()

    def report(self, name: str, **more: Any) -> None:
        told = {"subcategory": "0401", "urgency": 2, "reported_at": NOW, "stage": "filed"}
        self.town.case(name, **{**told, "lon": 120.2, "lat": 30.3, **more})
        self.follow()


@pytest.fixture
def hall(town: Town) -> Hall:
    return Hall(town)


def test_a_road_that_collapsed_takes_over_the_walls_of_its_area_until_it_is_answered(
    hall: Hall,
) -> None:
    assert hall.shows() == ("routine", "routine")
    hall.report("C1")
    assert hall.shows() == ("incident", "preempted")
    assert hall.shows("west") == ("routine", "routine")
    told = hall.row()["target"]["incident"]
    assert (told["subject"], told["danger"], told["jurisdiction"]) == ("C1", "路面塌陷", "330102")
    assert "积水" not in str(told), "no free text"
    hall.town.case("C1", subcategory="0401", urgency=2, stage="handled", stage_at=NOW)
    hall.follow()
    assert hall.shows() == ("routine", "routine")


@pytest.mark.parametrize(
    "more",
    [
        {"urgency": 1},
        {"subcategory": "0101"},
        {"reported_at": NOW - timedelta(hours=20)},
        {"stage": "closed"},
    ],
    ids=str,
)
def test_what_does_not_endanger_life_takes_nothing_over(hall: Hall, more) -> None:
    hall.report("C1", **more)
    assert hall.shows() == ("routine", "routine")


def test_what_the_desk_enters_as_urgent_counts(hall: Hall) -> None:
    hall.report("C1", source="desk", urgency=1)
    assert hall.shows() == ("incident", "preempted")


def test_ten_minutes_after_somebody_knows_the_wall_is_given_back(hall: Hall) -> None:
    hall.report("C1")
    (alert,) = hall.town.alerts(rule="case-danger")
    with hall.town.store.write() as writer:
        row = alert_commands.lock(writer, alert["id"])
        said = alert_commands.Said(by="王", now=hall.town.clock.at)
        alert_commands.acknowledge(writer, row, said)
    hall.follow()
    hall.follow(minutes=5)
    assert hall.shows() == ("incident", "preempted")
    hall.follow(minutes=6)
    assert hall.shows() == ("routine", "routine")
    hall.step = dangers.make(hall.town.store, hall.town.clock)  # a new process agrees
    hall.follow()
    assert hall.shows() == ("routine", "routine")


def test_whoever_takes_a_wall_back_keeps_the_danger_at_its_edge(hall: Hall) -> None:
    hall.report("C1")
    act = Act(wish="back", by="王", at="2016-09-04T02:00:00Z")
    with hall.town.store.write() as writer:
        tell(writer, {"main": None}, act)
    assert hall.shows() == ("routine", "routine")
    assert [it["subject"] for it in hall.row()["strip"]] == ["C1"]
    hall.report("C2", subcategory="0403")
    assert hall.shows() == ("incident", "preempted")


def test_an_underpass_under_water_is_a_danger_until_it_is_closed(hall: Hall) -> None:
    place = {"id": "P1", "kind": "underpass", "name": "新塘路下穿", "lon": 120.2, "lat": 30.3}
    told = {"state": "ponding", "depth_cm": 40, "at": NOW, "jurisdiction": "330102"}
    hall.town.tell("places", {**place, **told})
    hall.follow(minutes=2)  # a depth must stand for a minute
    assert hall.shows() == ("incident", "preempted")
    assert hall.row()["target"]["incident"]["name"] == "新塘路下穿"
    with hall.town.store.write() as writer:
        places.say(writer, "P1", state="closed", depth_cm=None, by="王", now=hall.town.clock.at)
    hall.follow()
    assert hall.shows() == ("routine", "routine")


def test_screens_change_in_the_frame_of_what_they_follow(hall: Hall) -> None:
    hall.report("C1")
    with hall.town.store.read() as conn:
        (main,) = rows(conn, "screens", ["main"])
    assert main.row[5:8] == ["incident", "1.1", "preempted"]


@pytest.mark.parametrize(
    ("told", "word"),
    [
        ({"dangers": []}, "give_back_min"),
        ({"give_back_min": 5, "dangers": [{"name": "x"}]}, "id"),
        ({"give_back_min": 5, "dangers": [{"id": "x", "rules": ["a"]}]}, "classes"),
        ({"give_back_min": 5, "dangers": [{"id": "x", "fun": 1}]}, "fun"),
        ({"give_back_min": 5, "dangers": [{"id": "x", "rules": "a"}]}, "rules"),
    ],
    ids=str,
)
def test_a_wrong_list_of_dangers_is_refused(told, word) -> None:
    with pytest.raises(DangerError, match=word):
        read(told)
