"""Promises 承诺: what somebody said would be so by a time, written down at the desk, and kept."""

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import insert, update

from data_access.changes import Writer
from data_access.tables import promise

Row = Mapping[str, Any]


def make(
    writer: Writer,
    *,
    topic: str,
    subject_id: str,
    about: Row,
    text: str,
    promised_by: str | None,
    by: str,
    due_at: datetime,
    now: datetime,
) -> dict[str, Any]:
    """Write a promise down; ``about``: the row of its subject, whose scope it has."""
    row = {
        "id": secrets.token_urlsafe(12),
        "version": 1,
        "subject_topic": topic,
        "subject_id": subject_id,
        "text": text,
        "promised_by": promised_by,
        "by": by,
        "made_at": now,
        "due_at": due_at,
        "kept_at": None,
        "kept_by": None,
        "note": None,
        "live": True,
        **{name: about[name] for name in ("scope", "event", "drill")},
    }
    writer.conn.execute(insert(promise).values(**row))
    _tell(writer, row, new=True)
    return row


def keep(writer: Writer, row: Row, *, by: str, note: str | None, now: datetime) -> dict[str, Any]:
    """Note that it was kept; gives the promise as it then stands."""
    values = {
        "kept_at": now,
        "kept_by": by,
        "note": note,
        "live": False,
        "version": row["version"] + 1,
    }
    writer.conn.execute(update(promise).where(promise.c.id == row["id"]).values(**values))
    _tell(writer, row)
    return {**row, **values}


def _tell(writer: Writer, row: Row, *, new: bool = False) -> None:
    scope = row["scope"]
    writer.changed(
        "promises",
        row["id"],
        old_scope=None if new else scope,
        new_scope=scope,
        drill=bool(row["drill"]),
    )
