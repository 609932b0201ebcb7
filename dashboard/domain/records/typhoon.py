"""Owns what a row about a typhoon must be: a fix, or one point of a forecast."""

from datetime import timedelta
from typing import Any

from dashboard.domain import typhoons
from dashboard.domain.records import checks
from dashboard.domain.records.checks import Bad, Context, Raw, shown

FIELDS = (
    *("id", "name", "name_en", "issuer", "issued_at", "at", "lon", "lat", "crs"),
    *("wind_ms", "wind_kt", "pressure_hpa", "r7_km", "r10_km", "r12_km", "r30_nm", "r50_nm"),
)
"""What a row may say. Winds in m/s or knots; radii of winds of force 7, 10, 12 in km, one or four
(north-east, south-east, south-west, north-west), or of 30 and 50 knots in nautical miles."""

_MOST_MS, _MOST_KT = 120.0, 240.0
_MOST_KM, _MOST_NM = 2_000.0, 1_000.0
_FARTHEST_AHEAD = timedelta(days=15)
_HALF = 180
_DIRECTION_DIGIT = 10_000
"""JMA's list says the direction of the longest radius in a digit before its four: 90210."""


def typhoon(ctx: Context, raw: Raw) -> typhoons.Point:
    """Make a point, or raise `Bad`.

    A fix may lie in the city's future: a track is imported whole and shown as its time comes.
    """
    at = checks.moment(ctx, raw, "at", ahead=True)
    issued_at = checks.maybe_moment(ctx, raw, "issued_at", ahead=True)
    if issued_at is not None and not issued_at <= at <= issued_at + _FARTHEST_AHEAD:
        raise Bad("issued_at", f"预报时次须早于预报时刻，且不早于 {_FARTHEST_AHEAD.days} 天。")
    lon, lat = checks.position(ctx, _over_the_date_line(raw), required=True)
    if lon is None or lat is None:
        checks.missing("lon")
    issuer = checks.needed_code(raw, "issuer", checks.MAX_CODE)
    return typhoons.Point(
        typhoon=_number(raw, at.year),
        name=checks.text(raw, "name", checks.MAX_NAME) or "",
        name_en=(checks.text(raw, "name_en", checks.MAX_NAME) or "").title(),
        issuer=typhoons.ISSUER_BY_WORD.get(issuer, issuer.lower()),
        issued_at=issued_at,
        at=at,
        lon=lon,
        lat=lat,
        wind_ms=_wind(raw),
        pressure_hpa=checks.number(raw, "pressure_hpa", 850.0, 1_050.0),
        r7=_radii(raw, "r7_km", "r30_nm"),
        r10=_radii(raw, "r10_km", "r50_nm"),
        r12=_radii(raw, "r12_km"),
    )


def _over_the_date_line(raw: Raw) -> Raw:
    """Lists of the north-west Pacific count longitudes on beyond 180."""
    lon = raw.get("lon")
    if isinstance(lon, int | float) and _HALF < lon <= 2 * _HALF:
        return {**raw, "lon": lon - 2 * _HALF}
    return raw


def _number(raw: Raw, year: int) -> str:
    """Give a typhoon's number: of four digits it gets the century of its year."""
    told = checks.plain_id(raw, "id")
    if len(told) == 4 and told.isdigit():
        return f"{year // 100:02d}{told}"
    return told


def _wind(raw: Raw) -> float | None:
    """Give the wind in m/s; 0 is how lists say that they do not know."""
    metres = checks.number(raw, "wind_ms", 0.0, _MOST_MS)
    knots = checks.number(raw, "wind_kt", 0.0, _MOST_KT)
    if metres and knots:
        raise Bad("wind_kt", "wind_ms 与 wind_kt 只能给一个。")
    if metres:
        return round(metres, 1)
    return round(knots * typhoons.KNOT_MS, 1) if knots else None


def _radii(raw: Raw, km: str, nautical: str | None = None) -> tuple[float, ...] | None:
    told = raw.get(km)
    if told not in (None, ""):
        return _four(told, km, 1.0, _MOST_KM)
    told = raw.get(nautical) if nautical else None
    if nautical is None or told in (None, ""):
        return None
    return _four(_without_direction(told), nautical, typhoons.NAUTICAL_KM, _MOST_NM)


def _without_direction(told: object) -> object:
    text = str(told).strip()
    if len(text) == 5 and text.isdigit():
        return int(text) % _DIRECTION_DIGIT
    return told


def _four(told: object, field: str, scale: float, most: float) -> tuple[float, ...] | None:
    """Read one radius or four; all of them 0 is no radius."""
    parts: Any = told.replace("|", " ").split() if isinstance(told, str) else told
    values: list[Any] = list(parts) if isinstance(parts, list | tuple) else [parts]
    if len(values) not in (1, 4):
        raise Bad(field, f"应为一个半径或四个（东北、东南、西南、西北），收到“{shown(told)}”。")
    made = []
    for value in values:
        try:
            number = float(value)
        except (TypeError, ValueError):
            checks.wrong_type(field, "数字", value)
        made.append(round(checks.needed_number({field: number}, field, 0.0, most) * scale, 1))
    return tuple(made * (4 // len(made))) if any(made) else None
