"""Who may come in: accounts, their sessions, and tokens. Hashes only; no secret is stored."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Row, func, select

from data_access.tables import account, session, token


@dataclass(frozen=True, slots=True)
class Account:
    """One account as the administrator sees it."""

    name: str
    display_name: str
    role: str
    scopes: tuple[str, ...]
    events: tuple[str, ...]
    disabled: bool
    failures: int
    real_locked_until: datetime | None
    real_created_at: datetime


@dataclass(frozen=True, slots=True)
class Token:
    """One bearer token as the administrator sees it; the token itself is told once."""

    id: str
    name: str
    role: str
    kinds: tuple[str, ...] | None
    scopes: tuple[str, ...]
    events: tuple[str, ...]
    real_created_at: datetime
    real_revoked_at: datetime | None
    real_used_at: datetime | None


@dataclass(frozen=True, slots=True)
class SessionRow:
    """One open session with the account that it belongs to."""

    id_hash: bytes
    account: Account
    real_created_at: datetime
    real_seen_at: datetime
    real_expires_at: datetime


def find_account(conn: Connection, *, name: str) -> Account | None:
    """The account called ``name``, or None."""
    row = conn.execute(select(account).where(account.c.name == name)).first()
    return None if row is None else _account(row)


def accounts(conn: Connection, *, after: str = "", limit: int = 2000) -> list[Account]:
    """Accounts by name, those after ``after``."""
    query = select(account).where(account.c.name > after).order_by(account.c.name).limit(limit)
    return [_account(row) for row in conn.execute(query)]


def password_hash(conn: Connection, *, name: str) -> str | None:
    """The stored argon2 hash of the account's password, or None where there is no account."""
    return conn.execute(
        select(account.c.password_hash).where(account.c.name == name)
    ).scalar_one_or_none()


def tokens(conn: Connection, *, after: str = "", limit: int = 2000) -> list[Token]:
    """Tokens by id, those after ``after``, the revoked ones too."""
    query = select(token).where(token.c.id > after).order_by(token.c.id).limit(limit)
    return [_token(row) for row in conn.execute(query)]


def find_token(conn: Connection, *, token_id: str) -> Token | None:
    """The token with this id, or None."""
    row = conn.execute(select(token).where(token.c.id == token_id)).first()
    return None if row is None else _token(row)


def tokens_by_hash(conn: Connection, *, hashes: Collection[bytes]) -> dict[bytes, Token]:
    """The tokens in force among ``hashes``."""
    query = select(token).where(token.c.token_hash.in_(hashes), token.c.real_revoked_at.is_(None))
    return {bytes(row.token_hash): _token(row) for row in conn.execute(query)}


def token_hash_known(conn: Connection, *, token_hash: bytes) -> bool:
    """Say whether a token with this hash exists, revoked or not."""
    query = select(token.c.id).where(token.c.token_hash == token_hash)
    return conn.execute(query).first() is not None


def sessions_by_hash(
    conn: Connection, *, hashes: Collection[bytes], real_now: datetime
) -> dict[bytes, SessionRow]:
    """The sessions among ``hashes`` that have not expired and whose account is not disabled."""
    query = (
        select(
            account,
            session.c.id_hash,
            session.c.real_created_at.label("opened_at"),
            session.c.real_seen_at,
            session.c.real_expires_at,
        )
        .join(account, account.c.name == session.c.account)
        .where(
            session.c.id_hash.in_(hashes),
            session.c.real_expires_at > real_now,
            account.c.disabled.is_(False),
        )
    )
    return {
        bytes(row.id_hash): SessionRow(
            id_hash=bytes(row.id_hash),
            account=_account(row),
            real_created_at=row.opened_at,
            real_seen_at=row.real_seen_at,
            real_expires_at=row.real_expires_at,
        )
        for row in conn.execute(query)
    }


def count_sessions(conn: Connection, *, name: str) -> int:
    """How many sessions the account has, expired ones included."""
    query = select(func.count()).select_from(session).where(session.c.account == name)
    return int(conn.execute(query).scalar_one())


def _account(row: Row[tuple[object, ...]]) -> Account:
    return Account(
        name=row.name,
        display_name=row.display_name,
        role=row.role,
        scopes=tuple(row.scopes),
        events=tuple(row.events),
        disabled=bool(row.disabled),
        failures=row.failures,
        real_locked_until=row.real_locked_until,
        real_created_at=row.real_created_at,
    )


def _token(row: Row[tuple[object, ...]]) -> Token:
    return Token(
        id=row.id,
        name=row.name,
        role=row.role,
        kinds=None if row.kinds is None else tuple(row.kinds),
        scopes=tuple(row.scopes),
        events=tuple(row.events),
        real_created_at=row.real_created_at,
        real_revoked_at=row.real_revoked_at,
        real_used_at=row.real_used_at,
    )
