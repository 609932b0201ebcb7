"""``GET /api/v1/search``: live cases by a part of their number, address or description.

Texts are looked at as they are shown: a masked number of a person cannot be found by guessing.
"""

from flask import Response

from dashboard.domain.masking import mask
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
        text = (paging.text("q", max_chars=60) or "").strip()
        if len(text) < LEAST_CHARS:
            raise Problem(400, f"q 至少 {LEAST_CHARS} 个字。")
        wall = who.role is Role.WALL
        with site.store.read() as conn:
            rows = search.cases(conn, sight=sight_of(who), text=text, limit=MOST, numbers_only=wall)
        shown = [items.plain(row, wall=wall) for row in rows]
        for item in shown:
            for name in ("address", "description"):
                item[name] = mask(item[name]) if item.get(name) else None
        kept = [
            item
            for item in shown
            if any(text in (item[name] or "") for name in ("id", "address", "description"))
        ]
        return answer({"items": kept})
