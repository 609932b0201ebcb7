"""Owns the one validation: raw objects of a kind in, records and rejects out."""

from collections.abc import Callable, Sequence
from datetime import datetime

from dashboard.domain.records import asset, case, station, warning
from dashboard.domain.records.checks import MAX_ID, Bad, Context, Raw, shown
from dashboard.domain.records.model import (
    CameraRecord,
    CaseRecord,
    Limits,
    PlaceRecord,
    ReadingRecord,
    Record,
    Reject,
    ResponderRecord,
    StationRecord,
    Undecodable,
    WarningRecord,
)

NO_LIMITS = Limits()

_MAKERS: dict[str, Callable[[Context, Raw], Record]] = {
    "cases": case.case,
    "stations": station.station,
    "readings": station.reading,
    "cameras": asset.camera,
    "responders": asset.responder,
    "places": asset.place,
    "warnings": warning.warning,
}


def validate(
    kind: str, records: Sequence[object], *, now: datetime, limits: Limits = NO_LIMITS
) -> tuple[list[tuple[int, Record]], list[Reject]]:
    """Validate a batch; a bad record never costs a good one.

    `now` is the city's time, aware. Gives back (index, record) of the good ones and a Reject
    for each of the others, both in the order sent. Fields that the kind does not have are
    passed over. Ids that come twice are both given back.

    Raises:
        ValueError: `kind` is not one of `KINDS`, or `now` has no zone. Nothing else.
    """
    maker = _MAKERS.get(kind)
    if maker is None:
        raise ValueError(f"unknown kind of records {kind!r}")
    if now.tzinfo is None:
        raise ValueError("now must have a zone")
    context = Context(now, limits)
    good: list[tuple[int, Record]] = []
    bad: list[Reject] = []
    for index, raw in enumerate(records):
        if isinstance(raw, dict):
            try:
                good.append((index, maker(context, raw)))
            except Bad as reason:
                bad.append(Reject(index, _id(raw), reason.field, reason.reason))
        elif isinstance(raw, Undecodable):
            bad.append(Reject(index, raw.id, raw.field, raw.reason))
        else:
            bad.append(Reject(index, None, "record", f"记录应为对象，收到“{shown(raw)}”。"))
    return good, bad


def identity(record: Record) -> str:
    """Return the id under which a record is kept: for a reading `STATION/FACTOR`."""
    if isinstance(record, ReadingRecord):
        return f"{record.station}/{record.factor}"
    return record.id


def version_of(record: Record) -> datetime | None:
    """Return the moment by which an older record is told from a newer one, None if not said."""
    match record:
        case CaseRecord() | CameraRecord() | StationRecord():
            return record.updated_at
        case ReadingRecord() | ResponderRecord() | PlaceRecord():
            return record.at
        case WarningRecord():
            return record.sent


def _id(raw: Raw) -> str | None:
    """Return what can be said of a bad record's id, harmless and bounded."""
    value = raw.get("id")
    if value is None and isinstance(raw.get("station"), str):
        value = raw["station"]
        if isinstance(raw.get("factor"), str):
            value = f"{value[:MAX_ID]}/{raw['factor']}"
    if isinstance(value, int) and not isinstance(value, bool):
        return shown(value)
    if not isinstance(value, str):
        return None
    return value.strip()[:MAX_ID] if value.isprintable() else shown(value)
