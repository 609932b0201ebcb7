"""The chart of a station: a figure that a script made becomes a plotly graph when it is asked for.

Nothing is asked of the server here: data come from the API. The graph is made only when the first
figure is there, so that plotly is never on the way of the live picture.
"""

from dash import ClientsideFunction, Dash, Input, Output

from callbacks.services import Services
from layouts.ids import Id


def register(app: Dash, services: Services) -> None:
    """Join the figure to the graph."""
    services.guard.clientside(
        app,
        ClientsideFunction("pingji", "graph"),
        Output(Id.DRAWER_CHART, "children"),
        Input(Id.DRAWER_FIGURE, "data"),
        prevent_initial_call=True,
    )
