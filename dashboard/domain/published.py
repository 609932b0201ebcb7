"""Owns 考核口径: which published figures may be imported, their units, and how periods are told."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from dashboard.domain.words import Words

PERCENT = Words("%", "%")
CASES = Words("件", "cases")


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator as it is published. ``unit``: what its value is counted in."""

    words: Words
    unit: Words


INDICATORS: Mapping[str, Indicator] = {
    "timely_rate": Indicator(Words("问题及时解决率", "Timely resolution rate"), PERCENT),
    "filing_rate": Indicator(Words("立案率", "Filing rate"), PERCENT),
    "closing_rate": Indicator(Words("结案率", "Closing rate"), PERCENT),
    "in_time_rate": Indicator(Words("按期结案率", "Rate closed in time"), PERCENT),
    "rework_rate": Indicator(Words("返工率", "Rework rate"), PERCENT),
    "extension_rate": Indicator(Words("延期率", "Extension rate"), PERCENT),
    "filed": Indicator(Words("立案交办", "Filed and assigned"), CASES),
    "solved": Indicator(Words("解决", "Solved"), CASES),
    "mean_hours": Indicator(Words("平均处置用时", "Mean handling time"), Words("小时", "hours")),
    "score": Indicator(Words("综合指标值", "Composite score"), Words("分", "points")),
}

GROUPS: frozenset[str] = frozenset({"all", "unit", "class", "subcategory", "source"})

_DAY = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
_NUMBER = re.compile(r"(-?\d+(?:\.\d+)?)\s*([万亿%]?)")
_TIMES = {"": 1, "%": 1, "万": 10_000, "亿": 100_000_000}


def span(told: str) -> tuple[date, date]:
    """Read a period: 2016, 2016-09, 2016-09-04, or two of them, 2006-03/2016-08.

    Raises:
        ValueError: it is none.
    """
    first, _, last = told.strip().partition("/")
    begin, end = _bounds(first)
    if last:
        end = _bounds(last)[1]
    if end < begin:
        raise ValueError(told)
    return begin, end


def number(told: str) -> float:
    """Read a value as it is published: 99.33, 99.33 %, 1126.80万.

    Raises:
        ValueError: it is none.
    """
    found = _NUMBER.fullmatch(told.strip().replace(",", ""))
    if found is None:
        raise ValueError(told)
    return round(float(found[1]) * _TIMES[found[2]], 6)


def _bounds(told: str) -> tuple[date, date]:
    found = _DAY.fullmatch(told.strip())
    if found is None:
        raise ValueError(told)
    year, month, day = (int(part) if part else None for part in found.groups())
    assert year is not None
    if month is None:
        return date(year, 1, 1), date(year, 12, 31)
    if day is None:
        after = date(year + month // 12, month % 12 + 1, 1)
        return date(year, month, 1), after - timedelta(days=1)
    return date(year, month, day), date(year, month, day)
