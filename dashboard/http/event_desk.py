"""What is said in an event's room: check-ins 到岗, zero reports 零报告, hazards 隐患清单."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from flask import Response

from dashboard.domain.events import hazards, reports, versions
from dashboard.domain.events.things import Kind
from dashboard.domain.profiles import of_mode
from dashboard.domain.records import checks
from dashboard.domain.roles import Right
from dashboard.http import event_room
from dashboard.http.event_room import told
from dashboard.http.idempotency import once
from dashboard.http.problems import Problem
from dashboard.http.site import Site, answer, json_body
from dashboard.http.told import moment, number, text
from data_access.commands import event_desk
from data_access.commands.event_room import By, Room
from data_access.profiles import shipped
from data_access.queries import events as queries

_NOTE = 500
_WHAT = 300


def register(site: Site) -> None:
    """Mount the routes."""
    guard, path = site.guard, "/api/v1/events/<operation_id>"

    @guard.route(f"{path}/posts/<post>/checkin", right=Right.ENTER, methods=("POST",))
    @once(site)
    def checkin(operation_id: str, post: str) -> Response:
        return _check_in(site, operation_id, post)

    @guard.route(f"{path}/reports", right=Right.OPERATE, methods=("PUT",))
    @once(site)
    def plan(operation_id: str) -> Response:
        return _plan_reports(site, operation_id)

    @guard.route(f"{path}/reports", right=Right.ENTER, methods=("POST",))
    @once(site)
    def report(operation_id: str) -> Response:
        return _send_report(site, operation_id)

    @guard.route(f"{path}/hazards", right=Right.ENTER, methods=("POST",))
    @once(site)
    def hazard(operation_id: str) -> Response:
        return _add_hazard(site, operation_id)

    @guard.route(f"{path}/hazards/<int:n>/state", right=Right.ENTER, methods=("POST",))
    @once(site)
    def hazard_state(operation_id: str, n: int) -> Response:
        return _turn_hazard(site, operation_id, n)


def _check_in(site: Site, operation_id: str, post: str) -> Response:
    row = event_room.entered(site, operation_id)
    body = json_body()
    present = number(body, "present")
    if present is None:
        raise Problem(422, "须写明到岗人数 present。", field="present")
    note = text(body, "note", most=_NOTE)

    def perform(room: Room, by: By) -> Any:
        return event_desk.check_in(room, post, present, by, note=note)

    detail = {"post": post, "present": present}
    return answer(told(event_room.act(site, row, "event-checkin", perform, detail=detail)))


def _plan_reports(site: Site, operation_id: str) -> Response:
    row = event_room.commanded(site, operation_id)
    made = _plan(site, row, json_body())

    def perform(room: Room, by: By) -> Any:
        return event_desk.plan_reports(room, made, by)

    detail = {"every_h": made.every_h, "reporters": [name for name, _ in made.reporters]}
    return answer(told(event_room.act(site, row, "event-report-plan", perform, detail=detail)))


def _send_report(site: Site, operation_id: str) -> Response:
    row = event_room.entered(site, operation_id)
    body = json_body()
    reporter, found = text(body, "reporter", needed=True) or "", number(body, "found") or 0
    note, due_at = text(body, "note", most=_NOTE), moment(body, "due_at")

    def perform(room: Room, by: By) -> Any:
        return event_desk.send_report(room, reporter, found, by, note=note, due_at=due_at)

    detail = {"reporter": reporter, "found": found}
    done = event_room.act(site, row, "event-report", perform, detail=detail)
    state = reports.state_of(done["due_at"], done["sent_at"], site.clock.now())
    return answer({**told(done), "state": state})


def _add_hazard(site: Site, operation_id: str) -> Response:
    row = event_room.entered(site, operation_id)
    body = json_body()
    what = text(body, "what", most=_WHAT, needed=True) or ""
    unit = text(body, "unit", needed=True) or ""
    zone, due_at, at = text(body, "zone"), moment(body, "due_at"), _position(body)

    def perform(room: Room, by: By) -> Any:
        return event_desk.add_hazard(
            room, by, what=what, unit=unit, zone=zone, position=at, due_at=due_at
        )

    detail = {"what": what, "unit": unit}
    return answer(told(event_room.act(site, row, "event-hazard", perform, detail=detail)), 201)


def _turn_hazard(site: Site, operation_id: str, n: int) -> Response:
    row = event_room.entered(site, operation_id)
    body = json_body()
    state = text(body, "state", needed=True) or ""
    if state not in hazards.STATES:
        raise Problem(422, f"state 只能是 {'、'.join(hazards.STATES)}。", field="state")
    note, version = text(body, "note", most=_NOTE), number(body, "version")

    def perform(room: Room, by: By) -> Any:
        return event_desk.turn_hazard(room, n, state, by, note=note, version=version)

    detail = {"n": n, "state": state}
    return answer(told(event_room.act(site, row, "event-hazard-state", perform, detail=detail)))


def _plan(site: Site, row: Mapping[str, Any], body: Mapping[str, Any]) -> reports.Plan:
    """Read who reports and when; what is not told is taken from the mode and the programme."""
    with site.store.read() as conn:
        states = queries.states(conn, operation_id=row["id"])
    holds = versions.standing(states, site.clock.now())
    ends = [it.moment("ends_at") for key, it in holds.items() if key.kind == Kind.PHASE]
    starts_at = moment(body, "starts_at") or row["effective_at"]
    ends_at = moment(body, "ends_at") or max(ends, default=starts_at + timedelta(hours=24))
    every = number(body, "every_h")
    if every is None:
        profile = of_mode(shipped(), kind=row["kind"], scenario=None, level=None)
        every = max(1, (profile.report_every_min or 24 * 60) // 60)
    return reports.Plan(
        every_h=every,
        starts_at=starts_at.replace(second=0, microsecond=0),
        ends_at=ends_at.replace(second=0, microsecond=0),
        reporters=_reporters(body),
    )


def _reporters(body: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    told_of = body.get("reporters")
    if not isinstance(told_of, list) or not all(isinstance(it, dict) for it in told_of):
        raise Problem(422, "reporters 应为列表，每项有 id 与 name。", field="reporters")
    found = []
    for it in told_of:
        name = text(it, "id", most=checks.MAX_CODE, needed=True) or ""
        if set(name) & set("/@#"):
            raise Problem(422, "reporters 的 id 不能含 / @ #。", field="reporters")
        found.append((name, text(it, "name") or name))
    return tuple(found)


def _position(body: Mapping[str, Any]) -> tuple[float, float] | None:
    lon, lat = body.get("lon"), body.get("lat")
    if lon is None and lat is None:
        return None
    good = all(isinstance(it, int | float) and not isinstance(it, bool) for it in (lon, lat))
    if not good or not (-180 <= lon <= 180 and -90 <= lat <= 90):  # type: ignore[operator]
        raise Problem(422, "lon、lat 应为经度、纬度。", field="lon")
    return float(lon), float(lat)  # type: ignore[arg-type]
