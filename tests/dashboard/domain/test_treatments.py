"""加急 and 顺延: which class has which, and that no act makes anybody late or loses a clock."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.domain.calendar import calendar_for
from dashboard.domain.deadlines import Rule, Run, due_by
from dashboard.domain.lifecycle import Happening, fold
from dashboard.domain.treatment_clocks import (
    deferred,
    emergency_due,
    is_deferred,
    pause,
    tightened,
)
from dashboard.domain.treatments import (
    USUAL,
    Entry,
    Hold,
    Limit,
    Treatment,
    Want,
    choose,
    follow,
    revoke,
)

T = datetime(2026, 7, 3, 4, tzinfo=UTC)  # a Friday, noon in the city
CALENDAR = calendar_for("Asia/Shanghai")
EXPEDITE, DEFER = Treatment.EXPEDITE, Treatment.DEFER
ROUTINE = Rule(id="r", version=1, limit=6, unit="work_hour", opens=time(7), closes=time(21))
STORM = Rule(id="s", version=1, limit=2, unit="urgent_hour", mode="emergency")


def at(hours: float) -> datetime:
    return T + timedelta(hours=hours)


def hold(since: float, treatment: str = EXPEDITE, until: float | None = None, **more) -> Hold:
    limits = tuple(Limit(at(hour), minutes) for hour, minutes in more.pop("limits", ()))
    end = None if until is None else at(until)
    return Hold(
        operation=more.pop("operation", "O1"),
        treatment=treatment,
        mode="emergency",
        since=at(since),
        until=end,
        limits=limits,
        **more,
    )


def acts(story, held=None, **more) -> list[Hold]:
    return follow(held, story, operation="O1", mode="emergency", now=at(99), **more)


def test_the_entry_that_names_most_decides_and_of_equals_the_later() -> None:
    entries = (
        Entry(treatment=EXPEDITE, classes=("event/04",), limit_min=240),
        Entry(treatment=Treatment.USUAL, classes=("event/0409",)),
        Entry(treatment=EXPEDITE, classes=("event/04",), limit_min=60),
        Entry(treatment=DEFER, classes=("component",), areas=("330106",)),
    )

    def found(kind: str, code: str, path: str = "330100/330106/1") -> tuple | None:
        entry = choose(entries, kind=kind, subcategory=code, path=path)
        return entry and (entry.treatment, entry.limit_min)

    assert found("event", "0406") == (EXPEDITE, 60)
    assert found("event", "0409") == (Treatment.USUAL, None)
    assert found("event", "0102") is None
    assert found("component", "0101") == (DEFER, None)
    assert found("component", "0101", "330100/330105/1") is None


def test_a_hold_begins_gets_another_limit_and_ends_at_the_moments_of_the_acts() -> None:
    story = [(at(0), Want(EXPEDITE, 240)), (at(1), Want(EXPEDITE, 60)), (at(2), USUAL)]
    (begun,) = acts(story[:1])
    assert (begun.since, begun.limits) == (at(0), (Limit(at(0), 240),))
    (raised,) = acts(story[:2], begun)
    assert raised.limits == (Limit(at(0), 240), Limit(at(1), 60))
    assert acts(story[:2]) == [raised], "whoever comes late finds the same"
    assert acts(story[:2], raised) == []
    (let_go,) = acts(story, raised)
    assert let_go.until == at(2)
    assert acts(story) == []
    again = [*story, (at(3), Want(DEFER))]
    assert acts(again)[0] == hold(3, DEFER)
    assert acts(story[:2], raised, ended_at=at(5)) == [replace(raised, until=at(5))]
    assert acts(story[:1], answered=True) == []
    # The case itself became another matter: its limit counts from then.
    (moved,) = acts(story[:1], moved_at=at(0.5))
    assert (moved.since, moved.limits) == (at(0.5), (Limit(at(0.5), 240),))
    assert acts([(at(0), USUAL)], begun, moved_at=at(0.5))[0].until == at(0.5)
    assert revoke(let_go, at(9)) == replace(let_go, revoked=True)


def test_the_clock_goes_on_from_where_it_stood() -> None:
    record = [Happening("stage", "dispatched", at(-2))]

    def clocks(*holds: Hold):
        read = fold(record)
        pause(read, holds)
        return read

    stands = clocks(hold(0, DEFER))
    assert (stands.running_since, stands.spent, stands.paused_since) == (
        None,
        timedelta(hours=2),
        at(0),
    )
    assert due_by(ROUTINE, stands.runs, CALENDAR) == at(4)
    went_on = clocks(hold(0, DEFER, until=3))
    assert (went_on.running_since, went_on.paused) == (at(3), timedelta(hours=3))
    assert due_by(ROUTINE, went_on.runs, CALENDAR) == at(7)
    plain = fold(record)
    assert clocks(hold(0, DEFER, until=3, revoked=True)) == plain
    # What another operation expedites runs on, and what was sent while all stood has a deadline.
    both = (hold(0, DEFER, until=4), hold(1, operation="O2", until=2))
    assert deferred(both) == [(at(0), at(1)), (at(2), at(4))]
    assert due_by(ROUTINE, clocks(hold(-3, DEFER)).runs, CALENDAR) == at(4)
    record.append(Happening("stage", "handled", at(1)))
    assert is_deferred(clocks(hold(0, DEFER, until=3)), [hold(0, DEFER, until=3)])
    assert not is_deferred(clocks(), [hold(2, DEFER, until=3)])


def test_a_level_that_rises_tightens_from_now_and_one_that_falls_makes_nobody_late() -> None:
    runs = [Run(at(-9), None)]

    def due(*limits: tuple[float, int | None], ran=runs) -> datetime | None:
        return emergency_due(hold(0, limits=limits), ran, CALENDAR)

    assert due((0, 120)) == at(2)
    assert due((0, 240), (1, 60)) == at(2)
    assert due((0, 240), (3.5, 60)) == at(4), "a raise gives nobody more time"
    assert due((0, 60), (0.5, 240)) == at(4)
    assert due((0, 240), (3, 60), (3.5, 90)) == at(4)
    assert due((0, 60), (2, 240)) == at(1), "what was over stays so"
    assert due((0, None), (1, 60)) == at(2)
    assert due((0, 60), (0.5, None)) is None
    assert due((0, 60), ran=[Run(at(-9), at(-1))]) is None
    assert due((0, 60), ran=[Run(at(-9), at(0.5)), Run(at(5), None)]) == at(5.5)


hours = st.floats(-200, 200).map(lambda hour: round(hour, 3))
spans = st.lists(st.tuples(st.floats(0.01, 30), st.floats(0.01, 30)), min_size=1, max_size=4)
minutes = st.integers(1, 2_000)


def _runs(first: float, stretches, *, goes_on: bool) -> list[Run]:
    found, moment = [], first
    for ran, stood in stretches:
        found.append(Run(at(moment), at(moment + ran)))
        moment += ran + stood
    if goes_on:
        found[-1] = Run(found[-1].since, None)
    return found


@settings(max_examples=200, deadline=None)
@given(hours, spans, st.booleans(), hours, st.lists(st.tuples(st.floats(0, 50), minutes)))
def test_no_act_makes_a_deadline_lie_before_it(first, stretches, goes_on, since, later) -> None:
    runs = _runs(first, stretches, goes_on=goes_on)
    moment, limits = since, []
    for step, limit in later or [(0, 60)]:
        moment += step
        limits.append((moment, limit))
    stands = hold(limits[0][0], limits=limits)
    for n in range(1, len(limits) + 1):
        before = emergency_due(replace(stands, limits=stands.limits[: n - 1]), runs, CALENDAR)
        after = emergency_due(replace(stands, limits=stands.limits[:n]), runs, CALENDAR)
        act = stands.limits[n - 1].since
        if before is not None and before <= act:
            assert after == before, "an overdue is not washed away"
        elif after is not None:
            assert after > act
            shorter = n > 1 and limits[n - 1][1] < limits[n - 2][1]
            assert before is None or (after <= before if shorter else after >= before)
    ordinary = due_by(ROUTINE, runs, CALENDAR)
    found = tightened(ordinary, stands.since, STORM, runs, CALENDAR)
    assert found <= ordinary
    assert found == ordinary if ordinary <= stands.since else found > stands.since


@settings(max_examples=200, deadline=None)
@given(hours, spans, st.booleans(), hours, st.floats(0.01, 60), hours, st.floats(0.01, 60))
def test_what_stood_is_given_back_whole(first, stretches, goes_on, one, long, two, wide) -> None:
    record = [Happening("stage", "dispatched", at(first))]
    plain = fold(record)
    plain.runs = _runs(first, stretches, goes_on=goes_on)
    before = [*plain.runs]
    holds = [hold(one, DEFER, until=one + long), hold(two, DEFER, until=two + wide)]
    pause(plain, holds)
    stood = sum(
        (
            max(min(run.until or end, end) - max(run.since, begins), timedelta())
            for run in before
            for begins, end in deferred(holds)
        ),
        timedelta(),
    )
    assert plain.paused == stood
    ran = sum(((run.until or at(500)) - run.since for run in before), timedelta())
    runs_on = sum(((run.until or at(500)) - run.since for run in plain.runs), timedelta())
    assert ran - runs_on == stood
    assert due_by(ROUTINE, plain.runs, CALENDAR) >= due_by(ROUTINE, before, CALENDAR)
    undone = fold(record)
    undone.runs = [*before]
    pause(undone, [revoke(it, at(500)) for it in holds])
    assert undone.runs == before
