"""A responder 处置力量: state, where it was seen, where it is sent, its telephone masked.

Painted by ``assets/86-drawer-responder.js``.
"""

from dash import html

from layouts.ids import Id
from layouts.panels.drawers.parts import drawer, section


def build() -> html.Div:
    """Return the empty drawer."""
    return drawer(
        "responder",
        Id.DRAWER_RESPONDER,
        [
            html.Div(id=Id.DRAWER_RESPONDER_HEAD, className="drawer__facts"),
            section("track", Id.DRAWER_RESPONDER_TRACK, note=Id.DRAWER_RESPONDER_TRACK_NOTE),
            section("near_cameras", Id.DRAWER_RESPONDER_CAMERAS),
        ],
    )
