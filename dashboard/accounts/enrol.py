"""Enrolling a wall's screen: a code told once, typed or scanned once, becomes its session.

Whoever may manage accounts makes a code for one screen and carries it to the hall; the wall's
browser gives it up for a cookie. A code is good for minutes and for one use. A screen that is
enrolled is an account of the role wall that nobody can sign in to.
"""

import hashlib
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from dashboard.accounts.manage import Actor, ManageError, NotFoundError
from dashboard.accounts.sessions import WALL_IDLE, open_session
from dashboard.domain.roles import Role
from data_access.changes import Writer
from data_access.commands import accounts as account_commands
from data_access.commands import audit, screen_acts
from data_access.commands import screens as commands
from data_access.queries import accounts as account_queries
from data_access.queries import screens as queries
from data_access.store import Store

CODE_DIGITS = 8
CODE_LIFE = timedelta(minutes=10)
SCREEN_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
PREFIX = "screen:"
NO_PASSWORD = "!"  # noqa: S105 - no argon2 hash: nothing fits it


@dataclass(frozen=True, slots=True)
class Code:
    """A new code; told only here."""

    digits: str
    real_expires_at: datetime


@dataclass(frozen=True, slots=True)
class Enrolled:
    """A screen that gave up its code: its id, and the secret for its cookie."""

    screen: str
    secret: str


def account_of(screen_id: str) -> str:
    """Name the account of a screen; no person's account can be called so."""
    return PREFIX + screen_id


def screen_of(account: str) -> str | None:
    """Name the screen of an account, or None where it is a person's."""
    return account.removeprefix(PREFIX) if account.startswith(PREFIX) else None


def normal_code(told: str) -> str:
    """Give the digits of what was typed or scanned."""
    return "".join(char for char in told[:64] if char.isascii() and char.isdigit())


def make_code(
    store: Store, actor: Actor, screen_id: str, *, real_now: datetime | None = None
) -> Code:
    """Make a code for a screen; the one before it is void. Raises NotFoundError."""
    now = real_now or datetime.now(UTC)
    code = Code("".join(secrets.choice("0123456789") for _ in range(CODE_DIGITS)), now + CODE_LIFE)
    with store.write() as writer:
        scope = _scope(writer, actor, screen_id)
        commands.add_code(
            writer,
            code_hash=_hash(code.digits),
            screen_id=screen_id,
            made_by=actor.name,
            real_now=now,
            real_expires_at=code.real_expires_at,
        )
        _note(writer, actor, "screen-code", screen_id, scope)
    return code


def enrol(
    store: Store,
    told: str,
    *,
    city_at: datetime,
    address: str | None = None,
    real_now: datetime | None = None,
) -> Enrolled | None:
    """Give up a code for a session of its screen; None where the code is not good."""
    now = real_now or datetime.now(UTC)
    with store.write() as writer:
        screen_id = commands.use_code(writer, code_hash=_hash(normal_code(told)), real_now=now)
        found = screen_id and queries.find(writer.conn, screen_id=screen_id)
        if not screen_id or not found:
            audit.record(
                writer,
                actor="?",
                role="",
                act="screen-enrol-refused",
                city_at=city_at,
                address=address,
            )
            return None
        secret = _open(writer, dict(found), now)
        screen_acts.seen(writer, dict(found), scene=None, step=0, fresh=False)
        audit.record(
            writer,
            actor=account_of(screen_id),
            role=Role.WALL,
            act="screen-enrol",
            subject=screen_id,
            city_at=city_at,
            address=address,
            scope=found["scope"],
        )
    return Enrolled(screen_id, secret)


def unenrol(store: Store, actor: Actor, screen_id: str) -> None:
    """End a screen's sessions and codes: from now on its browser is a stranger's."""
    with store.write() as writer:
        scope = _scope(writer, actor, screen_id)
        commands.drop_codes(writer, screen_id=screen_id)
        ended = account_commands.close_sessions(writer, name=account_of(screen_id))
        screen_acts.forget(writer, screen_id, scope)
        _note(writer, actor, "screen-unenrol", screen_id, scope)
    if not ended:
        raise ManageError(f"屏 {screen_id} 尚未登记")


def follow(writer: Writer, screen_id: str) -> None:
    """Let an enrolled screen see what its row now says: another scope, another event."""
    found = queries.find(writer.conn, screen_id=screen_id)
    name = account_of(screen_id)
    if found is None or account_queries.find_account(writer.conn, name=name) is None:
        return
    account_commands.change_account(writer, name=name, values=_sight(dict(found)))


def _sight(found: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "display_name": found["name"],
        "role": Role.WALL,
        "scopes": [found["scope"]],
        "events": [found["event"]] if found["event"] else [],
    }


def _open(writer: Writer, found: Mapping[str, Any], now: datetime) -> str:
    """Open the session of a screen; the one that it had before ends."""
    account, values = account_of(found["id"]), _sight(found)
    known = account_queries.find_account(writer.conn, name=account)
    if known is None:
        account_commands.add_account(
            writer, name=account, password_hash=NO_PASSWORD, real_now=now, **values
        )
    else:
        rooms = sorted({*known.events, *values["events"]})  # a member it was made stays one
        values |= {"events": rooms, "disabled": False}
        account_commands.change_account(writer, name=account, values=values)
        account_commands.close_sessions(writer, name=account)
    return open_session(writer, account, idle=WALL_IDLE, real_now=now)


def _scope(writer: Writer, actor: Actor, screen_id: str) -> str:
    found = queries.find(writer.conn, screen_id=screen_id)
    if found is None or not actor.covers([found["scope"]]):
        raise NotFoundError(f"没有屏 {screen_id[:40]}")
    return str(found["scope"])


def _note(writer: Writer, actor: Actor, act: str, screen_id: str, scope: str) -> None:
    audit.record(
        writer,
        actor=actor.name,
        role=actor.role,
        act=act,
        subject=screen_id,
        address=actor.address,
        city_at=actor.city_at,
        scope=scope,
    )


def _hash(code: str) -> bytes:
    return hashlib.sha256(b"screen:" + code.encode()).digest()
