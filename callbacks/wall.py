"""/wall/<screen> and /wall-preview/<scene>: ask the store for the screen and its scenes."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs

from dash.development.base_component import Component

from callbacks.services import Services, Viewer
from data_access.queries import screens
from layouts.page import Page
from layouts.screens import wall
from layouts.wall_geometry import GeometryError, of_json
from layouts.wall_plan import fitting

SCREEN = "screen:"
"""How the accounts of screens begin, as ``dashboard.accounts.enrol`` names them."""


def screen(services: Services, page: Page, pathname: str) -> Component:
    """Return the wall of an address, as far as whoever asks may see it."""
    found = load(services, pathname.removeprefix(wall.PATH))
    if found is None:
        return wall.missing(pathname.removeprefix(wall.PATH)[:40])
    return wall.build(page, found)


def preview(services: Services, page: Page, pathname: str, search: str) -> Component:
    """Return a scene as it would be on a screen: ``?screen=<id>``, else the first of one's own."""
    name = pathname.removeprefix(wall.PREVIEW)
    asked = parse_qs(search.removeprefix("?")).get("screen")
    found = load(services, asked[0] if asked else _first(services))
    if found is None:
        return wall.missing((asked or ["?"])[0][:40])
    if all(shown.scene.id != name for shown in found.scenes):
        return wall.missing(name[:40], word="wall_no_such_scene")
    return wall.build(page, replace(found, scene=name, preview=True))


def _first(services: Services) -> str:
    """Name the first screen that whoever asks may see."""
    who = services.guard.known()
    with services.store.read() as conn:
        rows = [dict(row) for row in screens.all_screens(conn)]
    return next((str(row["id"]) for row in rows if _sees(who, row)), "")


def load(services: Services, screen_id: str) -> wall.Screen | None:
    """Give the screen; None where there is none, or it is outside of who asks."""
    who = services.guard.known()
    with services.store.read() as conn:
        row = screens.find(conn, screen_id=screen_id)
        if row is None or not _sees(who, dict(row)):
            return None
        rows = [dict(it) for it in screens.scenes(conn, screen_kind="wall")]
    try:
        geometry = of_json(row["geometry"])
    except GeometryError:
        return None
    return wall.Screen(
        id=row["id"],
        name=row["name"],
        geometry=geometry,
        scenes=tuple(fitting(rows, geometry)),
        scene=row["scene"],
        area=str(row["scope"]).rpartition("/")[2],
    )


def _sees(who: Viewer, row: Mapping[str, Any]) -> bool:
    """Say whether a screen may be seen: a person's by scope or event, a screen's its own alone."""
    if who.name.startswith(SCREEN):
        return who.name == SCREEN + str(row["id"])
    inside = any(row["scope"] == own or row["scope"].startswith(f"{own}/") for own in who.scopes)
    return inside or (row["event"] is not None and row["event"] in who.events)
