"""The modes that follow from the operations in force, and what screens then show.

All in the transaction of the act.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import insert, select, update

from dashboard.domain import modes
from dashboard.domain.operations import State, issuer, title
from data_access.changes import Writer
from data_access.clock import read_clock
from data_access.commands import shown
from data_access.queries.live import iso
from data_access.queries.operations import MODE_LEVELS, of_row
from data_access.queries.scopes import areas
from data_access.tables import mode, operation


def running(writer: Writer) -> list[dict[str, Any]]:
    """Give the operations in force, by their number."""
    query = select(operation).where(operation.c.state == State.IN_FORCE).order_by(operation.c.id)
    return [dict(row) for row in writer.conn.execute(query).mappings()]


def _left(writer: Writer) -> list[dict[str, Any]]:
    """Give the operations that ended and left a watch, whether its time has come or not."""
    query = select(operation).where(
        operation.c.state == State.ENDED, operation.c.watch_until.is_not(None)
    )
    return [dict(row) for row in writer.conn.execute(query).mappings()]


def settle(writer: Writer, now: datetime | None = None) -> None:
    """Derive every jurisdiction's mode and every screen's scene anew; note what changed.

    ``now``: the city's; the moment that the store's clock shows where it is not told.
    """
    if now is None:
        now = read_clock(writer.conn).at(datetime.now(UTC))
    rows = running(writer)
    after = {row["id"]: row for row in _left(writer)}
    left = [of_row(row) for row in after.values()]
    in_force = {row["id"]: of_row(row) for row in rows}
    bands = {row["id"]: band(row) for row in rows}
    found = areas(writer.conn, levels=MODE_LEVELS, also={row["area"] for row in rows})
    known = {row["id"]: row for row in writer.conn.execute(select(mode)).mappings()}
    for area, scope in found:
        stands = modes.standing(scope, in_force.values())
        watched = [watch(after[name]) for name in modes.watched(scope, left, now)]
        values = {
            "mode": stands.mode,
            "level": stands.level,
            "operation": stands.operation,
            "bands": [bands[name] for name in stands.bands],
            "watched": watched,
            "scope": scope,
            "drill": stands.drill,
        }
        before = known.get(area)
        if before is None:
            if not stands.bands and not watched:
                continue
            writer.conn.execute(insert(mode).values(id=area, **values))
        elif any(before[name] != value for name, value in values.items()):
            writer.conn.execute(update(mode).where(mode.c.id == area).values(**values))
        else:
            continue
        old = None if before is None else before["scope"]
        writer.changed("mode", area, old_scope=old, new_scope=scope)
    shown.settle(writer, now)


def band(row: Mapping[str, Any]) -> list[Any]:
    """Give one operation as the band of a screen shows it; see topic ``mode``."""
    words = title(
        kind=row["kind"],
        level=row["level"],
        scenario=row["scenario"],
        issuer_told=row["issuer"],
        name=row["name"],
    )
    by = issuer(row["issuer"])
    return [
        row["id"],
        words.zh,
        words.en,
        row["kind"],
        row["level"],
        iso(row["effective_at"]),
        bool(row["drill"]),
        bool(row["needs_confirmation"]),
        [*by.name, by.numbering],
        row["scenario"],
    ]


def watch(row: Mapping[str, Any]) -> list[Any]:
    """Give an ended operation whose watch stands as screens show it: its band, ended, until."""
    return [*band(row), iso(row["ended_at"]), iso(row["watch_until"])]
