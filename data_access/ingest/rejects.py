"""Rejects: kept as they came, so that a person can see them and have them tried again."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime

from dashboard.domain.records import Undecodable
from data_access.bulk import insert_rows
from data_access.ingest.batch import Batch
from data_access.tables import reject

KEPT_CHARS = 16_384


def keep(batch: Batch, chunk: Sequence[object], start: int) -> None:
    """Write the batch's rejects; ``start`` is the index of the chunk's first record."""
    if not batch.outcome.rejected:
        return
    real_now = datetime.now(UTC)
    origins = {
        refused.index: batch.job.origin(start + refused.index) for refused in batch.outcome.rejected
    }
    insert_rows(
        batch.conn,
        reject,
        [
            {
                "feed": batch.job.feed,
                "kind": batch.job.kind,
                "index": origins[refused.index][0],
                "record_id": refused.id,
                "field": refused.field,
                "reason": refused.reason,
                "record": as_text(chunk[refused.index]),
                "city_at": origins[refused.index][1],
                "real_at": real_now,
                "state": "open",
                "scope": batch.city_path,
                "drill": batch.job.policy.drill,
            }
            for refused in batch.outcome.rejected
        ],
    )


def as_text(record: object) -> str:
    """Give a record as JSON text, whatever it is; NUL and lone surrogates do not survive.

    Of what could not be read, what came; empty where that cannot be shown.
    """
    if isinstance(record, Undecodable):
        record = record.came
        if record is None:
            return ""
    try:
        text = json.dumps(record, ensure_ascii=False, default=_plain)
    except (TypeError, ValueError, RecursionError):
        text = repr(record)[:KEPT_CHARS]
    clean = text.encode("utf-8", "replace").decode().replace("\x00", "")
    return clean[:KEPT_CHARS]


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else repr(value)
