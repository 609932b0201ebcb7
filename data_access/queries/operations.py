"""Operations with their record, and modes as they stand or stood."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from dashboard.domain import modes
from dashboard.domain.operations import Act, Operation, State
from data_access.queries import visible
from data_access.queries.scopes import areas
from data_access.tables import mode, operation, operation_act

MODE_LEVELS = ("city", "district", "subdistrict")
"""Levels whose mode is told, whether anything acts on them or not."""

_ENDING = {Act.END: State.ENDED, Act.REVOKE: State.REVOKED}


def page(conn: Connection, *, ask: visible.Ask, live: bool | None = None) -> list[visible.Row]:
    """A page of operations by id; ``live``: only those of the working set, or only the others."""
    query = visible.of_table(operation, ask)
    if live is not None:
        query = query.where(operation.c.live == live)
    return visible.rows(conn, query)


def find(conn: Connection, *, operation_id: str, sight: visible.Sight) -> visible.Row | None:
    """One operation, or None where there is none that the reader may see."""
    query = select(operation).where(
        operation.c.id == operation_id,
        visible.seen(operation.c.scope, operation.c.event, sight),
    )
    return next(iter(visible.rows(conn, query)), None)


def acts(conn: Connection, *, operation_id: str) -> list[visible.Row]:
    """The record of an operation, in the order in which it was entered."""
    query = select(operation_act).where(operation_act.c.operation_id == operation_id)
    return visible.rows(conn, query.order_by(operation_act.c.n))


def standing(
    conn: Connection, *, sight: visible.Sight, as_of: datetime | None = None
) -> list[visible.Row]:
    """The mode of every jurisdiction that the reader may see, those in routine too.

    ``as_of``: as it was known at that moment of the city's clock.
    """
    acted_on = conn.execute(select(mode.c.id)).scalars().all()
    running = in_force(conn) if as_of is None else known_at(conn, as_of)
    told = []
    for area, scope in areas(conn, levels=MODE_LEVELS, also=acted_on):
        if not any(modes.covers(own, scope) for own in sight.scopes):
            continue
        stands = modes.standing(scope, running)
        told.append(
            {
                "id": area,
                "mode": str(stands.mode),
                "level": stands.level,
                "operation": stands.operation,
                "drill": stands.drill,
            }
        )
    return told


def in_force(conn: Connection) -> list[Operation]:
    """All operations in force, whosever they are."""
    query = select(operation).where(operation.c.state == State.IN_FORCE)
    return [of_row(row) for row in conn.execute(query).mappings()]


def known_at(conn: Connection, moment: datetime) -> list[Operation]:
    """All operations in force as the record told it at ``moment``."""
    rows = {row["id"]: row for row in conn.execute(select(operation)).mappings()}
    query = (
        select(operation_act)
        .where(operation_act.c.entered_at <= moment)
        .order_by(operation_act.c.operation_id, operation_act.c.n)
    )
    known: dict[str, dict[str, Any]] = {}
    for act in conn.execute(query).mappings():
        row = known.setdefault(act["operation_id"], dict(rows[act["operation_id"]]))
        row["level"] = act["level"]
        row["state"] = _ENDING.get(act["act"], State.IN_FORCE)
    return [of_row(row) for row in known.values() if row["state"] == State.IN_FORCE]


def of_row(row: Any) -> Operation:
    """Give a row as the domain knows it."""
    return Operation(
        id=row["id"],
        kind=row["kind"],
        level=row["level"],
        scenario=row["scenario"],
        name=row["name"],
        area=row["scope"],
        issuer=row["issuer"],
        drill=bool(row["drill"]),
        effective_at=row["effective_at"],
        entered_at=row["entered_at"],
        entered_by=row["entered_by"],
        needs_confirmation=bool(row["needs_confirmation"]),
        state=row["state"],
        version=row["version"],
        watch_until=row["watch_until"],
    )
