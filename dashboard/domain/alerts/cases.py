"""Owns when a case is near due, overdue, past its 应急时限 or a danger to life, as rules see it."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import NamedTuple

from dashboard.domain.alerts.phase import Judgement
from dashboard.domain.alerts.rules import Rule
from dashboard.domain.cases import ANSWERED, PAUSING, Mark

DESK = "desk"
"""The source of what our own desk entered."""


class CaseFacts(NamedTuple):
    """What the rules look at of a case; ``what``: its kind and subcategory, ``event/0401``."""

    stage: str
    marks: Collection[str]
    urgency: int
    reported_at: datetime
    due_at: datetime | None
    emergency_due_at: datetime | None = None
    what: str = ""
    source: str = ""


def judge(rule: Rule, case: CaseFacts, now: datetime) -> Judgement:
    """Judge a case; without a deadline, answered or while its clock stands it is never late."""
    if rule.kind == "case_emergency":
        return _emergency(case, now)
    if rule.kind == "case_danger":
        return _danger(rule, case, now)
    due_at = case.due_at
    if due_at is None or case.stage in ANSWERED or PAUSING.intersection(case.marks):
        return Judgement(holds=False, at=now)
    limit = max(due_at - case.reported_at, timedelta(minutes=1))
    if rule.kind == "case_near":
        watched = case.urgency > 0 or Mark.SUPERVISED in case.marks
        moment = due_at - timedelta(minutes=rule.params["before_min"])
        # A limit shorter than that would be near due from its beginning.
        moment = max(moment, due_at - limit / 2)
        if not watched:
            return Judgement(holds=False, at=now)
    else:
        moment = due_at + limit * (rule.params["times"] - 1)
    late_s = (now - due_at).total_seconds()
    return Judgement(
        holds=moment < now,
        at=min(moment, now),
        value=round(late_s / 3600, 2),
        threshold=round((moment - due_at).total_seconds() / 3600, 2),
        evidence={"due_at": _iso(due_at), "limit_h": round(limit.total_seconds() / 3600, 2)},
        again=None if moment < now else moment + timedelta(microseconds=1),
    )


def _emergency(case: CaseFacts, now: datetime) -> Judgement:
    due_at = case.emergency_due_at
    if due_at is None or case.stage in ANSWERED or PAUSING.intersection(case.marks):
        return Judgement(holds=False, at=now)
    return Judgement(
        holds=due_at < now,
        at=min(due_at, now),
        value=round((now - due_at).total_seconds() / 3600, 2),
        threshold=0.0,
        evidence={"emergency_due_at": _iso(due_at)},
        again=None if due_at < now else due_at + timedelta(microseconds=1),
    )


def _danger(rule: Rule, case: CaseFacts, now: datetime) -> Judgement:
    """Judge whether a case endangers life: by its class and how urgent it is said to be.

    What the desk itself entered counts from a lower urgency: a person of ours judged the call. One
    that nobody answered for hours is an old list's, and takes nobody's wall.
    """
    least = rule.params["desk_urgency" if case.source == DESK else "urgency"]
    until = case.reported_at + timedelta(hours=rule.params["within_h"])
    meant = case.what in rule.params["classes"] and case.urgency >= least
    holds = meant and case.stage not in ANSWERED and now < until
    return Judgement(
        holds=holds,
        at=min(case.reported_at, now),
        value=float(case.urgency),
        threshold=least,
        evidence={"class": case.what},
        again=until if holds else None,
    )


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")
