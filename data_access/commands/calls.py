"""What becomes of a call 叫应: delivered, read, woken by telephone, answered, stopped.

The first of each counts; said again it changes nothing.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select, true, update

from dashboard.domain.ladders import UNREAD, CallState
from data_access.alerts import rows as alerts
from data_access.bulk import insert_rows
from data_access.changes import Writer
from data_access.clock import read_clock
from data_access.queries.visible import rows
from data_access.tables import alert_record, call

Row = Mapping[str, Any]
_OPEN = UNREAD | {CallState.READ, CallState.WAKE, CallState.PHONED}
_BY_DELIVERY = {
    "waiting": CallState.WAITING,
    "delivered": CallState.SENT,
    "failed": CallState.FAILED,
}


def tell_delivery(writer: Writer, message_id: str, delivery: str, reason: str | None) -> None:
    """Say on the call of a message what became of it: it was sent only when it was delivered."""
    query = select(call).where(call.c.outbox_id == message_id)
    for row in rows(writer.conn, query.with_for_update()):
        values: dict[str, Any] = {"delivery": delivery, "reason": reason}
        if delivery == "delivered":
            values["sent_at"] = read_clock(writer.conn).at(datetime.now(UTC))
        if row["state"] in UNREAD:
            values["state"] = _BY_DELIVERY[delivery].value
        if any(row[name] != value for name, value in values.items()):
            change(writer, row, values)


def read(writer: Writer, row: Row, *, now: datetime) -> None:
    """Note that the person has read it."""
    if row["read_at"] is not None:
        return
    unread = row["state"] in UNREAD | {CallState.WAKE}
    state = CallState.READ if unread else row["state"]
    change(writer, row, {"read_at": now, "state": str(state)})


def phoned(writer: Writer, row: Row, *, by: str, now: datetime) -> None:
    """Note that somebody woke the person by telephone."""
    if row["phoned_at"] is not None:
        return
    open_ = row["state"] in UNREAD | {CallState.READ, CallState.WAKE}
    state = CallState.PHONED if open_ else row["state"]
    change(writer, row, {"phoned_at": now, "phoned_by": by, "state": str(state)})


def answer(writer: Writer, row: Row, text: str, *, by: str, now: datetime) -> None:
    """Note what the person answered; an answered call goes to no deputy."""
    if row["answered_at"] is not None:
        return
    values = {
        "answered_at": now,
        "answered_by": by,
        "answer": text,
        "state": CallState.ANSWERED.value,
        "next_at": None,
    }
    if row["read_at"] is None and row["phoned_at"] is None and by == row["account"]:
        values["read_at"] = now
    change(writer, row, values)


def stop(writer: Writer, alert_id: str, *, now: datetime) -> None:
    """End the calls of an alert: nobody need answer any more."""
    query = select(call).where(call.c.alert_id == alert_id, call.c.live == true())
    for row in rows(writer.conn, query.with_for_update()):
        values: dict[str, Any] = {"live": False, "next_at": None, "stopped_at": now}
        if row["state"] in _OPEN:
            values["state"] = CallState.STOPPED.value
        change(writer, row, values)


def change(writer: Writer, row: Row, values: Mapping[str, Any]) -> None:
    """Set columns of a call and tell its readers."""
    writer.conn.execute(update(call).where(call.c.id == row["id"]).values(**values))
    writer.changed(
        "calls",
        row["id"],
        old_scope=row["scope"],
        new_scope=row["scope"],
        drill=bool(row["drill"]),
    )


def raise_called(
    writer: Writer, alert_id: str, steps: int, *, whom: Mapping[str, Any], now: datetime
) -> None:
    """Note on the alert how many calls this climb made, and in its record whom.

    ``whom``: ``post``, ``names`` of its holders, and which ``reminder`` it was, from 1.
    """
    found = alerts.locked(writer.conn, [alert_id])
    row = {**found[alert_id], "called": steps}
    number = alerts.last_numbers(writer.conn, [alert_id]).get(alert_id, 0) + 1
    detail = {"step": steps, **whom}
    record = alerts.record_of(row, number, "called", now, detail=detail)
    alerts.write_rows(writer.conn, [row])
    insert_rows(writer.conn, alert_record, [record])
    alerts.tell(writer, row)
