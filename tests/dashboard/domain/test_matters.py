"""Matters that are called in."""

import pytest

from dashboard.domain.matters import MatterError, alike, known_of, read, wet
from data_access.matters import shipped
from data_access.reference import categories


def test_the_common_matters_are_of_the_shipped_list() -> None:
    known = {f"{row['kind']}/{row['code']}" for row in categories()}
    assert known_of(shipped(), known) == shipped()
    assert known >= wet(shipped()) | {one for matter in shipped() for one in matter.alike}


def test_what_callers_confuse_is_alike() -> None:
    ponding, gutter = "event/0406", "component/0105"
    assert alike(shipped(), ponding, ponding, same_class=True) == 3
    assert alike(shipped(), ponding, gutter, same_class=False) == 2
    assert alike(shipped(), gutter, ponding, same_class=False) == 2
    assert alike(shipped(), ponding, "event/0409", same_class=True) == 1
    assert alike(shipped(), ponding, "event/0506", same_class=False) == 0


@pytest.mark.parametrize(
    ("told", "named"),
    [
        ({"of": "event/a"}, "name"),
        ({"name": "积水", "of": "catchbasin"}, "of"),
        ({"name": "积水", "of": "event/a", "wet": 1}, "wet"),
        ({"name": "积水", "of": "event/a", "alike": ["b"]}, "alike"),
        ({"name": "积水", "of": "event/a", "deep": True}, "deep"),
    ],
)
def test_a_wrong_matter_is_named(told: dict, named: str) -> None:
    with pytest.raises(MatterError, match=rf"matters\[2\]\.{named}"):
        read([{"name": "树倒", "of": "event/tree"}, told])
