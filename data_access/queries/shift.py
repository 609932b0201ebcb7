"""The start of a shift, and the sheet with which it is handed over: what stands.

Each part is told with its count and at most so many of its rows, worst first; alerts of one cause
as one. What happened stands in ``shift_changes``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Table,
    and_,
    func,
    or_,
    select,
    true,
)

from dashboard.domain.jurisdictions import SEPARATOR
from dashboard.domain.operations import title
from data_access.alerts import book
from data_access.queries import duty as duties
from data_access.queries import operations, promises, visible
from data_access.queries.visible import Row, Sight
from data_access.tables import (
    alert,
    camera,
    case,
    category,
    feed,
    handover,
    place,
    station,
    warning,
)

SHOWN = 40
LATELY = timedelta(hours=12)
LAST_SHIFTS = timedelta(days=14)
SPEAKING = ("ok", "waiting")
_NAMED: Mapping[str, tuple[Table, str]] = {
    "stations": (station, "name"),
    "cameras": (camera, "name"),
    "places": (place, "name"),
    "feeds": (feed, "name"),
    "warnings": (warning, "headline"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Since:
    """A moment, and how it was found: handover, duty, or default."""

    at: datetime
    how: str


def last_shift_end(conn: Connection, *, account: str, name: str, now: datetime) -> Since:
    """When somebody last went off duty: handed over, else by the duty list."""
    query = select(func.max(handover.c.at)).where(
        handover.c.outgoing == account, handover.c.act == "handed", handover.c.at <= now
    )
    handed = conn.execute(query).scalar()
    if handed is not None:
        return Since(at=handed, how="handover")
    row = duties.of_person(conn, [account, name], before=now, reach=LAST_SHIFTS)
    if row is not None:
        return Since(at=row["ends_at"], how="duty")
    return Since(at=now - LATELY, how="default")


def shift_start(conn: Connection, *, account: str, name: str, now: datetime) -> Since:
    """When the shift of somebody began: taken over, else by the duty list."""
    on = [
        row for row in duties.on_duty(conn, now) if account == row["account"] or name == row["name"]
    ]
    query = select(func.max(handover.c.at)).where(
        handover.c.incoming == account, handover.c.act == "handed", handover.c.at <= now
    )
    taken = conn.execute(query).scalar()
    starts = max((row["starts_at"] for row in on), default=None)
    if taken is not None and (starts is None or taken >= starts - LATELY):
        return Since(at=taken, how="handover")
    if starts is not None:
        return Since(at=starts, how="duty")
    return Since(at=now - LATELY, how="default")


def state(conn: Connection, *, sight: Sight, now: datetime, real_now: datetime) -> dict[str, Any]:
    """What stands: operations, alerts, promises, feeds down, warnings, who is on duty."""
    return {
        "operations": in_force(conn, sight=sight),
        "alerts": _alerts(conn, sight),
        "promises": _promises(conn, sight, now),
        "feeds": _feeds_down(conn, sight, real_now),
        "warnings": _warnings(conn, sight, now),
        "duty": duties.seen_by(duties.on_duty(conn, now), sight),
    }


def in_force(conn: Connection, *, sight: Sight) -> list[dict[str, Any]]:
    """The operations in force that act on what the reader sees."""
    told = []
    for it in operations.in_force(conn):
        acts_here = any(_touch(it.area, own) for own in sight.scopes) or it.id in sight.events
        if not acts_here:
            continue
        words = title(
            kind=it.kind, level=it.level, scenario=it.scenario, issuer_told=it.issuer, name=it.name
        )
        told.append(
            {
                "id": it.id,
                "title": [words.zh, words.en],
                "level": it.level,
                "drill": it.drill,
                "effective_at": it.effective_at,
            }
        )
    return told


def page(conn: Connection, *, sight: Sight, limit: int, after: int | None = None) -> list[Row]:
    """Hand-overs, newest first, without their sheets."""
    told = [column for column in handover.c if column.name != "sheet"]
    query = select(*told).where(visible.seen(handover.c.scope, handover.c.event, sight))
    if after is not None:
        query = query.where(handover.c.id < after)
    return visible.rows(conn, query.order_by(handover.c.id.desc()).limit(limit))


def find(conn: Connection, *, handover_id: int, sight: Sight) -> Row | None:
    """One hand-over with its sheet."""
    seen = visible.seen(handover.c.scope, handover.c.event, sight)
    found = visible.rows(conn, select(handover).where(handover.c.id == handover_id, seen))
    return found[0] if found else None


def names(conn: Connection, subjects: Sequence[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """What things are called, by topic and id; a case by its matter and address."""
    found: dict[tuple[str, str], str] = {}
    for topic, (table, column) in _NAMED.items():
        ids = [name for kind, name in subjects if kind == topic]
        if ids:
            query = select(table.c.id, table.c[column]).where(table.c.id.in_(ids))
            found |= {(topic, row[0]): str(row[1]) for row in conn.execute(query)}
    ids = [name for kind, name in subjects if kind == "cases"]
    if ids:
        matters = {
            (row.kind, row.code): row.name
            for row in conn.execute(
                select(category.c.kind, category.c.code, category.c.name).order_by(
                    category.c.list_version
                )
            )
        }
        told = select(case.c.id, case.c.kind, case.c.subcategory, case.c.address)
        for row in conn.execute(told.where(case.c.id.in_(ids))):
            matter = matters.get((row.kind, row.subcategory), row.subcategory)
            found["cases", row.id] = " · ".join(filter(None, (matter, row.address)))
    return found


# ── what stands ──────────────────────────────────────────────────────────────────────────────


def _alerts(conn: Connection, sight: Sight) -> dict[str, Any]:
    rules = book.current(conn).rules
    ours = [name for name, rule in rules.items() if rule.act == "acknowledge"]
    seen = and_(alert.c.live == true(), visible.seen(alert.c.scope, alert.c.event, sight))
    waiting = and_(
        seen,
        alert.c.acknowledged != true(),
        alert.c.shelved_until.is_(None),
        alert.c.rule.in_(ours),
    )
    shelved = and_(seen, alert.c.shelved_until.is_not(None))
    return {
        "unacknowledged": _waiting(conn, waiting, rules),
        "shelved": {
            "count": _number(conn, shelved),
            "items": _told(
                conn,
                select(alert)
                .where(shelved)
                .order_by(alert.c.shelved_until, alert.c.id)
                .limit(SHOWN),
                rules,
            ),
        },
    }


def _waiting(
    conn: Connection, which: ColumnElement[bool], rules: Mapping[str, Any]
) -> dict[str, Any]:
    """Tell alerts of one cause as one: the worst of each group, with how many wait in it."""
    worst = (alert.c.priority, alert.c.since, alert.c.id)
    place = func.row_number().over(partition_by=alert.c.group, order_by=worst)
    size = func.count().over(partition_by=alert.c.group)
    ranked = select(alert, place.label("place"), size.label("alerts")).where(which).subquery()
    found = (
        select(ranked)
        .where(ranked.c.place == 1)
        .order_by(ranked.c.priority, ranked.c.since, ranked.c.id)
        .limit(SHOWN)
    )
    groups = select(func.count(func.distinct(alert.c.group))).where(which)
    return {
        "count": _number(conn, which),
        "groups": int(conn.execute(groups).scalar_one()),
        "items": _told(conn, found, rules),
    }


def _number(conn: Connection, which: ColumnElement[bool]) -> int:
    return int(conn.execute(select(func.count()).select_from(alert).where(which)).scalar_one())


def _told(conn: Connection, query: Select[Any], rules: Mapping[str, Any]) -> list[dict[str, Any]]:
    rows = visible.rows(conn, query)
    called = names(conn, [(row["subject_topic"], row["subject_id"]) for row in rows])
    items = []
    for row in rows:
        rule = rules.get(row["rule"])
        subject = (row["subject_topic"], row["subject_id"])
        items.append(
            {
                **{name: row[name] for name in ("id", "priority", "active", "since", "owner")},
                **{name: row[name] for name in ("shelved_until", "value", "threshold", "called")},
                "rule": [rule.name, rule.name_en] if rule else [row["rule"], row["rule"]],
                "subject": {"topic": subject[0], "id": subject[1], "name": called.get(subject)},
                "jurisdiction": row["jurisdiction"],
                "group": row["group"],
                "alerts": row.get("alerts", 1),
            }
        )
    return items


def _promises(conn: Connection, sight: Sight, now: datetime) -> dict[str, Any]:
    rows = promises.page(conn, sight=sight, live=True)
    called = names(conn, [(row["subject_topic"], row["subject_id"]) for row in rows[:SHOWN]])
    items = [
        {
            **{name: row[name] for name in ("id", "version", "text", "promised_by", "by")},
            **{name: row[name] for name in ("made_at", "due_at")},
            "past_due": row["due_at"] < now,
            "subject": {
                "topic": row["subject_topic"],
                "id": row["subject_id"],
                "name": called.get((row["subject_topic"], row["subject_id"])),
            },
        }
        for row in rows[:SHOWN]
    ]
    return {"count": len(rows), "items": items}


def _feeds_down(conn: Connection, sight: Sight, real_now: datetime) -> list[dict[str, Any]]:
    query = select(feed).where(visible.seen(feed.c.scope, feed.c.event, sight)).order_by(feed.c.id)
    down = []
    for row in visible.rows(conn, query):
        silent = (
            row["state"] in SPEAKING
            and row["expect_s"] is not None
            and row["real_at"] is not None
            and (real_now - row["real_at"]).total_seconds() > row["expect_s"]
        )
        if silent or row["state"] == "failed":
            told = {name: row[name] for name in ("id", "name", "message", "city_at", "real_at")}
            down.append({**told, "state": "silent" if silent else row["state"]})
    return down


def _warnings(conn: Connection, sight: Sight, now: datetime) -> list[dict[str, Any]]:
    told = [
        warning.c[name]
        for name in ("id", "event", "colour", "headline", "sender", "effective_at", "expires_at")
    ]
    query = select(*told).where(
        warning.c.live == true(),
        visible.seen(warning.c.scope, None, sight),
        or_(warning.c.effective_at.is_(None), warning.c.effective_at <= now),
    )
    return visible.rows(conn, query.order_by(warning.c.effective_at.desc()).limit(SHOWN))


def _touch(one: str, other: str) -> bool:
    return one == other or one.startswith(other + SEPARATOR) or other.startswith(one + SEPARATOR)
