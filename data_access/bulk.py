"""Many rows at once: COPY on PostgreSQL, the driver's ``executemany`` on SQLite."""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from psycopg import sql
from sqlalchemy import JSON, Connection, Table, insert

COPY_FROM = 24
"""Below this many rows an INSERT is as quick."""


def insert_rows(conn: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows that all have the same keys (those of the first); in order."""
    if not rows:
        return
    if conn.dialect.name == "postgresql" and len(rows) >= COPY_FROM:
        _copy(conn, table, rows)
    elif conn.dialect.name == "sqlite" and len(rows) >= COPY_FROM:
        _insert_many(conn, table, rows)
    else:
        conn.execute(insert(table), list(rows))


def _insert_many(conn: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Hand the rows to the driver: a third of what SQLAlchemy needs to bind them one by one."""
    names = list(rows[0])
    dialect = conn.dialect
    binders = [table.c[name].type.dialect_impl(dialect).bind_processor(dialect) for name in names]
    quote = dialect.identifier_preparer.quote
    columns = ", ".join(quote(name) for name in names)
    places = ", ".join("?" * len(names))
    values = [[row[name] for name in names] for row in rows]
    for place, bind in enumerate(binders):
        if bind is not None:
            for made in values:
                made[place] = bind(made[place])
    conn.exec_driver_sql(
        f"INSERT INTO {quote(table.name)} ({columns}) VALUES ({places})",
        [tuple(made) for made in values],
    )


def _copy(conn: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    names = list(rows[0])
    json_columns = {name for name in names if isinstance(table.c[name].type, JSON)}
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table.name), sql.SQL(", ").join(map(sql.Identifier, names))
    )
    if not conn.in_transaction():
        conn.begin()  # as a statement would: what only the driver does would not be committed
    driver = conn.connection.driver_connection
    assert driver is not None
    with driver.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(
                [
                    orjson.dumps(row[name]).decode()
                    if name in json_columns and row[name] is not None
                    else row[name]
                    for name in names
                ]
            )
