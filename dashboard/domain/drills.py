"""Owns what a drill 演练 is fed with, and how what belongs to one is named and told apart.

Everything of a drill has an id of its own, ``OPERATION:NAME``, so that it never stands for, nor
overwrites, anything real; it is told by one feed, ``drill:OPERATION``.
"""

from enum import StrEnum, unique

from dashboard.domain.words import Words

MARK = Words("演练", "Drill")
"""The word that stands wherever anything of a drill is shown, printed or sent."""

_FEED = "drill:"
_SEPARATOR = ":"


@unique
class Input(StrEnum):
    """What a drill is fed with."""

    NONE = "none"
    STORM = "storm"


INPUTS: dict[str, Words] = {
    Input.NONE: Words("无推演数据", "Nothing"),
    Input.STORM: Words("“7·19”暴雨推演", "The storm of 19 July"),
}


def feed_of(operation: str) -> str:
    """Give the id of the feed that tells what happens in a drill."""
    return f"{_FEED}{operation}"


def named(operation: str, name: str) -> str:
    """Give the id under which a thing stands in a drill."""
    return f"{operation}{_SEPARATOR}{name}"


def titled(text: str) -> str:
    """Give a name or a text as a drill calls it, so that it is marked wherever it is read."""
    return f"【{MARK.zh}】{text}"
