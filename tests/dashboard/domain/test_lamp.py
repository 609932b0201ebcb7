"""The lamp 绿 / 黄 / 红 / 灰 and the desk's 超时."""

from datetime import UTC, datetime, timedelta

import pytest

from dashboard.domain.lamp import is_late, lamp_of

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("stage", "marks", "due", "near", "lamp"),
    [
        ("handling", (), 5, 1, "green"),
        ("handling", (), 5, 0, "yellow"),
        ("dispatched", (), 1, -1, "yellow"),
        ("handling", (), 0, -1, "yellow"),
        ("handling", (), -1, -3, "red"),
        ("handling", ("urged", "supervised"), -1, -3, "red"),
        ("handling", ("suspended",), -1, -3, "grey"),
        ("handling", ("deferred",), 5, 1, "grey"),
        ("handling", (), None, None, None),
        ("handled", (), -1, -3, None),
        ("closed", (), -1, -3, None),
        ("closed", ("suspended",), -1, -3, None),
    ],
)
def test_lamp(stage, marks, due, near, lamp) -> None:
    def at(hours: float | None) -> datetime | None:
        return None if hours is None else NOW + hours * HOUR

    assert lamp_of(stage, marks, at(due), at(near), NOW) == lamp


def test_the_desk_is_late_after_its_own_limit() -> None:
    assert is_late("reported", NOW - HOUR, NOW)
    assert not is_late("reported", NOW + HOUR, NOW)
    assert not is_late("reported", None, NOW)
    assert not is_late("closed", NOW - HOUR, NOW)
