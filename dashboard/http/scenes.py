"""Scenes over the API: which there are, and a new or edited one, read strictly before it counts."""

from collections.abc import Mapping
from typing import Any

from flask import Response

from dashboard.domain.roles import Right
from dashboard.domain.scenes import edition
from dashboard.http.idempotency import once
from dashboard.http.problems import Problem
from dashboard.http.site import Site, answer, json_body
from dashboard.http.told import number
from data_access.commands import shown
from data_access.commands.screens import put_scene
from data_access.queries import screens as queries
from layouts.wall_scenes import SceneError, parse


def register(site: Site) -> None:
    """Mount the routes."""
    guard = site.guard

    @guard.route("/api/v1/scenes", right=Right.ARRANGE, endpoint="scenes.list")
    def scenes() -> Response:
        with site.store.read() as conn:
            rows = [dict(row) for row in queries.scenes(conn, screen_kind="wall")]
        return answer({"items": [item(row) for row in rows], "next": None})

    @guard.route(
        "/api/v1/scenes/<scene_id>",
        right=Right.CONFIGURE,
        methods=("PUT",),
        endpoint="scenes.put",
    )
    @once(site)
    def put(scene_id: str) -> Response:
        return answer(_put(site, scene_id, json_body()))


def item(row: Mapping[str, Any]) -> dict[str, Any]:
    """Write one scene; ``own``: edited, or the city's."""
    return {
        **{str(name): value for name, value in row.items()},
        "edition": edition(row["version"], row["content"]),
        "own": not row["content"].get("shipped"),
    }


def _put(site: Site, scene_id: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """Enter a scene whole; ``version``: what the caller saw of the one that it replaces."""
    seen = number(body, "version")
    told = {
        name: value for name, value in body.items() if name not in ("version", "own", "edition")
    }
    try:
        scene = parse({**told, "id": scene_id})
    except SceneError as error:
        raise Problem(422, str(error), field="content") from error
    with site.store.write() as writer:
        shown.lock(writer)
        known = queries.find_scene(writer.conn, scene_id=scene_id)
        if seen is not None and known is not None and known["version"] != seen:
            raise Problem(409, "此场景已被修改。", state=item(dict(known)))
        version = put_scene(writer, scene.model_dump(mode="json"))
        row = queries.find_scene(writer.conn, scene_id=scene_id)
        if version is not None:
            detail = {"version": version, "steps": len(scene.content.steps)}
            scope = site.guard.known().scopes
            site.note(
                writer,
                "scene-edit",
                subject=scene_id,
                detail=detail,
                scope=next(iter(scope), ""),
            )
    return item(dict(row or {}))
