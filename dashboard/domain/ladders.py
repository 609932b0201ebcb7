"""Escalation 叫应: ladders of posts as data, and what a call is at each moment of its life.

A step names a post, so that it finds today's person. A call waits 待发 until its message was
delivered 已发, or was not 未送达; it is read 已读, woken by telephone 电话叫醒 when it stayed
unread, answered 已应. One unanswered in its time goes to the deputy, where there is one. Its times
count from when it was made. Acknowledging 确认 or clearing stops the ladder.
"""

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum, unique
from types import MappingProxyType
from typing import Any

from dashboard.domain.duty import DutyError, identity, text
from dashboard.domain.words import Words

MAX_STEPS = 12
MAX_S = 7 * 24 * 3600
_KEYS = frozenset(
    {"id", "name", "name_en", "wake_after_s", "answer_within_s", "remind_every_s", "reminders"}
    | {"steps"}
)


@unique
class CallState(StrEnum):
    """Where a call stands."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"
    READ = "read"
    WAKE = "wake"
    PHONED = "phoned"
    ANSWERED = "answered"
    UNANSWERED = "unanswered"
    NOBODY = "nobody"
    STOPPED = "stopped"


UNREAD = frozenset({CallState.WAITING, CallState.SENT, CallState.FAILED})
"""Of whom nobody knows yet that the person has it."""

CALL_STATES: Mapping[str, Words] = MappingProxyType(
    {
        CallState.WAITING: Words("待发", "To be sent"),
        CallState.SENT: Words("已发", "Sent"),
        CallState.FAILED: Words("未送达", "Not delivered"),
        CallState.READ: Words("已读", "Read"),
        CallState.WAKE: Words("未读，须电话叫醒", "Unread: wake by telephone"),
        CallState.PHONED: Words("电话叫醒", "Woken by telephone"),
        CallState.ANSWERED: Words("已应", "Answered"),
        CallState.UNANSWERED: Words("未应", "Unanswered"),
        CallState.NOBODY: Words("无人值班", "Nobody on duty"),
        CallState.STOPPED: Words("已停", "Stopped"),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """So long after the alert was raised, whoever holds ``post`` is called."""

    after: timedelta
    post: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ladder:
    """One ladder; after its last step it reminds ``reminders`` times."""

    id: str
    name: str
    name_en: str
    wake_after: timedelta
    answer_within: timedelta
    remind_every: timedelta | None
    reminders: int
    steps: tuple[Step, ...]

    def plain(self) -> dict[str, Any]:
        """Give it as data, every member told."""
        every = self.remind_every
        return {
            "id": self.id,
            "name": self.name,
            "name_en": self.name_en,
            "wake_after_s": _s(self.wake_after),
            "answer_within_s": _s(self.answer_within),
            "remind_every_s": 0 if every is None else _s(every),
            "reminders": self.reminders,
            "steps": [{"after_s": _s(step.after), "post": step.post} for step in self.steps],
        }

    def due(self, taken: int, since: datetime) -> datetime | None:
        """When the next step or reminder is due, after ``taken`` of them; None at the end."""
        if taken < len(self.steps):
            return since + self.steps[taken].after
        beyond = taken - len(self.steps) + 1
        if self.remind_every is None or beyond > self.reminders:
            return None
        return since + self.steps[-1].after + beyond * self.remind_every

    def passed(self, taken: int, since: datetime, now: datetime) -> int:
        """Count as taken also the reminders whose time passed while nobody looked.

        After an outage each post is still called, but one reminder is enough.
        """
        while taken > len(self.steps) and (due := self.due(taken, since)) and due <= now:
            taken += 1
        return taken


def ladder(raw: Mapping[str, Any], posts: Mapping[str, Any] | frozenset[str]) -> Ladder:
    """Read a ladder whose posts are among ``posts``; raises DutyError."""
    unknown = sorted(raw.keys() - _KEYS)
    if unknown:
        raise DutyError(str(unknown[0]), "没有这一项")
    steps = raw.get("steps")
    if not isinstance(steps, list) or not 0 < len(steps) <= MAX_STEPS:
        raise DutyError("steps", f"应为 1–{MAX_STEPS} 级的列表")
    read = tuple(_step(step, index, posts) for index, step in enumerate(steps))
    if any(one.after > two.after for one, two in itertools.pairwise(read)):
        raise DutyError("steps", "各级的 after_s 须由小到大")
    name = text(raw, "name")
    every = _seconds(raw, "remind_every_s", 0)
    return Ladder(
        id=identity(raw),
        name=name,
        name_en=text(raw, "name_en", fallback=name),
        wake_after=_seconds(raw, "wake_after_s", 180),
        answer_within=_seconds(raw, "answer_within_s", 900),
        remind_every=every or None,
        reminders=_whole(raw, "reminders", 0, 100),
        steps=read,
    )


def next_look(state: str, ladder: Ladder, made_at: datetime) -> datetime | None:
    """When a call is to be looked at again: unread too long, or unanswered too long."""
    if state in UNREAD:
        return made_at + min(ladder.wake_after, ladder.answer_within)
    if state in (CallState.READ, CallState.WAKE, CallState.PHONED):
        return made_at + ladder.answer_within
    return None


def _s(span: timedelta) -> int:
    return int(span.total_seconds())


def _step(raw: Any, index: int, posts: Mapping[str, Any] | frozenset[str]) -> Step:
    where = f"steps[{index + 1}]"
    if not isinstance(raw, Mapping) or raw.keys() - {"after_s", "post"}:
        raise DutyError(where, "应有 after_s 与 post，别无其他")
    if raw.get("post") not in posts:
        raise DutyError(f"{where}.post", f"岗位未知，应为 {'、'.join(sorted(posts))} 之一")
    return Step(after=_seconds(raw, "after_s", None), post=str(raw["post"]))


def _seconds(raw: Mapping[str, Any], name: str, default: int | None) -> timedelta:
    return timedelta(seconds=_whole(raw, name, default, MAX_S))


def _whole(raw: Mapping[str, Any], name: str, default: int | None, most: int) -> int:
    value = raw.get(name, default)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= most:
        raise DutyError(name, f"应为 0 到 {most} 之间的整数")
    return value
