"""Owns what the rules say of a station, from what is remembered of its factors."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from dashboard.domain.alerts.phase import Judgement
from dashboard.domain.alerts.rules import WATER, Rule, RuleBook
from dashboard.domain.alerts.series import HOUR, Series

SETTLE = timedelta(minutes=5)
"""How long after an hour its mean is made: its last readings are still on their way."""

RAIN = "rain"
LEVEL = "level"
DEPTH = "depth"
_TICK = timedelta(microseconds=1)


@dataclass(slots=True)
class Station:
    """A station as the rules see it."""

    id: str
    kind: str
    datum: str | None
    thresholds: Mapping[str, Mapping[str, Any]]
    factors: dict[str, Series] = field(default_factory=dict)
    sums: dict[float, float] = field(default_factory=dict)
    by_hand: bool = False  # a supervisor marked it 可疑
    listened: datetime | None = None  # since when what it sends could arrive here

    @property
    def last_at(self) -> datetime | None:
        """The moment of its newest reading."""
        told = [it.last_at for it in self.factors.values() if it.last_at is not None]
        return max(told, default=None)

    def quiet_from(self, last: datetime, *, up: bool) -> datetime:
        """Say from when it counts as quiet: not for the time in which nobody here listened.

        An alert that stands goes on: it had been quiet before.
        """
        return last if up or self.listened is None else max(last, self.listened)

    def suspect(self) -> str | None:
        """Say why it is 可疑, if it is: by hand, a jump, a level without datum or threshold."""
        if self.by_hand:
            return "hand"
        if any(it.suspect for it in self.factors.values()):
            return "jump"
        if self.kind in WATER and LEVEL in self.factors:
            if not self.datum:
                return "datum"
            if not _numbers(self.thresholds.get(LEVEL, {})):
                return "threshold"
        return None


def judge(rule: Rule, station: Station, now: datetime, *, up: bool) -> Judgement:
    """Judge a station; ``up``: the rule's alert stands, so that its deadband counts."""
    if station.by_hand:
        return Judgement(holds=False, at=now, evidence={"suspect": "hand"})
    return _JUDGES[rule.kind](rule, station, now, up)


def applies(rule: Rule, station: Station) -> bool:
    """Say whether a rule has anything to say of a station of this kind."""
    if rule.kind in ("level_line", "level_rise"):
        return station.kind in rule.params["kinds"]
    if rule.kind == "depth":
        return station.kind == "ponding"
    if rule.kind == "rain_sum":
        return station.kind == "rain"
    if rule.kind.startswith("emission_"):
        return station.kind == "emission"
    return True


def keep_for(book: RuleBook) -> timedelta:
    """Give how long values are kept for the rules' rates."""
    return max(
        (
            timedelta(minutes=it.params["over_min"])
            for it in book.rules.values()
            if it.kind == "level_rise"
        ),
        default=HOUR,
    )


def _level_line(rule: Rule, station: Station, now: datetime, up: bool) -> Judgement:
    series = station.factors.get(LEVEL)
    line = station.thresholds.get(LEVEL, {}).get(rule.params["line"])
    if series is None or line is None or not _number(line) or not station.datum:
        return Judgement(holds=False, at=now)
    return _over(rule, series, float(line), now, up, {"factor": LEVEL, "datum": station.datum})


def _depth(rule: Rule, station: Station, now: datetime, up: bool) -> Judgement:
    series = station.factors.get(DEPTH)
    if series is None:
        return Judgement(holds=False, at=now)
    return _over(rule, series, rule.params["cm"], now, up, {"factor": DEPTH})


def _over(
    rule: Rule, series: Series, line: float, now: datetime, up: bool, evidence: dict[str, Any]
) -> Judgement:
    at = series.last_at or now
    if series.value is None or not series.judged or _too_old(rule, at, now):
        return Judgement(holds=None, at=at)
    floor = line - rule.params["deadband"] if up else line
    return Judgement(
        holds=series.value >= floor,
        at=at,
        value=series.value,
        threshold=line,
        evidence={**evidence, "at": _iso(at)},
    )


def _level_rise(rule: Rule, station: Station, now: datetime, up: bool) -> Judgement:
    series = station.factors.get(LEVEL)
    if series is None or station.suspect() in ("datum", "threshold"):
        return Judgement(holds=False, at=now)
    at = series.last_at or now
    if not series.judged or _too_old(rule, at, now):
        return Judgement(holds=None, at=at)
    rate = series.rate_per_hour(timedelta(minutes=rule.params["over_min"]))
    if rate is None:
        return Judgement(holds=None, at=at)
    line = rule.params["m_per_h"]
    floor = line - rule.params["deadband"] if up else line
    return Judgement(
        holds=rate[0] >= floor,
        at=at,
        value=round(rate[0], 3),
        threshold=line,
        evidence={
            "factor": LEVEL,
            "from": {"at": _iso(rate[1]), "value": rate[2]},
            "to": {"at": _iso(at), "value": series.value},
        },
    )


def _rain_sum(rule: Rule, station: Station, now: datetime, up: bool) -> Judgement:
    hours, line = rule.params["hours"], rule.params["mm"]
    if not station.sums and RAIN not in station.factors:
        return Judgement(holds=False, at=now)
    total = station.sums.get(hours, 0.0)
    floor = line - rule.params["deadband"] if up else line
    at = station.last_at or now
    return Judgement(
        holds=total >= floor,
        at=min(at, now),
        value=total,
        threshold=line,
        evidence={"factor": RAIN, "hours": hours, "at": _iso(at)},
        again=now + timedelta(minutes=10) if up else None,
    )


def _emission_mean(rule: Rule, station: Station, now: datetime, up: bool) -> Judgement:
    end = _floor(now - SETTLE)
    again = end + HOUR + SETTLE + _TICK
    worst: tuple[float, Judgement] | None = None
    told = False
    for factor, series in station.factors.items():
        lines = station.thresholds.get(factor, {})
        found = series.mean(end - HOUR)
        if found is None or found[1] < rule.params["least"]:
            continue
        told = True
        for name, over in (("high", True), ("low", False)):
            line = lines.get(name)
            if not _number(line) or not line:
                continue
            limit = float(line) * (rule.params["share"] if over else 1 / rule.params["share"])
            ratio = found[0] / limit if over else limit / max(found[0], 1e-9)
            if ratio > 1 and (worst is None or ratio > worst[0]):
                evidence = {
                    "factor": factor,
                    "line": name,
                    "hour": _iso(end - HOUR),
                    "readings": found[1],
                }
                worst = (
                    ratio,
                    Judgement(
                        holds=True,
                        at=end,
                        value=round(found[0], 3),
                        threshold=limit,
                        evidence=evidence,
                        again=again,
                    ),
                )
    if worst is not None:
        return worst[1]
    return Judgement(holds=False if told or not up else None, at=end, again=again)


def _emission_constant(rule: Rule, station: Station, now: datetime, _up: bool) -> Judgement:
    for factor, series in station.factors.items():
        if series.same_since is None or series.last_at is None or not series.judged:
            continue
        span = (series.last_at - series.same_since) / HOUR
        if span >= rule.params["hours"]:
            return Judgement(
                holds=True,
                at=series.last_at,
                value=round(span, 2),
                threshold=rule.params["hours"],
                evidence={
                    "factor": factor,
                    "value": series.value,
                    "since": _iso(series.same_since),
                },
            )
    return Judgement(holds=False, at=station.last_at or now)


def _emission_missing(rule: Rule, station: Station, now: datetime, up: bool) -> Judgement:
    by = timedelta(minutes=rule.params["by_min"])
    end = _floor(now - by)
    again = end + HOUR + by + _TICK
    for factor, series in station.factors.items():
        if series.first_at is None or series.first_at >= end - HOUR:
            continue
        if station.quiet_from(end - HOUR, up=up) > end - HOUR:
            continue
        if series.mean(end - HOUR) is None:
            return Judgement(
                holds=True,
                at=end,
                evidence={"factor": factor, "hour": _iso(end - HOUR), "flag": series.flag},
                again=again,
            )
    return Judgement(holds=False, at=end, again=again)


def _emission_saturated(rule: Rule, station: Station, now: datetime, _up: bool) -> Judgement:
    for factor, series in station.factors.items():
        if series.flag == rule.params["flag"]:
            return Judgement(
                holds=True,
                at=series.last_at or now,
                value=series.value,
                evidence={"factor": factor, "flag": series.flag},
            )
    return Judgement(holds=False, at=station.last_at or now)


def _silent(rule: Rule, station: Station, now: datetime, up: bool) -> Judgement:
    last = station.last_at
    every = [it.every_s() for it in station.factors.values()]
    told = [it for it in every if it is not None]
    if last is None or not told:
        return Judgement(holds=None, at=now)
    # One that tells several factors is silent when it tells none of them.
    every_s = max(min(told), rule.params["least_min"] * 60 / rule.params["intervals"])
    limit = timedelta(seconds=every_s * rule.params["intervals"])
    return _since(last, station.quiet_from(last, up=up) + limit, limit, now, every_s / 60)


def _offline(rule: Rule, station: Station, now: datetime, up: bool) -> Judgement:
    last = station.last_at
    if last is None:
        return Judgement(holds=None, at=now)
    limit = timedelta(hours=rule.params["hours"])
    return _since(last, station.quiet_from(last, up=up) + limit, limit, now, None)


def _since(
    last: datetime, moment: datetime, limit: timedelta, now: datetime, every_min: float | None
) -> Judgement:
    evidence: dict[str, Any] = {"last_at": _iso(last)}
    if every_min is not None:
        evidence["every_min"] = round(every_min, 1)
    return Judgement(
        holds=moment < now,
        at=min(moment, now),
        value=round((now - last).total_seconds() / 60, 1),
        threshold=round(limit.total_seconds() / 60, 1),
        evidence=evidence,
        again=None if moment < now else moment + _TICK,
    )


_JUDGES: Mapping[str, Callable[[Rule, Station, datetime, bool], Judgement]] = {
    "level_line": _level_line,
    "level_rise": _level_rise,
    "depth": _depth,
    "rain_sum": _rain_sum,
    "emission_mean": _emission_mean,
    "emission_constant": _emission_constant,
    "emission_missing": _emission_missing,
    "emission_saturated": _emission_saturated,
    "station_silent": _silent,
    "station_offline": _offline,
}


def _too_old(rule: Rule, at: datetime, now: datetime) -> bool:
    """Say whether a reading comes too late to be told as what is."""
    return now - at > timedelta(minutes=rule.params["max_age_min"])


def _floor(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)


def _number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _numbers(lines: Mapping[str, Any]) -> bool:
    return any(_number(value) for value in lines.values())


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")
