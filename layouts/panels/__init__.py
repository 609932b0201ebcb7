"""The panels of a screen, as one explicit, ordered tuple of descriptions.

A panel is a module with ``build(page)``; to add one, write it and enter it here. Another package
brings its own through the entry-point group ``pingji.panels``, each naming a ``Panel``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import entry_points

from dash.development.base_component import Component

from layouts.page import Page
from layouts.panels import (
    city_map,
    drawers,
    feeds,
    figures,
    latest_cases,
    queue,
    quick_entry,
    watch,
)

ENTRY_POINTS = "pingji.panels"


@dataclass(frozen=True, kw_only=True)
class Panel:
    """One panel. ``area``: head, main, side or foot of the console; ``title``: a catalogue key."""

    name: str
    area: str
    title: str
    build: Callable[[Page], Component]


PANELS: tuple[Panel, ...] = (
    Panel(name="figures", area="head", title="figures", build=figures.build),
    Panel(name="quick_entry", area="main", title="entry", build=quick_entry.build),
    Panel(name="city_map", area="main", title="map", build=city_map.build),
    Panel(name="drawers", area="main", title="drawer", build=drawers.build),
    Panel(name="watch", area="side", title="watch", build=watch.build),
    Panel(name="queue", area="side", title="queue", build=queue.build),
    Panel(name="latest_cases", area="side", title="cases", build=latest_cases.build),
    Panel(name="feeds", area="foot", title="feeds", build=feeds.build),
)


def all_panels() -> tuple[Panel, ...]:
    """Return the built-in panels and those of other packages, in the order of their names."""
    found = sorted(entry_points(group=ENTRY_POINTS), key=lambda entry: entry.name)
    return PANELS + tuple(entry.load() for entry in found)
