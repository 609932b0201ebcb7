"""How a basis 口径 is told over HTTP, and the figures that were published by one."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection

from dashboard.domain.bases import DENOMINATORS, NUMERATORS, Bases, Basis, plain
from dashboard.domain.indicators import day_of
from dashboard.domain.published import INDICATORS
from dashboard.http import items
from data_access.queries import indicators


def one(basis: Basis, version: int) -> dict[str, Any]:
    """Return what stands beside every figure: which basis, of which version, and what it counts."""
    told: dict[str, Any] = {
        "id": basis.id,
        "version": version,
        "name": list(basis.name),
        "note": list(basis.said()),
        "imported": basis.imported,
    }
    if not basis.imported:
        told["formula"] = list(basis.formula())
        told["numerator"] = [basis.numerator, *NUMERATORS[basis.numerator]]
        told["denominator"] = [basis.denominator, *DENOMINATORS[basis.denominator]]
    return told


def every(known: Bases) -> dict[str, Any]:
    """Return all bases as a file has them, which is how a site begins a list of its own."""
    listed = [plain(it) for it in known.every.values()]
    return {"version": known.version, "main": known.main.id, "items": listed}


def published(conn: Connection, areas: Sequence[str], basis: Basis) -> dict[str, Any]:
    """Return figures as they were published; nothing is counted, and none compared with ours."""
    rows = indicators.published(conn, areas=areas, basis=basis.id)
    return {"items": [_as_published(row) for row in rows]}


def _as_published(row: dict[str, Any]) -> dict[str, Any]:
    known = INDICATORS[row["indicator"]]
    return {
        "indicator": row["indicator"],
        "name": list(known.words),
        "unit": list(known.unit),
        "first": str(day_of(row["first_on"])),
        "last": str(day_of(row["last_on"])),
        "scope": row["area"].rpartition("/")[2],
        "by": row["grouped"],
        "of": row["value_of"],
        "value": row["value"],
        "source": row["source"],
        "note": row["note"],
        "known_at": items.iso(row["known_at"]),
    }
