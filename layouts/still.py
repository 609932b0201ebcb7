"""Parts of a screen that no callback touches, sent as the markup they become.

Dash's renderer spends milliseconds on each component, whatever it is; of a console's seven hundred
a dozen are joined to callbacks. The others are written by our own scripts, which find elements by
their ids: they need the element alone, and get it from the browser's own parser.
"""

import re
from collections.abc import Collection
from html import escape
from typing import Any

from dash.development.base_component import Component

HTML = "dash_html_components"
NAMES = {"className": "class", "htmlFor": "for", "tabIndex": "tabindex", "colSpan": "colspan"}
"""Properties of React whose attribute has another name."""
VOID = frozenset({"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "wbr"})
ATTRIBUTE = re.compile(r"[a-z][a-z-]*")


class Still(Component):
    """An element whose inside is markup: ``assets/01-still.js`` makes it.

    ``tag``: its name; ``attributes``: as React names them; ``markup``: its children.
    """

    _children_props: list[str] = []  # noqa: RUF012 # as Dash declares them
    _base_nodes: list[str] = []  # noqa: RUF012
    _namespace = "pingji"
    _type = "Still"
    _prop_names = ["tag", "attributes", "markup"]  # noqa: RUF012
    _valid_wildcard_attributes: list[str] = []  # noqa: RUF012

    def __init__(self, tag: str, attributes: dict[str, Any], markup: str) -> None:
        """Hold what the browser is told."""
        super().__init__(tag=tag, attributes=attributes, markup=markup)  # type: ignore[no-untyped-call]


def still(component: Any, live: Collection[str]) -> Any:
    """Give the same tree with every largest part that no callback touches as one :class:`Still`.

    ``live``: the ids that callbacks name. A part stays a component when it or anything inside it is
    not plain HTML, has such an id, an id that is a pattern, or a style.
    """
    if isinstance(component, list | tuple):
        return [still(each, live) for each in component]
    if not isinstance(component, Component):
        return component
    if _is_still(component, live):
        told = _json(component)
        attributes = {name: value for name, value in _told(component) if name != "children"}
        inside = _markup(getattr(component, "children", None))
        return Still(told["type"].lower(), attributes, inside)
    children = getattr(component, "children", None)
    if children is not None:
        component.children = still(children, live)
    return component


def _is_still(node: Any, live: Collection[str]) -> bool:
    if isinstance(node, list | tuple):
        return all(_is_still(each, live) for each in node)
    if not isinstance(node, Component):
        return True
    told = _json(node)
    own = told["props"]
    plain = all(
        name == "children" or value is None or isinstance(value, str | bool | int)
        for name, value in own.items()
    )
    if told["namespace"] != HTML or told["type"].lower() in VOID or not plain:
        return False
    return own.get("id") not in live and _is_still(own.get("children"), live)


def _told(component: Component) -> list[tuple[str, Any]]:
    """List the properties that say something, by name; an enumeration's as its text.

    Dash keeps them in an order of its own, which differs from process to process.
    """
    found = sorted(_json(component)["props"].items())
    return [
        (name, str(value) if isinstance(value, str) else value)
        for name, value in found
        if value is not None
    ]


def _markup(node: Any) -> str:
    if node is None:
        return ""
    if isinstance(node, list | tuple):
        return "".join(map(_markup, node))
    if not isinstance(node, Component):
        return escape(str(node))
    told = _json(node)
    tag = told["type"].lower()
    attributes = "".join(_attribute(name, value) for name, value in _told(node))
    return f"<{tag}{attributes}>{_markup(getattr(node, 'children', None))}</{tag}>"


def _attribute(name: str, value: Any) -> str:
    """Write an attribute; React leaves out what is false, except in ``data-`` and ``aria-``."""
    if name == "children":
        return ""
    name = NAMES.get(name, name)
    if not ATTRIBUTE.fullmatch(name):
        raise ValueError(f"{name}: no attribute that markup knows")
    if isinstance(value, bool) and not name.startswith(("data-", "aria-")):
        return f" {name}" if value else ""
    return f' {name}="{escape(str(value).lower() if isinstance(value, bool) else str(value))}"'


def _json(component: Component) -> dict[str, Any]:
    told: dict[str, Any] = component.to_plotly_json()  # type: ignore[no-untyped-call]
    return told
