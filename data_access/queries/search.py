"""Cases by a part of their number, address or description, within the live working set.

A plain look through the texts of live cases (some 13,000 in a big city: tens of milliseconds), so
that a part of any length is found in any language; ended cases are not looked through.
"""

from sqlalchemy import Connection, func, or_, select, true

from data_access.queries import visible
from data_access.tables import case

_WRITTEN = (
    *("id", "kind", "subcategory", "stage", "address", "description"),
    *("lon", "lat", "jurisdiction", "reported_at"),
)


def cases(
    conn: Connection, *, sight: visible.Sight, text: str, limit: int, numbers_only: bool = False
) -> list[visible.Row]:
    """Live cases that hold ``text``, the latest first; ``numbers_only``: not their texts."""
    find = func.strpos if conn.dialect.name == "postgresql" else func.instr
    holds = [find(case.c.id, text) > 0]
    if not numbers_only:
        holds += [find(case.c.address, text) > 0, find(case.c.description, text) > 0]
    query = (
        select(*(case.c[name] for name in _WRITTEN))
        .where(case.c.live == true(), or_(*holds))
        .where(visible.seen(case.c.scope, case.c.event, sight))
        .order_by(case.c.reported_at.desc(), case.c.id)
        .limit(limit)
    )
    return visible.rows(conn, query)
