"""Owns local times: their formats, and the hours that a change of time doubles or omits."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from data_access.feeds.recording.config import TimeRule
from data_access.feeds.recording.errors import Unreadable

MAX_SHOWN = 60
_EPOCHS = {"epoch_s": 1.0, "epoch_ms": 1000.0}


def reader(rule: TimeRule) -> Callable[[str, Any], datetime]:
    """Give a function from (field, value) to an aware UTC time that raises Unreadable.

    Formats are tried in order: ``iso``, ``epoch_s``, ``epoch_ms``, or as strptime takes them.
    """
    seen: dict[str, datetime] = {}

    def read(field: str, value: Any) -> datetime:
        if isinstance(value, str):
            found = seen.get(value)
            if found is None:
                found = _settle(rule, field, _parse(rule, field, value))
                if len(seen) < 100_000:
                    seen[value] = found
            return found
        return _settle(rule, field, _other(rule, field, value))

    return read


def _parse(rule: TimeRule, field: str, value: str) -> datetime:
    for form in rule.formats:
        try:
            if form == "iso":
                return datetime.fromisoformat(value.strip())
            if form in _EPOCHS:
                return datetime.fromtimestamp(float(value) / _EPOCHS[form], UTC)
            return datetime.strptime(value.strip(), form)  # noqa: DTZ007  the rule's zone follows
        except (ValueError, OverflowError, OSError):
            continue
    raise Unreadable(field, f"时间“{clip(value)}”不合格式 {'、'.join(rule.formats)}。")


def _other(rule: TimeRule, field: str, value: Any) -> datetime:
    if isinstance(value, datetime):  # Excel, Parquet, TOML
        return value
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)  # noqa: DTZ001
    if isinstance(value, int | float) and not isinstance(value, bool):
        for form in rule.formats:
            if form in _EPOCHS:
                return _parse(rule, field, str(value))
    raise Unreadable(field, f"“{clip(value)}”不是时间。")


def _settle(rule: TimeRule, field: str, value: datetime) -> datetime:
    """Give a local time its place in UTC; one that has a zone keeps it."""
    if value.tzinfo is not None:
        return datetime.fromtimestamp(value.timestamp(), UTC) if value.tzinfo is not UTC else value
    first = value.replace(tzinfo=rule.zone, fold=0)
    gap = first.utcoffset() != value.replace(tzinfo=rule.zone, fold=1).utcoffset()
    if not gap:
        return first.astimezone(UTC)
    exists = first.astimezone(UTC).astimezone(rule.zone).replace(tzinfo=None) == value
    if not exists:
        if rule.nonexistent == "reject":
            raise Unreadable(field, f"当地时间 {value} 因改用夏令时而不存在（{rule.zone.key}）。")
        return first.astimezone(UTC)
    if rule.ambiguous == "reject":
        raise Unreadable(field, f"当地时间 {value} 因改回冬令时而出现两次（{rule.zone.key}）。")
    return value.replace(tzinfo=rule.zone, fold=int(rule.ambiguous == "second")).astimezone(UTC)


def clip(value: Any) -> str:
    """Show a value of a source in a sentence: short, and without markup."""
    text = str(value).replace("<", "＜").replace(">", "＞")
    text = "".join(sign if sign.isprintable() else "·" for sign in text[: MAX_SHOWN + 1])
    return f"{text[:MAX_SHOWN]}…" if len(text) > MAX_SHOWN else text
