"""The rules of alerts as they hold in each jurisdiction: what its mode judges otherwise laid over.

What is real is judged by what runs for real alone; what is of a drill by the drills.
"""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import Connection

from dashboard.domain import modes
from dashboard.domain.alerts.rules import Rule, RuleBook
from dashboard.domain.operations import Operation
from dashboard.domain.profiles import ROUTINE, Profile, of_mode
from data_access.profiles import shipped
from data_access.queries.operations import in_force


def running(conn: Connection, *, drill: bool = False) -> list[Operation]:
    """The operations in force that judge what is real, or with ``drill`` what is of drills."""
    return [it for it in in_force(conn) if it.drill == drill]


def profile_at(scope: str, acting: Sequence[Operation], profiles: Sequence[Profile]) -> Profile:
    """Give what holds at the path ``scope`` while ``acting`` runs."""
    if not acting:
        return ROUTINE
    stands = modes.standing(scope, acting)
    deciding = next((it for it in acting if it.id == stands.operation), None)
    if deciding is None:
        return ROUTINE
    return of_mode(profiles, kind=deciding.kind, scenario=deciding.scenario, level=deciding.level)


class RulesByMode:
    """A rule book, and what the modes in force make of it."""

    def __init__(self, book: RuleBook) -> None:
        """Begin in routine."""
        self._book = book
        self._acting: dict[bool, list[Operation]] = {False: [], True: []}
        self._profiles: dict[tuple[bool, str], Profile] = {}
        self._rules: dict[tuple[str, str], Rule] = {}

    def load(self, conn: Connection) -> bool:
        """Take up what is in force; say whether it is other than it was."""
        acting = {drill: running(conn, drill=drill) for drill in (False, True)}
        if acting == self._acting:
            return False
        self._acting = acting
        self._profiles.clear()
        self._rules.clear()
        return True

    def at(self, rule: Rule, scope: str | None, *, drill: bool = False) -> Rule:
        """Give a rule as it holds at the path ``scope``, for what is of a ``drill`` or real."""
        acting = self._acting[drill]
        if not acting or scope is None:
            return rule
        profile = self._profiles.get((drill, scope))
        if profile is None:
            profile = self._profiles[drill, scope] = profile_at(scope, acting, shipped())
        change = profile.rules.get(rule.id)
        if change is None:
            return rule
        made = self._rules.get((profile.id, rule.id))
        if made is None:
            params = {**rule.params, **change.get("params", {})}
            priority = change.get("priority", rule.priority)
            made = self._rules[profile.id, rule.id] = replace(
                rule, priority=priority, params=params
            )
        return made
