"""Rules of alerts are checked whole, and what is wrong is named."""

import json
from pathlib import Path

import pytest

import data_access
from dashboard.domain.alerts.rules import KINDS, RuleError, read

SHIPPED = Path(data_access.__file__).parent / "data" / "alert_rules.json"


def a_rule(**more):
    return {"id": "r", "name": "规则", "kind": "depth", "priority": 2, **more}


def test_the_shipped_rules_are_good_and_use_every_kind() -> None:
    book = read(json.loads(SHIPPED.read_text("utf-8")))
    assert {rule.kind for rule in book.rules.values()} == set(KINDS)
    for rule in book.rules.values():
        assert (rule.department is None) == (rule.act == "acknowledge")
        assert not (rule.sound and rule.department)  # another's alert makes no sound here


def test_what_is_not_told_has_its_default() -> None:
    rule = read([a_rule()]).rules["r"]
    assert rule.params == {"cm": 15.0, "deadband": 3.0, "max_age_min": 120.0}
    assert (rule.family, rule.name_en, rule.act, rule.enabled) == ("r", "规则", "acknowledge", True)
    assert rule.topics == ("stations", "places")


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ("x", "rules"),
        ([], "rules"),
        ({"rules": [a_rule()], "more": 1}, "more"),
        ({"rules": [a_rule()], "join_above": 0}, "join_above"),
        ({"rules": [a_rule()], "plausible": {"level": {"step": 1}}}, "plausible.level"),
        (["x"], ""),
        ([a_rule(colour="red")], "colour"),
        ([{"id": "r", "name": "x", "kind": "depth"}], "priority"),
        ([a_rule(priority=4)], "priority"),
        ([a_rule(priority="1")], "priority"),
        ([a_rule(kind="noise")], "kind"),
        ([a_rule(act="transfer")], "department"),
        ([a_rule(act="forget")], "act"),
        ([a_rule(on_delay_s=-1)], "on_delay_s"),
        ([a_rule(sound=1)], "sound"),
        ([a_rule(params={"m": 3})], "params.m"),
        ([a_rule(params={"cm": "deep"})], "params.cm"),
        ([a_rule(params={"cm": float("nan")})], "params.cm"),
        ([a_rule(params={"cm": True})], "params.cm"),
        ([a_rule(), a_rule()], "id"),
        ([a_rule(), a_rule(id="s", family="r")], "rank"),
        ([a_rule(), a_rule(id="s", family="r", rank=1, kind="level_line")], "family"),
        ([a_rule(id="a/b")], "id"),
        ([a_rule(name="x\n")], "name"),
    ],
    ids=lambda part: json.dumps(part, ensure_ascii=False)[:60],
)
def test_a_rule_that_cannot_be_is_named(told, field) -> None:
    with pytest.raises(RuleError) as raised:
        read(told)
    assert raised.value.field == field
    assert raised.value.reason
