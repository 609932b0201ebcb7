"""What the drawers are built of: a section with its title and an empty slot for a script."""

from typing import Any

from dash import html

from layouts import words
from layouts.ids import Id


def section(title: str, slot: Id, *, note: Id | None = None, more: Any = None) -> html.Section:
    """Return a titled section; a script fills ``slot`` and, beside the title, ``note``."""
    head: list[Any] = [html.H4(words.text(title), className="drawer__title")]
    if note is not None:
        head.append(html.Span(id=note, className="drawer__note"))
    if more is not None:
        head.append(more)
    return html.Section(
        [html.Div(head, className="drawer__head"), html.Div(id=slot, className="drawer__slot")],
        className="drawer__section",
    )


def drawer(kind: str, slot: Id, children: list[Any]) -> html.Div:
    """Return the drawer of a kind; it is shown while one of its kind is open."""
    return html.Div(children, id=slot, className=f"drawer drawer--{kind}", hidden=True)
