"""The life of a case: live, overdue, the order of stages."""

from datetime import UTC, datetime, timedelta

import pytest

from dashboard.domain import cases

NOW = datetime(2026, 11, 23, 6, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_stages_stand_in_the_order_of_the_road():
    assert list(cases.STAGES) == [
        "reported", "accepted", "verifying", "filed", "dispatched", "handling",
        "handled", "checking", "closed", "declined", "voided",
    ]  # fmt: skip
    assert cases.STAGE_ORDER["reported"] == 0


@pytest.mark.parametrize("stage", sorted(cases.OPEN))
def test_open_cases_are_live(stage):
    assert cases.is_open(stage)
    assert cases.is_live(stage, None, NOW)
    assert cases.is_live(stage, NOW - 1_000 * HOUR, NOW)


@pytest.mark.parametrize("stage", sorted(cases.TERMINAL))
def test_ended_cases_are_live_for_a_day(stage):
    assert not cases.is_open(stage)
    assert cases.is_live(stage, NOW - 23 * HOUR, NOW)
    assert not cases.is_live(stage, NOW - 24 * HOUR, NOW)
    assert not cases.is_live(stage, None, NOW)


@pytest.mark.parametrize(
    ("stage", "due", "marks", "overdue"),
    [
        ("handling", -HOUR, (), True),
        ("dispatched", -HOUR, (), True),
        ("reported", -HOUR, ("urged",), True),
        ("handling", HOUR, (), False),
        ("handling", timedelta(), (), False),
        ("handled", -HOUR, (), False),
        ("checking", -HOUR, (), False),
        ("closed", -HOUR, (), False),
        ("voided", -HOUR, (), False),
        ("handling", -HOUR, ("suspended",), False),
    ],
)
def test_overdue_is_past_due_without_feedback(stage, due, marks, overdue):
    assert cases.is_overdue(stage, NOW + due, NOW, marks) is overdue


def test_without_a_deadline_nothing_is_overdue():
    assert not cases.is_overdue("handling", None, NOW)
