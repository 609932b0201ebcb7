"""Operations and modes."""

from dashboard.domain.drills import Input
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

_ON_WORD = {"approved_by": TEXT, "approval": TEXT, "document_no": TEXT, "effective_at": TEXT}

PATHS: dict[str, Schema] = {
    "/api/v1/operations": {
        "get": listed(
            "List operations", [query("live", "in force or watched", type="boolean"), DRILL]
        ),
        "post": act(
            "Start an operation; 409 with the state where it is already run",
            [KEY],
            body=body_of(
                kind=TEXT,
                level=COUNT,
                scenario=TEXT,
                name=TEXT,
                area=TEXT,
                issuer=TEXT,
                basis=TEXT,
                plan=TEXT,
                drill={"type": "boolean"},
                input={"type": "string", "enum": [str(it) for it in Input]},
                reason=TEXT,
                **_ON_WORD,
            ),
            status=201,
        ),
    },
    "/api/v1/operations/preview": {
        "post": act(
            "What a start, a change of level or an end would change, before and after",
            [],
            body=body_of(
                operation=TEXT,
                kind=TEXT,
                level=COUNT,
                scenario=TEXT,
                area=TEXT,
                drill={"type": "boolean"},
            ),
        )
    },
    "/api/v1/operations/{operation_id}": {
        "get": {
            "summary": "An operation with the record of its acts",
            "parameters": [in_path("operation_id")],
            "responses": responses({"type": "object"}),
        }
    },
    "/api/v1/operations/{operation_id}/level": {
        "post": act(
            "Raise or lower it",
            [in_path("operation_id"), KEY],
            body=body_of(level=COUNT, reason=TEXT, version=COUNT, **_ON_WORD),
        )
    },
    "/api/v1/operations/{operation_id}/end": {
        "post": act(
            "End it; watch_until leaves a strengthened watch",
            [in_path("operation_id"), KEY],
            body=body_of(reason=TEXT, watch_until=TEXT, version=COUNT, **_ON_WORD),
        )
    },
    "/api/v1/operations/{operation_id}/revoke": {
        "post": act(
            "Revoke a start entered by mistake, within ten minutes",
            [in_path("operation_id"), KEY],
            body=body_of(reason=TEXT, version=COUNT),
        )
    },
    "/api/v1/operations/{operation_id}/confirm": {
        "post": act(
            "Confirm afterwards what was entered on one's word",
            [in_path("operation_id"), KEY],
            body=body_of(reason=TEXT, version=COUNT),
        )
    },
    "/api/v1/operations/{operation_id}/tasks": {
        "get": {
            "summary": "The tasks of its plan, done or not",
            "parameters": [in_path("operation_id")],
            "responses": responses({"type": "object"}),
        }
    },
    "/api/v1/operations/{operation_id}/timeline": {
        "get": {
            "summary": "All its acts, tasks and alerts in order",
            "parameters": [in_path("operation_id")],
            "responses": responses({"type": "object"}),
        }
    },
    "/api/v1/operations/{operation_id}/timeline.xlsx": {
        "get": {
            "summary": "The same as a spreadsheet, with tasks met and missed",
            "parameters": [in_path("operation_id")],
            "responses": responses({"type": "string"}),
        }
    },
    "/api/v1/tasks/{task_id}/done": {
        "post": act(
            "Say that a task was done, with the evidence that it asks for",
            [in_path("task_id"), KEY],
            body=body_of(note=TEXT, version=COUNT),
        )
    },
    "/api/v1/tasks/{task_id}/reopen": {
        "post": act(
            "Take back that a task was done",
            [in_path("task_id"), KEY],
            body=body_of(reason=TEXT, version=COUNT),
        )
    },
    "/api/v1/plans": {
        "get": {
            "summary": "The plans that count, with their tasks",
            "parameters": [],
            "responses": responses({"type": "object"}),
        }
    },
    "/api/v1/proposals/{proposal_id}/accept": {
        "post": act(
            "Accept a proposal: starts the operation it is for",
            [in_path("proposal_id"), KEY],
            body=body_of(reason=TEXT, level=COUNT, issuer=TEXT, basis=TEXT, **_ON_WORD),
        )
    },
    "/api/v1/proposals/{proposal_id}/decline": {
        "post": act(
            "Decline a proposal, with the reason",
            [in_path("proposal_id"), KEY],
            body=body_of(reason=TEXT),
        )
    },
    "/api/v1/mode": {
        "get": {
            "summary": "The mode of every jurisdiction, and the operations that make it",
            "parameters": [query("as_of", "what was known at this moment", format="date-time")],
            "responses": responses({"type": "object"}),
        }
    },
}
