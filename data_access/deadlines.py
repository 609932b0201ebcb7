"""The deadline rules of a store, its calendar, and what decides which rule a case has.

Read anew when an import changed them; the thresholds that Pingji brings along say when a deadline
is near where a store has no rules of its own.
"""

import csv
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, func, select

from dashboard.domain.calendar import Calendar, calendar_for
from dashboard.domain.deadlines import CONDITION_BY_URGENCY, Clock, Matter, Rule, Rules
from dashboard.domain.modes import Mode
from data_access.bulk import insert_rows
from data_access.changes import Writer
from data_access.queries.scopes import time_zone
from data_access.store import Store
from data_access.tables import deadline_rule, deadline_version, holiday, jurisdiction

SHIPPED = Path(__file__).resolve().parent / "data" / "deadlines.csv"
ROUTINE = str(Mode.ROUTINE)
COLUMNS = tuple(name for name in deadline_rule.c.keys() if name != "version")  # noqa: SIM118

_lock = threading.Lock()
_made: dict[str, tuple[tuple[Any, ...], "Deadlines"]] = {}


@dataclass
class Deadlines:
    """All versions of a store's rules, and its calendar.

    ``by_zone``: some rule asks for the timing zone of a case's place.
    """

    versions: Sequence[Rules]
    calendar: Calendar
    by_zone: bool

    @property
    def newest(self) -> Rules | None:
        """Give the version that counts for what is filed now."""
        return max(self.versions, key=lambda it: it.version, default=None)

    def version(self, number: int | None) -> Rules | None:
        """Give the version of that number."""
        return next((it for it in self.versions if it.version == number), None)


def deadlines(store: Store, conn: Connection) -> Deadlines:
    """Give the rules and the calendar of a store as they stand in this transaction."""
    stamp = tuple(
        conn.execute(
            select(
                select(func.max(deadline_version.c.version)).scalar_subquery(),
                select(func.count()).select_from(holiday).scalar_subquery(),
                select(func.max(holiday.c.real_at)).scalar_subquery(),
            )
        ).one()
    )
    stamp = (*stamp, time_zone(conn))
    with _lock:
        made = _made.get(store.url)
        if made is not None and made[0] == stamp:
            return made[1]
        built = _read(conn, stamp[-1])
        _made[store.url] = stamp, built
        return built


def _read(conn: Connection, zone: str) -> Deadlines:
    by_version: dict[int, list[Rule]] = {}
    for row in conn.execute(select(deadline_rule)).mappings():
        by_version.setdefault(row["version"], []).append(rule_of(dict(row)))
    versions = [
        Rules(version, by_version.get(version, []), since)
        for version, since in conn.execute(
            select(deadline_version.c.version, deadline_version.c.since)
        )
    ]
    rules = [rule for found in by_version.values() for rule in found]
    return Deadlines(
        versions,
        calendar_for(zone, own_days(conn)),
        any(rule.zone for rule in rules),
    )


def own_days(conn: Connection) -> dict[date, bool]:
    """Give the days of which the site itself says whether they are worked."""
    query = select(holiday.c.day, holiday.c.work)
    return {date.fromisoformat(day): bool(work) for day, work in conn.execute(query)}


def rule_of(row: Mapping[str, Any], version: int | None = None) -> Rule:
    """Make a rule of a row; a row of the shipped file states its numbers as texts."""
    return Rule(
        id=row["id"],
        version=row["version"] if version is None else version,
        clock=row["clock"],
        kind=row["kind"] or None,
        subcategory=row["subcategory"] or None,
        condition=row["condition"] or None,
        zone=row["zone"] or None,
        mode=row["mode"] or None,
        limit=float(row["limit"]),
        unit=row["unit"],
        extension=None if row["extension"] in (None, "") else float(row["extension"]),
        opens=time.fromisoformat(row["opens"]) if row["opens"] else None,
        closes=_closing(row["closes"]),
        days=row["days"] or None,
        source=row["source"] or None,
    )


def _closing(text: str | None) -> time | None:
    """A window that closes at midnight closes a moment before it."""
    if not text:
        return None
    return time(23, 59, 59, 999999) if text == "24:00" else time.fromisoformat(text)


@cache
def shipped_rows() -> tuple[dict[str, str], ...]:
    """Give the rules that Pingji brings along for a demonstration, as rows of a file."""
    with SHIPPED.open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


@cache
def shipped_thresholds() -> Rules:
    """Give the rules that say when a deadline is near, for a store whose own say nothing."""
    near = (Clock.NEAR, Clock.NEAR_SHARE)
    return Rules(0, [rule_of(row, 0) for row in shipped_rows() if row["clock"] in near])


def write_version(
    writer: Writer,
    version: int,
    rules: Sequence[Mapping[str, Any]],
    *,
    since: datetime | None,
    known_at: datetime,
    source: str = "import",
) -> None:
    """Write the rules of a version, for what is filed from ``since`` on; None: for every case."""
    row = {"version": version, "since": since, "known_at": known_at, "source": source}
    insert_rows(writer.conn, deadline_version, [row])
    insert_rows(writer.conn, deadline_rule, [{"version": version, **rule} for rule in rules])


def write_shipped(writer: Writer) -> None:
    """Give a store that has no rules those that Pingji brings along."""
    if writer.conn.execute(select(func.count()).select_from(deadline_version)).scalar():
        return
    rows = [
        {name: row[name] or None for name in COLUMNS}
        | {"limit": float(row["limit"])}
        | {"extension": float(row["extension"]) if row["extension"] else None}
        for row in shipped_rows()
    ]
    write_version(writer, 1, rows, since=None, known_at=datetime.now(UTC), source="shipped")


class Surroundings:
    """Timing zones of the places of a batch; asked only where a rule wants them.

    A case's own rule is that of routine; what a mode makes of it stands in ``treatments``.
    """

    def __init__(self, conn: Connection, known: Deadlines) -> None:
        """Look up what the rules ask for."""
        self._zones: dict[str, str] = {}
        if known.by_zone:
            query = select(jurisdiction.c.id, jurisdiction.c.timing_zone).where(
                jurisdiction.c.timing_zone.is_not(None)
            )
            self._zones = {row[0]: row[1] for row in conn.execute(query)}

    def matter(self, state: Mapping[str, Any]) -> Matter:
        """Say what of a case decides which rule it has."""
        urgency = min(state["urgency"], len(CONDITION_BY_URGENCY) - 1)
        return Matter(
            state["kind"],
            state["subcategory"],
            state["condition"] or CONDITION_BY_URGENCY[urgency],
            _nearest(self._zones, state["scope"]),
            ROUTINE,
        )


def _nearest(known: Mapping[str, str], scope: str) -> str | None:
    """Give what is said of the innermost of the places in which a scope lies."""
    if not known:
        return None
    return next((known[it] for it in reversed(scope.split("/")) if it in known), None)
