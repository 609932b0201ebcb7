"""Handing a shift over 交接班: written once, never altered (the database refuses)."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import insert

from data_access.changes import Writer
from data_access.tables import handover

HANDED = "handed"
PUT_OFF = "put-off"


def write(
    writer: Writer,
    *,
    act: str,
    outgoing: tuple[str, str],
    incoming: tuple[str, str] | None,
    since: datetime,
    now: datetime,
    sheet: Mapping[str, Any],
    scope: str,
    remarks: str | None = None,
    reason: str | None = None,
    until: datetime | None = None,
) -> int:
    """Write a shift that was handed over or put off; ``outgoing``, ``incoming``: account, name."""
    statement = insert(handover).values(
        act=act,
        outgoing=outgoing[0],
        outgoing_name=outgoing[1],
        incoming=incoming and incoming[0],
        incoming_name=incoming and incoming[1],
        since=since,
        at=now,
        real_at=datetime.now(UTC),
        remarks=remarks,
        reason=reason,
        until=until,
        sheet=dict(sheet),
        scope=scope,
        drill=False,
    )
    (number,) = writer.conn.execute(statement.returning(handover.c.id)).one()
    return int(number)
