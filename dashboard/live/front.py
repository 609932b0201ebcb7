"""The front process's WSGI application: streams, snapshots and health; all else goes to the back.

Small on purpose: no Flask, no Dash, no pandas is imported where the streams are held.
"""

import logging
import re
from collections.abc import Callable, Iterable
from urllib.parse import parse_qs

from dashboard.accounts.doors import may_follow
from dashboard.accounts.principal import Principal
from dashboard.domain.roles import Right
from dashboard.domain.topics import BY_NAME
from dashboard.live import health
from dashboard.live.hub import Away, Hub
from dashboard.live.problem import Answer, Environ, Refused, StartResponse, problem
from dashboard.live.proxy import Proxy
from dashboard.live.request import positions
from dashboard.live.sight import Who
from dashboard.live.snapshots import Snapshots
from dashboard.metrics import Metrics

STREAMS_MOST = 20_000
_SNAPSHOT = re.compile(r"/api/v1/snapshot/([^/]+)")

_log = logging.getLogger(__name__)


class Front:
    """Everything that the front answers."""

    def __init__(
        self, *, hub: Hub, who: Who, proxy: Proxy, snapshots: Snapshots, metrics: Metrics
    ) -> None:
        """Join the parts; ``hub.start`` is the caller's business."""
        self.hub = hub
        self._who = who
        self._proxy = proxy
        self._snapshots = snapshots
        self._metrics = metrics
        self._routes: dict[str, Callable[[Environ, StartResponse], Answer]] = {
            "/live": self._live,
            "/healthz": self._healthz,
            "/readyz": self._readyz,
            "/metrics": self._metrics_page,
        }

    def __call__(self, environ: Environ, start_response: StartResponse) -> Answer:
        """Answer one request."""
        try:
            return self._answer(environ, start_response)
        except Refused as refused:
            return problem(environ, start_response, refused)

    def _answer(self, environ: Environ, start_response: StartResponse) -> Answer:
        path = environ.get("PATH_INFO", "/")
        route = self._routes.get(path)
        snapshot = None if route else _SNAPSHOT.fullmatch(path)
        if route is None and snapshot is None:
            return self._proxy(environ, start_response)
        if environ["REQUEST_METHOD"] not in {"GET", "HEAD"}:
            raise Refused(405, "方法不允许", "此地址只支持 GET。", ("Allow", "GET, HEAD"))
        if route is not None:
            return route(environ, start_response)
        assert snapshot is not None
        return self._snapshot(environ, start_response, snapshot[1])

    def _live(self, environ: Environ, _start_response: StartResponse) -> Answer:
        principal = self._known(environ, Right.LOOK)
        asked = positions(environ.get("QUERY_STRING", ""), environ.get("HTTP_LAST_EVENT_ID"))
        _may_follow(principal, asked)
        if environ["REQUEST_METHOD"] == "HEAD":
            raise Refused(405, "方法不允许", "数据流只支持 GET。", ("Allow", "GET"))
        if len(self.hub) >= STREAMS_MOST:
            raise _unavailable("实时连接数已达上限，请稍后重试。")
        try:
            self.hub.prepare(asked, principal)
        except Away as away:
            raise _unavailable("数据库暂时无法访问，请稍后重试。") from away
        # The socket becomes the hub's own; the server, told that the request is over, closes an
        # object that no longer has one.
        self.hub.attach(environ["gunicorn.socket"].detach(), asked, principal)
        raise StopIteration

    def _snapshot(self, environ: Environ, start_response: StartResponse, topic: str) -> Answer:
        principal = self._known(environ, Right.LOOK)
        if topic not in BY_NAME:
            raise Refused(404, "没有此主题", f"没有名为“{topic[:40]}”的主题。")
        _may_follow(principal, (topic,))
        seq = parse_qs(environ.get("QUERY_STRING", "")).get("seq", ["0"])[-1]
        if not (seq.isascii() and seq.isdigit() and len(seq) <= 18):
            raise Refused(400, "请求有误", "seq 应是非负整数。")
        return self._snapshots.answer(
            environ,
            start_response,
            topic=topic,
            scope_key=principal.scope_key,
            at_least=int(seq),
        )

    def _healthz(self, _environ: Environ, start_response: StartResponse) -> Answer:
        return health.alive(start_response)

    def _readyz(self, _environ: Environ, start_response: StartResponse) -> Answer:
        return health.ready(start_response, self.hub, back=self._proxy.answers())

    def _metrics_page(self, environ: Environ, start_response: StartResponse) -> Answer:
        self._known(environ, Right.METRICS)
        return health.metrics(start_response, self.hub, self._metrics)

    def _known(self, environ: Environ, right: Right) -> Principal:
        """Give who asks; refuses whoever is unknown or has not the right."""
        try:
            principal = self._who.of(environ)
        except Exception as away:
            _log.debug("nobody can be recognized", exc_info=away)
            raise _unavailable("数据库暂时无法访问，请稍后重试。") from away
        if principal is None:
            raise Refused(
                401,
                "未登录",
                "请先登录，或在请求中附上有效的令牌。",
                ("WWW-Authenticate", "Bearer"),
            )
        if not principal.may(right):
            raise _forbidden()
        return principal


def _may_follow(principal: Principal, topics: Iterable[str]) -> None:
    if not all(may_follow(principal, topic) for topic in topics):
        raise _forbidden()


def _forbidden() -> Refused:
    return Refused(403, "没有权限", "当前账号无权查看此内容。")


def _unavailable(detail: str) -> Refused:
    return Refused(503, "暂时不可用", detail, ("Retry-After", "2"))
