"""Matters that are called in."""

from dashboard.domain.matters import COMMON, WET, alike
from data_access.reference import categories


def test_the_common_matters_are_of_the_shipped_list() -> None:
    known = {(row["kind"], row["code"]) for row in categories()}
    assert known >= COMMON.keys() | WET


def test_what_callers_confuse_is_alike() -> None:
    ponding, gutter = ("event", "0406"), ("component", "0105")
    assert alike(ponding, ponding) == 3
    assert alike(ponding, gutter) == alike(gutter, ponding) == 2
    assert alike(ponding, ("event", "0409")) == 1
    assert alike(ponding, ("event", "0506")) == 0
