"""Rows of operations: one act at a time, each a version."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select, text, update

from data_access.changes import Writer
from data_access.tables import operation

LOCK = 0x4F504552  # one act at a time: two who switch at once are settled, not both done


def lock(writer: Writer) -> None:
    """Let no other act on operations be written before this one is done."""
    if writer.conn.dialect.name == "postgresql":
        writer.conn.execute(text("SELECT pg_advisory_xact_lock(:k)"), {"k": LOCK})


def find(writer: Writer, operation_id: str) -> dict[str, Any]:
    """Give an operation as it stands; raises KeyError where there is none."""
    query = select(operation).where(operation.c.id == operation_id)
    row = writer.conn.execute(query).mappings().first()
    if row is None:
        raise KeyError(operation_id)
    return dict(row)


def change(writer: Writer, row: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """Write what is otherwise, as a version of its own; gives the operation as it then stands."""
    after = {**row, **values, "version": row["version"] + 1}
    writer.conn.execute(
        update(operation)
        .where(operation.c.id == row["id"])
        .values(version=after["version"], **values)
    )
    scope, event = row["scope"], row["event"]
    writer.changed(
        "operations", row["id"], old_scope=scope, new_scope=scope, event=event, drill=row["drill"]
    )
    return after
