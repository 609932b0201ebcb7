"""What no callback touches travels as markup: all that was there, and nothing that acts."""

from html.parser import HTMLParser
from typing import Any

import pytest
from dash import dcc, html

from callbacks.shell import EXAMPLE
from layouts.panels import all_panels
from layouts.screens import analysis, console, performance, shift, tablet, timeline
from layouts.still import Still, still


def test_text_and_attributes_are_escaped_and_named_as_markup_has_them() -> None:
    told = html.Div(
        [
            html.Label("<img onerror=alert(1)>", htmlFor="a&b", className='x"y', tabIndex=0),
            html.Button(None, hidden=True, **{"aria-pressed": "false", "data-act": "go"}),
            html.Details("甲 & 乙", open=False),
            3,
            None,
        ],
        id="here",
        title="whole",
    )
    made = still(told, set())
    assert isinstance(made, Still)
    assert (made.tag, made.attributes) == ("div", {"id": "here", "title": "whole"})
    assert made.markup == (
        '<label class="x&quot;y" for="a&amp;b" tabindex="0">&lt;img onerror=alert(1)&gt;</label>'
        '<button aria-pressed="false" data-act="go" hidden></button>'
        "<details>甲 &amp; 乙</details>3"
    )


def test_what_a_callback_names_stays_a_component_and_so_does_what_holds_it() -> None:
    told = html.Main(
        [
            html.P("kept"),
            html.Div(html.Span(id="live"), id="around"),
            html.Div(dcc.Link("to", href="/x"), className="has-a-part"),
            html.Div(id={"act": "a", "key": "b"}),
            html.Div(style={"--columns": 3}),
        ]
    )
    made = still(told, {"live"})
    first, *others = made.children
    assert isinstance(first, Still)
    assert not any(isinstance(each, Still) for each in others)
    assert others[0].children.id == "live"


class _Elements(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs).get("id")))


def _elements(node: Any) -> list[tuple[str, str | None]]:
    if isinstance(node, list | tuple):
        return [each for one in node for each in _elements(one)]
    if isinstance(node, Still):
        inside = _Elements()
        inside.feed(node.markup)
        return [(node.tag, node.attributes.get("id")), *inside.found]
    if not hasattr(node, "to_plotly_json"):
        return []
    own = (node._type.lower(), str(node.id) if getattr(node, "id", None) else None)
    return [own, *_elements(getattr(node, "children", None))]


@pytest.mark.parametrize(
    "build",
    [
        lambda page: console.build(page, all_panels()),
        *(screen.build for screen in (tablet, shift, timeline, analysis, performance)),
    ],
)
def test_a_screen_has_the_same_elements_and_few_components(build: Any) -> None:
    live = {"map", "drawer-chart", "drawer-figure"}
    made = still(build(EXAMPLE), live)
    assert _elements(made) == _elements(build(EXAMPLE))
    assert _components(made) < 90


def _components(node: Any) -> int:
    if isinstance(node, list | tuple):
        return sum(map(_components, node))
    if not hasattr(node, "to_plotly_json"):
        return 0
    return 1 + _components(getattr(node, "children", None))
