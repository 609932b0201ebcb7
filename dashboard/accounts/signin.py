"""Signing in: a name and a password against the store, slower with every wrong one.

An attempt is counted before the password is looked at, so that a thousand at once gain nothing.
The answer never tells whether the name exists, is locked, or is disabled.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from dashboard.accounts import passwords
from dashboard.accounts.sessions import IDLE, open_session
from data_access.commands import accounts as commands
from data_access.commands import audit
from data_access.queries import accounts as queries
from data_access.store import Store

FREE_TRIES = 5
FIRST_LOCK = timedelta(seconds=30)
LONGEST_LOCK = timedelta(minutes=15)
NAME_MAX_CHARS = 80


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The right password: the account's name, and the secret for its cookie."""

    name: str
    secret: str


def sign_in(
    store: Store,
    name: str,
    password: str,
    *,
    city_at: datetime,
    address: str | None = None,
    idle: timedelta = IDLE,
    real_now: datetime | None = None,
) -> SignedIn | None:
    """Open a session for the right name and password; None for anything else."""
    now = real_now or datetime.now(UTC)
    name = name.strip()[: NAME_MAX_CHARS + 1]
    known = _count_attempt(store, name, now)
    right = passwords.verify(known, password)
    if not right or known is None:
        _note_refusal(store, name, city_at=city_at, address=address)
        return None
    new_hash = passwords.hash_password(password) if passwords.is_outdated(known) else None
    with store.write() as writer:
        # Between the two transactions the account may have been disabled or given a new password.
        account = queries.find_account(writer.conn, name=name)
        if account is None or account.disabled:
            return None
        if queries.password_hash(writer.conn, name=name) != known:
            return None
        commands.count_attempt(writer, name=name, failures=0, locked_until=None)
        if new_hash is not None:
            commands.change_account(writer, name=name, values={"password_hash": new_hash})
        secret = open_session(writer, name, idle=idle, real_now=now)
        audit.record(
            writer,
            actor=name,
            role=account.role,
            act="sign-in",
            city_at=city_at,
            address=address,
            scope=next(iter(account.scopes), None),
        )
    return SignedIn(name, secret)


def _count_attempt(store: Store, name: str, now: datetime) -> str | None:
    """Count one more attempt; the hash to compare with, or None where none may succeed."""
    with store.read() as conn:
        if queries.find_account(conn, name=name) is None:
            return None
    with store.write() as writer:
        account = queries.find_account(writer.conn, name=name)
        if account is None or account.disabled:
            return None
        if account.real_locked_until is not None and account.real_locked_until > now:
            return None
        failures = account.failures + 1
        commands.count_attempt(
            writer, name=name, failures=failures, locked_until=locked_until(failures, now)
        )
        return queries.password_hash(writer.conn, name=name)


def locked_until(failures: int, now: datetime) -> datetime | None:
    """Say until when nobody may try after so many wrong passwords in a row."""
    if failures < FREE_TRIES:
        return None
    wait_s = FIRST_LOCK.total_seconds() * (1 << min(failures - FREE_TRIES, 10))
    return now + min(timedelta(seconds=wait_s), LONGEST_LOCK)


def _note_refusal(store: Store, name: str, *, city_at: datetime, address: str | None) -> None:
    with store.write() as writer:
        account = queries.find_account(writer.conn, name=name)
        # Passwords are typed into the wrong field: a name that nobody has is not written down.
        audit.record(
            writer,
            actor=name if account is not None else "?",
            role=account.role if account is not None else "",
            act="sign-in-refused",
            city_at=city_at,
            address=address,
            scope=None if account is None else next(iter(account.scopes), None),
        )
