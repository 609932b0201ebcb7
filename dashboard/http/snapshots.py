"""``GET /api/v1/snapshot/{topic}``: a topic's working set, in one transaction with its number.

The front keeps the bytes of each scope for a few seconds; what is built here is built once for all
who see the same.
"""

import gzip
import hashlib
from typing import Any

import orjson
from flask import Response, request

from dashboard.accounts.doors import TOPIC_RIGHTS, may_follow
from dashboard.accounts.principal import Principal
from dashboard.domain.roles import Right, Role
from dashboard.domain.topics import BY_NAME
from dashboard.http.problems import Problem
from dashboard.http.site import Site
from data_access.changes import latest_seq
from data_access.queries import live
from data_access.store import Store

GZIP_FROM_BYTES = 1_000


def register(site: Site) -> None:
    """Mount the route."""

    @site.guard.route("/api/v1/snapshot/<topic>", right=Right.LOOK)
    def snapshot(topic: str) -> Response:
        if topic not in BY_NAME or topic not in TOPIC_RIGHTS:
            raise Problem(404, "没有此主题。")
        who = site.guard.known()
        if not may_follow(who, topic):
            raise Problem(403, "您的角色没有此权限。")
        return _conditional(orjson.dumps(build(site.store, who, topic)))


def build(store: Store, who: Principal, topic: str) -> dict[str, Any]:
    """Give ``{topic, seq, columns, rows}`` as this principal may see it."""
    with store.read() as conn:
        seq = latest_seq(conn)
        found = live.rows(conn, topic, None, scopes=who.scopes, events=who.events)
    columns, of_members = BY_NAME[topic].columns, BY_NAME[topic].members
    allowed = columns.index("wall_allowed") if topic == "cameras" else None
    on_wall = who.role is Role.WALL and allowed is not None
    return {
        "topic": topic,
        "seq": seq,
        "columns": columns,
        "rows": [
            entry.row
            for entry in found
            if who.sees(entry.scope, entry.event)
            and not (on_wall and not entry.row[allowed or 0])
            and not (of_members and not who.sees_room(entry.event))
        ],
    }


def _conditional(body: bytes) -> Response:
    """Give the bytes, gzipped where that is accepted, or 304 where the reader has them."""
    zipped = len(body) >= GZIP_FROM_BYTES and request.accept_encodings.quality("gzip") > 0
    tag = hashlib.sha256(body).hexdigest()[:32] + ("-gzip" if zipped else "")
    response = Response(status=304)
    if not request.if_none_match.contains(tag):
        response = Response(gzip.compress(body, 6) if zipped else body, mimetype="application/json")
        if zipped:
            response.headers["Content-Encoding"] = "gzip"
    response.set_etag(tag)
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Vary"] = "Accept-Encoding, Cookie, Authorization"
    return response
