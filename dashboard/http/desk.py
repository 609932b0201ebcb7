"""What the desk enters and does: a case, a place's state, 催办, 督办, one more call about a case.

An act and its kept answer are one transaction, so that a lost connection or a second press makes
nothing twice. Telephones and names of those who call are masked here; whose they are in full is
asked by the audited road.
"""

import math
from collections.abc import Mapping
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from flask import Response, request

from dashboard.accounts.principal import Principal
from dashboard.domain.command_models import Recipient
from dashboard.domain.jurisdictions import leaf_of
from dashboard.domain.masking import mask, mask_name, mask_phone
from dashboard.domain.roles import Reach, Right, Role, reach
from dashboard.http import items, paging
from dashboard.http.idempotency import together
from dashboard.http.problems import Problem
from dashboard.http.site import Site, answer, json_body, sight_of
from dashboard.http.told import moment, text
from data_access.changes import Writer
from data_access.commands import case_acts, desk, places
from data_access.queries import cases, nearby, visible
from data_access.queries import desk as queries
from data_access.queries.scopes import time_zone

ALIKE_M = 300.0
ALIKE_MOST_M = 3_000.0
ALIKE_LIMIT = 6
OPINION_CHARS = 500
STATES_SHOWN = 50
_GONE = "没有此对象，或不在您的权限范围内。"
_OUTSIDE = "此位置不在您的权限范围内。"
_TOLD = (
    *("kind", "subcategory", "description", "address", "lon", "lat", "crs"),
    *("jurisdiction", "urgency", "stage"),
)


class _There(NamedTuple):
    """A known thing at which it is."""

    topic: str
    row: visible.Row


def register(site: Site) -> None:
    """Mount the routes."""
    _mount_entries(site)
    _mount_acts(site)
    _mount_questions(site)


def _mount_entries(site: Site) -> None:
    guard = site.guard

    @guard.route("/api/v1/cases", right=Right.ENTER, methods=("POST",))
    @together(site)
    def enter_case(writer: Writer) -> Response:
        body = json_body()
        who = guard.known()
        now = site.clock.now()
        there = _there(writer, body, who)
        told = _fields(body, there, who)
        try:
            place_row = None
            if there is not None and there.topic == "places" and body.get("state"):
                place_row = _say_state(site, writer, there.row["id"], body, note=None)
            row = desk.enter(
                site.store,
                writer,
                told,
                day=f"{now.astimezone(ZoneInfo(time_zone(writer.conn))):%Y%m%d}",
                by=who.display_name,
                now=now,
                event=_event(body, who),
                caller=_caller(body),
            )
        except places.Refused as refused:
            raise _refused(refused) from refused
        if row["event"] is None and not who.sees(row["scope"]):
            raise Problem(403, _OUTSIDE)
        detail = {"subcategory": row["subcategory"], "place": body.get("place")}
        site.note(writer, "case-enter", subject=row["id"], detail=detail, scope=row["scope"])
        made = _shown(row)
        if place_row is not None:
            made["place"] = items.place(place_row)
        return answer(made, 201)

    @guard.route("/api/v1/places/<path:place_id>/state", right=Right.ENTER, methods=("POST",))
    @together(site)
    def place_state(writer: Writer, place_id: str) -> Response:
        body = json_body()
        if nearby.find(
            writer.conn, topic="places", thing_id=place_id, sight=sight_of(guard.known())
        ) is None:  # fmt: skip
            raise Problem(404, _GONE)
        note = text(body, "note", most=OPINION_CHARS)
        try:
            row = _say_state(site, writer, place_id, body, note=note)
        except places.Refused as refused:
            raise _refused(refused) from refused
        return answer(items.place(row))


def _mount_acts(site: Site) -> None:
    guard = site.guard

    @guard.route("/api/v1/cases/<path:case_id>/urge", right=Right.URGE, methods=("POST",))
    @together(site)
    def urge(writer: Writer, case_id: str) -> Response:
        return _act(site, writer, case_id, "case-urge")

    @guard.route("/api/v1/cases/<path:case_id>/supervise", right=Right.SUPERVISE, methods=("POST",))
    @together(site)
    def supervise(writer: Writer, case_id: str) -> Response:
        return _act(site, writer, case_id, "case-supervise")

    @guard.route("/api/v1/cases/<path:case_id>/call", right=Right.ENTER, methods=("POST",))
    @together(site)
    def call(writer: Writer, case_id: str) -> Response:
        body = json_body()
        row = _seen_case(site, writer, case_id)
        depth = body.get("depth_cm")
        note = _description(body, depth)[:OPINION_CHARS]
        caller = _caller(body) or {}
        act = case_acts.Act(by=guard.known().display_name, now=site.clock.now(), note=note)
        row = case_acts.call(writer, case_id, act, **caller)
        about = {"scope": row["scope"], "drill": row["drill"]}
        site.note(writer, "case-call", subject=case_id, detail={}, **about)
        return answer({"id": case_id, "version": row["version"]})


def _mount_questions(site: Site) -> None:
    guard = site.guard

    @guard.route("/api/v1/cases/<path:case_id>/desk", right=Right.LOOK)
    def at_the_desk(case_id: str) -> Response:
        who = guard.known()
        if who.role is Role.WALL:
            raise Problem(404, _GONE)
        with site.store.read() as conn:
            found = cases.find(conn, case_id=case_id, sight=sight_of(who))
            if found is None:
                raise Problem(404, _GONE)
            reached = queries.reached(conn, of=found.case)
            phones = queries.contacts(conn, of=reached, at=site.clock.now())
            told = {
                "id": case_id,
                "version": found.case["version"],
                "command_model": queries.model(conn, scope=found.case["scope"]),
                "recipients": [
                    {**_recipient(one), "contact": _contact(one, phones)} for one in reached
                ],
                "acts": [_written(act) for act in queries.acts(conn, case_id=case_id)],
                "callers": [_masked(one) for one in queries.callers(conn, case_id=case_id)],
            }
        return answer(told)

    @guard.route("/api/v1/nearby/cases", right=Right.LOOK)
    def near() -> Response:
        who = guard.known()
        with site.store.read() as conn:
            rows = queries.open_near(
                conn,
                kind=paging.text("kind") or "",
                subcategory=paging.text("subcategory") or "",
                lon=_number("lon", 180.0),
                lat=_number("lat", 90.0),
                sight=sight_of(who),
                within_m=min(ALIKE_MOST_M, _number("within_m", 1e9, ALIKE_M)),
                limit=ALIKE_LIMIT,
            )
        wall = who.role is Role.WALL
        return answer({"items": [items.case(row, wall=wall) for row in rows]})

    @guard.route("/api/v1/places/<path:place_id>/states", right=Right.LOOK)
    def states(place_id: str) -> Response:
        who = guard.known()
        with site.store.read() as conn:
            if nearby.find(conn, topic="places", thing_id=place_id, sight=sight_of(who)) is None:
                raise Problem(404, _GONE)
            rows = queries.place_states(conn, place_id=place_id, limit=STATES_SHOWN)
        wall = who.role is Role.WALL
        return answer({"items": [_state(row, wall=wall) for row in rows]})


def _act(site: Site, writer: Writer, case_id: str, name: str) -> Response:
    """Perform 催办 or 督办; both have a name and an opinion, the latter an end."""
    body = json_body()
    row = _seen_case(site, writer, case_id)
    now = site.clock.now()
    opinion = text(body, "opinion", most=OPINION_CHARS, needed=True)
    until = None
    if name == "case-supervise":
        until = moment(body, "until")
        if until is None:
            raise Problem(422, "until 须填写：督办须有截止时间。", field="until")
        if until <= now:
            raise Problem(422, "until 须在城市时间之后。", field="until")
    act = case_acts.Act(
        by=site.guard.known().display_name,
        now=now,
        note=opinion,
        until=until,
        recipients=queries.reached(writer.conn, of=row),
    )
    perform = case_acts.urge if until is None else case_acts.supervise
    try:
        row = perform(writer, case_id, act, version=_version(body))
    except case_acts.Ended as ended:
        raise Problem(409, "案件已经结束。", state=_shown(ended.state)) from ended
    except case_acts.Stale as stale:
        raise Problem(409, "此案件已有变化，请看过再定。", state=_shown(stale.state)) from stale
    recipients = [_recipient(one) for one in act.recipients]
    detail = {"opinion": opinion, "until": items.iso(until), "recipients": recipients}
    about = {"scope": row["scope"], "drill": row["drill"]}
    site.note(writer, name, subject=case_id, detail=detail, **about)
    made = {"id": case_id, "version": row["version"], "marks": row["marks"]}
    return answer({**made, "until": items.iso(until), "recipients": recipients})


def _say_state(
    site: Site, writer: Writer, place_id: str, body: Mapping[str, Any], *, note: str | None
) -> dict[str, Any]:
    """Say a place's state and write it into the audit."""
    try:
        row = places.say(
            writer,
            place_id,
            state=body.get("state"),
            depth_cm=body.get("depth_cm"),
            by=site.guard.known().display_name,
            now=site.clock.now(),
            note=note,
            version=_version(body),
        )
    except case_acts.Stale as stale:
        detail = "此部位的状态已有变化，请看过再定。"
        raise Problem(409, detail, state=items.place(stale.state)) from stale
    told = {"state": row["state"], "depth_cm": row["depth_cm"]}
    about = {"scope": row["scope"], "drill": row["drill"]}
    site.note(writer, "place-state", subject=place_id, detail=told, **about)
    return row


def _seen_case(site: Site, writer: Writer, case_id: str) -> visible.Row:
    found = cases.find(writer.conn, case_id=case_id, sight=sight_of(site.guard.known()))
    if found is None:
        raise Problem(404, _GONE)
    return found.case


def _there(writer: Writer, body: Mapping[str, Any], who: Principal) -> _There | None:
    """Find the place, station or camera that the body names as where it is."""
    for name, topic in (("place", "places"), ("station", "stations"), ("camera", "cameras")):
        thing_id = text(body, name)
        if thing_id is not None:
            found = nearby.find(writer.conn, topic=topic, thing_id=thing_id, sight=sight_of(who))
            if found is None:
                raise Problem(422, f"{name} 未知：{thing_id[:60]}。", field=name)
            return _There(topic, found)
    return None


def _fields(body: Mapping[str, Any], there: _There | None, who: Principal) -> dict[str, Any]:
    """Give the fields of a case's record; a known thing, or who asks, may say where it is."""
    told = {name: body[name] for name in _TOLD if body.get(name) not in (None, "")}
    if there is not None:
        spot = there.row
        told = {"lon": spot["lon"], "lat": spot["lat"], "address": spot["name"], **told}
    if "lon" not in told and "jurisdiction" not in told and len(who.scopes) == 1:
        told |= {"jurisdiction": leaf_of(who.scopes[0])} if "/" in who.scopes[0] else {}
    return {**told, "description": _description(body, body.get("depth_cm"))}


def _description(body: Mapping[str, Any], depth: Any) -> Any:
    """Say the depth in the words of the case, where one was told; else what was said."""
    said = body.get("description")
    if isinstance(depth, bool) or not isinstance(depth, int | float) or not math.isfinite(depth):
        return "" if said is None else said
    wet = f"积水约 {depth:g} 厘米"
    return wet if not said else f"{said}（{wet}）" if isinstance(said, str) else said


def _event(body: Mapping[str, Any], who: Principal) -> str | None:
    """Say of which operation the case is: a member enters in its own event, and nowhere else."""
    if reach(who.role, Right.ENTER) is not Reach.EVENT:
        return None
    event = text(body, "event") or (who.events[0] if len(who.events) == 1 else None)
    if event is None:
        raise Problem(422, "event 须填写：您参与的活动之一。", field="event")
    if event not in who.events:
        raise Problem(403, "您不是此活动的成员。")
    return event


def _caller(body: Mapping[str, Any]) -> dict[str, str | None] | None:
    told = body.get("caller")
    if told is None:
        return None
    if not isinstance(told, dict):
        raise Problem(422, "caller 应为对象：name、phone。", field="caller")
    return {"name": text(told, "name", most=60), "phone": text(told, "phone", most=40)}


def _version(body: Mapping[str, Any]) -> int | None:
    version = body.get("version")
    if version is not None and (isinstance(version, bool) or not isinstance(version, int)):
        raise Problem(422, "version 应为整数。", field="version")
    return version


def _refused(refused: places.Refused) -> Problem:
    return Problem(422, f"{refused.field}：{refused.reason}", field=refused.field)


def _shown(state: Mapping[str, Any]) -> dict[str, Any]:
    own = ("desk_marks", "category_version")
    return items.case({str(name): value for name, value in state.items() if name not in own})


def _recipient(one: Recipient) -> dict[str, str]:
    return {"id": one.id, "name": one.name, "level": one.level, "part": one.part}


def _contact(one: Recipient, known: Mapping[str, Mapping[str, str | None]]) -> Any:
    """Write whom to telephone; an office's number is in full, a person's is not."""
    found = known.get(one.id)
    if found is None or one.level == "unit":
        return found
    return {**found, "phone": mask_phone(found["phone"]) if found["phone"] else None}


def _written(act: Mapping[str, Any]) -> dict[str, Any]:
    made = {name: items.iso(value) for name, value in act.items()}
    made["note"] = mask(act["note"]) if act["note"] else act["note"]
    return made


def _masked(one: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "at": items.iso(one["at"]),
        "by": one["by"],
        "name": mask_name(one["name"]) if one["name"] else None,
        "phone": mask_phone(one["phone"]) if one["phone"] else None,
    }


def _state(row: Mapping[str, Any], *, wall: bool) -> dict[str, Any]:
    names = ("n", "state", "depth_cm", "at", "known_at")
    made = {name: items.iso(row[name]) for name in names}
    if wall:
        return made
    return {**made, "by": row["by"], "note": mask(row["note"]) if row["note"] else None}


def _number(name: str, most: float, standard: float | None = None) -> float:
    told = request.args.get(name)
    if told is None and standard is not None:
        return standard
    try:
        value = float(told or "")
    except ValueError as error:
        raise Problem(400, f"{name} 应为数字。") from error
    if not math.isfinite(value) or abs(value) > most:
        raise Problem(400, f"{name} 超出范围。")
    return value
