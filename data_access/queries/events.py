"""A guarded event as the store has it: things, versions, posts, zero reports, hazards."""

import math
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, select

from dashboard.domain.events.things import Key, Thing
from dashboard.domain.events.versions import State
from dashboard.domain.operations import Kind
from data_access.queries import visible
from data_access.queries.nearby import METRES_A_DEGREE
from data_access.tables import (
    alert,
    camera,
    case,
    city,
    event_act,
    event_hazard,
    event_post,
    event_report,
    event_report_plan,
    event_thing,
    event_version,
    operation,
    responder,
)

MOST_INSIDE = visible.MAX_ROWS


def running(conn: Connection, *, sight: visible.Sight, member_only: bool) -> list[visible.Row]:
    """Events in force whose room the reader may enter, by number.

    ``member_only``: a screen in a hall enters only the rooms of which it is a member.
    """
    own = operation.c.event.in_(list(sight.events))
    may = own if member_only else visible.seen(operation.c.scope, operation.c.event, sight)
    query = select(operation).where(
        operation.c.kind == Kind.EVENT, operation.c.state == "in_force", may
    )
    return visible.rows(conn, query.order_by(operation.c.id))


def exists(conn: Connection, *, operation_id: str) -> bool:
    """Say whether there is, or was, such an event, whoever may see it."""
    query = select(operation.c.id).where(
        operation.c.id == operation_id, operation.c.kind == Kind.EVENT
    )
    return conn.execute(query).first() is not None


def states(conn: Connection, *, operation_id: str) -> list[State]:
    """Every state of an event's things but those of versions that were withdrawn."""
    query = (
        select(event_thing)
        .join(
            event_version,
            (event_version.c.operation == event_thing.c.operation)
            & (event_version.c.version == event_thing.c.version),
        )
        .where(event_thing.c.operation == operation_id, event_version.c.state == "entered")
        .order_by(event_thing.c.version, event_thing.c.kind, event_thing.c.thing)
    )
    return [_state(row) for row in conn.execute(query)]


def things(conn: Connection, *, operation_id: str) -> list[visible.Row]:
    """Rows of the states that hold or will, and of those that were replaced a while ago."""
    query = select(event_thing).where(event_thing.c.operation == operation_id, event_thing.c.live)
    return visible.rows(
        conn, query.order_by(event_thing.c.kind, event_thing.c.thing, event_thing.c.version)
    )


def rows_of_thing(conn: Connection, *, operation_id: str, key: Key) -> list[visible.Row]:
    """Rows of one thing in the order of its versions, without those that were withdrawn."""
    query = (
        select(event_thing)
        .join(
            event_version,
            (event_version.c.operation == event_thing.c.operation)
            & (event_version.c.version == event_thing.c.version),
        )
        .where(
            event_thing.c.operation == operation_id,
            event_thing.c.kind == key.kind,
            event_thing.c.thing == key.id,
            event_version.c.state == "entered",
        )
    )
    return visible.rows(conn, query.order_by(event_thing.c.version))


def versions(conn: Connection, *, operation_id: str) -> list[visible.Row]:
    """All versions, the newest first."""
    query = select(event_version).where(event_version.c.operation == operation_id)
    return visible.rows(conn, query.order_by(event_version.c.version.desc()))


def posts(conn: Connection, *, operation_id: str) -> list[visible.Row]:
    """What was last said of each post."""
    return _of(conn, event_post, operation_id, event_post.c.post)


def reports(conn: Connection, *, operation_id: str) -> list[visible.Row]:
    """Zero reports by the moment at which they are due."""
    return _of(conn, event_report, operation_id, event_report.c.due_at, event_report.c.reporter)


def hazards(conn: Connection, *, operation_id: str) -> list[visible.Row]:
    """The list of hazards, as they were found."""
    return _of(conn, event_hazard, operation_id, event_hazard.c.n)


def acts(conn: Connection, *, operation_id: str) -> list[visible.Row]:
    """The record of what was done in the room, the newest first."""
    query = select(event_act).where(event_act.c.operation == operation_id)
    return visible.rows(conn, query.order_by(event_act.c.n.desc()).limit(visible.MAX_ROWS))


def cameras_near(
    conn: Connection, routes: Sequence[Thing], within_m: float
) -> list[tuple[float, float]]:
    """Positions of all online cameras in the square around the routes, whoever may see them.

    Where a route is bare must be the same to everyone in the room.
    """
    corners = [it for route in routes for it in (route.geometry or {})["coordinates"]]
    if not corners:
        return []
    lons, lats = [it[0] for it in corners], [it[1] for it in corners]
    high = within_m / METRES_A_DEGREE
    wide = high / max(0.01, math.cos(math.radians(max(lats, key=abs))))
    query = select(camera.c.lon, camera.c.lat).where(
        camera.c.status == "on",
        camera.c.lon.between(min(lons) - wide, max(lons) + wide),
        camera.c.lat.between(min(lats) - high, max(lats) + high),
    )
    return [(row.lon, row.lat) for row in conn.execute(query)]


def report_plan(conn: Connection, *, operation_id: str) -> visible.Row | None:
    """The plan of zero reports, None where there is none yet."""
    query = select(event_report_plan).where(event_report_plan.c.operation == operation_id)
    return next(iter(visible.rows(conn, query)), None)


def bounds(conn: Connection) -> Sequence[float] | None:
    """West, south, east, north of the (first) city, where it says them."""
    told = conn.execute(select(city.c.settings).order_by(city.c.id).limit(1)).scalar() or {}
    found = told.get("bounds")
    return found if isinstance(found, list) and len(found) == 4 else None


def inside(conn: Connection, *, operation_id: str) -> dict[str, list[visible.Row]]:
    """What lies within the event's zones: open cases, live alerts, cameras, responders."""
    wanted: dict[str, tuple[Table, Sequence[str]]] = {
        "cases": (
            case,
            (
                *("id", "version", "kind", "subcategory", "stage", "marks", "urgency", "unit"),
                *("lon", "lat", "jurisdiction", "reported_at", "due_at"),
            ),
        ),
        "alerts": (
            alert,
            (
                *("id", "version", "rule", "subject_topic", "subject_id", "priority", "active"),
                *("acknowledged", "owner", "since", "lon", "lat", "jurisdiction"),
            ),
        ),
        "cameras": (camera, ("id", "name", "lon", "lat", "status", "wall_allowed")),
        "responders": (responder, ("id", "kind", "name", "lon", "lat", "at", "status", "unit")),
    }
    found: dict[str, list[visible.Row]] = {}
    for topic, (table, names) in wanted.items():
        query = select(*(table.c[name] for name in names)).where(table.c.event == operation_id)
        if "live" in table.c:
            query = query.where(table.c.live)
        found[topic] = visible.rows(conn, query.order_by(table.c.id).limit(MOST_INSIDE))
    return found


def _of(conn: Connection, table: Table, operation_id: str, *order: Any) -> list[visible.Row]:
    query = select(table).where(table.c.operation == operation_id)
    return visible.rows(conn, query.order_by(*order))


def _state(row: Any) -> State:
    key = Key(row.kind, row.thing)
    thing = Thing(key=key, name=row.name, name_en=row.name_en, geometry=row.geometry, body=row.body)
    effective: datetime = row.effective_at
    return State(
        key=key,
        version=row.version,
        effective_at=effective,
        thing=None if row.removed else thing,
    )
