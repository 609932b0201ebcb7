"""What happened since a moment, as the start of a shift and its sheet tell it.

Cases are counted within the live working set or by an index, never by walking the archive; of the
audit only the newest lines are looked at.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, false, func, select, true

from dashboard.domain.cases import ANSWERED, Stage, is_overdue
from data_access.queries import promises, visible
from data_access.queries.shift import SHOWN, names
from data_access.queries.visible import Sight
from data_access.tables import alert, alert_record, audit, case, place, place_record

ACTS_LOOKED_AT = 20_000
ACTS = (
    *("acknowledge", "own", "shelve", "unshelve", "alert-acknowledge", "alert-own"),
    "alert-transfer",
    *("alert-shelve", "alert-unshelve", "case-enter", "case-urge", "case-supervise", "case-call"),
    *("place-state", "promise", "promise-keep", "call-phoned", "call-answer", "handover"),
    *("handover-put-off", "operation-start", "operation-level", "operation-end"),
    *("operation-revoke", "operation-confirm", "send", "arrange"),
)
"""Acts of the audit that one who takes over is told of."""


def changes(
    conn: Connection, *, sight: Sight, since: datetime, now: datetime, but: str | None
) -> dict[str, Any]:
    """What happened since a moment; acts are those of others than ``but``."""
    return {
        "cases": _case_changes(conn, sight, since, now),
        "alerts": _alert_changes(conn, sight, since),
        "places": _place_changes(conn, sight, since),
        "promises_kept": len(promises.page(conn, sight=sight, kept_since=since)),
        "acts": _acts(conn, sight, since, but),
    }


def _case_changes(conn: Connection, sight: Sight, since: datetime, now: datetime) -> dict[str, int]:
    seen = visible.seen(case.c.scope, case.c.event, sight)
    counts = {
        "new": and_(case.c.known_at >= since, case.c.reported_at >= since, seen),
        "closed": and_(
            case.c.live.in_((True, False)),  # the index begins with it
            case.c.ended_at >= since,
            case.c.stage == Stage.CLOSED,
            seen,
        ),
    }
    told = {
        name: int(conn.execute(select(func.count()).select_from(case).where(which)).scalar_one())
        for name, which in counts.items()
    }
    past = and_(case.c.live == true(), case.c.stage.not_in(ANSWERED), case.c.due_at < now, seen)
    found = conn.execute(select(case.c.stage, case.c.due_at, case.c.marks).where(past)).all()
    late = [row.due_at for row in found if is_overdue(row.stage, row.due_at, now, row.marks)]
    return told | {"overdue": len(late), "overdue_since": sum(due_at >= since for due_at in late)}


def _alert_changes(conn: Connection, sight: Sight, since: datetime) -> dict[str, int]:
    query = (
        select(alert_record.c.act, func.count())
        .join_from(alert_record, alert, alert.c.id == alert_record.c.alert_id)
        .where(alert_record.c.at >= since, visible.seen(alert.c.scope, alert.c.event, sight))
        .group_by(alert_record.c.act)
    )
    return {act: int(number) for act, number in conn.execute(query)}


def _place_changes(conn: Connection, sight: Sight, since: datetime) -> list[dict[str, Any]]:
    """Tell how each place that changed stands now, the newest change first."""
    newest = func.row_number().over(
        partition_by=place.c.id, order_by=(place_record.c.known_at.desc(), place_record.c.n.desc())
    )
    found = (
        select(
            place.c.id,
            place.c.name,
            place_record.c.state,
            place_record.c.depth_cm,
            place_record.c.at,
            place_record.c.by,
            place_record.c.known_at,
            newest.label("newest"),
        )
        .join_from(place_record, place, place.c.id == place_record.c.place_id)
        .where(
            place_record.c.known_at >= since,
            place_record.c.n > 1,
            visible.seen(place.c.scope, place.c.event, sight),
        )
        .subquery()
    )
    told = [found.c[name] for name in ("id", "name", "state", "depth_cm", "at", "by")]
    query = select(*told).where(found.c.newest == 1).order_by(found.c.known_at.desc()).limit(SHOWN)
    return visible.rows(conn, query)


def _acts(conn: Connection, sight: Sight, since: datetime, but: str | None) -> dict[str, Any]:
    """Acts of others, none of a drill; only the newest lines of the audit are looked at."""
    newest = select(func.coalesce(func.max(audit.c.id), 0) - ACTS_LOOKED_AT).scalar_subquery()
    which = [
        audit.c.id > newest,
        audit.c.city_at >= since,
        audit.c.act.in_(ACTS),
        audit.c.drill == false(),
        visible.seen(audit.c.scope, audit.c.event, sight),
    ]
    if but is not None:
        which.append(audit.c.actor != but)
    number = conn.execute(select(func.count()).select_from(audit).where(*which)).scalar_one()
    told = [audit.c[name] for name in ("id", "actor", "act", "subject", "detail", "city_at")]
    rows = visible.rows(conn, select(*told).where(*which).order_by(audit.c.id.desc()).limit(SHOWN))
    about = {row["id"]: _about(row["act"], row["subject"], row.pop("detail")) for row in rows}
    called = names(conn, [it for it in about.values() if it is not None])
    for row in rows:
        subject = about[row["id"]]
        row["about"] = None if subject is None else called.get(subject, subject[1])
    return {"count": int(number), "items": rows}


def _about(act: str, subject: str | None, detail: Mapping[str, Any]) -> tuple[str, str] | None:
    """The thing that an act was about, where it was about one."""
    told = str(detail.get("about") or detail.get("subject") or "")
    if "/" not in told and subject is not None:
        topic = {"case": "cases", "place": "places"}.get(act.partition("-")[0])
        told = f"{topic}/{subject}" if topic else ""
    topic, _, name = told.partition("/")
    return (topic, name) if name else None
