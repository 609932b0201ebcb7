"""How the desk is doing: its alerts against the standard, each figure beside its aim.

Asked from ``GET /api/v1/alerts/performance`` and painted by ``assets/79-performance.js``.
"""

from dash import html

from layouts import header, words
from layouts.ids import Id
from layouts.page import Page
from layouts.parts import act_button

PATH = "/performance"
SPANS: tuple[str, ...] = ("8h", "24h", "7d", "30d")
FIRST = "24h"


def build(page: Page) -> html.Div:
    """Return the screen with its spans and empty places."""
    return html.Div(
        [
            header.build(page, here=PATH),
            html.Main(
                [
                    html.Div(
                        [
                            html.H2(words.text("performance"), className="performance__title"),
                            html.Div(_spans(), className="panel__choices", role="group"),
                            html.Span(
                                id=Id.PERFORMANCE_SPAN,
                                className="performance__span",
                                role="status",
                            ),
                        ],
                        className="performance__head",
                    ),
                    html.Div(id=Id.PERFORMANCE_FIGURES, className="performance__figures"),
                    html.Section(
                        [
                            html.Div(
                                [
                                    html.H3(
                                        words.text("performance_rate"), className="panel__title"
                                    ),
                                    html.Span(
                                        id=Id.PERFORMANCE_BARS_NOTE, className="panel__count"
                                    ),
                                ],
                                className="panel__head",
                            ),
                            html.Div(id=Id.PERFORMANCE_BARS, className="performance__bars"),
                        ],
                        className="panel",
                    ),
                    html.Div(id=Id.PERFORMANCE_LISTS, className="performance__lists"),
                    html.P(words.text("performance_source"), className="performance__source"),
                ],
                className="performance__main",
            ),
        ],
        id=Id.PERFORMANCE,
        className="performance",
    )


def _spans() -> list[html.Button]:
    return [
        act_button(
            words.text(f"performance_{span}"),
            "performance-span",
            look="toggle",
            span=span,
            pressed="true" if span == FIRST else "false",
        )
        for span in SPANS
    ]
