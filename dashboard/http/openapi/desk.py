"""What the desk enters and does."""

from dashboard.http.openapi.parts import (
    COUNT,
    KEY,
    TEXT,
    Schema,
    act,
    body_of,
    in_path,
    query,
    responses,
)

_NUMBER: Schema = {"type": "number"}
_CALLER: Schema = {"type": "object", "properties": {"name": TEXT, "phone": TEXT}}

ENTER: Schema = act(
    "Enter a case at the desk; a position, a known place, or words say where",
    [KEY],
    body=body_of(
        kind=TEXT,
        subcategory=TEXT,
        lon=_NUMBER,
        lat=_NUMBER,
        crs=TEXT,
        place=TEXT,
        station=TEXT,
        camera=TEXT,
        jurisdiction=TEXT,
        address=TEXT,
        description=TEXT,
        urgency=COUNT,
        stage=TEXT,
        state=TEXT,
        depth_cm=_NUMBER,
        caller=_CALLER,
        event=TEXT,
    ),
    status=201,
)
"""``POST /api/v1/cases``, beside the list."""

PATHS: dict[str, Schema] = {
    "/api/v1/places/{place_id}/state": {
        "post": act(
            "Say what state a place is in; 409 with the state where it has changed",
            [in_path("place_id"), KEY],
            body=body_of(state=TEXT, depth_cm=_NUMBER, note=TEXT, version=COUNT),
        )
    },
    "/api/v1/places/{place_id}/states": {
        "get": {
            "summary": "The states that a place was in, the newest first",
            "parameters": [in_path("place_id")],
            "responses": responses({"type": "object"}),
        }
    },
    "/api/v1/cases/{case_id}/urge": {
        "post": act(
            "Urge those responsible 催办; 409 with the state where the case has changed",
            [in_path("case_id"), KEY],
            body=body_of(opinion=TEXT, version=COUNT),
        )
    },
    "/api/v1/cases/{case_id}/supervise": {
        "post": act(
            "Keep watch over a case until a moment 督办; 409 where the case has changed",
            [in_path("case_id"), KEY],
            body=body_of(opinion=TEXT, until=TEXT, version=COUNT),
        )
    },
    "/api/v1/cases/{case_id}/call": {
        "post": act(
            "Note one more call about the same matter",
            [in_path("case_id"), KEY],
            body=body_of(description=TEXT, depth_cm=_NUMBER, caller=_CALLER),
        )
    },
    "/api/v1/cases/{case_id}/desk": {
        "get": {
            "summary": "Whom an act about a case reaches, and what became of those so far",
            "parameters": [in_path("case_id")],
            "responses": responses({"type": "object"}),
        }
    },
    "/api/v1/nearby/cases": {
        "get": {
            "summary": "Open cases near by of the same matter or one like it",
            "parameters": [
                query("lon", "WGS84", type="number"),
                query("lat", "WGS84", type="number"),
                query("kind", "component or event"),
                query("subcategory", "as in cases"),
                query("within_m", "default 300", type="number", maximum=3000),
            ],
            "responses": responses({"type": "object"}),
        }
    },
}
