"""The console: figures, map and queue side by side, feeds at the foot. It only places panels."""

from collections.abc import Sequence

from dash import html

from layouts import band, header
from layouts.ids import Id
from layouts.page import Page
from layouts.panels import Panel

PATH = "/console"
AREAS: tuple[str, ...] = ("head", "main", "side", "foot")


def build(page: Page, panels: Sequence[Panel]) -> html.Div:
    """Return the console with the panels in their areas, each area in the panels' order."""
    return html.Div(
        [
            band.build(),
            header.build(page, here=PATH),
            html.Main(
                [
                    html.Div(
                        [panel.build(page) for panel in panels if panel.area == area],
                        className=f"console__{area}",
                    )
                    for area in AREAS
                ],
                className="console__body",
            ),
        ],
        id=Id.CONSOLE,
        className="console",
    )
