"""An alert 告警 whose subject has no drawer of its own: a feed, a warning, a jurisdiction.

The alert itself stands in the slot above every drawer; ``assets/89-drawer-alerts.js`` paints it.
"""

from dash import html

from layouts.ids import Id
from layouts.panels.drawers.parts import drawer


def build() -> html.Div:
    """Return the empty drawer."""
    return drawer("alert", Id.DRAWER_ALERT, [])
