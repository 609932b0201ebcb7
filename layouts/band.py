"""The band above every screen while an operation acts on it; without one it takes no room.

``assets/64-band.js`` fills it from topics ``mode`` and ``operations``.
"""

from dash import html

from dashboard.domain.roles import Right
from layouts import words
from layouts.ids import Id
from layouts.page import Page
from layouts.parts import act_button, data


def build() -> html.Div:
    """Return the places of the bands, of what is proposed, and of calls to whoever looks."""
    return html.Div(
        [
            html.Section(id=Id.BAND, className="bands"),
            html.Section(id=Id.PROPOSALS, className="proposals"),
            html.Aside(id=Id.CALLED, className="called-place", role="status"),
        ]
    )


def chip(page: Page) -> html.Span | html.Button:
    """Return the sign of the present mode, 平时 until the stream says another.

    For whoever may switch it, or owes a confirmation, it opens the switch.
    """
    content = [
        html.Span(words.text("mode"), className="hidden-text"),
        html.Span(words.text("mode_routine"), **data(mode="routine")),
    ]
    if page.viewer.may(Right.OPERATE) or page.viewer.may(Right.CONFIRM):
        return act_button(content, "switch", look="chip chip--mode chip--switch")
    return html.Span(content, className="chip chip--mode")
