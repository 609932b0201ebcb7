"""What the desk asks before it acts: whom it reaches, what is open near by, what became of it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, true

from dashboard.domain.cases import TERMINAL
from dashboard.domain.command_models import Recipient, Seat, model_of, recipients
from dashboard.domain.jurisdictions import ids
from dashboard.domain.matters import alike
from data_access import matters
from data_access.queries import duty, visible
from data_access.queries.nearby import around, metres
from data_access.tables import (
    case,
    case_caller,
    case_event,
    city,
    jurisdiction,
    outbox,
    place_record,
    unit,
)

_NEAR = (
    *("id", "version", "kind", "subcategory", "stage", "marks", "address", "description"),
    *("lon", "lat", "jurisdiction", "unit", "reported_at", "due_at"),
)


def chain(conn: Connection, scope: str) -> list[Seat]:
    """The jurisdictions of a scope path, city first."""
    wanted = ids(scope)
    query = select(
        jurisdiction.c.id, jurisdiction.c.name, jurisdiction.c.level, jurisdiction.c.command_model
    ).where(jurisdiction.c.id.in_(wanted))
    found = {
        row.id: Seat(row.id, row.name, row.level, row.command_model) for row in conn.execute(query)
    }
    if wanted[0] not in found:
        name = conn.execute(select(city.c.name).where(city.c.id == wanted[0])).scalar()
        if name is not None:
            found[wanted[0]] = Seat(wanted[0], name, "city")
    return [found[name] for name in wanted if name in found]


def model(conn: Connection, *, scope: str) -> str | None:
    """The command model in force at a scope path."""
    return model_of(chain(conn, scope))


def reached(conn: Connection, *, of: Mapping[str, Any]) -> tuple[Recipient, ...]:
    """Whom an act about a case reaches, in their order."""
    query = select(unit.c.id, unit.c.name).where(unit.c.id == of["unit"])
    row = conn.execute(query).first() if of["unit"] else None
    seat = None if row is None else Seat(row.id, row.name, "unit")
    return recipients(chain(conn, of["scope"]), seat)


def contacts(
    conn: Connection, *, of: Sequence[Recipient], at: datetime
) -> dict[str, dict[str, str | None]]:
    """Who may be telephoned of those that an act reaches: a unit's office, a district's person."""
    units = select(unit.c.id, unit.c.phone).where(unit.c.id.in_([one.id for one in of]))
    found: dict[str, dict[str, str | None]] = {
        row.id: {"name": None, "phone": row.phone} for row in conn.execute(units) if row.phone
    }
    for one in of:
        if one.level == "unit":
            continue
        for row in duty.on_duty(conn, at, jurisdiction=one.id):
            if row["jurisdiction"] == one.id:
                found.setdefault(one.id, {"name": row["name"], "phone": row["phone"]})
    return found


def open_near(
    conn: Connection,
    *,
    kind: str,
    subcategory: str,
    lon: float,
    lat: float,
    sight: visible.Sight,
    within_m: float,
    limit: int,
) -> list[visible.Row]:
    """Open cases near by of the same matter or one like it; the likest first, then the nearest."""
    query = (
        select(*(case.c[name] for name in _NEAR))
        .where(case.c.live == true(), case.c.stage.not_in(sorted(TERMINAL)))
        .where(visible.seen(case.c.scope, case.c.event, sight))
        .where(around(case, lon, lat, within_m))
    )
    classes = matters.class_of(conn, kind=kind)
    mine = classes.get(subcategory)
    common = matters.of_city(conn)
    found = []
    for row in visible.rows(conn, query):
        row["distance_m"] = metres(row, lon, lat)
        row["alike"] = alike(
            common,
            f"{kind}/{subcategory}",
            f"{row['kind']}/{row['subcategory']}",
            same_class=row["kind"] == kind
            and mine is not None
            and classes.get(row["subcategory"]) == mine,
        )
        if row["alike"] and row["distance_m"] <= within_m:
            found.append(row)
    found.sort(key=lambda row: (-row["alike"], row["distance_m"], row["id"]))
    return found[:limit]


def acts(conn: Connection, *, case_id: str) -> list[visible.Row]:
    """The desk's acts about a case, the newest first, and what became of their messages."""
    query = (
        select(
            case_event.c.n,
            case_event.c.kind,
            case_event.c.code,
            case_event.c.at,
            case_event.c.by,
            case_event.c.note,
            case_event.c.until,
            case_event.c.detail,
        )
        .where(
            case_event.c.case_id == case_id,
            case_event.c.detail.is_not(None),
            case_event.c.kind != "treatment",  # an operation's, told in the record
        )
        .order_by(case_event.c.n.desc())
    )
    found = visible.rows(conn, query)
    sent = _deliveries(
        conn, [row["detail"]["message"] for row in found if (row["detail"] or {}).get("message")]
    )
    for row in found:
        detail = row.pop("detail") or {}
        row["recipients"] = detail.get("recipients", [])
        row["delivery"] = sent.get(detail.get("message", ""))
    return found


def callers(conn: Connection, *, case_id: str) -> list[visible.Row]:
    """Who called about a case, the first one first; their numbers in full."""
    query = select(
        case_caller.c.n, case_caller.c.name, case_caller.c.phone, case_caller.c.at, case_caller.c.by
    ).where(case_caller.c.case_id == case_id)
    return visible.rows(conn, query.order_by(case_caller.c.n))


def place_states(conn: Connection, *, place_id: str, limit: int) -> list[visible.Row]:
    """The states that a place was in, the newest first."""
    query = (
        select(place_record)
        .where(place_record.c.place_id == place_id)
        .order_by(place_record.c.n.desc())
        .limit(limit)
    )
    return visible.rows(conn, query)


def _deliveries(conn: Connection, messages: Sequence[str]) -> dict[str, dict[str, Any]]:
    if not messages:
        return {}
    query = select(outbox.c.id, outbox.c.state, outbox.c.reason, outbox.c.attempts).where(
        outbox.c.id.in_(messages)
    )
    return {
        row.id: {"id": row.id, "state": row.state, "reason": row.reason, "attempts": row.attempts}
        for row in conn.execute(query)
    }
