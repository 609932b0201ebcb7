"""The emergency at a glance on a wall: level and elapsed time large, then the figures of it."""

from dash import html
from dash.development.base_component import Component

from layouts import words
from layouts.ids import Id
from layouts.page import Page
from layouts.panels.wall.frame import panel


def build(_page: Page) -> Component:
    """Return the figures of an emergency, painted by ``assets/63-emergency.js``."""
    return panel(
        "emergency",
        html.Div(
            [
                _figure(Id.FIGURE_LEVEL, "response_level", look="level"),
                _figure(Id.FIGURE_ELAPSED, "elapsed", look="elapsed"),
                _figure(Id.FIGURE_PONDING, "ponding_now", "places_unit", look="now"),
                _figure(Id.FIGURE_PONDING_HANDLED, "wall_handled", "places_unit", look="handled"),
                _figure(Id.FIGURE_PONDING_CLOSED, "wall_closed", "places_unit", look="closed"),
                _figure(Id.FIGURE_STATIONS_OVER, "stations_over", "stations_unit", look="over"),
            ],
            className="wall__emergency",
        ),
    )


def _figure(place: Id, label: str, unit: str = "", *, look: str) -> html.Div:
    return html.Div(
        [
            html.Div(words.text(label), className="wall__label"),
            html.Div(
                [
                    html.Span(id=place, className="wall__value"),
                    html.Span(words.text(unit), className="wall__unit") if unit else None,
                ],
                className="wall__line",
            ),
            html.Div(id=f"{place}-note", className="wall__small"),
        ],
        className=f"figure wall__figure wall__fact wall__fact--{look}",
    )
