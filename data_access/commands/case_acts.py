"""Acts about a case at the desk: 催办, 督办, one more call about it; a 督办 that reaches its end.

An act is a mark with its own event, which the case's record never loses, and a message to the case
platform in the same transaction. The case's ``updated_at`` is the platform's and stays.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select, update

from dashboard.domain import desk_marks
from dashboard.domain.cases import TERMINAL, Mark
from dashboard.domain.command_models import Recipient
from data_access import outbox
from data_access.changes import Writer
from data_access.ingest.cases import version_row
from data_access.queries.live import iso
from data_access.tables import case, case_caller, case_event, case_version

PLATFORM = "platform"
"""The outbox's name of the case platform."""

SWEEP_ROWS = 500

Row = dict[str, Any]


class Stale(Exception):
    """The thing is not what the caller saw; ``state``: as it stands."""

    def __init__(self, state: Mapping[str, Any]) -> None:
        """Carry the present state."""
        super().__init__("it has changed")
        self.state = dict(state)


class Ended(Stale):
    """The case has ended: nothing is urged any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """What somebody at the desk does about a case. ``now`` is the city's."""

    by: str
    now: datetime
    note: str | None = None
    until: datetime | None = None
    recipients: Sequence[Recipient] = ()


def urge(writer: Writer, case_id: str, act: Act, *, version: int | None = None) -> Row:
    """催办: remind those responsible; gives the case as it then stands.

    Raises Stale where the caller saw another version, Ended where the case is over.
    """
    return _mark(writer, case_id, Mark.URGED.value, "urge", act, version)


def supervise(writer: Writer, case_id: str, act: Act, *, version: int | None = None) -> Row:
    """督办: keep watch over the case until ``act.until``; raises as :func:`urge` does."""
    return _mark(writer, case_id, Mark.SUPERVISED.value, "supervise", act, version)


def call(
    writer: Writer, case_id: str, act: Act, *, name: str | None = None, phone: str | None = None
) -> Row:
    """Note one more call about the same matter, and who called."""
    row = _locked(writer, case_id)
    _write(writer, row, act, kind="call", code="desk", detail=None)
    keep_caller(writer, case_id, name=name, phone=phone, by=act.by, at=act.now)
    payload = {"act": "call", "case": case_id, "note": act.note, "by": act.by, "at": iso(act.now)}
    _put(writer, row, "call", payload, act.now)
    return row


def keep_caller(
    writer: Writer, case_id: str, *, name: str | None, phone: str | None, by: str, at: datetime
) -> None:
    """Keep who called, where that was said."""
    if not name and not phone:
        return
    highest = select(func.max(case_caller.c.n)).where(case_caller.c.case_id == case_id)
    n = (writer.conn.execute(highest).scalar() or 0) + 1
    writer.conn.execute(
        insert(case_caller).values(case_id=case_id, n=n, name=name, phone=phone, at=at, by=by)
    )


def end_supervision(writer: Writer, now: datetime) -> int:
    """End every 督办 of the desk whose end has come; gives how many."""
    query = select(case).where(case.c.supervised_until <= now).order_by(case.c.supervised_until)
    if writer.conn.dialect.name == "postgresql":
        query = query.with_for_update(skip_locked=True)
    rows = [dict(row._mapping) for row in writer.conn.execute(query.limit(SWEEP_ROWS))]
    for row in rows:
        until, worn = row["supervised_until"], row["marks"]
        row["marks"], row["desk_marks"] = desk_marks.take(worn, row["desk_marks"], Mark.SUPERVISED)
        row["supervised_until"] = None
        ended = Act(by="", now=now, until=until)
        _write(writer, row, ended, kind="unmark", code=Mark.SUPERVISED.value, detail=None, at=until)
    return len(rows)


def _mark(writer: Writer, case_id: str, mark: str, kind: str, act: Act, version: int | None) -> Row:
    row = _locked(writer, case_id)
    if version is not None and version != row["version"]:
        raise Stale(row)
    if row["stage"] in TERMINAL:
        raise Ended(row)
    recipients = [asdict(one) for one in act.recipients]
    payload = {
        "act": kind,
        "case": case_id,
        "opinion": act.note,
        "until": iso(act.until),
        "by": act.by,
        "at": iso(act.now),
        "recipients": recipients,
    }
    message = _put(writer, row, kind, payload, act.now)
    given = {
        "by": act.by,
        "at": act.now.isoformat(),
        "note": act.note,
        "until": None if act.until is None else act.until.isoformat(),
    }
    row["marks"], row["desk_marks"] = desk_marks.give(row["marks"], row["desk_marks"], mark, given)
    row["supervised_until"] = desk_marks.supervised_until(row["desk_marks"])
    detail = {"recipients": recipients, "message": message}
    _write(writer, row, act, kind="mark", code=mark, detail=detail)
    return row


def _locked(writer: Writer, case_id: str) -> Row:
    query = select(case).where(case.c.id == case_id)
    if writer.conn.dialect.name == "postgresql":
        query = query.with_for_update()
    return dict(writer.conn.execute(query).one()._mapping)


def _write(
    writer: Writer,
    row: Row,
    act: Act,
    *,
    kind: str,
    code: str,
    detail: Mapping[str, Any] | None,
    at: datetime | None = None,
) -> None:
    """Write the event, the case as it now stands, and its version; tell the readers."""
    conn = writer.conn
    highest = select(func.max(case_event.c.n)).where(case_event.c.case_id == row["id"])
    row["version"] += 1
    conn.execute(
        insert(case_event).values(
            case_id=row["id"],
            n=(conn.execute(highest).scalar() or 0) + 1,
            kind=kind,
            code=code,
            at=at or act.now,
            known_at=act.now,
            by=act.by or None,
            note=act.note,
            until=act.until,
            detail=dict(detail or {}),
        )
    )
    names = ("version", "marks", "desk_marks", "supervised_until")
    conn.execute(
        update(case).where(case.c.id == row["id"]).values({name: row[name] for name in names})
    )
    conn.execute(insert(case_version).values(version_row(row, act.now)))
    writer.changed(
        "cases", row["id"], old_scope=row["scope"], new_scope=row["scope"], drill=row["drill"]
    )


def _put(writer: Writer, row: Row, kind: str, payload: Mapping[str, Any], now: datetime) -> str:
    subject = f"cases/{row['id']}"
    return outbox.put(
        writer,
        kind,
        PLATFORM,
        payload,
        subject=subject,
        now=now,
        scope=row["scope"],
        event=row["event"],
        drill=bool(row["drill"]),
    )
