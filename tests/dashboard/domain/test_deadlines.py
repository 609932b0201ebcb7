"""Limits in working time, properties of every calendar, and which rule a case has."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.domain.calendar import Calendar, Window, calendar_for
from dashboard.domain.deadlines import (
    Extension,
    Matter,
    Rule,
    Rules,
    Run,
    due_by,
    in_force,
    near_from,
    spent_of,
)

CHINA = ZoneInfo("Asia/Shanghai")
NEW_YORK = ZoneInfo("America/New_York")
HOUR = timedelta(hours=1)
CALENDARS = {
    "Asia/Shanghai": calendar_for("Asia/Shanghai"),
    "America/New_York": calendar_for("America/New_York", {date(2026, 7, 4): False}),
}


def rule(limit: float, unit: str, **more) -> Rule:
    return Rule(id="r", version=1, limit=limit, unit=unit, **more)


def due(at: datetime, limit: float, unit: str, zone: str = "Asia/Shanghai", **more) -> datetime:
    found = due_by(rule(limit, unit, **more), [Run(at.astimezone(UTC), None)], CALENDARS[zone])
    assert found is not None
    return found.astimezone(at.tzinfo)


def local(zone: ZoneInfo, *args: int) -> datetime:
    return datetime(*args, tzinfo=zone)


def test_urgent_hours_run_round_the_clock() -> None:
    night = local(CHINA, 2026, 7, 3, 23, 30)
    assert due(night, 2, "urgent_hour") == local(CHINA, 2026, 7, 4, 1, 30)
    assert due(night, 2, "hour") == local(CHINA, 2026, 7, 4, 1, 30)
    assert due(night, 10, "minute") == local(CHINA, 2026, 7, 3, 23, 40)


def test_working_hours_run_inside_their_window() -> None:
    at = local(CHINA, 2026, 7, 3, 16)  # a Friday
    assert due(at, 2, "work_hour") == local(CHINA, 2026, 7, 3, 18)
    assert due(at, 3, "work_hour") == local(CHINA, 2026, 7, 4, 9)
    assert due(at, 3, "work_hour", days="workdays") == local(CHINA, 2026, 7, 6, 9)
    assert due(at, 3, "work_hour", opens=time(9), closes=time(17)) == local(CHINA, 2026, 7, 4, 11)
    assert due(local(CHINA, 2026, 7, 4, 3), 1, "work_hour") == local(CHINA, 2026, 7, 4, 9)


def test_working_days_skip_weekends_and_holidays_and_take_shifted_workdays() -> None:
    assert due(local(CHINA, 2026, 7, 3, 10), 1, "work_day") == local(CHINA, 2026, 7, 6, 10)
    assert due(local(CHINA, 2026, 7, 4, 10), 1, "work_day") == local(CHINA, 2026, 7, 7)
    # National Day of 2016: the first to the seventh; the eighth and the ninth, a weekend, worked.
    assert due(local(CHINA, 2016, 9, 30, 10), 1, "work_day") == local(CHINA, 2016, 10, 8, 10)
    assert due(local(CHINA, 2016, 9, 30, 10), 3, "work_day") == local(CHINA, 2016, 10, 10, 10)


def test_a_sites_own_days_win_and_past_the_official_years_it_goes_by_weekday() -> None:
    days = {date(2026, 7, 6): False, date(2016, 10, 3): True}
    calendar = calendar_for("Asia/Shanghai", days)
    found = due_by(
        rule(1, "work_day"), [Run(local(CHINA, 2026, 7, 3, 10).astimezone(UTC), None)], calendar
    )
    assert found == local(CHINA, 2026, 7, 7, 10)
    assert calendar.is_workday(date(2016, 10, 3))
    assert not calendar.is_workday(date(2016, 10, 4))
    assert calendar.official_until is not None
    beyond = date(calendar.official_until + 1, 10, 4)
    assert calendar.is_workday(beyond) == (beyond.weekday() < 5)
    assert not calendar.is_official(beyond)
    assert calendar_for("Asia/Shanghai", {beyond: False}).is_official(beyond)
    assert not CALENDARS["America/New_York"].is_official(date(2016, 7, 4))


def test_daylight_saving_moves_hours_that_passed_and_no_window() -> None:
    saturday = local(NEW_YORK, 2026, 3, 7, 12)  # the clocks go forward on Sunday
    assert due(saturday, 24, "urgent_hour", "America/New_York").hour == 13
    assert due(saturday, 6, "work_hour", "America/New_York") == saturday + 6 * HOUR
    assert due(saturday, 8, "work_hour", "America/New_York") == local(NEW_YORK, 2026, 3, 8, 10)
    friday = local(NEW_YORK, 2026, 3, 6, 12)
    assert due(friday, 2, "work_day", "America/New_York") == local(NEW_YORK, 2026, 3, 10, 12)
    night = {"opens": time(0), "closes": time(4)}
    spring = due(local(NEW_YORK, 2026, 3, 8, 0), 3, "work_hour", "America/New_York", **night)
    assert spring == local(NEW_YORK, 2026, 3, 8, 4)  # three hours pass from midnight to four
    autumn = due(local(NEW_YORK, 2026, 11, 1, 0), 5, "work_hour", "America/New_York", **night)
    assert autumn == local(NEW_YORK, 2026, 11, 1, 4)  # and five here


def test_a_stop_moves_a_deadline_by_the_working_time_that_it_took() -> None:
    calendar = CALENDARS["Asia/Shanghai"]
    begin = local(CHINA, 2026, 7, 1, 9).astimezone(UTC)
    runs = [Run(begin, begin + 2 * HOUR), Run(begin + 26 * HOUR, None)]
    found = due_by(rule(5, "work_hour"), runs, calendar)
    assert found == local(CHINA, 2026, 7, 2, 14)
    # What ran out before the stop stays overdue.
    assert due_by(rule(1, "work_hour"), runs, calendar) == begin + HOUR


def test_an_extension_adds_its_amount_or_sets_what_it_says() -> None:
    calendar = CALENDARS["Asia/Shanghai"]
    begin = local(CHINA, 2026, 7, 1, 9).astimezone(UTC)
    runs = [Run(begin, None)]
    by = rule(2, "work_hour")
    assert due_by(by, runs, calendar, [Extension(begin, None)]) == begin + 4 * HOUR
    more = rule(2, "work_hour", extension=1)
    assert due_by(more, runs, calendar, [Extension(begin, None)] * 2) == begin + 4 * HOUR
    said = Extension(begin, begin + 50 * HOUR)
    assert due_by(by, runs, calendar, [said]) == begin + 50 * HOUR
    assert due_by(by, runs, calendar, [Extension(begin, begin)]) == begin + 2 * HOUR
    assert due_by(by, [], calendar) is None


# ── properties ───────────────────────────────────────────────────────────────────────────────────

_BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
zones = st.sampled_from(sorted(CALENDARS))
moments = st.integers(0, 365 * 24 * 60).map(lambda m: _BEGIN + timedelta(minutes=m))
spans = st.integers(0, 20 * 24 * 60).map(lambda m: timedelta(minutes=m))
limits = st.floats(0.1, 40, allow_nan=False)
windows = st.sampled_from(
    [
        {"unit": "urgent_hour"},
        {"unit": "work_day"},
        {"unit": "work_hour"},
        {"unit": "work_hour", "days": "workdays"},
        {"unit": "work_hour", "opens": time(1), "closes": time(3)},
        {"unit": "work_hour", "opens": time(0), "closes": time(23, 59)},
    ]
)


@settings(max_examples=250, deadline=None)
@given(zones, windows, limits, limits, moments, spans)
def test_limits_are_monotonic(zone, window, limit, more, start, later) -> None:
    calendar = CALENDARS[zone]
    found = due_by(rule(limit, **window), [Run(start, None)], calendar)
    longer = due_by(rule(limit + more, **window), [Run(start, None)], calendar)
    after = due_by(rule(limit, **window), [Run(start + later, None)], calendar)
    assert found is not None
    assert longer is not None
    assert after is not None
    assert start <= found <= longer
    assert found <= after


@settings(max_examples=250, deadline=None)
@given(zones, windows, limits, moments, spans, spans, spans, spans)
def test_suspending_never_moves_a_deadline_earlier(
    zone, window, limit, start, ran, stood, ran_again, stood_again
) -> None:
    calendar = CALENDARS[zone]
    by = rule(limit, **window)
    before = due_by(by, [Run(start, None)], calendar)
    held, resumed = start + ran, start + ran + stood
    once = due_by(by, [Run(start, held), Run(resumed, None)], calendar)
    again = [
        Run(start, held),
        Run(resumed, resumed + ran_again),
        Run(resumed + ran_again + stood_again, None),
    ]
    twice = due_by(by, again, calendar)
    assert before is not None
    assert once is not None
    assert twice is not None
    assert due_by(by, [Run(start, held)], calendar) == before
    assert before <= once <= twice
    assert once <= before + stood + timedelta(days=12)  # and by little more than the stop


@settings(max_examples=150, deadline=None)
@given(zones, windows, limits, moments)
def test_what_passed_until_a_deadline_is_the_limit(zone, window, limit, start) -> None:
    by = rule(limit, **window)
    found = due_by(by, [Run(start, None)], CALENDARS[zone])
    passed = spent_of(by, Run(start, found), CALENDARS[zone])
    assert passed == pytest.approx(by.whole, abs=1.1)


@settings(max_examples=150, deadline=None)
@given(zones, windows, limits, moments)
def test_near_lies_between_the_begin_and_the_deadline(zone, window, limit, start) -> None:
    by, run = rule(limit, **window), Run(start, None)
    due_at = due_by(by, [run], CALENDARS[zone])
    assert due_at is not None
    share = near_from(
        due_at,
        start,
        share=0.3,
        before=None,
        rule=by,
        last=run,
        calendar=CALENDARS[zone],
    )
    assert share is not None
    assert start <= share <= due_at
    both = near_from(due_at, start, share=0.3, before=2 * HOUR)
    assert both is not None
    assert both <= due_at - 2 * HOUR


def test_a_calendar_without_a_worked_day_says_so() -> None:
    never = Calendar(CHINA, {})
    with pytest.raises(ValueError, match="no day"):
        never.add(0.0, 1.0, Window(time(9), time(8)))


# ── which rule ───────────────────────────────────────────────────────────────────────────────────


def test_the_rule_that_names_most_holds() -> None:
    def of(id_: str, **names) -> Rule:
        return Rule(id=id_, version=1, limit=1, unit="hour", **names)

    rules = Rules(
        1,
        [
            of("any"),
            of("event", kind="event"),
            of("class", kind="event", subcategory="01"),
            of("condition", condition="严重"),
            of("exact", kind="event", subcategory="0102"),
            of("exact-bad", kind="event", subcategory="0102", condition="严重"),
            of("exact-centre", kind="event", subcategory="0102", zone="一类"),
            of("exact-flood", kind="event", subcategory="0102", mode="emergency"),
            of("desk", clock="accept"),
        ],
    )

    def chosen(kind: str, code: str, **more) -> str | None:
        found = rules.choose("disposal", Matter(kind, code, **more))
        return found and found.id

    assert chosen("component", "0102") == "any"
    assert chosen("event", "0501") == "event"
    assert chosen("event", "0101") == "class"
    assert chosen("event", "0101", condition="严重") == "condition"
    assert chosen("event", "0102") == "exact"
    assert chosen("event", "0102", condition="一般", zone="二类") == "exact"
    assert chosen("event", "0102", condition="严重") == "exact-bad"
    assert chosen("event", "0102", zone="一类") == "exact-centre"
    assert chosen("event", "0102", mode="emergency", zone="一类") == "exact-flood"
    found = rules.choose("accept", Matter("event", "0102"))
    assert found is not None
    assert found.id == "desk"
    assert rules.choose("check", Matter("event", "0102")) is None


def test_a_case_stands_under_the_version_of_its_filing() -> None:
    later = datetime(2026, 7, 1, tzinfo=UTC)
    versions = [Rules(1, []), Rules(2, [], later), Rules(3, [], later + HOUR)]
    assert in_force(versions, later - HOUR) is versions[0]
    assert in_force(versions, later) is versions[1]
    assert in_force(versions, later + 9 * HOUR) is versions[2]
    assert in_force(versions[1:], later - HOUR) is None
