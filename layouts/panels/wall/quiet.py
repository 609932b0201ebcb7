"""What guests see of the city's work: three figures without judgement."""

from dash import html
from dash.development.base_component import Component

from layouts import words
from layouts.ids import Id
from layouts.page import Page
from layouts.panels.wall.frame import panel
from layouts.parts import data

_FIGURES = (
    (Id.FIGURE_FILED_TODAY, "filed_today", "cases_unit"),
    (Id.FIGURE_CLOSED_TODAY, "closed_today", "cases_unit"),
    (Id.FIGURE_TIMELY_RATE, "timely_rate_month", ""),
)


def build(_page: Page) -> Component:
    """Return three figures; each repeats the one of its name, so that both are one number."""
    return panel(
        "quiet",
        html.Div([_figure(*it) for it in _FIGURES], className="wall__quiet"),
        foot=[
            words.text("calendar_day"),
            " · ",
            html.Span(**data(mirror=f"{Id.FIGURE_TIMELY_RATE}-note")),
        ],
    )


def _figure(source: Id, label: str, unit: str) -> html.Div:
    return html.Div(
        [
            html.Div(words.text(label), className="wall__label"),
            html.Div(
                [
                    html.Span(className="wall__value", **data(mirror=str(source))),
                    html.Span(words.text(unit), className="wall__unit") if unit else None,
                ],
                className="wall__line",
            ),
        ],
        className="wall__quiet-figure",
    )
