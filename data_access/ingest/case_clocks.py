"""The clocks of a case in the store: its record folded, its rule chosen, its deadlines computed.

A deadline that a feed gives is never replaced. Without one a case has that of its rule, from 派遣
on, in the version under which it was filed; where there is no rule it has no deadline at all. What
an operation in force makes of it (加急, 顺延) is settled here too, as the case comes in.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from dashboard.domain import desk_marks
from dashboard.domain.cases import Mark
from dashboard.domain.deadlines import (
    Clock,
    Matter,
    Rule,
    Rules,
    Run,
    due_by,
    in_force,
    near_from,
)
from dashboard.domain.lifecycle import Clocks, Happening, fold
from dashboard.domain.treatment_clocks import emergency_due, is_deferred, pause
from dashboard.domain.treatments import Hold, Treatment
from data_access import holds as held
from data_access import treatments
from data_access.deadlines import Surroundings, deadlines, shipped_thresholds
from data_access.holds import Made
from data_access.ingest.batch import Batch

COLUMNS = (
    *("condition", "clock_from", "handled_at", "spent_s", "paused_s", "running_since"),
    *("due_at", "due_by", "rule_id", "rule_version", "near_at", "desk_due_at"),
    *("emergency_due_at", "emergency_by", "marks", "desk_marks"),
)
_DECIDES = ("kind", "subcategory", "condition", "scope", "urgency")
_MOVES = (*_DECIDES, "lon", "lat")
_WHOLE = dict.fromkeys(COLUMNS) | {"spent_s": 0, "paused_s": 0}


class Settled(NamedTuple):
    """What was read of a case's record, and what its operations did: holds begun or changed."""

    clocks: Clocks
    changed: list[Hold]


class CaseClocks:
    """Computes the clocks of a batch's cases with the rules as they stand in its transaction."""

    def __init__(self, batch: Batch, known: Collection[str]) -> None:
        """Read the rules, the operations, and what these made of the cases ``known``."""
        self._known = deadlines(batch.job.store, batch.conn)
        self._around = Surroundings(batch.conn, self._known)
        self._operations = treatments.acting(batch.conn, batch.job.now)
        self._made = held.of_cases(batch.conn, known) if known else {}
        self.rows: dict[tuple[str, int], tuple[bool, dict[str, Any]]] = {}
        """Rows of ``case_treatment`` to be written, by their key: (is it new, the row)."""

    @property
    def operations(self) -> treatments.Operations:
        """The operations that decide about cases."""
        return self._operations

    def set(
        self,
        state: dict[str, Any],
        old: Mapping[str, Any] | None,
        record: Sequence[Happening],
        known_at: datetime,
    ) -> Settled:
        """Write into ``state`` how its clocks stand by its whole record; gives what was read.

        ``old``: the case as it stood. ``state["due_at"]`` is what the feed told, now or before.
        """
        clocks = fold(record)
        matter = self._around.matter(state)
        rules, rule = self._rule(state, old or _WHOLE, clocks, matter)
        before = self._made.get(state["id"], [])
        changed: list[Hold] = []
        if self._operations:
            moved = old is not None and any(state[it] != old[it] for it in _MOVES)
            changed = self._operations.settle(
                state,
                before,
                rules=rules,
                matter=matter,
                moved_at=known_at if moved else None,
            )
        made = held.merged(before, changed)
        holds = [one.hold for one in made]
        pause(clocks, holds)
        state["clock_from"] = clocks.clock_from
        state["handled_at"] = clocks.handled_at
        state["spent_s"] = int(clocks.spent.total_seconds())
        state["paused_s"] = int(clocks.paused.total_seconds())
        state["running_since"] = clocks.running_since
        self._due(state, clocks, rule, rules, matter, holds)
        if made:
            _wear(state, clocks, holds)
        self._emergency(state, clocks, before, made, changed)
        return Settled(clocks, changed)

    def _rule(
        self, state: dict[str, Any], before: Mapping[str, Any], clocks: Clocks, matter: Matter
    ) -> tuple[Rules | None, Rule | None]:
        """Choose once, when a case is filed; again only when it became another matter."""
        filed_at = clocks.filed_at or clocks.clock_from
        if before["rule_version"] is not None:
            rules = self._known.version(before["rule_version"])
        else:
            rules = in_force(self._known.versions, filed_at or state["reported_at"])
        if rules is None or state["due_by"] == "feed" or filed_at is None:
            state["rule_id"], state["rule_version"] = None, None
            return rules, None
        if before["rule_id"] is not None and all(state[it] == before[it] for it in _DECIDES):
            rule = next((it for it in rules.rules if it.id == before["rule_id"]), None)
        else:
            rule = rules.choose(Clock.DISPOSAL, matter)
        state["rule_id"] = rule.id if rule else None
        state["rule_version"] = rules.version if rule else None
        return rules, rule

    def _due(
        self,
        state: dict[str, Any],
        clocks: Clocks,
        rule: Rule | None,
        rules: Rules | None,
        matter: Matter,
        holds: Sequence[Hold],
    ) -> None:
        calendar = self._known.calendar
        judged = held.Judged(None, rule, clocks.runs)
        if state["due_by"] != "feed":
            due = due_by(rule, clocks.runs, calendar, clocks.extensions) if rule else None
            judged = held.in_modes(
                held.Judged(due, rule, clocks.runs),
                holds,
                clock=Clock.DISPOSAL,
                rules=rules,
                matter=matter,
                calendar=calendar,
                extensions=clocks.extensions,
            )
            state["due_at"], state["due_by"] = judged.due_at, "rule" if judged.due_at else None
        state["near_at"] = None
        known = rules or shipped_thresholds()
        if state["due_at"] is not None:
            near = known if known.says(Clock.NEAR, Clock.NEAR_SHARE) else shipped_thresholds()
            share = near.choose(Clock.NEAR_SHARE, matter)
            before = near.choose(Clock.NEAR, matter)
            state["near_at"] = near_from(
                state["due_at"],
                clocks.clock_from or state["reported_at"],
                share=share.limit if share else None,
                before=timedelta(seconds=before.whole) if before else None,
                rule=judged.rule,
                last=judged.runs[-1] if judged.runs else None,
                calendar=calendar,
            )
        state["desk_due_at"] = None
        if clocks.desk is not None and clocks.desk_since is not None:
            step = known.choose(clocks.desk, matter)
            runs = (Run(clocks.desk_since, None),)
            due = due_by(step, runs, calendar) if step else None
            state["desk_due_at"] = held.in_modes(
                held.Judged(due, step, runs),
                holds,
                clock=clocks.desk,
                rules=rules,
                matter=matter,
                calendar=calendar,
            ).due_at

    def _emergency(
        self,
        state: dict[str, Any],
        clocks: Clocks,
        before: Sequence[Made],
        made: Sequence[Made],
        changed: Sequence[Hold],
    ) -> None:
        """Write the 应急时限 into ``state``, and note the rows of the holds that are otherwise."""
        state["emergency_due_at"], state["emergency_by"] = None, None
        if not made:
            return
        kept: list[Made] = []
        for place, one in enumerate(made):
            stands = one
            if one.hold.holds or one.hold in changed:
                due = emergency_due(one.hold, clocks.runs, self._known.calendar)
                stands = replace(one, due_at=due, answered_at=clocks.handled_at)
            kept.append(stands)
            new = place >= len(before)
            if new or stands != before[place]:
                key = state["id"], one.n
                new = new or self.rows.get(key, (False,))[0]
                self.rows[key] = new, held.row_of(state["id"], stands)
        self._made[state["id"]] = kept
        mine = [it for it in kept if it.hold.holds and it.hold.treatment == Treatment.EXPEDITE]
        if mine:
            dated = [it for it in mine if it.due_at is not None]
            first = min(dated, key=lambda it: (it.due_at, it.n)) if dated else mine[0]
            state["emergency_due_at"], state["emergency_by"] = first.due_at, first.hold.operation


def _wear(state: dict[str, Any], clocks: Clocks, holds: Sequence[Hold]) -> None:
    """Let a case wear 顺延 while an operation makes it so, and no longer."""
    given = state["desk_marks"] or {}
    deferred = is_deferred(clocks, holds)
    if deferred == (Mark.DEFERRED in given):
        return
    mark = Mark.DEFERRED.value
    if deferred:
        last = [it for it in holds if it.treatment == Treatment.DEFER][-1]
        act = {"by": last.operation, "at": last.since.isoformat(), "note": None, "until": None}
        worn, given = desk_marks.give(state["marks"], given, mark, act)
        state["marks"], state["desk_marks"] = worn, given
    else:
        state["marks"], state["desk_marks"] = desk_marks.take(state["marks"], given, mark)


def tell(state: dict[str, Any], old: Mapping[str, Any] | None, due_at: datetime | None) -> None:
    """Write into ``state`` the deadline that a feed gave, now or before; none of a rule's."""
    if due_at is not None:
        state["due_at"], state["due_by"] = due_at, "feed"
    elif old is not None and old["due_by"] == "feed":
        state["due_at"], state["due_by"] = old["due_at"], "feed"
    else:
        state["due_at"], state["due_by"] = None, None
