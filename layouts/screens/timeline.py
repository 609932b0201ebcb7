"""The timeline of one operation, whole: to be read, and to be printed when it is over.

Asked from ``GET /api/v1/operations/<id>/timeline`` and painted by ``assets/93-timeline.js``.
"""

from dash import html

from layouts import band, header, words
from layouts.ids import Id
from layouts.page import Page
from layouts.parts import act_button

PATH = "/timeline/"
"""What stands behind it is the operation's number."""


def build(page: Page) -> html.Div:
    """Return the page with its places empty."""
    return html.Div(
        [
            band.build(),
            header.build(page, here=PATH),
            html.Main(
                [
                    html.Div(
                        [
                            html.H2(words.text("timeline_title"), id=Id.TIMELINE_TITLE),
                            html.Span(id=Id.TIMELINE_STATE, className="record__state"),
                            html.Div(
                                [
                                    html.A(
                                        words.text("timeline_sheet"),
                                        id=Id.TIMELINE_SHEET,
                                        className="button",
                                    ),
                                    act_button(words.text("timeline_print"), "timeline-print"),
                                ],
                                className="record__acts",
                            ),
                        ],
                        className="record__head",
                    ),
                    html.Dl(id=Id.TIMELINE_FACTS, className="record__facts"),
                    html.Ul(id=Id.TIMELINE_FIGURES, className="record__figures"),
                    _part("timeline_tasks", Id.TIMELINE_TASKS),
                    _part("timeline_lines", Id.TIMELINE_LINES),
                ],
                className="record__paper",
            ),
        ],
        id=Id.TIMELINE,
        className="record",
    )


def _part(title: str, slot: Id) -> html.Section:
    return html.Section(
        [
            html.H3(words.text(title), className="record__title"),
            html.Table(html.Tbody(id=slot), className="record__table"),
        ],
        className="record__part",
    )
