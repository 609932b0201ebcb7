"""The stations as the alert engine remembers them: what each measured lately, and is 可疑 for.

Loaded once; then only what changed is asked of the store, every reading since the last one seen,
so that none between two looks is passed over.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from dashboard.domain.alerts.rules import RuleBook
from dashboard.domain.alerts.series import Series
from dashboard.domain.alerts.stations import RAIN, Station, keep_for
from dashboard.domain.clock import FUTURE_TOLERANCE
from dashboard.domain.stations import SUMS
from data_access.alerts import facts
from data_access.alerts.facts import Subject
from data_access.queries import rain

_WINDOWS = {"emission": timedelta(hours=3, minutes=15), "river": timedelta(minutes=80)}
_WINDOW = timedelta(minutes=45)


@dataclass(slots=True)
class Known:
    """A station: as the rules see it, as an alert's row needs it, and its 可疑 in the store."""

    station: Station
    subject: Subject
    suspect: str | None
    suspect_until: datetime | None


class Network:
    """All stations."""

    def __init__(self, book: RuleBook, listened: datetime | None = None) -> None:
        """Know none yet; ``listened``: since when readings could arrive."""
        self._book = book
        self._listened = listened
        self._keep = keep_for(book)
        self._hours = tuple(
            {it.params["hours"] for it in book.rules.values() if it.kind == "rain_sum"}
        )
        self.known: dict[str, Known] = {}
        self.suspects: dict[str, str | None] = {}  # whose 可疑 is not what the store says

    def load(self, conn: Connection, now: datetime, ids: Collection[str] | None = None) -> set[str]:
        """Take up stations with what they measured lately; gives the ids of those that are."""
        found: set[str] = set()
        for row in facts.stations(conn, ids):
            found.add(row.id)
            self._enter(row)
        for name in (self.known.keys() if ids is None else set(ids)) - found:
            self.known.pop(name, None)
            self.suspects.pop(name, None)
        new = {name for name in found if not self.known[name].station.factors}
        if not new:
            return found
        after: dict[tuple[str, str], datetime] = {}
        pairs = None if ids is None else [(name, "") for name in new]
        for name, factor, at, _, _, feed in facts.latest(conn, pairs):
            if name in new and factor not in SUMS:
                window = _WINDOWS.get(self.known[name].station.kind, _WINDOW)
                after[name, factor] = min(at, now) - window
                self._told_by(name, feed)
        for _ in self._take(facts.readings(conn, after)):
            pass
        self.sum_rain(conn, new, now)
        return found

    def read(
        self, conn: Connection, pairs: Iterable[tuple[str, str]], now: datetime
    ) -> Iterator[tuple[str, datetime, bool]]:
        """Take the readings that are new of these series, in the order of their moments.

        Gives station and moment of each, and whether more of the station's are to come.
        """
        wanted = {(name, factor) for name, factor in pairs if factor not in SUMS}
        unknown = {name for name, _ in wanted if name not in self.known}
        if unknown:
            self.load(conn, now, unknown)
        after: dict[tuple[str, str], datetime] = {}
        for name, factor in wanted:
            if name in self.known:
                station = self.known[name].station
                series = station.factors.get(factor)
                last = None if series is None else series.last_at
                window = _WINDOWS.get(station.kind, _WINDOW)
                after[name, factor] = now - window if last is None else last
        orphans = {name for name, _ in after if self.known[name].subject.about["feed"] is None}
        if orphans:
            for name, _, _, _, _, feed in facts.latest(conn, [(name, "") for name in orphans]):
                self._told_by(name, feed)
        wet = {name for name, factor in after if factor == RAIN}
        self.sum_rain(conn, wet, now)
        yield from self._take(facts.readings(conn, after))
        for name in unknown:
            if name in self.known:
                yield name, now, False

    def sum_rain(self, conn: Connection, names: Iterable[str], now: datetime) -> None:
        """Sum what fell at rain stations, by the hours that the rules ask for.

        A gauge whose clock is before ours is not left out until it speaks again.
        """
        wet = [it for it in names if it in self.known and self.known[it].station.kind == "rain"]
        if not wet or not self._hours:
            return
        sums = rain.sums(conn, sorted(wet), now, self._hours, ahead=FUTURE_TOLERANCE)
        for name in wet:
            self.known[name].station.sums = sums.get(name, {})

    def end_of_suspect(self, name: str, now: datetime) -> None:
        """Let what a supervisor marked 可疑 be judged again from the moment that was named."""
        known = self.known[name]
        if known.suspect_until is not None and known.suspect_until <= now:
            known.station.by_hand = False

    def settle_suspect(self, name: str) -> datetime | None:
        """Note whether a station's 可疑 is what the store says; gives when to look again."""
        known = self.known[name]
        told = known.station.suspect()
        if told == known.suspect:
            self.suspects.pop(name, None)
        else:
            self.suspects[name] = told
        return known.suspect_until if told == "hand" else None

    def written(self) -> None:
        """Take note that the store says what is 可疑."""
        for name, told in self.suspects.items():
            self.known[name].suspect = told
        self.suspects = {}

    def _take(
        self, found: dict[tuple[str, str], list[facts.Reading]]
    ) -> Iterator[tuple[str, datetime, bool]]:
        told = [reading for series in found.values() for reading in series]
        told.sort(key=lambda reading: reading[2])
        left = Counter(reading[0] for reading in told)
        for name, factor, at, value, flag in told:
            left[name] -= 1
            station = self.known[name].station
            series = station.factors.get(factor)
            if series is None:
                plausible = self._book.plausible.get(factor)
                series = station.factors[factor] = Series(plausible)
            elif (at, value, flag) == (series.last_at, series.told, series.flag):
                continue
            if series.take(at, value, flag, self._keep):
                yield name, at, left[name] > 0

    def _told_by(self, name: str, feed: str | None) -> None:
        about = self.known[name].subject.about
        if feed is not None and about["feed"] is None:
            about["feed"] = feed  # type: ignore[index]

    def _enter(self, row: Any) -> None:
        old = self.known.get(row.id)
        station = Station(row.id, row.kind, row.datum, row.thresholds or {})
        station.listened = self._listened
        feed = None
        if old is not None and old.station.kind == row.kind:
            station.factors, station.sums = old.station.factors, old.station.sums
            feed = old.subject.about["feed"]
        station.by_hand = row.suspect == "hand"
        subject = Subject(
            topic="stations",
            id=row.id,
            facts=station,
            scope=row.scope,
            event=row.event,
            drill=bool(row.drill),
            lon=row.lon,
            lat=row.lat,
            jurisdiction=row.jurisdiction,
            about={"river": row.river, "basin": row.basin, "feed": feed},
        )
        self.known[row.id] = Known(station, subject, row.suspect, row.suspect_until)
