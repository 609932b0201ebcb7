"""What operations make of cases, in the store: their stories, and the holds that cases have.

A hold is worked out from the operations' record alone, so that it is the same whenever that is
done: as a case comes in, or by the follower after a switch. A drill touches the cases of drills,
what is real the real ones.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, or_, select

from dashboard.domain.cases import ANSWERED
from dashboard.domain.deadlines import Clock, Matter, Rules
from dashboard.domain.modes import Mode, covers
from dashboard.domain.operations import Act, Kind, Operation, State
from dashboard.domain.profiles import Profile, of_mode
from dashboard.domain.treatments import (
    RESTORED,
    REVOKED,
    USUAL,
    Entry,
    Hold,
    Story,
    Treatment,
    Want,
    choose,
    follow,
    revoke,
)
from data_access.events.guards import Guard, guard
from data_access.holds import Made, in_mode
from data_access.profiles import shipped
from data_access.queries.operations import of_row
from data_access.tables import case_treatment, operation, operation_act

Zoned = tuple[tuple[datetime, tuple[Entry, ...]], ...]
"""From when which entries a zone adds at a position."""

_CHANGES = (Act.START, Act.RAISE, Act.LOWER)
_ENDS = (Act.END, Act.REVOKE)
MODES = {Kind.EMERGENCY: str(Mode.EMERGENCY), Kind.EVENT: str(Mode.EVENT)}


class Step(NamedTuple):
    """An act of an operation: ``entries``: what its profile says of cases from then on."""

    n: int
    at: datetime
    by: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """An operation with its acts, as far as cases are concerned; ``guard``: an event's zones."""

    operation: Operation
    steps: Sequence[Step]
    end: Step | None = None
    guard: Guard | None = None

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
    now: datetime
    _stories: dict[tuple[Any, ...], Story] = field(default_factory=dict, repr=False)

    def __bool__(self) -> bool:
        """Say whether there is any."""
        return bool(self.told)

    @property
    def guarded(self) -> bool:
        """Say whether it matters where within its area a case lies."""
        return any(it.guard is not None for it in self.told.values())

    @property
    def next_at(self) -> datetime | None:
        """Give when zones change next, by the passing of time alone."""
        coming = [it.guard.next_after(self.now) for it in self.told.values() if it.guard]
        return min((it for it in coming if it is not None), default=None)

    def settle(
        self,
        state: Mapping[str, Any],
        made: Sequence[Made],
        *,
        rules: Rules | None,
        matter: Matter,
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
                now=self.now,
                ended_at=told.end.at if told.end else None,
                moved_at=moved_at,
                answered=state["stage"] in ANSWERED,
            )
        return changed

    def wanted(self, state: Mapping[str, Any], *, rules: Rules | None, matter: Matter) -> Want:
        """Give what those in force want together: 加急 before 顺延, with the shortest limit."""
        wants = [
            self._story(told, state, rules, matter, inside=True)[-1][1]
            for told in self.told.values()
            if covers(told.operation.area, state["scope"])
        ]
        expedited = [it for it in wants if it.treatment == Treatment.EXPEDITE]
        if expedited:
            limits = [it.limit_min for it in expedited if it.limit_min is not None]
            return Want(Treatment.EXPEDITE, min(limits, default=None))
        return next((it for it in wants if it.treatment == Treatment.DEFER), USUAL)

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
        zones: Zoned = ()
        if told.guard is not None and inside:
            zones = told.guard.at(state["lon"], state["lat"], self.now)
        key = told.operation.id, *code, state["scope"], by_rule, inside, zones
        story = self._stories.get(key)
        if story is None:
            otherwise = Want(Treatment.EXPEDITE) if by_rule else USUAL
            story = self._stories[key] = [
                (at, _want(entries, code, state["scope"], otherwise) if inside else USUAL)
                for at, entries in _together(told.steps, zones)
            ]
        return story


def _together(steps: Sequence[Step], zones: Zoned) -> list[tuple[datetime, tuple[Entry, ...]]]:
    """Give from when which entries count: what a profile says, and before it what a zone does."""
    began = steps[0].at
    moments = sorted({*(it.at for it in steps), *(max(at, began) for at, _ in zones)})
    found = []
    for moment in moments:
        step = next(it for it in reversed(steps) if it.at <= moment)
        zone = next((entries for at, entries in reversed(zones) if at <= moment), ())
        found.append((moment, (*step.entries, *zone)))
    return found


def _want(entries: Sequence[Entry], code: tuple[str, str], path: str, otherwise: Want) -> Want:
    entry = choose(entries, kind=code[0], subcategory=code[1], path=path)
    return otherwise if entry is None else Want(entry.treatment, entry.limit_min)


def _has_own(rules: Rules, matter: Matter, mode: str) -> bool:
    """Say whether a mode has a rule of its own for a case."""
    rule = rules.choose(Clock.DISPOSAL, in_mode(matter, mode))
    return rule is not None and rule.mode is not None


def as_if(
    conn: Connection, running: Iterable[Operation], profiles: Sequence[Profile], now: datetime
) -> Operations:
    """Give real operations as they would decide about cases, were these the ones in force."""
    told = {}
    for it in running:
        if not it.drill:
            step = Step(0, it.entered_at, it.entered_by, _entries(it, it.level, profiles))
            told[it.id] = Told(it, [step], guard=_guard(conn, it, profiles))
    return Operations(told, now)


def _guard(conn: Connection, it: Operation, profiles: Sequence[Profile]) -> Guard | None:
    if it.kind != Kind.EVENT:
        return None
    profile = of_mode(profiles, kind=it.kind, scenario=it.scenario, level=it.level)
    made = guard(conn, it.id, profile.key_classes)
    return made if made.moments else None


def _entries(it: Operation, level: int | None, profiles: Sequence[Profile]) -> tuple[Entry, ...]:
    return of_mode(profiles, kind=it.kind, scenario=it.scenario, level=level).cases


def acting(conn: Connection, now: datetime) -> Operations:
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
    return Operations(_told(conn, rows, shipped()), now)


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
            steps[name].append(Step(n, at, who, _entries(it, level, profiles)))
    return {
        name: Told(it, steps[name], ends.get(name), _guard(conn, it, profiles))
        for name, it in found.items()
    }


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
