"""Owns typhoons 台风: their fixes 定位 and forecasts 预报, and what of them is known at a moment.

A fix is where a typhoon was, as its issuer told it; a forecast is one issuer's, of one moment, of
where it will be. Units: metres a second, hPa, kilometres; knots and nautical miles are converted.
Grades after GB/T 19201-2006, forces 级 after GB/T 28591-2012.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from dashboard.domain.words import Words

KNOT_MS = 1852 / 3600
NAUTICAL_KM = 1.852

HEARD_FOR = timedelta(hours=24)
"""How long after its last fix a typhoon is still shown."""

LIVES_FOR = timedelta(days=30)
"""Longer than any lives; fixes that are older than the last by so much are not of its track."""

RADII = ("r7", "r10", "r12")
"""Radii of winds of force 7, 10 and 12: north-east, south-east, south-west, north-west, in km."""

ISSUERS: dict[str, Words] = {
    "cma": Words("中央气象台", "CMA"),
    "jma": Words("日本气象厅", "JMA"),
    "hko": Words("中国香港", "HKO"),
    "cwa": Words("中国台湾", "CWA"),
    "jtwc": Words("美国", "JTWC"),
}
"""Who tells of typhoons; an issuer that is not here speaks for itself."""

ISSUER_BY_WORD: dict[str, str] = {
    **{words.zh: code for code, words in ISSUERS.items()},
    "中国": "cma",
    "日本": "jma",
    "香港": "hko",
    "台湾": "cwa",
}
"""How feeds of Zhejiang's water office name them."""

GRADES: dict[str, Words] = {
    "low": Words("低压", "Low"),
    "depression": Words("热带低压", "Depression"),
    "storm": Words("热带风暴", "Tropical storm"),
    "severe_storm": Words("强热带风暴", "Severe tropical storm"),
    "typhoon": Words("台风", "Typhoon"),
    "severe": Words("强台风", "Severe typhoon"),
    "super": Words("超强台风", "Super typhoon"),
}
GRADE_FROM_MS = (
    (51.0, "super"),
    (41.5, "severe"),
    (32.7, "typhoon"),
    (24.5, "severe_storm"),
    (17.2, "storm"),
    (10.8, "depression"),
)
"""From which wind near the centre each grade is, the highest first."""

FORCE_FROM_MS = (
    *(0.3, 1.6, 3.4, 5.5, 8.0, 10.8, 13.9, 17.2, 20.8, 24.5, 28.5, 32.7, 37.0, 41.5, 46.2),
    *(51.0, 56.1),
)
"""From which wind each force 级 is, from 1 to 17."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A place of a typhoon at a moment.

    ``issued_at``: when a forecast was issued; None for a fix.
    """

    typhoon: str
    issuer: str
    at: datetime
    lon: float
    lat: float
    name: str = ""
    name_en: str = ""
    issued_at: datetime | None = None
    wind_ms: float | None = None
    pressure_hpa: float | None = None
    r7: tuple[float, ...] | None = None
    r10: tuple[float, ...] | None = None
    r12: tuple[float, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """What an issuer foretells, from the moment at which it did."""

    issuer: str
    issued_at: datetime
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """What is known of a typhoon: fixes so far, each issuer's latest forecast."""

    track: tuple[Point, ...]
    ahead: tuple[Forecast, ...]

    @property
    def last_at(self) -> datetime | None:
        """Moment of the last fix."""
        return self.track[-1].at if self.track else None

    def live(self, now: datetime) -> bool:
        """Say whether it is still shown."""
        return self.last_at is not None and now - self.last_at <= HEARD_FOR


def known(points: Iterable[Point], now: datetime) -> Picture:
    """Give what was known at ``now``: nothing that was told later.

    Where several issuers fixed the same moment the first by ``ISSUERS`` counts; of a forecast only
    what lies after the last fix.
    """
    fixes: dict[datetime, Point] = {}
    foretold: dict[str, dict[datetime, list[Point]]] = {}
    for point in points:
        if point.issued_at is None:
            if point.at <= now and _before(point, fixes.get(point.at)):
                fixes[point.at] = point
        elif point.issued_at <= now:
            foretold.setdefault(point.issuer, {}).setdefault(point.issued_at, []).append(point)
    begin = max(fixes) - LIVES_FOR if fixes else now
    track = tuple(fixes[at] for at in sorted(fixes) if at >= begin)
    since = track[-1].at if track else None
    ahead = []
    for issuer in sorted(foretold, key=_rank):
        issued_at = max(foretold[issuer])
        later = [it for it in foretold[issuer][issued_at] if since is None or it.at > since]
        if later:
            later.sort(key=lambda it: it.at)
            ahead.append(Forecast(issuer=issuer, issued_at=issued_at, points=tuple(later)))
    return Picture(track=track, ahead=tuple(ahead))


def _before(point: Point, other: Point | None) -> bool:
    return other is None or _rank(point.issuer) < _rank(other.issuer)


def _rank(issuer: str) -> tuple[int, str]:
    order = list(ISSUERS)
    return (order.index(issuer) if issuer in order else len(order), issuer)
