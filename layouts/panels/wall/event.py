"""A guarded event on a wall: countdown, figures, the version in force; what happens, who is there.

Numbers, and names of places and phases only; painted by ``assets/69-wall-event.js``.
"""

from dash import html
from dash.development.base_component import Component

from layouts import words
from layouts.ids import Id
from layouts.page import Page
from layouts.panels.wall.frame import listing, panel


def build(_page: Page) -> Component:
    """Return the event at a glance; figures have the ids that they have in the event's room.

    But for the cameras: a wall knows those alone that it may show.
    """
    return panel(
        "event",
        html.Div(
            [
                html.Div(
                    [
                        html.Div(id=Id.EVENT_COUNTDOWN_WORD, className="wall__label"),
                        html.Div(
                            html.Span(id=Id.EVENT_COUNTDOWN, className="wall__value"),
                            className="wall__line",
                        ),
                        html.Div(id=Id.EVENT_PHASE, className="wall__small"),
                    ],
                    className="figure wall__figure wall__event-fact wall__event-fact--countdown",
                ),
                _figure(Id.FIGURE_INSIDE_OPEN, "figure_inside_open", look="inside"),
                _figure(Id.FIGURE_ATTENDANCE, "figure_attendance", look="attendance"),
                _figure(Id.WALL_EVENT_VIDEO, "wall_event_video", look="video"),
                html.Div(
                    [
                        html.Div(words.text("wall_event_version"), className="wall__label"),
                        html.Div(
                            html.Span(id=Id.WALL_EVENT_VERSION, className="wall__value"),
                            className="wall__line",
                        ),
                        html.Div(
                            id=Id.WALL_EVENT_CONFIRMED, className="wall__small wall__event-told"
                        ),
                        html.Div(id=Id.WALL_EVENT_NEXT, className="wall__small"),
                    ],
                    className="figure wall__figure wall__event-fact wall__event-fact--version",
                ),
            ],
            className="wall__event",
        ),
    )


def _figure(place: Id, label: str, *, look: str) -> html.Div:
    return html.Div(
        [
            html.Div(words.text(label), className="wall__label"),
            html.Div(html.Span(id=place, className="wall__value"), className="wall__line"),
            html.Div(id=f"{place}-note", className="wall__small"),
        ],
        className=f"figure wall__figure wall__event-fact wall__event-fact--{look}",
    )


def inside(_page: Page) -> Component:
    """Return what happens within the zones, alerts first."""
    return panel("event_inside", listing(Id.WALL_EVENT_INSIDE), title=words.text("event_inside"))


def posts(_page: Page) -> Component:
    """Return how many are at each post, those that lack most first."""
    return panel("event_posts", listing(Id.WALL_EVENT_POSTS), title=words.text("wall_event_posts"))


def zones(_page: Page) -> Component:
    """Return the zones with what is open and overdue in each."""
    return panel("event_zones", listing(Id.WALL_EVENT_ZONES), title=words.text("event_zones"))
