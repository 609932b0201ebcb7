"""Who is asking, and what of the store that person, screen or program may see.

Works without Flask and reads only, so that the process that holds the streams can use it. Every
reader of rows asks a :class:`Principal` which scopes it has; nothing else decides visibility.
"""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import Literal

from sqlalchemy import Connection

from dashboard.domain.roles import Right, Role, may
from data_access.queries import accounts as queries
from data_access.store import Store

SESSION_COOKIE = "pingji_session"
TOKEN_PREFIX = "pj_"  # noqa: S105 - a prefix, not a secret
SECRET_MAX_CHARS = 200
_ROLES = frozenset(role.value for role in Role)


@dataclass(frozen=True, slots=True)
class Credential:
    """What a caller showed, as it is stored: how, and the SHA-256 of the secret."""

    via: Literal["session", "token"]
    secret_hash: bytes


@dataclass(frozen=True)
class Principal:
    """Someone known.

    ``scopes``: scope paths, none contained in another, in order. ``events``: operations of which
    it is a member. ``kinds``: what a feed token may ingest; None means every kind.
    """

    name: str
    display_name: str
    role: Role
    scopes: tuple[str, ...]
    events: tuple[str, ...]
    kinds: tuple[str, ...] | None
    via: Literal["session", "token"]
    credential: Credential
    real_opened_at: datetime | None = field(default=None, compare=False)
    real_seen_at: datetime | None = field(default=None, compare=False)

    @cached_property
    def scope_key(self) -> str:
        """Stable text that is the same for all who see the same rows of a topic.

        Which topics one may follow is asked with ``dashboard.accounts.doors.may_follow``.
        """
        view = "wall" if self.role is Role.WALL else ""
        return "|".join((view, ",".join(self.scopes), ",".join(self.events)))

    @cached_property
    def session_name(self) -> str:
        """A public name of this session or token; tells nothing about the secret."""
        return hashlib.sha256(b"name:" + self.credential.secret_hash).hexdigest()[:16]

    def may(self, right: Right) -> bool:
        """Say whether this role has the right."""
        return may(self.role, right)

    def may_ingest(self, kind: str) -> bool:
        """Say whether this principal may send records of ``kind``."""
        return self.may(Right.INGEST) and (self.kinds is None or kind in self.kinds)

    def sees(self, scope: str | None, event: str | None = None) -> bool:
        """Say whether a row with this scope path, belonging to this operation, may be seen."""
        if event is not None and event in self.events:
            return True
        return scope is not None and any(within(scope, own) for own in self.scopes)

    def covers(self, scopes: Collection[str]) -> bool:
        """Say whether what has these scopes is its business."""
        return covers(self.scopes, scopes)

    def sees_room(self, event: str | None) -> bool:
        """Say whether the room of an event may be shown: on a wall only where it is a member."""
        return self.role is not Role.WALL or event in self.events

    def sees_camera(self, *, wall_allowed: bool) -> bool:
        """Say whether a camera within its scope may be shown: on a wall only those marked so."""
        return wall_allowed or self.role is not Role.WALL


def within(scope: str, own: str) -> bool:
    """Say whether the path ``scope`` is ``own`` or lies below it."""
    return scope == own or scope.startswith(own + "/")


def covers(own: Collection[str], scopes: Collection[str]) -> bool:
    """Say whether every one of ``scopes`` lies within ``own``.

    What has no scope at all is the business of whoever has a whole city.
    """
    if not scopes:
        return any("/" not in path for path in own)
    return all(any(within(scope, path) for path in own) for scope in scopes)


def normal_scopes(scopes: Collection[str]) -> tuple[str, ...]:
    """Give the paths in order, without those that another one contains."""
    unique = sorted({scope for scope in scopes if scope})
    return tuple(
        scope
        for scope in unique
        if not any(other != scope and within(scope, other) for other in unique)
    )


def secret_hash(secret: str) -> bytes:
    """Hash a session's or token's secret; it is 256 random bits, so one round is enough."""
    return hashlib.sha256(secret.encode()).digest()


def credential(*, cookie: str | None = None, bearer: str | None = None) -> Credential | None:
    """Give what was shown as it is stored; a bearer token wins over a cookie."""
    if bearer:
        if len(bearer) > SECRET_MAX_CHARS or not bearer.startswith(TOKEN_PREFIX):
            return None
        return Credential("token", secret_hash(bearer))
    if cookie and len(cookie) <= SECRET_MAX_CHARS:
        return Credential("session", secret_hash(cookie))
    return None


def bearer_of(authorization: str | None) -> str | None:
    """Give the token of an ``Authorization: Bearer …`` header; '' for any other scheme."""
    if authorization is None:
        return None
    scheme, _, secret = authorization.partition(" ")
    return secret.strip() if scheme.lower() == "bearer" else ""


def principal(
    store: Store, *, cookie: str | None = None, bearer: str | None = None
) -> Principal | None:
    """Say who showed this session cookie or bearer token; None if nobody known."""
    shown = credential(cookie=cookie, bearer=bearer)
    if shown is None:
        return None
    with store.read() as conn:
        return resolve(conn, [shown]).get(shown)


def resolve(
    conn: Connection, credentials: Collection[Credential], *, real_now: datetime | None = None
) -> dict[Credential, Principal]:
    """Say who stands behind each credential now; those no longer good are left out.

    One question for all of them, so that the hub can ask again for its streams every few seconds.
    """
    now = real_now or datetime.now(UTC)
    found: dict[Credential, Principal] = {}
    session_hashes = [shown.secret_hash for shown in credentials if shown.via == "session"]
    if session_hashes:
        rows = queries.sessions_by_hash(conn, hashes=session_hashes, real_now=now)
        for row in rows.values():
            if row.account.role not in _ROLES:
                continue
            shown = Credential("session", row.id_hash)
            found[shown] = Principal(
                name=row.account.name,
                display_name=row.account.display_name,
                role=Role(row.account.role),
                scopes=_sight(Role(row.account.role), row.account.scopes),
                events=tuple(sorted(row.account.events)),
                kinds=(),
                via="session",
                credential=shown,
                real_opened_at=row.real_created_at,
                real_seen_at=row.real_seen_at,
            )
    token_hashes = [shown.secret_hash for shown in credentials if shown.via == "token"]
    if token_hashes:
        for hashed, token in queries.tokens_by_hash(conn, hashes=token_hashes).items():
            if token.role not in _ROLES:
                continue
            shown = Credential("token", hashed)
            found[shown] = Principal(
                name=f"token:{token.name}",
                display_name=token.name,
                role=Role(token.role),
                scopes=_sight(Role(token.role), token.scopes),
                events=tuple(sorted(token.events)),
                kinds=token.kinds,
                via="token",
                credential=shown,
                real_opened_at=token.real_created_at,
                real_seen_at=token.real_used_at,
            )
    return found


def _sight(role: Role, scopes: Collection[str]) -> tuple[str, ...]:
    """Give the scopes in which the role looks around: an event's member sees its event alone."""
    return () if role is Role.EVENT_MEMBER else normal_scopes(scopes)
