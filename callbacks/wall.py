"""/wall/<screen>: asks the store for the screen and all scenes that it may show."""

from collections.abc import Iterable, Mapping
from typing import Any

from dash.development.base_component import Component

from callbacks.services import Services
from data_access.commands.shown import edition_of
from data_access.queries import screens
from layouts.page import Page
from layouts.screens import wall
from layouts.wall_geometry import Geometry, GeometryError, of_json
from layouts.wall_scenes import KEYS, SceneError, can_show, parse


def screen(services: Services, page: Page, pathname: str) -> Component:
    """Return the wall of an address, as far as whoever asks may see it."""
    found = load(services, pathname.removeprefix(wall.PATH))
    if found is None:
        return wall.missing(pathname.removeprefix(wall.PATH)[:40])
    return wall.build(page, found)


def load(services: Services, screen_id: str) -> wall.Screen | None:
    """Give the screen; None where there is none, or it is outside of who asks."""
    scopes = services.guard.known().scopes
    with services.store.read() as conn:
        row = screens.find(conn, screen_id=screen_id)
        if row is None or not any(_within(row["scope"], scope) for scope in scopes):
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
    )


def fitting(rows: Iterable[Mapping[str, Any]], geometry: Geometry) -> Iterable[wall.Shown]:
    """Give those scenes that can be shown on such a wall; one that cannot be read is left out."""
    for row in rows:
        try:
            scene = parse({key: row[key] for key in KEYS})
        except SceneError:
            continue
        if can_show(scene, geometry):
            yield wall.Shown(scene=scene, edition=edition_of(row))


def _within(scope: str, own: str) -> bool:
    return scope == own or scope.startswith(f"{own}/")
