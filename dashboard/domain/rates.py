"""Owns the figures that are made of sums, each by its basis 口径."""

from collections.abc import Collection, Mapping, Sequence

from dashboard.domain.bases import Basis
from dashboard.domain.cases import Mark, Stage
from dashboard.domain.indicators import EXCLUSIONS, MEASURES, STAGES_TIMED

_AT = {name: place for place, name in enumerate(MEASURES)}
_NOTHING = (0,) * len(MEASURES)
_VOIDED, _EXTENDED = EXCLUSIONS[Stage.VOIDED], EXCLUSIONS[Mark.EXTENDED]


def figures(sums: Mapping[int, Sequence[int]], basis: Basis) -> dict[str, int | float | None]:
    """Return the figures of a period from its sums by mask.

    A rate is a share of 1, None where nothing is in its denominator. ``due`` and ``timely`` are the
    basis's denominator and numerator; ``unanswered`` and ``late``, what of the denominator is not
    in time, are known where that is what fell due, else None.
    """
    every = _total(sums.values())
    judged = _total([it for mask, it in sums.items() if not mask & basis.mask])
    owed = _total([it for mask, it in sums.items() if not mask & _VOIDED])
    extended = _total([it for mask, it in sums.items() if mask & _EXTENDED and not mask & _VOIDED])
    due, timely = judged[_AT[basis.denominator]], judged[_AT[basis.numerator]]
    unanswered = judged[_AT["unanswered"]] if basis.denominator == "due" else None
    return {
        "rate": _share(timely, due),
        "due": due,
        "timely": timely,
        "unanswered": unanswered,
        "late": None if unanswered is None else max(0, due - timely - unanswered),
        "left_out": every[_AT[basis.denominator]] - due,
        **{name: every[_AT[name]] for name in ("undated", "reported", "filed", "closed")},
        "answered": every[_AT["answered"]],
        "filing_rate": _share(every[_AT["filed"]], every[_AT["reported"]]),
        "closing_rate": _share(judged[_AT["due_closed"]], judged[_AT["due"]]),
        "in_time_rate": _share(judged[_AT["closed_in_time"]], judged[_AT["due"]]),
        "rework_rate": _share(every[_AT["reworked"]], every[_AT["answered"]]),
        "extension_rate": _share(extended[_AT["due"]], owed[_AT["due"]]),
        "mean_s": _share(every[_AT["worked_s"]], every[_AT["worked_n"]]),
    }


def rate(sums: Mapping[int, Sequence[int]], basis: Basis) -> float | None:
    """Return the rate alone."""
    judged = _total([it for mask, it in sums.items() if not mask & basis.mask])
    return _share(judged[_AT[basis.numerator]], judged[_AT[basis.denominator]])


def stage_times(sums: Mapping[int, Sequence[int]]) -> list[tuple[str, float, int]]:
    """Return (stage, mean seconds, number of cases) of the cases closed in the period."""
    every = _total(sums.values())
    found = [(it, every[_AT[f"in_{it}_s"]], every[_AT[f"in_{it}_n"]]) for it in STAGES_TIMED]
    return [(stage, seconds / number, number) for stage, seconds, number in found if number]


def _total(parts: Collection[Sequence[int]]) -> Sequence[int]:
    if len(parts) == 1:
        return next(iter(parts))
    return [sum(column) for column in zip(*parts, strict=True)] if parts else _NOTHING


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
