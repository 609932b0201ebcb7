"""Emptying a database of PostgreSQL for the next test."""

from functools import cache
from typing import Any

from sqlalchemy import Connection, create_engine, text

LARGE_BYTES = 40_000_000

_ALONE = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
_SHAPE = """
SELECT (SELECT md5(string_agg(concat(oid, relnatts), ',' ORDER BY oid))
        FROM pg_class WHERE relnamespace = 'public'::regnamespace),
       (SELECT md5(string_agg(oid::text, ',' ORDER BY oid)) FROM pg_constraint),
       (SELECT md5(string_agg(concat(oid, tgenabled), ',' ORDER BY oid)) FROM pg_trigger)
"""
_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
_SEQUENCES = """
SELECT format('%I.%I', schemaname, sequencename) FROM pg_sequences WHERE last_value IS NOT NULL
"""


def emptied(address: str, *, like: str) -> bool:
    """Bring a database back to what ``like`` holds; False where it is not worth it.

    That is where its tables are no longer those of ``like``, or it has grown large.
    """
    shape, kept = _as_made(like)
    engine = create_engine(address)
    try:
        with engine.begin() as conn:
            conn.execute(text(_ALONE))
            size = conn.execute(text("SELECT pg_database_size(current_database())")).scalar_one()
            if size > LARGE_BYTES or _shape(conn) != shape:
                return False
            conn.execute(text("SET LOCAL session_replication_role = replica"))  # no trigger refuses
            for name in _with_rows(conn):
                conn.execute(text(f'DELETE FROM "{name}"'))
            for name, rows in kept.items():
                columns = ", ".join(f'"{column}"' for column in rows[0])
                values = ", ".join(f":{column}" for column in rows[0])
                conn.execute(text(f'INSERT INTO "{name}" ({columns}) VALUES ({values})'), rows)
            for name in conn.execute(text(_SEQUENCES)).scalars().all():
                conn.execute(text(f"ALTER SEQUENCE {name} RESTART"))
        return True
    finally:
        engine.dispose()


@cache
def _as_made(address: str) -> tuple[Any, dict[str, list[dict[str, Any]]]]:
    """Give the shape of a database and the rows that it holds."""
    engine = create_engine(address)
    try:
        with engine.connect() as conn:
            rows = {
                name: [dict(it) for it in conn.execute(text(f'SELECT * FROM "{name}"')).mappings()]
                for name in _with_rows(conn)
            }
            return _shape(conn), rows
    finally:
        engine.dispose()


def _with_rows(conn: Connection) -> list[str]:
    """Name the tables that hold anything."""
    names = conn.execute(text(_TABLES)).scalars().all()
    asked = (f"SELECT '{it}' WHERE EXISTS (SELECT 1 FROM \"{it}\")" for it in names)
    return list(conn.execute(text(" UNION ALL ".join(asked))).scalars())


def _shape(conn: Connection) -> Any:
    return tuple(conn.execute(text(_SHAPE)).one())
