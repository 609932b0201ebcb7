"""What the routes share: the guard, the store, the city's clock and the settings."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import orjson
from flask import Response, g, request

from dashboard.accounts.manage import Actor
from dashboard.accounts.principal import Principal
from dashboard.answers import Answers
from dashboard.domain.roles import Role
from dashboard.guard import Guard
from dashboard.http.problems import Problem
from dashboard.settings import Settings
from data_access.changes import Writer
from data_access.clock import StoreClock
from data_access.commands import audit
from data_access.queries.visible import Sight
from data_access.store import Store

MAX_BODY_BYTES = 10 * 1024 * 1024
PIECE_BYTES = 256 * 1024


@dataclass(frozen=True, kw_only=True)
class Site:
    """What a route needs to answer; made once by ``create_app``."""

    guard: Guard
    store: Store
    clock: StoreClock
    settings: Settings
    answers: Answers

    @property
    def idle(self) -> timedelta:
        """How long an unused session lasts."""
        return timedelta(hours=self.settings.session_hours)

    def actor(self) -> Actor:
        """The present caller as one who acts on accounts and tokens."""
        who = self.guard.known()
        return Actor(
            name=who.name,
            role=who.role,
            city_at=self.clock.now(),
            address=self.guard.address(),
            scopes=who.scopes,
        )

    def note(
        self,
        writer: Writer,
        act: str,
        *,
        subject: str,
        detail: dict[str, Any],
        scope: str,
        drill: bool = False,
    ) -> None:
        """Write the present caller's act into the audit, within the act's own transaction.

        ``drill``: it is about something of a drill.
        """
        who = self.guard.known()
        audit.record(
            writer,
            actor=who.name,
            role=who.role,
            act=act,
            subject=subject,
            detail=detail,
            address=self.guard.address(),
            city_at=self.clock.now(),
            scope=scope,
            drill=bool(drill),
        )


def sight_of(who: Principal) -> Sight:
    """What this principal may see, as the store's questions take it."""
    return Sight(scopes=who.scopes, events=who.events, wall=who.role is Role.WALL)


def answer(body: object, status: int = 200, *, mimetype: str = "application/json") -> Response:
    """Give ``body`` as JSON."""
    return Response(orjson.dumps(body, default=str), status, mimetype=mimetype)


def json_body() -> dict[str, Any]:
    """Give the request's JSON object, or raise the problem that says why there is none."""
    data = body_bytes()
    if not data:
        return {}
    try:
        body = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise Problem(400, "请求体不是有效的 JSON。") from error
    if not isinstance(body, dict):
        raise Problem(400, "请求体应为一个 JSON 对象。")
    return body


def body_bytes() -> bytes:
    """Give the request's body as sent; a compressed one is refused, a big one too."""
    if "body" in g:
        kept: bytes = g.body
        return kept
    encoding = request.headers.get("Content-Encoding", "identity").strip().lower()
    if encoding not in ("", "identity"):
        raise Problem(415, "请求体不能压缩（Content-Encoding）。")
    if request.content_length is not None and request.content_length > MAX_BODY_BYTES:
        raise Problem(413, "请求体超过 10 MB。")
    pieces: list[bytes] = []
    length = 0
    # A chunked body comes in pieces as the network gives them: one read is not all of it.
    while piece := request.stream.read(PIECE_BYTES):
        length += len(piece)
        if length > MAX_BODY_BYTES:
            raise Problem(413, "请求体超过 10 MB。")
        pieces.append(piece)
    data = b"".join(pieces)
    g.body = data
    return data
