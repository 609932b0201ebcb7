"""Profiles: laid over each other in order, and refused by the member at fault."""

import pytest

from dashboard.domain.profiles import ProfileError, of_mode, read
from data_access.profiles import shipped


def test_what_a_higher_level_adds_lies_over_what_every_level_has() -> None:
    low = of_mode(shipped(), kind="emergency", scenario="flood-typhoon", level=4)
    high = of_mode(shipped(), kind="emergency", scenario="flood-typhoon", level=1)
    assert low.rules["level-rise"] == high.rules["level-rise"]
    assert "level-warning" not in low.rules
    assert high.rules["level-warning"]["priority"] == 1
    assert (low.report_every_min, high.report_every_min) == (720, 30)
    assert set(low.posts) < set(high.posts)


def test_routine_judges_nothing_otherwise() -> None:
    routine = of_mode(shipped(), kind=None, scenario=None, level=None)
    assert (routine.rules, routine.ladders, routine.posts) == ({}, {}, ())


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({}, "–"),
        ([{"mode": "emergency"}], "id"),
        ([{"id": "a", "mode": "war"}], "mode"),
        ([{"id": "a", "mode": "event", "colour": 1}], "colour"),
        ([{"id": "a", "mode": "event", "levels": [5]}], "levels"),
        ([{"id": "a", "mode": "event", "rules": {"r": {"x": 1}}}], "rules.r"),
        ([{"id": "a", "mode": "event", "rules": {"r": {"priority": 9}}}], "rules.r.priority"),
        ([{"id": "a", "mode": "event"}, {"id": "a", "mode": "event"}], "id"),
        ([{"id": "a", "mode": "event", "report_every_min": 0}], "report_every_min"),
    ],
)
def test_what_cannot_be_is_refused_by_its_member(told, field) -> None:
    with pytest.raises(ProfileError) as refused:
        read(told)
    assert refused.value.field == field
