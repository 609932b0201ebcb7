"""Which judge a subject has, and which chain of groups its alert."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from dashboard.domain.alerts import cases, groups, stations, things
from dashboard.domain.alerts.phase import Judgement
from dashboard.domain.alerts.rules import Rule
from data_access.alerts.facts import Subject


def judge(rule: Rule, subject: Subject, now: datetime, *, up: bool) -> Judgement | None:
    """Judge a subject by a rule; None where the rule has nothing to say of it."""
    if subject.topic == "stations":
        if not stations.applies(rule, subject.facts):
            return None
        return stations.judge(rule, subject.facts, now, up=up)
    if subject.topic == "places":
        return things.place(rule, subject.facts, now, up=up)
    return _PLAIN[subject.topic](rule, subject.facts, now)


_PLAIN: Mapping[str, Callable[[Rule, Any, datetime], Judgement]] = {
    "cases": cases.judge,
    "cameras": things.camera,
    "feeds": things.feed,
    "warnings": things.warning,
}


def chain(rule: Rule, subject: Subject) -> groups.Chain:
    """Give the groups to which an alert of a rule belongs, from narrow to wide.

    What is of a drill is never in one group with what is real.
    """
    found = _chain(rule, subject)
    return groups.of_drill(found) if subject.drill else found


def _chain(rule: Rule, subject: Subject) -> groups.Chain:
    about = subject.about
    if rule.kind == "case_danger":
        return groups.of_danger(subject.scope)
    if subject.topic == "cases":
        return groups.of_case(rule.kind, about["unit"], subject.scope)
    if subject.topic in ("stations", "places"):
        return groups.of_station(
            rule.kind,
            scope=subject.scope,
            river=about.get("river"),
            basin=about.get("basin"),
            feed=about.get("feed"),
        )
    if subject.topic == "cameras":
        return groups.of_camera(about["source"])
    if subject.topic == "feeds":
        return groups.of_feed(subject.id)
    return groups.of_warning(about["event"], subject.scope)
