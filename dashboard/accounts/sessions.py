"""Sessions: opened by a right password, kept in the store, ended by time, sign-out or an act.

All times here are real time.
"""

import secrets
from datetime import UTC, datetime, timedelta

from dashboard.accounts.principal import Credential, Principal, secret_hash
from dashboard.domain.roles import Role
from data_access.changes import Writer
from data_access.commands import accounts as commands
from data_access.store import Store

IDLE = timedelta(hours=12)
"""A session unused for so long has ended."""
LONGEST = timedelta(days=30)
"""A session ends so long after it was opened, used or not."""
WALL_IDLE = timedelta(days=90)
"""A wall's screen, enrolled once, stays so until it is dark for so long."""
TOUCH_EVERY = timedelta(minutes=5)


def open_session(
    writer: Writer, name: str, *, idle: timedelta = IDLE, real_now: datetime | None = None
) -> str:
    """Open a session of the account; returns the cookie's value, which is told only here."""
    now = real_now or datetime.now(UTC)
    secret = secrets.token_urlsafe(32)
    commands.forget_expired_sessions(writer, real_now=now)
    commands.open_session(
        writer,
        id_hash=secret_hash(secret),
        name=name,
        real_now=now,
        real_expires_at=now + idle,
    )
    return secret


def touch(
    store: Store, principal: Principal, *, idle: timedelta = IDLE, real_now: datetime | None = None
) -> bool:
    """Note that the session (or token) is in use, at most every few minutes; True if noted.

    Whoever holds a stream open for someone may call this too, so that watching counts as use.
    """
    now = real_now or datetime.now(UTC)
    seen_at = principal.real_seen_at
    if seen_at is not None and now - seen_at < TOUCH_EVERY:
        return False
    with store.write() as writer:
        if principal.via == "token":
            commands.note_token_used(
                writer,
                token_hash=principal.credential.secret_hash,
                real_now=now,
                unless_since=now - TOUCH_EVERY,
            )
        else:
            opened_at = principal.real_opened_at or now
            end = min(now + idle, opened_at + LONGEST)
            commands.extend_session(
                writer,
                id_hash=principal.credential.secret_hash,
                real_now=now,
                real_expires_at=now + WALL_IDLE if principal.role is Role.WALL else end,
            )
    return True


def close_session(writer: Writer, credential: Credential) -> None:
    """End one session."""
    if credential.via == "session":
        commands.close_session(writer, id_hash=credential.secret_hash)
