"""Who is on duty, and by which shifts, posts and ladders: as imported, else as shipped."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import Connection, or_, select

from dashboard.domain.duty import Shift, shift
from dashboard.domain.ladders import Ladder, ladder
from data_access.queries import visible
from data_access.queries.visible import Sight
from data_access.tables import duty, duty_rule, jurisdiction

SHIPPED = Path(__file__).parent.parent / "data" / "duty"
KINDS = ("shifts", "posts", "ladders")
SHIPPED_VERSION = 0


class Version(NamedTuple):
    """A list as it stands; version 0 is the one that is shipped."""

    number: int
    items: list[dict[str, Any]]


def newest(conn: Connection, kind: str) -> Version:
    """The newest version of shifts, posts or ladders."""
    query = select(duty_rule.c.version, duty_rule.c["items"]).where(duty_rule.c.kind == kind)
    row = conn.execute(query.order_by(duty_rule.c.version.desc()).limit(1)).first()
    return Version(SHIPPED_VERSION, _shipped(kind)) if row is None else Version(row[0], row[1])


def version(conn: Connection, kind: str, number: int) -> list[dict[str, Any]] | None:
    """One version of a list, for whoever began under it; None where there is none."""
    if number == SHIPPED_VERSION:
        return _shipped(kind)
    query = select(duty_rule.c["items"]).where(
        duty_rule.c.kind == kind, duty_rule.c.version == number
    )
    items: list[dict[str, Any]] | None = conn.execute(query).scalar()
    return items


def shifts(conn: Connection) -> dict[str, Shift]:
    """The shifts by id, in their order."""
    return {raw["id"]: shift(raw) for raw in newest(conn, "shifts").items}


def posts(conn: Connection) -> dict[str, dict[str, Any]]:
    """The posts by id, in their order."""
    return {raw["id"]: raw for raw in newest(conn, "posts").items}


def ladder_of(conn: Connection, name: str, number: int | None = None) -> tuple[int, Ladder] | None:
    """A ladder of a version (None: the newest), with the version; None where there is none."""
    found = newest(conn, "ladders")
    if number is not None and number != found.number:
        found = Version(number, version(conn, "ladders", number) or [])
    known = frozenset(step["post"] for raw in found.items for step in raw["steps"])
    made = (ladder(raw, known) for raw in found.items if raw["id"] == name)
    one = next(made, None)
    return None if one is None else (found.number, one)


def on_duty(
    conn: Connection, at: datetime, post: str | None = None, jurisdiction: str | None = None
) -> list[visible.Row]:
    """Those on duty at ``at``, by post and name.

    ``jurisdiction`` (an id): those who hold the post for it or for what it lies in; the nearest
    first, those of the whole city last. None: of the whole city and of every jurisdiction.
    """
    query = select(duty).where(duty.c.starts_at <= at, duty.c.ends_at > at)
    if post is not None:
        query = query.where(duty.c.post == post)
    found = visible.rows(conn, query.order_by(duty.c.post, duty.c.n))
    if jurisdiction is None:
        return found
    path = _path(conn, jurisdiction)
    above = [row for row in found if row["jurisdiction"] is None or row["jurisdiction"] in path]
    return sorted(above, key=lambda row: _nearness(row, path))


def on_list(
    conn: Connection, *, after: datetime, before: datetime, sight: Sight, limit: int = 500
) -> list[visible.Row]:
    """The duty list between two moments, as far as it may be seen."""
    query = (
        select(duty)
        .where(duty.c.ends_at > after, duty.c.starts_at < before)
        .where(_in_sight(sight))
        .order_by(duty.c.starts_at, duty.c.post, duty.c.n)
        .limit(limit)
    )
    return visible.rows(conn, query)


def of_person(
    conn: Connection, names: Sequence[str], *, before: datetime, reach: timedelta
) -> visible.Row | None:
    """The last shift of someone (by account or name) that ended before a moment, not long ago."""
    query = (
        select(duty)
        .where(or_(duty.c.account.in_(names), duty.c.name.in_(names)))
        .where(duty.c.ends_at <= before, duty.c.ends_at > before - reach)
        .order_by(duty.c.ends_at.desc())
        .limit(1)
    )
    found = visible.rows(conn, query)
    return found[0] if found else None


def seen_by(rows: Sequence[visible.Row], sight: Sight) -> list[visible.Row]:
    """Those rows that a reader may see: of its own scopes, and those above it, whom it calls."""
    return [
        row
        for row in rows
        if any(
            row["scope"] == own
            or row["scope"].startswith(own + "/")
            or own.startswith(row["scope"] + "/")
            for own in sight.scopes
        )
    ]


def _in_sight(sight: Sight) -> Any:
    above = [path for own in sight.scopes for path in _prefixes(own)]
    return or_(visible.seen(duty.c.scope, None, sight), duty.c.scope.in_(above))


def _prefixes(path: str) -> list[str]:
    parts = path.split("/")
    return ["/".join(parts[:count]) for count in range(1, len(parts) + 1)]


def _path(conn: Connection, name: str) -> list[str]:
    scope = conn.execute(
        select(jurisdiction.c.scope).where(jurisdiction.c.id == name).limit(1)
    ).scalar()
    return (scope or name).split("/")


def _nearness(row: visible.Row, path: list[str]) -> int:
    where = row["jurisdiction"]
    return len(path) if where is None else len(path) - 1 - path.index(where)


@cache
def _shipped(kind: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = json.loads((SHIPPED / f"{kind}.json").read_text("utf-8"))
    return items
