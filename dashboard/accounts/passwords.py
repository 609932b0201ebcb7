"""Passwords: argon2id through argon2-cffi, with as much time spent on names nobody has."""

import secrets
from functools import cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError

MIN_CHARS = 8
MAX_CHARS = 200

# A hash takes 64 MiB and a core for some 50 ms: a crowd at the door must not fell the server.
_AT_ONCE = BoundedSemaphore(2)


class WeakPasswordError(ValueError):
    """The password is too short or too long."""


def hash_password(password: str) -> str:
    """Hash a password; raises WeakPasswordError."""
    if not MIN_CHARS <= len(password) <= MAX_CHARS:
        raise WeakPasswordError(f"密码须为 {MIN_CHARS} 至 {MAX_CHARS} 个字符")
    with _AT_ONCE:
        return _hasher().hash(password)


def verify(password_hash: str | None, password: str) -> bool:
    """Say whether the password fits; without a hash it takes as long and fits never."""
    known = password_hash or _nobodys_hash()
    with _AT_ONCE:
        try:
            _hasher().verify(known, password[: MAX_CHARS + 1])
        except (VerifyMismatchError, VerificationError, InvalidHashError):
            return False
    return password_hash is not None


def is_outdated(password_hash: str) -> bool:
    """Say whether the hash was made with weaker parameters than today's."""
    return _hasher().check_needs_rehash(password_hash)


def new_password() -> str:
    """Make up a password: 96 random bits, easy to select and paste."""
    return secrets.token_urlsafe(12)


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher()


@cache
def _nobodys_hash() -> str:
    return _hasher().hash(secrets.token_urlsafe(16))
