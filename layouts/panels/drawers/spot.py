"""A spot of the map, found by its address or pressed: what is near it, the nearest first.

Painted by ``assets/88-drawer-list.js``.
"""

from dash import html

from layouts.ids import Id
from layouts.panels.drawers.parts import drawer, section


def build() -> html.Div:
    """Return the empty drawer."""
    return drawer(
        "spot",
        Id.DRAWER_SPOT,
        [
            html.Div(id=Id.DRAWER_SPOT_HEAD, className="drawer__facts"),
            section("near_cameras", Id.DRAWER_SPOT_CAMERAS),
            section("near_stations", Id.DRAWER_SPOT_STATIONS),
            section("near_places", Id.DRAWER_SPOT_PLACES),
            section("near_responders", Id.DRAWER_SPOT_RESPONDERS),
        ],
    )
