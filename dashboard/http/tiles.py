"""``GET /tiles/…``: a tile of a layer that stands in a folder of the site's own."""

from pathlib import Path

from flask import Response, send_file

from dashboard.domain.roles import Right
from dashboard.http.problems import Problem
from dashboard.http.site import Site

ENDINGS = ("png", "jpg", "jpeg", "webp")
KEEP_S = 7 * 86_400


def register(site: Site) -> None:
    """Mount the route."""

    @site.guard.route("/tiles/<int:layer>/<int:z>/<int:x>/<int:y>", right=Right.LOOK)
    def tile(layer: int, z: int, x: int, y: int) -> Response:
        tables = site.settings.tiles
        folder = tables[layer].get("folder") if layer < len(tables) else None
        path = find(Path(folder), z, x, y) if folder else None
        if path is None:
            raise Problem(404, "没有此图块。")
        answer = send_file(path.resolve(), max_age=KEEP_S)
        answer.headers["Cache-Control"] = f"private, max-age={KEEP_S}"
        return answer


def find(folder: Path, z: int, x: int, y: int) -> Path | None:
    """Return the file of a tile; numbers alone make its name, so nothing else can be had."""
    for ending in ENDINGS:
        path = folder / str(z) / str(x) / f"{y}.{ending}"
        if path.is_file():
            return path
    return None
