"""What the desk's performance is measured by: lines of alerts' records, and what stands now."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select

from dashboard.domain.performance import Line, Standing
from data_access.queries.drills import real
from data_access.queries.visible import Sight, seen
from data_access.tables import alert, alert_record

MOST = 100_000
"""Lines that are looked at: the newest, where a span has more."""
BEFORE = timedelta(hours=24)
"""How long before the span an alert may have been raised that was acknowledged within it."""
ACTS = ("raised", "returned", "acknowledged")


def began(conn: Connection) -> datetime | None:
    """Say since when alerts are kept at all; a drill's are of no account."""
    query = select(func.min(alert_record.c.at)).where(
        select(alert.c.id).where(alert.c.id == alert_record.c.alert_id, real(alert)).exists()
    )
    first: datetime | None = conn.execute(query).scalar()
    return first


def lines(
    conn: Connection, *, sight: Sight, since: datetime, until: datetime
) -> tuple[Sequence[Line], bool]:
    """Give the lines of the desk's alerts in the order of time, and whether there were more."""
    query = (
        select(
            alert_record.c.alert_id,
            alert_record.c.act,
            alert_record.c.at,
            alert.c.rule,
            alert.c.subject_topic,
            alert.c.subject_id,
            alert.c.priority,
        )
        .join(alert, alert.c.id == alert_record.c.alert_id)
        .where(
            alert_record.c.at >= since - BEFORE,
            alert_record.c.at <= until,
            alert_record.c.act.in_(ACTS),
            alert.c.department.is_(None),
            seen(alert.c.scope, alert.c.event, sight),
        )
        .order_by(alert_record.c.at.desc(), alert_record.c.alert_id, alert_record.c.n.desc())
        .limit(MOST + 1)
    )
    rows = conn.execute(query).all()
    found = [
        Line(
            alert=row.alert_id,
            act=row.act,
            at=row.at,
            rule=row.rule,
            subject=(row.subject_topic, row.subject_id),
            priority=row.priority,
        )
        for row in reversed(rows[:MOST])
    ]
    return found, len(rows) > MOST


def standing(conn: Connection, *, sight: Sight) -> Sequence[Standing]:
    """Give the desk's alerts that are active, wait, or are shelved."""
    query = (
        select(alert)
        .where(
            alert.c.live,
            alert.c.department.is_(None),
            seen(alert.c.scope, alert.c.event, sight),
        )
        .order_by(alert.c.since)
        .limit(MOST)
    )
    return [
        Standing(
            alert=row.id,
            rule=row.rule,
            subject=(row.subject_topic, row.subject_id),
            priority=row.priority,
            since=row.since,
            active=row.active,
            acknowledged=row.acknowledged,
            shelved=row.shelved_until is not None,
        )
        for row in conn.execute(query)
    ]
