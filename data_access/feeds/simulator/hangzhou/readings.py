"""What all stations measure between two moments, live or thinned for the past."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime

from data_access.feeds.simulator.hangzhou.series import Series, record, value
from data_access.feeds.simulator.hangzhou.stations import Stations
from data_access.feeds.simulator.hangzhou.storm import Storm
from data_access.feeds.simulator.hangzhou.troubles import silent

HOUR_S = 3_600
RECENT_WATER_S = 600
QUARTER_S = 900
WHOLE_S = 7_200
PAST_S = 3_600
PAST_WATER_S = 1_800
_MOSTLY_NONE = frozenset({"rain", "depth"})


class Readings:
    """The readings of a city."""

    def __init__(self, stations: Stations, seed: int, storms: tuple[Storm, ...]) -> None:
        """Sort the series by the second in which they report."""
        self.seed = seed
        self.storms = storms
        self._due: dict[int, dict[int, list[Series]]] = defaultdict(lambda: defaultdict(list))
        for series in stations.series:
            self._due[series.every_s][series.second].append(series)
        self.count = len(stations.series)

    def between(self, after: datetime, until: datetime) -> Iterator[Mapping[str, object]]:
        """Every reading measured after ``after`` up to ``until``, in order of time."""
        for series, second in self._seconds(after, until):
            yield record(series, second, value(series, second, self.seed, self.storms))

    def recent(self, after: datetime, until: datetime) -> Iterator[Mapping[str, object]]:
        """Thinned: levels each ten minutes, outlets hourly, rain and depth where there is any.

        Of the last hours everything.
        """
        whole_from = int(until.timestamp()) - WHOLE_S
        for series, second in self._seconds(after, until):
            told = None
            if second < whole_from:
                if series.limit is not None:
                    if second % HOUR_S >= series.every_s:
                        continue
                elif series.factor in _MOSTLY_NONE:
                    told = value(series, second, self.seed, self.storms)
                    if not told[0] and second % QUARTER_S >= series.every_s:
                        continue
                elif second % RECENT_WATER_S >= series.every_s:
                    continue
            told = told or value(series, second, self.seed, self.storms)
            yield record(series, second, told)

    def past(self, after: datetime, until: datetime) -> Iterator[Mapping[str, object]]:
        """Thinned: levels twice an hour, outlets hourly, rain where it fell and once an hour."""
        for series, second in self._seconds(after, until):
            first = second % HOUR_S < series.every_s
            if series.factor in _MOSTLY_NONE:
                told = value(series, second, self.seed, self.storms)
                if told[0] or first:
                    yield record(series, second, told)
            elif first or (series.limit is None and second % PAST_WATER_S < series.every_s):
                yield record(series, second, value(series, second, self.seed, self.storms))

    def _seconds(self, after: datetime, until: datetime) -> Iterator[tuple[Series, int]]:
        """Give who speaks at which second; who has fallen silent does not."""
        for second in range(int(after.timestamp()) + 1, int(until.timestamp()) + 1):
            for every_s, due in self._due.items():
                for series in due.get(second % every_s, ()):
                    if not silent(series.station, second, self.seed):
                        yield series, second
