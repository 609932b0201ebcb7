"""Owns the forms in which typhoons come: JMA's best track, and the JSON of Zhejiang's water office.

The first is a table of fixes, 10-minute mean winds in knots; the second an object a typhoon, with
its fixes and at each of them the forecasts of several issuers, in China's own time.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta, timezone
from typing import Any

from data_access.feeds.recording.config import Spec

RECORDS = "info && [info] || points && [@] || @"
"""Where in a JSON file its objects are: beside a list of a year's, alone, or the list itself."""

_BEST_TRACK: Mapping[str, Spec] = {
    "id": "tc_id",
    "name_en": "name",
    "issuer": {"const": "jma"},
    "at": "time_utc",
    "lon": "lon",
    "lat": "lat",
    "pressure_hpa": "pres_hpa",
    "wind_kt": "wind_kt",
    "r30_nm": "r30_dir_longest",
    "r50_nm": "r50_dir_longest",
}
_CHINA = timezone(timedelta(hours=8))
_FORM = "%Y/%m/%d %H:%M:%S"


def of_columns(columns: list[str]) -> Mapping[str, Spec]:
    """Give the mapping of a table whose columns are those of a known form, else nothing."""
    needed = {spec for spec in _BEST_TRACK.values() if isinstance(spec, str)}
    return _BEST_TRACK if needed <= set(columns) else {}


def flat(row: Any, kind: str) -> Iterator[Any]:
    """Give an object with ``points`` as a row a fix and a row a point of each forecast."""
    if kind != "typhoons" or not isinstance(row, dict) or not isinstance(row.get("points"), list):
        yield row
        return
    names = {"id": row.get("tfid"), "name": row.get("name"), "name_en": row.get("enname")}
    for point in row["points"]:
        if not isinstance(point, dict):
            yield point
            continue
        yield {**names, "issuer": "cma", **_place(point)}
        for forecast in point.get("forecast") or ():
            yield from _forecast(names, forecast)


def _forecast(names: Mapping[str, Any], forecast: Any) -> Iterator[Any]:
    """Give a forecast's points; its first is where the typhoon was when it was issued."""
    points = forecast.get("forecastpoints") if isinstance(forecast, dict) else None
    if not isinstance(points, list) or not all(isinstance(point, dict) for point in points):
        yield forecast
        return
    issued_at = _time(points[0].get("time")) if points else None
    for point in points[1:]:
        yield {**names, "issuer": forecast.get("tm"), "issued_at": issued_at, **_place(point)}


def _place(point: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "at": _time(point.get("time")),
        "lon": _number(point.get("lng")),
        "lat": _number(point.get("lat")),
        "wind_ms": _number(point.get("speed")),
        "pressure_hpa": _number(point.get("pressure")),
        "r7_km": point.get("radius7") or None,
        "r10_km": point.get("radius10") or None,
        "r12_km": point.get("radius12") or None,
    }


def _time(told: Any) -> Any:
    """Read a time of China's own; what is none stays, for validation to refuse."""
    try:
        return datetime.strptime(str(told), _FORM).replace(tzinfo=_CHINA).isoformat()
    except ValueError:
        return told


def _number(told: Any) -> Any:
    """Read a number that came as text; an empty one is none at all."""
    if not isinstance(told, str):
        return told
    if not told.strip():
        return None
    try:
        return float(told)
    except ValueError:
        return told
