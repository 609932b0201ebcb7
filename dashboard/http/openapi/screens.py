"""Screens: what they show, and what they are told."""

from dashboard.http.openapi.parts import (
    COUNT,
    KEY,
    TEXT,
    TEXTS,
    Schema,
    act,
    body_of,
    in_path,
    responses,
)

_SUBJECT: Schema = {"type": "object", "properties": {"topic": TEXT, "id": TEXT}}
_STEPS: Schema = {
    "type": "array",
    "items": {"type": "object", "properties": {"step": COUNT, "seconds": COUNT}},
}
_NAMED: Schema = {
    "type": "array",
    "items": {"type": "object", "properties": {"id": TEXT, "version": COUNT}},
}
_YES: Schema = {"type": "boolean"}
_WISH = {
    "scene": {"type": ["string", "null"]},
    "incident": _SUBJECT,
    "cameras": TEXTS,
    "seconds": COUNT,
    "blank": _YES,
    "reception": _YES,
    "pinned": _YES,
    "steps": _STEPS,
}

PATHS: dict[str, Schema] = {
    "/api/v1/screens/{screen_id}": {
        "get": {
            "summary": "A screen: what it shows, why, since when and by whom",
            "parameters": [in_path("screen_id")],
            "responses": responses({"type": "object"}),
        },
        "put": act(
            "Tell a screen what to show, one thing at a time; scene null takes back; 409 with the "
            "state where it has changed or is pinned",
            [in_path("screen_id"), KEY],
            body=body_of(version=COUNT, **_WISH),
        ),
    },
    "/api/v1/screens/{screen_id}/scenes": {
        "get": {
            "summary": "The scenes that a screen may show, as they would lie on it",
            "parameters": [in_path("screen_id")],
            "responses": responses({"type": "object"}),
        }
    },
    "/api/v1/screens/{screen_id}/seen": {
        "post": act(
            "What a screen's own browser says that it shows",
            [in_path("screen_id")],
            body=body_of(scene=TEXT, step=COUNT, fresh=_YES),
            status=204,
        )
    },
    "/api/v1/screens/show": {
        "post": act(
            "Tell several screens the same, all of them or none",
            [KEY],
            body=body_of(screens=_NAMED, **_WISH),
        )
    },
    "/api/v1/scenes": {
        "get": {
            "summary": "The scenes of walls with their content",
            "parameters": [],
            "responses": responses({"type": "object"}),
        }
    },
    "/api/v1/scenes/{scene_id}": {
        "put": act(
            "Enter or edit a scene; 422 naming scene, step and panel, 409 where it has changed",
            [in_path("scene_id"), KEY],
            body=body_of(
                version=COUNT,
                name=TEXT,
                name_en=TEXT,
                screen_kind=TEXT,
                purpose=TEXT,
                mode=TEXT,
                scenario=TEXT,
                levels={"type": "array", "items": COUNT},
                content={"type": "object"},
            ),
        )
    },
    "/api/v1/halls/{hall}/reception": {
        "post": act(
            "Let guests into a hall, all its screens at once, or see them off",
            [in_path("hall"), KEY],
            body=body_of(on=_YES),
        )
    },
}
