"""The drawer beside the map: one thing that was selected, and what a person asks about it.

One panel with a drawer a kind; ``assets/80-drawer.js`` shows the one whose kind is open.
"""

from collections.abc import Callable

from dash import html

from layouts import words
from layouts.ids import Id
from layouts.page import Page
from layouts.panels.drawers import alert, camera, case, listing, place, responder, spot, station
from layouts.parts import act_button

DRAWERS: tuple[tuple[str, Callable[[], html.Div]], ...] = (
    ("case", case.build),
    ("station", station.build),
    ("camera", camera.build),
    ("responder", responder.build),
    ("place", place.build),
    ("alert", alert.build),
    ("list", listing.build),
    ("spot", spot.build),
)
"""Every kind that opens a drawer, and how it is built."""


def build(_page: Page) -> html.Section:
    """Return the empty panel; it stays hidden until something is selected."""
    return html.Section(
        [
            html.Div(
                [
                    act_button(words.text("back"), "drawer-back", look="button drawer-back"),
                    html.H2(id=Id.DRAWER_KIND, className="panel__title"),
                    act_button(words.text("close"), "close-detail"),
                ],
                className="panel__head",
            ),
            html.Div(
                [
                    html.Div(id=Id.DRAWER_ALERTS, className="drawer__alerts", hidden=True),
                    html.Div(id=Id.DRAWER_DUTY, className="drawer__duty", hidden=True),
                    *(make() for _, make in DRAWERS),
                    html.Section(
                        [
                            html.Div(
                                html.H4(words.text("alerts_ended"), className="drawer__title"),
                                className="drawer__head",
                            ),
                            html.Div(id=Id.DRAWER_ENDED, className="drawer__slot"),
                        ],
                        id=Id.DRAWER_ENDED_SECTION,
                        className="drawer__section",
                        hidden=True,
                    ),
                ],
                id=Id.DRAWER_BODY,
                className="detail__body",
                tabIndex="0",
            ),
        ],
        id=Id.DRAWER,
        className="detail panel",
    )
