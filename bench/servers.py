"""A PostgreSQL of the bench's own: PINGJI_TEST_PG, else one that pgserver starts."""

import os
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, text

from data_access.schema import migrate
from data_access.store import Store


@contextmanager
def postgres() -> Iterator[Store]:
    """Give a migrated, empty store on a real PostgreSQL."""
    named = os.environ.get("PINGJI_TEST_PG")
    with tempfile.TemporaryDirectory(prefix="pingji-bench-") as folder:
        server = None
        if not named:
            import pgserver  # noqa: PLC0415 - absent where PINGJI_TEST_PG names a server

            runtime = Path(folder) / "run"
            runtime.mkdir(mode=0o700)
            os.environ["XDG_RUNTIME_DIR"] = str(runtime)
            server = pgserver.get_server(Path(folder) / "data", cleanup_mode="stop")
            named = server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
        name = f"pingji_bench_{secrets.token_hex(4)}"
        base, _, query = named.partition("?")
        admin = create_engine(named, isolation_level="AUTOCOMMIT")
        with admin.connect() as conn:
            conn.execute(text(f"CREATE DATABASE {name}"))
        store = Store(f"{base.rpartition('/')[0]}/{name}" + (f"?{query}" if query else ""))
        try:
            migrate(store)
            yield store
        finally:
            store.dispose()
            with admin.connect() as conn:
                conn.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
            admin.dispose()
            if server is not None:
                server.cleanup()


@contextmanager
def sqlite() -> Iterator[Store]:
    """Give a migrated, empty store on SQLite."""
    with tempfile.TemporaryDirectory(prefix="pingji-bench-") as folder:
        store = Store(f"sqlite:///{folder}/pingji.sqlite")
        migrate(store)
        try:
            yield store
        finally:
            store.dispose()
