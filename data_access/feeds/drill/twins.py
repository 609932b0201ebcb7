"""The twins of a drill: what stands in its area, under ids and names that say whose they are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from dashboard.domain.drills import named, titled
from dashboard.domain.records.checks import MAX_ID
from data_access import matters
from data_access.queries.drills import real
from data_access.queries.live import within
from data_access.queries.visible import rows
from data_access.tables import city, place, reading_latest, station, unit

LEVELS = ("river", "tide", "reservoir", "gate")
"""Kinds of stations whose level a storm lifts."""
KINDS = (*LEVELS, "rain", "ponding")


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """What a drill plays with.

    ``stations``, ``places``: rows of what is real; ``base``: station → metres before the storm;
    ``matters``: (kind, code, name); ``units``: (id, scope path).
    """

    city: str
    id: str
    scope: str
    stations: Sequence[Mapping[str, Any]]
    places: Sequence[Mapping[str, Any]]
    base: Mapping[str, float]
    matters: Sequence[tuple[str, str, str]]
    units: Sequence[tuple[str, str]]


def read_area(
    conn: Connection, operation: str, scope: str, *, base: Mapping[str, float] | None
) -> Area:
    """Read what is real in the area of a drill; ``base``: as it was at the drill's beginning."""
    stations = rows(
        conn,
        select(station)
        .where(real(station), within(station.c.scope, [scope]), station.c.kind.in_(KINDS))
        .where(station.c.lon.is_not(None))
        .order_by(station.c.id),
    )
    places = rows(
        conn,
        select(place)
        .where(real(place), within(place.c.scope, [scope]), place.c.lon.is_not(None))
        .order_by(place.c.id),
    )
    return Area(
        city=conn.execute(select(city.c.name).limit(1)).scalar() or "",
        id=scope.rpartition("/")[2],
        scope=scope,
        stations=[it for it in stations if _fits(operation, it["id"])],
        places=[it for it in places if _fits(operation, it["id"])],
        base=_levels(conn, scope) if base is None else base,
        matters=_matters(conn),
        units=[
            tuple(it) for it in conn.execute(select(unit.c.id, unit.c.scope).order_by(unit.c.id))
        ],
    )


def twin_of_station(operation: str, row: Mapping[str, Any]) -> dict[str, Any]:
    """Give the record of a station's twin."""
    names = ("kind", "lon", "lat", "datum", "thresholds", "jurisdiction", "river", "basin")
    told = {name: row[name] for name in names if row[name] is not None}
    return {"id": named(operation, row["id"]), "name": titled(row["name"]), **told}


def twin_of_place(
    operation: str, row: Mapping[str, Any], at: datetime, state: str, depth_cm: float | None
) -> dict[str, Any]:
    """Give the record of a place's twin in a state."""
    names = ("kind", "lon", "lat", "jurisdiction", "cameras", "supplies")
    told = {name: row[name] for name in names if row[name] is not None}
    depth = {} if depth_cm is None else {"depth_cm": depth_cm}
    return {
        "id": named(operation, row["id"]),
        "name": titled(row["name"]),
        "state": state,
        "at": at,
        **told,
        **depth,
    }


def _fits(operation: str, name: str) -> bool:
    return len(named(operation, name)) <= MAX_ID


def _levels(conn: Connection, scope: str) -> dict[str, float]:
    """The levels as they were last measured."""
    latest = reading_latest.c
    query = select(latest.station, latest.value).where(
        real(reading_latest),
        within(latest.scope, [scope]),
        latest.factor == "level",
        latest.value.is_not(None),
    )
    return {row.station: row.value for row in conn.execute(query)}


def _matters(conn: Connection) -> list[tuple[str, str, str]]:
    """Those of the city's matters that a storm brings, water first."""
    found = [matter for matter in matters.of_city(conn) if matter.storm]
    found.sort(key=lambda matter: not matter.wet)
    return [(matter.kind, matter.code, matter.words.zh) for matter in found]
