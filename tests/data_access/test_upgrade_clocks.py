"""A store from before has clocks as far as its record tells them."""

import secrets
from datetime import UTC, datetime

import pytest
from alembic import command
from sqlalchemy import text

from data_access.schema import _config, migrate
from data_access.store import Store
from tests.conftest import _command, _database

BEFORE = "0003"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def empty(request: pytest.FixtureRequest, tmp_path):
    """A store without any table."""
    if request.param == "sqlite":
        store = Store(f"sqlite:///{tmp_path / 'old.sqlite'}")
        yield store
        store.dispose()
        return
    server = request.getfixturevalue("postgres_server")
    name = f"pingji_old_{secrets.token_hex(6)}"
    _command(server, f"CREATE DATABASE {name}")
    store = Store(_database(server, name))
    yield store
    store.dispose()
    _command(server, f"DROP DATABASE {name} WITH (FORCE)")


def test_answers_and_begins_are_read_from_the_record(empty: Store) -> None:
    with empty.engine.connect() as conn:
        if empty.dialect == "sqlite":
            conn.exec_driver_sql("BEGIN IMMEDIATE")
        command.upgrade(_config(conn), BEFORE)
        conn.commit()
    names = "abcd"
    stages = {"a": "handled", "b": "handling", "c": "closed", "d": "closed"}
    moment = "2026-07-01T0{}:00:00.000000Z"
    lines = [
        ("a", 1, "dispatched", 1),
        ("a", 2, "handled", 3),
        ("b", 1, "dispatched", 2),
        ("b", 2, "handled", 3),
        ("b", 3, "handling", 4),
        ("c", 1, "reported", 1),
        ("d", 1, "handled", 2),
        ("d", 2, "closed", 5),
    ]
    with empty.engine.connect() as conn:
        if empty.dialect == "sqlite":
            conn.exec_driver_sql("BEGIN IMMEDIATE")
        for name in names:
            conn.execute(
                text(
                    "INSERT INTO case_file (id, version, kind, source, subcategory,"
                    " category_version, description, stage, stage_at, marks, urgency, photos,"
                    " reported_at, updated_at, due_at, ended_at, live, known_at, feed, scope)"
                    " VALUES (:id, 1, 'event', 'collector', '0102', 1, '', :stage, :at, '[]', 0,"
                    " '[]', :at, :at, :due, :ended, :yes, :at, 'x', 'city')"
                ),
                {
                    "id": name,
                    "stage": stages[name],
                    "at": moment.format(1),
                    "due": moment.format(9) if name == "a" else None,
                    "ended": moment.format(5) if stages[name] == "closed" else None,
                    "yes": True,
                },
            )
        for name, n, code, hour in lines:
            conn.execute(
                text(
                    "INSERT INTO case_event (case_id, n, kind, code, at, known_at)"
                    " VALUES (:id, :n, 'stage', :code, :at, :at)"
                ),
                {"id": name, "n": n, "code": code, "at": moment.format(hour)},
            )
        conn.commit()
    migrate(empty)
    with empty.read() as conn:
        from sqlalchemy import select

        from data_access.tables import case

        found = {row.id: row for row in conn.execute(select(case))}

    def at(hour: int) -> datetime:
        return datetime(2026, 7, 1, hour, tzinfo=UTC)

    assert (found["a"].clock_from, found["a"].handled_at, found["a"].due_by) == (
        at(1),
        at(3),
        "feed",
    )
    assert (found["b"].clock_from, found["b"].handled_at, found["b"].due_by) == (at(2), None, None)
    assert (found["c"].clock_from, found["c"].handled_at) == (None, at(5))
    assert found["d"].handled_at == at(2)
