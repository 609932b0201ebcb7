"""Owns 口径: by what a rate is counted, over which period, and the figures made of sums."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum, unique

from dashboard.domain.cases import Mark, Stage
from dashboard.domain.indicators import EXCLUSIONS, MEASURES, STAGES_TIMED, number_of
from dashboard.domain.words import Words

_AT = {name: place for place, name in enumerate(MEASURES)}
_NOTHING = (0,) * len(MEASURES)
_VOIDED, _EXTENDED = EXCLUSIONS[Stage.VOIDED], EXCLUSIONS[Mark.EXTENDED]


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """口径: what the 问题及时解决率 is counted by.

    ``numerator`` and ``denominator`` are measures, each of the day of the period that it falls to;
    ``left_out``: what keeps a case out of both. ``imported``: the figures came as published, and
    nothing is counted.
    """

    id: str
    name: Words
    note: Words
    numerator: str = "timely"
    denominator: str = "due"
    left_out: tuple[str, ...] = ()
    imported: bool = False

    @property
    def mask(self) -> int:
        """The bits that keep a case out."""
        return sum(EXCLUSIONS[name] for name in self.left_out)


LIVE = Basis(
    id="live",
    name=Words("实时口径", "Live basis"),
    note=Words(
        "期内到期案件中按时处置反馈的占比；到期未处置的计入分母；"
        "挂账、顺延、作废不计，延期按新时限，无时限案件另计",
        "Of the cases that fell due in the period, those answered in time; open overdue cases "
        "count against it. Suspended, deferred and voided are left out, extended ones are judged "
        "by the new deadline, those without deadline are counted beside it",
    ),
    left_out=(Mark.SUSPENDED, Mark.DEFERRED, Stage.VOIDED),
)
PUBLISHED = Basis(
    id="published",
    name=Words("考核口径", "Published basis"),
    note=Words("按公布数字导入，不由本系统计算", "Imported as published; not computed here"),
    imported=True,
)
BASES: Mapping[str, Basis] = {it.id: it for it in (LIVE, PUBLISHED)}


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
            after = _month_after(at)
            if at.day == 1 and after - timedelta(days=1) <= self.last:
                found.append(at.year * 100 + at.month)
                at = after
            else:
                found.append(number_of(at))
                at += timedelta(days=1)
        return found


def period_of(span: str, today: date) -> Period:
    """Return the calendar period that holds `today`, whole: nothing of its rest has happened."""
    if span == Span.TODAY:
        return Period(today, today)
    if span == Span.WEEK:
        monday = today - timedelta(days=today.weekday())
        return Period(monday, monday + timedelta(days=6))
    if span == Span.MONTH:
        first = today.replace(day=1)
        return Period(first, _month_after(first) - timedelta(days=1))
    return Period(date(today.year, 1, 1), date(today.year, 12, 31))


def before(span: str, period: Period) -> Period:
    """Return the whole period before: 环比."""
    return period_of(span, period.first - timedelta(days=1))


def year_before(span: str, period: Period) -> Period:
    """Return the same period of the year before: 同比; of a week the same weekdays."""
    if span == Span.WEEK:
        return Period(period.first - timedelta(weeks=52), period.last - timedelta(weeks=52))
    if span == Span.TODAY:
        day = period.first
        # 29 February is compared with the 28th.
        earlier = date(day.year - 1, day.month, min(day.day, 28) if day.month == 2 else day.day)
        return Period(earlier, earlier)
    return period_of(span, date(period.first.year - 1, period.first.month, 1))


def points(span: str, period: Period, today: date) -> list[Period]:
    """Return the periods of a trend that ends today: days of a month, weeks, or months of years."""
    if span in (Span.TODAY, Span.WEEK):
        return [Period(it, it) for it in (today - timedelta(days=n) for n in range(13, -1, -1))]
    if span == Span.MONTH:
        days = (today - period.first).days
        return [
            Period(it, it) for it in (period.first + timedelta(days=n) for n in range(days + 1))
        ]
    months: list[Period] = []
    at = today.replace(day=1)
    for _ in range(12):
        months.insert(0, Period(at, _month_after(at) - timedelta(days=1)))
        at = (at - timedelta(days=1)).replace(day=1)
    return months


def figures(sums: Mapping[int, Sequence[int]], basis: Basis) -> dict[str, int | float | None]:
    """Return the figures of a period from its sums by mask.

    A rate is a share of 1, None where nothing is in its denominator.
    """
    every = _total(sums.values())
    judged = _total([it for mask, it in sums.items() if not mask & basis.mask])
    owed = _total([it for mask, it in sums.items() if not mask & _VOIDED])
    extended = _total([it for mask, it in sums.items() if mask & _EXTENDED and not mask & _VOIDED])
    due, timely = judged[_AT[basis.denominator]], judged[_AT[basis.numerator]]
    unanswered = judged[_AT["unanswered"]]
    return {
        "rate": _share(timely, due),
        "due": due,
        "timely": timely,
        "unanswered": unanswered,
        "late": max(0, due - timely - unanswered),
        "left_out": every[_AT["due"]] - judged[_AT["due"]],
        **{name: every[_AT[name]] for name in ("undated", "reported", "filed", "closed")},
        "answered": every[_AT["answered"]],
        "filing_rate": _share(every[_AT["filed"]], every[_AT["reported"]]),
        "closing_rate": _share(judged[_AT["due_closed"]], judged[_AT["due"]]),
        "in_time_rate": _share(judged[_AT["closed_in_time"]], judged[_AT["due"]]),
        "rework_rate": _share(every[_AT["reworked"]], every[_AT["answered"]]),
        "extension_rate": _share(extended[_AT["due"]], owed[_AT["due"]]),
        "mean_s": _share(every[_AT["worked_s"]], every[_AT["worked_n"]]),
    }


def rate(sums: Mapping[int, Sequence[int]], basis: Basis) -> float | None:
    """Return the rate alone."""
    judged = _total([it for mask, it in sums.items() if not mask & basis.mask])
    return _share(judged[_AT[basis.numerator]], judged[_AT[basis.denominator]])


def stage_times(sums: Mapping[int, Sequence[int]]) -> list[tuple[str, float, int]]:
    """Return (stage, mean seconds, number of cases) of the cases closed in the period."""
    every = _total(sums.values())
    found = [(it, every[_AT[f"in_{it}_s"]], every[_AT[f"in_{it}_n"]]) for it in STAGES_TIMED]
    return [(stage, seconds / number, number) for stage, seconds, number in found if number]


def _total(parts: Collection[Sequence[int]]) -> Sequence[int]:
    if len(parts) == 1:
        return next(iter(parts))
    return [sum(column) for column in zip(*parts, strict=True)] if parts else _NOTHING


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _month_after(day: date) -> date:
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)
