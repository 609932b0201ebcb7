"""How the desk is doing against the standard (ISA-18.2, IEC 62682): pure arithmetic.

What comes in are the lines of alerts' records within a span; what goes out are the figures and
what they are measured by. Alerts of which another department answers are not the desk's load.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

PERIOD = timedelta(minutes=10)
AIM = 1
"""Alerts in ten minutes that one person can live with."""
FLOOD = 10
"""More than so many in ten minutes is a flood."""
STANDING = timedelta(hours=24)
STANDING_AIM = 5
CHATTER_TIMES = 3
CHATTER_WITHIN = timedelta(minutes=10)
MIX_AIM: Mapping[int, int] = MappingProxyType({1: 5, 2: 15, 3: 80})
WORST = 10
RAISES = ("raised", "returned")
BARS = 150
"""The most bars that a screen draws."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a record, with what it is measured by."""

    alert: str
    act: str
    at: datetime
    rule: str
    subject: tuple[str, str]
    priority: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """An alert that stands now, or waits."""

    alert: str
    rule: str
    subject: tuple[str, str]
    priority: int
    since: datetime
    active: bool
    acknowledged: bool
    shelved: bool


def figures(
    lines: Sequence[Line], standing: Sequence[Standing], *, since: datetime, until: datetime
) -> dict[str, Any]:
    """Give all figures of the span; ``lines`` are in the order of time."""
    raises = [line for line in lines if line.act in RAISES and since <= line.at < until]
    counts = _periods(raises, since, until)
    return {
        "from": since,
        "until": until,
        "rate": _rate(len(raises), counts, since),
        "flood": _flood(counts),
        "bars": _bars(counts, since),
        "acknowledge": _acknowledge(lines, standing, since, until),
        "standing": _standing(standing, until),
        "chattering": _chattering(raises),
        "worst": _worst(raises),
        "mix": _mix(raises),
    }


def _periods(raises: Iterable[Line], since: datetime, until: datetime) -> list[int]:
    counts = [0] * max(1, -((since - until) // PERIOD))
    for line in raises:
        counts[(line.at - since) // PERIOD] += 1
    return counts


def _rate(n: int, counts: Sequence[int], since: datetime) -> dict[str, Any]:
    most = max(counts)
    return {
        "raised": n,
        "per_period": round(n / len(counts), 2),
        "most": most,
        "most_at": since + PERIOD * counts.index(most) if most else None,
        "aim": AIM,
    }


def _flood(counts: Sequence[int]) -> dict[str, Any]:
    floods = sum(count > FLOOD for count in counts)
    return {
        "periods": floods,
        "of": len(counts),
        "share": round(floods / len(counts), 4),
        "above": FLOOD,
    }


def _bars(counts: Sequence[int], since: datetime) -> dict[str, Any]:
    """Give the worst ten minutes of each bar: a mean would hide the flood."""
    each = -(-len(counts) // BARS)
    bars = [max(counts[at : at + each]) for at in range(0, len(counts), each)]
    return {"from": since, "minutes": each * (PERIOD // timedelta(minutes=1)), "most": bars}


def _acknowledge(
    lines: Sequence[Line], standing: Sequence[Standing], since: datetime, until: datetime
) -> dict[str, Any]:
    raised: dict[str, Line] = {}
    took: dict[int, list[float]] = defaultdict(list)
    for line in lines:
        if line.act in RAISES:
            raised[line.alert] = line
        elif line.act == "acknowledged" and line.at >= since:
            first = raised.pop(line.alert, None)
            if first is not None:
                took[first.priority].append((line.at - first.at).total_seconds())
    waiting = [it for it in standing if not it.acknowledged and not it.shelved]
    return {
        **_spread([each for times in took.values() for each in times]),
        "by_priority": {str(key): _spread(took[key]) for key in sorted(took)},
        "waiting": len(waiting),
        "oldest_s": max(((until - it.since).total_seconds() for it in waiting), default=None),
    }


def _spread(times: Sequence[float]) -> dict[str, Any]:
    ordered = sorted(times)
    if not ordered:
        return {"n": 0, "median_s": None, "p90_s": None}
    last = len(ordered) - 1
    return {
        "n": len(ordered),
        "median_s": round(ordered[last // 2], 1),
        "p90_s": round(ordered[round(last * 0.9)], 1),
    }


def _standing(standing: Sequence[Standing], until: datetime) -> dict[str, Any]:
    long = [it for it in standing if it.active and not it.shelved and until - it.since > STANDING]
    long.sort(key=lambda it: it.since)
    return {
        "n": len(long),
        "aim_below": STANDING_AIM,
        "items": [
            {
                "alert": it.alert,
                "rule": it.rule,
                "subject": {"topic": it.subject[0], "id": it.subject[1]},
                "priority": it.priority,
                "since": it.since,
            }
            for it in long[:WORST]
        ],
    }


def _by_source(raises: Iterable[Line]) -> dict[tuple[str, tuple[str, str]], list[datetime]]:
    found: dict[tuple[str, tuple[str, str]], list[datetime]] = defaultdict(list)
    for line in raises:
        found[line.rule, line.subject].append(line.at)
    return found


def _source(rule: str, subject: tuple[str, str], times: int) -> dict[str, Any]:
    return {"rule": rule, "subject": {"topic": subject[0], "id": subject[1]}, "times": times}


def _chattering(raises: Sequence[Line]) -> dict[str, Any]:
    found = []
    for (rule, subject), times in _by_source(raises).items():
        pairs = zip(times, times[CHATTER_TIMES - 1 :], strict=False)
        if any(last - first <= CHATTER_WITHIN for first, last in pairs):
            found.append(_source(rule, subject, len(times)))
    found.sort(key=lambda it: -it["times"])
    return {
        "n": len(found),
        "times": CHATTER_TIMES,
        "within_min": CHATTER_WITHIN // timedelta(minutes=1),
        "items": found[:WORST],
    }


def _worst(raises: Sequence[Line]) -> dict[str, Any]:
    counted = sorted(_by_source(raises).items(), key=lambda it: (-len(it[1]), it[0]))[:WORST]
    items = [_source(rule, subject, len(times)) for (rule, subject), times in counted]
    taken = sum(item["times"] for item in items)
    return {"share": round(taken / len(raises), 4) if raises else None, "items": items}


def _mix(raises: Sequence[Line]) -> dict[str, Any]:
    counted = Counter(line.priority for line in raises)
    return {
        str(priority): {
            "n": counted[priority],
            "share": round(counted[priority] / len(raises), 4) if raises else None,
            "aim": aim / 100,
        }
        for priority, aim in MIX_AIM.items()
    }
