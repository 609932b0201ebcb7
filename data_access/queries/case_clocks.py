"""How the clocks of one case stand at a moment: what its drawer says of limits and lamp."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from dashboard.domain.cases import ANSWERED, PAUSING
from dashboard.domain.deadlines import Clock, Matter, Rule, due_by, in_force, in_unit, spent_of
from dashboard.domain.lamp import is_late, lamp_of
from dashboard.domain.lifecycle import Clocks, Happening, fold
from dashboard.domain.treatment_clocks import pause
from data_access import holds as held
from data_access.deadlines import Deadlines, Surroundings, deadlines
from data_access.holds import Made
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
    made = held.of_cases(conn, [case["id"]]).get(case["id"], [])
    holds = [one.hold for one in made]
    pause(clocks, holds)
    known = deadlines(store, conn)
    matter = Surroundings(conn, known).matter(case)
    rules = known.version(case["rule_version"])
    rule = next((it for it in rules.rules if it.id == case["rule_id"]), None) if rules else None
    ordinary = due_by(rule, clocks.runs, known.calendar, clocks.extensions) if rule else None
    judged = held.Judged(ordinary, rule, clocks.runs)
    if case["due_by"] != "feed":
        judged = held.in_modes(
            judged,
            holds,
            clock=Clock.DISPOSAL,
            rules=rules,
            matter=matter,
            calendar=known.calendar,
            extensions=clocks.extensions,
        )
    return (
        {
            "lamp": lamp_of(case["stage"], case["marks"], case["due_at"], case["near_at"], now),
            "disposal": _disposal(case, clocks, judged, known, now)
            | {"usual_due_at": ordinary if judged.hold else None},
            "desk": _desk(case, clocks, known, matter, now),
            "emergency": _emergency(case, made, now),
        },
        {lines[n]["n"]: stood for n, stood in clocks.odd.items()},
    )


def _disposal(
    case: Mapping[str, Any],
    clocks: Clocks,
    judged: held.Judged,
    known: Deadlines,
    now: datetime,
) -> dict[str, Any]:
    rule = judged.rule
    running = clocks.running_since
    spent = clocks.spent + (max(now - running, _WAITING) if running else _WAITING)
    since = clocks.paused_since
    paused = clocks.paused + (max(now - since, _WAITING) if since else _WAITING)
    passed = None
    if rule is not None:
        amount = sum(spent_of(rule, run, known.calendar, now) for run in judged.runs)
        passed = round(in_unit(rule, amount), 2)
    return {
        "from": clocks.clock_from,
        "counted_from": judged.runs[0].since if judged.hold and judged.runs else None,
        "by_operation": judged.hold.operation if judged.hold else None,
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
        "rule": rule.id if rule else None,
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


def _emergency(
    case: Mapping[str, Any], made: Sequence[Made], now: datetime
) -> dict[str, Any] | None:
    """Say what operations make of the case: its 应急时限, that it is 顺延, and by whose word."""
    if not made:
        return None
    due_at = case["emergency_due_at"]
    owes = case["stage"] not in ANSWERED and not PAUSING.intersection(case["marks"])
    return {
        "due_at": due_at,
        "by": case["emergency_by"],
        "overdue": due_at is not None and due_at < now and owes,
        "treatments": [
            {
                "operation": one.hold.operation,
                "treatment": one.hold.treatment,
                "since": one.hold.since,
                "until": one.hold.until,
                "revoked": one.hold.revoked,
                "limit_min": one.hold.limits[-1].minutes if one.hold.limits else None,
                "due_at": one.due_at,
                "overdue": one.missed(now),
            }
            for one in made
        ],
    }


def _desk(
    case: Mapping[str, Any],
    clocks: Clocks,
    known: Deadlines,
    matter: Matter,
    now: datetime,
) -> dict[str, Any] | None:
    if clocks.desk is None:
        return None
    rules = known.version(case["rule_version"]) or in_force(
        known.versions, clocks.filed_at or case["reported_at"]
    )
    rule = rules.choose(clocks.desk, matter) if rules else None
    return {
        "clock": str(Clock(clocks.desk)),
        "since": clocks.desk_since,
        "due_at": case["desk_due_at"],
        "limit": rule.limit if rule else None,
        "unit": rule.unit if rule else None,
        "late": is_late(case["stage"], case["desk_due_at"], now),
    }
