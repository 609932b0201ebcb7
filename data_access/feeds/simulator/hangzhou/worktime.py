"""Working time of the simulated city: 紧急工作时, 工作时 and 工作日, in the city's zone.

工作时 count from 07:00 to 21:00 every day (two shifts of the field), 工作日 are Monday to Friday
without a calendar of holidays, 紧急工作时 count round the clock. Assumed, as no source says.
"""

from datetime import UTC, datetime, time, timedelta
from typing import NamedTuple

OFFSET = timedelta(hours=8)
BEGIN_H = 7.0
LENGTH_H = 14.0
_END = time(17, 0)
_HOUR_S = 3600.0


class Limit(NamedTuple):
    """A limit in one of the three units."""

    hours: float = 0.0
    days: int = 0
    urgent_hours: float = 0.0


def add(start: datetime, limit: Limit, share: float = 1.0) -> datetime:
    """Give the moment at which ``share`` of the limit has passed since ``start``."""
    if limit.urgent_hours:
        return start + timedelta(seconds=round(limit.urgent_hours * share * _HOUR_S))
    if limit.days:
        return add_days(start, limit.days * share)
    return add_hours(start, limit.hours * share)


def add_hours(start: datetime, hours: float) -> datetime:
    """Add working hours."""
    local = start + OFFSET
    day = local.replace(hour=0, minute=0, second=0, microsecond=0)
    inside = (local - day).total_seconds() / _HOUR_S - BEGIN_H
    inside = min(max(inside, 0.0), LENGTH_H) + hours
    days, rest = divmod(inside, LENGTH_H)
    if days and not rest:  # at the end of a day, not at the next one's begin
        days, rest = days - 1, LENGTH_H
    return day + timedelta(days=days, seconds=round((BEGIN_H + rest) * _HOUR_S)) - OFFSET


def add_days(start: datetime, days: float) -> datetime:
    """Add working days; a whole number of them ends at the office's closing time."""
    local = start + OFFSET
    day = local.date()
    weeks, more = divmod(int(days), 5)
    weekday = min(day.weekday(), 4)  # what begins on a weekend begins on Friday's evening
    if more and weekday + more > 4:
        more += 2
    day += timedelta(days=weeks * 7 + more - (day.weekday() - weekday))
    end = datetime.combine(day, _END, tzinfo=UTC) - OFFSET
    part = days - int(days)
    return end if not part else add_hours(end - timedelta(hours=LENGTH_H - 4), part * LENGTH_H)
