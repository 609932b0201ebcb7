"""Owns the periods over which figures are made: calendar spans, and months that begin otherwise."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum, unique

from dashboard.domain.indicators import number_of
from dashboard.domain.words import Words


@unique
class Span(StrEnum):
    """A period up to now."""

    TODAY = "today"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


SPANS: Mapping[str, Words] = {
    Span.TODAY: Words("今日", "Today"),
    Span.WEEK: Words("本周", "This week"),
    Span.MONTH: Words("本月", "This month"),
    Span.YEAR: Words("今年", "This year"),
}


@dataclass(frozen=True, slots=True)
class Period:
    """From a day to another, both within it."""

    first: date
    last: date

    def numbers(self) -> list[int]:
        """Return the numbers whose sums make the period: whole months where it holds them."""
        found: list[int] = []
        at = self.first
        while at <= self.last:
            after = _months_after(at.replace(day=1), 1)
            if at.day == 1 and after - timedelta(days=1) <= self.last:
                found.append(at.year * 100 + at.month)
                at = after
            else:
                found.append(number_of(at))
                at += timedelta(days=1)
        return found


def period_of(span: str, today: date, month_from: int = 1) -> Period:
    """Return the period that holds `today`, whole: nothing of its rest has happened.

    `month_from`: the day on which a month begins that is reckoned otherwise than the calendar's;
    of the 26th, July is 26 June to 25 July, and the year begins on 26 December.
    """
    if span == Span.TODAY:
        return Period(today, today)
    if span == Span.WEEK:
        monday = today - timedelta(days=today.weekday())
        return Period(monday, monday + timedelta(days=6))
    first = today.replace(day=month_from)
    if today.day < month_from:
        first = _months_after(first, -1)
    if span == Span.MONTH:
        return Period(first, _months_after(first, 1) - timedelta(days=1))
    # The month is named by the day on which it ends.
    named = _months_after(first, 1) - timedelta(days=1)
    begin = date(named.year, 1, 1) if month_from == 1 else date(named.year - 1, 12, month_from)
    return Period(begin, date(begin.year + 1, begin.month, begin.day) - timedelta(days=1))


def before(span: str, period: Period, month_from: int = 1) -> Period:
    """Return the whole period before: 环比."""
    return period_of(span, period.first - timedelta(days=1), month_from)


def year_before(span: str, period: Period, month_from: int = 1) -> Period:
    """Return the same period of the year before: 同比; of a week the same weekdays."""
    if span == Span.WEEK:
        return Period(period.first - timedelta(weeks=52), period.last - timedelta(weeks=52))
    if span == Span.TODAY:
        day = period.first
        # 29 February is compared with the 28th.
        earlier = date(day.year - 1, day.month, min(day.day, 28) if day.month == 2 else day.day)
        return Period(earlier, earlier)
    first = period.first
    return period_of(span, date(first.year - 1, first.month, first.day), month_from)


def points(span: str, period: Period, today: date, month_from: int = 1) -> list[Period]:
    """Return the periods of a trend that ends today: days of a month, weeks, or months of years."""
    if span in (Span.TODAY, Span.WEEK):
        return [Period(it, it) for it in (today - timedelta(days=n) for n in range(13, -1, -1))]
    if span == Span.MONTH:
        days = (today - period.first).days
        return [
            Period(it, it) for it in (period.first + timedelta(days=n) for n in range(days + 1))
        ]
    months = [period_of(Span.MONTH, today, month_from)]
    while len(months) < 12:
        months.insert(0, before(Span.MONTH, months[0], month_from))
    return months


def _months_after(day: date, months: int) -> date:
    """Return the same day of a month so many later; of the first to the 28th."""
    month = day.year * 12 + day.month - 1 + months
    return date(month // 12, month % 12 + 1, day.day)
