"""The simulated city lives by the shipped rules: what it means to owe is what they make of it."""

import random
from datetime import UTC, datetime, timedelta

from dashboard.domain.calendar import calendar_for
from dashboard.domain.deadlines import Clock, Matter, Rules, Run, due_by
from data_access.deadlines import rule_of, shipped_rows
from data_access.feeds.simulator.hangzhou import worktime
from data_access.feeds.simulator.hangzhou.cases import DUE_BY_SOURCE
from data_access.feeds.simulator.hangzhou.categories import categories
from data_access.feeds.simulator.hangzhou.parts import Parts

NOW = datetime(2026, 11, 2, 4, tzinfo=UTC)
RULES = Rules(1, [rule_of(row, 1) for row in shipped_rows()])


def test_daily_work_is_due_by_rule_when_its_unit_means_to_be_in_time() -> None:
    calendar = calendar_for("Asia/Shanghai")
    rng = random.Random(1)
    for what in categories() * 5:
        at = NOW + timedelta(seconds=rng.randrange(86_400 * 30))
        rule = RULES.choose(Clock.DISPOSAL, Matter(what.kind, what.code, "normal", None, "routine"))
        assert rule is not None
        found = due_by(rule, [Run(at, None)], calendar)
        assert found == worktime.add(at, what.limit), what


def test_most_cases_come_without_a_deadline_of_their_own() -> None:
    cases = list(Parts(7, ()).cases.reported(NOW - timedelta(hours=6), NOW))
    records = [case.record(0, len(case.steps) - 1) for case in cases]
    given = [it for it in records if it["due_at"] is not None]
    assert 0.05 < len(given) / len(records) < 0.35
    assert {it["source"] for it in records if it["due_at"] is None} - DUE_BY_SOURCE
    for record in records:
        extended = [it for it in record["events"] if it.get("mark") == "extended"]
        assert all(it["until"] > it["at"] for it in extended)
