"""Owns what 加急 and 顺延 do to the clocks of a case, all of it worked out from its record.

顺延: the disposal clock stands from the act to the end of it, and goes on from where it stood.
加急: an 应急时限 runs beside the deadline, from the act on, in time that the clock runs. A deadline
of our own rules is counted anew by the mode's rule from the act on, and never becomes later by
that; one that a source told is never touched. No act makes anybody late: nothing that it gives
lies before it, and what was late before it stays so. When an operation has ended a case's own
deadline is again what its record alone makes it; of a revoked one nothing remains.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from dashboard.domain.calendar import Calendar
from dashboard.domain.deadlines import Extension, Rule, Run, Unit, due_by
from dashboard.domain.lifecycle import Clocks
from dashboard.domain.treatments import Hold, Treatment

_ZERO = timedelta(0)
_Spans = list[tuple[datetime, datetime | None]]


def deferred(holds: Iterable[Hold]) -> _Spans:
    """Give the spans (since, until) of 顺延, in order; what another operation 加急 runs on."""
    counted = [it for it in holds if not it.revoked]
    spans = _joined([_span(it) for it in counted if it.treatment == Treatment.DEFER])
    for hold in counted:
        if hold.treatment == Treatment.EXPEDITE:
            spans = [part for span in spans for part in _minus(span, _span(hold))]
    return [(since, until) for since, until in spans if until is None or until > since]


def pause(clocks: Clocks, holds: Iterable[Hold]) -> None:
    """Let the disposal clock stand while its case was 顺延."""
    for span in deferred(holds):
        runs: list[Run] = []
        for run in clocks.runs:
            if span[0] <= run.since and (span[1] is None or run.since < span[1]):
                runs.append(Run(run.since, run.since))  # it began, and stood at once
            runs += [Run(*part) for part in _minus((run.since, run.until), span)]
            _count(clocks, run, span)
        clocks.runs[:] = runs


def is_deferred(clocks: Clocks, holds: Iterable[Hold]) -> bool:
    """Say whether a case is 顺延, or was when the answer that stands was given."""
    at = clocks.handled_at
    return any(
        until is None or (at is not None and since <= at < until)
        for since, until in deferred(holds)
    )


def emergency_due(hold: Hold, runs: Sequence[Run], calendar: Calendar) -> datetime | None:
    """Give the 应急时限 of one hold; None while the clock has not run since, or none is set.

    A shorter limit counts from the act that set it, a longer one from the beginning of the hold;
    neither moves a deadline that was over by then.
    """
    due: datetime | None = None
    minutes: int | None = None
    for limit in hold.limits:
        over = due is not None and due <= limit.since
        if not over and limit.minutes is None:
            due = None
        elif not over and limit.minutes is not None:
            shorter = minutes is not None and limit.minutes < minutes
            since = limit.since if shorter or minutes is None else hold.since
            found = due_by(_round_the_clock(limit.minutes), since_then(runs, since), calendar)
            known = [it for it in (due, found) if it is not None]
            due = (min if shorter else max)(known, default=None)
        minutes = limit.minutes
    return due


def tightened(
    due_at: datetime | None,
    since: datetime,
    rule: Rule,
    runs: Sequence[Run],
    calendar: Calendar,
    extensions: Sequence[Extension] = (),
) -> datetime | None:
    """Give the deadline that a mode's rule makes of an ordinary one from ``since`` on.

    What passed before then counts nothing, so that it lies behind ``since``; it is never later
    than the ordinary deadline, which stays where it was over by then.
    """
    if due_at is not None and due_at <= since:
        return due_at
    later = [it for it in extensions if it.at >= since]
    found = due_by(rule, since_then(runs, since), calendar, later)
    return min((it for it in (due_at, found) if it is not None), default=None)


def since_then(runs: Iterable[Run], since: datetime) -> list[Run]:
    """Give what ran from a moment on."""
    return [
        Run(max(run.since, since), run.until)
        for run in runs
        if run.until is None or run.until > since
    ]


def _round_the_clock(minutes: int) -> Rule:
    return Rule(id="", version=0, limit=minutes, unit=Unit.MINUTE)


def _count(clocks: Clocks, run: Run, span: tuple[datetime, datetime | None]) -> None:
    """Count how long a span stopped a run."""
    since = max(run.since, span[0])
    ends = [it for it in (run.until, span[1]) if it is not None]
    if not ends:
        clocks.paused_since = clocks.paused_since or since
    elif min(ends) > since:
        clocks.paused += min(ends) - since


def _span(hold: Hold) -> tuple[datetime, datetime | None]:
    return hold.since, hold.until


def _joined(spans: Iterable[tuple[datetime, datetime | None]]) -> _Spans:
    found: _Spans = []
    for since, until in sorted(spans, key=lambda it: it[0]):
        if not found or (found[-1][1] is not None and found[-1][1] < since):
            found.append((since, until))
        elif found[-1][1] is not None and (until is None or until > found[-1][1]):
            found[-1] = found[-1][0], until
    return found


def _minus(
    span: tuple[datetime, datetime | None], other: tuple[datetime, datetime | None]
) -> _Spans:
    """Give what of a span lies outside another."""
    since, until = span
    begins, ends = other
    if (until is not None and until <= begins) or (ends is not None and ends <= since):
        return [span]
    parts: _Spans = []
    if since < begins:
        parts.append((since, begins))
    if ends is not None and (until is None or ends < until):
        parts.append((ends, until))
    return parts
