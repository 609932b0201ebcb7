"""A place 重点部位: state, depth, since when, its cameras, teams and supplies.

Painted by ``assets/87-drawer-place.js``.
"""

from dash import html

from layouts.ids import Id
from layouts.panels.drawers.parts import drawer, section


def build() -> html.Div:
    """Return the empty drawer."""
    return drawer(
        "place",
        Id.DRAWER_PLACE,
        [
            html.Div(id=Id.DRAWER_PLACE_HEAD, className="drawer__facts"),
            section("entry_states", Id.DRAWER_PLACE_STATES),
            section("cameras_here", Id.DRAWER_PLACE_CAMERAS),
            section("teams", Id.DRAWER_PLACE_TEAMS),
            section("supplies", Id.DRAWER_PLACE_SUPPLIES),
            section("near_stations", Id.DRAWER_PLACE_STATIONS),
        ],
    )
