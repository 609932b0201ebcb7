"""The leader's tablet: the state of the city in ten seconds, one column, then a page a district.

Pages lie side by side and snap when swiped. ``assets/68-tablet.js`` paints them from the stream.
"""

from dash import html

from layouts import band, words
from layouts.ids import Id
from layouts.page import Page
from layouts.panels import city_map, drawers
from layouts.parts import act_button, data

PATH = "/tablet"
WORST: tuple[tuple[str, str], ...] = (
    ("case", "worst_case"),
    ("river", "worst_river"),
    ("feed", "worst_feed"),
)
"""The three worst things, in order: key of the script's rule, catalogue key."""


def build(page: Page) -> html.Div:
    """Return the tablet; the districts' pages are made by the script from what it sees."""
    return html.Div(
        [
            band.build(),
            _head(page),
            html.Main(
                html.Section(
                    [
                        _figures(),
                        _worst(),
                        city_map.build(page),
                    ],
                    className="tablet__page tablet__page--city",
                    **data(page="city"),
                ),
                id=Id.TABLET_PAGES,
                className="tablet__pages",
                tabIndex="0",
            ),
            html.Nav(id=Id.TABLET_TABS, className="tablet__tabs"),
            drawers.build(page),
        ],
        id=Id.TABLET,
        className="tablet",
    )


def _head(page: Page) -> html.Header:
    notes = [html.Span(words.both(note), className="chip chip--note") for note in page.city.notes]
    return html.Header(
        [
            html.Div(
                [
                    html.H1(words.both(page.city.name), className="tablet__city"),
                    band.chip(page),
                    *notes,
                ],
                className="tablet__place",
            ),
            html.Div(
                [
                    html.Span(id=Id.HEADER_CLOCK, className="tablet__time", role="timer"),
                    html.Div(
                        [
                            html.Span(id=Id.HEADER_DATE),
                            html.Span(id=Id.HEADER_ZONE, className="tablet__zone"),
                        ],
                        className="tablet__day",
                    ),
                    html.Span(id=Id.HEADER_SPEED, className="chip chip--speed"),
                ],
                className="tablet__clock",
            ),
            html.Div(id=Id.HEADER_STREAM, className="stream", role="status"),
            html.Div(
                [
                    act_button(words.text("language"), "language"),
                    act_button(
                        [
                            html.Span(words.text("theme_light"), className="when-dark"),
                            html.Span(words.text("theme_dark"), className="when-light"),
                        ],
                        "theme",
                    ),
                    act_button(words.text("sign_out"), "sign-out"),
                ],
                className="tablet__acts",
            ),
        ],
        className="tablet__head",
    )


def _figures() -> html.Section:
    unit = html.Span(words.text("cases_unit"), className="tablet__unit")
    return html.Section(
        [
            html.Div(
                [
                    html.Div(words.text("overdue_cases"), className="tablet__label"),
                    html.Div([_value(Id.FIGURE_OVERDUE), unit], className="tablet__line"),
                    html.Div(
                        [
                            words.text("open_cases"),
                            " ",
                            html.Span(id=Id.FIGURE_OPEN),
                            " ",
                            words.text("cases_unit"),
                        ],
                        className="tablet__note",
                    ),
                ],
                className="figure figure--lateness tablet__figure",
            ),
            html.Div(
                [
                    html.Div(words.text("filed_closed_today"), className="tablet__label"),
                    html.Div(
                        [
                            _value(Id.FIGURE_FILED_TODAY),
                            html.Span("/", className="tablet__slash"),
                            _value(Id.FIGURE_CLOSED_TODAY),
                            unit,
                        ],
                        className="tablet__line",
                    ),
                    html.Div(
                        [
                            words.text("calendar_day"),
                            " · ",
                            words.text("as_of"),
                            " ",
                            html.Span(id=Id.FIGURE_AS_OF),
                        ],
                        className="tablet__note",
                    ),
                ],
                className="figure tablet__figure",
            ),
            html.Div(
                [
                    html.Div(words.text("timely_rate_month"), className="tablet__label"),
                    html.Div(
                        _value(Id.FIGURE_TIMELY_RATE),
                        className="tablet__line",
                    ),
                    html.Div(id=f"{Id.FIGURE_TIMELY_RATE}-note", className="tablet__note"),
                ],
                className="figure tablet__figure",
            ),
        ],
        className="tablet__figures",
    )


def _value(place: Id) -> html.Span:
    return html.Span(id=place, className="tablet__value")


def _worst() -> html.Section:
    return html.Section(
        [
            html.Ol(
                [
                    html.Li(
                        act_button(
                            [
                                html.Span(words.text(word), className="worst__title"),
                                html.Span(className="worst__what"),
                                html.Span(className="worst__how"),
                                html.Span(className="worst__why"),
                            ],
                            "tablet-worst",
                            look="worst__button",
                            worst=key,
                        ),
                        className="worst__item",
                    )
                    for key, word in WORST
                ],
                className="worst__list",
            ),
        ],
        id=Id.TABLET_WORST,
        className="worst",
    )
