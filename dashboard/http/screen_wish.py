"""Reading what a screen shall show: one thing at a time, each refused by name and reason."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from dashboard.domain.modes import covers
from dashboard.domain.scenes import Purpose
from dashboard.domain.screen_acts import Act, Wish
from dashboard.http import items
from dashboard.http.problems import Problem
from dashboard.http.site import Site, sight_of
from dashboard.http.told import number, text, yes
from data_access.commands import shown
from data_access.queries import screens

CAMERAS_MOST = 24
STEPS_MOST = 12
SECONDS = (5, 3600)
TURN_S = 15
_ONE = ("scene", "incident", "cameras", "blank", "reception")
_GONE = "没有此对象，或不在您的权限范围内。"


def read(site: Site, rows: Sequence[Mapping[str, Any]], body: Mapping[str, Any]) -> Act:
    """Read what is wished for these screens; ``scene`` null means to take back."""
    told = [name for name in _ONE if name in body]
    if len(told) > 1:
        raise Problem(422, f"{told[0]} 与 {told[1]} 不能同时要求。", field=told[1])
    pinned = yes(body, "pinned") if "pinned" in body else None
    if not told:
        if pinned is None and "steps" not in body:
            raise Problem(422, "须写明 scene、incident、cameras、blank、pinned 或 steps 之一。")
        return made(site, Wish.KEEP, target=_steps(site, rows, None, body), pinned=pinned)
    return _READERS[told[0]](site, rows, body, pinned)


def made(
    site: Site,
    wish: str,
    *,
    scene: str | None = None,
    target: Mapping[str, Any] | None = None,
    pinned: bool | None = None,
) -> Act:
    """Make the act of the present caller."""
    return Act(
        wish=wish,
        by=site.guard.known().name,
        at=items.iso(site.clock.now()),
        scene=scene,
        target=target or {},
        pinned=pinned,
    )


def check_scene(
    site: Site,
    rows: Sequence[Mapping[str, Any]],
    *,
    name: str | None = None,
    purpose: str | None = None,
) -> None:
    """Raise where a screen cannot show a scene, by its name or by its purpose."""
    with site.store.read() as conn:
        known = [shown.offer_of(dict(it)) for it in screens.scenes(conn, screen_kind="wall")]
    meant = [it for it in known if it.id == name or (purpose and it.purpose == purpose)]
    if not meant:
        raise Problem(422, f"没有场景 {(name or purpose or '')[:40]}。", field="scene")
    for row in rows:
        wall = shown.place_of(row).wall
        if not any(wall in it.walls for it in meant):
            text_of = f"场景 {meant[0].id} 没有为屏 {row['id']}（{wall} 拼接）准备版面。"
            raise Problem(422, text_of, field="scene")


def _scene(
    site: Site, rows: Sequence[Mapping[str, Any]], body: Mapping[str, Any], pinned: bool | None
) -> Act:
    name = text(body, "scene")
    if name is None:
        return made(site, Wish.BACK, pinned=pinned)
    check_scene(site, rows, name=name)
    with site.store.read() as conn:
        row = screens.find_scene(conn, scene_id=name)
    if row is not None and row["purpose"] in (Purpose.INCIDENT, Purpose.CAMERAS):
        raise Problem(422, f"场景 {name} 须随 {row['purpose']} 一起上墙。", field="scene")
    target = _steps(site, rows, name, body)
    return made(site, Wish.SCENE, scene=name, target=target, pinned=pinned)


def _blank(
    site: Site, _rows: Sequence[Mapping[str, Any]], body: Mapping[str, Any], pinned: bool | None
) -> Act:
    if not yes(body, "blank"):
        raise Problem(422, "blank 只能是 true；恢复显示用 scene: null。", field="blank")
    return made(site, Wish.BLANK, pinned=pinned)


def _reception(
    site: Site, rows: Sequence[Mapping[str, Any]], body: Mapping[str, Any], pinned: bool | None
) -> Act:
    if not yes(body, "reception"):
        raise Problem(422, "reception 只能是 true；恢复用 scene: null。", field="reception")
    check_scene(site, rows, purpose=Purpose.RECEPTION)
    return made(site, Wish.RECEPTION, pinned=pinned)


def _steps(
    site: Site,
    rows: Sequence[Mapping[str, Any]],
    scene: str | None,
    body: Mapping[str, Any],
) -> dict[str, Any]:
    """Read which steps follow each other, and for how long: ``[{step, seconds}]``; [] is all."""
    told = body.get("steps")
    if told is None:
        return {}
    if not isinstance(told, list) or len(told) > STEPS_MOST:
        raise Problem(422, f"steps 应为不超过 {STEPS_MOST} 项的列表。", field="steps")
    names = {scene} if scene else {str(row["scene"]) for row in rows}
    with site.store.read() as conn:
        found = [screens.find_scene(conn, scene_id=name) for name in names]
    count = min((len(row["content"]["steps"]) if row else 0 for row in found), default=0)
    steps = []
    for one in told:
        step = number(one, "step") if isinstance(one, dict) else None
        seconds = number(one, "seconds") if isinstance(one, dict) else None
        if step is None or not 0 <= step < count:
            raise Problem(422, f"step 应为 0 至 {count - 1}。", field="steps")
        if seconds is None or not SECONDS[0] <= seconds <= SECONDS[1]:
            raise Problem(422, f"seconds 应为 {SECONDS[0]} 至 {SECONDS[1]}。", field="steps")
        steps.append({"step": step, "seconds": seconds})
    return {"steps": steps}


def _incident(
    site: Site, rows: Sequence[Mapping[str, Any]], body: Mapping[str, Any], pinned: bool | None
) -> Act:
    """Read one place to go to: no free text, no names of persons."""
    told = body["incident"]
    if not isinstance(told, dict):
        raise Problem(422, "incident 应为 {topic, id}。", field="incident")
    topic, name = text(told, "topic", needed=True) or "", text(told, "id", needed=True) or ""
    if topic not in screens.SUBJECTS:
        raise Problem(422, f"topic 只能是 {'、'.join(screens.SUBJECTS)}。", field="incident")
    sight = sight_of(site.guard.known())
    with site.store.read() as conn:
        found = screens.subject(conn, topic=topic, subject_id=name, sight=sight)
    if found is None:
        raise Problem(404, _GONE)
    if found["lon"] is None or found["lat"] is None:
        raise Problem(422, "此对象没有位置，不能上墙。", field="incident")
    _check_scope(rows, found["scope"], "incident")
    check_scene(site, rows, purpose=Purpose.INCIDENT)
    return made(site, Wish.INCIDENT, target={"incident": facts_of(topic, found)}, pinned=pinned)


def facts_of(topic: str, row: Mapping[str, Any]) -> dict[str, Any]:
    """Write what a wall may say of a subject: what it is, where, since when."""
    told = {"topic": topic, "id": row["id"]}
    told |= {name: row[name] for name in ("lon", "lat", "jurisdiction")}
    code = {"cases": ("kind", "subcategory"), "alerts": ("rule",)}.get(topic, ("kind", "name"))
    told |= {name: row[name] for name in code}
    since = {"cases": "reported_at", "alerts": "since", "places": "since"}.get(topic)
    return {**told, "since": items.iso(row[since]) if since else None}


def _cameras(
    site: Site, rows: Sequence[Mapping[str, Any]], body: Mapping[str, Any], pinned: bool | None
) -> Act:
    """Read a group of cameras; more than have room take turns."""
    told = body["cameras"]
    if not isinstance(told, list) or not 0 < len(told) <= CAMERAS_MOST:
        raise Problem(422, f"cameras 应为 1 至 {CAMERAS_MOST} 路的列表。", field="cameras")
    seconds = number(body, "seconds")
    seconds = TURN_S if seconds is None else seconds
    if not SECONDS[0] <= seconds <= SECONDS[1]:
        raise Problem(422, f"seconds 应为 {SECONDS[0]} 至 {SECONDS[1]}。", field="seconds")
    sight = sight_of(site.guard.known())
    names = list(dict.fromkeys(str(name) for name in told))
    with site.store.read() as conn:
        known = screens.group(conn, ids=names, sight=sight)
    for name in names:
        row = known.get(name)
        if row is None:
            raise Problem(404, f"没有摄像机 {name[:40]}，或不在您的权限范围内。", field="cameras")
        if not row["wall_allowed"]:
            raise Problem(422, f"摄像机 {name[:40]} 未标记可上墙。", field="cameras")
        _check_scope(rows, row["scope"], "cameras")
    check_scene(site, rows, purpose=Purpose.CAMERAS)
    target = {"cameras": names, "seconds": seconds}
    return made(site, Wish.CAMERAS, target=target, pinned=pinned)


def _check_scope(rows: Sequence[Mapping[str, Any]], scope: str, field: str) -> None:
    """A screen shows nothing that lies outside its own jurisdiction."""
    for row in rows:
        if not covers(row["scope"], scope):
            raise Problem(422, f"此对象不在屏 {row['id']} 的辖区内。", field=field)


_READERS: Mapping[
    str,
    Callable[[Site, Sequence[Mapping[str, Any]], Mapping[str, Any], bool | None], Act],
] = {
    "scene": _scene,
    "incident": _incident,
    "cameras": _cameras,
    "blank": _blank,
    "reception": _reception,
}
