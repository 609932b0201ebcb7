"""Puts the screen of the address into the shell, and hands the page's data to the scripts."""

from collections.abc import Callable
from typing import Any

from dash import ClientsideFunction, Dash, Input, Output, State, html
from dash.development.base_component import Component

from callbacks import event, page_data, wall
from callbacks.services import Services
from dashboard.domain.roles import Right
from dashboard.domain.words import Words
from layouts import shell
from layouts.ids import Id
from layouts.page import City, Page, Viewer
from layouts.panels import all_panels
from layouts.screens import admin, analysis, console, performance, shift, tablet, timeline
from layouts.screens import event as event_screen
from layouts.screens import wall as wall_screen
from layouts.still import still

PAGES: dict[str, Right] = {
    console.PATH: Right.LOOK,
    wall_screen.PATH: Right.LOOK,
    wall_screen.PREVIEW: Right.ARRANGE,
    tablet.PATH: Right.LOOK,
    event_screen.PATH: Right.LOOK,
    analysis.PATH: Right.LOOK,
    performance.PATH: Right.METRICS,
    shift.PATH: Right.SUPERVISE,
    timeline.PATH: Right.LOOK,
    admin.PATH: Right.ACCOUNTS,
}
"""Every page and the right that opens it; one ending in ``/`` stands for all below it."""

_SCREENS: dict[str, Callable[[Page], Component]] = {
    tablet.PATH: tablet.build,
    shift.PATH: shift.build,
    timeline.PATH: timeline.build,
    analysis.PATH: analysis.build,
    performance.PATH: performance.build,
    admin.PATH: admin.build,
}

EXAMPLE = Page(
    city=City(id="", name=Words("", ""), time_zone="UTC", lon=0, lat=0, shapes_url="/"),
    viewer=Viewer(name="", display_name="", role="", rights=frozenset(map(str, Right))),
    build="",
    session="",
)
"""A page of nobody, from which Dash learns which ids there are."""


def register(app: Dash, services: Services) -> None:
    """Declare the pages, give the app its layout, and route."""
    for path, right in PAGES.items():
        services.guard.page(path, right)

    def layout() -> Component:
        # Dash asks once at the first request, whosever it is; afterwards only for who may look.
        stranger = services.guard.who() is None
        return shell.build(EXAMPLE if stranger else page_data.load(services))

    def route(pathname: str | None, search: str | None) -> Component:
        made: Component = still(placed(pathname, search), services.guard.called)
        return made

    def placed(pathname: str | None, search: str | None) -> Component:
        page, path = page_data.load(services), pathname or ""
        if path.startswith(event_screen.PATH):
            return event.screen(services, page, path)
        if path.startswith(wall_screen.PREVIEW) and page.viewer.may(Right.ARRANGE):
            return wall.preview(services, page, path, search or "")
        if path.startswith(wall_screen.PATH):
            return wall.screen(services, page, path)
        return screen(page, path)

    # before the layout, which needs a viewer
    app.validation_layout = html.Div(whole(EXAMPLE))  # type: ignore[assignment]
    app.layout = layout
    services.guard.callback(
        app,
        Right.LOOK,
        Output(Id.SHELL_SCREEN, "children"),
        Input(Id.SHELL_LOCATION, "pathname"),
        State(Id.SHELL_LOCATION, "search"),
    )(route)
    services.guard.clientside(
        app,
        ClientsideFunction("pingji", "boot"),
        Output(Id.SHELL_PAGE, "modified_timestamp"),
        Input(Id.SHELL_PAGE, "data"),
    )


def screen(page: Page, pathname: str) -> Component:
    """Return the screen of an address; the page behind it asks again for its right."""
    # one operation's timeline stands behind its number
    here = timeline.PATH if pathname.startswith(timeline.PATH) else pathname
    right = PAGES.get(here)
    if right is None:
        return shell.missing()
    if not page.viewer.may(right):
        return shell.missing("forbidden")
    build = _SCREENS.get(here)
    return console.build(page, all_panels()) if build is None else build(page)


def whole(page: Page) -> list[Any]:
    """Return every screen at once: the layout against which Dash checks the ids of callbacks."""
    return [shell.build(page), console.build(page, all_panels()), admin.build(page)]
