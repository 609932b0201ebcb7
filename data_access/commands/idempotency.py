"""Answers kept under the caller's Idempotency-Key, so that a repeated call gets the same."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, delete, select, text
from sqlalchemy.dialects import postgresql, sqlite

from data_access.changes import Writer
from data_access.tables import idempotency


class Kept(NamedTuple):
    """An answer as it was given."""

    status: int
    body: bytes


def find(conn: Connection, *, key: str) -> Kept | None:
    """The answer kept under ``key``, or None."""
    row = conn.execute(
        select(idempotency.c.status, idempotency.c.body).where(idempotency.c.key == key)
    ).first()
    return None if row is None else Kept(row.status, bytes(row.body))


def lock(writer: Writer, *, key: str) -> None:
    """Let nobody else act under ``key`` until this transaction ends; on SQLite nobody can."""
    if writer.conn.dialect.name == "postgresql":
        query = text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))")
        writer.conn.execute(query, {"key": key})


def keep(writer: Writer, *, key: str, status: int, body: bytes, real_now: datetime) -> None:
    """Keep an answer; the first one under a key stays."""
    make = postgresql.insert if writer.conn.dialect.name == "postgresql" else sqlite.insert
    writer.conn.execute(
        make(idempotency)
        .values(key=key, status=status, body=body, real_at=real_now)
        .on_conflict_do_nothing(index_elements=["key"])
    )


def forget(writer: Writer, *, before: datetime) -> int:
    """Forget answers older than ``before``; returns how many."""
    return writer.conn.execute(delete(idempotency).where(idempotency.c.real_at < before)).rowcount
