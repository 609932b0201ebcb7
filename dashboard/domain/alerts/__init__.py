"""Owns what an alert 告警 is: the rules, when one holds, the two memories, and one cause's group.

Pure: facts and the city's ``now`` come in, judgements go out. ``data_access.alerts`` keeps them.
"""

from dashboard.domain.words import Words

ACTS_KEPT: dict[str, Words] = {
    "raised": Words("触发", "Raised"),
    "returned": Words("再次触发", "Raised again"),
    "escalated": Words("升级", "Escalated"),
    "eased": Words("降级", "Eased"),
    "zone_raised": Words("区内提级", "Raised within a zone"),
    "zone_eased": Words("撤销区内提级", "No longer raised by a zone"),
    "cleared": Words("恢复", "Cleared"),
    "acknowledged": Words("确认", "Acknowledged"),
    "transferred": Words("转办", "Transferred"),
    "owned": Words("接手", "Taken on"),
    "shelved": Words("搁置", "Shelved"),
    "unshelved": Words("取消搁置", "Taken from the shelf"),
    "back": Words("搁置到期，自动返回", "Back from the shelf by itself"),
    "called": Words("叫应", "Called"),
}
"""What is told of an alert in its record, by code; ``back`` is an ``unshelved`` by its end."""


def is_live(*, active: bool, acknowledged: bool, shelved: bool, latch: bool = True) -> bool:
    """Say whether an alert still stands before the desk.

    It does while it is active, shelved, or not acknowledged; one whose rule does not ``latch``
    ends with its cause.
    """
    return active or shelved or (latch and not acknowledged)
