"""A station 测站: its value against its lines with the datum, and its history.

Painted by ``assets/83-drawer-station.js``; the chart is a plotly graph, drawn by
``assets/84-drawer-chart.js`` when it is first asked for.
"""

from dash import dcc, html

from layouts import words
from layouts.ids import Id
from layouts.panels.drawers.parts import drawer
from layouts.parts import act_button

SPANS: tuple[str, ...] = ("24h", "7d", "30d")


def build() -> html.Div:
    """Return the empty drawer."""
    return drawer(
        "station",
        Id.DRAWER_STATION,
        [
            html.Div(id=Id.DRAWER_STATION_HEAD, className="drawer__facts"),
            html.Div(id=Id.DRAWER_STATION_FACTORS, className="panel__choices", role="group"),
            html.Div(id=Id.DRAWER_STATION_GAUGE, className="gauge"),
            html.Section(
                [
                    html.Div(
                        [
                            html.H4(words.text("history"), className="drawer__title"),
                            html.Div(
                                [
                                    act_button(
                                        words.text(f"span_{span}"),
                                        "chart-span",
                                        look="toggle",
                                        span=span,
                                        pressed="true" if span == SPANS[0] else "false",
                                    )
                                    for span in SPANS
                                ],
                                className="panel__choices",
                                role="group",
                            ),
                        ],
                        className="drawer__head",
                    ),
                    html.Div(
                        [
                            html.Div(id=Id.DRAWER_CHART, className="chart__graph"),
                            html.Div(
                                id=Id.DRAWER_CHART_STATE, className="chart__state", role="status"
                            ),
                        ],
                        className="chart",
                    ),
                    html.P(id=Id.DRAWER_CHART_NOTE, className="drawer__note"),
                    dcc.Store(id=Id.DRAWER_FIGURE),
                ],
                className="drawer__section",
            ),
        ],
    )
