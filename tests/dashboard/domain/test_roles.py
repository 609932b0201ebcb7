"""The table of who may do what, written once more by hand."""

import pytest

from dashboard.domain.roles import RIGHTS, Reach, Right, Role, may, reach

DESK = (Right.ENTER, Right.ACKNOWLEDGE, Right.URGE)

TABLE = [
    (Right.LOOK, {"leader", "supervisor", "commander", "administrator", "wall", "event-member"}),
    *((right, {"supervisor", "commander", "event-member"}) for right in DESK),
    (Right.SUPERVISE, {"leader", "supervisor", "commander", "event-member"}),
    (Right.ARRANGE, {"supervisor", "commander", "administrator", "event-member"}),
    (Right.OPERATE, {"supervisor", "commander"}),
    (Right.CONFIRM, {"leader"}),
    (Right.PLANS, {"commander", "administrator"}),
    (Right.CONFIGURE, {"administrator"}),
    (Right.FEEDS, {"administrator"}),
    (Right.ACCOUNTS, {"administrator"}),
    (Right.AUDIT, {"administrator"}),
    (Right.METRICS, {"leader", "supervisor", "commander", "administrator"}),
    (Right.INGEST, {"feed"}),
]


@pytest.mark.parametrize(("right", "roles"), TABLE, ids=[right for right, _ in TABLE])
def test_exactly_these_roles_have_the_right(right, roles):
    assert {role.value for role in Role if may(role, right)} == roles


def test_the_table_names_every_role_and_right():
    assert set(RIGHTS) == set(Role)
    assert {right for right, _ in TABLE} == set(Right)


def test_a_right_reaches_no_further_than_it_says():
    assert reach(Role.WALL, Right.LOOK) is Reach.SCENES
    assert reach(Role.EVENT_MEMBER, Right.ENTER) is Reach.EVENT
    assert reach(Role.SUPERVISOR, Right.OPERATE) is Reach.APPROVED
    assert reach(Role.FEED, Right.LOOK) is None
