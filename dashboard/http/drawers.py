"""What the drawers ask: one thing, its history, what is near it; live pictures and plain numbers.

A live picture and an unmasked number are given only by a POST that stands in the audit.
"""

import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import Response, request
from sqlalchemy import Connection, select

from dashboard.domain.roles import Right, Role
from dashboard.http import items, paging
from dashboard.http.problems import Problem
from dashboard.http.site import Site, answer, sight_of
from dashboard.http.video import demo_streams
from data_access.queries import cases, desk, history, nearby, spots, visible
from data_access.tables import city

POINTS = 800
POINTS_MOST = 5_000
SPAN = timedelta(hours=24)
SPAN_MOST = timedelta(days=400)
NEAR_M = 3_000.0
NEAR_MOST_M = 50_000.0
NEAR_LIMIT = 5
NEAR_LIMIT_MOST = 50
HERE_M = 50.0
BEFORE_LIMIT = 8
_HOUR_S = 3_600
_COLUMNS: tuple[tuple[timedelta, int], ...] = (
    (timedelta(hours=36), _HOUR_S),
    (timedelta(days=10), 6 * _HOUR_S),
    (SPAN_MOST, 24 * _HOUR_S),
)
"""Up to which span rain is summed by how long: hours, the four parts of a day, days."""

_WRITE = {
    "cameras": items.camera,
    "stations": items.station,
    "responders": items.responder,
    "places": items.place,
}
_GONE = "没有此对象，或不在您的权限范围内。"


def register(site: Site) -> None:
    """Mount the routes."""
    _mount_things(site)
    _mount_audited(site)

    @site.guard.route("/api/v1/stations/<path:station_id>/readings", right=Right.LOOK)
    def station_readings(station_id: str) -> Response:
        return answer(_readings(site, station_id))

    @site.guard.route("/api/v1/nearby", right=Right.LOOK)
    def near() -> Response:
        lon, lat = _number("lon", 180.0), _number("lat", 90.0)
        within_m = _number("within_m", NEAR_MOST_M, NEAR_M, least=0.0)
        limit = min(int(_number("limit", 1e9, NEAR_LIMIT, least=1)), NEAR_LIMIT_MOST)
        topics = (paging.text("topics") or ",".join(nearby.TABLES)).split(",")
        unknown = [name for name in topics if name not in nearby.TABLES]
        if unknown:
            raise Problem(400, f"topics 只能是 {'、'.join(nearby.TABLES)}。")
        who = site.guard.known()
        sight = replace(sight_of(who), drills=paging.drills())
        with site.store.read() as conn:
            found = {
                topic: nearby.nearest(
                    conn,
                    topic=topic,
                    lon=lon,
                    lat=lat,
                    sight=sight,
                    limit=limit,
                    within_m=within_m,
                )
                for topic in topics
            }
        wall = who.role is Role.WALL
        return answer(
            {
                topic: [_WRITE[topic](row, wall=wall) for row in rows]
                for topic, rows in found.items()
            }
        )

    @site.guard.route("/api/v1/cases/<path:case_id>/before", right=Right.LOOK)
    def before(case_id: str) -> Response:
        who = site.guard.known()
        within_m = _number("within_m", NEAR_MOST_M, HERE_M, least=0.0)
        with site.store.read() as conn:
            found = cases.find(conn, case_id=case_id, sight=sight_of(who))
            if found is None:
                raise Problem(404, _GONE)
            told = nearby.cases_before(
                conn,
                of=found.case,
                before=found.case["reported_at"],
                sight=sight_of(who),
                within_m=within_m,
                limit=BEFORE_LIMIT,
            )
            repeat = site.settings.repeat
            lately = nearby.cases_before(
                conn,
                of=found.case,
                before=found.case["reported_at"],
                sight=sight_of(who),
                within_m=repeat.within_m,
                limit=1,
                since=found.case["reported_at"] - timedelta(days=repeat.days),
                codes=spots.same_matter(conn, found.case, repeat),
            )
        wall = who.role is Role.WALL
        return answer(
            {
                "count": told.how_many,
                "within_m": within_m,
                "repeat": {
                    "n": lately.how_many,
                    "days": repeat.days,
                    "within_m": repeat.within_m,
                    "same": repeat.same,
                },
                "items": [items.case(row, wall=wall) for row in told.newest],
            }
        )


def _mount_things(site: Site) -> None:
    """One thing of each kind by its id."""
    for topic in ("cameras", "responders", "places"):
        _mount_thing(site, topic)


def _mount_thing(site: Site, topic: str) -> None:
    @site.guard.route(
        f"/api/v1/{topic}/<path:thing_id>", right=Right.LOOK, endpoint=f"drawers.{topic}"
    )
    def thing(thing_id: str) -> Response:
        who = site.guard.known()
        row = _find(site, topic, thing_id)
        return answer(_WRITE[topic](row, wall=who.role is Role.WALL))


def _mount_audited(site: Site) -> None:
    guard = site.guard
    _mount_watch(site, "cameras", "camera")
    _mount_watch(site, "responders", "responder")

    @guard.route(
        "/api/v1/responders/<path:responder_id>/phone", right=Right.SUPERVISE, methods=("POST",)
    )
    def phone(responder_id: str) -> Response:
        row = _find(site, "responders", responder_id)
        _note_unmasked(site, "responders", responder_id, row)
        return answer({"id": responder_id, "phone": row["phone"]})

    @guard.route("/api/v1/cases/<path:case_id>/plain", right=Right.SUPERVISE, methods=("POST",))
    def plain(case_id: str) -> Response:
        who = site.guard.known()
        with site.store.read() as conn:
            found = cases.find(conn, case_id=case_id, sight=sight_of(who))
            callers = desk.callers(conn, case_id=case_id)
        if found is None:
            raise Problem(404, _GONE)
        _note_unmasked(site, "cases", case_id, found.case)
        return answer(
            {
                "id": case_id,
                "description": found.case["description"],
                "address": found.case["address"],
                "notes": [event["note"] for event in found.events],
                "callers": [{**caller, "at": items.iso(caller["at"])} for caller in callers],
            }
        )


def _mount_watch(site: Site, topic: str, kind: str) -> None:
    """The one way to a live picture: whoever opens one stands in the audit."""

    @site.guard.route(
        f"/api/v1/{topic}/<path:thing_id>/watch",
        right=Right.LOOK,
        methods=("POST",),
        endpoint=f"drawers.watch.{topic}",
    )
    def watch(thing_id: str) -> Response:
        row = _find(site, topic, thing_id)
        streams = row["streams"]
        if topic == "cameras":
            streams = streams or demo_streams(site.settings, row)
        with site.store.write() as writer:
            site.note(
                writer,
                f"watch-{kind}",
                subject=thing_id,
                detail={"for": (request.args.get("for") or "")[:100]},
                scope=row["scope"],
                drill=row["drill"],
            )
        return answer({"id": thing_id, "status": row["status"], "streams": streams or []})


def _note_unmasked(site: Site, topic: str, thing_id: str, row: visible.Row) -> None:
    about = {"scope": row["scope"], "drill": row["drill"]}
    with site.store.write() as writer:
        site.note(writer, "unmask", subject=thing_id, detail={"topic": topic}, **about)


def _find(site: Site, topic: str, thing_id: str) -> visible.Row:
    sight = sight_of(site.guard.known())
    with site.store.read() as conn:
        row = nearby.find(conn, topic=topic, thing_id=thing_id, sight=sight)
    if row is None:
        raise Problem(404, _GONE)
    return row


def _readings(site: Site, station_id: str) -> dict[str, Any]:
    """Read the question, ask, and write what is drawn."""
    factor = paging.text("factor")
    if factor is None:
        raise Problem(400, "请指明 factor，例如 factor=level。")
    until = _moment("to") or site.clock.now()
    after = _moment("from") or until - SPAN
    if not timedelta(0) < until - after <= SPAN_MOST:
        raise Problem(400, f"from 须早于 to，且相距不超过 {SPAN_MOST.days} 天。")
    points = min(max(int(_number("points", 1e9, POINTS, least=1)), 10), POINTS_MOST)
    with site.store.read() as conn:
        station = history.find_station(
            conn, station_id=station_id, sight=sight_of(site.guard.known())
        )
        if station is None:
            raise Problem(404, _GONE)
        asked: dict[str, Any] = {
            "station_id": station_id,
            "factor": factor,
            "after": after,
            "until": until,
        }
        if factor == "rain":
            step_s = next(step for span, step in _COLUMNS if until - after <= span)
            begins_s = _eight_oclock(conn, until)
            found = history.columns(conn, **asked, step_s=step_s, begins_s=begins_s)
        else:
            found = history.line(conn, **asked, points=points)
    return {
        "station": station_id,
        "factor": factor,
        "from": items.iso(after),
        "to": items.iso(until),
        "told": found.told,
        "step_s": found.step_s,
        "at": [_second(at) for at in found.at],
        "value": [None if math.isnan(value) else value for value in found.value.tolist()],
        "suspect": {
            "at": [_second(at) for at in found.suspect_at],
            "value": found.suspect.tolist(),
        },
    }


def _eight_oclock(conn: Connection, near: datetime) -> int:
    """Where the day of rain begins in the city's zone: 08:00, in seconds since 1970."""
    zone = conn.execute(select(city.c.time_zone).limit(1)).scalar() or "UTC"
    local = near.astimezone(ZoneInfo(zone)).replace(hour=8, minute=0, second=0, microsecond=0)
    return int(local.timestamp())


def _second(seconds: float) -> str:
    return datetime.fromtimestamp(int(seconds), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _moment(name: str) -> datetime | None:
    told = request.args.get(name)
    if told is None:
        return None
    try:
        moment = datetime.fromisoformat(told.strip().replace(" ", "+"))
        if moment.tzinfo is None:
            raise ValueError
        return moment.astimezone(UTC)
    except (OverflowError, ValueError) as error:
        raise Problem(400, f"{name} 须是带时区的 ISO 8601 时刻。") from error


def _number(
    name: str, most: float, standard: float | None = None, *, least: float | None = None
) -> float:
    told = request.args.get(name)
    if told is None and standard is not None:
        return standard
    try:
        value = float(told or "")
    except ValueError:
        value = math.nan
    least = -most if least is None else least
    if not least <= value <= most:
        raise Problem(400, f"{name} 须是 {least:g} 到 {most:g} 之间的数。")
    return value
