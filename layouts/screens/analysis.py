"""Analysis: figures of a period with their basis, ranked, their trend, and the cases behind each.

Asked from ``GET /api/v1/indicators…`` and painted by the scripts ``assets/94-analysis*.js``.
"""

from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard.domain.periods import SPANS, Span
from layouts import band, header, words
from layouts.ids import Id
from layouts.page import Page
from layouts.panels import drawers
from layouts.parts import act_button

PATH = "/analysis"
GROUPS: tuple[str, ...] = (*("district", "subdistrict", "unit", "class", "subcategory", "source"),)
FIRST_SPAN = Span.MONTH
FIRST_GROUP = "district"


def build(page: Page) -> html.Div:
    """Return the page with its choices and empty places."""
    return html.Div(
        [
            band.build(),
            header.build(page, here=PATH),
            html.Main(
                [
                    _choices(),
                    html.Div(id=Id.ANALYSIS_HEAD, className="analysis__head", role="status"),
                    html.Div(id=Id.ANALYSIS_FIGURES, className="analysis__figures"),
                    html.Div(
                        [
                            html.Div(
                                [
                                    _card(Id.ANALYSIS_RANKING, "analysis_ranking", look="ranking"),
                                    _card(Id.ANALYSIS_TREND, "analysis_trend"),
                                    _card(Id.ANALYSIS_STAGES, "analysis_stages"),
                                ],
                                className="analysis__side",
                            ),
                            html.Div(
                                [
                                    _cases(),
                                    _card(Id.ANALYSIS_HEAT, "analysis_hot"),
                                    _card(Id.ANALYSIS_REPEATS, "analysis_repeats"),
                                    _card(Id.ANALYSIS_PUBLISHED, "analysis_published"),
                                ],
                                className="analysis__side",
                            ),
                        ],
                        className="analysis__body",
                    ),
                ],
                className="analysis__main",
            ),
            drawers.build(page),
        ],
        id=Id.ANALYSIS,
        className="analysis",
    )


def _choices() -> html.Div:
    spans = [(str(span), f"span_{span}") for span in SPANS]
    groups = [(group, f"group_{group}") for group in GROUPS]
    return html.Div(
        [
            _group("analysis_period", "analysis-span", spans, str(FIRST_SPAN)),
            _group("analysis_by", "analysis-group", groups, FIRST_GROUP),
            html.Label(
                [
                    html.Span(words.text("analysis_scope"), className="analysis__choice-name"),
                    html.Span(id=Id.ANALYSIS_SCOPE),
                ],
                className="analysis__choice",
            ),
            html.Label(
                [
                    html.Span(words.text("analysis_basis"), className="analysis__choice-name"),
                    html.Span(id=Id.ANALYSIS_BASIS),
                ],
                className="analysis__choice",
            ),
        ],
        className="analysis__choices",
    )


def _group(title: str, act: str, choices: list[tuple[str, str]], first: str) -> html.Div:
    buttons: list[Any] = [
        act_button(
            words.text(word),
            act,
            look="toggle",
            value=value,
            pressed="true" if value == first else "false",
        )
        for value, word in choices
    ]
    return html.Div(
        [
            html.Span(words.text(title), className="analysis__choice-name"),
            html.Div(buttons, className="panel__choices", role="group"),
        ],
        className="analysis__choice",
    )


def _card(place: Id, title: str, *, look: str = "") -> Component:
    more = f" analysis__card--{look}" if look else ""
    return html.Section(
        [
            html.Div(
                [
                    html.H2(words.text(title), className="panel__title"),
                    html.Span(id=f"{place}-note", className="panel__count"),
                ],
                className="panel__head",
            ),
            html.Div(id=place, className="analysis__content"),
        ],
        className=f"panel analysis__card{more}",
    )


def _cases() -> Component:
    return html.Section(
        [
            html.Div(
                [
                    html.H2(words.text("analysis_cases"), className="panel__title"),
                    html.Span(id=f"{Id.ANALYSIS_CASES}-note", className="panel__count"),
                    act_button(words.text("analysis_close_cases"), "analysis-close"),
                ],
                className="panel__head",
            ),
            html.Div(id=Id.ANALYSIS_CASES, className="analysis__content"),
        ],
        id=Id.ANALYSIS_CASES_PANEL,
        className="panel analysis__card",
        hidden=True,
    )
