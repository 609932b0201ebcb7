"""A camera 视频点位: its live picture, its state, what is beside it.

Painted by ``assets/85-drawer-camera.js``; pictures are opened by ``assets/81-picture.js``.
"""

from dash import html

from layouts.ids import Id
from layouts.panels.drawers.parts import drawer, section


def build() -> html.Div:
    """Return the empty drawer."""
    return drawer(
        "camera",
        Id.DRAWER_CAMERA,
        [
            html.Div(id=Id.DRAWER_CAMERA_PICTURE, className="drawer__picture"),
            html.Div(id=Id.DRAWER_CAMERA_HEAD, className="drawer__facts"),
            section("near_cameras", Id.DRAWER_CAMERA_CAMERAS),
            section("near_places", Id.DRAWER_CAMERA_PLACES),
        ],
    )
