"""Many viewers in one process: raw sockets and one epoll, so that they cost as little as can be.

Times are ``time.monotonic()``, which processes of one machine share.
"""

import contextlib
import resource
import select
import socket
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.connection import Connection
from threading import Thread
from typing import Any
from urllib.parse import quote

_MARK = b"event: change\nid: "


@dataclass(slots=True)
class Viewer:
    """One stream: what it received when."""

    sock: socket.socket
    tail: bytes = b""
    frames: list[tuple[int, float]] = field(default_factory=list)
    received: int = 0


class Viewers:
    """So many streams of one token, held by another process."""

    def __init__(self, address: tuple[str, int], token: str, topics: str, count: int) -> None:
        """Open them all; returns when each has had its first bytes."""
        context = get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(
            target=_run, args=(theirs, address, token, topics, count), daemon=True
        )
        self._process.start()
        self.opened_s: float = self._pipe.recv()

    def forget(self) -> None:
        """Begin to count anew."""
        self._pipe.send("forget")
        self._pipe.recv()

    def result(self) -> dict[str, Any]:
        """Give ``{alive, bytes, frames: [[(seq, at), …] a viewer]}`` since last forgotten."""
        self._pipe.send("result")
        return self._pipe.recv()  # type: ignore[no-any-return]

    def close(self) -> None:
        """Close them all."""
        self._pipe.send("close")
        self._process.join(20)
        self._process.close()


def _run(pipe: Connection, address: tuple[str, int], token: str, topics: str, count: int) -> None:
    _files()
    poll = select.epoll()
    begun = time.monotonic()
    viewers: dict[int, Viewer] = {}
    request = (
        f"GET /live?topics={topics} HTTP/1.1\r\nHost: bench\r\n"
        f"Authorization: Bearer {token}\r\n\r\n"
    ).encode()
    for n in range(count):
        sock = socket.create_connection(address)
        sock.sendall(request)
        sock.setblocking(False)
        viewers[sock.fileno()] = Viewer(sock)
        poll.register(sock, select.EPOLLIN)
        if n % 100 == 99:
            _take(poll, viewers, 0)
    while not all(viewer.received for viewer in viewers.values()):
        _take(poll, viewers, 1)
    pipe.send(time.monotonic() - begun)
    poll.register(pipe.fileno(), select.EPOLLIN)
    while True:
        if not _take(poll, viewers, -1, pipe.fileno()):
            continue
        order = pipe.recv()
        if order == "close":
            return
        if order == "result":
            pipe.send(
                {
                    "alive": len(viewers),
                    "bytes": sum(viewer.received for viewer in viewers.values()),
                    "frames": [viewer.frames for viewer in viewers.values()],
                }
            )
            continue
        for viewer in viewers.values():
            viewer.frames, viewer.received = [], 0
        pipe.send("forgotten")


def _take(poll: Any, viewers: dict[int, Viewer], timeout: float, told: int = -1) -> bool:
    """Read what has come; True when ``told`` has something."""
    is_told = False
    for fd, _ in poll.poll(timeout):
        if fd == told:
            is_told = True
            continue
        viewer = viewers[fd]
        try:
            piece = viewer.sock.recv(1_048_576)
        except BlockingIOError:
            continue
        except OSError:
            piece = b""
        now = time.monotonic()
        if not piece:
            poll.unregister(fd)
            viewer.sock.close()
            del viewers[fd]
            continue
        viewer.received += len(piece)
        data = viewer.tail + piece if viewer.tail else piece
        end = 0
        while (start := data.find(_MARK, end)) >= 0:
            end = data.find(b"\n", start + len(_MARK))
            if end < 0:
                break
            viewer.frames.append((int(data[start + len(_MARK) : end]), now))
        viewer.tail = data[start:] if end < 0 else data[max(end, len(data) - len(_MARK)) :]
    return is_told


def crowd(
    address: tuple[str, int], token: str, topics: Sequence[str], count: int
) -> dict[str, Any]:
    """Let ``count`` readers that have nothing come at once: stream, every snapshot, first beat."""
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_crowd, args=(theirs, address, token, tuple(topics), count))
    process.start()
    result: dict[str, Any] = ours.recv()
    process.join(20)
    return result


def _crowd(
    pipe: Connection,
    address: tuple[str, int],
    token: str,
    topics: Sequence[str],
    count: int,
) -> None:
    _files()
    live: list[float] = []
    failed: list[str] = []
    received: list[int] = []
    begun = time.monotonic()

    def one() -> None:
        try:
            received.append(_come(address, token, topics))
            live.append(time.monotonic() - begun)
        except (OSError, ValueError) as problem:
            failed.append(repr(problem))

    threads = [Thread(target=one) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    pipe.send({"live_s": sorted(live), "failed": failed, "snapshot_bytes": sum(received)})


def _come(address: tuple[str, int], token: str, topics: Sequence[str]) -> int:
    """Follow from nothing until every snapshot is there and the stream says something more."""
    head = f"Host: bench\r\nAuthorization: Bearer {token}\r\n"
    with contextlib.closing(socket.create_connection(address, timeout=60)) as stream:
        stream.sendall(f"GET /live?topics={','.join(topics)} HTTP/1.1\r\n{head}\r\n".encode())
        data = b""
        while data.count(b"event: reset") < len(topics):
            piece = stream.recv(65_536)
            if not piece:
                raise ValueError("cut before the resets: " + repr(data[:80]))
            data += piece
        total = 0
        for topic in topics:
            seq = int(data.split(b'{"topic":"%b","seq":' % topic.encode(), 1)[1].split(b",")[0])
            total += _snapshot(address, head, f"/api/v1/snapshot/{quote(topic)}?seq={seq}")
        if not stream.recv(65_536):
            raise ValueError("cut before the first beat")
        return total


def _snapshot(address: tuple[str, int], head: str, url: str) -> int:
    with contextlib.closing(socket.create_connection(address, timeout=60)) as sock:
        request = f"GET {url} HTTP/1.1\r\n{head}Accept-Encoding: gzip\r\nConnection: close\r\n\r\n"
        sock.sendall(request.encode())
        buffer = bytearray(1 << 18)
        first, total = b"", 0
        while taken := sock.recv_into(buffer):
            first = first or bytes(buffer[:40])
            total += taken
        if not first.startswith(b"HTTP/1.1 200"):
            raise ValueError(repr(first))
        return total


def _files() -> None:
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(65_536, hard), hard))
