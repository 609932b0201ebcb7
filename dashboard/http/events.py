"""Guarded events 重大活动保障: their rooms, what lies in them, and the versions of their things."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Response, request

from dashboard.domain.cases import TERMINAL
from dashboard.domain.coordinates import CRS
from dashboard.domain.events import coverage, figures, versions
from dashboard.domain.events.reports import state_of
from dashboard.domain.events.things import MOST_THINGS, MOST_WATCH_M, Kind
from dashboard.domain.roles import Reach, Right, Role, reach
from dashboard.http import event_room, items, operations
from dashboard.http.event_room import told
from dashboard.http.idempotency import once
from dashboard.http.problems import Problem
from dashboard.http.site import Site, answer, json_body, sight_of
from dashboard.http.told import moment, number, text, yes
from data_access.commands import event_members, events
from data_access.commands.event_room import By, Room
from data_access.events.zones import Zones
from data_access.queries import event_members as member_queries
from data_access.queries import events as queries

_REASON = 500
_PERSONAL = ("by", "name", "reason", "approved_by", "confirmed", "waiting")
"""What of a version names people or holds what they wrote."""


def register(site: Site) -> None:
    """Mount the routes."""
    _mount_looks(site)
    _mount_acts(site)


def _mount_looks(site: Site) -> None:
    guard = site.guard

    @guard.route("/api/v1/events", right=Right.LOOK, endpoint="events.running")
    def running() -> Response:
        who = guard.known()
        with site.store.read() as conn:
            found = queries.running(conn, sight=sight_of(who), member_only=who.role is Role.WALL)
        return answer({"items": [operations.item(row) for row in found], "next": None})

    @guard.route("/api/v1/events/<operation_id>", right=Right.LOOK, endpoint="events.room")
    def room(operation_id: str) -> Response:
        return answer(_whole(site, event_room.entered(site, operation_id)))

    @guard.route("/api/v1/events/<operation_id>/inside", right=Right.LOOK)
    def inside(operation_id: str) -> Response:
        event_room.entered(site, operation_id)
        return answer(_inside(site, operation_id))

    @guard.route("/api/v1/events/<operation_id>/coverage", right=Right.LOOK)
    def coverage_of(operation_id: str) -> Response:
        event_room.entered(site, operation_id)
        return answer(_coverage(site, operation_id, _metres()))

    @guard.route("/api/v1/events/<operation_id>/record", right=Right.LOOK)
    def record(operation_id: str) -> Response:
        event_room.entered(site, operation_id)
        if event_room.on_wall(site):
            raise Problem(403, "大屏不显示记录。")
        with site.store.read() as conn:
            found = queries.acts(conn, operation_id=operation_id)
        return answer({"items": [told(it) for it in found], "next": None})


def _mount_acts(site: Site) -> None:
    guard, path = site.guard, "/api/v1/events/<operation_id>"

    @guard.route(f"{path}/things", right=Right.OPERATE, methods=("PUT",))
    @once(site)
    def things(operation_id: str) -> Response:
        return _enter(site, operation_id)

    @guard.route(f"{path}/versions/<int:version>/confirm", right=Right.LOOK, methods=("POST",))
    @once(site)
    def confirm(operation_id: str, version: int) -> Response:
        return _confirm(site, operation_id, version)

    @guard.route(f"{path}/versions/<int:version>/withdraw", right=Right.OPERATE, methods=("POST",))
    @once(site)
    def withdraw(operation_id: str, version: int) -> Response:
        return _withdraw(site, operation_id, version)

    @guard.route(f"{path}/members", right=Right.OPERATE, methods=("PUT",))
    @once(site)
    def members(operation_id: str) -> Response:
        return _appoint(site, operation_id)


def _confirm(site: Site, operation_id: str, version: int) -> Response:
    row = event_room.entered(site, operation_id)
    if operation_id not in site.guard.known().events:
        raise Problem(403, "只有此活动的成员确认。")

    def perform(room: Room, by: By) -> Any:
        return events.confirm(room, version, by)

    done = event_room.act(site, row, "event-confirm", perform, detail={"version": version})
    return answer(told(done, but=_PERSONAL if event_room.on_wall(site) else ()))


def _withdraw(site: Site, operation_id: str, version: int) -> Response:
    row = event_room.commanded(site, operation_id)
    reason = text(json_body(), "reason", most=_REASON) or ""

    def perform(room: Room, by: By) -> Any:
        return events.withdraw(room, version, reason, by)

    detail = {"version": version, "reason": reason}
    return answer(told(event_room.act(site, row, "event-withdraw", perform, detail=detail)))


def _appoint(site: Site, operation_id: str) -> Response:
    row = event_room.commanded(site, operation_id)
    body = json_body()
    lists = {name: _names(body, name) for name in ("accounts", "screens", "tokens")}

    def perform(room: Room, by: By) -> None:
        event_members.appoint(room, by, **lists)

    event_room.act(site, row, "event-members", perform, detail=lists)
    return answer({"members": _members(site, operation_id)})


def _enter(site: Site, operation_id: str) -> Response:
    """Enter a batch of things as one version."""
    row = event_room.commanded(site, operation_id)
    body = json_body()
    records = _records(body)
    crs = text(body, "crs") or "wgs84"
    if crs not in CRS:
        raise Problem(422, f"crs 只能是 {'、'.join(CRS)}。", field="crs")
    draft = events.Draft(
        records=records,
        reason=text(body, "reason", most=_REASON) or "",
        effective_at=moment(body, "effective_at"),
        approved_by=text(body, "approved_by"),
        on_word=reach(site.guard.known().role, Right.OPERATE) is Reach.APPROVED,
        version=number(body, "version"),
        replace=yes(body, "replace"),
        crs=crs,
    )

    def perform(room: Room, by: By) -> Any:
        return events.enter(room, draft, by)

    detail = {"records": len(records), "reason": draft.reason, "approved_by": draft.approved_by}
    made = event_room.act(site, row, "event-things", perform, detail=detail)
    if made is None:
        return answer({"unchanged": True, "version": None})
    return answer({"unchanged": False, **told(made)}, 201)


def _records(body: Mapping[str, Any]) -> list[Any]:
    """Give the records of a body: ``things``, or the features of a FeatureCollection."""
    if body.get("type") == "FeatureCollection":
        found = body.get("features")
        if isinstance(found, list):
            found = [_flat(feature) for feature in found]
    else:
        found = body.get("things")
    if not isinstance(found, list):
        raise Problem(422, "须有列表 things，或为 GeoJSON FeatureCollection。", field="things")
    if len(found) > MOST_THINGS:
        raise Problem(422, f"一次至多 {MOST_THINGS} 个对象。", field="things")
    return found


def _flat(feature: Any) -> Any:
    if not isinstance(feature, dict):
        return feature
    properties = feature.get("properties")
    flat = {"id": feature.get("id"), **(properties if isinstance(properties, dict) else {})}
    return {**flat, "geometry": feature.get("geometry")}


def _names(body: Mapping[str, Any], name: str) -> list[str] | None:
    value = body.get(name)
    if value is None:
        return None
    if not isinstance(value, list) or not all(isinstance(it, str) for it in value):
        raise Problem(422, f"{name} 应为名称的列表。", field=name)
    return value


def _whole(site: Site, row: Mapping[str, Any]) -> dict[str, Any]:
    """Tell everything of a room as it now stands."""
    now, wall, name = site.clock.now(), event_room.on_wall(site), row["id"]
    with site.store.read() as conn:
        states = queries.states(conn, operation_id=name)
        rows = queries.things(conn, operation_id=name)
        all_versions = queries.versions(conn, operation_id=name)
        posts = queries.posts(conn, operation_id=name)
        plan = queries.report_plan(conn, operation_id=name)
        reports = queries.reports(conn, operation_id=name)
        hazards = queries.hazards(conn, operation_id=name)
        inside = queries.inside(conn, operation_id=name)
    holds = versions.standing(states, now)
    stands = versions.programme(holds, now)
    whole = {
        "operation": operations.item(row),
        "at": items.iso(now),
        "version": max((it["version"] for it in all_versions), default=0),
        "things": [told(it) for it in rows],
        "programme": {
            "current": None if stands.current is None else stands.current.key.id,
            "next": None if stands.next is None else stands.next.key.id,
            "seconds": stands.seconds,
        },
        "posts": [told(it, but=("by",) if wall else ()) for it in posts],
        "report_plan": None if plan is None else told(plan),
        "reports": [
            {
                **told(it, but=("by", "note") if wall else ()),
                "state": state_of(it["due_at"], it["sent_at"], now),
            }
            for it in reports
        ],
        "figures": _figures(holds, posts, inside),
    }
    if wall:
        return whole
    return {
        **whole,
        "versions": [told(it) for it in all_versions],
        "hazards": [told(it) for it in hazards],
        "members": _members(site, name),
    }


def _figures(
    holds: Mapping[Any, Any],
    posts: Sequence[Mapping[str, Any]],
    inside: Mapping[str, Sequence[Mapping[str, Any]]],
) -> dict[str, Any]:
    standing = [thing for key, thing in holds.items() if key.kind == Kind.POST]
    here = figures.attendance(standing, {it["post"]: it["present"] for it in posts})
    seen = figures.online(it["status"] for it in inside["cameras"])
    return {
        "open_cases": sum(it["stage"] not in TERMINAL for it in inside["cases"]),
        "present": here.n,
        "needed": here.of,
        "attendance": here.rate,
        "cameras_on": seen.n,
        "cameras": seen.of,
        "video": seen.rate,
    }


def _inside(site: Site, operation_id: str) -> dict[str, Any]:
    """Tell what lies within the zones, each with the strictest zone that holds it."""
    with site.store.read() as conn:
        states = queries.states(conn, operation_id=operation_id)
        found = queries.inside(conn, operation_id=operation_id)
    zones = Zones(versions.standing(states, site.clock.now()).values())
    told_of: dict[str, list[dict[str, Any]]] = {}
    for topic, rows in found.items():
        told_of[topic] = []
        for row in rows:
            zone = zones.at(row["lon"], row["lat"])
            told_of[topic].append({**told(row), "zone": None if zone is None else zone.key.id})
    counts = {
        zone.key.id: {
            topic: sum(it["zone"] == zone.key.id for it in rows) for topic, rows in told_of.items()
        }
        for zone in zones.zones
    }
    return {**told_of, "zones": counts}


def _coverage(site: Site, operation_id: str, within_m: float | None) -> dict[str, Any]:
    """Tell where each route has no camera that is online."""
    now = site.clock.now()
    with site.store.read() as conn:
        states = queries.states(conn, operation_id=operation_id)
        routes = [
            it
            for key, it in versions.standing(states, now).items()
            if key.kind == Kind.ROUTE and it.geometry is not None
        ]
        reach_m = within_m or max((it.body["watch_m"] for it in routes), default=0)
        cameras = queries.cameras_near(conn, routes, reach_m)
    told_of = []
    for route in routes:
        wanted = within_m or route.body["watch_m"]
        assert route.geometry is not None
        line = [(float(lon), float(lat)) for lon, lat in route.geometry["coordinates"]]
        made = coverage.coverage(line, cameras, within_m=wanted)
        told_of.append(
            {
                "route": route.key.id,
                "within_m": wanted,
                "length_m": round(made.length_m),
                "bare_m": round(made.bare_m),
                "bare": [
                    {"from_m": round(it.from_m), "to_m": round(it.to_m), "line": it.line}
                    for it in made.bare
                ],
            }
        )
    return {"at": items.iso(now), "routes": told_of}


def _metres() -> float | None:
    asked = request.args.get("within_m")
    if asked is None:
        return None
    try:
        metres = float(asked)
    except ValueError as error:
        raise Problem(400, "within_m 应为数。") from error
    if not 1 <= metres <= MOST_WATCH_M:
        raise Problem(400, f"within_m 应为 1 至 {MOST_WATCH_M}。")
    return metres


def _members(site: Site, operation_id: str) -> list[dict[str, str]]:
    with site.store.read() as conn:
        found = member_queries.members(conn, operation_id)
    return [{"kind": it.kind, "id": it.id, "name": it.name, "role": it.role} for it in found]
