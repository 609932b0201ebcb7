"""/admin: shows a tab, and does what its buttons ask.

Every action is one entry of ``ACTS`` with the right that it needs; what it answers is a notice.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from dash import ALL, Dash, Input, Output, State, ctx, no_update
from dash.development.base_component import Component

from callbacks import admin_outbox, admin_rejects, admin_scenes, admin_screens, admin_tabs
from callbacks.services import Accounts, Screens, Services
from dashboard.domain.roles import Right
from layouts.ids import Id
from layouts.screens import admin
from layouts.words import refusal, text

Fields = Mapping[tuple[str, str], Any]


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One pressed button: the row that it stands on, and what is entered on the page."""

    services: Services
    accounts: Accounts
    screens: Screens
    key: str
    fields: Fields

    def field(self, name: str) -> Any:
        """Return what is entered in a field of this row; empty text is nothing."""
        return self.fields.get((name, self.key)) or None

    def list(self, name: str) -> list[str] | None:
        """Return the words of a field, by spaces; None where it is empty."""
        return (str(self.field(name) or "")).split() or None

    def actor(self) -> Any:
        """Return who acts, for the audit."""
        who = self.services.guard.known()
        return self.accounts.Actor(
            name=who.name,
            role=str(who.role),
            city_at=self.services.clock.now(),
            address=self.services.guard.address(),
            scopes=who.scopes,
        )


def register(app: Dash, services: Services, accounts: Accounts, screens: Screens) -> None:
    """Register the two callbacks of the screen."""

    def show(search: str | None, _fresh: Any) -> dict[str, Any]:
        tab = chosen(search)
        return {"tabs": admin.tabs(tab), "body": TABS[tab](services)}

    def act(_clicks: list[int | None], values: list[Any]) -> dict[str, Any]:
        if not ctx.triggered or not ctx.triggered[0]["value"]:
            return {"notice": no_update, "fresh": no_update}
        pressed = ctx.triggered_id
        states = ctx.states_list[0]
        fields = {
            (state["id"]["field"], state["id"]["key"]): value
            for state, value in zip(states, values, strict=True)
        }
        asked = Asked(
            services=services,
            accounts=accounts,
            screens=screens,
            key=pressed["key"],
            fields=fields,
        )
        return {"notice": do(pressed["act"], asked), "fresh": ctx.triggered[0]["prop_id"]}

    services.guard.callback(
        app,
        Right.ACCOUNTS,
        output={
            "tabs": Output(Id.ADMIN_TABS, "children"),
            "body": Output(Id.ADMIN_BODY, "children"),
        },
        inputs=[Input(Id.SHELL_LOCATION, "search"), Input(Id.ADMIN_FRESH, "modified_timestamp")],
    )(show)
    services.guard.callback(
        app,
        Right.ACCOUNTS,
        output={
            "notice": Output(Id.ADMIN_NOTICE, "children"),
            "fresh": Output(Id.ADMIN_FRESH, "data"),
        },
        inputs=[Input({"act": ALL, "key": ALL}, "n_clicks")],
        state=[State({"field": ALL, "key": ALL}, "value")],
        prevent_initial_call=True,
    )(act)


def chosen(search: str | None) -> str:
    """Return the tab that an address names; the first where it names none."""
    tab = parse_qs((search or "").lstrip("?")).get("tab", [""])[0]
    return tab if tab in admin.TABS else admin.TABS[0]


def do(name: str, asked: Asked) -> Component:
    """Do an action and say what became of it."""
    right, function = ACTS[name]
    if not asked.services.guard.known().may(right):
        return admin.notice(text("forbidden"), good=False)
    try:
        return function(asked)
    except asked.accounts.ManageError as error:
        return admin.notice(refusal(str(error)), good=False)


def _add_account(asked: Asked) -> Component:
    name = str(asked.field("name") or "")
    password = asked.accounts.add_account(
        asked.services.store,
        asked.actor(),
        name=name,
        role=str(asked.field("role")),
        display_name=asked.field("display"),
        password=asked.field("password"),
        scopes=asked.list("scope"),
    )
    return _with_password(name, password, asked)


def _set_role(asked: Asked) -> Component:
    role = str(asked.field("role"))
    asked.accounts.set_role(asked.services.store, asked.actor(), asked.key, role)
    return admin.notice(asked.key, good=True)


def _disable(asked: Asked) -> Component:
    asked.accounts.set_disabled(asked.services.store, asked.actor(), asked.key, disabled=True)
    return admin.notice(asked.key, good=True)


def _enable(asked: Asked) -> Component:
    asked.accounts.set_disabled(asked.services.store, asked.actor(), asked.key, disabled=False)
    return admin.notice(asked.key, good=True)


def _reset_password(asked: Asked) -> Component:
    password = asked.accounts.set_password(
        asked.services.store, asked.actor(), asked.key, asked.field("password")
    )
    return _with_password(asked.key, password, asked)


def _with_password(name: str, password: str, asked: Asked) -> Component:
    """Show a password that was made up here, once; one that was entered is not repeated."""
    if asked.field("password"):
        return admin.notice(name, good=True)
    return admin.notice([name, " · ", text("password_once")], good=True, secret=password)


def _add_token(asked: Asked) -> Component:
    _, secret = asked.accounts.add_token(
        asked.services.store,
        asked.actor(),
        name=str(asked.field("name") or ""),
        role=str(asked.field("role")),
        kinds=asked.field("kinds"),
        scopes=asked.list("scope"),
    )
    return admin.notice(text("token_once"), good=True, secret=secret)


def _revoke(asked: Asked) -> Component:
    asked.accounts.revoke_token(asked.services.store, asked.actor(), asked.key)
    return admin.notice(asked.key, good=True)


def _retry(asked: Asked) -> Component:
    problem = admin_rejects.retry(asked.services, int(asked.key))
    return admin.notice(refusal(problem) if problem else asked.key, good=problem is None)


def _dismiss(asked: Asked) -> Component:
    problem = admin_rejects.dismiss(asked.services, int(asked.key))
    return admin.notice(refusal(problem) if problem else asked.key, good=problem is None)


def _again(asked: Asked) -> Component:
    if admin_outbox.again(asked.services, asked.key):
        return admin.notice(text("outbox_waits"), good=True)
    return admin.notice(refusal("没有此消息，或它并未被放弃。"), good=False)


def _screen_code(asked: Asked) -> Component:
    return admin_screens.code(asked.services, asked.screens, asked.actor(), asked.key)


def _unenrol(asked: Asked) -> Component:
    return admin_screens.unenrol(asked.services, asked.screens, asked.actor(), asked.key)


def _open_scene(asked: Asked) -> Component:
    return admin_scenes.open_one(asked.services, asked.key)


def _save_scene(asked: Asked) -> Component:
    return admin_scenes.save(asked.services, asked.field("scene"))


TABS: Mapping[str, Callable[[Services], list[Component]]] = {
    **admin_tabs.TABS,
    "screens": admin_screens.tab,
    "scenes": admin_scenes.tab,
    "outbox": admin_outbox.tab,
    "rules": admin_outbox.rules,
}

ACTS: Mapping[str, tuple[Right, Callable[[Asked], Component]]] = {
    "add-account": (Right.ACCOUNTS, _add_account),
    "set-role": (Right.ACCOUNTS, _set_role),
    "disable": (Right.ACCOUNTS, _disable),
    "enable": (Right.ACCOUNTS, _enable),
    "reset-password": (Right.ACCOUNTS, _reset_password),
    "add-token": (Right.ACCOUNTS, _add_token),
    "revoke": (Right.ACCOUNTS, _revoke),
    "screen-code": (Right.ACCOUNTS, _screen_code),
    "screen-unenrol": (Right.ACCOUNTS, _unenrol),
    "scene-open": (Right.CONFIGURE, _open_scene),
    "scene-save": (Right.CONFIGURE, _save_scene),
    "retry": (Right.FEEDS, _retry),
    "dismiss": (Right.FEEDS, _dismiss),
    "outbox-again": (Right.FEEDS, _again),
}
