"""A list in order of need: rivers by their warning level, places closed first, feeds silent first.

Painted by ``assets/88-drawer-list.js``.
"""

from dash import html

from layouts.ids import Id
from layouts.panels.drawers.parts import drawer


def build() -> html.Div:
    """Return the empty drawer."""
    return drawer(
        "list",
        Id.DRAWER_LIST,
        [
            html.Div(id=Id.DRAWER_LIST_HEAD, className="drawer__facts"),
            html.Div(id=Id.DRAWER_LIST_ROWS, className="drawer__section"),
        ],
    )
