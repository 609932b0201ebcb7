"""The map: dash-leaflet holds it and its scale; points are painted on a canvas.

The points' canvas is ``assets/54-map-layer.js``. No tile server is needed: the base is the district
shapes of the city (``assets/52-map-ground.js``) with its waters and streets
(``assets/53-map-base.js``), or a graticule where there are none.
"""

from typing import Any

import dash_leaflet as dl
from dash import html
from dash.development.base_component import Component

from layouts import words
from layouts.ids import Id
from layouts.page import City, Page
from layouts.parts import act_button, swatch

LAYERS: tuple[tuple[str, str], ...] = (
    ("cases", "layer_cases"),
    ("river", "layer_river"),
    ("rain", "layer_rain"),
    ("emission", "layer_emission"),
    ("cameras", "layer_cameras"),
    ("places", "layer_places"),
    ("responders", "layer_responders"),
)
"""Layers in the order of their switches: key of the script's layer, catalogue key."""

LEGEND: tuple[tuple[str, str], ...] = (
    ("case", "legend_case"),
    ("overdue", "legend_overdue"),
    ("cluster", "legend_cluster"),
    ("unusual", "legend_unusual"),
    ("gauge", "legend_gauge"),
    ("rain", "legend_rain"),
    ("station", "legend_station"),
    ("over", "legend_over"),
    ("camera", "legend_camera"),
    ("alert", "legend_alert"),
)

ZOOM = 10
MIN_ZOOM = 7
MAX_ZOOM = 18


def build(page: Page) -> html.Section:
    """Return the map with its switches, legend and the note of its source."""
    return html.Section(
        [
            _leaflet(page.city),
            html.Div(
                [
                    _tools(),
                    *_layers(),
                    html.Div(html.Div(id=Id.MAP_TYPHOON, className="typhoon-card")),
                ],
                className="map__bar",
            ),
            html.Div(_zoom(), className="map__zoom"),
            *_bases(page.city),
            html.Details(_legend(), className="map__legend", open=False),
            html.Div(
                [
                    html.Span(id=Id.MAP_UNPLACED, className="map__unplaced"),
                    html.Span(id=Id.MAP_WAITING, className="map__waiting"),
                    html.Span(id=Id.MAP_TILES, className="map__tiles"),
                    html.Span(_source(page.city), className="map__source"),
                ],
                className="map__corner",
            ),
        ],
        className="map panel",
    )


def _leaflet(city: City) -> dl.MapContainer:
    options: dict[str, Any] = {}
    if city.bounds:
        west, south, east, north = city.bounds
        wide, high = east - west, north - south
        options["maxBounds"] = [
            [south - high / 2, west - wide / 2],
            [north + high / 2, east + wide / 2],
        ]
        options["maxBoundsViscosity"] = 0.8
    return dl.MapContainer(
        [dl.ScaleControl(imperial=False, position="bottomleft")],
        id=Id.MAP,
        className="map__leaflet",
        center=[city.lat, city.lon],
        zoom=ZOOM,
        trackViewport=False,
        minZoom=MIN_ZOOM,
        maxZoom=MAX_ZOOM,
        zoomSnap=0.25,
        zoomDelta=1,
        attributionControl=False,
        zoomControl=False,
        **options,
    )


def _tools() -> html.Div:
    return html.Div(
        [
            html.Div(id=Id.MAP_FIND, className="find"),
            act_button(words.text("filter"), "filter-open", look="toggle"),
            html.Span(id=Id.MAP_FILTER_COUNT, className="map__count", role="status"),
            html.Div(id=Id.MAP_MODE, className="map__mode", role="status"),
            html.Div(id=Id.MAP_FILTER, className="map__filter", hidden=True),
        ],
        className="map__tools",
    )


def _layers() -> list[Component]:
    return [html.Div(_switches(), id=Id.MAP_LAYERS, className="map__layers", role="group")]


def _switches() -> list[Component]:
    return [
        *(
            act_button(
                [swatch(key), words.text(word)], "layer", look="toggle", layer=key, pressed="true"
            )
            for key, word in LAYERS
        ),
        act_button(words.text("heat"), "map-heat", look="toggle", pressed="false"),
    ]


def _zoom() -> list[Component]:
    return [
        act_button("+", "zoom-in"),
        act_button("−", "zoom-out"),
        act_button(words.text("map_reset"), "zoom-city"),
    ]


def _bases(city: City) -> list[Component]:
    """Return the switch between the offline map and the site's tile layers, where it has any."""
    if not city.tiles:
        return []
    offline = act_button(words.text("map_offline"), "base", look="toggle", name="", pressed="true")
    others = [
        act_button(tile["name"], "base", look="toggle", name=tile["name"], pressed="false")
        for tile in city.tiles
    ]
    return [html.Div([offline, *others], className="map__bases", role="group")]


def _legend() -> list[Component]:
    return [
        html.Summary(words.text("legend")),
        html.Ul([html.Li([swatch(key), words.text(word)]) for key, word in LEGEND]),
        html.P(words.text("legend_few"), className="map__keys"),
        html.P(words.text("map_keys"), className="map__keys"),
    ]


def _source(city: City) -> list[Any]:
    if not city.shapes_url:
        return [words.text("map_none")]
    approval: list[Any] = (
        [words.text("approval"), " ", city.approval]
        if city.approval
        else [words.text("no_approval")]
    )
    source = [" ", words.both(city.source)] if city.source.zh else []
    sketch = [" · ", words.text("map_sketch")] if city.base_url else []
    return [words.text("map_source"), *source, *sketch, " · ", *approval]
