"""Oneself, the stream, and this description."""

from dashboard.http.openapi.parts import PROBLEM, TEXT, Schema, act, body_of, query, responses

STREAM = "/live"
"""What the front process answers: described here, mounted there."""

PATHS: dict[str, Schema] = {
    "/api/v1/me": {
        "get": {
            "summary": "Who is asking: role, rights, scopes",
            "parameters": [],
            "responses": responses({"type": "object"}),
        }
    },
    "/api/v1/me/password": {
        "post": act("Change one's own password", [], body=body_of(old=TEXT, new=TEXT))
    },
    "/api/v1/openapi.json": {
        "get": {
            "summary": "This description",
            "parameters": [],
            "responses": responses({"type": "object"}),
        }
    },
    STREAM: {
        "get": {
            "summary": "The live stream (Server-Sent Events)",
            "parameters": [query("topics", "names, each with @SEQ of what the reader has")],
            "responses": {
                "200": {
                    "description": "hello, change, reset and heartbeat events",
                    "content": {"text/event-stream": {"schema": TEXT}},
                },
                "default": PROBLEM,
            },
        }
    },
}
