"""What 加强值班 keeps beside the routine console: an ended operation's places and open cases.

It takes no room without one; ``assets/63-watch.js`` fills it.
"""

from dash import html

from layouts import words
from layouts.ids import Id
from layouts.page import Page


def build(_page: Page) -> html.Section:
    """Return the empty places of the head, of what is counted, and of the list."""
    return html.Section(
        [
            html.Div(
                [
                    html.H2(words.text("watch"), className="panel__title"),
                    html.Span(id=Id.WATCH_UNTIL, className="panel__count"),
                ],
                className="panel__head",
            ),
            html.P(id=Id.WATCH_OF, className="watch__of"),
            html.P(id=Id.WATCH_COUNTS, className="watch__counts"),
            html.Ul(id=Id.WATCH_LIST, className="watch__list"),
        ],
        id=Id.WATCH,
        className="watch panel",
        hidden=True,
    )
