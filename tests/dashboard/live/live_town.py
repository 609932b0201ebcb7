"""A hub over a real store, with readers on socket pairs; no server, no network."""

import secrets
import socket
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import gevent
import pytest
from sqlalchemy import delete, update

from dashboard.accounts.principal import Credential, Principal
from dashboard.domain.roles import Role
from dashboard.http.snapshots import build
from dashboard.live.hub import Hub
from dashboard.live.request import positions
from dashboard.live.source import Source
from dashboard.metrics import Metrics
from data_access.bulk import insert_rows
from data_access.clock import set_clock
from data_access.store import Store
from data_access.tables import camera, feed, place
from tests.live_client import Cut, Event, Keeper, parse

CITY = "330100"
AT = datetime(2016, 9, 4, 2, 0, tzinfo=UTC)


def principal(
    *scopes: str, role: Role = Role.COMMANDER, events: Sequence[str] = (), name: str = "someone"
) -> Principal:
    """Somebody who sees these paths."""
    shown = Credential("token", secrets.token_bytes(32))
    return Principal(name, name, role, scopes, tuple(events), None, "token", shown)


def place_row(key: str, scope: str, **values: Any) -> dict[str, Any]:
    """A place as its table keeps it."""
    row = {
        "id": key,
        "kind": "underpass",
        "name": f"下穿立交 {key}",
        "state": "normal",
        "at": AT,
        "cameras": [],
        "supplies": [],
        "feed": "test",
        "scope": scope,
        "drill": False,
    }
    return row | values


class Town:
    """A store that changes, and what changed it."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.scopes: dict[str, str] = {}
        self.sockets: list[socket.socket] = []
        with store.write() as writer:
            set_clock(writer, anchor_city=AT, speed=1.0)

    def close(self) -> None:
        """Close what peers left open."""
        for sock in self.sockets:
            sock.close()

    def put(self, *keys: str, scope: str = CITY, **values: Any) -> None:
        """Enter or change places, all in one transaction."""
        with self.store.write() as writer:
            self.put_in(writer, *keys, scope=scope, **values)

    def put_in(self, writer: Any, *keys: str, scope: str = CITY, **values: Any) -> None:
        for key in keys:
            old = self.scopes.get(key)
            if old is None:
                insert_rows(writer.conn, place, [place_row(key, scope, **values)])
            else:
                changed = {"scope": scope} | values
                writer.conn.execute(update(place).where(place.c.id == key).values(**changed))
            self.scopes[key] = scope
            writer.changed("places", key, old_scope=old, new_scope=scope)

    def drop(self, *keys: str) -> None:
        """Take places away."""
        with self.store.write() as writer:
            for key in keys:
                writer.conn.execute(delete(place).where(place.c.id == key))
                writer.changed("places", key, old_scope=self.scopes.pop(key), new_scope=None)

    def put_camera(self, key: str, *, wall_allowed: bool, scope: str = CITY) -> None:
        row = {
            "id": key,
            "name": key,
            "source": "police",
            "status": "on",
            "wall_allowed": wall_allowed,
            "streams": [],
            "updated_at": AT,
            "feed": "test",
            "scope": scope,
            "drill": False,
        }
        with self.store.write() as writer:
            gone = writer.conn.execute(delete(camera).where(camera.c.id == key)).rowcount
            insert_rows(writer.conn, camera, [row])
            writer.changed("cameras", key, old_scope=scope if gone else None, new_scope=scope)

    def put_feed(self, key: str, **values: Any) -> None:
        row = {"id": key, "name": key, "kind": "push", "state": "ok", "message": ""}
        row |= {"read": 0, "accepted": 0, "unchanged": 0, "rejected": 0, "scope": CITY}
        with self.store.write() as writer:
            insert_rows(writer.conn, feed, [row | {"drill": False} | values])
            writer.changed("feeds", key, old_scope=None, new_scope=CITY)

    def rows(self, topic: str, who: Principal) -> dict[str, list[Any]]:
        """What the store has for somebody, by key."""
        return {row[0]: row for row in build(self.store, who, topic)["rows"]}


class Peer(Keeper):
    """A reader on a socket pair, pumped by the test."""

    def __init__(self, hub: Hub, town: Town, who: Principal, topics: str = "places") -> None:
        named = dict(part.partition("@")[::2] for part in topics.split(","))
        super().__init__(list(named), self._fetch)
        self.at = {topic: int(at) for topic, at in named.items() if at}  # as it claims
        self.hub, self.town, self.who = hub, town, who
        self.events: list[Event] = []
        self.closed = False
        self._buffer = b""
        self.open(topics)

    def open(self, topics: str | None = None, last_event_id: str | None = None) -> None:
        """Connect, from where it stands unless ``topics`` says otherwise."""
        ours, theirs = socket.socketpair()
        ours.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        ours.setblocking(False)
        self.town.sockets.append(ours)
        asked = positions(f"topics={topics or self.asked()}", last_event_id)
        self.hub.prepare(asked, self.who)
        self.stream = self.hub.attach(theirs.detach(), asked, self.who, head=b"")
        self.sock, self._buffer, self.closed = ours, b"", False

    def pump(self) -> list[Event]:
        """Take what has come; the new events."""
        begin = len(self.events)
        while True:
            gevent.sleep(0)
            try:
                piece = self.sock.recv(1 << 20)
            except BlockingIOError:
                gevent.sleep(0.002)
                try:
                    piece = self.sock.recv(1 << 20)
                except BlockingIOError:
                    break
            except OSError:
                piece = b""
            if not piece:
                self.closed = True
                break
            self._buffer += piece
            while (end := self._buffer.find(b"\n\n")) >= 0:
                block, self._buffer = self._buffer[:end], self._buffer[end + 2 :]
                event = parse(block)
                if event is not None:
                    self.events.append(event)
                    self.take(event)
        return self.events[begin:]

    def cut(self) -> None:
        """Lose the connection."""
        self.sock.close()
        gevent.sleep(0.002)

    def same_as_store(self) -> bool:
        """Say whether every topic is what the store has, row by row."""
        return all(self.rows[topic] == self.town.rows(topic, self.who) for topic in self.topics)

    def _fetch(self, url: str) -> Any:
        parts = urlsplit(url)
        body = build(self.town.store, self.who, parts.path.rpartition("/")[2])
        if body["seq"] < int(parse_qs(parts.query)["seq"][0]):
            raise Cut("the snapshot is old")
        return body


@pytest.fixture
def town(store: Store) -> Iterator[Town]:
    """An empty town on either database."""
    made = Town(store)
    yield made
    made.close()


@pytest.fixture
def lone_town(sqlite_store: Store) -> Iterator[Town]:
    """An empty town on SQLite, for what does not depend on the database."""
    made = Town(sqlite_store)
    yield made
    made.close()


def make_hub(
    town: Town, known: dict[Credential, Principal] | None = None, touch: Any = None
) -> Hub:
    """A hub over the town that knows these principals; its loops do not run."""
    return Hub(
        Source(town.store),
        build="test",
        snapshots=SimpleNamespace(seq_of=lambda _topic, _key: None),  # type: ignore[arg-type]
        resolve=lambda shown: {c: p for c, p in (known or {}).items() if c in shown},
        metrics=Metrics(),
        touch=touch,
    )


@pytest.fixture
def hub(town: Town) -> Iterator[Hub]:
    """A hub over the town."""
    made = make_hub(town)
    yield made
    made.stop()
    made.close()


@pytest.fixture
def lone_hub(lone_town: Town) -> Iterator[Hub]:
    """A hub over the lone town."""
    made = make_hub(lone_town)
    yield made
    made.stop()
    made.close()


def names(events: list[Any]) -> list[str]:
    """What came, in order."""
    return [event.name for event in events]


def changes(events: list[Any]) -> list[Any]:
    """The frames alone."""
    return [event for event in events if event.name == "change"]
