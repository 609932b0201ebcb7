"""A reader of the live stream that does what the contract asks of readers, and nothing more.

Standard library only: it is also the shortest example of how another program follows Pingji.
"""

import contextlib
import gzip
import http.client
import json
import random
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any

WATCHDOG_S = 12.0
BACKOFF_MOST_S = 5.0


class Cut(Exception):
    """The stream ended, fell silent or has a gap."""


class Refused(Exception):
    """The server answered something else than a stream."""


class Event:
    """One server-sent event."""

    def __init__(self, name: str, seq: int | None, data: Any) -> None:
        self.name, self.seq, self.data = name, seq, data

    def __repr__(self) -> str:
        return f"{self.name}#{self.seq} {json.dumps(self.data, ensure_ascii=False)[:200]}"


def parse(block: bytes) -> Event | None:
    """One event from its lines; None for a comment or a mere ``retry``."""
    name, seq, data = "message", None, []
    for line in block.decode().split("\n"):
        field, _, value = line.partition(": ")
        if field == "event":
            name = value
        elif field == "id":
            seq = int(value)
        elif field == "data":
            data.append(value)
    return Event(name, seq, json.loads("\n".join(data))) if data else None


class Stream:
    """One connection to ``/live``: its status, headers and events."""

    def __init__(
        self,
        address: tuple[str, int],
        token: str,
        topics: str,
        *,
        last_event_id: int | None = None,
        timeout_s: float = WATCHDOG_S,
        receive_buffer: int | None = None,
    ) -> None:
        self.sock = socket.socket()
        if receive_buffer is not None:
            self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.sock.settimeout(timeout_s)
        self.bytes = 0
        self._buffer = b""
        try:
            self.sock.connect(address)
            head = f"GET /live?topics={topics} HTTP/1.1\r\nHost: pingji\r\n"
            head += f"Authorization: Bearer {token}\r\nAccept: text/event-stream\r\n"
            if last_event_id is not None:
                head += f"Last-Event-ID: {last_event_id}\r\n"
            self.sock.sendall((head + "\r\n").encode())
            answer = self._until(b"\r\n\r\n").decode()
        except (OSError, Cut):
            self.sock.close()
            raise
        lines = answer.split("\r\n")
        self.status = int(lines[0].split(" ")[1])
        self.headers = {
            name.lower(): value.strip() for name, _, value in (x.partition(":") for x in lines[1:])
        }

    def events(self) -> Iterator[Event]:
        """Events as they come; raises Cut at the end or after silence."""
        while True:
            event = parse(self._until(b"\n\n"))
            if event is not None:
                yield event

    def close(self) -> None:
        self.sock.close()

    def _until(self, mark: bytes) -> bytes:
        start = 0
        while (end := self._buffer.find(mark, start)) < 0:
            start = max(0, len(self._buffer) - len(mark))
            try:
                piece = self.sock.recv(262_144)
            except OSError as problem:
                raise Cut(f"silent or broken: {problem!r}") from problem
            if not piece:
                raise Cut("closed")
            self.bytes += len(piece)
            self._buffer += piece
        found, self._buffer = self._buffer[:end], self._buffer[end + len(mark) :]
        return found


class Keeper:
    """The rows of some topics, kept by the contract's rules.

    ``snapshot``: gives the body behind a reset's address.
    """

    def __init__(self, topics: Sequence[str], snapshot: Callable[[str], Any]) -> None:
        self.topics = tuple(topics)
        self.rows: dict[str, dict[str, list[Any]]] = {topic: {} for topic in topics}
        self.at: dict[str, int] = {}  # of loaded topics: the seq up to which they are complete
        self.position = 0
        self.seen: Counter[str] = Counter()
        self.last_hello: Any = None
        self.last_beat: Any = None
        self._snapshot = snapshot

    def asked(self) -> str:
        """The topics with what is had of each, as the address names them."""
        return ",".join(f"{t}@{self.at[t]}" if t in self.at else t for t in self.topics)

    def take(self, event: Event) -> None:
        """Apply one event; raises Cut where the stream cannot be followed further."""
        self.seen[event.name] += 1
        getattr(self, f"_{event.name}")(event)

    def _hello(self, event: Event) -> None:
        self.position = event.data["seq"]
        self.last_hello = event.data

    def _reset(self, event: Event) -> None:
        topic = event.data["topic"]
        self.at.pop(topic, None)
        body = self._snapshot(event.data["url"])
        assert body["seq"] >= event.data["seq"], "the snapshot is older than it was to be"
        assert body["topic"] == topic
        self.rows[topic] = {row[0]: row for row in body["rows"]}
        self.at[topic] = body["seq"]

    def _change(self, event: Event) -> None:
        frame = event.data
        assert event.seq == frame["seq"]
        if frame["prev"] > self.position:
            self.seen["gap"] += 1
            raise Cut(f"a gap: at {self.position}, the frame follows {frame['prev']}")
        for topic, change in frame["changes"].items():
            if frame["seq"] <= self.at[topic]:
                continue
            for key in change["remove"]:
                self.rows[topic].pop(key, None)
            for row in change["upsert"]:
                self.rows[topic][row[0]] = row
        self._advance(frame["seq"])

    def _heartbeat(self, event: Event) -> None:
        self.last_beat = event.data
        self._advance(event.seq or 0)

    def _advance(self, seq: int) -> None:
        assert seq >= self.position, "the stream went back"
        self.position = seq
        self.at = {topic: max(at, seq) for topic, at in self.at.items()}


class Reader(Keeper):
    """A thread that follows a server, across every kind of cut."""

    def __init__(
        self,
        address: tuple[str, int],
        token: str,
        topics: Sequence[str],
        *,
        watchdog_s: float = WATCHDOG_S,
        pause: Callable[[Event], None] | None = None,
        receive_buffer: int | None = None,
    ) -> None:
        super().__init__(topics, lambda url: fetch(address, token, url))
        self.address, self.token = address, token
        self.live = False
        self._watchdog_s, self._pause, self._receive_buffer = watchdog_s, pause, receive_buffer
        self._stream: Stream | None = None
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> "Reader":
        self._thread.start()
        return self

    def stop(self) -> None:
        self._stopped.set()
        stream = self._stream
        if stream is not None:
            with contextlib.suppress(OSError):
                stream.sock.shutdown(socket.SHUT_RDWR)
        self._thread.join(20)

    def loaded(self) -> bool:
        return self.live and set(self.at) == set(self.topics)

    def _run(self) -> None:
        failures = 0
        while not self._stopped.is_set():
            try:
                self._follow_once()
            except (Cut, OSError, Refused, http.client.HTTPException, ValueError) as problem:
                self.seen[type(problem).__name__] += 1
            failures = 0 if self.live else failures + 1
            self.live = False
            wait = min(BACKOFF_MOST_S, 0.25 * 2**failures) * (0.5 + random.random() / 2)
            self._stopped.wait(wait)

    def _follow_once(self) -> None:
        stream = self._stream = Stream(
            self.address,
            self.token,
            self.asked(),
            timeout_s=self._watchdog_s,
            receive_buffer=self._receive_buffer,
        )
        try:
            if stream.status != 200:
                raise Refused(stream.status)
            for event in stream.events():
                if self._stopped.is_set():
                    return
                self.take(event)
                self.live = True
                if self._pause is not None:
                    self._pause(event)
        finally:
            stream.close()


def fetch(address: tuple[str, int], token: str, url: str, tries: int = 20) -> Any:
    """The JSON behind ``url``; tries again while the server says that it is not ready."""
    for n in range(tries):
        connection = http.client.HTTPConnection(*address, timeout=30)
        try:
            headers = {"Authorization": f"Bearer {token}", "Accept-Encoding": "gzip"}
            connection.request("GET", url, headers=headers)
            answer = connection.getresponse()
            body = answer.read()
            if answer.status == 200:
                packed = answer.getheader("Content-Encoding") == "gzip"
                return json.loads(gzip.decompress(body) if packed else body)
            if answer.status not in (502, 503, 504):
                raise Refused(answer.status)
        finally:
            connection.close()
        time.sleep(min(2.0, 0.1 * 2**n))
    raise Cut("no snapshot")
