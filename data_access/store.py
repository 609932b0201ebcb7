"""The store: one engine, consistent reads, and writes whose changes are numbered at commit.

SQLite (WAL) is the embedded default, PostgreSQL the real home. Nothing here knows a table but
through the numbering of changes.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import orjson
from sqlalchemy import Connection, create_engine, event, text
from sqlalchemy.pool import QueuePool

from data_access.changes import Writer

BUSY_TIMEOUT_MS = 60_000
SQLITE_KEPT = 4


class Store:
    """The database at ``url``.

    ``url``: ``sqlite:////absolute/path`` or ``postgresql+psycopg://user@host/name``.
    """

    def __init__(self, url: str, *, pool_size: int = 8) -> None:
        """Make the engine; nothing is opened before the first use."""
        self.url = url
        if url.startswith("sqlite"):
            # A new connection reads the whole schema before its first answer, so some stay open;
            # one outside a transaction keeps no snapshot and does not hold up the WAL.
            self.engine = create_engine(
                url,
                poolclass=QueuePool,
                pool_size=SQLITE_KEPT,
                max_overflow=-1,
                pool_use_lifo=True,
                connect_args={"check_same_thread": False},
                json_serializer=_json,
                json_deserializer=orjson.loads,
            )
            event.listen(self.engine, "connect", _prepare_sqlite)
        else:
            self.engine = create_engine(
                url,
                pool_size=pool_size,
                max_overflow=pool_size,
                pool_pre_ping=True,
                json_serializer=_json,
                json_deserializer=orjson.loads,
            )
        self.dialect = self.engine.dialect.name

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One consistent snapshot of the store, however many questions are asked of it."""
        with self.engine.connect() as conn:
            if self.dialect == "sqlite":
                conn.exec_driver_sql("BEGIN")
            else:
                conn.execution_options(isolation_level="REPEATABLE READ")
            try:
                yield conn
            finally:
                conn.rollback()

    @contextmanager
    def write(self) -> Iterator[Writer]:
        """One transaction; its changes get their numbers as its last step, then it commits.

        Keep it short. On SQLite it is ``BEGIN IMMEDIATE``: a writer waits for its turn at the
        beginning instead of failing in the middle.
        """
        with self.engine.connect() as conn:
            if self.dialect == "sqlite":
                conn.exec_driver_sql("BEGIN IMMEDIATE")
            writer = Writer(conn)
            try:
                yield writer
                writer.number()
            except BaseException:
                conn.rollback()
                raise
            conn.commit()

    def ping(self) -> None:
        """Raise what the database raises when it does not answer."""
        with self.engine.connect() as conn:
            conn.execute(text("SELECT 1"))

    def dispose(self) -> None:
        """Close every pooled connection."""
        self.engine.dispose()


def _json(value: Any) -> str:
    return orjson.dumps(value).decode()


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    """Let the store say BEGIN itself; write ahead; a commit is on the disk when it returns."""
    if not isinstance(connection, sqlite3.Connection):
        return
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA cache_size = -32768")
    cursor.execute("PRAGMA temp_store = MEMORY")
    cursor.close()
