"""``Idempotency-Key``: the same call said twice is done once and answered alike."""

import functools
import hashlib
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from flask import Response, request

from dashboard.http.problems import Problem
from dashboard.http.site import Site, body_bytes
from data_access.changes import Writer
from data_access.commands import idempotency

HEADER = "Idempotency-Key"
KEY_MAX_CHARS = 255
REPLAYED = "Idempotency-Replayed"


def once(site: Site) -> Callable[[Callable[..., Response]], Callable[..., Response]]:
    """Answer a repeated call of a view from what was answered the first time.

    Only good answers are kept: a refused call may be mended and sent again under its key. The view
    commits before it answers; a crash between the two means that the call is made again, so a view
    must be one that does no harm twice.
    """

    def wrap(view: Callable[..., Response]) -> Callable[..., Response]:
        @functools.wraps(view)
        def answered(**arguments: Any) -> Response:
            told = _told()
            if told is None:
                return view(**arguments)
            key, fingerprint = _key(site, told), _fingerprint()
            with site.store.read() as conn:
                kept = idempotency.find(conn, key=key)
            if kept is not None:
                return _again(kept, fingerprint)
            response = view(**arguments)
            if response.status_code < 300:
                with site.store.write() as writer:
                    _keep(writer, key, fingerprint, response)
            return response

        return answered

    return wrap


def together(site: Site) -> Callable[[Callable[..., Response]], Callable[..., Response]]:
    """As :func:`once`, with the act and its kept answer in one transaction.

    The view gets the transaction's writer first. Two calls with one key at the same moment, and a
    call made again after a crash, are still one act: for what would do harm twice.
    """

    def wrap(view: Callable[..., Response]) -> Callable[..., Response]:
        @functools.wraps(view)
        def answered(**arguments: Any) -> Response:
            told = _told()
            with site.store.write() as writer:
                if told is None:
                    return view(writer, **arguments)
                key, fingerprint = _key(site, told), _fingerprint()
                idempotency.lock(writer, key=key)
                kept = idempotency.find(writer.conn, key=key)
                if kept is not None:
                    return _again(kept, fingerprint)
                response = view(writer, **arguments)
                _keep(writer, key, fingerprint, response)
                return response

        return answered

    return wrap


def _told() -> str | None:
    told = request.headers.get(HEADER)
    if told is not None and not 0 < len(told) <= KEY_MAX_CHARS:
        raise Problem(400, f"{HEADER} 须为 1 至 {KEY_MAX_CHARS} 个字符。")
    return told


def _keep(writer: Writer, key: str, fingerprint: bytes, response: Response) -> None:
    idempotency.keep(
        writer,
        key=key,
        status=response.status_code,
        body=fingerprint + response.get_data(),
        real_now=datetime.now(UTC),
    )


def _again(kept: idempotency.Kept, fingerprint: bytes) -> Response:
    if kept.body[: len(fingerprint)] != fingerprint:
        raise Problem(422, f"同一 {HEADER} 已用于另一个请求。")
    body = kept.body[len(fingerprint) :]
    return Response(body, kept.status, mimetype="application/json", headers={REPLAYED: "true"})


def _key(site: Site, told: str) -> str:
    caller = site.guard.known().name
    return hashlib.sha256(f"{caller}\0{told}".encode("utf-8", "surrogateescape")).hexdigest()


def _fingerprint() -> bytes:
    said = f"{request.method} {request.full_path}\0".encode()
    return hashlib.sha256(said + body_bytes()).digest()
