"""Owns what the rules say of places, cameras, feeds and warnings."""

from datetime import datetime, timedelta
from typing import NamedTuple

from dashboard.domain.alerts.phase import Judgement
from dashboard.domain.alerts.rules import Rule

_TICK = timedelta(microseconds=1)


class PlaceFacts(NamedTuple):
    """What the rules look at of a place."""

    depth_cm: float | None
    at: datetime


class CameraFacts(NamedTuple):
    """What the rules look at of a camera; ``at_place``: a place of importance names it."""

    status: str
    at: datetime
    at_place: bool


class FeedFacts(NamedTuple):
    """What the rules look at of a feed; ``spoke_at`` by the city's clock, which runs at ``speed``.

    ``expect_s``: it should speak again within so many real seconds, where it says so.
    """

    state: str
    spoke_at: datetime | None
    expect_s: float | None
    speed: float = 1.0


class WarningFacts(NamedTuple):
    """What the rules look at of a warning."""

    colour: str | None
    live: bool
    effective_at: datetime
    expires_at: datetime | None


def place(rule: Rule, facts: PlaceFacts, now: datetime, *, up: bool) -> Judgement:
    """Judge the depth of water at a place."""
    line = rule.params["cm"]
    floor = line - rule.params["deadband"] if up else line
    if facts.depth_cm is None:
        return Judgement(holds=False, at=facts.at)
    return Judgement(
        holds=facts.depth_cm >= floor,
        at=min(facts.at, now),
        value=facts.depth_cm,
        threshold=line,
        evidence={"factor": "depth"},
    )


def camera(rule: Rule, facts: CameraFacts, now: datetime) -> Judgement:
    """Judge whether a camera is off."""
    watched = facts.at_place or not rule.params["only_at_places"]
    return Judgement(holds=watched and facts.status == "off", at=min(facts.at, now))


def feed(rule: Rule, facts: FeedFacts, now: datetime) -> Judgement:
    """Judge whether a feed is down: it failed, or is silent for longer than it should be."""
    if facts.state == "failed":
        return Judgement(holds=True, at=now, evidence={"state": "failed"})
    if facts.state not in ("ok", "silent") or facts.spoke_at is None or facts.expect_s is None:
        return Judgement(holds=False, at=now)
    silent_s = max(facts.expect_s, rule.params["silent_min"] * 60)
    moment = facts.spoke_at + timedelta(seconds=silent_s * facts.speed)
    return Judgement(
        holds=facts.state == "silent" or moment < now,
        at=min(moment, now),
        evidence={"state": "silent"},
        again=None if moment < now else moment + _TICK,
    )


def warning(rule: Rule, facts: WarningFacts, now: datetime) -> Judgement:
    """Judge whether a warning of the rule's colours is in force."""
    colours = rule.params["colours"]
    wanted = facts.live and (not colours or (facts.colour or "none") in colours)
    if not wanted or (facts.expires_at is not None and facts.expires_at <= now):
        return Judgement(holds=False, at=now)
    if facts.effective_at > now:
        return Judgement(holds=False, at=now, again=facts.effective_at)
    return Judgement(
        holds=True, at=facts.effective_at, again=facts.expires_at, evidence={"colour": facts.colour}
    )
