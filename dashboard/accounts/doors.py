"""Which right opens which live topic; a topic that stands not here is closed to everyone.

The hub and the snapshots ask here. Routes and callbacks name their right where they are made, see
``dashboard.guard``.
"""

from types import MappingProxyType

from dashboard.accounts.principal import Principal
from dashboard.domain.roles import Right, Role

TOPIC_RIGHTS: MappingProxyType[str, Right] = MappingProxyType(
    {
        "cases": Right.LOOK,
        "stations": Right.LOOK,
        "readings": Right.LOOK,
        "cameras": Right.LOOK,
        "responders": Right.LOOK,
        "places": Right.LOOK,
        "warnings": Right.LOOK,
        "alerts": Right.LOOK,
        "operations": Right.LOOK,
        "mode": Right.LOOK,
        "tasks": Right.LOOK,
        "proposals": Right.LOOK,
        "figures": Right.LOOK,
        "calls": Right.SUPERVISE,  # names of persons: for the desk and whoever is called
        "promises": Right.SUPERVISE,
        "outbox": Right.SUPERVISE,
        "event_things": Right.LOOK,
        "event_versions": Right.LOOK,
        "event_confirmed": Right.LOOK,
        "event_posts": Right.LOOK,
        "event_reports": Right.LOOK,
        "event_hazards": Right.LOOK,
        "typhoons": Right.LOOK,
        "screens": Right.LOOK,
        "feeds": Right.LOOK,
    }
)


NOT_ON_A_WALL = frozenset({"event_versions", "event_hazards"})
"""Topics with names of people and what they wrote, which no hall is shown."""


def may_follow(principal: Principal, topic: str) -> bool:
    """Say whether the principal may follow the topic (within its scope).

    Of what an event's room holds a wall is told rows only where it is a member.
    """
    right = TOPIC_RIGHTS.get(topic)
    if right is None or not principal.may(right):
        return False
    return principal.role is not Role.WALL or topic not in NOT_ON_A_WALL
