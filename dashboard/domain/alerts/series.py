"""Owns what is remembered of one factor of one station: enough to judge it, and no more.

Values come in the order of their moments; an older one is no news here. A jump beyond what is
plausible is 可疑: it is held back until three readings in a row agree with each other.
"""

from collections import deque
from datetime import datetime, timedelta

from dashboard.domain.alerts.rules import Plausible
from dashboard.domain.stations import NOT_JUDGED

AGREE = 3
HOUR = timedelta(hours=1)
_KEPT_HOURS = 5
_JUDGED = frozenset(NOT_JUDGED)
_GAPS = 6


class Series:
    """One factor of one station."""

    __slots__ = (
        "first_at",
        "flag",
        "gaps",
        "held",
        "hours",
        "last_at",
        "plausible",
        "same_since",
        "told",
        "value",
        "window",
    )

    def __init__(self, plausible: Plausible | None = None) -> None:
        """Know nothing yet."""
        self.plausible = plausible
        self.first_at: datetime | None = None
        self.last_at: datetime | None = None
        self.flag: str | None = None
        self.told: float | None = None  # as it came, whether it may be judged or not
        self.value: float | None = None
        self.same_since: datetime | None = None
        self.window: deque[tuple[datetime, float]] = deque()
        self.held: list[tuple[datetime, float]] = []
        self.hours: dict[datetime, tuple[float, int]] = {}
        self.gaps: deque[float] = deque(maxlen=_GAPS)

    def take(
        self, at: datetime, value: float | None, flag: str | None, keep: timedelta = HOUR
    ) -> bool:
        """Take a reading; say whether it was news. ``keep``: how long values stay for their rate.

        One of the same moment as the last is its revision.
        """
        last = self.last_at
        if last is not None and at < last:
            return False
        if last is not None and at == last:
            self._revise(at)
        elif last is not None:
            self.gaps.append((at - last).total_seconds())
        self.first_at = self.first_at or at
        self.last_at, self.told, self.flag = at, value, flag
        if value is None or flag in _JUDGED:
            self.same_since = None
            return True
        if self._jumps(at, value):
            return True
        self._accept(at, value, keep)
        return True

    @property
    def suspect(self) -> bool:
        """Say whether the newest value is held back as a jump."""
        return bool(self.held)

    @property
    def judged(self) -> bool:
        """Say whether the newest reading may be judged."""
        return self.value is not None and self.flag not in _JUDGED and not self.held

    def every_s(self) -> float | None:
        """Give the interval at which it speaks: the middle of the last ones; None if unknown."""
        if len(self.gaps) < 2:
            return None
        return sorted(self.gaps)[len(self.gaps) // 2]

    def rate_per_hour(self, over: timedelta) -> tuple[float, datetime, float] | None:
        """Give metres (or what it is) an hour over about ``over``: rate, from when, from what."""
        if len(self.window) < 2:
            return None
        newest, value = self.window[-1]
        begin = newest - over * 1.25
        for at, before in self.window:
            if at >= begin:
                span = newest - at
                if span < over * 0.5:
                    return None
                return (value - before) / (span / HOUR), at, before
        return None

    def mean(self, hour: datetime) -> tuple[float, int] | None:
        """Give the mean of a clock hour and of how many readings; None where there was none."""
        found = self.hours.get(hour)
        return None if found is None else (found[0] / found[1], found[1])

    def _accept(self, at: datetime, value: float, keep: timedelta) -> None:
        if self.value != value or self.same_since is None:
            self.same_since = at
        self.value = value
        self.window.append((at, value))
        while self.window and self.window[0][0] < at - keep * 1.3:
            self.window.popleft()
        hour = at.replace(minute=0, second=0, microsecond=0)
        total, count = self.hours.get(hour, (0.0, 0))
        self.hours[hour] = (total + value, count + 1)
        if len(self.hours) > _KEPT_HOURS:
            del self.hours[min(self.hours)]

    def _revise(self, at: datetime) -> None:
        """Take back what was told of this moment."""
        if self.held and self.held[-1][0] == at:
            self.held.pop()
        if self.window and self.window[-1][0] == at:
            _, value = self.window.pop()
            hour = at.replace(minute=0, second=0, microsecond=0)
            total, count = self.hours.get(hour, (0.0, 0))
            if count > 1:
                self.hours[hour] = (total - value, count - 1)
            else:
                self.hours.pop(hour, None)
            self.value = self.window[-1][1] if self.window else None

    def _jumps(self, at: datetime, value: float) -> bool:
        """Hold back a value that no water does; three that agree are believed."""
        spec = self.plausible
        if spec is None or not self.window:
            return False
        before_at, before = self.window[-1]
        if not _beyond(spec, before_at, before, at, value):
            self.held.clear()
            return False
        if self.held and _beyond(spec, *self.held[-1], at, value):
            self.held.clear()
        self.held.append((at, value))
        if len(self.held) < AGREE:
            return True
        self.held.clear()
        self.window.clear()  # no rate is told across a jump
        return False


def _beyond(
    spec: Plausible, before_at: datetime, before: float, at: datetime, value: float
) -> bool:
    step = abs(value - before)
    hours = max((at - before_at) / HOUR, 1 / 60)
    return step >= spec.step and step / hours > spec.per_hour
