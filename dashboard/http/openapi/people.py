"""Rejects, accounts, tokens and the audit."""

from dashboard.http.openapi.parts import (
    KEY,
    TEXT,
    TEXTS,
    Schema,
    act,
    body_of,
    in_path,
    listed,
    query,
    ref,
)

PATHS: dict[str, Schema] = {
    "/api/v1/rejects": {
        "get": listed(
            "List rejected records, the newest first",
            [query("state", "open, retried or dismissed"), query("feed", "of this feed")],
        )
    },
    "/api/v1/rejects/{reject_id}/retry": {
        "post": act("Try a rejected record again", [in_path("reject_id"), KEY], gives=ref("Report"))
    },
    "/api/v1/rejects/{reject_id}/dismiss": {
        "post": act("Put a rejected record aside", [in_path("reject_id"), KEY])
    },
    "/api/v1/accounts": {
        "get": listed("List accounts", []),
        "post": act(
            "Add an account; without a password one is made up and told once",
            [],
            body=body_of(
                name=TEXT,
                role=TEXT,
                display_name=TEXT,
                password=TEXT,
                scopes=TEXTS,
                events=TEXTS,
            ),
            status=201,
        ),
    },
    "/api/v1/accounts/{name}": {
        "patch": act(
            "Change an account",
            [in_path("name")],
            body=body_of(
                role=TEXT,
                disabled={"type": "boolean"},
                password=TEXT,
                new_password={"type": "boolean"},
                scopes=TEXTS,
                events=TEXTS,
            ),
        )
    },
    "/api/v1/tokens": {
        "get": listed("List tokens", []),
        "post": act(
            "Add a token; it is told only in this answer",
            [],
            body=body_of(name=TEXT, role=TEXT, kinds=TEXTS, scopes=TEXTS, events=TEXTS),
            status=201,
        ),
    },
    "/api/v1/tokens/{token_id}/revoke": {"post": act("Revoke a token", [in_path("token_id")])},
    "/api/v1/audit": {
        "get": listed(
            "List the audit, the newest first",
            [query("act", "only this act"), query("actor", "only this actor")],
        )
    },
}
