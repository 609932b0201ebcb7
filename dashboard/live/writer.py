"""One stream on its raw socket, written and watched by the one event loop.

No greenlet, generator or timer stands behind a stream: a frame is a ``write`` of bytes that all
streams share. A socket that is full keeps at most the rest of the one frame in flight; what comes
meanwhile is not queued, the stream lags, and the hub catches it up from its own position when it
can be written again.
"""

import os
import socket
from collections.abc import Callable
from typing import Any

import gevent

from dashboard.accounts.principal import Credential

USER_TIMEOUT_MS = 15_000
SEND_BUFFER_BYTES = 131_072
_READ, _WRITE = 1, 2


class Stream:
    """One reader's connection. Owns the file descriptor from the moment it is made.

    ``position``, ``prev``: while it lags, the seq up to which it has everything, and the last seq
    at which its topics had changed.
    """

    __slots__ = (
        "_on_close",
        "_on_room",
        "_readable",
        "_rest",
        "_writable",
        "credential",
        "fd",
        "lagging",
        "position",
        "prev",
        "sent_bytes",
    )

    def __init__(
        self,
        fd: int,
        *,
        credential: Credential | None,
        on_room: Callable[["Stream"], None],
        on_close: Callable[["Stream"], None],
    ) -> None:
        """Take over a connected, idle socket.

        ``on_room``: a lagging stream can be written again. ``on_close``: its reader is gone.
        """
        self.fd = fd
        self.credential = credential
        self.lagging = False
        self.position = 0
        self.prev = 0
        self.sent_bytes = 0
        self._on_room = on_room
        self._on_close = on_close
        self._rest: memoryview | None = None
        self._writable: Any = None
        _tune(fd)
        self._readable = gevent.get_hub().loop.io(fd, _READ)
        self._readable.start(self._read)

    @property
    def closed(self) -> bool:
        """Say whether the connection is gone."""
        return self.fd < 0

    @property
    def full(self) -> bool:
        """Say whether the socket takes nothing more just now."""
        return self._writable is not None

    def send(self, data: bytes) -> bool:
        """Write a frame; False when the socket was full and the frame was not taken at all."""
        if self._writable is not None or self.fd < 0:
            return False
        try:
            sent = os.write(self.fd, data)
        except BlockingIOError:
            self._wait_for_room()
            return False
        except OSError:
            self.close()
            return False
        self.sent_bytes += sent
        if sent < len(data):
            self._rest = memoryview(data)[sent:]
            self._wait_for_room()
        return True

    def close(self) -> None:
        """Let go of the connection at once; again is nothing."""
        if self.fd < 0:
            return
        for watcher in (self._readable, self._writable):
            if watcher is not None:
                watcher.stop()
                watcher.close()
        self._readable = self._writable = self._rest = None
        fd, self.fd = self.fd, -1
        os.close(fd)
        self._on_close(self)

    def _wait_for_room(self) -> None:
        self._writable = gevent.get_hub().loop.io(self.fd, _WRITE)
        self._writable.start(self._write)

    def _read(self) -> None:
        # A reader of a stream says nothing more; what it says is dropped, its end is an end.
        try:
            if os.read(self.fd, 4096):
                return
        except BlockingIOError:
            return
        except OSError:
            pass
        self.close()

    def _write(self) -> None:
        if self._rest is not None:
            try:
                sent = os.write(self.fd, self._rest)
            except BlockingIOError:
                return
            except OSError:
                self.close()
                return
            self.sent_bytes += sent
            if sent < len(self._rest):
                self._rest = self._rest[sent:]
                return
            self._rest = None
        self._writable.stop()
        self._writable.close()
        self._writable = None
        if self.lagging:
            self._on_room(self)


def _tune(fd: int) -> None:
    """Small frames at once, a bounded buffer, and no half-open connection for long."""
    os.set_blocking(fd, False)
    sock = socket.socket(fileno=os.dup(fd))
    try:
        if sock.family in {socket.AF_INET, socket.AF_INET6}:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, USER_TIMEOUT_MS)
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, 10)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, 3)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER_BYTES)
    finally:
        sock.close()
