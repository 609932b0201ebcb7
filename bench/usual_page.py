"""The usual live page, kept to be measured beside ours: ``dcc.Interval(1 s)`` and a full refresh.

It is written as such pages are: one callback asks the store for everything and returns the map's
features, the figures and the table anew. ``python -m bench.usual_page URL PORT`` serves it.
"""

import sys
from typing import Any

import dash_leaflet as dl
from dash import Dash, Input, Output, dash_table, dcc, html

from dashboard.domain.topics import BY_NAME
from data_access.queries import live
from data_access.store import Store

INTERVAL_MS = 1_000


def create(store: Store) -> Dash:
    """Make the page over a store."""
    app = Dash(__name__)
    columns = BY_NAME["cases"].columns
    app.layout = html.Div(
        [
            dcc.Interval(id="tick", interval=INTERVAL_MS),
            html.H1(id="open"),
            dl.Map(dl.GeoJSON(id="cases"), center=[30.25, 120.2], zoom=11),
            dash_table.DataTable(id="latest", page_size=20),
            dash_table.DataTable(id="readings", page_size=20),
        ]
    )

    @app.callback(
        Output("open", "children"),
        Output("cases", "data"),
        Output("latest", "data"),
        Output("readings", "data"),
        Input("tick", "n_intervals"),
    )
    def refresh(_n: int | None) -> tuple[Any, ...]:
        with store.read() as conn:
            cases = [
                dict(zip(columns, found.row, strict=True))
                for found in live.rows(conn, "cases", None)
            ]
            readings = [
                dict(zip(BY_NAME["readings"].columns, found.row, strict=True))
                for found in live.rows(conn, "readings", None)
            ]
        features = [
            {
                "type": "Feature",
                "geometry": {"type": "Point", "coordinates": [case["lon"], case["lat"]]},
                "properties": {name: case[name] for name in ("id", "stage", "subcategory")},
            }
            for case in cases
            if case["lon"] is not None
        ]
        latest = sorted(cases, key=lambda case: case["stage_at"], reverse=True)[:200]
        return (
            f"{len(cases)}",
            {"type": "FeatureCollection", "features": features},
            latest,
            readings,
        )

    return app


BODY = {
    "output": "..open.children...cases.data...latest.data...readings.data..",
    "outputs": [
        {"id": "open", "property": "children"},
        {"id": "cases", "property": "data"},
        {"id": "latest", "property": "data"},
        {"id": "readings", "property": "data"},
    ],
    "inputs": [{"id": "tick", "property": "n_intervals", "value": 1}],
    "changedPropIds": ["tick.n_intervals"],
    "parsedChangedPropsIds": ["tick.n_intervals"],
}
"""What the page's browser posts every second."""


if __name__ == "__main__":
    create(Store(sys.argv[1])).run(port=int(sys.argv[2]), debug=False)
