"""The scenes' tab of /admin: what each is for, a look at it on each screen, and editing as JSON."""

import json
from collections.abc import Mapping
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from callbacks.services import Services
from dashboard.domain.modes import MODES
from dashboard.domain.operations import ROMAN, SCENARIOS
from dashboard.domain.scenes import PURPOSES, Purpose, edition
from dashboard.domain.words import said
from data_access.commands import audit
from data_access.commands.screens import put_scene
from data_access.queries import screens
from layouts import words
from layouts.ids import row_field
from layouts.screens.admin import button, notice, table
from layouts.screens.wall import PREVIEW
from layouts.wall_scenes import KEYS, SceneError, parse_file

NEW = "new"


def tab(services: Services) -> list[Component]:
    """Return the scenes with what they are for, and the field in which one is edited."""
    with services.store.read() as conn:
        found = [dict(row) for row in screens.scenes(conn, screen_kind="wall")]
        walls = [str(row["id"]) for row in screens.all_screens(conn)]
    rows = [
        [
            row["id"],
            row["name"],
            _meant(row),
            _levels(row),
            str(len(row["content"].get("steps") or ())),
            _edition(row),
            _looks(str(row["id"]), walls),
            button("scene-open", str(row["id"]), "scene_open"),
        ]
        for row in found
    ]
    columns = ["scene", "token_name", "scene_for", "scene_levels", "scene_steps", "scene_edition"]
    return [
        table([*columns, "wall_preview", ""], rows),
        editor(""),
    ]


def editor(value: str) -> html.Div:
    """Return the field in which a scene is written as JSON, and what enters it."""
    return html.Div(
        [
            html.H2(words.text("scene_edit"), className="panel__title"),
            html.P(words.text("scene_edit_hint"), className="admin__note"),
            dcc.Textarea(
                id=row_field("scene", NEW), value=value, className="input scene__text", rows=16
            ),
            button("scene-save", NEW, "scene_save", sure=True),
        ],
        className="form panel",
    )


def open_one(services: Services, scene_id: str) -> Component:
    """Show a scene as JSON, to be changed and entered below."""
    with services.store.read() as conn:
        row = screens.find_scene(conn, scene_id=scene_id)
    if row is None:
        return notice(scene_id, good=False)
    told = {name: row[name] for name in KEYS}
    text = json.dumps(told, ensure_ascii=False, indent=1)
    return html.Div([notice(scene_id, good=True), html.Pre(text, className="scene__text")])


def save(services: Services, told: Any) -> Component:
    """Enter what the field holds, all scenes of it or none."""
    try:
        scenes = parse_file(json.loads(str(told or "")))
    except SceneError as error:
        return notice(words.refusal(str(error)), good=False)
    except ValueError as error:
        return notice(f"JSON: {error}", good=False)
    who, now = services.guard.known(), services.clock.now()
    said_of = []
    with services.store.write() as writer:
        for scene in scenes:
            version = put_scene(writer, scene.model_dump(mode="json"))
            said_of.append(f"{scene.id}: {version or '='}")
            if version is not None:
                audit.record(
                    writer,
                    actor=who.name,
                    role=str(who.role),
                    act="scene-edit",
                    subject=scene.id,
                    detail={"version": version},
                    address=services.guard.address(),
                    city_at=now,
                    scope=next(iter(who.scopes), None),
                )
    return notice(" · ".join(said_of), good=True)


def _meant(row: Mapping[str, Any]) -> Component:
    if row["purpose"] != Purpose.MODE:
        return words.both(said(PURPOSES, row["purpose"]))
    return words.both(said(MODES, row["mode"]))


def _levels(row: Mapping[str, Any]) -> list[Any]:
    scenario = row["scenario"] and words.both(said(SCENARIOS, row["scenario"]))
    levels = " ".join(ROMAN[level] for level in row["levels"])
    return [part for part in (scenario, " " if scenario and levels else "", levels) if part] or [
        "—"
    ]


def _edition(row: Mapping[str, Any]) -> list[Any]:
    own = not row["content"].get("shipped")
    told = [edition(row["version"], row["content"])]
    return [*told, " · ", words.text("scene_own")] if own else told


def _looks(scene_id: str, walls: list[str]) -> html.Div:
    links = [
        html.A(name, href=f"{PREVIEW}{scene_id}?screen={name}", target="_blank", className="link")
        for name in walls
    ]
    return html.Div(links, className="table__actions")
