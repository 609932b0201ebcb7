"""The record 案卷 of the selected case, painted by ``assets/75-case-detail.js`` from the API."""

from dash import html

from layouts import words
from layouts.ids import Id
from layouts.page import Page
from layouts.parts import act_button


def build(_page: Page) -> html.Section:
    """Return the empty panel; it stays hidden until a case is selected."""
    return html.Section(
        [
            html.Div(
                [
                    html.H2(words.text("record"), className="panel__title"),
                    act_button(words.text("close"), "close-detail"),
                ],
                className="panel__head",
            ),
            html.Div(id=Id.CASES_DETAIL, className="detail__body", tabIndex="0"),
        ],
        className="detail panel",
    )
