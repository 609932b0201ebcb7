"""Changing accounts, sessions and tokens. Secrets come here hashed."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, or_, update

from data_access.changes import Writer
from data_access.tables import account, session, token


def add_account(
    writer: Writer,
    *,
    name: str,
    display_name: str,
    role: str,
    password_hash: str,
    scopes: Sequence[str],
    events: Sequence[str],
    real_now: datetime,
) -> None:
    """Add an account; IntegrityError where the name is taken."""
    writer.conn.execute(
        insert(account).values(
            name=name,
            display_name=display_name,
            role=role,
            password_hash=password_hash,
            scopes=list(scopes),
            events=list(events),
            disabled=False,
            failures=0,
            real_created_at=real_now,
        )
    )


def change_account(writer: Writer, *, name: str, values: Mapping[str, Any]) -> None:
    """Set columns of an account."""
    writer.conn.execute(update(account).where(account.c.name == name).values(**values))


def count_attempt(
    writer: Writer, *, name: str, failures: int, locked_until: datetime | None
) -> None:
    """Write down how often in a row the password was wrong, and until when nobody may try."""
    change_account(
        writer, name=name, values={"failures": failures, "real_locked_until": locked_until}
    )


def open_session(
    writer: Writer, *, id_hash: bytes, name: str, real_now: datetime, real_expires_at: datetime
) -> None:
    """Open a session of the account ``name``."""
    writer.conn.execute(
        insert(session).values(
            id_hash=id_hash,
            account=name,
            real_created_at=real_now,
            real_seen_at=real_now,
            real_expires_at=real_expires_at,
        )
    )


def extend_session(
    writer: Writer, *, id_hash: bytes, real_now: datetime, real_expires_at: datetime
) -> None:
    """Note that the session is in use, and move its end."""
    writer.conn.execute(
        update(session)
        .where(session.c.id_hash == id_hash)
        .values(real_seen_at=real_now, real_expires_at=real_expires_at)
    )


def close_session(writer: Writer, *, id_hash: bytes) -> None:
    """Forget one session."""
    writer.conn.execute(delete(session).where(session.c.id_hash == id_hash))


def close_sessions(writer: Writer, *, name: str, but: bytes | None = None) -> int:
    """Forget every session of an account, ``but`` one; returns how many."""
    statement = delete(session).where(session.c.account == name)
    if but is not None:
        statement = statement.where(session.c.id_hash != but)
    return writer.conn.execute(statement).rowcount


def forget_expired_sessions(writer: Writer, *, real_now: datetime) -> int:
    """Forget the sessions that have ended; returns how many."""
    return writer.conn.execute(
        delete(session).where(session.c.real_expires_at <= real_now)
    ).rowcount


def add_token(
    writer: Writer,
    *,
    token_id: str,
    token_hash: bytes,
    name: str,
    role: str,
    kinds: Sequence[str] | None,
    scopes: Sequence[str],
    events: Sequence[str],
    real_now: datetime,
) -> None:
    """Add a token."""
    writer.conn.execute(
        insert(token).values(
            id=token_id,
            token_hash=token_hash,
            name=name,
            role=role,
            kinds=None if kinds is None else list(kinds),
            scopes=list(scopes),
            events=list(events),
            real_created_at=real_now,
        )
    )


def reset_token(writer: Writer, *, token_hash: bytes, role: str, scopes: Sequence[str]) -> None:
    """Bring a token back into force with this role and these scopes."""
    writer.conn.execute(
        update(token)
        .where(token.c.token_hash == token_hash)
        .values(role=role, scopes=list(scopes), real_revoked_at=None)
    )


def revoke_token(writer: Writer, *, token_id: str, real_now: datetime) -> bool:
    """Revoke a token; False where there is none in force with this id."""
    statement = (
        update(token)
        .where(token.c.id == token_id, token.c.real_revoked_at.is_(None))
        .values(real_revoked_at=real_now)
    )
    return writer.conn.execute(statement).rowcount > 0


def note_token_used(
    writer: Writer, *, token_hash: bytes, real_now: datetime, unless_since: datetime
) -> None:
    """Note that a token was used, unless that was noted since ``unless_since``."""
    writer.conn.execute(
        update(token)
        .where(
            token.c.token_hash == token_hash,
            or_(token.c.real_used_at.is_(None), token.c.real_used_at < unless_since),
        )
        .values(real_used_at=real_now)
    )
