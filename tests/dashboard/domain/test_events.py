"""What of an event holds when; where a route is bare; when reports are due; who is at the posts."""

import math
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.domain.events import figures, reports
from dashboard.domain.events.coverage import METRES_A_DEGREE, coverage
from dashboard.domain.events.things import Key, Thing
from dashboard.domain.events.versions import (
    State,
    Untimely,
    pending,
    programme,
    standing,
    takes_force,
)

NOW = datetime(2026, 7, 1, 4, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
GATE = Key("post", "gate")


def post(needed: int, name: str = "gate") -> Thing:
    return Thing(key=Key("post", name), name=name, name_en=name, body={"needed": needed})


def test_a_later_version_holds_from_its_moment_and_a_removal_takes_away() -> None:
    states = [
        State(key=GATE, version=1, effective_at=NOW, thing=post(4)),
        State(key=GATE, version=2, effective_at=NOW + HOUR, thing=post(6)),
        State(key=GATE, version=3, effective_at=NOW + 2 * HOUR, thing=None),
    ]
    assert standing(states, NOW - HOUR) == {}
    assert standing(states, NOW)[GATE].body["needed"] == 4
    assert standing(states, NOW + HOUR)[GATE].body["needed"] == 6
    assert standing(states, NOW + 2 * HOUR) == {}
    later = pending(states, GATE, NOW)
    assert later is not None
    assert later.version == 3


def test_a_change_takes_force_now_or_at_a_moment_that_is_not_past() -> None:
    assert takes_force(None, NOW) == NOW
    assert takes_force(NOW - timedelta(minutes=4), NOW) == NOW
    assert takes_force(NOW + HOUR, NOW) == NOW + HOUR
    for told in (NOW - HOUR, NOW + timedelta(days=61)):
        with pytest.raises(Untimely):
            takes_force(told, NOW)


def test_the_programme_counts_down_to_the_next_phase() -> None:
    def phase(name: str, starts: float, ends: float) -> Thing:
        times = {"starts_at": NOW + starts * HOUR, "ends_at": NOW + ends * HOUR}
        body = {key: at.isoformat() for key, at in times.items()}
        return Thing(key=Key("phase", name), name=name, name_en=name, body=body)

    things = {it.key: it for it in (phase("in", -1, 0.5), phase("show", 0.5, 2))}
    stands = programme(things, NOW)
    assert (stands.current, stands.next, stands.seconds) == (
        things["phase", "in"],  # type: ignore[index]
        things["phase", "show"],  # type: ignore[index]
        1800,
    )
    after = programme(things, NOW + 2 * HOUR)
    assert after == (None, None, None)


def test_reports_are_due_at_the_end_of_every_period_and_at_the_end() -> None:
    plan = reports.Plan(every_h=2, starts_at=NOW, ends_at=NOW + 5 * HOUR, reporters=(("a", "甲"),))
    assert reports.due_times(plan) == [NOW + 2 * HOUR, NOW + 4 * HOUR, NOW + 5 * HOUR]
    due = NOW + 2 * HOUR
    assert reports.state_of(due, None, due) == "to_come"
    assert reports.state_of(due, None, due + HOUR) == "missing"
    assert reports.state_of(due, due, due + HOUR) == "sent"
    assert reports.state_of(due, due + HOUR, due + HOUR) == "late"
    bad = {
        "every_h": reports.Plan(every_h=0, starts_at=NOW, ends_at=due, reporters=plan.reporters),
        "ends_at": reports.Plan(every_h=1, starts_at=NOW, ends_at=NOW, reporters=plan.reporters),
        "reporters": reports.Plan(every_h=1, starts_at=NOW, ends_at=due, reporters=()),
    }
    for field, wrong in bad.items():
        with pytest.raises(reports.Refused) as refused:
            reports.check(wrong)
        assert refused.value.field == field


def test_a_surplus_at_one_post_makes_up_for_no_want_at_another() -> None:
    share = figures.attendance([post(4, "a"), post(2, "b"), post(3, "c")], {"a": 9, "b": 1})
    assert (share.n, share.of) == (5, 9)
    assert figures.attendance([], {}).rate is None
    assert figures.online(["on", "off", "on"]) == (2, 3)


def east(metres: float, north: float = 0.0) -> tuple[float, float]:
    return (
        120.0 + metres / (METRES_A_DEGREE * math.cos(math.radians(30.0))),
        30.0 + north / METRES_A_DEGREE,
    )


def test_a_route_is_bare_where_no_camera_is_within_reach() -> None:
    route = [east(0), east(500), east(1000)]
    made = coverage(route, [east(250, 60)], within_m=100)
    assert made.length_m == pytest.approx(1000, abs=0.5)
    assert [(round(it.from_m), round(it.to_m)) for it in made.bare] == [(0, 170), (330, 1000)]
    assert made.bare[1].line[0] == pytest.approx(east(330), abs=1e-5)
    assert len(made.bare[1].line) == 3  # with the corner between
    assert coverage(route, [], within_m=100).bare_m == pytest.approx(1000, abs=0.5)
    assert coverage(route, [east(500)], within_m=600).bare == ()


@given(
    eyes=st.lists(st.tuples(st.floats(-200, 1200), st.floats(-300, 300)), max_size=8),
    within_m=st.floats(5, 400),
)
def test_what_is_bare_has_no_camera_near_and_the_rest_has(
    eyes: list[tuple[float, float]], within_m: float
) -> None:
    route = [east(0), east(400), east(400, 300), east(1000, 300)]
    made = coverage(route, [east(*eye) for eye in eyes], within_m=within_m)
    corners = [(0.0, 0.0), (400.0, 0.0), (400.0, 300.0), (1000.0, 300.0)]
    for along in range(5, 1300, 37):
        left, point = float(along), corners[-1]
        for start, end in pairwise(corners):
            leg = math.dist(start, end)
            if left <= leg:
                share = left / leg
                point = (
                    start[0] + share * (end[0] - start[0]),
                    start[1] + share * (end[1] - start[1]),
                )
                break
            left -= leg
        nearest = min((math.dist(point, eye) for eye in eyes), default=math.inf)
        bare = any(it.from_m <= along <= it.to_m for it in made.bare)
        if nearest > within_m + 2:
            assert bare
        elif nearest < within_m - 2:
            assert not bare
    assert 0 <= made.bare_m <= made.length_m + 1
