"""The bytes of the live stream: server-sent events as the contract says. Pure."""

from collections.abc import Iterable, Sequence
from typing import Any

import orjson

HEAD = (
    b"HTTP/1.1 200 OK\r\n"
    b"Content-Type: text/event-stream; charset=utf-8\r\n"
    b"Cache-Control: no-store\r\n"
    b"X-Accel-Buffering: no\r\n"
    b"X-Content-Type-Options: nosniff\r\n"
    b"Referrer-Policy: same-origin\r\n"
    b"Content-Security-Policy: default-src 'none'; frame-ancestors 'none'\r\n"
    b"Cross-Origin-Resource-Policy: same-origin\r\n"
    b"Connection: close\r\n"
    b"\r\n"
)
"""Status line and headers of every stream; its end is the end of the connection."""


def encode(row: Sequence[Any]) -> bytes:
    """One row as JSON."""
    return orjson.dumps(row)


def event(name: str, data: Any, *, seq: int | None = None) -> bytes:
    """One event; ``seq`` becomes its id."""
    return _event(name, orjson.dumps(data), seq)


def change(
    seq: int, prev: int, changes: Iterable[tuple[str, Sequence[bytes], Sequence[str]]]
) -> bytes:
    """The change frame up to ``seq``: per topic its encoded rows and the ids that went."""
    parts = b",".join(
        b'"%b":{"upsert":[%b],"remove":%b}'
        % (topic.encode(), b",".join(upsert), orjson.dumps(remove))
        for topic, upsert, remove in changes
    )
    return _event("change", b'{"seq":%d,"prev":%d,"changes":{%b}}' % (seq, prev, parts), seq)


def reset(topic: str, seq: int) -> bytes:
    """Tell a reader to take the topic's snapshot, at ``seq`` or later.

    It carries no id: a reader that is cut off before it has the snapshot must not resume as if it
    had it.
    """
    url = f"/api/v1/snapshot/{topic}?seq={seq}"
    return event("reset", {"topic": topic, "seq": seq, "url": url})


def _event(name: str, data: bytes, seq: int | None) -> bytes:
    if seq is None:
        return b"event: %b\ndata: %b\n\n" % (name.encode(), data)
    return b"event: %b\nid: %d\ndata: %b\n\n" % (name.encode(), seq, data)
