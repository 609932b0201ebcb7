"""The matters that are called in, in the codes of the city: its own, the shipped, or the usual."""

import json
from functools import cache
from pathlib import Path

from sqlalchemy import Connection, ScalarSelect, func, select

from dashboard.domain import matters
from dashboard.domain.matters import Matter
from dashboard.domain.words import Words
from data_access.tables import case, category, city

SHIPPED = Path(__file__).with_name("data") / "matters.json"
OWN = "own_matters"
"""Where the city's settings keep what was imported; it outlives a new description of the city."""
MOST = 9
_LOOKED_AT = 2_000


@cache
def shipped() -> tuple[Matter, ...]:
    """Give the matters that come with Pingji, in the codes of the shipped list."""
    return matters.read(json.loads(SHIPPED.read_text("utf-8")))


def of_city(conn: Connection) -> tuple[Matter, ...]:
    """Give the common matters in categories that the city's list has, the most common first.

    What was imported wins, then what the city's description says; else those shipped that its
    list knows. A city whose list knows none of them is offered what its latest cases were most.
    """
    settings = conn.execute(select(city.c.settings).limit(1)).scalar() or {}
    own = settings.get(OWN) or settings.get("matters")
    told = matters.read(own) if own else shipped()
    return matters.known_of(told, _known(conn, told)) or _usual(conn)


def is_listed(conn: Connection, kind: str, code: str) -> bool:
    """Say whether the city's list in force has a category."""
    query = select(category.c.code).where(
        category.c.list_version == _in_force(), category.c.kind == kind, category.c.code == code
    )
    return conn.execute(query).first() is not None


def class_of(conn: Connection, *, kind: str) -> dict[str, str]:
    """Give the class of every subcategory of a kind."""
    query = select(category.c.code, category.c.class_code).where(
        category.c.kind == kind, category.c.list_version == _in_force()
    )
    return {row.code: row.class_code for row in conn.execute(query)}


def _known(conn: Connection, told: tuple[Matter, ...]) -> set[str]:
    query = select(category.c.kind, category.c.code).where(
        category.c.list_version == _in_force(),
        category.c.code.in_(sorted({matter.code for matter in told})),
    )
    return {f"{kind}/{code}" for kind, code in conn.execute(query)}


def _usual(conn: Connection) -> tuple[Matter, ...]:
    latest = (
        select(case.c.kind, case.c.subcategory)
        .where(case.c.drill.is_(False))
        .order_by(case.c.known_at.desc())
        .limit(_LOOKED_AT)
        .subquery()
    )
    number = func.count()
    query = (
        select(category.c.kind, category.c.code, category.c.name, category.c.name_en)
        .join(
            latest,
            (category.c.kind == latest.c.kind) & (category.c.code == latest.c.subcategory),
        )
        .where(category.c.list_version == _in_force())
        .group_by(category.c.kind, category.c.code, category.c.name, category.c.name_en)
        .order_by(number.desc(), category.c.kind, category.c.code)
        .limit(MOST)
    )
    return tuple(
        Matter(words=Words(row.name, row.name_en or row.name), of=f"{row.kind}/{row.code}")
        for row in conn.execute(query)
    )


def _in_force() -> ScalarSelect[int]:
    return select(func.max(category.c.list_version)).scalar_subquery()
