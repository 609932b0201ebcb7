"""Administration: accounts, tokens, feeds, rejects, audit; a tab each, plain tables and forms.

Tabs are addresses (``/admin?tab=tokens``), so that they can be linked and need no script.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from dash import dcc, html
from dash.development.base_component import Component

from dashboard.domain.words import Words
from layouts import band, header, words
from layouts.act_words import ARMED
from layouts.ids import Id, row_action, row_field
from layouts.page import Page

PATH = "/admin"
TABS: tuple[str, ...] = (
    *("accounts", "tokens", "screens", "scenes", "feeds", "rejects", "outbox", "rules", "audit"),
)

Row = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One value of a choice and its words."""

    value: str
    words: Words


def build(page: Page) -> html.Div:
    """Return the screen with an empty body; ``callbacks.admin`` fills it for the address."""
    return html.Div(
        [
            band.build(),
            header.build(page, here=PATH),
            html.Main(
                [
                    html.Nav(tabs(TABS[0]), id=Id.ADMIN_TABS, className="admin-tabs"),
                    html.Div(id=Id.ADMIN_NOTICE, className="notice", role="status"),
                    dcc.Store(id=Id.ADMIN_FRESH),
                    html.Div(id=Id.ADMIN_BODY, className="admin__body"),
                ],
                className="admin__main",
            ),
        ],
        id=Id.ADMIN,
        className="admin",
    )


def tabs(chosen: str) -> list[Component]:
    """Return the links to the tabs, the chosen one marked."""
    return [
        dcc.Link(
            words.text(tab),
            href=f"{PATH}?tab={tab}",
            className="admin-tab admin-tab--here" if tab == chosen else "admin-tab",
        )
        for tab in TABS
    ]


def form(act: str, title: str, fields: Sequence[Component]) -> html.Div:
    """Return a form whose button is the action ``act`` on the row ``new``."""
    return html.Div(
        [
            html.H2(words.text(title), className="panel__title"),
            html.Div([*fields, button(act, "new", "add")], className="form__fields"),
        ],
        className="form panel",
    )


def text_field(
    field: str, key: str, label: str, *, kind: Literal["text", "password"] = "text", hint: str = ""
) -> Component:
    """Return a labelled line of text, taken when the action's button is pressed."""
    note = [html.Span(words.text(hint), className="field__hint")] if hint else []
    return html.Label(
        [
            html.Span(words.text(label), className="field__label"),
            dcc.Input(id=row_field(field, key), type=kind, className="input", autoComplete="off"),
            *note,
        ],
        className="field",
    )


def choice_field(
    field: str, key: str, label: str, choices: Sequence[Choice], *, value: Any, many: bool = False
) -> Component:
    """Return a labelled choice of one or of many."""
    return html.Div(
        [
            html.Span(words.text(label), className="field__label"),
            choice(field, key, choices, value=value, many=many),
        ],
        className="field",
    )


def choice(
    field: str, key: str, choices: Sequence[Choice], *, value: Any, many: bool = False
) -> Component:
    """Return a choice: buttons of which one is pressed, or boxes of which any may be."""
    options = [{"label": words.both(option.words), "value": option.value} for option in choices]
    make = dcc.Checklist if many else dcc.RadioItems
    return make(
        options,
        value,
        id=row_field(field, key),
        inline=True,
        className="choice",
        labelClassName="choice__label",
        inputClassName="choice__input",
    )


def button(act: str, key: str, label: str, *, sure: bool = False) -> html.Button:
    """Return the button of an action on a row; ``sure``: it asks to be pressed twice."""
    if not sure:
        return html.Button(words.text(label), id=row_action(act, key), className="button")
    attributes: dict[str, Any] = {"data-confirm": "twice"}
    return html.Button(
        [
            html.Span(words.text(label), className="button__plain"),
            html.Span(words.both(ARMED), className="button__armed"),
        ],
        id=row_action(act, key),
        className="button",
        **attributes,
    )


def table(columns: Sequence[str], rows: Sequence[Sequence[Any]], *, note: Any = None) -> Component:
    """Return a table; ``columns`` are catalogue keys, the empty one a column of actions."""
    if not rows:
        return html.P(words.text("nothing_yet"), className="admin__empty")
    head = html.Tr([html.Th(words.text(column) if column else "") for column in columns])
    body = [html.Tr([html.Td(cell) for cell in row]) for row in rows]
    return html.Div(
        [
            html.P(note, className="admin__note") if note else None,
            html.Table([html.Thead(head), html.Tbody(body)], className="table"),
        ],
        className="panel table__frame",
    )


def notice(text: Any, *, good: bool, secret: str = "") -> Component:
    """Return the answer to an action; ``secret`` is shown this once."""
    parts: list[Any] = [
        html.Strong(words.text("done" if good else "refused")),
        html.Span(text),
    ]
    if secret:
        parts.append(html.Code(secret, className="notice__secret"))
    return html.Div(parts, className="notice__box" if good else "notice__box notice__box--bad")
