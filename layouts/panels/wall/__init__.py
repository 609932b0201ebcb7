"""The panels of a wall: one message each, nothing to press, painted from the stream.

A scene names them by the keys of ``PANELS``, which ``layouts.wall_scenes`` knows too; where they
lie is the scene's business. Figures have the ids that they have on the console, so that the same
figure is the same number everywhere. A page holds the panels of all scenes that it may show, each
once.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from dash.development.base_component import Component

from layouts.page import Page
from layouts.panels.wall import city_map, emergency, event, figures, lists, places, quiet

PANELS: Mapping[str, Callable[[Page], Component]] = MappingProxyType(
    {
        "figures": figures.build,
        "map": city_map.build,
        "districts": lists.districts,
        "rivers": lists.rivers,
        "rain": lists.rain,
        "feeds": lists.feeds,
        "worst": lists.worst,
        "incident": places.incident,
        "cameras": places.cameras,
        "quiet": quiet.build,
        "emergency": emergency.build,
        "ponding": lists.ponding,
        "warnings": lists.warnings,
        "tasks": lists.tasks,
        "responders": lists.responders,
        "event": event.build,
        "event_inside": event.inside,
        "event_posts": event.posts,
        "event_zones": event.zones,
        "typhoon": lists.typhoon,
        "watch": lists.watch,
    }
)
