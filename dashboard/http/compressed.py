"""Scripts, styles and documents travel compressed, each of the application's own files once.

Pages are left as they are: what holds a form's secret beside words of the caller is not squeezed.
"""

import gzip
import threading
from collections import OrderedDict

from flask import Flask, Response, request

TYPES = frozenset(
    {
        "text/css",
        "text/javascript",
        "application/javascript",
        "application/json",
        "application/geo+json",
        "application/octet-stream",
        "image/svg+xml",
    }
)
FROM_BYTES = 1_400
UP_TO_BYTES = 8_000_000
FILES = ("/assets/", "/_dash-component-suites/")
BINARY_SUFFIX = ".geojson"  # what a type list of the machine may not know
KEEP_BYTES = 16_000_000
LEVEL, LEVEL_ONCE = 4, 9
A_YEAR = "max-age=31536000, immutable"


class Kept:
    """Compressed files by what they are made of, the oldest forgotten first."""

    def __init__(self, most_bytes: int) -> None:
        """Keep nothing yet, and never more than ``most_bytes``."""
        self._most = most_bytes
        self._size = 0
        self._bodies: OrderedDict[tuple[str, int], bytes] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, path: str, body: bytes) -> bytes:
        """Give the compressed body, made at most once for the same bytes at the same path."""
        key = (path, hash(body))
        with self._lock:
            if (found := self._bodies.get(key)) is not None:
                self._bodies.move_to_end(key)
                return found
        made = gzip.compress(body, LEVEL_ONCE, mtime=0)
        with self._lock:
            if key not in self._bodies:
                self._bodies[key] = made
                self._size += len(made)
            while self._size > self._most:
                self._size -= len(self._bodies.popitem(last=False)[1])
        return made


def register(server: Flask) -> None:
    """Compress what ``server`` answers, where the caller takes gzip."""
    kept = Kept(KEEP_BYTES)

    @server.after_request
    def compress(response: Response) -> Response:
        is_file = request.path.startswith(FILES)
        if is_file and request.path.startswith("/assets/") and request.args.get("m"):
            response.headers["Cache-Control"] = A_YEAR  # another file has another address
        if not _may(response, is_file=is_file):
            return response
        response.vary.add("Accept-Encoding")
        if request.accept_encodings.quality("gzip") <= 0:
            return response
        response.direct_passthrough = False
        body = response.get_data()
        if not FROM_BYTES <= len(body) <= UP_TO_BYTES:
            return response
        made = kept.get(request.path, body) if is_file else gzip.compress(body, LEVEL, mtime=0)
        response.set_data(made)
        response.headers["Content-Encoding"] = "gzip"
        response.headers.pop("Accept-Ranges", None)
        if tag := response.get_etag()[0]:
            response.set_etag(tag, weak=True)
        return response


def _may(response: Response, *, is_file: bool) -> bool:
    if request.method != "GET" and request.path != "/_dash-update-component":
        return False
    if response.status_code != 200 or "Content-Encoding" in response.headers:
        return False
    if response.mimetype == "application/octet-stream":
        return is_file and request.path.endswith(BINARY_SUFFIX)
    if response.is_streamed and not is_file:
        return False
    return response.mimetype in TYPES and "Content-Range" not in response.headers
