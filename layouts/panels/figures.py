"""The figures at the head of the console, by the mode of where the screen stands.

``assets/60-figures.js`` paints those of routine days, ``assets/63-emergency.js`` those of an
emergency. Each says what is counted, its unit and, where it is of a day, which day.
"""

from dataclasses import dataclass

from dash import html

from layouts import words
from layouts.ids import Id
from layouts.page import Page
from layouts.parts import data


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One figure: where it is painted, its words, its look, and whether counts stand by it.

    ``modes``: in which it is shown, beside each other. ``opens``: what is behind it, as
    ``assets/62-figure-opens.js`` has it.
    """

    id: Id
    label: str
    unit: str = ""
    basis: str = ""
    look: str = ""
    count: bool = False
    modes: str = "routine event"
    opens: str = ""


FIGURES: tuple[Figure, ...] = (
    Figure(id=Id.FIGURE_OPEN, label="open_cases", unit="cases_unit", opens="open"),
    Figure(
        id=Id.FIGURE_OVERDUE,
        label="overdue_cases",
        unit="cases_unit",
        look="lateness",
        opens="overdue",
    ),
    Figure(
        id=Id.FIGURE_FILED_TODAY,
        label="filed_today",
        unit="cases_unit",
        basis="calendar_day",
        opens="filed",
    ),
    Figure(
        id=Id.FIGURE_CLOSED_TODAY,
        label="closed_today",
        unit="cases_unit",
        basis="calendar_day",
        opens="closed",
    ),
    Figure(id=Id.FIGURE_TIMELY_RATE, label="timely_rate_month", count=True, opens="due"),
    Figure(id=Id.FIGURE_LEVEL, label="response_level", modes="emergency"),
    Figure(id=Id.FIGURE_ELAPSED, label="elapsed", look="time", modes="emergency"),
    Figure(
        id=Id.FIGURE_PONDING,
        label="ponding_now",
        unit="places_unit",
        modes="emergency",
        opens="places",
    ),
    Figure(
        id=Id.FIGURE_PONDING_HANDLED,
        label="ponding_handled",
        unit="places_unit",
        modes="emergency",
        opens="places",
    ),
    Figure(
        id=Id.FIGURE_PONDING_CLOSED, label="ponding_closed", unit="places_unit", modes="emergency"
    ),
    Figure(
        id=Id.FIGURE_STATIONS_OVER,
        label="stations_over",
        unit="stations_unit",
        modes="routine event emergency",
        opens="rivers",
    ),
    Figure(id=Id.FIGURE_AS_OF, label="as_of", look="time", modes="routine event emergency"),
)


def build(_page: Page) -> html.Section:
    """Return the row of figures, empty until the stream fills them."""
    return html.Section([_figure(figure) for figure in FIGURES], className="figures")


def _figure(figure: Figure) -> html.Div:
    rate = data(rate_label="") if figure.id is Id.FIGURE_TIMELY_RATE else {}
    label = [html.Span(words.text(figure.label), **rate)]
    if figure.basis:
        label.append(html.Span(words.text(figure.basis), className="figure__basis"))
    value: list[html.Span | html.Button] = [html.Span(id=figure.id, className="figure__value")]
    if figure.opens:
        behind = data(act="figure-opens", opens=figure.opens)
        look = "figure__value figure__open"
        value = [html.Button(id=figure.id, className=look, type="button", **behind)]
    if figure.unit:
        value.append(html.Span(words.text(figure.unit), className="figure__unit"))
    if figure.count:
        value.append(html.Span(id=f"{figure.id}-count", className="figure__unit figure__count"))
    look = f" figure--{figure.look}" if figure.look else ""
    return html.Div(
        [
            html.Div(label, className="figure__label"),
            html.Div(value, className="figure__line"),
            html.Div(id=f"{figure.id}-note", className="figure__note"),
        ],
        className=f"figure{look}",
        **data(modes=figure.modes),
    )
