"""Many records at once, for the opening state of a city and for its history.

They pass the same validation and the same row makers as everything else. What is spared: a
numbered change a row (readers of a topic get one ``reset`` a load instead) and small transactions.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import update

from dashboard.domain.records import Record, validate
from data_access.bulk import insert_rows
from data_access.changes import Writer
from data_access.indicators import to_count
from data_access.ingest import cases, readings, rejects, tally, things
from data_access.ingest.batch import Batch, Job, Policy
from data_access.schema import ensure_partitions
from data_access.store import Store
from data_access.tables import feed as feed_table
from data_access.tables import reading

CHUNK_ROWS = 5_000

_APPLY: dict[str, Callable[[Batch, Any], None]] = {
    "cases": cases.apply,
    "readings": readings.apply,
    "stations": things.apply_stations,
    "cameras": things.apply_cameras,
    "responders": things.apply_responders,
    "places": things.apply_places,
    "warnings": things.apply_warnings,
}


class WholeTopic(Writer):
    """A writer that says of a topic only that it was loaded anew, or nothing at all."""

    def __init__(self, writer: Writer, *, tell: bool) -> None:
        """Write through ``writer``; with ``tell`` False the topic's working set did not change."""
        super().__init__(writer.conn)
        self._writer = writer
        self._tell = tell
        self.cases: dict[str, None] = {}

    def changed(
        self,
        topic: str,
        key: str | None,
        *,
        old_scope: str | None = None,  # noqa: ARG002 - the writer's signature
        new_scope: str | None = None,  # noqa: ARG002
        event: str | None = None,  # noqa: ARG002
        drill: bool = False,
    ) -> None:
        """Note that the whole topic changed, and which cases there are to be counted."""
        if topic == "cases" and key is not None:
            self.cases[key] = None
        if self._tell:
            self._writer.changed(topic, None, drill=drill)


@dataclass(slots=True)
class Loaded:
    """What became of the records of one load."""

    accepted: int = 0
    unchanged: int = 0
    rejected: int = 0


def load(
    store: Store,
    kind: str,
    records: Iterable[object],
    *,
    feed: str,
    now: datetime,
    policy: Policy | None = None,
    known_at: Callable[[Record], datetime] | None = None,
    tell: bool = True,
    position: Mapping[str, Any] | None = None,
) -> Loaded:
    """Validate and write ``records`` of ``kind`` in a few transactions.

    With ``tell`` readers of the topic are told once, with the last transaction, to fetch it anew;
    without, nothing of what is loaded may belong to a working set. ``position`` is written down
    as the feed's with the last transaction, so that a load is done or not done. Raises KeyError
    for an unknown kind.
    """
    job = Job(store, kind, feed, now, policy or Policy(), known_at)
    loaded = Loaded()
    stream = iter(records)
    chunk = list(islice(stream, CHUNK_ROWS))
    start = 0
    while True:
        following = list(islice(stream, CHUNK_ROWS))
        last = not following
        if chunk or last:
            _write(job, chunk, start, loaded, tell=tell and last, position=position, last=last)
        if last:
            return loaded
        start += len(chunk)
        chunk = following


def _write(
    job: Job,
    chunk: Sequence[object],
    start: int,
    loaded: Loaded,
    *,
    tell: bool,
    position: Mapping[str, Any] | None,
    last: bool,
) -> None:
    valid, invalid = validate(job.kind, chunk, now=job.now, limits=job.policy.limits)
    if job.kind == "readings":
        ensure_partitions(job.store, {(it.at.year, it.at.month) for _, it in valid})  # type: ignore[union-attr]
    with job.store.write() as writer:
        told = WholeTopic(writer, tell=tell)
        batch = Batch(job, told)
        batch.outcome.rejected += invalid
        _APPLY[job.kind](batch, valid)
        to_count(writer, told.cases)
        rejects.keep(batch, chunk, start)
        tally.count(batch, len(chunk))
        if last and tell:
            writer.changed(job.kind, None)
        if last and position is not None:
            stand(writer, job.feed, position)
    outcome = batch.outcome
    loaded.accepted += len(outcome.accepted)
    loaded.unchanged += len(outcome.unchanged)
    loaded.rejected += len(outcome.rejected)


def stand(writer: Writer, feed: str, position: Mapping[str, Any]) -> None:
    """Write down where a feed goes on."""
    writer.conn.execute(
        update(feed_table).where(feed_table.c.id == feed).values(position=dict(position))
    )


def load_past_readings(
    store: Store,
    records: Sequence[Mapping[str, Any]],
    *,
    feed: str,
    now: datetime,
    known_at: Callable[[Record], datetime],
    position: Mapping[str, Any],
    policy: Policy | None = None,
) -> Loaded:
    """Write readings older than every one that the store holds, none of which is the latest.

    Nothing is looked up: whoever loads knows that these stations and moments are his, and that
    ``position`` keeps him from loading them twice. One transaction.
    """
    policy = policy or Policy()
    job = Job(store, "readings", feed, now, policy, known_at)
    valid, invalid = validate("readings", records, now=now, limits=policy.limits)
    ensure_partitions(store, {(it.at.year, it.at.month) for _, it in valid})  # type: ignore[union-attr]
    with store.write() as writer:
        batch = Batch(job, WholeTopic(writer, tell=False))
        batch.outcome.rejected += invalid
        batch.outcome.accepted += [index for index, _ in valid]
        rows = [readings.row_of(batch, record, 0) for _, record in valid]  # type: ignore[arg-type]
        insert_rows(writer.conn, reading, rows)
        rejects.keep(batch, records, 0)
        tally.count(batch, len(records))
        stand(writer, feed, position)
    return Loaded(accepted=len(valid), rejected=len(invalid))
