"""The lists of a wall, painted from the stream by ``assets/67-wall-panels.js``.

Those of an emergency by ``68-wall-emergency.js``, the worst by ``68-wall-worst.js``.
"""

from dash import html
from dash.development.base_component import Component

from layouts import words
from layouts.ids import Id
from layouts.page import Page
from layouts.panels.wall.frame import listing, panel
from layouts.parts import data


def districts(_page: Page) -> Component:
    """Return the districts by their timely rate, and what is open and overdue there."""
    return panel(
        "districts",
        listing(Id.WALL_DISTRICTS),
        # one run of text: a title's parts stand apart by themselves
        title=html.Span(
            [
                words.text("wall_districts_rate"),
                " · ",
                html.Span(words.text("timely_rate_month"), **data(rate_label="")),
            ]
        ),
        foot=html.Span(id=f"{Id.WALL_DISTRICTS}-basis"),
    )


def rivers(_page: Page) -> Component:
    """Return the rivers that are nearest to their warning level, or over it."""
    return panel("rivers", listing(Id.WALL_RIVERS), title=words.text("wall_rivers"))


def rain(_page: Page) -> Component:
    """Return where it rains most, as columns."""
    return panel("rain", listing(Id.WALL_RAIN), title=words.text("wall_rain"))


def feeds(_page: Page) -> Component:
    """Return whether what is shown is still being told."""
    return panel("feeds", listing(Id.WALL_FEEDS), title=words.text("wall_feeds"))


def worst(_page: Page) -> Component:
    """Return what is worst now: a case, a river, alerts that nobody knows of, a silent feed."""
    return panel("worst", listing(Id.WALL_WORST), title=words.text("wall_worst"))


def ponding(_page: Page) -> Component:
    """Return the places under water, closed or not, the deepest first."""
    return panel("ponding", listing(Id.WALL_PONDING), title=words.text("wall_ponding"))


def warnings(_page: Page) -> Component:
    """Return the warnings in force: colour, of what, by whom."""
    return panel("warnings", listing(Id.WALL_WARNINGS), title=words.text("wall_warnings"))


def tasks(_page: Page) -> Component:
    """Return how far the plans are, phase by phase."""
    return panel("tasks", listing(Id.WALL_TASKS), title=words.text("wall_tasks"))


def responders(_page: Page) -> Component:
    """Return how many responders of each kind are where: numbers only."""
    return panel("responders", listing(Id.WALL_RESPONDERS), title=words.text("wall_responders"))


def watch(_page: Page) -> Component:
    """Return what 加强值班 keeps in sight: the ended operation's places and open cases."""
    return panel(
        "watch",
        listing(Id.WALL_WATCH),
        title=html.Span(id=f"{Id.WALL_WATCH}-title"),
        foot=html.Span(id=f"{Id.WALL_WATCH}-note"),
    )


def typhoon(_page: Page) -> Component:
    """Return the nearest typhoon as the city sees it: track, forecasts by issuer, winds."""
    return panel(
        "typhoon",
        html.Div(id=Id.WALL_TYPHOON, className="wall__typhoon"),
        title=html.Span(id=f"{Id.WALL_TYPHOON}-title"),
        foot=html.Span(id=f"{Id.WALL_TYPHOON}-note"),
    )
