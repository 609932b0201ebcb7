"""What a rule of alerts asks, in a sentence with its numbers.

``assets/73-alert-evidence.js`` fills the same words in.
"""

from collections.abc import Mapping
from typing import Any

from dashboard.domain.alerts.rules import Rule
from dashboard.domain.stations import THRESHOLDS
from dashboard.domain.warnings import COLOURS
from dashboard.domain.words import Words
from layouts.alert_rule_words import ALERT_RULE_WORDS


def asks(rule: Rule) -> Words:
    """Say what a rule asks, without its delays."""
    key = f"rule_{rule.kind}"
    if rule.kind == "case_overdue" and rule.params["times"] > 1:
        key += "_times"
    word = ALERT_RULE_WORDS[key]
    return Words(word.zh.format(**_told(rule.params, 0)), word.en.format(**_told(rule.params, 1)))


def _told(params: Mapping[str, Any], language: int) -> dict[str, str]:
    told = {}
    for name, value in params.items():
        if name == "line" and value in THRESHOLDS:
            told[name] = THRESHOLDS[value][language]
        elif name == "colours":
            names = (COLOURS[colour][language] for colour in value)
            told[name] = ("、", ", ")[language].join(names)
        else:
            told[name] = f"{value:g}" if isinstance(value, float) else str(value)
    return told
