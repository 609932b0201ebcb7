"""Alerts: lists, records, what people do with them, and stations that are suspect."""

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

_OBJECT: Schema = responses({"type": "object"})
_ID = in_path("alert_id")
_VERSION: Schema = {"type": "integer", "description": "as the caller saw it"}
_MOMENT: Schema = {"type": "string", "format": "date-time"}
_ITEM: Schema = {"type": "object", "properties": {"id": TEXT, "version": COUNT}}

PATHS: dict[str, Schema] = {
    "/api/v1/alerts": {
        "get": listed(
            "List alerts, as they stand or as they stood",
            [
                query("bbox", "west,south,east,north"),
                DRILL,
                query("as_of", "ISO 8601: as they then stood"),
                query("live", "true: active, not acknowledged, or shelved", type="boolean"),
                query("group", "of one cause"),
            ],
            geojson=True,
        )
    },
    "/api/v1/alerts/ended": {
        "get": listed(
            "The last ten alerts of a subject that are over, and who acknowledged each",
            [query("subject", "TOPIC/ID, as stations/R001")],
        )
    },
    "/api/v1/alerts/{alert_id}": {
        "get": {
            "summary": "An alert with its record and the values behind it",
            "parameters": [_ID],
            "responses": _OBJECT,
        }
    },
    "/api/v1/alerts/acknowledge": {
        "post": act(
            "Acknowledge several alerts; each is answered by itself",
            [KEY],
            body=body_of(items={"type": "array", "items": _ITEM}, note=TEXT),
        )
    },
    "/api/v1/alerts/{alert_id}/acknowledge": {
        "post": act(
            "Acknowledge 确认; 409 with the present state where the version is another",
            [_ID, KEY],
            body=body_of(note=TEXT, version=_VERSION),
        )
    },
    "/api/v1/alerts/{alert_id}/transfer": {
        "post": act(
            "Hand an alert on 转办 to the department that answers for it, through the outbox",
            [_ID, KEY],
            body=body_of(opinion=TEXT, version=_VERSION),
        )
    },
    "/api/v1/alerts/{alert_id}/own": {
        "post": act("Take an alert on", [_ID, KEY], body=body_of(note=TEXT, version=_VERSION))
    },
    "/api/v1/alerts/{alert_id}/shelve": {
        "post": act(
            "Put an alert on the shelf until a moment",
            [_ID, KEY],
            body=body_of(reason=TEXT, until=_MOMENT, version=_VERSION),
        )
    },
    "/api/v1/alerts/{alert_id}/unshelve": {
        "post": act(
            "Take an alert from the shelf", [_ID, KEY], body=body_of(note=TEXT, version=_VERSION)
        )
    },
    "/api/v1/alert-rules": {
        "get": {
            "summary": "The rules of alerts that count",
            "parameters": [],
            "responses": _OBJECT,
        }
    },
    "/api/v1/stations/{station_id}/suspect": {
        "get": {
            "summary": "Why a station is suspect: who marked it, the reason, until when",
            "parameters": [in_path("station_id")],
            "responses": _OBJECT,
        },
        "post": act(
            "Mark a station suspect 可疑: no rule judges it until a moment",
            [in_path("station_id"), KEY],
            body=body_of(reason=TEXT, until=_MOMENT),
        ),
    },
    "/api/v1/stations/{station_id}/unsuspect": {
        "post": act("Take the mark away", [in_path("station_id"), KEY], body=body_of(reason=TEXT))
    },
}
