"""Who is on duty, calls, promises, what leaves, the start of a shift and handing it over."""

from dashboard.http.openapi.parts import (
    COUNT,
    DRILL,
    KEY,
    TEXT,
    Schema,
    act,
    body_of,
    in_path,
    listed,
    query,
    responses,
)

_SUBJECT: Schema = {"type": "object", "properties": {"topic": TEXT, "id": TEXT}}
_OBJECT: Schema = responses({"type": "object"})

PATHS: dict[str, Schema] = {
    "/api/v1/duty": {
        "get": {
            "summary": "Who is on duty now, or between two moments; shifts and posts",
            "parameters": [
                query("post", "an id of the posts"),
                query("jurisdiction", "who holds the post nearest to it"),
                query("from", "ISO 8601"),
                query("to", "ISO 8601"),
            ],
            "responses": _OBJECT,
        }
    },
    "/api/v1/duty/{n}/phone": {
        "post": act("The telephones of somebody on duty, unmasked", [in_path("n")])
    },
    "/api/v1/calls": {
        "get": listed(
            "List calls to those on duty",
            [
                query("alert", "of one alert"),
                query("mine", "true: one's own", type="boolean"),
                query("live", "true: nobody has acknowledged yet", type="boolean"),
                query("since", "sent since, ISO 8601"),
                DRILL,
            ],
        )
    },
    "/api/v1/calls/{call_id}/read": {
        "post": act("Say that one has read one's call", [in_path("call_id"), KEY])
    },
    "/api/v1/calls/{call_id}/phoned": {
        "post": act("Say that the person was woken by telephone", [in_path("call_id"), KEY])
    },
    "/api/v1/calls/{call_id}/answer": {
        "post": act(
            "Write down the answer; 409 with the state where there is one",
            [in_path("call_id"), KEY],
            body=body_of(answer=TEXT),
        )
    },
    "/api/v1/calls/{call_id}/phone": {
        "post": act("The telephone of the person called, unmasked", [in_path("call_id")])
    },
    "/api/v1/promises": {
        "get": {
            "summary": "Promises, those due first before others",
            "parameters": [
                query("topic", "of its subject"),
                query("id", "of its subject"),
                query("live", "true: not yet kept", type="boolean"),
            ],
            "responses": _OBJECT,
        },
        "post": act(
            "Write a promise down",
            [KEY],
            body=body_of(subject=_SUBJECT, text=TEXT, due_at=TEXT, promised_by=TEXT),
            status=201,
        ),
    },
    "/api/v1/promises/{promise_id}/keep": {
        "post": act(
            "Say that a promise was kept; 409 with the state where it has changed",
            [in_path("promise_id"), KEY],
            body=body_of(note=TEXT, version=COUNT),
        )
    },
    "/api/v1/shift": {
        "get": {
            "summary": "The start of a shift: what stands, and what changed since one's last",
            "parameters": [],
            "responses": _OBJECT,
        }
    },
    "/api/v1/handovers": {
        "get": listed("List shifts handed over or put off, newest first", []),
        "post": act(
            "Hand one's shift over: whoever comes signs in, the old session ends",
            [],
            body=body_of(name=TEXT, password=TEXT, remarks=TEXT, sound_tried={"type": "boolean"}),
            status=201,
        ),
    },
    "/api/v1/handovers/sheet": {
        "get": {
            "summary": "The sheet as it would be handed over now",
            "parameters": [],
            "responses": _OBJECT,
        }
    },
    "/api/v1/handovers/{handover_id}": {
        "get": {
            "summary": "A shift handed over, with its sheet",
            "parameters": [in_path("handover_id")],
            "responses": _OBJECT,
        }
    },
    "/api/v1/handovers/put-off": {
        "post": act(
            "Put the hand-over off, with a reason",
            [KEY],
            body=body_of(reason=TEXT, until=TEXT),
            status=201,
        )
    },
    "/api/v1/outbox": {
        "get": listed("What left or should have", [query("state", "waiting, delivered or failed")])
    },
    "/api/v1/outbox/{message_id}/retry": {
        "post": act("Try a message again that was given up", [in_path("message_id"), KEY])
    },
}
