"""Owns what a drill 演练 is fed with, and how what belongs to one is named and told apart.

Everything of a drill has an id of its own, ``OPERATION:NAME``, so that it never stands for, nor
overwrites, anything real; it is told by one feed, ``drill:OPERATION``.
"""

from enum import StrEnum, unique
from pathlib import Path
from typing import NamedTuple

from dashboard.domain.words import Words

MARK = Words("演练", "Drill")
"""The word that stands wherever anything of a drill is shown, printed or sent."""

_FEED = "drill:"
_SEPARATOR = ":"


@unique
class Input(StrEnum):
    """What a drill is fed with, beside the recordings that a site names."""

    NONE = "none"
    STORM = "storm"


INPUTS: dict[str, Words] = {
    Input.NONE: Words("无推演数据", "Nothing"),
    Input.STORM: Words("“7·19”暴雨推演", "The storm of 19 July"),
}


_RECORDING = "recording:"


class Recorded(NamedTuple):
    """Where a recording lies, and the root of its files where that is another folder.

    ``learn``: its codes are its own, not of the form that the API asks for.
    """

    path: Path
    data_root: Path | None
    name: str
    learn: bool = False

    def told(self, *, own: bool) -> str:
        """Say what is replayed, and what of it was moved."""
        return f"回放 {self.name} · {'时间' if own else '时间、位置'}已平移"


def recorded(city: str) -> str:
    """Give the input that is the recording of a city."""
    return f"{_RECORDING}{city}"


def is_recorded(told: str) -> bool:
    """Say whether an input is a recording."""
    return told.startswith(_RECORDING)


def is_own(told: str, city: str) -> bool:
    """Say whether a recording is of the city itself, or of one of those that stand together."""
    return any(told == recorded(one) for one in city.split("+"))


def feed_of(operation: str) -> str:
    """Give the id of the feed that tells what happens in a drill."""
    return f"{_FEED}{operation}"


def named(operation: str, name: str) -> str:
    """Give the id under which a thing stands in a drill."""
    return f"{operation}{_SEPARATOR}{name}"


def titled(text: str) -> str:
    """Give a name or a text as a drill calls it, so that it is marked wherever it is read."""
    return f"【{MARK.zh}】{text}"
