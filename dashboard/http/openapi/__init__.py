"""``GET /api/v1/openapi.json``: the API described for programs, OpenAPI 3.1.

Every route of the API is described here, those of the front process too; a test compares this
with what is mounted.
"""

from flask import Response

from dashboard import __version__
from dashboard.domain.records import KINDS
from dashboard.domain.topics import TOPICS
from dashboard.guard import Access
from dashboard.http.lists import LISTINGS
from dashboard.http.openapi import (
    alerts,
    desk,
    duty,
    events,
    indicators,
    operations,
    own,
    people,
    performance,
    screens,
    things,
)
from dashboard.http.openapi.own import STREAM
from dashboard.http.openapi.parts import (
    DRILL,
    KEY,
    SCHEMAS,
    Schema,
    act,
    in_path,
    listed,
    query,
    ref,
    responses,
)
from dashboard.http.site import Site, answer

PARTS = (
    things,
    people,
    operations,
    events,
    desk,
    duty,
    indicators,
    performance,
    alerts,
    screens,
    own,
)
"""Modules whose ``PATHS`` describe the routes of one subject; a new subject brings its own."""


def register(site: Site) -> None:
    """Mount the route."""

    @site.guard.route(
        "/api/v1/openapi.json", right=Access.KNOWN, why="the description of the API holds no data"
    )
    def openapi() -> Response:
        return answer(document())


def document() -> Schema:
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
            "schemas": SCHEMAS,
        },
        "security": [{"bearer": []}, {"session": []}],
    }


def _paths() -> dict[str, Schema]:
    paths: dict[str, Schema] = {
        "/api/v1/ingest/{kind}": {"post": _ingest()},
        "/api/v1/snapshot/{topic}": {"get": _snapshot()},
    }
    for listing in LISTINGS:
        history = [query("as_of", "what was known at this moment", format="date-time")]
        paths[f"/api/v1/{listing.name}"] = {
            "get": listed(
                f"List {listing.name}",
                [
                    query("bbox", "west,south,east,north"),
                    DRILL,
                    *(history if listing.history else []),
                    *_EXTRA.get(listing.name, []),
                ],
                geojson=True,
            )
        }
    paths["/api/v1/cases"]["post"] = desk.ENTER
    for part in PARTS:
        paths |= part.PATHS
    return paths


def _ingest() -> Schema:
    bodies = {
        "application/json": {"schema": {"type": "array", "items": {"type": "object"}}},
        "application/x-ndjson": {"schema": {"type": "string"}},
        "application/cap+xml": {"schema": {"type": "string"}},
    }
    return act(
        "Send records; the same record twice is unchanged, a bad one costs no good one",
        [in_path("kind", enum=list(KINDS)), KEY],
        body=bodies,
        gives=ref("Report"),
    )


def _snapshot() -> Schema:
    return {
        "summary": "A topic's working set and the seq at which it stood",
        "parameters": [in_path("topic", enum=[topic.name for topic in TOPICS])],
        "responses": responses(ref("Snapshot"), 304),
    }


_EXTRA: dict[str, list[Schema]] = {
    "cases": [
        query("live", "open, or closed within a day", type="boolean"),
        query("stage", "only cases in this stage"),
    ],
    "warnings": [query("live", "in force", type="boolean")],
}

__all__ = ["STREAM", "document", "register"]
