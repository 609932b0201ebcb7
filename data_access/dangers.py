"""Dangers to life 险情 that take walls over: followed as alerts, cases and places change.

What is one is data (``data/dangers.json``). The follower keeps the table ``danger``, and what
screens show follows in the same transaction, so that every screen of the area agrees.
"""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, and_, delete, insert, select, true, update

from dashboard.domain import dangers as rules
from data_access.changes import Writer
from data_access.clock import StoreClock
from data_access.commands import shown
from data_access.follower import Follower
from data_access.queries.live import iso
from data_access.store import Store
from data_access.tables import alert, case, danger, place

NAME = "dangers"
SHIPPED = Path(__file__).with_name("data") / "dangers.json"
_TOPICS = frozenset({"alerts", "cases", "places"})

Row = dict[str, Any]


@cache
def shipped() -> rules.Dangers:
    """Give the kinds of danger that come with Pingji."""
    return rules.read(json.loads(SHIPPED.read_text("utf-8")))


def make(store: Store, clock: StoreClock) -> Callable[[], bool]:
    """Make the step that ``follower.run`` calls."""
    follower = Follower(NAME)
    looked_at: datetime | None = None
    due: datetime | None = None

    def step() -> bool:
        nonlocal looked_at, due
        now = clock.now()
        with store.read() as conn:
            if looked_at is None:
                follower.begin(conn)
            changes = follower.changes(conn)
        upto = changes[-1].seq if changes else follower.seq
        touched = any(it.topic in _TOPICS for it in changes)
        if looked_at is None or touched or (due is not None and due <= now):
            due = look(store, now, since=looked_at)
            looked_at = now
        follower.seq = upto
        return bool(changes)

    return step


def look(store: Store, now: datetime, *, since: datetime | None = None) -> datetime | None:
    """Keep the dangers as they now are; gives the moment at which walls are next given back.

    ``since``: when it was looked last; None derives what screens show in any case.
    """
    with store.read() as conn:
        wanted, known = _found(conn), _known(conn)
    untils = [row["until"] for row in known.values() if row["until"]]
    over = since is None or any(since < until <= now for until in untils)
    if over or _differ(wanted, known):
        with store.write() as writer:
            shown.lock(writer)
            _settle(writer, _found(writer.conn), now)
            shown.settle(writer, now)
        with store.read() as conn:
            known = _known(conn)
    ahead = [row["until"] for row in known.values() if row["until"] and row["until"] > now]
    return min(ahead, default=None)


def _known(conn: Connection) -> dict[str, Row]:
    return {row["id"]: dict(row) for row in conn.execute(select(danger)).mappings()}


def _differ(wanted: Mapping[str, Row], known: Mapping[str, Row]) -> bool:
    if wanted.keys() != known.keys():
        return True
    return any(
        row["told"] != known[name]["told"]
        or row["acknowledged"] != (known[name]["acknowledged_at"] is not None)
        for name, row in wanted.items()
    )


def _settle(writer: Writer, wanted: Mapping[str, Row], now: datetime) -> None:
    """Write what is a danger now; one that somebody just came to know of is given back later."""
    known = _known(writer.conn)
    gone = [name for name in known if name not in wanted]
    if gone:
        writer.conn.execute(delete(danger).where(danger.c.id.in_(gone)))
    for name, row in wanted.items():
        before = known.get(name)
        told = {key: row[key] for key in ("kind", "told", "since", "scope", "event", "drill")}
        at = before["acknowledged_at"] if before else None
        at = (at or now) if row["acknowledged"] else None
        told |= {"acknowledged_at": at, "until": shipped().until(at)}
        if before is None:
            writer.conn.execute(insert(danger).values(id=name, **told))
        else:
            writer.conn.execute(update(danger).where(danger.c.id == name).values(**told))


def _found(conn: Connection) -> dict[str, Row]:
    """Give the alerts that are dangers now, by id."""
    names = ("id", "rule", "acknowledged", "since", "lon", "lat", "jurisdiction", "subject_id")
    columns = [alert.c[name] for name in (*names, "scope", "event", "drill")]
    here = alert.c.live == true()  # by its index
    active = and_(here, alert.c.active == true(), alert.c.rule.in_(sorted(shipped().rules)))
    of_cases = (
        select(*columns, case.c.kind.label("what"), case.c.subcategory)
        .join(case, case.c.id == alert.c.subject_id)
        .where(active, alert.c.subject_topic == "cases")
    )
    of_places = (
        select(*columns, place.c.kind.label("what"), place.c.name, place.c.state)
        .join(place, place.c.id == alert.c.subject_id)
        .where(active, alert.c.subject_topic == "places")
    )
    found: dict[str, Row] = {}
    for row in conn.execute(of_cases).mappings():
        _take(found, "cases", row, {"kind": row["what"], "subcategory": row["subcategory"]})
    for row in conn.execute(of_places).mappings():
        _take(found, "places", row, {"kind": row["what"], "name": row["name"]})
    return found


def _take(found: dict[str, Row], topic: str, row: Any, about: Row) -> None:
    """Take an alert up if a kind of danger means it, with what a screen may say of it."""
    for kind in shipped().kinds:
        if topic == "cases":
            meant = kind.is_case(row["rule"], f"{row['what']}/{row['subcategory']}")
        else:
            meant = kind.is_place(row["rule"], row["what"], row["state"])
        if not meant:
            continue
        told = {name: row[name] for name in ("lon", "lat", "jurisdiction")}
        found[row["id"]] = {
            "kind": kind.id,
            "told": {
                "topic": topic,
                "subject": row["subject_id"],
                "danger": kind.name,
                "danger_en": kind.name_en,
                "since": iso(row["since"]),
                **told,
                **about,
            },
            "acknowledged": bool(row["acknowledged"]),
            **{name: row[name] for name in ("since", "scope", "event", "drill")},
        }
        return
