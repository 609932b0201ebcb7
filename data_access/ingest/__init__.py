"""The one way into the store for what feeds, recordings and outside programs tell.

Records are validated and committed in transactions of at most 2,000; each is accepted, unchanged
or rejected. What was rejected is kept beside what was taken, in the same transaction, so that an
answer that has left stays true whatever happens next.
"""

import random
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy.exc import DataError, IntegrityError, OperationalError

from dashboard.domain.records import ReadingRecord, Record, Reject, validate
from data_access.ingest import cases, readings, rejects, tally, things
from data_access.ingest.batch import Batch, DrillOver, Job, Outcome, Policy
from data_access.schema import ensure_partitions
from data_access.store import Store

__all__ = ["BATCH_ROWS", "DrillOver", "Policy", "Report", "ingest"]

BATCH_ROWS = 2_000
TRIES = 8
_TRANSIENT = ("deadlock", "could not serialize", "locked")

Valid = Sequence[tuple[int, Any]]

_APPLY: dict[str, Callable[[Batch, Valid], None]] = {
    "cases": cases.apply,
    "readings": readings.apply,
    "stations": things.apply_stations,
    "cameras": things.apply_cameras,
    "responders": things.apply_responders,
    "places": things.apply_places,
    "warnings": things.apply_warnings,
}


@dataclass(slots=True)
class Report:
    """What became of the records, by their index in what was sent.

    ``accepted + unchanged + len(rejected)`` is their number.
    """

    accepted_at: list[int] = field(default_factory=list)
    unchanged_at: list[int] = field(default_factory=list)
    rejected: list[Reject] = field(default_factory=list)

    @property
    def accepted(self) -> int:
        """How many were accepted."""
        return len(self.accepted_at)

    @property
    def unchanged(self) -> int:
        """How many said nothing new."""
        return len(self.unchanged_at)


def ingest(
    store: Store,
    kind: str,
    records: Iterable[object],
    *,
    feed: str,
    now: datetime,
    policy: Policy | None = None,
    known_at: Callable[[Record], datetime] | None = None,
    counted: bool = True,
    told: Sequence[tuple[int, datetime]] | None = None,
) -> Report:
    """Validate ``records`` of ``kind`` and commit them, batch by batch.

    ``now`` is the city's; ``known_at`` says at which city time a record became known (default:
    ``now``; recordings give the event's own). ``counted`` False leaves the feed's counts to the
    caller, as a recording counts rows of its source; ``told`` then says for each record (index in
    its source, moment), which its reject keeps. Raises KeyError for an unknown kind, DrillOver for
    records of a drill that is over, and what
    the driver raises when the database is away: then what earlier batches committed stands, and
    sending everything again does no harm.
    """
    if kind not in _APPLY:
        raise KeyError(kind)
    job = Job(store, kind, feed, now, policy or Policy(), known_at, told)
    report = Report()
    stream = iter(records)
    start = 0
    while chunk := list(islice(stream, BATCH_ROWS)):
        valid, invalid = validate(kind, chunk, now=now, limits=job.policy.limits)
        _make_room(job, valid)
        outcome = _commit(job, valid, invalid, chunk=chunk, start=start, counted=counted)
        report.accepted_at += [start + index for index in outcome.accepted]
        report.unchanged_at += [start + index for index in outcome.unchanged]
        report.rejected += [
            Reject(start + reject.index, reject.id, reject.field, reject.reason)
            for reject in sorted(outcome.rejected, key=lambda reject: reject.index)
        ]
        start += len(chunk)
    return report


def _make_room(job: Job, valid: Valid) -> None:
    """Readings need their month's partition before their transaction begins."""
    if job.kind == "readings":
        months = {
            (record.at.year, record.at.month)
            for _, record in valid
            if isinstance(record, ReadingRecord)
        }
        ensure_partitions(job.store, months)


def _commit(
    job: Job,
    valid: Valid,
    invalid: Sequence[Reject],
    *,
    chunk: Sequence[object],
    start: int,
    counted: bool,
) -> Outcome:
    """Commit one chunk; what the database alone refuses is found by halving."""
    for attempt in range(TRIES):
        try:
            with job.store.write() as writer:
                batch = Batch(job, writer)
                batch.check_run()
                batch.outcome.rejected += invalid
                _APPLY[job.kind](batch, valid)
                rejects.keep(batch, chunk, start)
                if counted:
                    tally.count(batch, len(valid) + len(invalid))
        except (IntegrityError, OperationalError) as error:
            # Two writers met the same new row, or each other's locks: the loser tries again and
            # then sees what the winner wrote.
            transient = isinstance(error, IntegrityError) or any(
                word in str(error).lower() for word in _TRANSIENT
            )
            if not transient:
                raise
            if attempt == TRIES - 1:
                return _halve(job, valid, invalid, error, chunk=chunk, start=start, counted=counted)
            time.sleep(random.uniform(0.005, 0.03) * (attempt + 1))  # noqa: S311
        except DataError as error:
            return _halve(job, valid, invalid, error, chunk=chunk, start=start, counted=counted)
        else:
            return batch.outcome
    raise AssertionError("unreachable")


def _halve(
    job: Job,
    valid: Valid,
    invalid: Sequence[Reject],
    error: Exception,
    *,
    chunk: Sequence[object],
    start: int,
    counted: bool,
) -> Outcome:
    """A record that only the database refuses costs none of its neighbours."""
    if not valid:
        raise error
    if len(valid) == 1:
        index, record = valid[0]
        name = getattr(record, "id", None) or getattr(record, "station", None)
        reason = f"数据库拒绝此记录：{type(error).__name__}"
        refused = [*invalid, Reject(index, name, "record", reason)]
        return _commit(job, [], refused, chunk=chunk, start=start, counted=counted)
    middle = len(valid) // 2
    first = _commit(job, valid[:middle], invalid, chunk=chunk, start=start, counted=counted)
    second = _commit(job, valid[middle:], [], chunk=chunk, start=start, counted=counted)
    return Outcome(
        accepted=first.accepted + second.accepted,
        unchanged=first.unchanged + second.unchanged,
        rejected=first.rejected + second.rejected,
    )
