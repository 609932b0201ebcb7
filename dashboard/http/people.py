"""Accounts, tokens and the audit for the administrator; oneself for everyone."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from flask import Response

from dashboard.accounts import manage, passwords
from dashboard.domain.roles import RIGHTS, Right
from dashboard.guard import Access
from dashboard.http import items, paging
from dashboard.http.problems import Problem
from dashboard.http.site import Site, answer, json_body
from data_access.queries import accounts as queries
from data_access.queries import audit


def register(site: Site) -> None:
    """Mount the routes."""
    _register_self(site)
    _register_accounts(site)
    _register_tokens(site)

    @site.guard.route("/api/v1/audit", right=Right.AUDIT)
    def audited() -> Response:
        paging.no_as_of()
        asked = paging.asked(site.guard.known(), (int,))
        act, actor = paging.text("act"), paging.text("actor")
        with site.store.read() as conn:
            found = audit.page(conn, ask=asked, act=act, actor=actor)
        after = paging.after_last(found, asked.limit, "id")
        return paging.page([items.audit(row) for row in found], after)


def _register_self(site: Site) -> None:
    guard = site.guard

    @guard.route("/api/v1/me", right=Access.KNOWN, why="oneself")
    def me() -> Response:
        who = guard.known()
        return answer(
            {
                "name": who.name,
                "display_name": who.display_name,
                "role": who.role,
                "rights": sorted(right.value for right in RIGHTS[who.role]),
                "scopes": who.scopes,
                "events": who.events,
                "via": who.via,
                "session": who.session_name,
            }
        )

    @guard.route(
        "/api/v1/me/password", right=Access.KNOWN, why="one's own password", methods=("POST",)
    )
    def change_password() -> Response:
        who = guard.known()
        if who.via != "session":
            raise Problem(403, "令牌没有密码。")
        body = json_body()
        old, new = _text(body, "old"), _text(body, "new")
        with site.store.read() as conn:
            known = queries.password_hash(conn, name=who.name)
        if old is None or not passwords.verify(known, old):
            raise Problem(403, "原密码不对。")
        with _refusals():
            manage.set_password(
                site.store,
                site.actor(),
                who.name,
                new or "",
                but_session=who.credential.secret_hash,
            )
        return answer({"name": who.name})


def _page(
    site: Site, find: Callable[..., list[Any]], write: Callable[[Any], dict[str, Any]], *, key: str
) -> Response:
    """A page of accounts or tokens whose whole reach the caller covers."""
    paging.no_as_of()
    who = site.guard.known()
    asked = paging.asked(who, (str,))
    after = str(asked.after[0]) if asked.after else ""
    with site.store.read() as conn:
        found = find(conn, after=after, limit=asked.limit)
    shown = [write(entry) for entry in found if who.covers(entry.scopes)]
    return paging.page(shown, _after(found, asked.limit, key))


def _register_accounts(site: Site) -> None:
    guard = site.guard

    @guard.route("/api/v1/accounts", right=Right.ACCOUNTS)
    def accounts() -> Response:
        return _page(site, queries.accounts, _account, key="name")

    @guard.route("/api/v1/accounts", right=Right.ACCOUNTS, methods=("POST",))
    def add_account() -> Response:
        body = json_body()
        name = _text(body, "name") or ""
        given = _text(body, "password")
        with _refusals():
            told = manage.add_account(
                site.store,
                site.actor(),
                name=name,
                role=_text(body, "role") or "",
                display_name=_text(body, "display_name"),
                password=given,
                scopes=_texts(body, "scopes"),
                events=_texts(body, "events") or (),
            )
        return answer(_told(site, name, told if given is None else None), 201)

    @guard.route("/api/v1/accounts/<name>", right=Right.ACCOUNTS, methods=("PATCH",))
    def change_account(name: str) -> Response:
        body = json_body()
        told = _change(site, name, body)
        return answer(_told(site, name, told))


def _change(site: Site, name: str, body: Mapping[str, Any]) -> str | None:
    """Do what the body asks of an account; gives a password where a new one was made up."""
    known = {"role", "disabled", "password", "new_password", "scopes", "events"}
    unknown = sorted(set(body) - known)
    if unknown or not body:
        raise Problem(400, f"可更改的字段：{'、'.join(sorted(known))}。")
    disabled = body.get("disabled")
    if disabled is not None and not isinstance(disabled, bool):
        raise Problem(400, "disabled 应为 true 或 false。")
    role, password = _text(body, "role"), _text(body, "password")
    scopes, events = _texts(body, "scopes"), _texts(body, "events")
    told = None
    with _refusals():
        if scopes is not None or events is not None:
            manage.set_reach(site.store, site.actor(), name, scopes=scopes, events=events)
        if role is not None:
            manage.set_role(site.store, site.actor(), name, role)
        if password is not None:
            manage.set_password(site.store, site.actor(), name, password)
        elif body.get("new_password") is True:
            told = manage.set_password(site.store, site.actor(), name)
        if disabled is not None:
            manage.set_disabled(site.store, site.actor(), name, disabled=disabled)
    return told


def _register_tokens(site: Site) -> None:
    guard = site.guard

    @guard.route("/api/v1/tokens", right=Right.ACCOUNTS)
    def tokens() -> Response:
        return _page(site, queries.tokens, _token, key="id")

    @guard.route("/api/v1/tokens", right=Right.ACCOUNTS, methods=("POST",))
    def add_token() -> Response:
        body = json_body()
        with _refusals():
            token_id, told = manage.add_token(
                site.store,
                site.actor(),
                name=_text(body, "name") or "",
                role=_text(body, "role") or "feed",
                kinds=_texts(body, "kinds"),
                scopes=_texts(body, "scopes"),
                events=_texts(body, "events") or (),
            )
        return answer({"id": token_id, "token": told}, 201)

    @guard.route("/api/v1/tokens/<token_id>/revoke", right=Right.ACCOUNTS, methods=("POST",))
    def revoke_token(token_id: str) -> Response:
        with _refusals():
            manage.revoke_token(site.store, site.actor(), token_id)
        return answer({"id": token_id, "revoked": True})


@contextmanager
def _refusals() -> Iterator[None]:
    """Tell an act that cannot be done as a problem."""
    try:
        yield
    except manage.NotFoundError as error:
        raise Problem(404, str(error)) from error
    except manage.TakenError as error:
        raise Problem(409, str(error)) from error
    except manage.ManageError as error:
        raise Problem(422, str(error)) from error


def _told(site: Site, name: str, password: str | None) -> dict[str, Any]:
    with site.store.read() as conn:
        account = queries.find_account(conn, name=name)
    if account is None:
        raise Problem(404, "没有此账号。")
    return _account(account) | ({} if password is None else {"password": password})


def _after(found: Sequence[Any], limit: int, key: str) -> paging.Key | None:
    return (getattr(found[-1], key),) if len(found) == limit else None


def _account(account: queries.Account) -> dict[str, Any]:
    return {
        "id": account.name,
        "name": account.name,
        "display_name": account.display_name,
        "role": account.role,
        "scopes": account.scopes,
        "events": account.events,
        "disabled": account.disabled,
        "failures": account.failures,
        "locked_until": items.iso(account.real_locked_until),
        "created_at": items.iso(account.real_created_at),
    }


def _token(token: queries.Token) -> dict[str, Any]:
    return {
        "id": token.id,
        "name": token.name,
        "role": token.role,
        "kinds": token.kinds,
        "scopes": token.scopes,
        "events": token.events,
        "created_at": items.iso(token.real_created_at),
        "used_at": items.iso(token.real_used_at),
        "revoked_at": items.iso(token.real_revoked_at),
    }


def _text(body: Mapping[str, Any], name: str) -> str | None:
    value = body.get(name)
    if value is None:
        return None
    if not isinstance(value, str) or len(value) > 500 or "\x00" in value:
        raise Problem(400, f"{name} 应为文字，最长 500 个字符。")
    return value


def _texts(body: Mapping[str, Any], name: str) -> list[str] | None:
    value = body.get(name)
    if value is None:
        return None
    good = isinstance(value, list) and len(value) <= 500
    if not good or not all(isinstance(v, str) and 0 < len(v) <= 200 for v in value):
        raise Problem(400, f"{name} 应为文字的列表。")
    return [str(v) for v in value]
