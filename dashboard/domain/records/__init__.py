"""Owns what a record must be: one validation for the API, the desk and recordings."""

from dashboard.domain.records.model import (
    KINDS,
    Area,
    CameraRecord,
    CaseEvent,
    CaseRecord,
    Limits,
    PlaceRecord,
    ReadingRecord,
    Record,
    Reject,
    ResponderRecord,
    StationRecord,
    Stream,
    Supply,
    Undecodable,
    WarningRecord,
)

__all__ = [
    "KINDS",
    "Area",
    "CameraRecord",
    "CaseEvent",
    "CaseRecord",
    "Limits",
    "PlaceRecord",
    "ReadingRecord",
    "Record",
    "Reject",
    "ResponderRecord",
    "StationRecord",
    "Stream",
    "Supply",
    "Undecodable",
    "WarningRecord",
]
