"""What the alert engine remembers between two steps: phases, alerts, groups, and moments to come.

Nothing here asks the store but :meth:`Memory.recall`, which takes up what it kept, and
:meth:`Memory.keep`, which writes down where rules stand.
"""

import heapq
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy import Connection, delete, insert, select, tuple_

from dashboard.domain.alerts import groups
from dashboard.domain.alerts.phase import IDLE, Judgement, Name, Phase, advance, turns_at
from dashboard.domain.alerts.rules import Rule, RuleBook
from data_access.alerts import judging, rows
from data_access.alerts.by_mode import RulesByMode
from data_access.alerts.facts import CHUNK, Subject
from data_access.alerts.rows import Key, Turn
from data_access.tables import alert, alert_state

DUE = 5_000  # moments in one step
_TICK = timedelta(microseconds=1)

RuleKey = tuple[str, str, str]
"""A rule's id, and topic and id of the subject."""


@dataclass(slots=True)
class Held:
    """An alert's row as the engine remembers it."""

    id: str
    rule: str
    active: bool
    since: datetime


class Memory:
    """Where every rule stands for every subject, and the alerts that stand before the desk."""

    def __init__(self, book: RuleBook) -> None:
        """Remember nothing yet."""
        self.book = book
        self.modes = RulesByMode(book)
        self.groups = groups.Groups(book.join_above)
        self.phases: dict[RuleKey, Phase] = {}
        self.alerts: dict[Key, Held] = {}
        self.phased: dict[RuleKey, None] = {}  # changed since they were written
        self.latches = {name: rule.latch for name, rule in book.rules.items()}
        self._by_topic = {topic: book.of_topic(topic) for topic in _TOPICS}
        self._up: dict[Key, set[str]] = defaultdict(set)
        self._last: dict[RuleKey, Judgement] = {}
        self._turned: dict[Key, Subject | None] = {}
        self._heap: list[tuple[datetime, int, str, str]] = []
        self._armed: dict[tuple[str, str], datetime] = {}
        self._number = count()

    def judges(self, topic: str) -> tuple[Rule, ...]:
        """Give the rules that judge a topic."""
        return self._by_topic[topic]

    @property
    def turning(self) -> bool:
        """Say whether rules came to hold, or ended, since :meth:`turns` was asked."""
        return bool(self._turned)

    def seen(self, topic: str) -> set[str]:
        """Give the ids of a topic's subjects for which something stands."""
        return {name for _, its, name in [*self.phases, *self.alerts] if its == topic}

    # ── what the store kept ─────────────────────────────────────────────────────────────────

    def recall(self, conn: Connection) -> None:
        """Take up where rules stand, and the alerts that stand before the desk."""
        for row in conn.execute(select(alert_state)):
            rule = self._rule(row.rule)
            rule_key = (row.rule, row.subject_topic, row.subject_id)
            if rule is None:
                self.phased[rule_key] = None  # its rule is gone: it is forgotten
                continue
            phase = self.phases[rule_key] = Phase(Name(row.phase), row.since, row.left_at)
            if phase.up:
                self._up[rule.family, row.subject_topic, row.subject_id].add(row.rule)
        shown: dict[Any, tuple[str, bool]] = {}
        for row in conn.execute(select(alert).where(alert.c.live | alert.c.active)):
            key = self.key_of(row)
            known = self.alerts.get(key)
            if known is not None and known.active and not row.active:
                continue
            self.hold(key, row._mapping)
            if row.active:
                shown[key] = (row.group, bool(row.cause))
                self._believe(key, row)
        self.groups.restore(shown)
        for key, up in self._up.items():
            if up and key not in shown:
                self._turned[key] = None  # raised, but its row was not written

    def _believe(self, key: Key, row: Any) -> None:
        """Let an active alert's rule stand where the store has not kept that it does."""
        if self._rule(row.rule) is None:
            self._turned[key] = None  # its rule is gone, and so is what it says
        elif row.rule not in self._up[key]:
            rule_key = (row.rule, row.subject_topic, row.subject_id)
            self.phases[rule_key] = Phase(Name.ACTIVE, row.since)
            self.phased[rule_key] = None
            self._up[key].add(row.rule)

    def _rule(self, name: str) -> Rule | None:
        rule = self.book.rules.get(name)
        return rule if rule is not None and rule.enabled else None

    def key_of(self, row: Any) -> Key:
        """Give the key of an alert's row."""
        rule = self.book.rules.get(row.rule)
        return (rule.family if rule else row.rule, row.subject_topic, row.subject_id)

    def hold(self, key: Key, row: Mapping[Any, Any]) -> None:
        """Remember a row; on the shelf, until when."""
        self.alerts[key] = Held(row["id"], row["rule"], bool(row["active"]), row["since"])
        if row["shelved_until"] is not None:
            self.arm("alerts", row["id"], row["shelved_until"])

    def refresh(self, row: Any) -> None:
        """Take up what people did with an alert."""
        key = self.key_of(row)
        held = self.alerts.get(key)
        if row.live or row.active:
            if held is None or held.id == row.id or not held.active:
                self.hold(key, row._mapping)
        elif held is not None and held.id == row.id:
            del self.alerts[key]
            self.groups.drop(key)

    def keep(self, conn: Connection) -> None:
        """Write down where rules stand that moved."""
        names = list(self.phased)
        columns = alert_state.c
        for start in range(0, len(names), CHUNK):
            gone = names[start : start + CHUNK]
            told = tuple_(columns.rule, columns.subject_topic, columns.subject_id).in_(gone)
            conn.execute(delete(alert_state).where(told))
        new = [
            {
                "rule": name[0],
                "subject_topic": name[1],
                "subject_id": name[2],
                "phase": self.phases[name].name.value,
                "since": self.phases[name].since,
                "left_at": self.phases[name].left_at,
            }
            for name in names
            if name in self.phases
        ]
        if new:
            conn.execute(insert(alert_state), new)

    # ── judging ─────────────────────────────────────────────────────────────────────────────

    def judge(self, subject: Subject, now: datetime) -> datetime | None:
        """Judge a subject by every rule that has to do with it; gives when to look again."""
        again: datetime | None = None
        for usual in self._by_topic[subject.topic]:
            rule = self.modes.at(usual, subject.scope, drill=subject.drill)
            rule_key = (rule.id, subject.topic, subject.id)
            phase = self.phases.get(rule_key, IDLE)
            told = judging.judge(rule, subject, now, up=phase.up)
            if told is None and phase is IDLE:
                continue
            if told is None:  # it does not judge such a subject any more
                told = Judgement(holds=False, at=now)
                self._move(rule, rule_key, IDLE, subject, told)
                continue
            moved = advance(phase, told.holds, told.at, now, rule.on_delay_s, rule.off_delay_s)
            again = sooner(again, told.again)
            again = sooner(again, turns_at(moved, rule.on_delay_s, rule.off_delay_s))
            if told.holds:
                self._last[rule_key] = told
            if moved != phase:
                self._move(rule, rule_key, moved, subject, told)
            self._place(rule, subject)
        return again

    def gone(self, topic: str, name: str, now: datetime) -> None:
        """Clear what stands for something that is not there any more."""
        for rule in self._by_topic[topic]:
            rule_key = (rule.id, topic, name)
            if rule_key in self.phases:
                told = Judgement(holds=False, at=now, evidence={"gone": True})
                self._move(rule, rule_key, IDLE, None, told)

    def _move(
        self, rule: Rule, rule_key: RuleKey, moved: Phase, subject: Subject | None, told: Judgement
    ) -> None:
        was_up = self.phases.get(rule_key, IDLE).up
        self.phased[rule_key] = None
        key = (rule.family, rule_key[1], rule_key[2])
        if moved.name is Name.IDLE:
            self.phases.pop(rule_key, None)
            self._last.pop(rule_key, None)
            if was_up:
                self._last[rule_key] = told
        else:
            self.phases[rule_key] = moved
        if moved.up != was_up:
            (self._up[key].add if moved.up else self._up[key].discard)(rule.id)
            self._turned[key] = subject

    def _place(self, rule: Rule, subject: Subject) -> None:
        """Keep the active alert of a rule in the group where its subject belongs."""
        key = (rule.family, subject.topic, subject.id)
        if key in self._turned and self._turned[key] is None:
            self._turned[key] = subject
        held = self.alerts.get(key)
        if held is not None and held.active and held.rule == rule.id:
            self._group(key, rule, subject, held.since, held.id)

    def _group(self, key: Key, rule: Rule, subject: Subject, since: datetime, name: str) -> None:
        chain = judging.chain(rule, subject)
        order = groups.order(subject.topic, chain, rule.priority, since, name)
        self.groups.put(key, groups.Member(chain, order))

    # ── what becomes of alerts ──────────────────────────────────────────────────────────────

    def turns(self, now: datetime) -> list[Turn]:
        """Decide for each subject whose rules moved what becomes of its alert."""
        turned, self._turned = self._turned, {}
        found = (self._turn(key, subject, now) for key, subject in turned.items())
        return [turn for turn in found if turn is not None]

    def _turn(self, key: Key, subject: Subject | None, now: datetime) -> Turn | None:
        held = self.alerts.get(key)
        scope = None if subject is None else subject.scope
        drill = subject is not None and subject.drill
        names = self._up.get(key, ())
        up = [self.modes.at(self.book.rules[name], scope, drill=drill) for name in names]
        best = max(up, key=lambda rule: rule.rank, default=None)
        if best is None:
            self._up.pop(key, None)
            if held is None or not held.active:
                return None
            told = self._last.pop((held.rule, key[1], key[2]), None)
            return Turn(key, held.id, None, told, held.since, subject)
        active = held is not None and held.active
        if subject is None or (held is not None and active and held.rule == best.id):
            return None
        rule_key = (best.id, key[1], key[2])
        turn = Turn(
            key,
            None if held is None else held.id,
            best,
            self._last.get(rule_key),
            self.phases[rule_key].since or now,
            subject,
        )
        if held is not None and active:
            old = self.book.rules.get(held.rule)
            turn.act = "escalated" if old is None or best.rank > old.rank else "eased"
        return turn

    def regroup(self, turns: list[Turn]) -> dict[str, tuple[str, bool]]:
        """Let groups follow the turns: gives (group, cause) by the ids of rows that change."""
        by_key: dict[Any, Turn] = {}
        for turn in turns:
            by_key[turn.key] = turn
            if turn.rule is None:
                self.groups.drop(turn.key)
            elif turn.subject is not None:
                held = self.alerts.get(turn.key)
                since = held.since if held is not None and held.active else turn.since
                name = rows.id_of(turn.key, turn.since)
                self._group(turn.key, turn.rule, turn.subject, since, name)
        changed: dict[str, tuple[str, bool]] = {}
        for key, shown in self.groups.settle().items():
            if key in by_key:
                by_key[key].group = shown
                changed[rows.id_of(by_key[key].key, by_key[key].since)] = shown
            held = self.alerts.get(key)
            if held is not None:
                changed[held.id] = shown
        return changed

    # ── moments ─────────────────────────────────────────────────────────────────────────────

    def arm(self, topic: str, name: str, moment: datetime) -> None:
        """Look at a subject again at a moment, or before."""
        armed = self._armed.get((topic, name))
        if armed is not None and armed <= moment:
            return  # it is looked at before, and armed again then
        self._armed[topic, name] = moment
        heapq.heappush(self._heap, (moment, next(self._number), topic, name))

    def due(self, now: datetime) -> dict[str, set[str]]:
        """Take out what is to be looked at by ``now``, at most ``DUE``: ids by topic."""
        due: dict[str, set[str]] = defaultdict(set)
        number = 0
        while self._heap and self._heap[0][0] <= now and number < DUE:
            moment, _, topic, name = heapq.heappop(self._heap)
            if self._armed.get((topic, name)) == moment:
                del self._armed[topic, name]
                due[topic].add(name)
                number += 1
        return due


_TOPICS = ("cases", "stations", "places", "cameras", "feeds", "warnings")


def sooner(one: datetime | None, other: datetime | None) -> datetime | None:
    """Give the earlier of two moments that may not be."""
    if one is None or other is None:
        return one or other
    return min(one, other)
