"""Forwards what the front does not answer itself to the back, over its Unix socket.

Bodies pass in pieces in both directions; nothing is kept. When the back is not there the caller is
told so in words.
"""

import http.client
import socket
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from dashboard.live.problem import Answer, Environ, Refused, StartResponse

PIECE = 65_536
TIMEOUT_S = 120.0
_HOP_BY_HOP = frozenset(
    {
        "connection",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)
_NOT_FORWARDED = _HOP_BY_HOP | {"expect", "forwarded", "host", "x-real-ip"}
_NOT_RETURNED = _HOP_BY_HOP | {"server", "date"}


class BackAway(Refused):
    """The back does not answer."""

    def __init__(self, status: int, detail: str) -> None:
        """Keep what to tell the caller."""
        super().__init__(status, "后台服务未就绪", detail, ("Retry-After", "2"))


@dataclass(frozen=True, slots=True)
class Fetched:
    """A whole answer of the back."""

    status: int
    reason: str
    headers: list[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> str:
        """The header, or an empty text."""
        return next((value for key, value in self.headers if key.lower() == name), "")


class _UnixConnection(http.client.HTTPConnection):
    """An HTTP connection over a Unix socket."""

    def __init__(self, path: str) -> None:
        """Connect nothing yet."""
        super().__init__("back", timeout=TIMEOUT_S)
        self._path = path

    def connect(self) -> None:
        """Connect to the socket."""
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(TIMEOUT_S)
        self.sock.connect(self._path)


class Proxy:
    """The way to the back."""

    def __init__(
        self, back_socket: str, *, trusted: Collection[str] = ("127.0.0.1", "::1")
    ) -> None:
        """Forward to ``back_socket``.

        ``trusted``: addresses of reverse proxies whose ``X-Forwarded-For`` is believed.
        """
        self._back_socket = back_socket
        self._trusted = frozenset(trusted)

    def __call__(self, environ: Environ, start_response: StartResponse) -> Answer:
        """Forward the request and stream the answer back. Raises BackAway."""
        connection, response = self._send(environ, _target(environ), {})
        headers = [(k, v) for k, v in response.getheaders() if k.lower() not in _NOT_RETURNED]
        start_response(f"{response.status} {response.reason}", headers)
        return _pieces(connection, response)

    def fetch(self, environ: Environ, target: str, replaced: dict[str, str]) -> Fetched:
        """Ask the back for ``target`` in the caller's name and take the whole answer.

        Raises BackAway.
        """
        connection, response = self._send(environ, target, replaced)
        try:
            body = response.read()
        except (OSError, http.client.HTTPException) as problem:
            raise BackAway(502, "后台服务中断了应答，请稍后重试。") from problem
        finally:
            connection.close()
        headers = [(k, v) for k, v in response.getheaders() if k.lower() not in _NOT_RETURNED]
        return Fetched(response.status, response.reason, headers, body)

    def answers(self) -> bool:
        """Say whether somebody listens on the back's socket."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as sock:
            sock.settimeout(2.0)
            try:
                sock.connect(self._back_socket)
            except OSError:
                return False
        return True

    def _send(
        self, environ: Environ, target: str, replaced: dict[str, str]
    ) -> tuple[_UnixConnection, http.client.HTTPResponse]:
        connection = _UnixConnection(self._back_socket)
        try:
            connection.connect()
        except OSError as problem:
            connection.close()
            raise BackAway(503, "后台服务正在启动或重启，请稍候再试。") from problem
        try:
            headers = self._headers(environ) | replaced
            chunked = "chunked" in environ.get("HTTP_TRANSFER_ENCODING", "").lower()
            if chunked:
                headers.pop("content-length", None)
            connection.putrequest(
                environ["REQUEST_METHOD"], target, skip_host=True, skip_accept_encoding=True
            )
            for name, value in headers.items():
                connection.putheader(name, value.encode("latin-1", "replace"))
            if chunked:
                connection.putheader("transfer-encoding", "chunked")
            connection.endheaders()
            self._send_body(connection, environ, chunked=chunked)
            return connection, connection.getresponse()
        except TimeoutError as problem:
            connection.close()
            raise BackAway(504, "后台服务没有在限定时间内应答。") from problem
        except (OSError, http.client.HTTPException) as problem:
            connection.close()
            raise BackAway(502, "后台服务中断了应答，请稍后重试。") from problem

    def _send_body(self, connection: _UnixConnection, environ: Environ, *, chunked: bool) -> None:
        length = int(environ.get("CONTENT_LENGTH") or 0)
        if not chunked and not length:
            return
        body = environ["wsgi.input"]
        try:
            while piece := body.read(PIECE if chunked else min(PIECE, length)):
                length -= len(piece)
                connection.send(b"%x\r\n%b\r\n" % (len(piece), piece) if chunked else piece)
                if not chunked and length <= 0:
                    break
            if chunked:
                connection.send(b"0\r\n\r\n")
        except (BrokenPipeError, ConnectionResetError):
            return  # it has answered before the end, as a refusal does: read what it says

    def _headers(self, environ: Environ) -> dict[str, str]:
        headers = {}
        named = environ.get("HTTP_CONNECTION", "").lower().replace(" ", "").split(",")
        for key, value in environ.items():
            if not key.startswith("HTTP_"):
                continue
            name = key[5:].replace("_", "-").lower()
            if name in _NOT_FORWARDED or name in named or name.startswith("x-forwarded-"):
                continue
            headers[name] = value
        for key, name in (("CONTENT_TYPE", "content-type"), ("CONTENT_LENGTH", "content-length")):
            if environ.get(key):
                headers[name] = environ[key]
        host = environ.get("HTTP_HOST") or environ.get("SERVER_NAME", "localhost")
        remote = environ.get("REMOTE_ADDR") or "127.0.0.1"
        if remote in self._trusted:
            remote = _last(environ.get("HTTP_X_FORWARDED_FOR")) or remote
            host = _last(environ.get("HTTP_X_FORWARDED_HOST")) or host
        return headers | {
            "host": host,
            "x-forwarded-for": remote,
            "x-forwarded-host": host,
            "x-forwarded-proto": environ.get("wsgi.url_scheme", "http"),
            "connection": "close",
        }


def _last(header: str | None) -> str:
    return (header or "").split(",")[-1].strip()


def _target(environ: Environ) -> str:
    raw = str(environ.get("RAW_URI") or "")
    if raw.startswith("/"):
        return raw.partition("#")[0]
    path = quote(environ.get("PATH_INFO", "/").encode("latin-1"), safe="/:@!$&'()*+,;=~")
    query = environ.get("QUERY_STRING")
    return f"{path or '/'}?{query}" if query else path or "/"


def _pieces(connection: Any, response: http.client.HTTPResponse) -> Iterator[bytes]:
    try:
        while piece := response.read1(PIECE):
            yield piece
    finally:
        connection.close()
