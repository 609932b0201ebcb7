"""Screens over the API: what each shows and why; sending to one or several, taking back."""

from collections.abc import Mapping
from typing import Any

from flask import Response

from dashboard.accounts import enrol
from dashboard.domain.roles import Right, Role
from dashboard.domain.screen_acts import Act, Locked, NothingToKeep, Wish
from dashboard.http import items, screen_wish
from dashboard.http.idempotency import once
from dashboard.http.problems import Problem
from dashboard.http.site import Site, answer, json_body
from dashboard.http.told import number, text, yes
from data_access.commands import screen_acts as commands
from data_access.queries import screens as queries
from layouts.wall_geometry import GeometryError, of_json
from layouts.wall_plan import fitting, outline

MANY = 100
_GONE = "没有此屏，或不在您的权限范围内。"
_LOCKED = "此屏已锁定：先解锁，或在同一请求中写明 pinned。"
_NOTHING = "此屏现在没有可以锁定或轮播的场景。"
_STALE = "屏的状态已变化。"


def register(site: Site) -> None:
    """Mount the routes beside the list ``GET /api/v1/screens``."""
    guard = site.guard

    @guard.route("/api/v1/screens/<screen_id>", right=Right.LOOK, endpoint="screens.one")
    def one(screen_id: str) -> Response:
        return answer(items.screen(_row(site, screen_id)))

    @guard.route(
        "/api/v1/screens/<screen_id>/scenes", right=Right.ARRANGE, endpoint="screens.scenes"
    )
    def scenes(screen_id: str) -> Response:
        return answer(_scenes(site, _row(site, screen_id)))

    @guard.route(
        "/api/v1/screens/<screen_id>", right=Right.ARRANGE, methods=("PUT",), endpoint="screens.put"
    )
    @once(site)
    def put(screen_id: str) -> Response:
        body = json_body()
        return answer(_told(site, {screen_id: number(body, "version")}, body)[0])

    @guard.route(
        "/api/v1/screens/show", right=Right.ARRANGE, methods=("POST",), endpoint="screens.show"
    )
    @once(site)
    def show() -> Response:
        body = json_body()
        return answer({"items": _told(site, _versions(body), body)})

    @guard.route(
        "/api/v1/halls/<hall>/reception",
        right=Right.ARRANGE,
        methods=("POST",),
        endpoint="screens.reception",
    )
    @once(site)
    def reception(hall: str) -> Response:
        return answer({"items": _reception(site, hall, on=yes(json_body(), "on"))})

    @guard.route(
        "/api/v1/screens/<screen_id>/seen",
        right=Right.LOOK,
        methods=("POST",),
        endpoint="screens.seen",
    )
    def seen(screen_id: str) -> Response:
        _seen(site, screen_id, json_body())
        return Response(status=204)


def _row(site: Site, screen_id: str) -> dict[str, Any]:
    """Give a screen that the caller may see, or raise the problem that says there is none."""
    who = site.guard.known()
    with site.store.read() as conn:
        row = queries.find(conn, screen_id=screen_id)
    if row is None or not who.sees(row["scope"], row["event"]):
        raise Problem(404, _GONE)
    return {str(name): value for name, value in row.items()}


def _scenes(site: Site, row: Mapping[str, Any]) -> dict[str, Any]:
    """Give every scene that a screen may show, as it would lie there, and the screen's shape."""
    with site.store.read() as conn:
        rows = [dict(it) for it in queries.scenes(conn, screen_kind="wall")]
    try:
        geometry = of_json(row["geometry"])
    except GeometryError as error:
        raise Problem(422, f"屏 {row['id']} 的尺寸有误：{error}") from error
    known = [
        {
            "id": it.scene.id,
            "edition": it.edition,
            "mode": it.scene.mode,
            "scenario": it.scene.scenario,
            "levels": list(it.scene.levels),
            **outline(it.scene, geometry),
        }
        for it in fitting(rows, geometry)
    ]
    return {"aspect": round(geometry.aspect, 4), "items": known}


def _versions(body: Mapping[str, Any]) -> dict[str, int | None]:
    """Read which screens are meant: ``[{id, version?}]``."""
    told = body.get("screens")
    if not isinstance(told, list) or not 0 < len(told) <= MANY:
        raise Problem(422, f"screens 应为 1 至 {MANY} 块屏的列表。", field="screens")
    found: dict[str, int | None] = {}
    for one in told:
        if not isinstance(one, dict):
            raise Problem(422, "screens 的每一项应为 {id, version}。", field="screens")
        found[text(one, "id", needed=True) or ""] = number(one, "version")
    return found


def _told(
    site: Site, versions: Mapping[str, int | None], body: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """Tell all of these screens the same, or none of them."""
    rows = [_row(site, name) for name in versions]
    act = screen_wish.read(site, rows, body)
    return _done(site, versions, act, rows)


def _reception(site: Site, hall: str, *, on: bool) -> list[dict[str, Any]]:
    """Let guests into a hall, or see them off: all its screens at once, those of no event."""
    who = site.guard.known()
    with site.store.read() as conn:
        found = [dict(row) for row in queries.all_screens(conn)]
    here = [it for it in found if it["hall"] == hall and who.sees(it["scope"], it["event"])]
    if not here:
        raise Problem(404, "没有此大厅，或其中没有您可以指挥的屏。")
    guests = [it for it in here if (it["sent"] or {}).get("what") == Wish.RECEPTION]
    meant = [it for it in here if it not in guests] if on else guests
    act = screen_wish.made(site, Wish.RECEPTION if on else Wish.BACK, pinned=False)
    if on:
        screen_wish.check_scene(site, meant, purpose=Wish.RECEPTION)
    return _done(site, {it["id"]: None for it in meant}, act, here)


def _done(
    site: Site,
    versions: Mapping[str, int | None],
    act: Act,
    rows: list[dict[str, Any]],
) -> list[dict[str, Any]]:
    """Do it in one transaction with its lines in the audit; settle who came second."""
    detail = {"scene": act.scene, "target": act.target, "pinned": act.pinned}
    try:
        with site.store.write() as writer:
            made = commands.tell(writer, versions, act)
            for row in made:
                kept = {name: value for name, value in detail.items() if value}
                site.note(
                    writer,
                    f"screen-{act.wish}",
                    subject=row["id"],
                    detail={**kept, "shows": row["scene"], "why": row["why"]},
                    scope=row["scope"],
                )
    except commands.Stale as stale:
        raise Problem(409, _STALE, state=[items.screen(state) for state in stale.states]) from stale
    except Locked as locked:
        raise Problem(
            409, _LOCKED, state=[items.screen(row) for row in rows], field="pinned"
        ) from locked
    except NothingToKeep as nothing:
        raise Problem(422, _NOTHING, field="pinned") from nothing
    return [items.screen(row) for row in made]


def _seen(site: Site, screen_id: str, body: Mapping[str, Any]) -> None:
    """Note what a screen says of itself; nobody speaks for another."""
    who = site.guard.known()
    if who.role is not Role.WALL or enrol.screen_of(who.name) != screen_id:
        raise Problem(403, "只有此屏自己登记的浏览器才能报告它的状态。")
    row = _row(site, screen_id)
    scene, step, fresh = text(body, "scene"), number(body, "step") or 0, yes(body, "fresh")
    with site.store.write() as writer:
        commands.seen(writer, row, scene=scene, step=max(0, min(step, MANY)), fresh=fresh)
