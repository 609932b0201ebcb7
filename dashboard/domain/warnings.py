"""Owns the words of warnings 预警, which come from outside, and when one is in force.

Colours are the four national ones; severity, status and message type those of CAP 1.2.
"""

import re
from datetime import datetime

from dashboard.domain.words import Words

COLOURS: dict[str, Words] = {
    "red": Words("红色", "Red"),
    "orange": Words("橙色", "Orange"),
    "yellow": Words("黄色", "Yellow"),
    "blue": Words("蓝色", "Blue"),
}

COLOUR_BY_WORD: dict[str, str] = {
    **{words.zh: code for code, words in COLOURS.items()},
    **{words.zh[0]: code for code, words in COLOURS.items()},
}

SEVERITIES: dict[str, Words] = {
    "extreme": Words("极严重", "Extreme"),
    "severe": Words("严重", "Severe"),
    "moderate": Words("中等", "Moderate"),
    "minor": Words("轻微", "Minor"),
    "unknown": Words("未知", "Unknown"),
}

SEVERITY_BY_COLOUR: dict[str, str] = {
    "red": "extreme",
    "orange": "severe",
    "yellow": "moderate",
    "blue": "minor",
}

STATUSES: dict[str, Words] = {
    "actual": Words("实况", "Actual"),
    "exercise": Words("演练", "Exercise"),
    "system": Words("系统", "System"),
    "test": Words("测试", "Test"),
    "draft": Words("草稿", "Draft"),
}

MSG_TYPES: dict[str, Words] = {
    "alert": Words("发布", "Issued"),
    "update": Words("变更", "Changed"),
    "cancel": Words("解除", "Lifted"),
    "ack": Words("回执", "Acknowledged"),
    "error": Words("更正", "Error"),
}

SHOWN_STATUSES: frozenset[str] = frozenset({"actual", "exercise"})
STANDING_TYPES: frozenset[str] = frozenset({"alert", "update"})

_COLOUR_IN_TEXT = re.compile("(红|橙|黄|蓝)色预警")


def colour_in(text: str) -> str | None:
    """Return the colour that a Chinese headline names (暴雨橙色预警), if it does.

    A change names the old colour before the new: the last one counts.
    """
    found = _COLOUR_IN_TEXT.findall(text)
    return COLOUR_BY_WORD[found[-1]] if found else None


def in_force(
    status: str,
    msg_type: str,
    effective_at: datetime,
    expires_at: datetime | None,
    now: datetime,
) -> bool:
    """Say whether a message warns at the city's `now`, no later one having replaced it.

    Drills count (and are marked); tests, drafts, answers and 解除 do not.
    """
    return (
        status in SHOWN_STATUSES
        and msg_type in STANDING_TYPES
        and effective_at <= now
        and (expires_at is None or now < expires_at)
    )
