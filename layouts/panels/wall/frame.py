"""What every panel of a wall is made of: a title, a body, a foot; nothing to press."""

from typing import Any

from dash import html
from dash.development.base_component import Component

from layouts.ids import Id
from layouts.parts import data


def panel(name: str, body: Component, *, title: Any = None, foot: Any = None) -> html.Section:
    """Return a panel called ``name`` in scenes; its count stands beside its title."""
    head = html.H2(
        [title, html.Span(className="wall__count", **data(count=name))],
        className="wall__panel-title",
    )
    return html.Section(
        [
            head if title is not None else None,
            body,
            html.P(foot, className="wall__foot") if foot is not None else None,
        ],
        className=f"wall__panel wall__panel--{name}",
        **data(panel=name),
    )


def listing(place: Id) -> html.Div:
    """Return a list that a script fills with as many rows as have room."""
    return html.Div(id=place, className="wall__list")
