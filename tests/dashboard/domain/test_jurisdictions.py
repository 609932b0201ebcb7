"""Scopes as paths: who sees what."""

import pytest

from dashboard.domain import jurisdictions as j

CITY, DISTRICT, STREET = "330100", "330100/330106", "330100/330106/330106005"


@pytest.mark.parametrize(
    ("scope", "row", "seen"),
    [
        (CITY, CITY, True),
        (CITY, STREET, True),
        (DISTRICT, STREET, True),
        (STREET, DISTRICT, False),
        (DISTRICT, "330100/330105", False),
        (DISTRICT, "330100/3301060", False),
        ("33010", CITY, False),
    ],
)
def test_a_scope_sees_itself_and_below(scope, row, seen):
    assert j.visible(scope, row) is seen
    assert (scope in j.ancestors(row)) is seen


def test_parts_of_a_path():
    assert j.join("330100", "330106", "330106005") == STREET
    assert j.ids(STREET) == ("330100", "330106", "330106005")
    assert j.city_of(STREET) == CITY
    assert j.leaf_of(STREET) == "330106005"
    assert j.parent_of(STREET) == DISTRICT
    assert j.parent_of(CITY) is None
    assert j.ancestors(STREET) == (CITY, DISTRICT, STREET)


@pytest.mark.parametrize("ids", [(), ("",), ("330100", ""), ("330100", "a/b")])
def test_a_path_is_made_of_plain_ids(ids):
    with pytest.raises(ValueError, match="scope path"):
        j.join(*ids)


def test_scopes_within_others_fall_away():
    assert j.least([STREET, DISTRICT, "330100/330105", DISTRICT]) == ("330100/330105", DISTRICT)
    assert j.least([STREET, CITY]) == (CITY,)


@pytest.mark.parametrize(
    ("code", "level"),
    [
        ("330100", j.Level.CITY),
        ("330106", j.Level.DISTRICT),
        ("330106005", j.Level.SUBDISTRICT),
        ("330106005012", j.Level.COMMUNITY),
        ("330106005012007", j.Level.GRID),
        ("Dorchester", None),
        ("3301", None),
        ("３３０１０６", None),
    ],
)
def test_a_national_code_says_its_level(code, level):
    assert j.level_of_code(code) is level


def test_every_command_model_has_its_motto():
    assert set(j.COMMAND_MOTTOS) == set(j.CommandModel)
