"""Owns working time: which days are worked, and how a limit runs through windows of them.

A day is worked as the site's own list says, else as the official calendar does (shifted workdays
included), else from Monday to Friday. Moments are seconds since 1970, so that a day of 23 or 25
hours needs no exception: a 工作时 is an hour that passed inside a window, a 工作日 a worked day
from midnight to midnight of the city, however long.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

Days = Literal["all", "workdays"]
WHOLE_DAY_S = 86_400.0
_FRIDAY = 4
_MOST_DAYS = 40_000  # a calendar without any worked day ends somewhere


class Window(NamedTuple):
    """When a kind of time passes: from ``opens`` to ``closes`` on ``days``, in the city's zone.

    ``closes`` None: at midnight. ``whole``: each day counts as one, whatever its length.
    """

    opens: time = time(8)
    closes: time | None = time(18)
    days: Days = "all"
    whole: bool = False


class _Piece(NamedTuple):
    """The window of one day: from, to, and how much passes within."""

    begins: float
    ends: float
    worth: float


@dataclass(frozen=True)
class Calendar:
    """Which days are worked in a city.

    ``official``: what the official calendar says, by day; ``own``: what the site says, which wins;
    ``official_until``: the last year of the former, None where a city has none.
    """

    zone: ZoneInfo
    own: Mapping[date, bool] = field(default_factory=dict)
    official: Mapping[date, bool] = field(default_factory=dict)
    official_until: int | None = None
    _pieces: dict[tuple[Window, int], _Piece | None] = field(default_factory=dict, repr=False)

    def is_workday(self, day: date) -> bool:
        """Say whether a day is worked."""
        said = self.own.get(day)
        if said is None:
            said = self.official.get(day)
        return day.weekday() <= _FRIDAY if said is None else said

    def is_official(self, day: date) -> bool:
        """Say whether somebody said of the year of a day which of its days are worked."""
        if self.official_until is not None and day.year <= self.official_until:
            return True
        return any(said.year == day.year for said in self.own)

    def add(self, start: float, amount: float, window: Window) -> float:
        """Give the moment at which ``amount`` has passed since ``start``.

        ``amount``: seconds, of a whole window days.
        """
        left = max(amount, 0.0)
        ordinal = self._ordinal(start)
        for day in range(ordinal, ordinal + _MOST_DAYS):
            piece = self._piece(window, day)
            if piece is None or piece.ends <= start:
                continue
            begins = max(start, piece.begins)
            length = piece.ends - piece.begins
            here = piece.worth * (piece.ends - begins) / length
            if left <= here:
                return begins + left * length / piece.worth
            left -= here
        raise ValueError("no day of this calendar is worked")

    def between(self, start: float, end: float, window: Window) -> float:
        """Give how much of the window's time passed from ``start`` to ``end``."""
        passed = 0.0
        if end <= start:
            return passed
        for day in range(self._ordinal(start), self._ordinal(end) + 1):
            piece = self._piece(window, day)
            if piece is None:
                continue
            inside = min(end, piece.ends) - max(start, piece.begins)
            if inside > 0:
                passed += piece.worth * inside / (piece.ends - piece.begins)
        return passed

    def _ordinal(self, moment: float) -> int:
        return datetime.fromtimestamp(moment, self.zone).toordinal()

    def _piece(self, window: Window, ordinal: int) -> _Piece | None:
        key = window, ordinal
        try:
            return self._pieces[key]
        except KeyError:
            found = self._pieces[key] = self._make(window, date.fromordinal(ordinal))
            return found

    def _make(self, window: Window, day: date) -> _Piece | None:
        if window.days == "workdays" and not self.is_workday(day):
            return None
        begins = self._moment(day, window.opens)
        if window.closes is None:
            ends = self._moment(day + timedelta(days=1), time(0))
        else:
            ends = self._moment(day, window.closes)
        if ends <= begins:
            return None
        return _Piece(begins, ends, 1.0 if window.whole else ends - begins)

    def _moment(self, day: date, at: time) -> float:
        return datetime.combine(day, at, tzinfo=self.zone).timestamp()


@cache
def chinese_days() -> tuple[Mapping[date, bool], int]:
    """Give the holidays and shifted workdays of China, and the last year that is known."""
    from chinese_calendar.constants import holidays, workdays  # noqa: PLC0415 - light where unused

    days = dict.fromkeys(holidays, False) | dict.fromkeys(workdays, True)
    return days, max(day.year for day in days)


def calendar_for(zone: str, own: Mapping[date, bool] | None = None) -> Calendar:
    """Give the calendar of a city by its time zone: the Chinese one in China, else its own days."""
    official: Mapping[date, bool] = {}
    until = None
    if zone in ("Asia/Shanghai", "Asia/Urumqi", "PRC"):
        official, until = chinese_days()
    return Calendar(ZoneInfo(zone), dict(own or {}), official, until)
