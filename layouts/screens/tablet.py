"""The leader's tablet: the state of the city in ten seconds, one column, then a page a district.

Pages lie side by side and snap when swiped. ``assets/68-tablet.js`` paints them from the stream.
"""

from typing import Any

from dash import html

from layouts import band, words
from layouts.ids import Id
from layouts.page import Page
from layouts.panels import city_map, drawers
from layouts.parts import act_button, data

PATH = "/tablet"
CALM, EMERGENCY = "routine event", "emergency"
WORST: tuple[tuple[str, str, str], ...] = (
    ("case", "worst_case", CALM),
    ("place", "worst_place", EMERGENCY),
    ("river", "worst_river", CALM),
    ("over", "worst_over", EMERGENCY),
    ("feed", "worst_feed", CALM),
    ("danger", "worst_danger", EMERGENCY),
)
"""The three worst things of a mode, in order: the script's rule, catalogue key, modes."""


def build(page: Page) -> html.Div:
    """Return the tablet; the districts' pages are made by the script from what it sees."""
    return html.Div(
        [
            band.build(),
            _head(page),
            html.Main(
                html.Section(
                    [
                        html.Ul(id=Id.TABLET_MODE, className="tablet__modes"),
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
    return html.Section([*_calm(), *_emergency()], className="tablet__figures")


def _calm() -> list[html.Div]:
    unit = html.Span(words.text("cases_unit"), className="tablet__unit")
    return [
        _figure(
            "overdue_cases",
            [_value(Id.FIGURE_OVERDUE), unit],
            [
                words.text("open_cases"),
                " ",
                html.Span(id=Id.FIGURE_OPEN),
                " ",
                words.text("cases_unit"),
            ],
            look="lateness",
        ),
        _figure(
            "filed_closed_today",
            [
                _value(Id.FIGURE_FILED_TODAY),
                _slash(),
                _value(Id.FIGURE_CLOSED_TODAY),
                unit,
            ],
            [
                words.text("calendar_day"),
                " · ",
                words.text("as_of"),
                " ",
                html.Span(id=Id.FIGURE_AS_OF),
            ],
        ),
        _figure(
            "timely_rate_month",
            [_value(Id.FIGURE_TIMELY_RATE)],
            [html.Span(id=f"{Id.FIGURE_TIMELY_RATE}-note")],
            look="whole",
        ),
    ]


def _emergency() -> list[html.Div]:
    return [
        _figure(
            "response_level",
            [_value(Id.FIGURE_LEVEL), html.Span(id=Id.FIGURE_ELAPSED, className="tablet__elapsed")],
            [html.Span(id=f"{Id.FIGURE_LEVEL}-note")],
            modes=EMERGENCY,
        ),
        _figure(
            "ponding_all",
            [
                _value(Id.FIGURE_PONDING),
                _slash(),
                _value(Id.FIGURE_PONDING_HANDLED),
                _slash(),
                _value(Id.FIGURE_PONDING_CLOSED),
                html.Span(words.text("places_unit"), className="tablet__unit"),
            ],
            [html.Span(id=f"{Id.FIGURE_PONDING}-note")],
            modes=EMERGENCY,
        ),
        _figure(
            "stations_over",
            [
                _value(Id.FIGURE_STATIONS_OVER),
                html.Span(words.text("stations_unit"), className="tablet__unit"),
            ],
            [html.Span(id=f"{Id.FIGURE_STATIONS_OVER}-note")],
            modes=EMERGENCY,
        ),
    ]


def _figure(
    label: str, value: list[Any], note: list[Any], *, look: str = "", modes: str = CALM
) -> html.Div:
    modifier = f" figure--{look}" if look else ""
    return html.Div(
        [
            html.Div(
                words.text(label),
                className="tablet__label",
                **(data(rate_label="") if label == "timely_rate_month" else {}),
            ),
            html.Div(value, className="tablet__line"),
            html.Div(note, className="tablet__note"),
        ],
        className=f"figure tablet__figure{modifier}",
        **data(modes=modes),
    )


def _slash() -> html.Span:
    return html.Span("/", className="tablet__slash")


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
                        **data(modes=modes),
                    )
                    for key, word, modes in WORST
                ],
                className="worst__list",
            ),
        ],
        id=Id.TABLET_WORST,
        className="worst",
    )
