"""What operations make of cases, in the store: their stories, and the holds that cases have.

A hold is worked out from the operations' record alone, so that it is the same whenever that is
done: as a case comes in, or by the follower after a switch. A drill touches the cases of drills,
what is real the real ones.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, or_, select

from dashboard.domain.calendar import Calendar
from dashboard.domain.cases import ANSWERED
from dashboard.domain.deadlines import Clock, Extension, Matter, Rule, Rules, Run
from dashboard.domain.modes import Mode, covers
from dashboard.domain.operations import Act, Kind, Operation, State
from dashboard.domain.profiles import Profile, of_mode
from dashboard.domain.treatment_clocks import since_then, tightened
from dashboard.domain.treatments import (
    RESTORED,
    REVOKED,
    USUAL,
    Entry,
    Hold,
    Limit,
    Story,
    Treatment,
    Want,
    choose,
    follow,
    revoke,
)
from data_access.profiles import shipped
from data_access.queries.operations import of_row
from data_access.tables import case_treatment, operation, operation_act

_CHANGES = (Act.START, Act.RAISE, Act.LOWER)
_ENDS = (Act.END, Act.REVOKE)
MODES = {Kind.EMERGENCY: str(Mode.EMERGENCY), Kind.EVENT: str(Mode.EVENT)}


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


class Step(NamedTuple):
    """An act of an operation: ``entries``: what its profile says of cases from then on."""

    n: int
    at: datetime
    by: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """An operation with its acts, as far as cases are concerned."""

    operation: Operation
    steps: Sequence[Step]
    end: Step | None = None

    @property
    def mode(self) -> str:
        """Whose deadline rules count."""
        return MODES[Kind(self.operation.kind)]

    @property
    def revoked(self) -> bool:
        """Say whether it was a mistake."""
        return self.operation.state == State.REVOKED

    def act_at(self, moment: datetime) -> Step:
        """Give the last act up to a moment."""
        every = [*self.steps, *([self.end] if self.end else [])]
        return next((it for it in reversed(every) if it.at <= moment), every[0])


@dataclass
class Operations:
    """The operations in force, and those that ended while a case has a hold of theirs."""

    told: Mapping[str, Told]
    _stories: dict[tuple[Any, ...], Story] = field(default_factory=dict, repr=False)

    def __bool__(self) -> bool:
        """Say whether there is any."""
        return bool(self.told)

    def settle(
        self,
        state: Mapping[str, Any],
        made: Sequence[Made],
        *,
        rules: Rules | None,
        matter: Matter,
        now: datetime,
        moved_at: datetime | None = None,
    ) -> list[Hold]:
        """Give the holds of a case that change or begin; ``made``: those that it has.

        ``rules``, ``matter``: of its deadline by rule; ``moved_at``: when the case became another
        matter, where it did.
        """
        changed: list[Hold] = []
        for told in self.told.values():
            it = told.operation
            mine = [one.hold for one in made if one.hold.operation == it.id]
            if told.revoked:
                at = told.end.at if told.end else told.steps[-1].at
                changed += [revoke(one, at) for one in mine if not one.revoked]
                continue
            held = next((one for one in mine if one.holds), None)
            inside = covers(it.area, state["scope"]) and bool(state["drill"]) == it.drill
            if held is None and (told.end is not None or not inside):
                continue
            changed += follow(
                held,
                self._story(told, state, rules, matter, inside=inside),
                operation=it.id,
                mode=told.mode,
                now=now,
                ended_at=told.end.at if told.end else None,
                moved_at=moved_at,
                answered=state["stage"] in ANSWERED,
            )
        return changed

    def _story(
        self,
        told: Told,
        state: Mapping[str, Any],
        rules: Rules | None,
        matter: Matter,
        *,
        inside: bool,
    ) -> Story:
        by_rule = (
            state["due_by"] != "feed" and rules is not None and _has_own(rules, matter, told.mode)
        )
        code = state["kind"], state["subcategory"]
        key = told.operation.id, *code, state["scope"], by_rule, inside
        story = self._stories.get(key)
        if story is None:
            otherwise = Want(Treatment.EXPEDITE) if by_rule else USUAL
            story = self._stories[key] = [
                (step.at, _want(step, code, state["scope"], otherwise) if inside else USUAL)
                for step in told.steps
            ]
        return story


def _want(step: Step, code: tuple[str, str], path: str, otherwise: Want) -> Want:
    entry = choose(step.entries, kind=code[0], subcategory=code[1], path=path)
    return otherwise if entry is None else Want(entry.treatment, entry.limit_min)


def _has_own(rules: Rules, matter: Matter, mode: str) -> bool:
    """Say whether a mode has a rule of its own for a case."""
    rule = rules.choose(Clock.DISPOSAL, Matter(*_matter(matter), mode))
    return rule is not None and rule.mode is not None


def _matter(matter: Matter) -> tuple[str, str, str | None, str | None]:
    return matter.kind, matter.subcategory, matter.condition, matter.zone


def in_mode(matter: Matter, mode: str) -> Matter:
    """Give a matter as a mode's rules look at it."""
    return Matter(*_matter(matter), mode)


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


def acting(conn: Connection, profiles: Sequence[Profile] | None = None) -> Operations:
    """Read the operations that decide about cases: those in force, and those not yet let go."""
    held = select(case_treatment.c.n).where(case_treatment.c.operation == operation.c.id)
    query = select(operation).where(
        or_(
            operation.c.state == State.IN_FORCE,
            held.where(case_treatment.c.until.is_(None)).exists(),
            (operation.c.state == State.REVOKED)
            & held.where(case_treatment.c.revoked.is_(False)).exists(),
        )
    )
    rows = {
        row["id"]: of_row(row) for row in conn.execute(query.order_by(operation.c.id)).mappings()
    }
    return Operations(_told(conn, rows, shipped() if profiles is None else profiles))


def _told(
    conn: Connection, found: Mapping[str, Operation], profiles: Sequence[Profile]
) -> dict[str, Told]:
    if not found:
        return {}
    acts = operation_act.c
    query = (
        select(
            acts.operation_id, acts.n, acts.act, acts.level, acts.entered_at, acts.by, acts.detail
        )
        .where(acts.operation_id.in_(list(found)), acts.act.in_((*_CHANGES, *_ENDS)))
        .order_by(acts.operation_id, acts.n)
    )
    steps: dict[str, list[Step]] = {name: [] for name in found}
    ends: dict[str, Step] = {}
    for name, n, act, level, at, by, detail in conn.execute(query):
        it = found[name]
        who = detail.get("name") or by
        if act in _ENDS:
            ends[name] = Step(n, at, who, ())
        else:
            profile = of_mode(profiles, kind=it.kind, scenario=it.scenario, level=level)
            steps[name].append(Step(n, at, who, profile.cases))
    return {name: Told(it, steps[name], ends.get(name)) for name, it in found.items()}


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


def line_of(hold: Hold, operations: Operations) -> dict[str, Any]:
    """Give the line of a case's record about a hold that began, got another limit or ended.

    ``detail`` names the act of the operation, where its reason stands.
    """
    code, at = hold.treatment, hold.limits[-1].since if hold.limits else hold.since
    minutes = hold.limits[-1].minutes if hold.limits else None
    if hold.until is not None:
        code, at, minutes = RESTORED, hold.until, None
    if hold.revoked:
        code = REVOKED
    told = operations.told[hold.operation]
    act = told.end if hold.revoked and told.end else told.act_at(at)
    return {
        "kind": "treatment",
        "code": code,
        "at": act.at if hold.revoked else at,
        "by": act.by,
        "note": None,
        "until": None,
        "detail": {"operation": hold.operation, "act": act.n, "limit_min": minutes},
    }
