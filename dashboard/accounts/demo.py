"""The demonstration's accounts and tokens, told in a file that only its owner can read."""

import contextlib
import json
import os
import secrets
import tempfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from dashboard.accounts import manage, passwords
from dashboard.accounts.principal import TOKEN_PREFIX, normal_scopes, secret_hash
from dashboard.domain.roles import ROLES, Role
from data_access.commands import accounts as commands
from data_access.queries import accounts as queries
from data_access.store import Store

FILE = "credentials.json"
TOKEN_ROLES = (
    Role.FEED,
    Role.LEADER,
    Role.SUPERVISOR,
    Role.COMMANDER,
    Role.ADMINISTRATOR,
    Role.EVENT_MEMBER,
    Role.WALL,
)


def demo_credentials(
    store: Store, data_dir: Path, city_scope: str | Sequence[str], *, city_at: datetime
) -> Path:
    """Make sure that every demonstration account and token is as ``credentials.json`` says.

    The file is written first where there is none, mode 0600; what it says stays true across
    restarts and with a new store. ``city_scope``: the path (or paths) that all of them see.
    """
    path = data_dir / FILE
    scopes = normal_scopes((city_scope,) if isinstance(city_scope, str) else city_scope)
    told = _read(path) or {}
    accounts = {entry["role"]: entry for entry in told.get("accounts", ())}
    tokens = {entry["role"]: entry for entry in told.get("tokens", ())}
    for role in manage.ACCOUNT_ROLES:
        accounts.setdefault(
            role.value,
            {"name": role.value, "password": passwords.new_password(), "role": role.value},
        )
    for role in TOKEN_ROLES:
        tokens.setdefault(role.value, {"role": role.value, "token": _new_token()})
    # The file before the store: a crash in between loses nothing, the next start goes on from it.
    document = {"accounts": list(accounts.values()), "tokens": list(tokens.values())}
    if document != told:
        _write(path, document)
    path.chmod(0o600)
    actor = manage.Actor(name="demo", role="", city_at=city_at)
    for entry in accounts.values():
        _ensure_account(store, actor, entry, scopes)
    for entry in tokens.values():
        _ensure_token(store, actor, entry, scopes)
    return path


def _ensure_account(
    store: Store, actor: manage.Actor, entry: Mapping[str, str], scopes: tuple[str, ...]
) -> None:
    name, password = entry["name"], entry["password"]
    with store.read() as conn:
        account = queries.find_account(conn, name=name)
        hashed = queries.password_hash(conn, name=name)
    if account is None:
        manage.add_account(
            store,
            actor,
            name=name,
            role=entry["role"],
            display_name=ROLES[entry["role"]].zh,
            password=password,
            scopes=scopes,
        )
        return
    if hashed is not None and not passwords.verify(hashed, password):
        manage.set_password(store, actor, name, password)
    if account.role != entry["role"]:
        manage.set_role(store, actor, name, entry["role"])
    if account.disabled:
        manage.set_disabled(store, actor, name, disabled=False)
    if account.scopes != scopes:
        manage.set_reach(store, actor, name, scopes=scopes)
    with store.write() as writer:
        commands.count_attempt(writer, name=name, failures=0, locked_until=None)


def _ensure_token(
    store: Store, actor: manage.Actor, entry: Mapping[str, str], scopes: tuple[str, ...]
) -> None:
    hashed = secret_hash(entry["token"])
    with store.read() as conn:
        token = queries.tokens_by_hash(conn, hashes=[hashed]).get(hashed)
        taken = queries.token_hash_known(conn, token_hash=hashed)
    if token is not None and token.scopes == scopes and token.role == entry["role"]:
        return
    if taken:
        with store.write() as writer:
            commands.reset_token(writer, token_hash=hashed, role=entry["role"], scopes=scopes)
        return
    manage.add_token(
        store,
        actor,
        name=f"demo-{entry['role']}",
        role=entry["role"],
        scopes=scopes,
        secret=entry["token"],
    )


def _new_token() -> str:
    return TOKEN_PREFIX + secrets.token_urlsafe(32)


def _read(path: Path) -> dict[str, Any] | None:
    try:
        told = json.loads(path.read_text("utf-8"))
        for entry in told["accounts"]:
            str(entry["name"]), str(entry["password"]), Role(entry["role"])
        for entry in told["tokens"]:
            str(entry["token"]), Role(entry["role"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return dict(told)


def _write(path: Path, document: Mapping[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".credentials-")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            os.fchmod(file.fileno(), 0o600)
            json.dump(document, file, ensure_ascii=False, indent=2)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise
