"""What each tab of /admin shows: asks the store, calls the layout's tables and forms."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from dash import html
from dash.development.base_component import Component

from callbacks import page_data
from callbacks.services import Services
from dashboard.domain.records import KINDS
from dashboard.domain.roles import ROLES, Role
from dashboard.domain.words import Words, said
from data_access.queries import accounts, audit, feeds, rejects
from data_access.queries.visible import Ask, Sight
from layouts import words
from layouts.act_words import ACTS
from layouts.screens.admin import Choice, button, choice, choice_field, form, table, text_field

MOST = 200
PEOPLE = tuple(role for role in Role if role not in (Role.WALL, Role.FEED))
_CUT = 300


def _accounts(services: Services) -> list[Component]:
    who = services.guard.known()
    with services.store.read() as conn:
        found = accounts.accounts(conn)
    when = clock(services)
    rows = [
        [
            account.name,
            account.display_name,
            choice("role", account.name, _roles(PEOPLE), value=account.role),
            _paths(account.scopes),
            words.text(_account_state(account)),
            when(account.real_created_at),
            _account_buttons(account),
        ]
        for account in found
        if account.role in PEOPLE and all(within(scope, who.scopes) for scope in account.scopes)
    ]
    fields = [
        text_field("name", "new", "account"),
        text_field("display", "new", "display_name"),
        choice_field("role", "new", "role", _roles(PEOPLE), value=Role.LEADER),
        text_field("scope", "new", "scope", hint="scope_hint"),
        text_field("password", "new", "password", kind="password", hint="password_rule"),
    ]
    columns = ["account", "display_name", "role", "scope", "state", "created_at", ""]
    return [
        form("add-account", "add_account", fields),
        table(columns, rows, note=zone(services)),
    ]


def _account_state(account: accounts.Account) -> str:
    if account.disabled:
        return "disabled"
    return "locked" if account.real_locked_until else "active"


def _account_buttons(account: accounts.Account) -> Component:
    name = account.name
    toggle = ("enable", "enable") if account.disabled else ("disable", "disable")
    return html.Div(
        [
            button("set-role", name, "set_role"),
            button("reset-password", name, "reset_password", sure=True),
            button(toggle[0], name, toggle[1], sure=not account.disabled),
        ],
        className="table__actions",
    )


def _tokens(services: Services) -> list[Component]:
    who = services.guard.known()
    with services.store.read() as conn:
        found = accounts.tokens(conn)
    when = clock(services)
    rows = [
        [
            token.name,
            words.both(said(ROLES, token.role)),
            words.text("all_kinds") if token.kinds is None else "、".join(token.kinds),
            _paths(token.scopes),
            when(token.real_created_at),
            when(token.real_used_at),
            words.text("revoked")
            if token.real_revoked_at
            else button("revoke", token.id, "revoke", sure=True),
        ]
        for token in found
        if all(within(scope, who.scopes) for scope in token.scopes)
    ]
    kinds = [Choice(value=kind, words=words.CATALOGUE[f"kind_{kind}"]) for kind in KINDS]
    fields = [
        text_field("name", "new", "token_name"),
        choice_field("role", "new", "role", _roles(tuple(Role)), value=Role.FEED),
        text_field("scope", "new", "scope", hint="scope_hint"),
        choice_field("kinds", "new", "kinds", kinds, value=[], many=True),
    ]
    columns = ["token_name", "role", "kinds", "scope", "created_at", "used_at", ""]
    return [form("add-token", "add_token", fields), table(columns, rows, note=zone(services))]


def _feeds(services: Services) -> list[Component]:
    with services.store.read() as conn:
        found = feeds.page(conn, ask=_ask(services))
    when = clock(services)
    rows = [
        [
            feed["name"],
            feed["kind"],
            words.text(f"feed_{feed['state']}"),
            when(feed["city_at"]),
            when(feed["real_at"]),
            _expected(feed),
            *(f"{feed[count]:,}" for count in ("read", "accepted", "unchanged", "rejected")),
            words.both(Words(feed["message"], feed["message_en"])),
        ]
        for feed in found
    ]
    counts = ["read", "accepted", "unchanged", "rejected"]
    columns = ["feed", "kind", "state", "city_at", "real_at", "expect_s", *counts, "message"]
    return [table(columns, rows, note=zone(services))]


def _expected(feed: Mapping[str, Any]) -> Any:
    """Say how often a feed should speak; that nobody said so of what others push."""
    if feed["expect_s"] is not None:
        return words.text("expect_every", n=f"{feed['expect_s']:,}")
    return words.text("expect_none") if feed["kind"] == "push" else "—"


def _rejects(services: Services) -> list[Component]:
    with services.store.read() as conn:
        found = rejects.page(conn, ask=_ask(services))
    when = clock(services)
    rows = [
        [
            when(reject["city_at"]),
            reject["feed"],
            words.text(f"kind_{reject['kind']}"),
            str(reject["index"]),
            reject["record_id"] or "—",
            reject["field"],
            reject["reason"],
            _folded(reject["record"]),
            _reject_end(reject),
        ]
        for reject in found
    ]
    columns = ["when", "feed", "kind", "row", "record_id", "field", "reason", "raw_record", ""]
    return [table(columns, rows, note=_newest(services))]


def _reject_end(reject: Mapping[str, Any]) -> Component:
    if reject["state"] != "open":
        return words.text(reject["state"])
    key = str(reject["id"])
    return html.Div(
        [button("retry", key, "retry"), button("dismiss", key, "dismiss", sure=True)],
        className="table__actions",
    )


def _audit(services: Services) -> list[Component]:
    with services.store.read() as conn:
        found = audit.page(conn, ask=_ask(services))
    when = clock(services)
    rows = [
        [
            when(line["city_at"]),
            line["actor"],
            words.both(said(ROLES, line["role"])),
            words.both(said(ACTS, line["act"])),
            line["subject"] or "—",
            _folded(json.dumps(line["detail"], ensure_ascii=False)) if line["detail"] else "—",
            line["address"] or "—",
        ]
        for line in found
    ]
    columns = ["when", "actor", "role", "act", "subject", "detail", "address_of"]
    return [table(columns, rows, note=_newest(services))]


TABS: Mapping[str, Callable[[Services], list[Component]]] = {
    "accounts": _accounts,
    "tokens": _tokens,
    "feeds": _feeds,
    "rejects": _rejects,
    "audit": _audit,
}


def _ask(services: Services) -> Ask:
    who = services.guard.known()
    return Ask(sight=Sight(scopes=who.scopes, events=who.events), limit=MOST)


def within(scope: str, own: tuple[str, ...]) -> bool:
    """Say whether a path lies within one of the scopes."""
    return any(scope == path or scope.startswith(f"{path}/") for path in own)


def _roles(roles: tuple[Role, ...]) -> list[Choice]:
    return [Choice(value=role.value, words=said(ROLES, role)) for role in roles]


def _paths(scopes: tuple[str, ...]) -> str:
    return "、".join(scopes) or "—"


def clock(services: Services) -> Callable[[datetime | None], str]:
    """Return what writes a moment in the city's zone."""
    zone = ZoneInfo(page_data.time_zone(services))

    def when(moment: datetime | None) -> str:
        return "—" if moment is None else f"{moment.astimezone(zone):%Y-%m-%d %H:%M:%S}"

    return when


def zone(services: Services) -> Component:
    """Return the note in which zone times are."""
    return words.text("times_in", zone=page_data.time_zone(services))


def _newest(services: Services) -> Component:
    return html.Span([words.text("newest_first", n=str(MOST)), " · ", zone(services)])


def _folded(text: str) -> Component:
    """Return text cut to a few words that opens to the whole."""
    if len(text) <= 40:
        return html.Code(text)
    return html.Details(
        [html.Summary(html.Code(f"{text[:40]}…")), html.Code(text[: _CUT * 10])], className="folded"
    )
