"""Snapshots as bytes: built by the back, kept here for a few seconds, and sent again and again.

One build at a time for each topic and sight, whoever asks; compressed once.
"""

import gzip
import re
import zlib
from collections import OrderedDict
from dataclasses import dataclass
from time import monotonic

import gevent
from gevent.event import Event

from dashboard.live.problem import SAFE_HEADERS, Answer, Environ, StartResponse, status_line
from dashboard.live.proxy import Fetched, Proxy
from dashboard.metrics import Metrics

KEEP_S = 5.0
OFFER_S = 3.0
MOST_BYTES = 256 * 1024 * 1024
WAIT_S = 60.0
_SEQ = re.compile(rb'"seq"\s*:\s*(\d+)')
_ACCEPTED = re.compile(
    r"(?:^|,)\s*(?:x-)?gzip\s*(?:;\s*q\s*=\s*([0-9.]+))?\s*(?=,|$)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Kept:
    """One snapshot: its seq, and its bytes plain and packed."""

    seq: int
    made_at: float
    plain: bytes
    packed: bytes
    etag: str


class Snapshots:
    """The snapshots of this process."""

    def __init__(self, proxy: Proxy, metrics: Metrics) -> None:
        """Keep none yet."""
        self._proxy = proxy
        self._metrics = metrics
        self._kept: OrderedDict[tuple[str, str], Kept] = OrderedDict()
        self._building: dict[tuple[str, str], Event] = {}

    def seq_of(self, topic: str, scope_key: str) -> int | None:
        """The seq of the snapshot that lies ready and will for a while; None without one."""
        kept = self._kept.get((topic, scope_key))
        return None if kept is None or monotonic() - kept.made_at > OFFER_S else kept.seq

    def answer(
        self,
        environ: Environ,
        start_response: StartResponse,
        *,
        topic: str,
        scope_key: str,
        at_least: int,
    ) -> Answer:
        """Answer with the topic's snapshot at ``at_least`` or later. Raises BackAway."""
        found = self._find(environ, topic, scope_key, at_least)
        if isinstance(found, Fetched):
            self._metrics.snapshots.labels("refused").inc()
            start_response(f"{found.status} {found.reason}", found.headers)
            return [] if environ["REQUEST_METHOD"] == "HEAD" else [found.body]
        packed = accepts_gzip(environ.get("HTTP_ACCEPT_ENCODING", ""))
        etag = f'"{found.etag}-gz"' if packed else f'"{found.etag}"'
        headers = [
            ("ETag", etag),
            ("Cache-Control", "private, no-cache"),
            ("Vary", "Accept-Encoding, Cookie, Authorization"),
            *SAFE_HEADERS,
        ]
        if etag in [tag.strip() for tag in environ.get("HTTP_IF_NONE_MATCH", "").split(",")]:
            self._metrics.snapshots.labels("not modified").inc()
            start_response(status_line(304), headers)
            return []
        body = found.packed if packed else found.plain
        headers += [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
        if packed:
            headers.append(("Content-Encoding", "gzip"))
        start_response(status_line(200), headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]

    def _find(self, environ: Environ, topic: str, scope_key: str, at_least: int) -> Kept | Fetched:
        key = (topic, scope_key)
        asked_at = monotonic()
        while True:
            kept = self._kept.get(key)
            # One made after the question was asked serves whatever seq it has: there is no later.
            if kept is not None and (
                kept.made_at >= asked_at
                or (kept.seq >= at_least and monotonic() - kept.made_at <= KEEP_S)
            ):
                self._metrics.snapshots.labels("kept").inc()
                return kept
            building = self._building.get(key)
            if building is None:
                return self._build(environ, key)
            building.wait(WAIT_S)

    def _build(self, environ: Environ, key: tuple[str, str]) -> Kept | Fetched:
        done = self._building[key] = Event()
        try:
            started = monotonic()
            fetched = self._proxy.fetch(
                {**environ, "REQUEST_METHOD": "GET", "CONTENT_LENGTH": ""},
                f"/api/v1/snapshot/{key[0]}",
                {"accept-encoding": "gzip", "if-none-match": ""},
            )
            if fetched.status != 200:
                return fetched
            kept: Kept = gevent.get_hub().threadpool.apply(_pack, (fetched, key[0], started))
            self._keep(key, kept)
            self._metrics.snapshots.labels("built").inc()
            return kept
        finally:
            del self._building[key]
            done.set()

    def _keep(self, key: tuple[str, str], kept: Kept) -> None:
        self._kept.pop(key, None)
        self._kept[key] = kept
        now = monotonic()
        total = sum(len(one.plain) + len(one.packed) for one in self._kept.values())
        for old_key, old in list(self._kept.items()):
            if old_key != key and (total > MOST_BYTES or now - old.made_at > KEEP_S):
                del self._kept[old_key]
                total -= len(old.plain) + len(old.packed)


def accepts_gzip(header: str) -> bool:
    """Say whether an ``Accept-Encoding`` takes gzip."""
    found = _ACCEPTED.search(header)
    if found is None:
        return False
    try:
        return float(found[1] or 1) > 0
    except ValueError:
        return False


def _pack(fetched: Fetched, topic: str, made_at: float) -> Kept:
    """Runs in a thread: zlib lets the loop go on meanwhile."""
    if fetched.header("content-encoding") == "gzip":
        packed = fetched.body
        plain = gzip.decompress(packed)
    else:
        plain = fetched.body
        packed = gzip.compress(plain, 5, mtime=0)
    found = _SEQ.search(plain, 0, 2_000)
    if found is None:
        raise ValueError(f"the snapshot of {topic} tells no seq")
    seq = int(found[1])
    return Kept(seq, made_at, plain, packed, f"{topic}-{seq}-{zlib.crc32(plain):08x}")
