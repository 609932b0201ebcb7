"""The queue of cases beside the map, painted from the stream by ``assets/70-cases.js``."""

from dash import html

from layouts import words
from layouts.ids import Id
from layouts.page import Page
from layouts.parts import act_button

VIEWS: tuple[str, ...] = ("latest", "overdue", "emergency")


def build(_page: Page) -> html.Section:
    """Return the head of the queue and its empty list."""
    return html.Section(
        [
            html.Div(
                [
                    html.H2(words.text("cases"), className="panel__title"),
                    html.Div(
                        [
                            act_button(
                                words.text(view),
                                "cases-view",
                                look="toggle",
                                view=view,
                                pressed="true" if view == VIEWS[0] else "false",
                            )
                            for view in VIEWS
                        ],
                        className="panel__choices",
                        role="group",
                    ),
                    html.Span(id=Id.CASES_COUNT, className="panel__count"),
                    act_button(
                        words.text("cases_fold"),
                        "side-fold",
                        look="button side__fold",
                        panel="cases",
                    ),
                ],
                className="panel__head",
            ),
            html.Div(
                html.Ul(id=Id.CASES_LIST, className="cases__list", tabIndex="0", role="listbox"),
                className="cases__scroll",
            ),
        ],
        className="cases panel",
    )
