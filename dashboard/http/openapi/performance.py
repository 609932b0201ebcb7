"""How the desk is doing."""

from dashboard.http.openapi.parts import Schema, query, responses

PATHS: dict[str, Schema] = {
    "/api/v1/alerts/performance": {
        "get": {
            "summary": "The desk's alerts against the standard: rate, floods, time to acknowledge",
            "parameters": [query("span", "up to now", enum=["8h", "24h", "7d", "30d"])],
            "responses": responses({"type": "object"}),
        }
    },
}
