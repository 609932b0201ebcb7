"""Records, and what drawers ask."""

from dashboard.http.openapi.parts import (
    DRILL,
    Schema,
    act,
    body_of,
    in_path,
    listed,
    query,
    responses,
)

PATHS: dict[str, Schema] = {
    "/api/v1/cases/{case_id}": {
        "get": {
            "summary": "A case with its whole record",
            "parameters": [
                in_path("case_id"),
                query("as_of", "what was known at this moment", format="date-time"),
            ],
            "responses": responses({"type": "object"}),
        }
    },
    "/api/v1/stations/{station_id}/readings": {
        "get": {
            "summary": "Readings of a station few enough to be drawn; rain as sums",
            "parameters": [
                in_path("station_id"),
                query("factor", "as in readings"),
                query("from", "default: 24 hours before to", format="date-time"),
                query("to", "default: the city's now", format="date-time"),
                query("points", "about as many of a line", type="integer", maximum=5000),
            ],
            "responses": responses({"type": "object"}),
        }
    },
    "/api/v1/jurisdictions": {
        "get": listed(
            "List the city's divisions with their shapes",
            [
                query("level", "city, district, subdistrict, community or grid"),
                query("parent", "id of the one above"),
                query("format", "geojson or json, where the header cannot be set"),
            ],
            geojson=True,
        )
    },
    "/api/v1/search": {
        "get": {
            "summary": "Cases, stations, cameras and places that hold all these words",
            "parameters": [
                query("q", "two characters or more", minLength=2, maxLength=60),
                query("topics", "cases, stations, cameras, places, between commas"),
            ],
            "responses": responses(body_of(items={"type": "array"})["application/json"]["schema"]),
        }
    },
    "/api/v1/nearby": {
        "get": {
            "summary": "What lies near a point, the nearest first, with distance_m",
            "parameters": [
                query("lon", "WGS84", type="number"),
                query("lat", "WGS84", type="number"),
                query("topics", "of cameras,stations,responders,places; default: all"),
                query("limit", "of each; at most 50 are given", type="integer", minimum=1),
                query("within_m", "default 3000", type="number", maximum=50000),
                DRILL,
            ],
            "responses": responses({"type": "object"}),
        }
    },
    "/api/v1/cases/{case_id}/before": {
        "get": {
            "summary": "Earlier cases of the same class at the same spot",
            "parameters": [in_path("case_id"), query("within_m", "default 50", type="number")],
            "responses": responses({"type": "object"}),
        }
    },
    "/api/v1/cases/{case_id}/plain": {
        "post": act("A case's texts unmasked; stands in the audit", [in_path("case_id")])
    },
    "/api/v1/cameras/{thing_id}": {
        "get": {
            "summary": "A camera, without its streams",
            "parameters": [in_path("thing_id")],
            "responses": responses({"type": "object"}),
        }
    },
    **{
        f"/api/v1/{topic}/{{thing_id}}/watch": {
            "post": act(
                "Open a live picture: its streams; stands in the audit",
                [in_path("thing_id"), query("for", "why: the id of a case or place")],
            )
        }
        for topic in ("cameras", "responders")
    },
    "/api/v1/responders/{thing_id}": {
        "get": {
            "summary": "A responder, its telephone masked",
            "parameters": [in_path("thing_id")],
            "responses": responses({"type": "object"}),
        }
    },
    "/api/v1/responders/{responder_id}/phone": {
        "post": act(
            "A responder's telephone unmasked; stands in the audit", [in_path("responder_id")]
        )
    },
    "/api/v1/places/{thing_id}": {
        "get": {
            "summary": "A place with its cameras and supplies",
            "parameters": [in_path("thing_id")],
            "responses": responses({"type": "object"}),
        }
    },
}
