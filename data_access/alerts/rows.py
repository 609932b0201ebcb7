"""How an alert's row and its record change: raised, returned, escalated, eased, cleared, grouped.

The engine decides by what it remembers; here each row is locked, read as it now stands, and only
then changed, so that what a person did meanwhile is never lost. Rows are locked in the order of
their ids, as every command does.
"""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, select, update

from dashboard.domain.alerts import is_live
from dashboard.domain.alerts.phase import Judgement
from dashboard.domain.alerts.rules import Rule
from data_access.alerts.facts import Subject
from data_access.bulk import insert_rows
from data_access.changes import Writer
from data_access.tables import alert, alert_record

STATE = (
    *("rule", "priority", "active", "acknowledged", "transferred", "owner", "shelved_until"),
    "since",
    *("cleared_at", "value", "threshold", "version", "live"),
)
"""What a record's line keeps of the alert as it then stood."""

_CHUNK = 500

Key = tuple[str, str, str]
"""Family, topic and id of the subject: of these there is one alert at a time."""


@dataclass(slots=True)
class Turn:
    """What becomes of one alert: ``rule`` None clears it.

    ``alert_id``: the row that stands for the key, if the engine knows one.
    """

    key: Key
    alert_id: str | None
    rule: Rule | None
    judgement: Judgement | None
    since: datetime
    subject: Subject | None
    group: tuple[str, bool] | None = None
    act: str | None = None  # escalated or eased, where another rule stood for it


def id_of(key: Key, since: datetime) -> str:
    """Give the id of an occurrence: the same again for the same, and good in an address."""
    told = "\x00".join((*key, since.astimezone(UTC).isoformat()))
    digest = hashlib.blake2b(told.encode("utf-8", "surrogateescape"), digest_size=10).digest()
    return "a" + base64.b32encode(digest).decode().lower()


def turn(
    writer: Writer,
    turns: Sequence[Turn],
    regrouped: Mapping[str, tuple[str, bool]],
    *,
    now: datetime,
    rule_version: int,
    latches: Mapping[str, bool],
    also: Sequence[str] = (),
) -> dict[Key, dict[str, Any]]:
    """Carry out ``turns`` and write ``regrouped`` (alert's id → group, cause).

    Gives the rows of the alerts turned. ``latches``: by rule, whether a cleared alert still waits;
    ``also``: rows that the transaction will change later, locked with the others.
    """
    conn = writer.conn
    wanted = {it.alert_id for it in turns if it.alert_id} | set(regrouped) | set(also)
    wanted |= {id_of(it.key, it.since) for it in turns if it.rule is not None}
    rows = locked(conn, wanted)
    numbers = last_numbers(conn, [it for it in wanted if it in rows])
    new: list[dict[str, Any]] = []
    made: set[str] = set()
    changed: dict[str, dict[str, Any]] = {}
    records: list[dict[str, Any]] = []
    turned: dict[Key, dict[str, Any]] = {}
    for it in turns:
        row, act = _turned(it, rows, now, rule_version, latches)
        if row is None:
            continue
        turned[it.key] = row
        if row["id"] in made:
            pass
        elif row["id"] in rows:
            changed[row["id"]] = row
        else:
            rows[row["id"]] = row
            made.add(row["id"])
            new.append(row)
        number = numbers[row["id"]] = numbers.get(row["id"], 0) + 1
        records.append(record_of(row, number, act, now, detail=_detail(it)))
    for name, (group, cause) in regrouped.items():
        row = rows.get(name)
        if row is not None and (row["group"], row["cause"]) != (group, cause):
            row["group"], row["cause"] = group, cause
            if name not in made:
                changed[name] = row
    insert_rows(conn, alert, new)
    write_rows(conn, [changed[name] for name in sorted(changed)])
    insert_rows(conn, alert_record, records)
    for row in new:
        tell(writer, row, new=True)
    for row in changed.values():
        tell(writer, row)
    return turned


def locked(conn: Connection, ids: Any) -> dict[str, dict[str, Any]]:
    """Give rows by their ids as they now stand, kept from others until the transaction ends."""
    ordered = sorted(ids)
    found: dict[str, dict[str, Any]] = {}
    for start in range(0, len(ordered), _CHUNK):
        query = select(alert).where(alert.c.id.in_(ordered[start : start + _CHUNK]))
        query = query.order_by(alert.c.id)
        if conn.dialect.name == "postgresql":
            query = query.with_for_update()
        for row in conn.execute(query):
            # A name that SQL quotes is no plain text, and no key of JSON.
            found[row.id] = {str(name): value for name, value in row._mapping.items()}
    return found


def last_numbers(conn: Connection, ids: Sequence[str]) -> dict[str, int]:
    """Give the number of the last line of each alert's record."""
    found: dict[str, int] = {}
    for start in range(0, len(ids), _CHUNK):
        query = (
            select(alert_record.c.alert_id, func.max(alert_record.c.n))
            .where(alert_record.c.alert_id.in_(ids[start : start + _CHUNK]))
            .group_by(alert_record.c.alert_id)
        )
        found |= {name: int(number) for name, number in conn.execute(query)}
    return found


def write_rows(conn: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write rows over those of the same id."""
    if not rows:
        return
    names = [name for name in rows[0] if name != "id"]
    statement = (
        update(alert)
        .where(alert.c.id == bindparam("the_id"))
        .values({alert.c[name]: bindparam(f"new_{name}") for name in names})
    )
    conn.execute(
        statement,
        [{"the_id": row["id"]} | {f"new_{name}": row[name] for name in names} for row in rows],
    )


def record_of(
    row: Mapping[str, Any],
    number: int,
    act: str,
    now: datetime,
    *,
    by: str | None = None,
    note: str | None = None,
    detail: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Make one line of an alert's record, with the alert as it stands after the act."""
    state = {name: _plain(row[name]) for name in STATE}
    return {
        "alert_id": row["id"],
        "n": number,
        "at": now,
        "real_at": datetime.now(UTC),
        "act": act,
        "by": by,
        "note": note,
        "detail": {**(detail or {}), "state": state},
    }


def tell(writer: Writer, row: Mapping[str, Any], *, new: bool = False) -> None:
    """Say that a row changed, or is new."""
    scope = row["scope"]
    writer.changed(
        "alerts",
        row["id"],
        old_scope=None if new else scope,
        new_scope=scope,
        drill=bool(row["drill"]),
    )


def _turned(
    it: Turn,
    rows: Mapping[str, dict[str, Any]],
    now: datetime,
    rule_version: int,
    latches: Mapping[str, bool],
) -> tuple[dict[str, Any] | None, str]:
    row = rows.get(it.alert_id) if it.alert_id else None
    if it.rule is None:
        if row is None or not row["active"]:
            return None, ""
        row["active"], row["cleared_at"] = False, now
        row["version"] += 1
        row["live"] = is_live(
            active=False,
            acknowledged=row["acknowledged"],
            shelved=row["shelved_until"] is not None,
            latch=latches.get(row["rule"], False),
        )
        return row, "cleared"
    if row is None or not (row["live"] or row["active"]):
        row = rows.get(id_of(it.key, it.since))
    if row is None:
        return _new(it, rule_version), "raised"
    if row["active"]:
        if row["rule"] == it.rule.id:
            return None, ""
        act = it.act or "eased"
        if act == "escalated":
            row["acknowledged"] = row["transferred"] = False
    else:
        act = "returned"
        row |= {"active": True, "acknowledged": False, "transferred": False}
        row |= {"cleared_at": None, "since": it.since}
    row |= _tripped(it, rule_version)
    row["live"] = True
    row["version"] += 1
    return row, act


def _new(it: Turn, rule_version: int) -> dict[str, Any]:
    subject = it.subject
    assert subject is not None
    group, cause = it.group or (f"{it.key[0]}/{it.key[1]}/{it.key[2]}", True)
    return {
        "id": id_of(it.key, it.since),
        "version": 1,
        "subject_topic": it.key[1],
        "subject_id": it.key[2],
        "group": group,
        "cause": cause,
        "active": True,
        "acknowledged": False,
        "transferred": False,
        "owner": None,
        "shelved_until": None,
        "since": it.since,
        "cleared_at": None,
        "lon": subject.lon,
        "lat": subject.lat,
        "jurisdiction": subject.jurisdiction,
        "called": 0,
        "live": True,
        "scope": subject.scope,
        "event": subject.event,
        "drill": subject.drill,
        **_tripped(it, rule_version),
    }


def _tripped(it: Turn, rule_version: int) -> dict[str, Any]:
    rule, told = it.rule, it.judgement
    assert rule is not None
    return {
        "rule": rule.id,
        "rule_version": rule_version,
        "priority": rule.priority,
        "department": rule.department,
        "value": None if told is None else told.value,
        "threshold": None if told is None else told.threshold,
        "evidence": {} if told is None else dict(told.evidence),
    }


def _detail(it: Turn) -> dict[str, Any]:
    if it.rule is None:
        return dict(it.judgement.evidence) if it.judgement is not None else {}
    return {"rule": it.rule.id, **_tripped_short(it)}


def _tripped_short(it: Turn) -> dict[str, Any]:
    told = it.judgement
    if told is None:
        return {}
    return {"value": told.value, "threshold": told.threshold, "evidence": dict(told.evidence)}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    return value
