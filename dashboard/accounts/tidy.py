"""Forgetting what has ended: sessions past their time, answers kept for a repeated call."""

from datetime import UTC, datetime, timedelta

from data_access.commands import accounts, idempotency
from data_access.store import Store

KEEP_ANSWERS = timedelta(hours=24)


def tidy(store: Store, *, real_now: datetime | None = None) -> tuple[int, int]:
    """Forget them; returns how many sessions and how many answers went. For a recurring job."""
    now = real_now or datetime.now(UTC)
    with store.write() as writer:
        sessions = accounts.forget_expired_sessions(writer, real_now=now)
        answers = idempotency.forget(writer, before=now - KEEP_ANSWERS)
    return sessions, answers
