"""Answers of the front itself, as WSGI: problem details (RFC 9457) and JSON."""

from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any

import orjson

from dashboard.domain.refusals import COOKIE, english

StartResponse = Callable[..., Any]
Environ = dict[str, Any]
Answer = Iterable[bytes]

SAFE_HEADERS = (
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
    ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
)


class Refused(Exception):
    """The request is answered with a problem."""

    def __init__(self, status: int, title: str, detail: str, *headers: tuple[str, str]) -> None:
        """Keep what to tell, in Chinese."""
        super().__init__(detail)
        self.status = status
        self.title = title
        self.detail = detail
        self.headers = headers


WAIT_PAGE = """<!doctype html>
<html lang="{lang}"><head><meta charset="utf-8"><meta http-equiv="refresh" content="3">
<title>平急 Pingji</title></head>
<body><h1>平急 Pingji</h1><p>{detail}</p></body></html>
"""


def status_line(status: int) -> str:
    """The status as WSGI wants it."""
    return f"{status} {HTTPStatus(status).phrase}"


def problem(environ: Environ, start_response: StartResponse, refused: Refused) -> Answer:
    """Answer with problem details; a browser that waits for a page gets one that tries again.

    In English where the browser's cookie says so.
    """
    title, detail, lang = refused.title, refused.detail, "zh-CN"
    if f"{COOKIE}=en" in environ.get("HTTP_COOKIE", ""):
        title, detail, lang = english(title), english(detail), "en"
    if refused.status >= 500 and "text/html" in environ.get("HTTP_ACCEPT", ""):
        body = WAIT_PAGE.format(detail=detail, lang=lang).encode()
        kind = "text/html; charset=utf-8"
    else:
        body = orjson.dumps(
            {
                "type": "about:blank",
                "title": title,
                "status": refused.status,
                "detail": detail,
            }
        )
        kind = "application/problem+json"
    return respond(start_response, refused.status, body, kind, *refused.headers)


def json(start_response: StartResponse, status: int, data: Any) -> Answer:
    """Answer with JSON."""
    return respond(start_response, status, orjson.dumps(data), "application/json")


def respond(
    start_response: StartResponse,
    status: int,
    body: bytes,
    kind: str,
    *headers: tuple[str, str],
) -> Answer:
    """Answer with these bytes, kept nowhere."""
    start_response(
        status_line(status),
        [
            ("Content-Type", kind),
            ("Content-Length", str(len(body))),
            ("Cache-Control", "no-store"),
            *SAFE_HEADERS,
            *headers,
        ],
    )
    return [body]
