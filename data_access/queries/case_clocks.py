"""How the clocks of one case stand at a moment: what its drawer says of limits and lamp."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from dashboard.domain.deadlines import Clock, Rule, in_force, in_unit, spent_of
from dashboard.domain.lamp import is_late, lamp_of
from dashboard.domain.lifecycle import Clocks, Happening, fold
from data_access.deadlines import Deadlines, Surroundings, deadlines
from data_access.store import Store

_LINES = ("stage", "mark", "unmark")
_WAITING = timedelta(0)


def told(
    store: Store,
    conn: Connection,
    *,
    case: Mapping[str, Any],
    events: Sequence[Mapping[str, Any]],
    now: datetime,
) -> tuple[dict[str, Any], dict[int, str | None]]:
    """Say how a case's clocks stand at the city's ``now``.

    Gives the clocks, and by the ``n`` of each event that is no possible move the stage in which
    the case stood before it. ``case`` is the whole row, ``events`` its record.
    """
    lines = [event for event in events if event["kind"] in _LINES]
    clocks = fold(Happening(it["kind"], it["code"], it["at"], it["until"]) for it in lines)
    known = deadlines(store, conn)
    rules = known.version(case["rule_version"])
    rule = next((it for it in rules.rules if it.id == case["rule_id"]), None) if rules else None
    return (
        {
            "lamp": lamp_of(case["stage"], case["marks"], case["due_at"], case["near_at"], now),
            "disposal": _disposal(case, clocks, rule, known, now),
            "desk": _desk(conn, case, clocks, known, now),
        },
        {lines[n]["n"]: stood for n, stood in clocks.odd.items()},
    )


def _disposal(
    case: Mapping[str, Any],
    clocks: Clocks,
    rule: Rule | None,
    known: Deadlines,
    now: datetime,
) -> dict[str, Any]:
    running = clocks.running_since
    spent = clocks.spent + (max(now - running, _WAITING) if running else _WAITING)
    since = clocks.paused_since
    paused = clocks.paused + (max(now - since, _WAITING) if since else _WAITING)
    passed = None
    if rule is not None:
        amount = sum(spent_of(rule, run, known.calendar, now) for run in clocks.runs)
        passed = round(in_unit(rule, amount), 2)
    return {
        "from": clocks.clock_from,
        "due_at": case["due_at"],
        "due_by": case["due_by"],
        "near_at": case["near_at"],
        "handled_at": clocks.handled_at,
        "running": running is not None,
        "paused": since is not None,
        "spent_s": int(spent.total_seconds()),
        "paused_s": int(paused.total_seconds()),
        "extensions": len(clocks.extensions),
        "limit": rule.limit if rule else None,
        "unit": rule.unit if rule else None,
        "passed": passed,
        "allowed": _allowed(clocks, rule),
        "rule": case["rule_id"],
        "rule_version": case["rule_version"],
        "rule_source": rule.source if rule else None,
        "official": _official(case, known),
    }


def _allowed(clocks: Clocks, rule: Rule | None) -> float | None:
    """Give the whole limit in its unit; None where an extension set a moment instead."""
    if rule is None or any(it.until is not None for it in clocks.extensions):
        return None
    return rule.limit + rule.again * len(clocks.extensions)


def _official(case: Mapping[str, Any], known: Deadlines) -> bool:
    """Say whether the calendar knew the days up to a deadline, or went on by weekday."""
    if case["due_by"] != "rule":
        return True
    return known.calendar.is_official(case["due_at"].astimezone(known.calendar.zone).date())


def _desk(
    conn: Connection,
    case: Mapping[str, Any],
    clocks: Clocks,
    known: Deadlines,
    now: datetime,
) -> dict[str, Any] | None:
    if clocks.desk is None:
        return None
    rules = known.version(case["rule_version"]) or in_force(
        known.versions, clocks.filed_at or case["reported_at"]
    )
    rule = rules.choose(clocks.desk, Surroundings(conn, known).matter(case)) if rules else None
    return {
        "clock": str(Clock(clocks.desk)),
        "since": clocks.desk_since,
        "due_at": case["desk_due_at"],
        "limit": rule.limit if rule else None,
        "unit": rule.unit if rule else None,
        "late": is_late(case["stage"], case["desk_due_at"], now),
    }
