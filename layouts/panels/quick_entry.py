"""值班快录: what comes by phone, entered by keyboard within seconds; the state of a place likewise.

The form is made by ``assets/77-entry.js``. Who may not enter anything gets nothing.
"""

from typing import Any

from dash import html

from dashboard.domain.roles import Right
from layouts import words
from layouts.ids import Id
from layouts.page import Page
from layouts.parts import act_button

MODES: tuple[tuple[str, str], ...] = (("case", "entry_case"), ("place", "entry_place"))

_LABELLED: dict[str, Any] = {"aria-labelledby": Id.ENTRY_TITLE}


def build(page: Page) -> html.Section | html.Div:
    """Return the button that opens it, and the folded panel."""
    if not page.viewer.may(Right.ENTER):
        return html.Div(className="entry__none")
    return html.Section(
        [
            html.Div(
                [
                    act_button(
                        [words.text("entry"), html.Kbd("L", className="entry__kbd")],
                        "entry-open",
                        look="button entry__open",
                    ),
                    html.Span(id=Id.ENTRY_TOLD, className="entry__told", role="status"),
                ],
                className="entry__door",
            ),
            html.Div(
                [_head(), html.Div(id=Id.ENTRY_BODY, className="entry__body"), _foot()],
                id=Id.ENTRY,
                className="entry__sheet panel",
                hidden=True,
                role="dialog",
                **_LABELLED,
            ),
        ],
        className="entry",
    )


def _head() -> html.Div:
    return html.Div(
        [
            html.H2(words.text("entry"), id=Id.ENTRY_TITLE, className="panel__title"),
            html.Div(_modes(), className="panel__choices", role="group"),
            act_button(words.text("close"), "entry-close", look="button entry__close"),
        ],
        className="panel__head",
    )


def _modes() -> list[Any]:
    return [
        act_button(
            words.text(word),
            "entry-mode",
            look="toggle",
            form=mode,
            pressed="true" if mode == "case" else "false",
        )
        for mode, word in MODES
    ]


def _foot() -> html.Div:
    return html.Div(
        [
            html.P(id=Id.ENTRY_WRONG, className="entry__wrong", role="alert"),
            html.Div(
                [
                    act_button(words.text("entry_clear"), "entry-clear"),
                    html.Span(words.text("entry_keys"), className="entry__keys"),
                    act_button(words.text("entry_save"), "entry-save", look="button button--sure"),
                ],
                className="entry__acts",
            ),
        ],
        className="entry__foot",
    )
