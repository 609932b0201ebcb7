"""What is said in an event's room: who is at a post, a zero report, a hazard and its state."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, insert, select, update

from dashboard.domain.events import hazards, reports
from dashboard.domain.events.things import MOST_NEEDED, Key, Kind
from dashboard.domain.events.versions import standing
from data_access.commands.event_room import By, Refused, Room, Stale
from data_access.queries import events as queries
from data_access.queries.live import iso
from data_access.tables import event_hazard, event_post, event_report, event_report_plan

MOST_FOUND = 10_000


def check_in(
    room: Room, post: str, present: int, by: By, *, note: str | None = None
) -> dict[str, Any]:
    """Say how many are at a post 到岗. Raises KeyError for one that does not stand."""
    if Key(Kind.POST, post) not in standing(
        queries.states(room.conn, operation_id=room.id), by.now
    ):
        raise KeyError(post)
    if not 0 <= present <= MOST_NEEDED:
        raise Refused("present", f"应为 0 至 {MOST_NEEDED}。")
    name = f"{room.id}/{post}"
    query = select(event_post.c.version).where(event_post.c.id == name)
    before = room.conn.execute(query).scalar()
    values = {"present": present, "checked_at": by.now, "by": by.name}
    row = {
        "id": name,
        "operation": room.id,
        "post": post,
        "version": (before or 0) + 1,
        **values,
        **room.marks,
    }
    if before is None:
        room.conn.execute(insert(event_post).values(**row))
    else:
        statement = update(event_post).where(event_post.c.id == name)
        room.conn.execute(statement.values(version=row["version"], **values))
    room.changed("event_posts", name)
    room.record("check-in", post, by, {"present": present, "note": note})
    return row


def plan_reports(room: Room, plan: reports.Plan, by: By) -> dict[str, Any]:
    """Say who reports and when. What was sent or was already due stays; the rest is made anew."""
    reports.check(plan)
    owed = (event_report.c.operation == room.id, event_report.c.sent_at.is_(None))
    ahead = (*owed, event_report.c.due_at > by.now)
    for name in room.conn.execute(select(event_report.c.id).where(*ahead)).scalars().all():
        room.changed("event_reports", name)
    room.conn.execute(delete(event_report).where(*ahead))
    kept = set(
        room.conn.execute(
            select(event_report.c.id).where(event_report.c.operation == room.id)
        ).scalars()
    )
    rows = [
        {
            "id": name,
            "operation": room.id,
            "reporter": reporter,
            "name": shown,
            "due_at": due_at,
            "sent_at": None,
            **room.marks,
        }
        for due_at in reports.due_times(plan)
        for reporter, shown in plan.reporters
        if (name := f"{room.id}/{reporter}/{iso(due_at)}") not in kept
    ]
    if rows:
        room.conn.execute(insert(event_report), rows)
    for row in rows:
        room.changed("event_reports", str(row["id"]))
    made = _keep_plan(room, plan)
    told = {"every_h": plan.every_h, "reporters": [list(it) for it in plan.reporters]}
    room.record("report-plan", room.id, by, told)
    return made


def send_report(
    room: Room, reporter: str, found: int, by: By, *, note: str | None, due_at: datetime | None
) -> dict[str, Any]:
    """Send a zero report for the moment at which it was due: the earliest owed, unless told.

    ``found`` 0 is 无事. Raises KeyError where nothing is owed, Stale for one that was sent.
    """
    if not 0 <= found <= MOST_FOUND:
        raise Refused("found", f"应为 0 至 {MOST_FOUND}。")
    if found and not note:
        raise Refused("note", "有事须写明情况。")
    plan = queries.report_plan(room.conn, operation_id=room.id)
    mine = (event_report.c.operation == room.id, event_report.c.reporter == reporter)
    rows = [dict(row) for row in room.conn.execute(select(event_report).where(*mine)).mappings()]
    if plan is None or not rows:
        raise KeyError(reporter)
    if due_at is None:
        due_at = reports.answers([it["due_at"] for it in rows if it["sent_at"] is None])
    row = next((it for it in rows if it["due_at"] == due_at), None)
    if row is None:
        raise Refused("due_at", "没有此时应报的报告。")
    if row["sent_at"] is not None:
        raise Stale(row)
    if reports.too_early(row["due_at"], plan["every_h"], by.now):
        raise Refused("due_at", "尚未到报告时段。")
    values = {"sent_at": by.now, "by": by.name, "found": found, "note": note}
    statement = update(event_report).where(event_report.c.id == row["id"])
    room.conn.execute(statement.values(**values))
    room.changed("event_reports", row["id"])
    room.record(
        "report", reporter, by, {"due_at": iso(row["due_at"]), "found": found, "note": note}
    )
    return {**row, **values}


def add_hazard(
    room: Room,
    by: By,
    *,
    what: str,
    unit: str,
    zone: str | None,
    position: Sequence[float] | None,
    due_at: datetime | None,
) -> dict[str, Any]:
    """Enter a hazard 隐患. Raises Refused for a zone that does not stand."""
    held = standing(queries.states(room.conn, operation_id=room.id), by.now)
    if zone is not None and Key(Kind.ZONE, zone) not in held:
        raise Refused("zone", f"没有区域 {zone[:60]}。")
    if due_at is not None and due_at <= by.now:
        raise Refused("due_at", "整改时限须在未来。")
    last = select(func.max(event_hazard.c.n)).where(event_hazard.c.operation == room.id)
    number = (room.conn.execute(last).scalar() or 0) + 1
    row = {
        "id": f"{room.id}/{number}",
        "operation": room.id,
        "n": number,
        "version": 1,
        "what": what,
        "zone": zone,
        "unit": unit,
        "lon": None if position is None else position[0],
        "lat": None if position is None else position[1],
        "state": hazards.State.OPEN,
        "due_at": due_at,
        "found_at": by.now,
        "found_by": by.name,
        "state_at": by.now,
        "state_by": by.name,
        "note": None,
        **room.marks,
    }
    room.conn.execute(insert(event_hazard).values(**row))
    room.changed("event_hazards", row["id"])
    room.record("hazard", row["id"], by, {"what": what, "unit": unit, "zone": zone})
    return row


def turn_hazard(
    room: Room, number: int, state: str, by: By, *, note: str | None, version: int | None
) -> dict[str, Any]:
    """Say where a hazard stands. Raises KeyError, Stale, Refused."""
    query = select(event_hazard).where(
        event_hazard.c.operation == room.id, event_hazard.c.n == number
    )
    found = room.conn.execute(query).mappings().first()
    if found is None:
        raise KeyError(number)
    row = {str(name): value for name, value in found.items()}
    if version not in (None, row["version"]) or row["state"] == state:
        raise Stale(row)
    if hazards.needs_note(row["state"], state) and not note:
        raise Refused("note", "销号或恢复须写明说明。")
    values = {
        "state": state,
        "state_at": by.now,
        "state_by": by.name,
        "note": note,
        "version": row["version"] + 1,
    }
    statement = update(event_hazard).where(event_hazard.c.id == row["id"])
    room.conn.execute(statement.values(**values))
    room.changed("event_hazards", row["id"])
    room.record("hazard-state", row["id"], by, {"state": state, "note": note})
    return {**row, **values}


def _keep_plan(room: Room, plan: reports.Plan) -> dict[str, Any]:
    query = select(event_report_plan.c.version).where(event_report_plan.c.operation == room.id)
    before = room.conn.execute(query).scalar()
    row = {
        "operation": room.id,
        "version": (before or 0) + 1,
        "every_h": plan.every_h,
        "starts_at": plan.starts_at,
        "ends_at": plan.ends_at,
        "reporters": [list(it) for it in plan.reporters],
    }
    if before is None:
        room.conn.execute(insert(event_report_plan).values(**row))
    else:
        statement = update(event_report_plan).where(event_report_plan.c.operation == room.id)
        room.conn.execute(statement.values(**row))
    return row
