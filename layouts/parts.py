"""Small parts that several panels place: a button that a script answers, a swatch of the map."""

from typing import Any

from dash import html


def act_button(content: Any, act: str, *, look: str = "button", **data: str) -> html.Button:
    """Return a button that ``assets/00-page.js`` answers.

    ``act``: name of the action there; ``data``: its ``data-`` attributes, or ``pressed``.
    """
    attributes: dict[str, Any] = {"data-act": act}
    for name, value in data.items():
        attributes["aria-pressed" if name == "pressed" else f"data-{name}"] = value
    return html.Button(content, className=look, **attributes)


def data(**told: str) -> dict[str, Any]:
    """Return attributes that begin with ``data-``."""
    return {f"data-{name.replace('_', '-')}": value for name, value in told.items()}


def swatch(kind: str) -> html.Span:
    """Return the sign of a kind of point, as the map draws it."""
    return html.Span(className=f"swatch swatch--{kind}")
