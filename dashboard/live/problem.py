"""Answers of the front itself, as WSGI: problem details (RFC 9457) and JSON."""

from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any

import orjson

StartResponse = Callable[..., Any]
Environ = dict[str, Any]
Answer = Iterable[bytes]

SAFE_HEADERS = (
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
    ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
)

WAIT_PAGE = """<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta http-equiv="refresh" content="3">
<title>平急</title></head>
<body><h1>平急 Pingji</h1><p>{detail}</p></body></html>
"""


def status_line(status: int) -> str:
    """The status as WSGI wants it."""
    return f"{status} {HTTPStatus(status).phrase}"


def problem(
    start_response: StartResponse,
    status: int,
    title: str,
    detail: str,
    *headers: tuple[str, str],
    environ: Environ | None = None,
) -> Answer:
    """Answer with problem details; with ``environ``, a page for a browser that waits for one."""
    if environ is not None and "text/html" in environ.get("HTTP_ACCEPT", ""):
        body = WAIT_PAGE.format(detail=detail).encode()
        kind = "text/html; charset=utf-8"
    else:
        told = {"type": "about:blank", "title": title, "status": status, "detail": detail}
        body = orjson.dumps(told)
        kind = "application/problem+json"
    return respond(start_response, status, body, kind, *headers)


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
