"""Guarded events."""

from dashboard.http.openapi.parts import (
    COUNT,
    KEY,
    TEXT,
    TEXTS,
    Schema,
    act,
    body_of,
    in_path,
    query,
    responses,
)

_ID = in_path("operation_id")
_PATH = "/api/v1/events/{operation_id}"
_FLAG: Schema = {"type": "boolean"}
_NUMBER: Schema = {"type": "number"}
_THING: Schema = {
    "type": "object",
    "required": ["kind", "id"],
    "properties": {
        "kind": {"enum": ["zone", "route", "point", "post", "phase", "camera"]},
        "id": TEXT,
        "name": TEXT,
        "name_en": TEXT,
        "geometry": {"type": "object"},
        "level": {"enum": ["core", "control", "watch"]},
        "covers_min": COUNT,
        "roads_min": COUNT,
        "cleaning_min": COUNT,
        "alerts_up": COUNT,
        "watch_m": COUNT,
        "sort": TEXT,
        "unit": TEXT,
        "needed": COUNT,
        "starts_at": TEXT,
        "ends_at": TEXT,
        "remove": _FLAG,
    },
}


def _looked(summary: str, *parameters: Schema) -> Schema:
    return {
        "get": {
            "summary": summary,
            "parameters": [_ID, *parameters],
            "responses": responses({"type": "object"}),
        }
    }


PATHS: dict[str, Schema] = {
    "/api/v1/events": {
        "get": {
            "summary": "Events in force whose room the caller may enter",
            "parameters": [],
            "responses": responses({"type": "object"}),
        }
    },
    _PATH: _looked("The room of an event; 403 for whoever is not of it"),
    f"{_PATH}/inside": _looked("Cases, alerts, cameras and responders within its zones"),
    f"{_PATH}/coverage": _looked(
        "Stretches of its routes without an online camera",
        query("within_m", "instead of what each route says", type="number"),
    ),
    f"{_PATH}/record": _looked("What was done in the room, the newest first"),
    f"{_PATH}/things": {
        "put": act(
            "Enter zones, routes, points, posts and phases as one version, all or nothing",
            [_ID, KEY],
            body=body_of(
                things={"type": "array", "items": _THING},
                reason=TEXT,
                effective_at=TEXT,
                approved_by=TEXT,
                crs=TEXT,
                replace=_FLAG,
                version=COUNT,
            ),
            status=201,
        )
    },
    f"{_PATH}/versions/{{version}}/confirm": {
        "post": act(
            "Say that a member has seen a version", [_ID, in_path("version", type="integer"), KEY]
        )
    },
    f"{_PATH}/versions/{{version}}/withdraw": {
        "post": act(
            "Take back a version before it takes force",
            [_ID, in_path("version", type="integer"), KEY],
            body=body_of(reason=TEXT),
        )
    },
    f"{_PATH}/members": {
        "put": act(
            "Say who the members are; a list that is not given stays",
            [_ID, KEY],
            body=body_of(accounts=TEXTS, screens=TEXTS, tokens=TEXTS),
        )
    },
    f"{_PATH}/reports": {
        "put": act(
            "Say who sends zero reports, and when they are due",
            [_ID, KEY],
            body=body_of(
                every_h=COUNT,
                starts_at=TEXT,
                ends_at=TEXT,
                reporters={
                    "type": "array",
                    "items": {"type": "object", "properties": {"id": TEXT, "name": TEXT}},
                },
            ),
        ),
        "post": act(
            "Send a zero report; found 0 is nothing",
            [_ID, KEY],
            body=body_of(reporter=TEXT, found=COUNT, note=TEXT, due_at=TEXT),
        ),
    },
    f"{_PATH}/posts/{{post}}/checkin": {
        "post": act(
            "Say how many are at a post",
            [_ID, in_path("post"), KEY],
            body=body_of(present=COUNT, note=TEXT),
        )
    },
    f"{_PATH}/hazards": {
        "post": act(
            "Enter a hazard",
            [_ID, KEY],
            body=body_of(what=TEXT, unit=TEXT, zone=TEXT, lon=_NUMBER, lat=_NUMBER, due_at=TEXT),
            status=201,
        )
    },
    f"{_PATH}/hazards/{{n}}/state": {
        "post": act(
            "Say where a hazard stands",
            [_ID, in_path("n", type="integer"), KEY],
            body=body_of(state=TEXT, note=TEXT, version=COUNT),
        )
    },
}
