"""One place and what is there: an incident's short facts, and pictures of cameras."""

from dash import html
from dash.development.base_component import Component

from layouts import words
from layouts.ids import Id
from layouts.page import Page
from layouts.panels.wall.frame import panel


def incident(_page: Page) -> Component:
    """Return the facts of an incident, no free text, no names of persons."""
    return panel("incident", html.Div(id=Id.WALL_INCIDENT, className="wall__incident"))


def cameras(_page: Page) -> Component:
    """Return the pictures that were sent, or those nearest to the incident, by turns."""
    return panel(
        "cameras",
        html.Div(id=Id.WALL_CAMERAS, className="wall__cameras"),
        title=words.text("wall_cameras"),
    )
