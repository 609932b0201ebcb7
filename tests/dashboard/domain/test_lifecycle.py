"""The state machine: what each move does to the clocks, whatever the order of the news."""

import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.domain.cases import MARKS, STAGES, TERMINAL, Stage
from dashboard.domain.lifecycle import MOVES, Effect, Happening, can_move, fold, move_of

T = datetime(2026, 7, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)


def at(hours: float) -> datetime:
    return T + hours * HOUR


def stage(code: str, hours: float) -> Happening:
    return Happening("stage", code, at(hours))


def mark(code: str, hours: float, until: float | None = None) -> Happening:
    return Happening("mark", code, at(hours), None if until is None else at(until))


ROAD = [stage("reported", 0), stage("accepted", 1), stage("filed", 2), stage("dispatched", 3)]


def test_the_clock_starts_with_dispatch_and_stops_at_the_units_answer() -> None:
    clocks = fold([*ROAD, stage("handling", 4)])
    assert (clocks.filed_at, clocks.clock_from, clocks.running_since) == (at(2), at(3), at(3))
    clocks = fold([*ROAD, stage("handling", 4), stage("handled", 8), stage("checking", 9)])
    assert clocks.running_since is None
    assert (clocks.handled_at, clocks.spent) == (at(8), 5 * HOUR)
    assert (clocks.desk, clocks.desk_since) == ("check", at(8))


def test_rework_goes_on_from_where_the_clock_stood() -> None:
    again = [*ROAD, stage("handled", 8), stage("checking", 9), stage("handling", 20)]
    clocks = fold(again)
    assert (clocks.handled_at, clocks.running_since, clocks.spent) == (None, at(20), 5 * HOUR)
    clocks = fold([*again, stage("handled", 22), stage("closed", 23)])
    assert (clocks.handled_at, clocks.spent, clocks.odd) == (at(22), 7 * HOUR, {})


@pytest.mark.parametrize("code", ["suspended", "deferred"])
def test_a_pause_stops_the_clock_until_it_ends(code) -> None:
    held = [*ROAD, mark(code, 5)]
    clocks = fold(held)
    assert (clocks.running_since, clocks.paused_since, clocks.spent) == (None, at(5), 2 * HOUR)
    clocks = fold([*held, Happening("unmark", code, at(50))])
    assert (clocks.running_since, clocks.paused, clocks.paused_since) == (at(50), 45 * HOUR, None)
    clocks = fold([*held, stage("handled", 60)])  # answered without saying that the pause ended
    assert (clocks.handled_at, clocks.paused, clocks.spent) == (at(60), 55 * HOUR, 2 * HOUR)


def test_two_pauses_at_once_are_one() -> None:
    clocks = fold(
        [
            *ROAD,
            mark("suspended", 5),
            mark("deferred", 6),
            Happening("unmark", "suspended", at(10)),
            Happening("unmark", "deferred", at(20)),
        ]
    )
    assert (clocks.paused, clocks.running_since) == (15 * HOUR, at(20))


def test_another_unit_begins_with_its_whole_limit() -> None:
    clocks = fold([*ROAD, mark("returned", 10), stage("dispatched", 11), stage("handling", 12)])
    assert (clocks.clock_from, clocks.running_since, clocks.spent) == (at(11), at(11), 0 * HOUR)
    clocks = fold([*ROAD, stage("filed", 10), stage("dispatched", 12)])
    assert (clocks.clock_from, clocks.odd) == (at(12), {})


@pytest.mark.parametrize("code", ["urged", "supervised", "self_handled", "extended", "reworked"])
def test_other_marks_touch_no_clock(code) -> None:
    without = fold(ROAD)
    clocks = fold([*ROAD, mark(code, 6, until=90)])
    assert (clocks.runs, clocks.odd) == (without.runs, {})
    assert [it.until for it in clocks.extensions] == ([at(90)] if code == "extended" else [])


@pytest.mark.parametrize(
    ("record", "odd"),
    [
        ([*ROAD, stage("accepted", 5)], "accepted"),
        ([*ROAD, stage("declined", 5)], "declined"),
        ([*ROAD, stage("closed", 5), stage("handling", 6)], "handling"),
        ([stage("reported", 0), stage("voided", 1), stage("filed", 2)], "filed"),
        ([stage("reported", 0), mark("suspended", 1)], "suspended"),
        ([*ROAD, stage("closed", 5), mark("supervised", 6)], "supervised"),
    ],
)
def test_an_impossible_move_is_odd_and_breaks_nothing(record, odd) -> None:
    clocks = fold(record)
    assert [record[n].code for n in clocks.odd] == [odd]
    assert clocks.stage == [it.code for it in record if it.kind == "stage"][-1]


def test_steps_that_a_feed_leaves_out_are_not_odd() -> None:
    assert fold([stage("reported", 0), stage("closed", 9)]).odd == {}
    assert fold([stage("handling", 0), stage("closed", 9)]).odd == {}
    assert can_move("reported", "dispatched")
    assert not can_move("dispatched", "declined")


def test_every_move_is_of_stages_that_are_open_and_says_its_effect() -> None:
    assert {it.to for it in MOVES} == set(STAGES)
    for move in MOVES:
        assert move.of not in TERMINAL
    found = move_of(Stage.CHECKING, Stage.HANDLING)
    assert found is not None
    assert found.effect is Effect.GO_ON


_EVENTS = st.one_of(
    st.tuples(st.just("stage"), st.sampled_from(sorted(STAGES))),
    st.tuples(st.sampled_from(["mark", "unmark"]), st.sampled_from(sorted(MARKS))),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(_EVENTS, max_size=14), st.randoms(use_true_random=False))
def test_any_record_folds_the_same_in_whatever_order_it_came(events, rng: random.Random) -> None:
    record = [Happening(kind, code, at(n)) for n, (kind, code) in enumerate(events)]
    clocks = fold(record)
    shuffled = record.copy()
    rng.shuffle(shuffled)
    other = fold(shuffled)
    assert {shuffled[n] for n in other.odd} == {record[n] for n in clocks.odd}
    other.odd = clocks.odd
    assert other == clocks
    assert all(run.until is None or run.since <= run.until for run in clocks.runs)
    assert clocks.paused >= timedelta(0)
    assert clocks.running_since is None or clocks.stage in ("dispatched", "handling")
