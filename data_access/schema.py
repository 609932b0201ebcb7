"""Bringing a store's tables to this version, and knowing whether they are."""

from datetime import UTC, datetime
from pathlib import Path
from threading import Lock

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from data_access.store import Store

MIGRATIONS = Path(__file__).with_name("migrations")

_partitions_lock = Lock()
_partitions_known: dict[str, set[tuple[int, int]]] = {}


def migrate(store: Store) -> None:
    """Bring the store to the newest revision; one process at a time does it, others wait."""
    with store.engine.connect() as conn:
        if store.dialect == "postgresql":
            conn.execute(text("SELECT pg_advisory_lock(hashtext('pingji.migrate'))"))
            conn.commit()
        else:
            conn.exec_driver_sql("BEGIN IMMEDIATE")
        try:
            command.upgrade(_config(conn), "head")
            conn.commit()
        finally:
            if store.dialect == "postgresql":
                conn.execute(text("SELECT pg_advisory_unlock(hashtext('pingji.migrate'))"))
                conn.commit()


def revision(conn: Connection) -> str | None:
    """The revision that the store is at; None when it was never migrated."""
    return MigrationContext.configure(conn).get_current_revision()


def newest_revision() -> str | None:
    """The revision that this version of Pingji wants."""
    return ScriptDirectory(str(MIGRATIONS)).get_current_head()


def ensure_partitions(store: Store, months: set[tuple[int, int]]) -> None:
    """Make the partitions of ``reading`` for ``months`` (year, month) in UTC.

    A no-op on SQLite. Its own short transaction, so that no batch waits behind the lock it takes.
    """
    if store.dialect != "postgresql":
        return
    with _partitions_lock:
        known = _partitions_known.setdefault(store.url, set())
        missing = months - known
        if not missing:
            return
        with store.engine.begin() as conn:
            conn.execute(text("SELECT pg_advisory_xact_lock(hashtext('pingji.partition'))"))
            for year, month in sorted(missing):
                start = datetime(year, month, 1, tzinfo=UTC)
                end = datetime(year + month // 12, month % 12 + 1, 1, tzinfo=UTC)
                conn.execute(
                    text(
                        f"CREATE TABLE IF NOT EXISTS reading_{year:04d}_{month:02d} "
                        f"PARTITION OF reading FOR VALUES FROM "
                        f"('{start.isoformat()}') TO ('{end.isoformat()}')"
                    )
                )
        known |= missing


def _config(conn: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = conn
    return config
