"""An alert within a zone of a guarded event is raised while the zone holds, and the record says why."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from dashboard.domain.operations import Kind
from data_access.commands import events, operations
from data_access.commands.event_room import By, Room
from data_access.tables import alert_record
from tests.data_access.alerts.city import NOW, Town
from tests.data_access.test_event_judge import CORE, square

HOUR = timedelta(hours=1)
INSIDE = {"lon": 120.2, "lat": 30.3}
OUTSIDE = {"lon": 120.3, "lat": 30.3}


def said(town: Town, reason: str) -> operations.Said:
    return operations.Said(by="wang", role="commander", now=town.clock.at, reason=reason)


def started(town: Town, *, drill: bool = False) -> str:
    draft = operations.Draft(
        kind=Kind.EVENT,
        level=None,
        scenario=None,
        name="演出之夜",
        area="330100",
        issuer="市活动保障指挥部",
        basis="",
        drill=drill,
        input="simulator" if drill else None,
    )
    with town.store.write() as writer:
        made = operations.start(writer, draft, said(town, "晚间演出"), day="20160904")
    return str(made["id"])


def enter(town: Town, name: str, *records: dict[str, Any], after: float = 0) -> None:
    at = town.clock.at + timedelta(minutes=after) if after else None
    draft = events.Draft(records=list(records), reason="布设", effective_at=at)
    with town.store.write() as writer:
        by = By(who="commander", name="指挥长", now=town.clock.at)
        events.enter(Room(writer, name), draft, by)


def lines(town: Town, alert_id: str) -> list[tuple[str, Any]]:
    query = select(alert_record.c.act, alert_record.c.detail).order_by(alert_record.c.n)
    with town.store.read() as conn:
        found = conn.execute(query.where(alert_record.c.alert_id == alert_id)).all()
    return [(row.act, row.detail) for row in found]


def priorities(town: Town) -> dict[str, int]:
    return {row["subject_id"]: row["priority"] for row in town.alerts()}


def test_an_alert_in_a_zone_is_raised_while_the_zone_holds(town: Town) -> None:
    town.case("in", due_at=NOW + HOUR, **INSIDE)
    town.case("out", due_at=NOW + HOUR, **OUTSIDE)
    town.go(minutes=61)
    assert priorities(town) == {"in": 3, "out": 3}
    name = started(town)
    enter(town, name, {**CORE, "alerts_up": 1}, after=30)
    town.run()
    assert priorities(town) == {"in": 3, "out": 3}  # announced, not yet in force
    town.go(minutes=31)
    assert priorities(town) == {"in": 2, "out": 3}
    (found,) = [row for row in town.alerts() if row["subject_id"] == "in"]
    zone = found["evidence"]["zone"]
    assert (zone["operation"], zone["zone"], zone["from"], zone["up"]) == (name, "core", 3, 1)
    act, detail = lines(town, found["id"])[-1]
    assert (act, detail["zone"]["name"]) == ("zone_raised", "主体育场")
    assert detail["state"]["priority"] == 2

    town.case("late", due_at=town.clock.at + HOUR / 4, **INSIDE)
    town.case("late-out", due_at=town.clock.at + HOUR / 4, **OUTSIDE)
    town.go(minutes=16)
    told = priorities(town)
    assert told["late"] == told["late-out"] - 1  # from the first; the mode judges otherwise too
    town.restart()
    assert priorities(town) == told
    assert len(lines(town, found["id"])) == 2

    # a smaller zone gives up what it no longer holds; the end of the event gives up all
    moved = {**CORE, "alerts_up": 2, "geometry": square(120.3, 30.3, 0.004)}
    enter(town, name, moved)
    town.run()
    usual = told["late-out"]
    assert priorities(town) == {"in": 3, "out": 1, "late": usual, "late-out": max(1, usual - 2)}
    with town.store.write() as writer:
        operations.end(writer, name, said(town, "演出结束"), version=None)
    town.run()
    assert priorities(town) == {"in": 3, "out": 3, "late": usual, "late-out": usual}
    assert [act for act, _ in lines(town, found["id"])] == ["raised", "zone_raised", "zone_eased"]
    assert all("zone" not in row["evidence"] for row in town.alerts())


def test_a_drill_raises_nothing_that_is_real(town: Town) -> None:
    town.case("in", due_at=NOW + HOUR, **INSIDE)
    town.go(minutes=61)
    enter(town, started(town, drill=True), {**CORE, "alerts_up": 2})
    town.run()
    assert priorities(town) == {"in": 3}
