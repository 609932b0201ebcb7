"""Plans as the store keeps them, the newest version of each; those shipped until others come."""

import csv
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, insert, select

from dashboard.domain.operations import Refused
from dashboard.domain.plans import Judged, Plan, read
from data_access.changes import Writer
from data_access.queries import duty
from data_access.tables import plan

SHIPPED = Path(__file__).with_name("data") / "plans.csv"
SHIPPED_VERSION = 0


class Known(NamedTuple):
    """A plan and its version; version 0 is the one that is shipped."""

    plan: Plan
    version: int


@cache
def shipped() -> tuple[Mapping[str, Any], ...]:
    """Give the rows that come with Pingji."""
    with SHIPPED.open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


def current(conn: Connection) -> dict[str, Known]:
    """Give the newest version of every plan, by id."""
    posts = duty.posts(conn)
    known = {
        name: Known(made, SHIPPED_VERSION) for name, made in read(shipped(), posts).plans.items()
    }
    newest = select(plan.c.id, func.max(plan.c.version).label("version")).group_by(plan.c.id)
    last = newest.subquery()
    query = select(plan.c.id, plan.c.version, plan.c.rows).join(
        last, (plan.c.id == last.c.id) & (plan.c.version == last.c.version)
    )
    for row in conn.execute(query):
        # a post that went away since leaves its tasks to be seen, not to be lost
        everyone = {*posts, *(it["post"] for it in row.rows)}
        made = read(row.rows, everyone).plans.get(row.id)
        if made is not None:
            known[row.id] = Known(made, row.version)
    return known


def fitting(known: Mapping[str, Known], kind: str, scenario: str | None) -> Known | None:
    """Give the plan for such an operation: one for its scenario before one for any."""
    fits = [it for it in known.values() if it.plan.fits(kind, scenario)]
    return min(fits, key=lambda it: (it.plan.scenario is None, it.plan.id), default=None)


def chosen(
    known: Mapping[str, Known], wanted: str | None, *, kind: str, scenario: str | None
) -> Known | None:
    """The plan that was asked for, else the one that fits; raises Refused for one unknown."""
    if wanted is None:
        return fitting(known, kind, scenario)
    if wanted not in known:
        raise Refused("plan", f"预案未知：{wanted[:60]}")
    return known[wanted]


def keep(
    writer: Writer, rows: Sequence[Mapping[str, Any]], now: datetime
) -> tuple[Judged, set[str]]:
    """Keep every plan of which all rows are good as a new version; gives those that are new.

    The same rows again are no new version.
    """
    judged = read(rows, duty.posts(writer.conn))
    known = current(writer.conn)
    new: set[str] = set()
    for name, made in judged.plans.items():
        before = known.get(name)
        if before is not None and before.plan == made:
            continue
        version = 1 if before is None else before.version + 1
        kept = [dict(rows[place]) for place in judged.rows[name]]
        writer.conn.execute(insert(plan).values(id=name, version=version, rows=kept, at=now))
        new.add(name)
    return judged, new
