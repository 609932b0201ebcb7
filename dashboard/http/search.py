"""``GET /api/v1/search``: cases, ended ones too, stations, cameras and places by words they hold.

Texts are looked at as they are shown: a masked number of a person cannot be found by guessing.
"""

from flask import Response

from dashboard.domain import grams
from dashboard.domain.roles import Right, Role
from dashboard.http import items, paging
from dashboard.http.problems import Problem
from dashboard.http.site import Site, answer, sight_of
from data_access.queries import search

MOST = 50
LEAST_CHARS = 2


def register(site: Site) -> None:
    """Mount the route."""

    @site.guard.route("/api/v1/search", right=Right.LOOK)
    def found() -> Response:
        who = site.guard.known()
        asked = (paging.text("q", max_chars=60) or "").strip()
        if max(map(len, grams.words(asked)), default=0) < LEAST_CHARS:
            raise Problem(400, f"q 至少 {LEAST_CHARS} 个字。")
        topics = (paging.text("topics") or ",".join(search.TABLES)).split(",")
        if any(topic not in search.TABLES for topic in topics):
            raise Problem(400, f"topics 只能是 {'、'.join(search.TABLES)}。")
        wall = who.role is Role.WALL
        told = []
        with site.store.read() as conn:
            for topic in dict.fromkeys(topics):
                rows = search.find(
                    conn,
                    topic=topic,
                    sight=sight_of(who),
                    asked=asked,
                    limit=MOST,
                    numbers_only=wall and topic == "cases",
                )
                told += [{"topic": topic, **items.plain(row, wall=wall)} for row in rows]
        return answer({"items": told})
