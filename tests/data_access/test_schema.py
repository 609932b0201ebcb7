"""The migrations make what the tables say, and the record cannot be rewritten."""

from datetime import UTC, datetime

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import delete, insert, update
from sqlalchemy.exc import IntegrityError

from data_access.schema import migrate, newest_revision, revision
from data_access.store import Store
from data_access.tables import audit, metadata


def test_migrations_and_tables_agree(store: Store) -> None:
    with store.read() as conn:
        assert revision(conn) == newest_revision()
        differences = compare_metadata(MigrationContext.configure(conn), metadata)
    assert differences == []


def test_migrating_again_is_quiet(store: Store) -> None:
    migrate(store)


def test_the_audit_cannot_be_changed(store: Store) -> None:
    now = datetime(2016, 9, 4, tzinfo=UTC)
    with store.write() as writer:
        writer.conn.execute(
            insert(audit).values(
                actor="a", role="r", act="x", detail={}, city_at=now, real_at=now, scope="c"
            )
        )
    for statement in (update(audit).values(actor="b"), delete(audit)):
        with pytest.raises(IntegrityError, match="append-only"), store.write() as writer:
            writer.conn.execute(statement)
