"""Proposals: what the evidence speaks for, asked once, and right on a real storm."""

import csv
import gzip
import json
from bisect import bisect_left, bisect_right
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from dashboard.domain.proposals import (
    Episode,
    Finding,
    RuleError,
    asks,
    met_by,
    of_alerts,
    of_cases,
    of_unusual,
    of_warnings,
    read,
)
from data_access import proposals

NOW = datetime(2026, 7, 19, 10, 40, tzinfo=UTC)
RULES = {rule.id: rule for rule in proposals.shipped()}
INCIDENTS = "recordings/san-mateo-storm/incidents_until_2023-01-11.csv.gz"


def warning(colour: str, event: str = "暴雨") -> dict[str, str]:
    return {
        "id": colour,
        "event": event,
        "headline": f"{event}预警",
        "colour": colour,
        "sender": "市气象台",
    }


def test_an_orange_rainstorm_speaks_for_a_level_and_a_red_one_for_a_graver() -> None:
    rule = RULES["rainstorm"]
    assert of_warnings(rule, [warning("yellow")]) is None
    assert of_warnings(rule, [warning("red", "高温")]) is None
    orange = of_warnings(rule, [warning("orange")])
    both = of_warnings(rule, [warning("orange"), warning("red")])
    assert orange is not None and both is not None
    assert (orange.level, both.level) == (3, 2)
    assert both.evidence["warnings"] == [
        {"id": "red", "headline": "暴雨预警", "sender": "市气象台"}
    ]


def test_one_gauge_proposes_nothing() -> None:
    rule = RULES["stations-over"]
    gauge = {"rule": "level-guarantee", "subject_id": "a", "value": 7.2, "threshold": 6.66}
    assert of_alerts(rule, [gauge, gauge]) is None
    three = [{**gauge, "subject_id": name} for name in "abc"]
    found = of_alerts(rule, three)
    assert found is not None and found.evidence["count"] == 3
    assert of_alerts(rule, [{**it, "rule": "level-rise"} for it in three]) is None


def test_a_burst_needs_its_number() -> None:
    rule = RULES["ponding"]
    assert of_cases(rule, 7, []) is None
    found = of_cases(rule, 8, ["c1"])
    assert found is not None and found.evidence == {"count": 8, "within_min": 60, "cases": ["c1"]}


def test_the_same_evidence_does_not_ask_twice_and_a_graver_one_does() -> None:
    orange, red = Finding(level=3, evidence={}), Finding(level=2, evidence={})
    assert asks(None, orange, NOW)
    declined = Episode(level=3, state="declined", held_at=NOW)
    assert not asks(declined, orange, NOW + timedelta(hours=5))
    assert asks(declined, red, NOW + timedelta(minutes=20))
    assert asks(declined, orange, NOW + timedelta(hours=7))


def test_what_is_in_force_at_that_level_or_a_graver_one_meets_a_proposal() -> None:
    assert met_by(2, {"city": 4}) is None
    assert met_by(2, {"city": 4, "bureau": 2}) == "bureau"
    assert met_by(3, {"b": 2, "a": 2, "grave": 1}) == "grave"


def test_what_is_usual_must_be_known() -> None:
    rule = RULES["unusual"]
    assert of_unusual(rule, 100, [10] * 5) is None
    assert of_unusual(rule, 24, [3] * 28) is None
    assert of_unusual(rule, 29, [10] * 28) is None
    found = of_unusual(rule, 60, [10] * 28)
    assert found is not None and found.evidence["usual"] == 10


def test_the_storm_days_of_a_real_county_are_proposed_and_ordinary_days_are_not(
    recordings: Path,
) -> None:
    """Eight and a half months of dispatches; storms came on 12-27, 12-31, 1-4, 1-8 and 1-10."""
    with gzip.open(recordings / INCIDENTS, "rt", encoding="utf-8", newline="") as file:
        seen = sorted(
            datetime.fromisoformat(row["first_seen"]).timestamp()
            for row in csv.DictReader(file)
            if row["first_seen"]
        )
    rule = RULES["unusual"]
    day, hour = 86_400, rule.within.total_seconds()

    def within(until: float) -> int:
        return bisect_right(seen, until) - bisect_left(seen, until - hour)

    zone = ZoneInfo("America/Los_Angeles")
    proposed: set[date] = set()
    moment = seen[0] + rule.days * day
    while moment <= seen[-1]:
        usual = [within(moment - back * day) for back in range(1, rule.days + 1)]
        if of_unusual(rule, within(moment), usual) is not None:
            proposed.add(datetime.fromtimestamp(moment, zone).date())
        moment += 600
    assert proposed == {
        date(2022, 12, 27),
        date(2022, 12, 31),
        date(2023, 1, 4),
        date(2023, 1, 8),
        date(2023, 1, 10),
    }


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({}, "–"),
        ([{"kind": "warning"}], "id"),
        ([{"id": "a", "kind": "omen", "scenario": "x"}], "kind"),
        ([{"id": "a", "kind": "cases"}], "scenario"),
        ([{"id": "a", "kind": "cases", "scenario": "x", "least": 0}], "least"),
        ([{"id": "a", "kind": "cases", "scenario": "x", "level": 7}], "level"),
        ([{"id": "a", "kind": "warning", "scenario": "x", "colours": {"red": 9}}], "colours"),
        ([{"id": "a", "kind": "cases", "scenario": "x", "mood": 1}], "mood"),
    ],
)
def test_what_cannot_be_is_refused_by_its_member(told, field) -> None:
    with pytest.raises(RuleError) as refused:
        read(json.loads(json.dumps(told)))
    assert refused.value.field == field
