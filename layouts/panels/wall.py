"""The panels of a wall: one message each, nothing to press, painted from the stream.

A scene names them by the keys of ``PANELS``; where they lie is the scene's business. Figures have
the ids that they have on the console, so that the same figure is the same number everywhere.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import dash_leaflet as dl
from dash import html
from dash.development.base_component import Component

from layouts import words
from layouts.ids import Id
from layouts.page import City, Page
from layouts.parts import data

MIN_ZOOM = 5


def figures(_page: Page) -> Component:
    """Return the city's pulse: overdue, filed and closed today, this month's timely rate."""
    return _panel(
        "figures",
        html.Div(
            [
                _figure(
                    Id.FIGURE_OVERDUE,
                    "overdue_cases",
                    "cases_unit",
                    look="lateness",
                    aside=[
                        words.text("open_cases"),
                        html.Strong(id=Id.FIGURE_OPEN, className="wall__aside-value"),
                        words.text("cases_unit"),
                    ],
                ),
                _figure(Id.FIGURE_FILED_TODAY, "filed_today", "cases_unit"),
                _figure(Id.FIGURE_CLOSED_TODAY, "closed_today", "cases_unit"),
                _figure(Id.FIGURE_TIMELY_RATE, "timely_rate_month"),
            ],
            className="wall__figures",
        ),
        foot=[
            words.text("calendar_day"),
            " · ",
            words.text("as_of"),
            " ",
            html.Span(id=Id.FIGURE_AS_OF),
        ],
    )


def city_map(page: Page) -> Component:
    """Return the map: dash-leaflet holds the land, ``assets/66-wall-map.js`` paints on it."""
    return _panel(
        "map", _leaflet(page.city), title=html.Span(id="wall-map-title"), foot=_source(page)
    )


def districts(_page: Page) -> Component:
    """Return the districts by their timely rate, and what is open and overdue there."""
    return _panel(
        "districts",
        _list(Id.WALL_DISTRICTS),
        title=words.text("wall_districts_rate"),
        foot=html.Span(id=f"{Id.WALL_DISTRICTS}-basis"),
    )


def rivers(_page: Page) -> Component:
    """Return the rivers that are nearest to their warning level, or over it."""
    return _panel("rivers", _list(Id.WALL_RIVERS), title=words.text("wall_rivers"))


def rain(_page: Page) -> Component:
    """Return where it rains most, as columns."""
    return _panel("rain", _list(Id.WALL_RAIN), title=words.text("wall_rain"))


def feeds(_page: Page) -> Component:
    """Return whether what is shown is still being told."""
    return _panel("feeds", _list(Id.WALL_FEEDS), title=words.text("wall_feeds"))


PANELS: Mapping[str, Callable[[Page], Component]] = MappingProxyType(
    {
        "figures": figures,
        "map": city_map,
        "districts": districts,
        "rivers": rivers,
        "rain": rain,
        "feeds": feeds,
    }
)


def _panel(name: str, body: Component, *, title: Any = None, foot: Any = None) -> html.Section:
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


def _list(place: Id) -> html.Div:
    return html.Div(id=place, className="wall__list")


def _figure(
    place: Id, label: str, unit: str = "", *, look: str = "", aside: list[Any] | None = None
) -> html.Div:
    modifier = f" figure--{look}" if look else ""
    return html.Div(
        [
            html.Div(words.text(label), className="wall__label"),
            html.Div(
                [
                    html.Span(id=place, className="wall__value"),
                    html.Span(words.text(unit), className="wall__unit")
                    if unit
                    else html.Span(id=f"{place}-count", className="wall__unit"),
                ],
                className="wall__line",
            ),
            html.Div(aside, className="wall__aside") if aside else None,
            html.Div(id=f"{place}-note", className="wall__small"),
        ],
        className=f"figure wall__figure{modifier}",
    )


def _leaflet(city: City) -> dl.MapContainer:
    children: list[Component] = []
    if city.shapes_url:
        children.append(
            dl.GeoJSON(url=city.shapes_url, style={"className": "map__district"}, interactive=False)
        )
    return dl.MapContainer(
        children,
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
