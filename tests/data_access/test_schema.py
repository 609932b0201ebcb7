"""The migrations make what the tables say, and the record cannot be rewritten."""

from datetime import UTC, datetime

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import delete, insert, inspect, update
from sqlalchemy.exc import IntegrityError

from data_access.schema import ensure_partitions, migrate, newest_revision, revision
from data_access.store import Store
from data_access.tables import audit, metadata
from data_access.tables.search import GRAMS


def test_migrations_and_tables_agree(store: Store) -> None:
    with store.read() as conn:
        assert revision(conn) == newest_revision()
        made = MigrationContext.configure(conn, opts={"include_name": _described})
        differences = compare_metadata(made, metadata)
    assert differences == []


def _described(name: str | None, kind: str, _parents: object) -> bool:
    """Whether a thing of the database is described by a table; the inverted list is not."""
    return kind not in ("table", "index") or not str(name).startswith(GRAMS)


def test_migrating_again_is_quiet(store: Store) -> None:
    migrate(store)


def test_a_partition_is_made_for_each_month_of_readings(store: Store) -> None:
    ensure_partitions(store, {(2016, 9), (2016, 12)})
    ensure_partitions(store, {(2016, 12), (2017, 1)})
    if store.dialect == "postgresql":
        names = {name for name in inspect(store.engine).get_table_names() if "reading_2" in name}
        assert names == {"reading_2016_09", "reading_2016_12", "reading_2017_01"}


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
