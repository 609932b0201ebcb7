"""Operations and modes: started, changed, ended, confirmed; and what they make of the city."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from flask import Response

from dashboard.domain import operations as rules
from dashboard.domain.drills import is_recorded
from dashboard.domain.roles import Reach, Right, reach
from dashboard.http import paging
from dashboard.http.idempotency import once
from dashboard.http.problems import Problem
from dashboard.http.site import Site, answer, json_body, sight_of
from dashboard.http.told import moment, number, text, yes
from data_access import drill_recordings
from data_access.changes import Writer
from data_access.commands import operations as commands
from data_access.profiles import shipped
from data_access.queries import operations as queries
from data_access.queries import switch_preview, treatments, visible
from data_access.queries.scopes import find_scope, time_zone

_LIVE = {"true": True, "false": False}
_TEXT = 500
_LONG = 4_000


def register(site: Site) -> None:
    """Mount the routes."""
    guard = site.guard

    @guard.route("/api/v1/operations", right=Right.LOOK)
    def operations() -> Response:
        paging.no_as_of()
        asked = paging.asked(guard.known(), (str,))
        live = paging.choice("live", _LIVE)
        with site.store.read() as conn:
            found = queries.page(conn, ask=asked, live=live)
        return paging.page(
            [item(row) for row in found], paging.after_last(found, asked.limit, "id")
        )

    @guard.route("/api/v1/operations/<operation_id>", right=Right.LOOK)
    def operation(operation_id: str) -> Response:
        return answer(_whole(site, operation_id))

    @guard.route("/api/v1/mode", right=Right.LOOK)
    def mode() -> Response:
        as_of = paging.as_of()
        sight = sight_of(guard.known())
        with site.store.read() as conn:
            stands = queries.standing(conn, sight=sight, as_of=as_of)
            running = queries.in_force(conn) if as_of is None else queries.known_at(conn, as_of)
        told = {area["operation"] for area in stands}
        seen = [
            {"id": it.id, "title": list(title_of(it)), "level": it.level, "drill": it.drill}
            for it in running
            if it.id in told or guard.known().sees(it.area, it.id)
        ]
        return answer({"jurisdictions": stands, "operations": seen})

    @guard.route("/api/v1/operations", right=Right.OPERATE, methods=("POST",), endpoint="op.start")
    @once(site)
    def start() -> Response:
        body = json_body()
        draft = draft_of(site, body)
        day = f"{site.clock.now().astimezone(zone_of(site)):%Y%m%d}"

        def act(writer: Writer) -> Mapping[str, Any]:
            return commands.start(writer, draft, said_of(site, body), day=day)

        return answer(_done(site, "operation-start", act, body), 201)

    @guard.route(
        "/api/v1/operations/preview", right=Right.OPERATE, methods=("POST",), endpoint="op.preview"
    )
    def preview() -> Response:
        return answer(_previewed(site, json_body()))

    def mount(name: str, right: Right, perform: Callable[..., Mapping[str, Any]]) -> None:
        @guard.route(
            f"/api/v1/operations/<operation_id>/{name}",
            right=right,
            methods=("POST",),
            endpoint=f"op.{name}",
        )
        @once(site)
        def change(operation_id: str) -> Response:
            _own(site, operation_id)
            body = json_body()
            version = number(body, "version")
            said = said_of(site, body)

            def act(writer: Writer) -> Mapping[str, Any]:
                return perform(writer, operation_id, said, body, version)

            return answer(_done(site, f"operation-{name}", act, body))

    mount("level", Right.OPERATE, _level)
    mount("end", Right.OPERATE, _end)
    mount("revoke", Right.OPERATE, _revoke)
    mount("confirm", Right.CONFIRM, _confirm)


def _level(
    writer: Writer, name: str, said: commands.Said, body: dict[str, Any], version: int | None
) -> Mapping[str, Any]:
    level = number(body, "level")
    if level is None:
        raise Problem(422, "须写明级别 level：1 至 4。", field="level")
    return commands.change_level(writer, name, level, said, version=version)


def _end(
    writer: Writer, name: str, said: commands.Said, body: dict[str, Any], version: int | None
) -> Mapping[str, Any]:
    until = moment(body, "watch_until")
    return commands.end(writer, name, said, version=version, watch_until=until)


def _revoke(
    writer: Writer, name: str, said: commands.Said, _body: dict[str, Any], version: int | None
) -> Mapping[str, Any]:
    return commands.revoke(writer, name, said, version=version)


def _confirm(
    writer: Writer, name: str, said: commands.Said, _body: dict[str, Any], version: int | None
) -> Mapping[str, Any]:
    return commands.confirm(writer, name, said, version=version)


def item(row: Mapping[str, Any]) -> dict[str, Any]:
    """Write one operation."""
    hidden = ("event", "live", "scope")
    told = {str(name): value for name, value in row.items() if name not in hidden}
    words = title_of(queries.of_row(row))
    return {**told, "title": list(words)}


def _previewed(site: Site, body: dict[str, Any]) -> dict[str, Any]:
    """Say what a start, a change of level (``operation``, ``level``) or an end would change."""
    name, level = text(body, "operation"), number(body, "level")
    if name is not None:
        _own(site, name)
    draft = None if name is not None else draft_of(site, body)
    with site.store.read() as conn:
        running = queries.in_force(conn)
        if draft is None:
            row = next((it for it in running if it.id == name), None)
            if row is None:
                raise Problem(409, "此行动已不在进行。")
            scope, others = row.area, [it for it in running if it.id != name]
            after = others if level is None else [*others, replace(row, level=level)]
        else:
            scope = find_scope(conn, name=draft.area) or ""
            after = [*running, _as_if(site, draft, scope)]
            if not draft.drill:
                after = [it for it in after if not (it.drill and rules.overlap(it.area, scope))]
        profiles = shipped()
        cases = {
            name: treatments.preview(
                site.store, conn, running=side, scope=scope, now=site.clock.now()
            )
            for name, side in (("before", running), ("after", after))
        }
        changes = switch_preview.preview(
            conn,
            before=switch_preview.side(running, scope, profiles),
            after=switch_preview.side(after, scope, profiles),
            scope=scope,
        )
        return {**changes, "cases": cases}


def _as_if(site: Site, draft: commands.Draft, scope: str) -> rules.Operation:
    now = site.clock.now()
    return rules.Operation(
        id="new",
        kind=draft.kind,
        level=draft.level,
        scenario=draft.scenario,
        name=draft.name,
        area=scope,
        issuer=draft.issuer,
        drill=draft.drill,
        effective_at=now,
        entered_at=now,
        entered_by="",
        needs_confirmation=False,
        state=rules.State.IN_FORCE,
        version=1,
    )


def title_of(it: rules.Operation) -> tuple[str, str]:
    """Give the title of an operation, Chinese and English."""
    words = rules.title(
        kind=it.kind, level=it.level, scenario=it.scenario, issuer_told=it.issuer, name=it.name
    )
    return words.zh, words.en


def _whole(site: Site, operation_id: str) -> dict[str, Any]:
    row = seen(site, operation_id)
    with site.store.read() as conn:
        record = queries.acts(conn, operation_id=operation_id)
        cases = treatments.counts(conn, [operation_id], site.clock.now())[operation_id]
    return {
        **item(row),
        "cases": cases,
        "record": [
            {name: value for name, value in act.items() if name != "operation_id"} for act in record
        ],
    }


def seen(site: Site, operation_id: str) -> visible.Row:
    """Give an operation that the caller may see, or raise the problem that says there is none."""
    with site.store.read() as conn:
        row = queries.find(conn, operation_id=operation_id, sight=sight_of(site.guard.known()))
    if row is None:
        raise Problem(404, "没有此行动，或不在您的权限范围内。")
    return row


def _own(site: Site, operation_id: str) -> None:
    """Refuse to act on what lies outside the caller's scope."""
    row = seen(site, operation_id)
    if not site.guard.known().covers([row["scope"]]):
        raise Problem(403, "此行动不在您的权限范围内。")


def draft_of(site: Site, body: dict[str, Any]) -> commands.Draft:
    """Read what is to be started; raises the problem that names what is wrong."""
    who = site.guard.known()
    kind = text(body, "kind", needed=True)
    if kind not in tuple(rules.Kind):
        raise Problem(422, "kind 只能是 emergency、event。", field="kind")
    with site.store.read() as conn:
        area = text(body, "area") or who.scopes[0].rpartition("/")[2]
        scope = find_scope(conn, name=area)
    if scope is None:
        raise Problem(422, f"辖区未知：{area[:60]}", field="area")
    if not who.covers([scope]):
        raise Problem(403, "此辖区不在您的权限范围内。", field="area")
    scenario = text(body, "scenario")
    if kind == rules.Kind.EMERGENCY and not scenario:
        raise Problem(422, "应急响应须写明情景 scenario。", field="scenario")
    return commands.Draft(
        kind=kind,
        level=number(body, "level"),
        scenario=scenario,
        name=text(body, "name") or "",
        area=area,
        issuer=text(body, "issuer") or "",
        basis=text(body, "basis", most=_LONG) or "",
        plan=text(body, "plan"),
        drill=yes(body, "drill"),
        input=_input(site, body, scope),
    )


def _input(site: Site, body: dict[str, Any], scope: str) -> str | None:
    """Read what a drill is fed with; only a drill is. A recording is of a whole city."""
    told = text(body, "input")
    if told is None:
        return None
    settings = site.settings
    known = drill_recordings.inputs(settings.feeds, settings.drill_recordings)
    if told not in known or not yes(body, "drill"):
        raise Problem(422, f"只有演练可有推演数据：{'、'.join(known)}。", field="input")
    if is_recorded(told) and "/" in scope:
        raise Problem(422, "以录制数据推演的演练须以全市为范围。", field="input")
    return told


def said_of(site: Site, body: dict[str, Any]) -> commands.Said:
    """Read who acts, on whose word and from when."""
    who = site.guard.known()
    approval = text(body, "approval")
    if approval is not None and approval not in tuple(rules.Approval):
        raise Problem(422, "approval 只能是 document、phone、meeting。", field="approval")
    return commands.Said(
        by=who.name,
        role=str(who.role),
        now=site.clock.now(),
        reason=text(body, "reason", most=_TEXT) or "",
        effective_at=moment(body, "effective_at"),
        on_word=reach(who.role, Right.OPERATE) is Reach.APPROVED,
        approved_by=text(body, "approved_by"),
        approval=approval,
        document_no=text(body, "document_no"),
        detail={"name": who.display_name},
    )


def _done(
    site: Site,
    what: str,
    act: Callable[[Writer], Mapping[str, Any]],
    body: Mapping[str, Any],
) -> dict[str, Any]:
    """Do it in one transaction with its line in the audit; settle who came second."""
    try:
        with site.store.write() as writer:
            row = act(writer)
            told = {
                name: body[name]
                for name in ("reason", "approved_by", "approval", "document_no", "basis")
                if body.get(name)
            }
            detail = {**told, "level": row["level"], "drill": row["drill"]}
            about = {"scope": row["scope"], "drill": row["drill"]}
            site.note(writer, what, subject=row["id"], detail=detail, **about)
    except rules.Refused as refused:
        raise Problem(422, refused.reason, field=refused.field) from refused
    except commands.Stale as stale:
        raise Problem(409, "此行动的状态已变化。", state=item(stale.state)) from stale
    return _whole(site, row["id"])


def zone_of(site: Site) -> ZoneInfo:
    """Give the city's zone."""
    with site.store.read() as conn:
        return ZoneInfo(time_zone(conn))
