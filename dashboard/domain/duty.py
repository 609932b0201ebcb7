"""Who is on duty 值班: posts, shifts with their times, and the span that a shift of a date has.

A shift belongs to the date on which it begins, in the city's zone; one that ends no later than it
begins ends on the next day.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

MAX_NAME = 40
_TIME = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")
_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}")


class DutyError(ValueError):
    """A shift, post or ladder that cannot be: which member, and why."""

    def __init__(self, where: str, reason: str) -> None:
        """Say what is wrong, in words that an administrator can act on."""
        super().__init__(f"{where}：{reason}")
        self.field = where
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """A part of the day, by wall clock."""

    id: str
    name: str
    name_en: str
    starts: time
    ends: time


def shift(raw: Mapping[str, Any]) -> Shift:
    """Read a shift; raises DutyError."""
    return Shift(
        id=identity(raw),
        name=text(raw, "name"),
        name_en=text(raw, "name_en", fallback=text(raw, "name")),
        starts=clock_time(raw, "starts"),
        ends=clock_time(raw, "ends"),
    )


def post(raw: Mapping[str, Any]) -> dict[str, Any]:
    """Check a post: its id, its names, and the level of which one person holds it each."""
    level = raw.get("level", "city")
    if level not in ("city", "district"):
        raise DutyError("level", "应为 city 或 district")
    name = text(raw, "name")
    return {
        "id": identity(raw),
        "name": name,
        "name_en": text(raw, "name_en", fallback=name),
        "level": level,
    }


def span(day: date, starts: time, ends: time, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Give the moments at which a shift of ``day`` begins and ends, in UTC."""
    last = day if ends > starts else day + timedelta(days=1)
    begins_at = datetime.combine(day, starts, zone).astimezone(UTC)
    return begins_at, datetime.combine(last, ends, zone).astimezone(UTC)


def day(value: object) -> date:
    """Read the date of a shift: ISO, or as spreadsheets write it; raises DutyError."""
    told = (
        str(value).strip().partition(" ")[0].partition("T")[0].replace("/", "-").replace(".", "-")
    )
    try:
        year, month, number = (int(part) for part in told.split("-"))
        return date(year, month, number)
    except ValueError as error:
        raise DutyError("date", "应为日期，例如 2026-11-23") from error


def clock_time(raw: Mapping[str, Any], name: str) -> time:
    """Read a time of day as 08:00; raises DutyError."""
    found = _TIME.fullmatch(str(raw.get(name, "")).strip()[:5])
    if found is None:
        raise DutyError(name, "应为时刻，例如 08:00")
    return time(int(found[1]), int(found[2]))


def identity(raw: Mapping[str, Any]) -> str:
    """Read an id: small letters, digits, hyphens."""
    value = raw.get("id")
    if not isinstance(value, str) or _ID.fullmatch(value) is None:
        raise DutyError("id", "应为小写字母、数字、连字符，最多 32 个")
    return value


def text(raw: Mapping[str, Any], name: str, *, fallback: str | None = None) -> str:
    """Read a name that must be there, or have a fallback."""
    value = raw.get(name)
    if value is None and fallback is not None:
        return fallback
    if not isinstance(value, str) or not value.strip() or len(value) > MAX_NAME:
        raise DutyError(name, f"应为 1–{MAX_NAME} 个字的文字")
    return value.strip()
