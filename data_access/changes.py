"""Numbering changes, following them, and forgetting the old ones.

A number taken before commit lets a reader that asks for "greater than the last I saw" lose the row
of a slower transaction. Here the number is taken under one lock as the last step before commit, so
that the order of numbers is the order in which rows become visible: a follower that remembers the
highest number it saw loses nothing, sees nothing twice and never goes back.
"""

import sqlite3
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
from sqlalchemy import Connection, delete, func, select, text

from data_access.bulk import insert_rows
from data_access.tables import change

LOCK = 0x50494E474A49  # "PINGJI": the advisory lock under which numbers are taken
CHANNEL = "pingji_change"
KEEP_ROWS = 5_000_000
KEEP_HOURS = 24


@dataclass(frozen=True, slots=True)
class Change:
    """One numbered change.

    ``key`` None: the whole topic was loaded anew and readers fetch its snapshot. ``old_scope`` and
    ``new_scope``: paths before and after (None: there was, or is, no row).
    """

    seq: int
    topic: str
    key: str | None
    old_scope: str | None
    new_scope: str | None
    drill: bool
    real_at: datetime


class Writer:
    """A writing transaction: use ``conn`` for statements, and say what changed."""

    def __init__(self, conn: Connection) -> None:
        """Wrap the connection of a transaction that has begun."""
        self.conn = conn
        self._changes: dict[tuple[str, str | None], dict[str, Any]] = {}

    def changed(
        self,
        topic: str,
        key: str | None,
        *,
        old_scope: str | None = None,
        new_scope: str | None = None,
        event: str | None = None,
        drill: bool = False,
    ) -> None:
        """Note that ``key`` of ``topic`` changed; said twice, it is one change.

        ``event``: the operation whose members see the row, so that they learn when it goes; it
        stands behind the path, ``330100/330106#OPERATION``.
        """
        if event is not None:
            old_scope = None if old_scope is None else f"{old_scope}#{event}"
            new_scope = None if new_scope is None else f"{new_scope}#{event}"
        seen = self._changes.get((topic, key))
        if seen is not None:
            seen["new_scope"] = new_scope
            return
        self._changes[topic, key] = {
            "topic": topic,
            "key": key,
            "old_scope": old_scope,
            "new_scope": new_scope,
            "drill": drill,
        }

    def number(self) -> None:
        """Take the numbers: the last step before commit, under the lock on PostgreSQL.

        On SQLite the transaction is already the only writer.
        """
        if not self._changes:
            return
        now = datetime.now(UTC)
        rows = [{**row, "real_at": now} for row in self._changes.values()]
        self._changes = {}
        if self.conn.dialect.name == "postgresql":
            # Until commit nothing else waits behind this lock but other writers' numbering.
            self.conn.execute(text("SELECT pg_advisory_xact_lock(:k)"), {"k": LOCK})
            insert_rows(self.conn, change, rows)
            self.conn.execute(text(f"NOTIFY {CHANNEL}"))
        else:
            insert_rows(self.conn, change, rows)


def latest_seq(conn: Connection) -> int:
    """The highest number given so far, also when its row is already forgotten; 0 at first."""
    highest = conn.execute(select(func.max(change.c.seq))).scalar()
    if highest is not None:
        return int(highest)
    if conn.dialect.name == "sqlite":
        query = text("SELECT seq FROM sqlite_sequence WHERE name = 'change'")
        return int(conn.execute(query).scalar() or 0)
    name = conn.execute(text("SELECT pg_get_serial_sequence('change', 'seq')")).scalar()
    query = text(f"SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM {name}")
    return int(conn.execute(query).scalar() or 0)


def oldest_seq(conn: Connection) -> int:
    """The lowest number still kept; a reader at or above the one before it can resume.

    When no change is kept, the number after the latest.
    """
    lowest = conn.execute(select(func.min(change.c.seq))).scalar()
    return int(lowest) if lowest is not None else latest_seq(conn) + 1


def follow(conn: Connection, after: int, limit: int) -> list[Change]:
    """At most ``limit`` changes with a number above ``after``, in order."""
    query = select(change).where(change.c.seq > after).order_by(change.c.seq).limit(limit)
    return [Change(*row) for row in conn.execute(query)]


def prune(writer: Writer, *, batch: int = 20_000, keep_rows: int = KEEP_ROWS) -> int:
    """Forget one batch of changes beyond the newest ``keep_rows`` or older than a day.

    Returns how many went; call again until it returns 0.
    """
    conn = writer.conn
    first_kept = latest_seq(conn) - keep_rows + 1
    horizon = datetime.now(UTC) - timedelta(hours=KEEP_HOURS)
    oldest = select(change.c.seq, change.c.real_at).order_by(change.c.seq).limit(batch)
    doomed = [seq for seq, real_at in conn.execute(oldest) if seq < first_kept or real_at < horizon]
    if doomed:
        conn.execute(delete(change).where(change.c.seq <= max(doomed)))
    return len(doomed)


class Wake:
    """Waits until the store may have changed: NOTIFY on PostgreSQL, ``data_version`` on SQLite.

    It only wakes; what changed is asked with :func:`follow`. Under gevent both waits yield.
    """

    def __init__(self, url: str, *, poll_s: float = 0.01) -> None:
        """Open the connection that listens; raises what the driver raises."""
        self._poll_s = poll_s
        self._sqlite: sqlite3.Connection | None = None
        self._postgres: psycopg.Connection[Any] | None = None
        if url.startswith("sqlite"):
            path = url.removeprefix("sqlite:///")
            self._sqlite = sqlite3.connect(
                path, timeout=60, check_same_thread=False, isolation_level=None
            )
            self._version = self._data_version()
        else:
            dsn = url.replace("postgresql+psycopg://", "postgresql://", 1)
            self._postgres = psycopg.connect(
                dsn,
                autocommit=True,
                keepalives=1,
                keepalives_idle=5,
                keepalives_interval=2,
                keepalives_count=3,
            )
            self._postgres.execute(f"LISTEN {CHANNEL}")

    def wait(self, timeout_s: float) -> bool:
        """True as soon as something may have changed; False after ``timeout_s`` of quiet."""
        if self._postgres is not None:
            return any(True for _ in self._postgres.notifies(timeout=timeout_s, stop_after=1))
        deadline = time.monotonic() + timeout_s
        while not self.moved():
            if time.monotonic() >= deadline:
                return False
            time.sleep(self._poll_s)
        return True

    @property
    def polls(self) -> bool:
        """Say whether waiting is looking again and again, which an event loop does cheaper."""
        return self._sqlite is not None

    def moved(self) -> bool:
        """Say at once whether anything was committed since this was last asked; SQLite only."""
        version = self._data_version()
        moved = version != self._version
        self._version = version
        return moved

    def close(self) -> None:
        """Close the connection."""
        for connection in (self._sqlite, self._postgres):
            if connection is not None:
                connection.close()

    def _data_version(self) -> int:
        assert self._sqlite is not None
        return int(self._sqlite.execute("PRAGMA data_version").fetchone()[0])
