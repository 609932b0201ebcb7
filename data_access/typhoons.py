"""Typhoons in the store: every fix and forecast as it was told, and what of them is known now.

What is told for later than now is kept and shown as its time comes: a track is imported whole.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, insert, select, update

from dashboard.domain.typhoons import HEARD_FOR, RADII, Picture, Point, known
from data_access.bulk import insert_rows
from data_access.changes import Writer
from data_access.queries.live import iso
from data_access.queries.scopes import city_scope
from data_access.tables import typhoon, typhoon_point

KEY = ("typhoon", "kind", "issuer", "issued_at", "at")
FIX, FORECAST = "fix", "forecast"
_FIELDS = (
    *("typhoon", "issuer", "at", "lon", "lat", "name", "name_en", "wind_ms", "pressure_hpa"),
)


def row_of(point: Point) -> dict[str, Any]:
    """Give a point as the store keeps it; a fix is issued when it is measured."""
    row: dict[str, Any] = {name: getattr(point, name) for name in _FIELDS}
    return row | {
        **{name: _radii(point, name) for name in RADII},
        "kind": FIX if point.issued_at is None else FORECAST,
        "issued_at": point.issued_at or point.at,
    }


def told(conn: Connection, names: Iterable[str]) -> dict[tuple[Any, ...], dict[str, Any]]:
    """Give what the store has of some typhoons, by key."""
    query = select(typhoon_point).where(typhoon_point.c.typhoon.in_(sorted(names)))
    rows = (dict(row) for row in conn.execute(query).mappings())
    return {tuple(row[name] for name in KEY): row for row in rows}


def add(writer: Writer, rows: Sequence[Mapping[str, Any]], known_keys: Iterable[Any]) -> None:
    """Add points; one of ``known_keys`` takes the place of what stood for the same moment."""
    standing = set(known_keys)
    for row in rows:
        if tuple(row[name] for name in KEY) in standing:
            same = (typhoon_point.c[name] == row[name] for name in KEY)
            writer.conn.execute(typhoon_point.delete().where(*same))
    insert_rows(writer.conn, typhoon_point, [dict(row) for row in rows])


def settle(writer: Writer, names: Iterable[str], now: datetime) -> None:
    """Derive what is known of typhoons now, and note those of which it changed."""
    scope = city_scope(writer.conn)
    for name in sorted(names):
        rows = list(told(writer.conn, [name]).values())
        if not rows:
            continue
        values = {**_values(rows, now), "scope": scope}
        query = select(typhoon).where(typhoon.c.id == name)
        before = writer.conn.execute(query).mappings().first()
        if before is None:
            writer.conn.execute(insert(typhoon).values(id=name, version=1, drill=False, **values))
        elif all(before[key] == value for key, value in values.items()):
            continue
        else:
            changed = {"version": before["version"] + 1, **values}
            writer.conn.execute(update(typhoon).where(typhoon.c.id == name).values(**changed))
        old = None if before is None else before["scope"]
        writer.changed("typhoons", name, old_scope=old, new_scope=scope)


def turning(now: datetime) -> Select[Any]:
    """Ask for the typhoons of which something becomes known, or old, by ``now``."""
    return select(typhoon.c.id).where(typhoon.c.turns_at <= now).order_by(typhoon.c.id)


def _values(rows: Sequence[Mapping[str, Any]], now: datetime) -> dict[str, Any]:
    """What is known now of a typhoon of which these rows were told."""
    picture = known(map(_point, rows), now)
    return {
        "name": next((row["name"] for row in rows if row["name"]), ""),
        "name_en": next((row["name_en"] for row in rows if row["name_en"]), ""),
        "issuer": picture.track[-1].issuer if picture.track else "",
        "last_at": picture.last_at,
        "moved": any(row["moved"] for row in rows),
        "track": [_written(point) for point in picture.track],
        "ahead": [
            {
                "issuer": it.issuer,
                "issued_at": iso(it.issued_at),
                "points": [_written(point) for point in it.points],
            }
            for it in picture.ahead
        ],
        "live": picture.live(now),
        "turns_at": _turn(rows, picture, now),
    }


def _point(row: Mapping[str, Any]) -> Point:
    values: dict[str, Any] = {name: row[name] for name in _FIELDS}
    values |= {name: tuple(row[name]) if row[name] else None for name in RADII}
    return Point(**values, issued_at=row["issued_at"] if row["kind"] == FORECAST else None)


def _written(point: Point) -> list[Any]:
    """Write a point: at, lon, lat, wind_ms, pressure_hpa, r7, r10, r12."""
    plain = [iso(point.at), point.lon, point.lat, point.wind_ms, point.pressure_hpa]
    return plain + [_radii(point, name) for name in RADII]


def _radii(point: Point, name: str) -> list[float] | None:
    found = getattr(point, name)
    return list(found) if found else None


def _turn(rows: Sequence[Mapping[str, Any]], picture: Picture, now: datetime) -> datetime | None:
    """When it must be looked at again: something is told later, or the last fix grows old."""
    moments = [row["issued_at"] for row in rows if row["issued_at"] > now]
    if picture.last_at is not None and picture.live(now):
        moments.append(picture.last_at + HEARD_FOR)
    return min(moments, default=None)
