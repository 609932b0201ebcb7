"""The pictures of a demonstration's cameras: a real HLS loop, and frames that move with the clock.

Only a simulated camera has them, and only while nothing real may be shown beside it.
"""

from typing import Any
from zoneinfo import ZoneInfo

from flask import Response, send_from_directory
from sqlalchemy import select

from dashboard import demo_video
from dashboard.domain.roles import Right
from dashboard.http.problems import Problem
from dashboard.http.site import Site
from dashboard.settings import Settings
from data_access.queries.visible import Row
from data_access.tables import city

SIMULATED_FEED = "sim:"
_TYPES = {".m3u8": "application/vnd.apple.mpegurl", ".ts": "video/mp2t"}


def register(site: Site) -> None:
    """Mount the routes."""

    @site.guard.route("/video/demo/<string:name>", right=Right.LOOK)
    def demo_loop(name: str) -> Response:
        kind = next((kind for end, kind in _TYPES.items() if name.endswith(end)), None)
        if not site.settings.demonstration or kind is None:
            raise Problem(404, "没有此画面。")
        response = send_from_directory(
            demo_video.folder(site.settings.data_dir), name, mimetype=kind, max_age=60
        )
        response.headers["Cache-Control"] = "private, max-age=60"
        return response

    @site.guard.route("/video/demo/frame/<path:camera_id>", right=Right.LOOK)
    def demo_frame(camera_id: str) -> Response:
        if not site.settings.demonstration:
            raise Problem(404, "没有此画面。")
        with site.store.read() as conn:
            zone = conn.execute(select(city.c.time_zone).limit(1)).scalar() or "UTC"
        picture = demo_video.frame(camera_id[:100], site.clock.now().astimezone(ZoneInfo(zone)))
        return Response(picture, mimetype="image/svg+xml")


def demo_streams(settings: Settings, camera: Row) -> list[dict[str, Any]]:
    """The streams of a simulated camera that names none; nothing for a real one."""
    if not settings.demonstration or not str(camera["feed"]).startswith(SIMULATED_FEED):
        return []
    streams = [{"kind": "snapshot", "url": f"/video/demo/frame/{camera['id']}"}]
    if (demo_video.folder(settings.data_dir) / demo_video.PLAYLIST).is_file():
        streams.insert(0, {"kind": "hls", "url": f"/video/demo/{demo_video.PLAYLIST}"})
    return streams
