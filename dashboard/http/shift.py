"""The start of a shift, and handing it over 交接班 in place.

Whoever comes signs in by the own password at the desk of whoever goes: the sheet is written, the
old session ends, and the browser goes on with the new one without losing what it shows. Putting
the hand-over off stops nothing else.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from flask import Response
from sqlalchemy import Connection

from dashboard.accounts import sessions, signin
from dashboard.accounts.principal import Principal, principal
from dashboard.domain.masking import mask
from dashboard.domain.roles import RIGHTS, ROLES, Right
from dashboard.http import items, paging
from dashboard.http.duty import person
from dashboard.http.idempotency import together
from dashboard.http.problems import Problem
from dashboard.http.site import Site, answer, json_body, sight_of
from dashboard.http.told import moment, text, yes
from data_access.changes import Writer
from data_access.commands import audit, handovers
from data_access.queries import duty as duties
from data_access.queries import shift as queries
from data_access.queries import shift_changes as happened

REMARKS_CHARS = 4_000
REASON_CHARS = 500
_GONE = "没有此交接班记录，或不在您的权限范围内。"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What is handed over: since when, and all that stands and happened, as JSON has it."""

    since: datetime
    told: dict[str, Any]


def register(site: Site) -> None:
    """Mount the routes."""
    _mount_questions(site)
    _mount_acts(site)


def _mount_questions(site: Site) -> None:
    guard = site.guard

    @guard.route("/api/v1/shift", right=Right.SUPERVISE)
    def start() -> Response:
        who, now = guard.known(), site.clock.now()
        with site.store.read() as conn:
            since = queries.last_shift_end(conn, account=who.name, name=who.display_name, now=now)
            told = _standing(conn, who, now)
            told |= {
                "since": {"at": since.at, "how": since.how},
                "changes": happened.changes(
                    conn, sight=sight_of(who), since=since.at, now=now, but=who.name
                ),
            }
        return answer(_plain({"at": now, **told}))

    @guard.route("/api/v1/handovers", right=Right.SUPERVISE)
    def listed() -> Response:
        asked = paging.asked(guard.known(), (int,))
        after = int(asked.after[0]) if asked.after else None
        with site.store.read() as conn:
            found = queries.page(conn, sight=asked.sight, limit=asked.limit, after=after)
        shown = [_item(row) for row in found]
        return paging.page(shown, paging.after_last(found, asked.limit, "id"))

    @guard.route("/api/v1/handovers/<int:handover_id>", right=Right.SUPERVISE)
    def one(handover_id: int) -> Response:
        with site.store.read() as conn:
            row = queries.find(conn, handover_id=handover_id, sight=sight_of(guard.known()))
        if row is None:
            raise Problem(404, _GONE)
        return answer(_item(row))

    @guard.route("/api/v1/handovers/sheet", right=Right.SUPERVISE)
    def sheet() -> Response:
        with site.store.read() as conn:
            made = _sheet(conn, guard.known(), site.clock.now())
        return answer(made.told)


def _mount_acts(site: Site) -> None:
    guard = site.guard

    @guard.route("/api/v1/handovers", right=Right.ACKNOWLEDGE, methods=("POST",), endpoint="hand")
    def hand() -> Response:
        outgoing, body = guard.known(), json_body()
        if outgoing.via != "session":
            raise Problem(403, "令牌没有班次可交。")
        name = text(body, "name", needed=True) or ""
        remarks = text(body, "remarks", most=REMARKS_CHARS)
        tried = yes(body, "sound_tried")
        if name == outgoing.name:
            raise Problem(422, "接班人与交班人是同一账号。", field="name")
        secret, incoming = _let_in(site, name, body.get("password"))
        try:
            number = _hand_over(site, outgoing, incoming, remarks, sound_tried=tried)
        except BaseException:
            _close(site, incoming)
            raise
        response = answer({"id": number, **viewer(incoming)}, 201)
        guard.set_session(response, secret)
        return response

    @guard.route("/api/v1/handovers/put-off", right=Right.ACKNOWLEDGE, methods=("POST",))
    @together(site)
    def put_off(writer: Writer) -> Response:
        who, body, now = guard.known(), json_body(), site.clock.now()
        reason = text(body, "reason", most=REASON_CHARS, needed=True) or ""
        until = moment(body, "until")
        if until is not None and until <= now:
            raise Problem(422, "until 须晚于现在。", field="until")
        made = _sheet(writer.conn, who, now)
        scope = _scope(who)
        number = handovers.write(
            writer,
            act=handovers.PUT_OFF,
            outgoing=(who.name, who.display_name),
            incoming=None,
            since=made.since,
            now=now,
            sheet={},
            scope=scope,
            reason=reason,
            until=until,
        )
        detail = {"reason": mask(reason)}
        site.note(writer, "handover-put-off", subject=str(number), detail=detail, scope=scope)
        return answer({"id": number, "until": items.iso(until)}, 201)


def _let_in(site: Site, name: str, password: object) -> tuple[str, Principal]:
    """Sign in whoever comes; whoever may not sit at the desk is turned away again."""
    if not isinstance(password, str) or not password:
        raise Problem(422, "password 须填写。", field="password")
    signed_in = signin.sign_in(
        site.store,
        name,
        password,
        city_at=site.clock.now(),
        address=site.guard.address(),
        idle=site.idle,
    )
    incoming = None if signed_in is None else principal(site.store, cookie=signed_in.secret)
    if signed_in is None or incoming is None:
        raise Problem(403, "接班人账号或密码不对。连续输错后账号会暂时锁定。")
    if not incoming.may(Right.ACKNOWLEDGE):
        _close(site, incoming)
        raise Problem(403, "接班人的角色不能值守指挥台。")
    return signed_in.secret, incoming


def _hand_over(
    site: Site,
    outgoing: Principal,
    incoming: Principal,
    remarks: str | None,
    *,
    sound_tried: bool,
) -> int:
    """Write the sheet and end the old session in one transaction."""
    now = site.clock.now()
    with site.store.write() as writer:
        made = _sheet(writer.conn, outgoing, now)
        number = handovers.write(
            writer,
            act=handovers.HANDED,
            outgoing=(outgoing.name, outgoing.display_name),
            incoming=(incoming.name, incoming.display_name),
            since=made.since,
            now=now,
            sheet={**made.told, "sound_tried": sound_tried},
            scope=_scope(outgoing),
            remarks=remarks,
        )
        sessions.close_session(writer, outgoing.credential)
        audit.record(
            writer,
            actor=outgoing.name,
            role=outgoing.role,
            act="handover",
            subject=str(number),
            detail={"incoming": incoming.name},
            address=site.guard.address(),
            city_at=now,
            scope=_scope(outgoing),
        )
    return number


def _close(site: Site, who: Principal) -> None:
    with site.store.write() as writer:
        sessions.close_session(writer, who.credential)


def viewer(who: Principal) -> dict[str, Any]:
    """Say who sits at the desk now, as a page's scripts know its viewer."""
    role = ROLES[who.role]
    return {
        "session": who.session_name,
        "viewer": {
            "name": who.display_name,
            "account": who.name,
            "role": [role.zh, role.en],
            "rights": sorted(right.value for right in RIGHTS[who.role]),
            "areas": [scope.rpartition("/")[2] for scope in who.scopes],
        },
    }


def _standing(conn: Connection, who: Principal, now: datetime) -> dict[str, Any]:
    told = queries.state(conn, sight=sight_of(who), now=now, real_now=datetime.now(UTC))
    told["duty"] = [person(row) for row in told["duty"]]
    told["posts"] = duties.newest(conn, "posts").items
    told["shifts"] = duties.newest(conn, "shifts").items
    return told


def _sheet(conn: Connection, who: Principal, now: datetime) -> Sheet:
    sight = sight_of(who)
    since = queries.shift_start(conn, account=who.name, name=who.display_name, now=now)
    during = duties.on_list(conn, after=since.at, before=now, sight=sight)
    told = {
        "at": now,
        "since": {"at": since.at, "how": since.how},
        "outgoing": {"account": who.name, "name": who.display_name},
        **_standing(conn, who, now),
        "duty": [person(row) for row in during],
        "changes": happened.changes(conn, sight=sight, since=since.at, now=now, but=None),
    }
    return Sheet(since=since.at, told=_plain(told))


def _item(row: Mapping[str, Any]) -> dict[str, Any]:
    item = items.plain(row)
    for name in ("remarks", "reason"):
        if item[name]:
            item[name] = mask(item[name])
    return item


def _plain(value: Any) -> Any:
    """Give what JSON can hold: moments as texts; numbers of persons in promises are hidden."""
    if isinstance(value, Mapping):
        hide = ("text", "promised_by")
        return {
            str(name): mask(it) if name in hide and isinstance(it, str) else _plain(it)
            for name, it in value.items()
        }
    if isinstance(value, list | tuple):
        return [_plain(it) for it in value]
    return items.iso(value)


def _scope(who: Principal) -> str:
    return next(iter(who.scopes), "")
