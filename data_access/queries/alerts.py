"""Alerts: lists, as they stand or as they stood at a moment; one with its record and its values."""

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, and_, func, select, true

from data_access.queries import history, visible
from data_access.tables import alert, alert_record, place_record

BEFORE = timedelta(hours=3)
LONGEST = timedelta(hours=48)
POINTS = 120


class AlertFile(NamedTuple):
    """An alert, its record in order, and the values behind it as (moment, value)."""

    alert: visible.Row
    record: list[visible.Row]
    chart: list[tuple[datetime, float]]


def page(
    conn: Connection,
    *,
    ask: visible.Ask,
    as_of: datetime | None = None,
    live: bool | None = None,
    group: str | None = None,
) -> list[visible.Row]:
    """A page of alerts by id; with ``as_of`` each as it then stood.

    Who sees an alert is decided by where it belongs now, and so is its group.
    """
    if as_of is not None:
        return [_as_it_stood(row) for row in visible.rows(conn, _known(ask, as_of, live, group))]
    query = visible.of_table(alert, ask)
    if live is not None:
        query = query.where(alert.c.live == true() if live else alert.c.live != true())
    if group is not None:
        query = query.where(alert.c.group == group)
    return visible.rows(conn, query)


def find(
    conn: Connection, *, alert_id: str, sight: visible.Sight, now: datetime
) -> AlertFile | None:
    """An alert with its record, or None where there is none that the reader may see."""
    query = select(alert).where(
        alert.c.id == alert_id, visible.seen(alert.c.scope, alert.c.event, sight.whole)
    )
    row = next(iter(visible.rows(conn, query)), None)
    if row is None:
        return None
    record = select(alert_record).where(alert_record.c.alert_id == alert_id)
    return AlertFile(
        row, visible.rows(conn, record.order_by(alert_record.c.n)), _chart(conn, row, now)
    )


def ended(
    conn: Connection, *, topic: str, subject: str, sight: visible.Sight, limit: int
) -> list[visible.Row]:
    """The alerts of a subject that are over, the last to end first.

    Each with who acknowledged it last and when; both None where nobody had to.
    """
    over = select(alert).where(
        alert.c.subject_topic == topic,
        alert.c.subject_id == subject,
        alert.c.live != true(),
        visible.seen(alert.c.scope, alert.c.event, sight),
    )
    found = visible.rows(conn, over.order_by(alert.c.cleared_at.desc(), alert.c.id).limit(limit))
    columns = alert_record.c
    acts = select(columns.alert_id, columns.by, columns.at, columns.note).where(
        columns.alert_id.in_([row["id"] for row in found]),
        columns.act.in_(("acknowledged", "transferred")),
    )
    last = {row.alert_id: row for row in conn.execute(acts.order_by(columns.n))}
    for row in found:
        by = last.get(row["id"])
        row["acknowledged_by"], row["acknowledged_at"], row["acknowledged_note"] = (
            (None, None, None) if by is None else (by.by, by.at, by.note)
        )
    return found


def seen_ids(conn: Connection, *, ids: list[str], sight: visible.Sight) -> set[str]:
    """Those of ``ids`` that the reader may see."""
    query = select(alert.c.id).where(
        alert.c.id.in_(ids), visible.seen(alert.c.scope, alert.c.event, sight.whole)
    )
    return set(conn.execute(query).scalars())


def _chart(conn: Connection, row: visible.Row, now: datetime) -> list[tuple[datetime, float]]:
    """Give what the subject measured from some hours before the alert until it ended, or now."""
    factor = (row["evidence"] or {}).get("factor")
    if not isinstance(factor, str):
        return []
    until = now if row["cleared_at"] is None else min(now, row["cleared_at"] + BEFORE)
    after = max(row["since"] - BEFORE, until - LONGEST)
    if row["subject_topic"] == "places":
        query = select(place_record.c.at, place_record.c.depth_cm).where(
            place_record.c.place_id == row["subject_id"],
            place_record.c.at > after,
            place_record.c.at <= until,
            place_record.c.depth_cm.is_not(None),
        )
        return [(at, value) for at, value in conn.execute(query.order_by(place_record.c.at))]
    found = history.line(
        conn,
        station_id=row["subject_id"],
        factor=factor,
        after=after,
        until=until,
        points=POINTS,
    )
    pairs = zip(found.at, found.value.tolist(), strict=True)
    return [
        (datetime.fromtimestamp(float(at), until.tzinfo), value)
        for at, value in pairs
        if value == value  # noqa: PLR0124 - a gap is not a number
    ]


def _known(ask: visible.Ask, as_of: datetime, live: bool | None, group: str | None) -> Select[Any]:
    """Select the newest line of each alert's record up to ``as_of``."""
    older = alert_record.alias("older")
    newest = (
        select(func.max(older.c.n))
        .where(older.c.alert_id == alert.c.id, older.c.at <= as_of)
        .scalar_subquery()
    )
    query = (
        select(alert, alert_record.c.detail.label("detail"))
        .select_from(alert)
        .join(alert_record, and_(alert_record.c.alert_id == alert.c.id, alert_record.c.n == newest))
        .where(visible.seen(alert.c.scope, alert.c.event, ask.sight))
    )
    if live is not None:
        state = alert_record.c.detail["state"]["live"].as_boolean()
        query = query.where(state == true() if live else state != true())
    if group is not None:
        query = query.where(alert.c.group == group)
    if ask.after is not None:
        query = query.where(alert.c.id > ask.after[0])
    if ask.bbox is not None:
        query = query.where(visible.inside(alert.c.lon, alert.c.lat, ask.bbox))  # type: ignore[arg-type]
    return query.order_by(alert.c.id).limit(min(ask.limit, visible.MAX_ROWS))


def _as_it_stood(row: visible.Row) -> visible.Row:
    detail = row.pop("detail")
    return {**row, **detail["state"]}
