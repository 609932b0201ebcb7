"""The city clock: speed, inverse, never backward."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from dashboard.domain.clock import FUTURE_TOLERANCE, CityClock, in_future

REAL = datetime(2026, 11, 23, 6, 30, tzinfo=UTC)
CITY = datetime(2021, 5, 7, 0, 0, tzinfo=UTC)


def test_city_time_runs_at_its_speed_from_its_anchor():
    clock = CityClock(CITY, REAL, 60.0)
    assert clock.at(REAL) == CITY
    assert clock.at(REAL + timedelta(seconds=90)) == CITY + timedelta(minutes=90)


def test_real_at_is_the_inverse():
    clock = CityClock(CITY, REAL, 120.0)
    real = REAL + timedelta(seconds=77)
    assert clock.real_at(clock.at(real)) == real


def test_times_come_out_in_utc():
    east = timezone(timedelta(hours=8))
    clock = CityClock(CITY.astimezone(east), REAL.astimezone(east))
    assert clock.at(REAL).tzinfo is UTC
    assert clock.real_at(CITY).tzinfo is UTC


def test_a_machine_clock_set_back_makes_it_stand_still():
    assert CityClock(CITY, REAL, 60.0).at(REAL - timedelta(hours=1)) == CITY


def test_a_new_speed_goes_on_from_what_is_shown():
    later = REAL + timedelta(minutes=10)
    slow = CityClock(CITY, REAL, 60.0).reanchored(later, speed=1.0)
    assert slow.at(later) == CITY + timedelta(hours=10)
    assert slow.at(later + timedelta(seconds=1)) == CITY + timedelta(hours=10, seconds=1)


def test_it_may_jump_ahead_and_never_back():
    clock = CityClock(CITY, REAL)
    ahead = CITY + timedelta(days=1)
    assert clock.reanchored(REAL, city=ahead).at(REAL) == ahead
    with pytest.raises(ValueError, match="never runs backward"):
        clock.reanchored(REAL, city=CITY - timedelta(seconds=1))


@pytest.mark.parametrize("speed", [0.0, -1.0, float("nan"), float("inf"), 1e9])
def test_no_impossible_speed(speed):
    with pytest.raises(ValueError, match="speed"):
        CityClock(CITY, REAL, speed)


def test_no_time_without_zone():
    with pytest.raises(ValueError, match="zone"):
        CityClock(CITY.replace(tzinfo=None), REAL)


def test_the_future_begins_after_five_minutes():
    assert not in_future(CITY + FUTURE_TOLERANCE, CITY)
    assert in_future(CITY + FUTURE_TOLERANCE + timedelta(seconds=1), CITY)
