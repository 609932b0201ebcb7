"""Reading the members of a JSON body, each refused by its name and the reason."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from dashboard.http.problems import Problem

TEXT_MAX_CHARS = 200


def text(
    body: Mapping[str, Any], name: str, *, most: int = TEXT_MAX_CHARS, needed: bool = False
) -> str | None:
    """Read a text, trimmed; None where it is not told or empty, unless it is ``needed``."""
    value = body.get(name)
    if value is None or (isinstance(value, str) and not value.strip()):
        if needed:
            raise _problem(name, "须填写")
        return None
    if not isinstance(value, str):
        raise _problem(name, "应为文字")
    if "\x00" in value:
        raise _problem(name, "含有无效字符")
    if len(value) > most:
        raise _problem(name, f"不能超过 {most} 个字符")
    return value.strip()


def number(body: Mapping[str, Any], name: str) -> int | None:
    """Read a whole number; None where it is not told."""
    value = body.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > 2**31:
        raise _problem(name, "应为整数")
    return value


def moment(body: Mapping[str, Any], name: str) -> datetime | None:
    """Read a moment with its offset, in UTC; None where it is not told."""
    value = body.get(name)
    if value is None:
        return None
    try:
        told = datetime.fromisoformat(value)
        if told.tzinfo is None:
            raise _problem(name, "须带时区，例如 2026-07-01T08:00:00+08:00")
        return told.astimezone(UTC)
    except (TypeError, ValueError, OverflowError) as error:
        raise _problem(name, "不是 ISO 8601 时刻") from error


def yes(body: Mapping[str, Any], name: str) -> bool:
    """Read a yes or no; no where it is not told."""
    value = body.get(name, False)
    if not isinstance(value, bool):
        raise _problem(name, "应为 true 或 false")
    return value


def _problem(name: str, reason: str) -> Problem:
    return Problem(422, f"{name} {reason}。", field=name)
