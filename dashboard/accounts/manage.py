"""Managing accounts and tokens: what the administrator's page and the command line both do.

Every act is written to the audit in its own transaction. Nobody gives away more than they have:
an actor with scopes manages only accounts and tokens that lie within them.
"""

import re
import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.exc import IntegrityError

from dashboard.accounts import passwords
from dashboard.accounts.principal import TOKEN_PREFIX, covers, normal_scopes, secret_hash
from dashboard.domain.records import KINDS
from dashboard.domain.roles import Role
from data_access.changes import Writer
from data_access.commands import accounts as commands
from data_access.commands import audit, event_members
from data_access.queries import accounts as queries
from data_access.queries import scopes as scope_queries
from data_access.store import Store

ACCOUNT_ROLES = (
    Role.LEADER,
    Role.SUPERVISOR,
    Role.COMMANDER,
    Role.ADMINISTRATOR,
    Role.EVENT_MEMBER,
)
"""Roles of people; walls and feeds come with tokens."""

_NAME = re.compile(r"[\w.@-]{1,80}")


class ManageError(ValueError):
    """An act that cannot be done, said so that a person can mend it."""


class TakenError(ManageError):
    """The name is already in use."""


class NotFoundError(ManageError):
    """There is no such account or token (within the actor's scope)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who acts; ``scopes`` None: the command line, which may do everything."""

    name: str
    role: str
    city_at: datetime
    address: str | None = None
    scopes: tuple[str, ...] | None = None

    def covers(self, scopes: Sequence[str]) -> bool:
        """Say whether all of the paths lie within the actor's own."""
        return self.scopes is None or covers(self.scopes, scopes)


def add_account(
    store: Store,
    actor: Actor,
    *,
    name: str,
    role: str,
    display_name: str | None = None,
    password: str | None = None,
    scopes: Sequence[str] | None = None,
    events: Sequence[str] = (),
) -> str:
    """Add an account and give its password (a new one where none is given).

    ``scopes``: jurisdictions by id or path; None means the city's, and for an event member none.
    """
    _check_name(name)
    wanted = _role(role, ACCOUNT_ROLES)
    secret = password if password is not None else passwords.new_password()
    hashed = _hashed(secret)
    try:
        with store.write() as writer:
            paths = _scopes(writer, actor, wanted, scopes)
            _check_events(actor, events)
            commands.add_account(
                writer,
                name=name,
                display_name=(display_name or name)[:80],
                role=wanted,
                password_hash=hashed,
                scopes=paths,
                events=sorted(set(events)),
                real_now=datetime.now(UTC),
            )
            detail = {"role": wanted, "scopes": list(paths), "events": sorted(set(events))}
            _note(writer, actor, "account-add", name, detail=detail, scopes=paths)
    except IntegrityError as error:
        raise TakenError(f"账号 {name} 已存在") from error
    return secret


def set_role(store: Store, actor: Actor, name: str, role: str) -> None:
    """Give an account another role; its open sessions end."""
    wanted = _role(role, ACCOUNT_ROLES)
    with store.write() as writer:
        account = _own_account(writer, actor, name)
        commands.change_account(writer, name=name, values={"role": wanted})
        commands.close_sessions(writer, name=name)
        detail = {"before": account.role, "after": wanted}
        _note(writer, actor, "account-role", name, detail=detail, scopes=account.scopes)


def set_reach(
    store: Store,
    actor: Actor,
    name: str,
    *,
    scopes: Sequence[str] | None = None,
    events: Sequence[str] | None = None,
) -> None:
    """Change what an account sees; None leaves a part as it is. Streams follow at once."""
    with store.write() as writer:
        account = _own_account(writer, actor, name)
        paths = account.scopes
        if scopes is not None:
            paths = _scopes(writer, actor, Role(account.role), scopes)
        _check_events(actor, set(events or ()) - set(account.events))
        members = account.events if events is None else tuple(sorted(set(events)))
        values = {"scopes": list(paths), "events": list(members)}
        commands.change_account(writer, name=name, values=values)
        for operation_id in sorted(set(members) ^ set(account.events)):
            event_members.settle(writer, operation_id)
        before = {"scopes": list(account.scopes), "events": list(account.events)}
        _note(
            writer,
            actor,
            "account-reach",
            name,
            detail={"before": before, "after": values},
            scopes=paths,
        )


def set_disabled(store: Store, actor: Actor, name: str, *, disabled: bool = True) -> None:
    """Close an account (its open sessions end), or open it again."""
    with store.write() as writer:
        account = _own_account(writer, actor, name)
        values = {"disabled": disabled, "failures": 0, "real_locked_until": None}
        commands.change_account(writer, name=name, values=values)
        if disabled:
            commands.close_sessions(writer, name=name)
        act = "account-disable" if disabled else "account-enable"
        _note(writer, actor, act, name, detail={}, scopes=account.scopes)


def set_password(
    store: Store,
    actor: Actor,
    name: str,
    password: str | None = None,
    *,
    but_session: bytes | None = None,
) -> str:
    """Set an account's password (a new one where none is given); its sessions end.

    ``but_session``: the one in which a person changes their own stays.
    """
    secret = password if password is not None else passwords.new_password()
    hashed = _hashed(secret)
    with store.write() as writer:
        account = _own_account(writer, actor, name)
        values = {"password_hash": hashed, "failures": 0, "real_locked_until": None}
        commands.change_account(writer, name=name, values=values)
        commands.close_sessions(writer, name=name, but=but_session)
        _note(writer, actor, "account-password", name, detail={}, scopes=account.scopes)
    return secret


def add_token(
    store: Store,
    actor: Actor,
    *,
    name: str,
    role: str,
    kinds: Sequence[str] | None = None,
    scopes: Sequence[str] | None = None,
    events: Sequence[str] = (),
    secret: str | None = None,
) -> tuple[str, str]:
    """Add a token; give its id and the token itself, which is told only here."""
    _check_name(name)
    wanted = _role(role, tuple(Role))
    unknown = sorted(set(kinds or ()) - set(KINDS))
    if unknown:
        raise ManageError(f"未知的数据种类：{'、'.join(unknown)[:100]}（可用：{'、'.join(KINDS)}）")
    if kinds is not None and wanted is not Role.FEED:
        raise ManageError("只有 feed 令牌可以限定数据种类")
    token_id = secrets.token_hex(6)
    told = secret or TOKEN_PREFIX + secrets.token_urlsafe(32)
    with store.write() as writer:
        paths = _scopes(writer, actor, wanted, scopes)
        _check_events(actor, events)
        commands.add_token(
            writer,
            token_id=token_id,
            token_hash=secret_hash(told),
            name=name,
            role=wanted,
            kinds=None if kinds is None else sorted(set(kinds)),
            scopes=paths,
            events=sorted(set(events)),
            real_now=datetime.now(UTC),
        )
        detail = {"name": name, "role": wanted, "scopes": list(paths), "kinds": kinds}
        _note(writer, actor, "token-add", token_id, detail=detail, scopes=paths)
    return token_id, told


def revoke_token(store: Store, actor: Actor, token_id: str) -> None:
    """Revoke a token: from now on it opens nothing."""
    with store.write() as writer:
        token = queries.find_token(writer.conn, token_id=token_id)
        if token is None or not actor.covers(token.scopes):
            raise NotFoundError(f"没有令牌 {token_id[:40]}")
        if not commands.revoke_token(writer, token_id=token_id, real_now=datetime.now(UTC)):
            raise TakenError(f"令牌 {token_id} 已吊销")
        _note(
            writer,
            actor,
            "token-revoke",
            token_id,
            detail={"name": token.name},
            scopes=token.scopes,
        )


def _own_account(writer: Writer, actor: Actor, name: str) -> queries.Account:
    account = queries.find_account(writer.conn, name=name)
    if account is None or not actor.covers(account.scopes):
        raise NotFoundError(f"没有账号 {name[:80]}")
    return account


def _scopes(
    writer: Writer, actor: Actor, role: Role, names: Sequence[str] | None
) -> tuple[str, ...]:
    if names is None:
        city = actor.scopes or (scope_queries.city_scope(writer.conn),)
        names = () if role is Role.EVENT_MEMBER else city
    paths: list[str] = []
    for name in names:
        path = scope_queries.find_scope(writer.conn, name=name)
        if path is None:
            raise ManageError(f"没有辖区 {name[:80]}")
        paths.append(path)
    if not actor.covers(paths):
        raise ManageError("不能授予超出自己权限范围的辖区")
    return normal_scopes(paths)


def _check_events(actor: Actor, events: Collection[str]) -> None:
    """An operation may reach across districts: only a whole city's administrator lets one in."""
    if events and not actor.covers(()):
        raise ManageError("只有全市管理员可以指定应急响应或活动的成员")


def _note(
    writer: Writer,
    actor: Actor,
    act: str,
    subject: str,
    *,
    detail: Mapping[str, Any],
    scopes: Sequence[str],
) -> None:
    audit.record(
        writer,
        actor=actor.name,
        role=actor.role,
        act=act,
        subject=subject,
        detail=detail,
        address=actor.address,
        city_at=actor.city_at,
        scope=next(iter(scopes), None),
    )


def _hashed(password: str) -> str:
    try:
        return passwords.hash_password(password)
    except passwords.WeakPasswordError as error:
        raise ManageError(str(error)) from error


def _check_name(name: str) -> None:
    if not _NAME.fullmatch(name):
        raise ManageError("名称只能含文字、数字和 . _ @ -，最长 80 个字符")


def _role(role: str, allowed: Sequence[Role]) -> Role:
    if role not in {known.value for known in allowed}:
        raise ManageError(f"未知的角色（可用：{'、'.join(known.value for known in allowed)}）")
    return Role(role)
