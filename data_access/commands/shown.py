"""What every screen shows, derived in the transaction of whatever it follows from."""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, or_, select, text, update

from dashboard.domain.scenes import (
    Danger,
    Offer,
    Place,
    Sent,
    Showing,
    Why,
    edition,
    showing,
    wall_key,
)
from data_access.changes import Writer
from data_access.clock import read_clock
from data_access.queries.event_members import SCREEN_ACCOUNT
from data_access.queries.operations import in_force
from data_access.tables import account, danger, scene, screen

_LOCK = 0x5343524E  # "SCRN": whoever derives last has seen what all others did
_USUAL_PIXELS = (3840, 2160)


def settle(writer: Writer, now: datetime | None = None) -> None:
    """Derive what each screen shows anew, and note those that changed.

    ``now``: the city's; the moment that the store's clock shows where it is not told.
    """
    lock(writer)
    query = select(screen).order_by(screen.c.id)
    rows = [dict(row) for row in writer.conn.execute(query).mappings()]
    if not rows:
        return
    known, running = offers(writer.conn), in_force(writer.conn)
    if now is None:
        now = read_clock(writer.conn).at(datetime.now(UTC))
    acute = dangers(writer.conn, now)
    rooms = rooms_of(writer.conn)
    for row in rows:
        place = place_of(row, rooms.get(row["id"], ()))
        _show(writer, row, showing(place, running, known, acute), now)


def lock(writer: Writer) -> None:
    """Keep others from deriving until this transaction ends."""
    if writer.conn.dialect.name == "postgresql":
        writer.conn.execute(text("SELECT pg_advisory_xact_lock(:k)"), {"k": _LOCK})


def dangers(conn: Connection, now: datetime) -> list[Danger]:
    """Give the dangers to life that screens tell: those not yet known first, then the newest."""
    query = select(danger).where(or_(danger.c.until.is_(None), danger.c.until > now))
    order = (danger.c.acknowledged_at.is_not(None), danger.c.since.desc(), danger.c.id)
    return [
        Danger(id=row.id, scope=row.scope, drill=bool(row.drill), told={"id": row.id, **row.told})
        for row in conn.execute(query.order_by(*order))
    ]


def offers(conn: Connection) -> list[Offer]:
    """Give the scenes of walls as far as choosing one goes."""
    query = select(scene).where(scene.c.screen_kind == "wall").order_by(scene.c.id)
    return [offer_of(dict(row)) for row in conn.execute(query).mappings()]


def offer_of(row: Mapping[str, Any]) -> Offer:
    """Give a scene's row as far as choosing it goes."""
    steps: Sequence[Mapping[str, Any]] = row["content"].get("steps") or ()
    walls = [frozenset(step.get("layouts") or ()) for step in steps]
    return Offer(
        id=row["id"],
        edition=edition(row["version"], row["content"]),
        purpose=row["purpose"],
        mode=row["mode"],
        scenario=row["scenario"],
        levels=tuple(row["levels"]),
        walls=frozenset.intersection(*walls) if walls else frozenset(),
        own=not row["content"].get("shipped"),
    )


def rooms_of(conn: Connection) -> dict[str, list[str]]:
    """Give the events of which each enrolled screen is a member, by the screen's id."""
    query = select(account.c.name, account.c.events).where(
        account.c.name.startswith(SCREEN_ACCOUNT, autoescape=True)
    )
    return {row.name.removeprefix(SCREEN_ACCOUNT): row.events for row in conn.execute(query)}


def place_of(row: Mapping[str, Any], rooms: Collection[str] = ()) -> Place:
    """Give a screen's row as far as choosing its scene goes; ``rooms``: its events as a member."""
    told, sent = row["geometry"], row["sent"]
    wide, high = told.get("pixels") or _USUAL_PIXELS
    return Place(
        id=row["id"],
        scope=row["scope"],
        wall=wall_key(int(told.get("rows") or 1), int(told.get("columns") or 1), wide / high),
        home=row["home"],
        event=row["event"],
        rooms=frozenset(rooms),
        released=frozenset(row["released"]),
        sent=sent
        and Sent(
            what=sent["what"],
            scene=sent.get("scene"),
            pinned=bool(sent.get("pinned")),
            target=sent.get("target") or {},
        ),
    )


def _show(writer: Writer, row: Mapping[str, Any], now_shows: Showing, now: datetime) -> None:
    sent = row["sent"] or {}
    by_hand = now_shows.why in (Why.SENT, Why.PINNED, Why.RECEPTION, Why.BLANK)
    values = {
        "scene": now_shows.scene,
        "edition": now_shows.edition,
        "why": str(now_shows.why),
        "pinned": bool(sent.get("pinned")),
        "target": dict(now_shows.target),
        "strip": [dict(told) for told in now_shows.strip],
        "by": sent.get("by") if by_hand else None,
        "drill": now_shows.drill,
    }
    if all(row[name] == value for name, value in values.items()):
        return
    same = all(row[name] == values[name] for name in ("scene", "why", "target", "by"))
    since = row["since"] if same else now
    statement = update(screen).where(screen.c.id == row["id"])
    writer.conn.execute(statement.values(since=since, **values))
    writer.changed("screens", row["id"], old_scope=row["scope"], new_scope=row["scope"])
