"""``GET /api/v1/openapi.json``: the API described for programs, OpenAPI 3.1.

Every route of the API is described here, those of the front process too; a test compares this
with what is mounted.
"""

from typing import Any

from flask import Response

from dashboard import __version__
from dashboard.domain.records import KINDS
from dashboard.domain.topics import TOPICS
from dashboard.guard import Access
from dashboard.http.lists import LISTINGS
from dashboard.http.site import Site, answer

_Schema = dict[str, Any]

STREAM = "/live"
"""What the front process answers: described here, mounted there."""


def register(site: Site) -> None:
    """Mount the route."""

    @site.guard.route(
        "/api/v1/openapi.json", right=Access.KNOWN, why="the description of the API holds no data"
    )
    def openapi() -> Response:
        return answer(document())


def document() -> _Schema:
    """Write the whole description."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "平急 Pingji",
            "version": __version__,
            "description": "Times are ISO 8601 with offset, positions WGS84, errors RFC 9457.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "paths": _paths(),
        "components": {
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer"},
                "session": {"type": "apiKey", "in": "cookie", "name": "pingji_session"},
            },
            "schemas": _SCHEMAS,
        },
        "security": [{"bearer": []}, {"session": []}],
    }


def _paths() -> dict[str, _Schema]:
    paths: dict[str, _Schema] = {
        "/api/v1/ingest/{kind}": {"post": _ingest()},
        "/api/v1/snapshot/{topic}": {"get": _snapshot()},
    }
    for listing in LISTINGS:
        history = [_query("as_of", "what was known at this moment", format="date-time")]
        paths[f"/api/v1/{listing.name}"] = {
            "get": _list(
                f"List {listing.name}",
                [
                    _query("bbox", "west,south,east,north"),
                    *(history if listing.history else []),
                    *_EXTRA.get(listing.name, []),
                ],
                geojson=True,
            )
        }
    return paths | _RECORD | _DRAWERS | _REJECTS | _PEOPLE | _SELF


def _ingest() -> _Schema:
    bodies = {
        "application/json": {"schema": {"type": "array", "items": {"type": "object"}}},
        "application/x-ndjson": {"schema": {"type": "string"}},
        "application/cap+xml": {"schema": {"type": "string"}},
    }
    return _act(
        "Send records; the same record twice is unchanged, a bad one costs no good one",
        [_path("kind", enum=list(KINDS)), _KEY],
        body=bodies,
        gives=_ref("Report"),
    )


def _snapshot() -> _Schema:
    return {
        "summary": "A topic's working set and the seq at which it stood",
        "parameters": [_path("topic", enum=[topic.name for topic in TOPICS])],
        "responses": _responses(_ref("Snapshot"), 304),
    }


def _list(summary: str, parameters: list[_Schema], *, geojson: bool = False) -> _Schema:
    content = {"application/json": {"schema": _ref("Page")}}
    if geojson:
        content["application/geo+json"] = {"schema": {"type": "object"}}
    return {
        "summary": summary,
        "parameters": [
            _query("limit", "at most 2000 are given", type="integer", minimum=1),
            _query("cursor", "as given in next"),
            *parameters,
        ],
        "responses": {"200": {"description": "a page", "content": content}, "default": _PROBLEM},
    }


def _act(
    summary: str,
    parameters: list[_Schema],
    *,
    body: _Schema | None = None,
    gives: _Schema | None = None,
    status: int = 200,
) -> _Schema:
    made: _Schema = {
        "summary": summary,
        "parameters": parameters,
        "responses": _responses(gives or {"type": "object"}, status=status),
    }
    if body is not None:
        made["requestBody"] = {"required": True, "content": body}
    return made


def _responses(schema: _Schema, *others: int, status: int = 200) -> _Schema:
    answers: _Schema = {
        str(status): {"description": "done", "content": {"application/json": {"schema": schema}}}
    }
    answers |= {str(other): {"description": "as the reader has it"} for other in others}
    return {**answers, "default": _PROBLEM}


def _object(**properties: _Schema) -> _Schema:
    return {"application/json": {"schema": {"type": "object", "properties": properties}}}


def _query(name: str, description: str, **schema: Any) -> _Schema:
    return {
        "name": name,
        "in": "query",
        "description": description,
        "schema": {"type": "string", **schema},
    }


def _path(name: str, **schema: Any) -> _Schema:
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string", **schema}}


def _ref(name: str) -> _Schema:
    return {"$ref": f"#/components/schemas/{name}"}


_TEXT: _Schema = {"type": "string"}
_TEXTS: _Schema = {"type": "array", "items": {"type": "string"}}
_COUNT: _Schema = {"type": "integer", "minimum": 0}
_KEY: _Schema = {
    "name": "Idempotency-Key",
    "in": "header",
    "schema": {"type": "string", "maxLength": 255},
}
_PROBLEM: _Schema = {
    "description": "an error",
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
}
_EXTRA: dict[str, list[_Schema]] = {
    "cases": [
        _query("live", "open, or closed within a day", type="boolean"),
        _query("stage", "only cases in this stage"),
    ],
    "warnings": [_query("live", "in force", type="boolean")],
}
_SCHEMAS: _Schema = {
    "Problem": {
        "type": "object",
        "properties": {"type": _TEXT, "title": _TEXT, "status": _COUNT, "detail": _TEXT},
    },
    "Page": {
        "type": "object",
        "properties": {
            "items": {"type": "array", "items": {"type": "object"}},
            "next": {"type": ["string", "null"]},
        },
    },
    "Report": {
        "type": "object",
        "properties": {
            "accepted": _COUNT,
            "unchanged": _COUNT,
            "rejected": {
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": {
                        "index": _COUNT,
                        "id": {"type": ["string", "null"]},
                        "field": _TEXT,
                        "reason": _TEXT,
                    },
                },
            },
        },
    },
    "Snapshot": {
        "type": "object",
        "properties": {
            "topic": _TEXT,
            "seq": _COUNT,
            "columns": _TEXTS,
            "rows": {"type": "array", "items": {"type": "array"}},
        },
    },
}
_RECORD: dict[str, _Schema] = {
    "/api/v1/cases/{case_id}": {
        "get": {
            "summary": "A case with its whole record",
            "parameters": [
                _path("case_id"),
                _query("as_of", "what was known at this moment", format="date-time"),
            ],
            "responses": _responses({"type": "object"}),
        }
    },
}
_DRAWERS: dict[str, _Schema] = {
    "/api/v1/stations/{station_id}/readings": {
        "get": {
            "summary": "Readings of a station few enough to be drawn; rain as sums",
            "parameters": [
                _path("station_id"),
                _query("factor", "as in readings"),
                _query("from", "default: 24 hours before to", format="date-time"),
                _query("to", "default: the city's now", format="date-time"),
                _query("points", "about as many of a line", type="integer", maximum=5000),
            ],
            "responses": _responses({"type": "object"}),
        }
    },
    "/api/v1/jurisdictions": {
        "get": _list(
            "List the city's divisions with their shapes",
            [
                _query("level", "city, district, subdistrict, community or grid"),
                _query("parent", "id of the one above"),
                _query("format", "geojson or json, where the header cannot be set"),
            ],
            geojson=True,
        )
    },
    "/api/v1/search": {
        "get": {
            "summary": "Live cases by a part of their number, address or description",
            "parameters": [_query("q", "two characters or more", minLength=2, maxLength=60)],
            "responses": _responses(_object(items={"type": "array"})["application/json"]["schema"]),
        }
    },
    "/api/v1/nearby": {
        "get": {
            "summary": "What lies near a point, the nearest first, with distance_m",
            "parameters": [
                _query("lon", "WGS84", type="number"),
                _query("lat", "WGS84", type="number"),
                _query("topics", "of cameras,stations,responders,places; default: all"),
                _query("limit", "of each; at most 50 are given", type="integer", minimum=1),
                _query("within_m", "default 3000", type="number", maximum=50000),
            ],
            "responses": _responses({"type": "object"}),
        }
    },
    "/api/v1/cases/{case_id}/before": {
        "get": {
            "summary": "Earlier cases of the same class at the same spot",
            "parameters": [_path("case_id"), _query("within_m", "default 50", type="number")],
            "responses": _responses({"type": "object"}),
        }
    },
    "/api/v1/cases/{case_id}/plain": {
        "post": _act("A case's texts unmasked; stands in the audit", [_path("case_id")])
    },
    "/api/v1/cameras/{thing_id}": {
        "get": {
            "summary": "A camera, without its streams",
            "parameters": [_path("thing_id")],
            "responses": _responses({"type": "object"}),
        }
    },
    **{
        f"/api/v1/{topic}/{{thing_id}}/watch": {
            "post": _act(
                "Open a live picture: its streams; stands in the audit",
                [_path("thing_id"), _query("for", "why: the id of a case or place")],
            )
        }
        for topic in ("cameras", "responders")
    },
    "/api/v1/responders/{thing_id}": {
        "get": {
            "summary": "A responder, its telephone masked",
            "parameters": [_path("thing_id")],
            "responses": _responses({"type": "object"}),
        }
    },
    "/api/v1/responders/{responder_id}/phone": {
        "post": _act(
            "A responder's telephone unmasked; stands in the audit", [_path("responder_id")]
        )
    },
    "/api/v1/places/{thing_id}": {
        "get": {
            "summary": "A place with its cameras and supplies",
            "parameters": [_path("thing_id")],
            "responses": _responses({"type": "object"}),
        }
    },
}
_REJECTS: dict[str, _Schema] = {
    "/api/v1/rejects": {
        "get": _list(
            "List rejected records, the newest first",
            [_query("state", "open, retried or dismissed"), _query("feed", "of this feed")],
        )
    },
    "/api/v1/rejects/{reject_id}/retry": {
        "post": _act(
            "Try a rejected record again", [_path("reject_id"), _KEY], gives=_ref("Report")
        )
    },
    "/api/v1/rejects/{reject_id}/dismiss": {
        "post": _act("Put a rejected record aside", [_path("reject_id"), _KEY])
    },
}
_PEOPLE: dict[str, _Schema] = {
    "/api/v1/accounts": {
        "get": _list("List accounts", []),
        "post": _act(
            "Add an account; without a password one is made up and told once",
            [],
            body=_object(
                name=_TEXT,
                role=_TEXT,
                display_name=_TEXT,
                password=_TEXT,
                scopes=_TEXTS,
                events=_TEXTS,
            ),
            status=201,
        ),
    },
    "/api/v1/accounts/{name}": {
        "patch": _act(
            "Change an account",
            [_path("name")],
            body=_object(
                role=_TEXT,
                disabled={"type": "boolean"},
                password=_TEXT,
                new_password={"type": "boolean"},
                scopes=_TEXTS,
                events=_TEXTS,
            ),
        )
    },
    "/api/v1/tokens": {
        "get": _list("List tokens", []),
        "post": _act(
            "Add a token; it is told only in this answer",
            [],
            body=_object(name=_TEXT, role=_TEXT, kinds=_TEXTS, scopes=_TEXTS, events=_TEXTS),
            status=201,
        ),
    },
    "/api/v1/tokens/{token_id}/revoke": {"post": _act("Revoke a token", [_path("token_id")])},
    "/api/v1/audit": {
        "get": _list(
            "List the audit, the newest first",
            [_query("act", "only this act"), _query("actor", "only this actor")],
        )
    },
}
_SELF: dict[str, _Schema] = {
    "/api/v1/me": {
        "get": {
            "summary": "Who is asking: role, rights, scopes",
            "parameters": [],
            "responses": _responses({"type": "object"}),
        }
    },
    "/api/v1/me/password": {
        "post": _act("Change one's own password", [], body=_object(old=_TEXT, new=_TEXT))
    },
    "/api/v1/openapi.json": {
        "get": {
            "summary": "This description",
            "parameters": [],
            "responses": _responses({"type": "object"}),
        }
    },
    STREAM: {
        "get": {
            "summary": "The live stream (Server-Sent Events)",
            "parameters": [_query("topics", "names, each with @SEQ of what the reader has")],
            "responses": {
                "200": {
                    "description": "hello, change, reset and heartbeat events",
                    "content": {"text/event-stream": {"schema": _TEXT}},
                },
                "default": _PROBLEM,
            },
        }
    },
}
