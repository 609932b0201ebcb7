"""Owns who may do what: roles, rights and the one table that joins them.

The table is that of the design; routes, stream topics and callbacks name a `Right`,
and whoever guards them asks `may`. How far a right reaches is said by `reach`.
"""

from enum import StrEnum, unique
from types import MappingProxyType

from dashboard.domain.words import Words


@unique
class Role(StrEnum):
    """What a person, a screen or a feed is."""

    LEADER = "leader"
    SUPERVISOR = "supervisor"
    COMMANDER = "commander"
    ADMINISTRATOR = "administrator"
    WALL = "wall"
    EVENT_MEMBER = "event-member"
    FEED = "feed"


@unique
class Right(StrEnum):
    """What may be done. Each route and callback names exactly one."""

    LOOK = "look"  # see cases, stations, cameras, … of one's reach
    ENTER = "enter"  # enter a case or a place's state at the desk
    ACKNOWLEDGE = "acknowledge"  # acknowledge, own, shelve and unshelve an alert
    URGE = "urge"  # 催办
    SUPERVISE = "supervise"  # 督办
    ARRANGE = "arrange"  # scenes and screens: 上墙, 下墙, …
    OPERATE = "operate"  # start, change, end an operation; orders
    CONFIRM = "confirm"  # 补签: confirm an operation afterwards
    PLANS = "plans"  # edit plans
    CONFIGURE = "configure"  # rules, deadlines, scenes' definitions
    FEEDS = "feeds"  # feeds, their rejects and retries
    ACCOUNTS = "accounts"  # accounts, tokens, screens enrolled
    AUDIT = "audit"  # read the audit
    METRICS = "metrics"  # read the program's own figures
    INGEST = "ingest"  # post records of the token's kinds


@unique
class Reach(StrEnum):
    """How far a right goes."""

    SCOPE = "scope"  # all of its scope
    SCENES = "scenes"  # the scenes of its own screen
    EVENT = "event"  # the events of which it is a member
    APPROVED = "approved"  # its scope, on a named approver's word
    KINDS = "kinds"  # the kinds of its token


ROLES: dict[str, Words] = {
    Role.LEADER: Words("领导", "Leader"),
    Role.SUPERVISOR: Words("监督员", "Supervisor"),
    Role.COMMANDER: Words("指挥长", "Commander"),
    Role.ADMINISTRATOR: Words("管理员", "Administrator"),
    Role.WALL: Words("大屏", "Wall"),
    Role.EVENT_MEMBER: Words("活动成员", "Event member"),
    Role.FEED: Words("数据接入", "Feed"),
}

_DESK = (Right.ENTER, Right.ACKNOWLEDGE, Right.URGE, Right.SUPERVISE)

RIGHTS: MappingProxyType[Role, MappingProxyType[Right, Reach]] = MappingProxyType(
    {
        Role.LEADER: MappingProxyType(
            {
                Right.LOOK: Reach.SCOPE,
                Right.SUPERVISE: Reach.SCOPE,
                Right.CONFIRM: Reach.SCOPE,
                Right.METRICS: Reach.SCOPE,
            }
        ),
        Role.SUPERVISOR: MappingProxyType(
            {
                Right.LOOK: Reach.SCOPE,
                **dict.fromkeys(_DESK, Reach.SCOPE),
                Right.ARRANGE: Reach.SCOPE,
                Right.OPERATE: Reach.APPROVED,
                Right.METRICS: Reach.SCOPE,
            }
        ),
        Role.COMMANDER: MappingProxyType(
            {
                Right.LOOK: Reach.SCOPE,
                **dict.fromkeys(_DESK, Reach.SCOPE),
                Right.ARRANGE: Reach.SCOPE,
                Right.OPERATE: Reach.SCOPE,
                Right.PLANS: Reach.SCOPE,
                Right.METRICS: Reach.SCOPE,
            }
        ),
        Role.ADMINISTRATOR: MappingProxyType(
            {
                Right.LOOK: Reach.SCOPE,
                Right.ARRANGE: Reach.SCOPE,
                Right.PLANS: Reach.SCOPE,
                Right.CONFIGURE: Reach.SCOPE,
                Right.FEEDS: Reach.SCOPE,
                Right.ACCOUNTS: Reach.SCOPE,
                Right.AUDIT: Reach.SCOPE,
                Right.METRICS: Reach.SCOPE,
            }
        ),
        Role.WALL: MappingProxyType({Right.LOOK: Reach.SCENES}),
        Role.EVENT_MEMBER: MappingProxyType(
            {
                Right.LOOK: Reach.EVENT,
                **dict.fromkeys(_DESK, Reach.EVENT),
                Right.ARRANGE: Reach.EVENT,
            }
        ),
        Role.FEED: MappingProxyType({Right.INGEST: Reach.KINDS}),
    }
)


def reach(role: Role, right: Right) -> Reach | None:
    """Return how far `right` goes for `role`, or None where the role has it not."""
    return RIGHTS[role].get(right)


def may(role: Role, right: Right) -> bool:
    """Say whether `role` has `right` at all; scope and event are checked beside it."""
    return right in RIGHTS[role]
