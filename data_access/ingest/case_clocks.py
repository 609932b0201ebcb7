"""The clocks of a case in the store: its record folded, its rule chosen, its deadlines computed.

A deadline that a feed gives is never replaced. Without one a case has that of its rule, from 派遣
on, in the version under which it was filed; where there is no rule it has no deadline at all.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from dashboard.domain.deadlines import Clock, Matter, Rule, Rules, Run, due_by, in_force, near_from
from dashboard.domain.lifecycle import Clocks, Happening, fold
from data_access.deadlines import Surroundings, deadlines, shipped_thresholds
from data_access.ingest.batch import Batch

COLUMNS = (
    *("condition", "clock_from", "handled_at", "spent_s", "paused_s", "running_since"),
    *("due_at", "due_by", "rule_id", "rule_version", "near_at", "desk_due_at"),
)
_DECIDES = ("kind", "subcategory", "condition", "scope", "urgency")
_WHOLE = dict.fromkeys(COLUMNS) | {"spent_s": 0, "paused_s": 0}


class CaseClocks:
    """Computes the clocks of a batch's cases with the rules as they stand in its transaction."""

    def __init__(self, batch: Batch) -> None:
        """Read the rules."""
        self._known = deadlines(batch.job.store, batch.conn)
        self._around = Surroundings(batch.conn, self._known)

    def set(
        self,
        state: dict[str, Any],
        old: Mapping[str, Any] | None,
        record: Sequence[Happening],
    ) -> Clocks:
        """Write into ``state`` how its clocks stand by its whole record; gives what was read.

        ``old``: the case as it stood. ``state["due_at"]`` is what the feed told, now or before.
        """
        clocks = fold(record)
        before = old or _WHOLE
        state["clock_from"] = clocks.clock_from
        state["handled_at"] = clocks.handled_at
        state["spent_s"] = int(clocks.spent.total_seconds())
        state["paused_s"] = int(clocks.paused.total_seconds())
        state["running_since"] = clocks.running_since
        matter = self._around.matter(state)
        rules, rule = self._rule(state, before, clocks, matter)
        self._due(state, clocks, rule, rules or shipped_thresholds(), matter)
        return clocks

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
        rules: Rules,
        matter: Matter,
    ) -> None:
        calendar = self._known.calendar
        if state["due_by"] != "feed":
            state["due_at"] = rule and due_by(rule, clocks.runs, calendar, clocks.extensions)
            state["due_by"] = "rule" if state["due_at"] else None
        state["near_at"] = None
        if state["due_at"] is not None:
            near = rules if rules.says(Clock.NEAR, Clock.NEAR_SHARE) else shipped_thresholds()
            share = near.choose(Clock.NEAR_SHARE, matter)
            before = near.choose(Clock.NEAR, matter)
            state["near_at"] = near_from(
                state["due_at"],
                clocks.clock_from or state["reported_at"],
                share=share.limit if share else None,
                before=timedelta(seconds=before.whole) if before else None,
                rule=rule,
                last=clocks.runs[-1] if clocks.runs else None,
                calendar=calendar,
            )
        state["desk_due_at"] = None
        if clocks.desk is not None and clocks.desk_since is not None:
            step = rules.choose(clocks.desk, matter)
            if step is not None:
                run = Run(clocks.desk_since, None)
                state["desk_due_at"] = due_by(step, (run,), calendar)


def tell(state: dict[str, Any], old: Mapping[str, Any] | None, due_at: datetime | None) -> None:
    """Write into ``state`` the deadline that a feed gave, now or before; none of a rule's."""
    if due_at is not None:
        state["due_at"], state["due_by"] = due_at, "feed"
    elif old is not None and old["due_by"] == "feed":
        state["due_at"], state["due_by"] = old["due_at"], "feed"
    else:
        state["due_at"], state["due_by"] = None, None
