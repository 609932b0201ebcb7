"""The map of a wall: ``assets/52-map-ground.js`` lays the land, ``66-wall-map.js`` paints on it."""

from typing import Any

import dash_leaflet as dl
from dash import html
from dash.development.base_component import Component

from layouts import words
from layouts.ids import Id
from layouts.page import City, Page
from layouts.panels.wall.frame import panel

MIN_ZOOM = 5


def build(page: Page) -> Component:
    """Return the map; its title says which layers it shows."""
    return panel(
        "map", _leaflet(page.city), title=html.Span(id="wall-map-title"), foot=_source(page)
    )


def _leaflet(city: City) -> dl.MapContainer:
    return dl.MapContainer(
        id=Id.WALL_MAP,
        className="wall__leaflet",
        minZoom=MIN_ZOOM,
        zoomSnap=0,
        attributionControl=False,
        zoomControl=False,
        dragging=False,
        touchZoom=False,
        doubleClickZoom=False,
        scrollWheelZoom=False,
        boxZoom=False,
        keyboard=False,
        center=[city.lat, city.lon],
        zoom=MIN_ZOOM,
    )


def _source(page: Page) -> list[Any]:
    """Return the source and the approval number, short enough for letters of this size."""
    city = page.city
    if not city.shapes_url:
        return [words.text("map_none")]
    number = (
        [words.text("approval"), " ", city.approval]
        if city.approval
        else [words.text("no_approval")]
    )
    source = [words.text("map_source"), " "]
    if city.source.zh:
        source += [words.both(city.source), " · "]
    if city.base_url:
        source += [words.text("map_sketch"), " · "]
    return [*source, *number]
