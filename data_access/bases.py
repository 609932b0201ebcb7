"""The bases 口径 of a city as the store keeps them: whole lists, each a version; the newest counts.

A store that was told none goes by the list that is shipped.
"""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from sqlalchemy import Connection, func, insert, select

from dashboard.domain import bases
from dashboard.domain.bases import Bases, Basis
from data_access.changes import Writer
from data_access.tables import rate_basis

_FILE = Path(__file__).resolve().parent / "data" / "bases.json"


@cache
def shipped() -> Bases:
    """Give the list that comes with the program."""
    return bases.read(json.loads(_FILE.read_text("utf-8")))


def version(conn: Connection) -> int:
    """Give the version that counts; 0 is the shipped list."""
    return conn.execute(select(func.max(rate_basis.c.version))).scalar() or 0


def current(conn: Connection) -> Bases:
    """Give the bases that count."""
    columns = rate_basis.c
    query = select(columns.version, columns["items"]).order_by(columns.version.desc()).limit(1)
    row = conn.execute(query).first()
    return shipped() if row is None else bases.read(row[1], row[0])


def keep(writer: Writer, made: Sequence[Basis], *, by: str, now: datetime) -> None:
    """Keep a list as the new version, unless it is the one that counts.

    Raises BasisError where the list as a whole cannot be.
    """
    items = [bases.plain(it) for it in made]
    read = bases.read(items)
    before = current(writer.conn)
    if list(before.every.values()) == list(read.every.values()):
        return
    row = {"version": before.version + 1, "items": items, "by": by, "at": now}
    writer.conn.execute(insert(rate_basis).values(**row, real_at=datetime.now(UTC)))
