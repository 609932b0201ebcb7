"""The rules of alerts as the store keeps them: whole lists, each a version; the newest counts.

A store that was told none follows the list that is shipped. Who changes the rules says so on the
topic of alerts, so that the engine takes them up.
"""

import json
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert, select

from dashboard.domain.alerts.rules import RuleBook, read
from data_access.changes import Writer
from data_access.tables import alert_rule

SHIPPED = "shipped"
_FILE = Path(__file__).resolve().parent.parent / "data" / "alert_rules.json"


@cache
def shipped() -> Any:
    """Give the list that comes with the program, as its file has it."""
    return json.loads(_FILE.read_text("utf-8"))


def current(conn: Connection) -> RuleBook:
    """Give the rules that count."""
    query = select(alert_rule.c.version, alert_rule.c.rules)
    found = conn.execute(query.order_by(alert_rule.c.version.desc()).limit(1)).first()
    if found is None:
        return read(shipped())
    return read(found.rules, version=found.version)


def stored(conn: Connection) -> tuple[int, dict[str, Any]]:
    """Give the version that counts and its list, as a file of rules has it."""
    query = select(alert_rule.c.version, alert_rule.c.rules)
    found = conn.execute(query.order_by(alert_rule.c.version.desc()).limit(1)).first()
    version, told = (0, shipped()) if found is None else (found.version, found.rules)
    return version, {"rules": told} if isinstance(told, list) else dict(told)


def keep(writer: Writer, told: Any, *, by: str, now: datetime) -> int | None:
    """Keep a list as the new version, which it gives; None where it is the one that counts.

    Raises RuleError, and keeps nothing, where anything in it is wrong.
    """
    query = select(alert_rule.c.version, alert_rule.c.rules)
    found = writer.conn.execute(query.order_by(alert_rule.c.version.desc()).limit(1)).first()
    version = 1 if found is None else found.version + 1
    read(told, version=version)
    if found is not None and found.rules == told:
        return None
    row = {"version": version, "rules": told, "by": by, "at": now, "real_at": datetime.now(UTC)}
    writer.conn.execute(insert(alert_rule).values(row))
    writer.changed("alerts", None)
    return version


def keep_shipped(writer: Writer, now: datetime) -> None:
    """Keep the shipped list as a version, where the store follows it and has not this edition."""
    query = select(alert_rule.c.by, alert_rule.c.rules)
    found = writer.conn.execute(query.order_by(alert_rule.c.version.desc()).limit(1)).first()
    if found is None or (found.by == SHIPPED and found.rules != shipped()):
        keep(writer, shipped(), by=SHIPPED, now=now)
