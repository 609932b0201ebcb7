"""A switch of modes changes at once what is judged, for real and within its area alone."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from data_access import treating
from data_access.commands import operations as commands
from tests.data_access.alerts.city import CITY, Town

DRAFT = commands.Draft(
    kind="emergency",
    level=4,
    scenario="flood-typhoon",
    name="",
    area="330102",
    issuer="市防指",
    basis="",
)


def said(town: Town) -> commands.Said:
    return commands.Said(by="王", role="commander", now=town.clock.at, reason="暴雨")


def start(town: Town, **change: Any) -> str:
    with town.store.write() as writer:
        row = commands.start(writer, replace(DRAFT, **change), said(town), day="20160904")
    town.run()
    town.go(minutes=2)  # a depth must stand for a minute
    return str(row["id"])


def ponding(town: Town, name: str, jurisdiction: str, depth: float) -> None:
    town.station(name, kind="ponding", jurisdiction=jurisdiction)
    town.read(name, depth, factor="depth")


def test_a_lower_threshold_holds_in_the_area_as_long_as_it_runs(town: Town) -> None:
    ponding(town, "here", "330102", 11)
    ponding(town, "there", "330106", 11)
    assert town.alerts() == []
    operation = start(town)
    (found,) = town.alerts()
    assert (found["subject_id"], found["rule"], found["priority"]) == ("here", "ponding-15", 1)
    assert found["threshold"] == 10
    town.restart()
    assert [row["id"] for row in town.alerts(active=True)] == [found["id"]]
    with town.store.write() as writer:
        commands.end(writer, operation, said(town), version=None)
    town.go(minutes=30)
    assert town.alerts(active=True) == []


def test_a_drill_judges_nothing(town: Town) -> None:
    ponding(town, "here", "330102", 11)
    start(town, drill=True, area=CITY)
    assert town.alerts() == []


def test_an_emergency_limit_that_passes_is_an_alert_of_its_own(town: Town) -> None:
    step = treating.make(town.store, town.clock)  # type: ignore[arg-type]

    def follow() -> None:
        while step():
            pass
        town.run()

    town.case("c1", subcategory="0406", due_at=town.clock.at + timedelta(hours=50))
    start(town, area=CITY)
    follow()
    town.go(minutes=100)
    assert town.alerts() == []
    town.go(minutes=30)
    (found,) = town.alerts(active=True)
    assert (found["rule"], found["priority"]) == ("case-emergency-overdue", 2)
    assert found["group"] == "emergency/unit/u1"
    town.restart()
    town.case("c1", subcategory="0406", stage="handled", stage_at=town.clock.at)
    assert town.alerts(active=True) == []
