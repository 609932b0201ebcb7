"""``GET /api/v1/alerts/performance``: how the desk is doing against the standard."""

from datetime import timedelta
from typing import Any

from flask import Response

from dashboard.domain import performance
from dashboard.domain.roles import Right
from dashboard.http import paging
from dashboard.http.problems import Problem
from dashboard.http.site import Site, answer, sight_of
from data_access.queries import alert_performance

SPANS = {"8h": timedelta(hours=8), "24h": timedelta(hours=24), "7d": timedelta(days=7)}
SPANS["30d"] = timedelta(days=30)
DEFAULT = "24h"


def register(site: Site) -> None:
    """Mount the route."""

    @site.guard.route("/api/v1/alerts/performance", right=Right.METRICS)
    def alerts_performance() -> Response:
        return answer(_figures(site, paging.text("span") or DEFAULT))


def _figures(site: Site, span: str) -> dict[str, Any]:
    if span not in SPANS:
        raise Problem(400, f"span 应为 {'、'.join(SPANS)} 之一。")
    sight = sight_of(site.guard.known())
    until = site.clock.now()
    with site.store.read() as conn:
        began = alert_performance.began(conn)
        since = max(until - SPANS[span], min(began or until, until - performance.PERIOD))
        lines, more = alert_performance.lines(conn, sight=sight, since=since, until=until)
        standing = alert_performance.standing(conn, sight=sight)
    # a span begins at a whole ten minutes before now, so that figures do not flutter
    periods = -((since - until) // performance.PERIOD)
    since = until - performance.PERIOD * periods
    told = performance.figures(lines, standing, since=since, until=until)
    return {"span": span, "kept_since": began, "more": more, **told}
