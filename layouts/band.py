"""The band above every screen while an operation acts on it; without one it takes no room.

``assets/64-band.js`` fills it from topics ``mode`` and ``operations``.
"""

from dash import html

from layouts import words
from layouts.ids import Id
from layouts.parts import data


def build() -> html.Section:
    """Return the place of the bands."""
    return html.Section(id=Id.BAND, className="bands")


def chip(look: str = "chip") -> html.Span:
    """Return the sign of the present mode, 平时 until the stream says another."""
    return html.Span(
        [
            html.Span(words.text("mode"), className="hidden-text"),
            html.Span(words.text("mode_routine"), **data(mode="routine")),
        ],
        className=f"{look} {look}--mode",
    )
