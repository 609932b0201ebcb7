"""The holds of cases in the store (``case_treatment``), and what they make of a deadline."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, select

from dashboard.domain.calendar import Calendar
from dashboard.domain.deadlines import Extension, Matter, Rule, Rules, Run
from dashboard.domain.treatment_clocks import since_then, tightened
from dashboard.domain.treatments import Hold, Limit, Treatment
from data_access.tables import case_treatment


@dataclass(frozen=True, slots=True)
class Made:
    """A row of ``case_treatment``: ``n`` within the case, the hold, and what its clocks then are.

    ``due_at``: its 应急时限; ``answered_at``: the 处置反馈 that stands; both as it last held.
    """

    n: int
    hold: Hold
    due_at: datetime | None = None
    answered_at: datetime | None = None

    def missed(self, now: datetime) -> bool:
        """Say whether its 应急时限 passed without an answer while it held."""
        ends = [it for it in (self.answered_at, self.hold.until, now) if it is not None]
        return self.due_at is not None and not self.hold.revoked and self.due_at < min(ends)


class Judged(NamedTuple):
    """A deadline by rule: the rule that sets it, what ran by it, and the hold whose mode it is."""

    due_at: datetime | None
    rule: Rule | None
    runs: Sequence[Run]
    hold: Hold | None = None


def in_modes(
    ordinary: Judged,
    holds: Iterable[Hold],
    *,
    clock: str,
    rules: Rules | None,
    matter: Matter,
    calendar: Calendar,
    extensions: Sequence[Extension] = (),
) -> Judged:
    """Give what the modes of the holds in force make of an ordinary deadline of our own rules."""
    found = ordinary
    for hold in holds:
        if rules is None or not hold.holds or hold.treatment != Treatment.EXPEDITE:
            continue
        rule = rules.choose(clock, in_mode(matter, hold.mode))
        if rule is None or rule.mode is None:
            continue
        runs = ordinary.runs
        due = tightened(found.due_at, hold.since, rule, runs, calendar, extensions)
        if due != found.due_at:
            found = Judged(due, rule, since_then(runs, hold.since), hold)
    return found


def in_mode(matter: Matter, mode: str) -> Matter:
    """Give a matter as a mode's rules look at it."""
    return Matter(matter.kind, matter.subcategory, matter.condition, matter.zone, mode)


def of_cases(conn: Connection, ids: Collection[str]) -> dict[str, list[Made]]:
    """Give the holds of cases, in their order."""
    found: dict[str, list[Made]] = {}
    columns = case_treatment.c
    if conn.dialect.name == "postgresql":
        wanted = columns.case_id == func.any(list(ids))
    else:
        wanted = columns.case_id.in_(list(ids))
    query = select(case_treatment).where(wanted).order_by(columns.case_id, columns.n)
    for row in conn.execute(query).mappings():
        made = Made(row["n"], hold_of(dict(row)), row["due_at"], row["answered_at"])
        found.setdefault(row["case_id"], []).append(made)
    return found


def hold_of(row: Mapping[str, Any]) -> Hold:
    """Give a row as the domain knows it."""
    return Hold(
        operation=row["operation"],
        treatment=row["treatment"],
        mode=row["mode"],
        since=row["since"],
        until=row["until"],
        revoked=bool(row["revoked"]),
        limits=tuple(Limit(datetime.fromisoformat(at), it) for at, it in row["limits"]),
    )


def row_of(case_id: str, made: Made) -> dict[str, Any]:
    """Give a hold as its row."""
    hold = made.hold
    return {
        "case_id": case_id,
        "n": made.n,
        "operation": hold.operation,
        "treatment": hold.treatment,
        "mode": hold.mode,
        "since": hold.since,
        "until": hold.until,
        "revoked": hold.revoked,
        "limits": [[it.since.isoformat(), it.minutes] for it in hold.limits],
        "due_at": made.due_at,
        "answered_at": made.answered_at,
    }


def merged(made: Iterable[Made], changed: Iterable[Hold]) -> list[Made]:
    """Give a case's holds with those that changed in their places, and the new ones behind."""
    found = list(made)
    for hold in changed:
        for place, one in enumerate(found):
            if (one.hold.operation, one.hold.since) == (hold.operation, hold.since):
                found[place] = replace(one, hold=hold)
                break
        else:
            found.append(Made(len(found) + 1, hold))
    return found
