"""The strip of feeds: state, ages and counts, painted from the stream by ``assets/80-feeds.js``."""

from dash import html

from layouts import words
from layouts.ids import Id
from layouts.page import Page


def build(_page: Page) -> html.Section:
    """Return the title and the empty strip."""
    return html.Section(
        [
            html.Div(
                [
                    html.H2(words.text("feeds"), className="panel__title"),
                    html.P(id=Id.FEEDS_SAID, className="feeds__said"),
                ],
                className="feeds__title",
            ),
            html.Ul(id=Id.FEEDS_LIST, className="feeds__list", tabIndex="0"),
        ],
        className="feeds panel",
    )
