"""What people do with alerts: acknowledge, hand on, own, shelve, unshelve; and calls made for one.

Each act locks the row, looks whether it is still what the caller saw, changes it and adds to its
append-only record, in one transaction. Acknowledging stops no clock: the alert stays active until
its cause ends.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, update

from dashboard.domain.alerts import is_live
from data_access import outbox
from data_access.alerts import rows
from data_access.changes import Writer
from data_access.commands.case_acts import PLATFORM
from data_access.queries.live import iso
from data_access.tables import alert_record, station

Row = dict[str, Any]


class Stale(Exception):
    """The alert is not what the caller saw; ``state``: as it now stands."""

    def __init__(self, state: Row) -> None:
        """Carry the present state."""
        super().__init__("the alert has changed")
        self.state = state


class Missing(Exception):
    """There is no such alert, or it does not stand before the desk any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """Who acts, when (the city's ``now``), with what note."""

    by: str
    now: datetime
    note: str | None = None


def lock(writer: Writer, alert_id: str) -> Row:
    """Give a row as it now stands, kept from others; raises Missing."""
    found = rows.locked(writer.conn, [alert_id]).get(alert_id)
    if found is None:
        raise Missing
    return found


def acknowledge(writer: Writer, row: Row, said: Said, *, version: int | None = None) -> Row:
    """Acknowledge 确认: one that was acknowledged already keeps who did, and this note too.

    ``row``: locked in this transaction. Raises Stale where ``version`` is another.
    """
    _fresh(row, version)
    if row["acknowledged"] and not said.note:
        return row
    row["acknowledged"] = True
    row["live"] = is_live(
        active=row["active"], acknowledged=True, shelved=row["shelved_until"] is not None
    )
    return _done(writer, row, "acknowledged", said)


def transfer(
    writer: Writer, row: Row, said: Said, *, by_name: str, version: int | None = None
) -> Row:
    """转办: hand an alert to the department that answers for it, which the platform reaches.

    The desk has done its part then: it is acknowledged. ``said``: with the opinion; ``by_name``:
    who hands it on, as the receiver reads it. Raises Stale as :func:`acknowledge` does.
    """
    _fresh(row, version)
    told = ("id", "rule", "priority", "jurisdiction", "value", "threshold")
    payload = {
        "act": "transfer",
        "department": row["department"],
        "opinion": said.note,
        "by": by_name,
        "at": iso(said.now),
        "alert": {
            **{name: row[name] for name in told},
            "subject": {"topic": row["subject_topic"], "id": row["subject_id"]},
            "since": iso(row["since"]),
        },
    }
    message = outbox.put(
        writer,
        "transfer",
        PLATFORM,
        payload,
        subject=f"alerts/{row['id']}",
        now=said.now,
        scope=row["scope"],
        event=row["event"],
        drill=bool(row["drill"]),
    )
    row["acknowledged"] = row["transferred"] = True
    row["live"] = is_live(
        active=row["active"], acknowledged=True, shelved=row["shelved_until"] is not None
    )
    detail = {"department": row["department"], "message": message}
    return _done(writer, row, "transferred", said, detail)


def own(writer: Writer, row: Row, said: Said, *, version: int | None = None) -> Row:
    """Take an alert on; who had it before stands in the record."""
    _fresh(row, version)
    if row["owner"] == said.by:
        return row
    before, row["owner"] = row["owner"], said.by
    return _done(writer, row, "owned", said, {"before": before} if before else None)


def shelve(
    writer: Writer, row: Row, said: Said, *, until: datetime, version: int | None = None
) -> Row:
    """Put an alert on the shelf until a moment; it comes back by itself."""
    _fresh(row, version)
    row["shelved_until"], row["live"] = until, True
    return _done(writer, row, "shelved", said, {"until": until.isoformat()})


def unshelve(
    writer: Writer, row: Row, said: Said, *, latch: bool, version: int | None = None
) -> Row:
    """Take an alert from the shelf before its end."""
    _fresh(row, version)
    if row["shelved_until"] is None:
        return row
    _off_the_shelf(row, latch=latch)
    return _done(writer, row, "unshelved", said)


def come_back(
    writer: Writer, alert_id: str, *, now: datetime, latches: Mapping[str, bool]
) -> datetime | None:
    """Take an alert from the shelf at its end; gives the end where it is another by now.

    What is active still asks to be acknowledged anew.
    """
    row = rows.locked(writer.conn, [alert_id]).get(alert_id)
    if row is None or row["shelved_until"] is None:
        return None
    until: datetime = row["shelved_until"]
    if until > now:
        return until
    _off_the_shelf(row, latch=latches.get(row["rule"], False))
    if row["active"]:
        row["acknowledged"] = row["transferred"] = False
    _done(
        writer, row, "unshelved", Said(by="", now=now), {"why": "end", "until": until.isoformat()}
    )
    return None


def called(
    writer: Writer, row: Row, said: Said, *, step: int, detail: Mapping[str, Any] | None = None
) -> Row:
    """Note that a step of the alert's ladder 叫应 was taken."""
    row["called"] = max(row["called"], step)
    return _done(writer, row, "called", said, {"step": step, **(detail or {})}, counts=False)


def many(writer: Writer, ids: Iterable[str]) -> dict[str, Row]:
    """Give several rows as they now stand, kept from others."""
    return rows.locked(writer.conn, set(ids))


def _fresh(row: Row, version: int | None) -> None:
    if version is not None and row["version"] != version:
        raise Stale(row)


def _off_the_shelf(row: Row, *, latch: bool) -> None:
    row["shelved_until"] = None
    row["live"] = is_live(
        active=row["active"], acknowledged=row["acknowledged"], shelved=False, latch=latch
    )


def _done(
    writer: Writer,
    row: Row,
    act: str,
    said: Said,
    detail: Mapping[str, Any] | None = None,
    *,
    counts: bool = True,
) -> Row:
    """Write the row and the line of its record; ``counts``: it is another version then."""
    if counts:
        row["version"] += 1
    rows.write_rows(writer.conn, [row])
    number = rows.last_numbers(writer.conn, [row["id"]]).get(row["id"], 0) + 1
    line = rows.record_of(
        row, number, act, said.now, by=said.by or None, note=said.note, detail=detail
    )
    writer.conn.execute(insert(alert_record).values(line))
    rows.tell(writer, row)
    return row


def suspect(writer: Writer, station_id: str, said: Said, *, until: datetime) -> None:
    """Mark a station 可疑: no rule judges it until a moment, or until :func:`unsuspect`."""
    _mark(writer, station_id, suspect="hand", said=said, until=until)


def unsuspect(writer: Writer, station_id: str, said: Said) -> None:
    """Take the mark away; what the engine itself finds 可疑 it marks again."""
    _mark(writer, station_id, suspect=None, said=said, until=None)


def _mark(
    writer: Writer, station_id: str, *, suspect: str | None, said: Said, until: datetime | None
) -> None:
    values = {
        "suspect": suspect,
        "suspect_note": said.note if suspect else None,
        "suspect_by": said.by if suspect else None,
        "suspect_until": until,
    }
    scope = writer.conn.execute(
        update(station).where(station.c.id == station_id).values(values).returning(station.c.scope)
    ).scalar()
    if scope is None:
        raise Missing
    writer.changed("stations", station_id, old_scope=scope, new_scope=scope)
