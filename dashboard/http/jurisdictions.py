"""``GET /api/v1/jurisdictions``: the city's divisions with their shapes."""

from typing import Any

from flask import Response, request

from dashboard.domain.jurisdictions import LEVELS
from dashboard.domain.roles import Right
from dashboard.http import paging
from dashboard.http.site import Site, answer
from data_access.queries import jurisdictions

_LEVELS = {str(level): str(level) for level in LEVELS}
_FORMATS = {"geojson": True, "json": False}


def register(site: Site) -> None:
    """Mount the route."""

    @site.guard.route("/api/v1/jurisdictions", right=Right.LOOK)
    def divisions() -> Response:
        paging.no_as_of()
        asked = paging.asked(site.guard.known(), (str,))
        level = paging.choice("level", _LEVELS)
        shapes = paging.choice("format", _FORMATS)
        with site.store.read() as conn:
            found = jurisdictions.page(conn, ask=asked, level=level, parent=paging.text("parent"))
        after = paging.after_last(found, asked.limit, "id")
        if shapes is None:
            best = request.accept_mimetypes.best_match(["application/json", paging.GEOJSON])
            shapes = best == paging.GEOJSON
        if not shapes:
            return paging.page(found, after)
        features = [_feature(row) for row in found if row["polygon"]]
        return answer(
            {
                "type": "FeatureCollection",
                "features": features,
                "next": None if after is None else paging.address(after),
            },
            mimetype=paging.GEOJSON,
        )


def _feature(row: dict[str, Any]) -> dict[str, Any]:
    properties = {name: value for name, value in row.items() if name != "polygon"}
    return {
        "type": "Feature",
        "id": row["id"],
        "geometry": row["polygon"],
        "properties": properties,
    }
