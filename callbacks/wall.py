"""/wall/<screen>: asks the store for the screen and its scene, and calls the layout."""

from dash.development.base_component import Component

from callbacks.services import Services
from data_access.queries import screens
from layouts.page import Page
from layouts.screens import wall
from layouts.wall_geometry import GeometryError, of_json
from layouts.wall_scenes import Scene, SceneError, can_show, parse


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
        shown = row["scene"] and screens.find_scene(conn, scene_id=row["scene"])
    try:
        geometry = of_json(row["geometry"])
        keys = ("id", "name", "name_en", "screen_kind", "mode", "content")
        scene: Scene | None = parse({key: shown[key] for key in keys}) if shown else None
    except (GeometryError, SceneError):
        return None
    if scene is not None and not can_show(scene, geometry):
        scene = None
    return wall.Screen(id=row["id"], name=row["name"], geometry=geometry, scene=scene)


def _within(scope: str, own: str) -> bool:
    return scope == own or scope.startswith(f"{own}/")
