"""Profiles: laid over each other in order, and refused by the member at fault."""

import pytest

from dashboard.domain.profiles import ProfileError, of_mode, read
from dashboard.domain.treatments import choose
from data_access.profiles import shipped


def test_what_a_higher_level_adds_lies_over_what_every_level_has() -> None:
    low = of_mode(shipped(), kind="emergency", scenario="flood-typhoon", level=4)
    high = of_mode(shipped(), kind="emergency", scenario="flood-typhoon", level=1)
    assert low.rules["level-rise"] == high.rules["level-rise"]
    assert "level-warning" not in low.rules
    assert high.rules["level-warning"]["priority"] == 1
    assert (low.report_every_min, high.report_every_min) == (720, 30)
    assert set(low.posts) < set(high.posts)


def test_a_higher_level_shortens_the_limits_of_the_same_classes() -> None:
    def limit(level: int, code: str) -> int | None:
        profile = of_mode(shipped(), kind="emergency", scenario="flood-typhoon", level=level)
        entry = choose(profile.cases, kind="event", subcategory=code, path="330100")
        return entry and entry.limit_min

    assert [limit(level, "0406") for level in (4, 3, 2, 1)] == [120, 120, 60, 30]
    assert limit(1, "0409") is None
    assert all(it.treatment != "defer" for profile in shipped() for it in profile.cases)


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
        (
            [{"id": "a", "mode": "emergency", "key_classes": {"covers": ["event"]}}],
            "key_classes",
        ),
        ([{"id": "a", "mode": "event", "key_classes": {"trees": ["event"]}}], "key_classes"),
        ([{"id": "a", "mode": "event", "key_classes": {"roads": []}}], "key_classes.roads"),
        *(
            ([{"id": "a", "mode": "event", "cases": cases}], f"cases{where}")
            for cases, where in (
                ({"hurry": []}, ""),
                ({"usual": {}}, ".usual"),
                ({"usual": [{"classes": ["event"], "x": 1}]}, ".usual.1"),
                ({"usual": [{"classes": ["events/04"]}]}, ".usual.1.classes"),
                ({"usual": [{"classes": []}]}, ".usual.1.classes"),
                ({"usual": [{"classes": ["event"], "areas": "x"}]}, ".usual.1.areas"),
                ({"usual": [{"classes": ["event"], "limit_min": 1}]}, ".usual.1.limit_min"),
                ({"expedite": [{"classes": ["event"]}]}, ".expedite.1.limit_min"),
                (
                    {"expedite": [{"classes": ["event"], "limit_min": True}]},
                    ".expedite.1.limit_min",
                ),
                (
                    {"usual": [{"classes": ["event"]}], "defer": [{"classes": ["event"]}]},
                    ".defer.1.classes",
                ),
            )
        ),
    ],
)
def test_what_cannot_be_is_refused_by_its_member(told, field) -> None:
    with pytest.raises(ProfileError) as refused:
        read(told)
    assert refused.value.field == field
