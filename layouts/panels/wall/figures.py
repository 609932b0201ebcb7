"""The city's pulse on a wall: overdue, filed and closed today, this month's timely rate."""

from typing import Any

from dash import html
from dash.development.base_component import Component

from layouts import words
from layouts.ids import Id
from layouts.page import Page
from layouts.panels.wall.frame import panel
from layouts.parts import data


def build(_page: Page) -> Component:
    """Return the city's pulse: overdue, filed and closed today, this month's timely rate."""
    return panel(
        "figures",
        html.Div(
            [
                _figure(
                    Id.FIGURE_OVERDUE,
                    "overdue_cases",
                    "cases_unit",
                    look="lateness",
                    aside=[
                        words.text("open_cases"),
                        html.Strong(id=Id.FIGURE_OPEN, className="wall__aside-value"),
                        words.text("cases_unit"),
                    ],
                ),
                _figure(Id.FIGURE_FILED_TODAY, "filed_today", "cases_unit"),
                _figure(Id.FIGURE_CLOSED_TODAY, "closed_today", "cases_unit"),
                _figure(Id.FIGURE_TIMELY_RATE, "timely_rate_month"),
            ],
            className="wall__figures",
        ),
        foot=[
            words.text("calendar_day"),
            " · ",
            words.text("as_of"),
            " ",
            html.Span(id=Id.FIGURE_AS_OF),
        ],
    )


def _figure(
    place: Id, label: str, unit: str = "", *, look: str = "", aside: list[Any] | None = None
) -> html.Div:
    modifier = f" figure--{look}" if look else ""
    return html.Div(
        [
            html.Div(
                words.text(label),
                className="wall__label",
                **(data(rate_label="") if place is Id.FIGURE_TIMELY_RATE else {}),
            ),
            html.Div(
                [
                    html.Span(id=place, className="wall__value"),
                    html.Span(words.text(unit), className="wall__unit")
                    if unit
                    else html.Span(id=f"{place}-count", className="wall__unit"),
                ],
                className="wall__line",
            ),
            html.Div(aside, className="wall__aside") if aside else None,
            html.Div(id=f"{place}-note", className="wall__small"),
        ],
        className=f"figure wall__figure{modifier}",
    )
