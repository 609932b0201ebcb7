"""Stations, cameras, responders, places and warnings: one row each, the newest that was told."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Table, select, update

from dashboard.domain.records import (
    CameraRecord,
    PlaceRecord,
    ResponderRecord,
    StationRecord,
    WarningRecord,
)
from dashboard.domain.warnings import in_force
from data_access.ingest import search
from data_access.ingest.batch import Batch, among, upsert
from data_access.place_states import settle, write_down
from data_access.tables import camera, place, responder, station, warning

Rows = Sequence[tuple[int, Any]]


def apply_stations(batch: Batch, records: Sequence[tuple[int, StationRecord]]) -> None:
    """Take validated stations; without a time of its own the one that comes last counts."""
    _apply(batch, records, table=station, topic="stations", stamp="updated_at", make=_station)


def apply_cameras(batch: Batch, records: Sequence[tuple[int, CameraRecord]]) -> None:
    """Take validated cameras."""
    _apply(batch, records, table=camera, topic="cameras", stamp="updated_at", make=_camera)


def apply_responders(batch: Batch, records: Sequence[tuple[int, ResponderRecord]]) -> None:
    """Take validated responders."""
    batch.know_units([record.unit for _, record in records])
    known = []
    for index, record in records:
        if batch.knows_unit(record.unit):
            known.append((index, record))
        else:
            batch.reject(index, record.id, "unit", f"责任单位未知：{(record.unit or '')[:60]}")
    _apply(batch, known, table=responder, topic="responders", stamp="at", make=_responder)


def apply_places(batch: Batch, records: Sequence[tuple[int, PlaceRecord]]) -> None:
    """Take validated places; each state they were in stands in their record."""
    made: list[dict[str, Any]] = []

    def settled(row: dict[str, Any], old: dict[str, Any] | None) -> None:
        settle(row, old)
        if old is None or row["version"] != old["version"]:
            made.append(row)

    _apply(batch, records, table=place, topic="places", stamp="at", make=_place, settle=settled)
    write_down(batch.writer, made, known_at=batch.job.now)


def apply_warnings(batch: Batch, records: Sequence[tuple[int, WarningRecord]]) -> None:
    """Take validated warnings; an update or a cancellation ends what it refers to."""
    existing = _existing(batch, warning, [record.id for _, record in records])
    for index, record in records:
        if record.id in existing:
            batch.outcome.unchanged.append(index)
            continue
        row = _warning(batch, record)
        existing[record.id] = row
        batch.conn.execute(warning.insert().values(row))
        batch.writer.changed(
            "warnings", record.id, new_scope=row["scope"], drill=bool(row["drill"])
        )
        if record.msg_type in ("update", "cancel") and record.references:
            _end(batch, record.references, batch.job.known(record), drill=row["drill"])
        batch.outcome.accepted.append(index)


def _end(batch: Batch, ids: Sequence[str], at: datetime, *, drill: bool) -> None:
    """End warnings that another takes back; what is of a drill ends nothing real."""
    query = select(warning.c.id, warning.c.scope, warning.c.drill).where(
        among(batch, warning.c.id, list(ids)),
        warning.c.cancelled_at.is_(None),
        warning.c.drill == drill,
    )
    for name, scope, marked in batch.conn.execute(query).all():
        batch.conn.execute(
            update(warning).where(warning.c.id == name).values(cancelled_at=at, live=False)
        )
        batch.writer.changed("warnings", name, old_scope=scope, new_scope=scope, drill=marked)


def _apply(
    batch: Batch,
    records: Rows,
    *,
    table: Table,
    topic: str,
    stamp: str,
    make: Callable[[Batch, Any], dict[str, Any]],
    settle: Callable[[dict[str, Any], dict[str, Any] | None], None] | None = None,
) -> None:
    """Take records of one row each: older ones never overwrite, equal ones change nothing.

    ``settle`` fits a row, which is going to be taken, to the one that stands.
    """
    batch.know_jurisdictions([record.jurisdiction for _, record in records])
    now = _existing(batch, table, [record.id for _, record in records])
    stood = dict(now)
    touched: dict[str, None] = {}
    for index, record in records:
        located = batch.place_of(record.jurisdiction, record.lon, record.lat)
        if located is None:
            text = f"辖区未知：{(record.jurisdiction or '')[:60]}"
            batch.reject(index, record.id, "jurisdiction", text)
            continue
        old = now.get(record.id)
        if old is not None and batch.is_other(index, record.id, drill=old["drill"]):
            continue
        row = make(batch, record) | {
            "feed": batch.job.feed,
            "drill": batch.job.policy.drill,
            "jurisdiction": located[0],
            "scope": located[1],
        }
        untimed = getattr(record, stamp) is None
        if old is not None:
            row["event"] = old["event"]
            if not untimed and row[stamp] < old[stamp]:
                batch.outcome.unchanged.append(index)
                continue
            if settle is not None:
                settle(row, old)
            if all(row[name] == old[name] for name in row if not (untimed and name == stamp)):
                batch.outcome.unchanged.append(index)
                continue
        else:
            row["event"] = None
            if settle is not None:
                settle(row, None)
        now[record.id] = row
        touched[record.id] = None
        batch.outcome.accepted.append(index)
    upsert(batch, table, [now[name] for name in sorted(touched)], ("id",))
    search.keep(batch.conn, topic, ((stood.get(name), now[name]) for name in sorted(touched)))
    for name in touched:
        row = now[name]
        batch.writer.changed(
            topic,
            name,
            old_scope=stood[name]["scope"] if name in stood else None,
            new_scope=row["scope"],
            drill=row["drill"],
        )


def _existing(batch: Batch, table: Table, ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    query = select(table).where(among(batch, table.c.id, sorted(set(ids)))).order_by(table.c.id)
    if batch.conn.dialect.name == "postgresql":
        query = query.with_for_update()
    return {row.id: dict(row._mapping) for row in batch.conn.execute(query)}


def _station(batch: Batch, record: StationRecord) -> dict[str, Any]:
    return {
        "id": record.id,
        "kind": record.kind,
        "name": record.name,
        "lon": record.lon,
        "lat": record.lat,
        "datum": record.datum,
        "thresholds": record.thresholds or None,
        "river": record.river,
        "basin": record.basin,
        "updated_at": record.updated_at or batch.job.known(record),
    }


def _camera(batch: Batch, record: CameraRecord) -> dict[str, Any]:
    return {
        "id": record.id,
        "name": record.name,
        "lon": record.lon,
        "lat": record.lat,
        "source": record.source,
        "status": record.status,
        "wall_allowed": record.wall_allowed,
        "position_type": record.position_type,
        "room_type": record.room_type,
        "secrecy": record.secrecy,
        "streams": [stream._asdict() for stream in record.streams],
        "updated_at": record.updated_at or batch.job.known(record),
    }


def _responder(_batch: Batch, record: ResponderRecord) -> dict[str, Any]:
    return {
        "id": record.id,
        "kind": record.kind,
        "name": record.name,
        "lon": record.lon,
        "lat": record.lat,
        "at": record.at,
        "status": record.status,
        "unit": record.unit,
        "phone": record.phone,
        "streams": [stream._asdict() for stream in record.streams],
        "place": record.place,
    }


def _place(_batch: Batch, record: PlaceRecord) -> dict[str, Any]:
    return {
        "id": record.id,
        "kind": record.kind,
        "name": record.name,
        "lon": record.lon,
        "lat": record.lat,
        "state": record.state,
        "depth_cm": record.depth_cm,
        "at": record.at,
        "cameras": list(record.cameras),
        "supplies": [supply._asdict() for supply in record.supplies],
    }


def _warning(batch: Batch, record: WarningRecord) -> dict[str, Any]:
    # One that takes force later is shown from now on; its times say since when it holds.
    at = max(batch.job.now, record.effective_at)
    live = in_force(record.status, record.msg_type, record.effective_at, record.expires_at, at)
    return {
        "id": record.id,
        "event": record.event,
        "colour": record.colour,
        "severity": record.severity,
        "headline": record.headline,
        "description": record.description,
        "sender": record.sender,
        "status": record.status,
        "msg_type": record.msg_type,
        "sent": record.sent,
        "effective_at": record.effective_at,
        "expires_at": record.expires_at,
        "cancelled_at": None,
        "areas": [area._asdict() for area in record.areas],
        "live": live,
        "known_at": batch.job.known(record),
        "feed": batch.job.feed,
        "scope": batch.city_path,
        "operation": None,
        "drill": record.drill or batch.job.policy.drill,
    }
