"""Which right opens which live topic; a topic that stands not here is closed to everyone.

The hub and the snapshots ask here. Routes and callbacks name their right where they are made, see
``dashboard.guard``.
"""

from types import MappingProxyType

from dashboard.accounts.principal import Principal
from dashboard.domain.roles import Right

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
        "screens": Right.LOOK,
        "feeds": Right.LOOK,
    }
)


def may_follow(principal: Principal, topic: str) -> bool:
    """Say whether the principal may follow the topic (within its scope)."""
    right = TOPIC_RIGHTS.get(topic)
    return right is not None and principal.may(right)
