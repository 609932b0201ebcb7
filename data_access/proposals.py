"""Proposals 启动建议: evidence that is followed as it changes, and what a person made of it.

One card a rule and area. The store keeps each proposal with what it rested on, who decided and why;
an episode that was declined asks again only for a graver level, or after it had been quiet. What an
operation in force meets is settled by it; if that was a mistaken start, revoked, it is asked anew.
"""

import json
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, and_, func, insert, not_, or_, select, true, update

from dashboard.domain.operations import State as OperationState
from dashboard.domain.proposals import (
    Episode,
    Evidence,
    Finding,
    Rule,
    State,
    asks,
    met_by,
    of_alerts,
    of_cases,
    of_unusual,
    of_warnings,
    read,
)
from data_access.alerts import facts
from data_access.changes import Writer
from data_access.clock import StoreClock
from data_access.follower import Follower
from data_access.queries.feeds import filling
from data_access.queries.scopes import city_scope
from data_access.queries.visible import rows
from data_access.store import Store
from data_access.tables import alert, case, operation, proposal, warning

NAME = "proposals"
SHIPPED = Path(__file__).with_name("data") / "proposals.json"
LOOK_S = 5.0
"""How often at most cases are counted; warnings and alerts are looked at as they change."""
FORGET_S = 60.0
_EXAMPLES = 20


@cache
def shipped() -> tuple[Rule, ...]:
    """Give the rules that come with Pingji."""
    return read(json.loads(SHIPPED.read_text("utf-8")))


class Stale(Exception):
    """The proposal was decided meanwhile; ``state``: as it now stands."""

    def __init__(self, state: Mapping[str, Any]) -> None:
        """Carry the present state."""
        super().__init__("the proposal has changed")
        self.state = dict(state)


def make(store: Store, clock: StoreClock) -> Callable[[], bool]:
    """Make the step that ``follower.run`` calls."""
    follower = Follower(NAME)
    begun = False
    looked_at = kept_at = 0.0
    pending: set[str] = set()

    def step() -> bool:
        nonlocal begun, looked_at, kept_at
        with store.read() as conn:
            if not begun:
                follower.begin(conn)
                pending.update(Evidence)
                begun = True
            changes = follower.changes(conn)
            if facts.loading(conn):
                follower.seq = changes[-1].seq if changes else follower.seq
                return bool(changes)
        topics = {it.topic for it in changes}
        if "warnings" in topics:
            pending.add(Evidence.WARNING)
        if "alerts" in topics:
            pending.add(Evidence.ALERTS)
        if "cases" in topics:
            pending.update((Evidence.CASES, Evidence.UNUSUAL))
        if "operations" in topics or time.monotonic() - looked_at > FORGET_S:
            pending.update(Evidence)
        due = set(pending)
        if time.monotonic() - looked_at < LOOK_S:
            due -= {Evidence.CASES, Evidence.UNUSUAL}
        else:
            looked_at = time.monotonic()
        upto = changes[-1].seq if changes else follower.seq
        wrote = "operations" in topics and meet(store, clock.now())
        wrote = (bool(due) and look(store, clock.now(), kinds=due)) or wrote
        pending.difference_update(due)
        if wrote or time.monotonic() - kept_at > FORGET_S:
            kept_at = time.monotonic()
            with store.write() as writer:
                follower.keep(writer, upto)
        follower.seq = upto
        return bool(changes)

    return step


def look(store: Store, now: datetime, *, kinds: Sequence[str] | set[str]) -> bool:
    """Look at the evidence of ``kinds`` now; says whether anything was written."""
    wrote = False
    with store.read() as conn:
        area = city_scope(conn)
        findings = [(rule, _finding(conn, rule, now)) for rule in shipped() if rule.kind in kinds]
        last = {rule.id: _last(conn, rule, area) for rule, _ in findings}
        running = _running(conn, area)
    for rule, finding in findings:
        row = last[rule.id]
        if finding is None and (row is None or row["state"] != State.OPEN):
            continue
        met = None if finding is None else met_by(finding.level, running.get(rule.scenario, {}))
        wrote = _settle(store, rule, finding, row, met, area, now) or wrote
    return wrote


def meet(store: Store, now: datetime) -> bool:
    """Settle what is open and what an operation in force meets; says whether there was any."""
    with store.write() as writer:
        running = _running(writer.conn, city_scope(writer.conn))
        query = select(proposal).where(proposal.c.state == State.OPEN).with_for_update()
        found = [
            (row, met_by(row["level"], running.get(row["scenario"], {})))
            for row in rows(writer.conn, query)
        ]
        for row, met in found:
            if met is not None:
                values = {"state": State.MET, "decided_at": now, "operation": met}
                _change(writer, row, values)
    return any(met is not None for _, met in found)


def decide(
    writer: Writer,
    proposal_id: str,
    *,
    accepted: bool,
    by: str,
    reason: str,
    now: datetime,
    operation_id: str | None = None,
) -> dict[str, Any]:
    """Accept or decline, with the reason; raises KeyError, and Stale where it was decided."""
    found = rows(
        writer.conn, select(proposal).where(proposal.c.id == proposal_id).with_for_update()
    )
    if not found:
        raise KeyError(proposal_id)
    (row,) = found
    if row["state"] != State.OPEN:
        raise Stale(row)
    state = State.ACCEPTED if accepted else State.DECLINED
    return _change(
        writer,
        row,
        {
            "state": state,
            "decided_at": now,
            "decided_by": by,
            "reason": reason,
            "operation": operation_id,
        },
    )


def find(conn: Connection, *, proposal_id: str) -> dict[str, Any] | None:
    """One proposal; None where there is none."""
    found = rows(conn, select(proposal).where(proposal.c.id == proposal_id))
    return next(iter(found), None)


def _finding(conn: Connection, rule: Rule, now: datetime) -> Finding | None:
    if rule.kind == Evidence.WARNING:
        query: Any = select(
            *(warning.c[name] for name in ("id", "event", "headline", "colour", "sender"))
        ).where(warning.c.live == true(), warning.c.drill != true(), warning.c.effective_at <= now)
        return of_warnings(rule, rows(conn, query))
    if rule.kind == Evidence.ALERTS:
        query = select(alert.c.rule, alert.c.subject_id, alert.c.value, alert.c.threshold).where(
            alert.c.live == true(),
            alert.c.active == true(),
            alert.c.drill != true(),
            alert.c.rule.in_(rule.rules),
        )
        return of_alerts(rule, rows(conn, query))
    if rule.kind == Evidence.CASES:
        classes = or_(
            *(
                (case.c.kind == kind) & case.c.subcategory.startswith(code)
                for kind, code in rule.classes
            )
        )
        query = (
            select(case.c.id)
            .where(*_known(now - rule.within, now), classes)
            .order_by(case.c.known_at.desc())
        )
        found = list(conn.execute(query).scalars())
        return of_cases(rule, len(found), found[:_EXAMPLES])
    if filling(conn):
        return None
    return of_unusual(rule, _count(conn, now - rule.within, now), _usual(conn, rule, now))


def _known(after: datetime, until: datetime) -> tuple[Any, ...]:
    return (
        case.c.known_at > after,
        case.c.known_at <= until,
        case.c.reported_at > after - timedelta(hours=6),  # an old list that came late is no burst
        case.c.drill != true(),
    )


def _count(conn: Connection, after: datetime, until: datetime) -> int:
    return int(
        conn.execute(
            select(func.count()).select_from(case).where(*_known(after, until))
        ).scalar_one()
    )


def _usual(conn: Connection, rule: Rule, now: datetime) -> list[int]:
    """Counts of the same time on the days before, as far back as there is history."""
    oldest = conn.execute(select(func.min(case.c.known_at))).scalar()
    counts = []
    for back in range(1, rule.days + 1):
        until = now - timedelta(days=back)
        if oldest is None or until - rule.within < oldest:
            break
        counts.append(_count(conn, until - rule.within, until))
    return counts


def _last(conn: Connection, rule: Rule, area: str) -> dict[str, Any] | None:
    """The last of a rule that stands: what a mistaken start met was never answered."""
    revoked = select(operation.c.id).where(operation.c.state == OperationState.REVOKED)
    mistaken = and_(proposal.c.state == State.MET, proposal.c.operation.in_(revoked))
    query = (
        select(proposal)
        .where(proposal.c.rule == rule.id, proposal.c.scope == area, not_(mistaken))
        .order_by(proposal.c.since.desc(), proposal.c.id.desc())
        .limit(1)
    )
    return next(iter(rows(conn, query)), None)


def _running(conn: Connection, area: str) -> dict[str, dict[str, int]]:
    """Levels of the operations in force over the area, by scenario and id."""
    query = select(operation.c.scenario, operation.c.id, operation.c.level).where(
        operation.c.state == OperationState.IN_FORCE,
        operation.c.drill != true(),
        operation.c.scope == area,
        operation.c.level.is_not(None),
    )
    running: dict[str, dict[str, int]] = {}
    for scenario, name, level in conn.execute(query):
        running.setdefault(scenario, {})[name] = level
    return running


def _settle(
    store: Store,
    rule: Rule,
    finding: Finding | None,
    row: dict[str, Any] | None,
    met: str | None,
    area: str,
    now: datetime,
) -> bool:
    episode = None
    if row is not None:
        episode = Episode(level=row["level"], state=row["state"], held_at=row["held_at"])
    if finding is None:
        if row is None or episode is None or not episode.over(now):
            return False
        with store.write() as writer:
            _change(writer, row, {"state": State.LAPSED})
        return True
    if asks(episode, finding, now):
        with store.write() as writer:
            if row is not None and row["state"] == State.OPEN:
                _change(writer, row, {"state": State.SURPASSED})
            _enter(writer, rule, finding, met, area, now)
        return True
    if row is None:
        return False
    changed: dict[str, Any] = {}
    if row["state"] == State.OPEN and dict(finding.evidence) != row["evidence"]:
        changed["evidence"] = dict(finding.evidence)
    if now - row["held_at"] > timedelta(minutes=10) or changed:
        with store.write() as writer:
            _change(writer, row, {**changed, "held_at": now}, quiet=not changed)
        return True
    return False


def _enter(
    writer: Writer, rule: Rule, finding: Finding, met: str | None, area: str, now: datetime
) -> None:
    number = writer.conn.execute(select(func.count()).select_from(proposal)).scalar_one() + 1
    row: dict[str, Any] = {
        "id": f"p{number}",
        "version": 1,
        "rule": rule.id,
        "name": rule.name.zh,
        "name_en": rule.name.en,
        "scenario": rule.scenario,
        "level": finding.level,
        "area": area.rpartition("/")[2],
        "evidence": dict(finding.evidence),
        "state": State.OPEN if met is None else State.MET,
        "since": now,
        "held_at": now,
        "decided_at": None if met is None else now,
        "operation": met,
        "scope": area,
        "drill": False,
    }
    writer.conn.execute(insert(proposal).values(**row))
    writer.changed("proposals", row["id"], new_scope=area)


def _change(
    writer: Writer, row: Mapping[str, Any], values: Mapping[str, Any], *, quiet: bool = False
) -> dict[str, Any]:
    after = {**row, **values, "version": row["version"] + 1}
    statement = update(proposal).where(proposal.c.id == row["id"])
    writer.conn.execute(statement.values(version=after["version"], **values))
    if not quiet:
        scope = row["scope"]
        writer.changed("proposals", row["id"], old_scope=scope, new_scope=scope)
    return after
