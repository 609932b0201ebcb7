"""On-delay and off-delay, by any sequence of judgements and any passing of time."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from dashboard.domain.alerts.phase import IDLE, Name, advance, ripen, turns_at

NOW = datetime(2016, 9, 4, tzinfo=UTC)
ON, OFF = 60, 300


def at(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def test_it_rises_after_its_on_delay_and_falls_after_its_off_delay() -> None:
    phase = advance(IDLE, True, at(0), at(0), ON, OFF)
    assert phase.name is Name.PENDING
    assert turns_at(phase, ON, OFF) == at(60)
    phase = ripen(phase, at(60), ON, OFF)
    assert (phase.name, phase.since) == (Name.ACTIVE, at(0))
    phase = advance(phase, False, at(100), at(100), ON, OFF)
    assert (phase.name, turns_at(phase, ON, OFF)) == (Name.LEAVING, at(400))
    back = advance(phase, True, at(200), at(200), ON, OFF)
    assert (back.name, back.since) == (Name.ACTIVE, at(0))
    assert ripen(phase, at(400), ON, OFF) is IDLE


def test_what_cannot_be_told_changes_nothing() -> None:
    phase = advance(IDLE, True, at(0), at(90), ON, OFF)
    assert phase.up
    assert advance(phase, None, at(9999), at(9999), ON, OFF) == phase
    assert advance(IDLE, None, at(0), at(0), ON, OFF) == IDLE


@given(st.lists(st.tuples(st.integers(1, 500), st.sampled_from([True, False, None])), max_size=40))
def test_it_is_up_only_after_holding_long_enough_and_never_two_ways_at_once(told) -> None:
    phase, second = IDLE, 0
    held_since: int | None = None
    for passed, holds in told:
        second += passed
        before = ripen(phase, at(second), ON, OFF)
        after = advance(phase, holds, at(second), at(second), ON, OFF)
        if holds is None:
            assert after == before
        if holds is True and held_since is None:
            held_since = second
        if holds is False:
            held_since = None
        if after.up and not phase.up:
            assert after.since is not None
            assert at(second) - after.since >= timedelta(seconds=ON)
        phase = after
