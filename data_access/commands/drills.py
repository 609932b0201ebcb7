"""The end of a drill 演练: what its feed told leaves every screen in the transaction of the act.

Nothing is deleted: readings, states, cases and alerts stay in the record, marked.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, or_, select, true, update

from dashboard.domain.drills import feed_of, named
from data_access import escalation
from data_access.alerts import rows as alerts
from data_access.bulk import insert_rows
from data_access.changes import Writer
from data_access.tables import (
    alert,
    alert_record,
    camera,
    case,
    feed,
    place,
    promise,
    reading_latest,
    responder,
    station,
    warning,
)

ENDED = "ended"
_THINGS = {
    "stations": station,
    "cameras": camera,
    "responders": responder,
    "places": place,
}


def clear(writer: Writer, operation: Mapping[str, Any], *, now: datetime) -> None:
    """Let what was told of a drill stand no more; of what is no drill nothing is touched.

    The operation's row is written already: a batch of its feed that began before is waited for,
    one that begins later takes nothing.
    """
    if not operation["drill"]:
        return
    name = operation["id"]
    _alerts(writer, name, now)
    _promises(writer, name)
    own = feed_of(name)
    for topic, table in _THINGS.items():
        query = select(table.c.id, table.c.scope).where(table.c.drill, table.c.feed == own)
        for row in writer.conn.execute(query):
            _gone(writer, topic, row.id, row.scope)
    latest = reading_latest.c
    told = select(latest.station, latest.factor, latest.scope)
    for pair in writer.conn.execute(told.where(latest.drill, latest.feed == own)):
        _gone(writer, "readings", f"{pair.station}/{pair.factor}", pair.scope)
    for topic, table, values in (
        ("cases", case, {}),
        ("warnings", warning, {"cancelled_at": now}),
    ):
        mine = (table.c.drill, table.c.feed == own, table.c.live == true())
        for row in writer.conn.execute(select(table.c.id, table.c.scope).where(*mine)):
            _gone(writer, topic, row.id, row.scope)
        writer.conn.execute(update(table).where(*mine).values(live=False, **values))
    stood = writer.conn.execute(select(feed.c.scope).where(feed.c.id == own)).scalar()
    if stood is not None:
        writer.conn.execute(update(feed).where(feed.c.id == own).values(state=ENDED, message=""))
        _gone(writer, "feeds", own, stood)


def _gone(writer: Writer, topic: str, key: str, scope: str) -> None:
    writer.changed(topic, key, old_scope=scope, new_scope=scope, drill=True)


def _about(column: ColumnElement[str], operation_id: str) -> ColumnElement[bool]:
    return or_(
        column.startswith(named(operation_id, ""), autoescape=True),
        column == feed_of(operation_id),
    )


def _alerts(writer: Writer, operation_id: str, now: datetime) -> None:
    """Clear its alerts, whoever had them, and stop whoever was being called."""
    conn = writer.conn
    mine = select(alert.c.id).where(
        alert.c.drill,
        _about(alert.c.subject_id, operation_id),
        or_(alert.c.live == true(), alert.c.active == true()),
    )
    names = sorted(conn.execute(mine).scalars())
    escalation.leave(writer, names, now=now)
    rows = alerts.locked(conn, names)
    numbers = alerts.last_numbers(conn, names)
    changed, records = [], []
    for name in names:
        row = rows[name]
        was_active = row["active"]
        row |= {"active": False, "live": False, "shelved_until": None}
        row |= {"cleared_at": now if was_active else row["cleared_at"]}
        row["version"] += 1
        number = numbers.get(name, 0) + 1
        records.append(alerts.record_of(row, number, "cleared", now, detail={"drill": ENDED}))
        changed.append(row)
    alerts.write_rows(conn, changed)
    insert_rows(conn, alert_record, records)
    for row in changed:
        alerts.tell(writer, row)


def _promises(writer: Writer, operation_id: str) -> None:
    mine = (
        promise.c.drill,
        promise.c.live == true(),
        or_(
            _about(promise.c.subject_id, operation_id),
            promise.c.subject_id.in_(
                select(alert.c.id).where(alert.c.drill, _about(alert.c.subject_id, operation_id))
            ),
        ),
    )
    for row in writer.conn.execute(select(promise.c.id, promise.c.scope).where(*mine)):
        _gone(writer, "promises", row.id, row.scope)
    writer.conn.execute(update(promise).where(*mine).values(live=False))
