"""The real web processes over a real store, to be killed, cut off and overrun."""

import contextlib
import http.client
import json
import os
import random
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Self

from dashboard.accounts.demo import demo_credentials
from dashboard.accounts.principal import Principal, principal
from dashboard.domain.records import Limits
from dashboard.http.snapshots import build
from dashboard.settings import Settings
from data_access.clock import set_clock
from data_access.feeds.lists import write_city, write_jurisdictions
from data_access.ingest import Policy, ingest
from data_access.schema import migrate
from data_access.store import Store
from tests.live_client import Reader

CITY = "330100"
TOPICS = ("cases", "readings", "places", "feeds")
LEARN = Policy(limits=Limits(unknown="learn"))
STAGES = ("dispatched", "handling", "handled", "checking", "closed")


class City:
    """A small city whose facts change, and what its readers should then have."""

    def __init__(self, folder: Path, url: str = "") -> None:
        with contextlib.closing(socket.socket()) as sock:
            sock.bind(("127.0.0.1", 0))
            port = sock.getsockname()[1]
        self.settings = Settings(data_dir=folder, database_url=url, port=port, log_level="warning")
        self.store: Store = self.settings.store()
        migrate(self.store)
        now = datetime.now(UTC)
        with self.store.write() as writer:
            set_clock(writer, anchor_city=now, speed=1.0)
            write_city(
                writer,
                path=CITY,
                name="杭州市",
                name_en=None,
                time_zone="Asia/Shanghai",
                centre=(120.2, 30.25),
                settings={},
            )
            city = [{"id": CITY, "name": "杭州市", "level": "city"}]
            write_jurisdictions(writer, city, root=CITY)
        path = demo_credentials(self.store, folder, CITY, city_at=now)
        tokens = {entry["role"]: entry["token"] for entry in json.loads(path.read_text())["tokens"]}
        self.token = tokens["commander"]
        self.tokens = tokens
        known = principal(self.store, bearer=self.token)
        assert known is not None
        self.who: Principal = known
        self.change(200)

    @property
    def address(self) -> tuple[str, int]:
        return ("127.0.0.1", self.settings.port)

    def change(self, count: int = 3) -> None:
        """Let so many facts of each kind change."""
        now = datetime.now(UTC)
        numbers = random.sample(range(200), count)
        self._take("cases", [_case(n, now) for n in numbers])
        self._take("readings", [_reading(n, now) for n in numbers])
        self._take("places", [_place(n, now) for n in numbers])

    def _take(self, kind: str, records: list[dict[str, Any]]) -> None:
        now = datetime.now(UTC)
        report = ingest(self.store, kind, records, feed="test", now=now, policy=LEARN)
        assert not report.rejected, report.rejected[:2]

    def unlike(self, readers: Iterable[Reader]) -> list[str]:
        """What readers have otherwise than the store, row by row; empty when all is the same."""
        told = []
        truth = {
            topic: {row[0]: row for row in build(self.store, self.who, topic)["rows"]}
            for topic in TOPICS
        }
        assert all(len(truth[topic]) > 30 for topic in TOPICS[:3]), "nothing to compare"
        for reader in readers:
            for topic in reader.topics:
                ours, theirs = truth[topic], reader.rows[topic]
                if ours != theirs:
                    keys = [key for key in {*ours, *theirs} if ours.get(key) != theirs.get(key)]
                    told.append(f"{topic}: {len(keys)} rows, {keys[:3]}")
        return told

    def converge(self, readers: list[Reader], deadline: float) -> float:
        """Wait until all have what the store has; how much time was left."""
        while unlike := self.unlike(readers):
            left = deadline - time.monotonic()
            assert left > 0, (len(unlike), unlike[:5], [dict(r.seen) for r in readers[:5]])
            time.sleep(0.1)
        return deadline - time.monotonic()

    def close(self) -> None:
        self.store.dispose()


class Changing:
    """Changes, all the while."""

    def __init__(self, city: City, every_s: float = 0.1, count: int = 3) -> None:
        self._stop = threading.Event()

        def run() -> None:
            while not self._stop.wait(every_s):
                city.change(count)

        self._thread = threading.Thread(target=run)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()


class Web:
    """``pingji web``, as it is run."""

    def __init__(self, city: City) -> None:
        self._city = city
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> "Web":
        """Start; returns when it answers."""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "dashboard", "web"],
            env=self._city.settings.environment(),
            cwd=Path(__file__).parents[2],
        )
        eventually(lambda: self.get("/readyz")[0] == 200, 30)
        return self

    def get(self, url: str, **headers: str) -> tuple[int, bytes]:
        """Ask; status 0 when nobody answers."""
        connection = http.client.HTTPConnection(*self._city.address, timeout=10)
        try:
            connection.request("GET", url, headers=headers)
            answer = connection.getresponse()
            return answer.status, answer.read()
        except OSError:
            return 0, b""
        finally:
            connection.close()

    def metric(self, name: str) -> float:
        """One figure of /metrics."""
        _, body = self.get("/metrics", Authorization=f"Bearer {self._city.token}")
        for line in body.decode().splitlines():
            if line.startswith(f"{name} "):
                return float(line.split(" ")[1])
        raise AssertionError(name)

    def processes(self) -> list[int]:
        """The supervisor and all that it started."""
        assert self.process is not None
        return descendants(self.process.pid)

    def memory_mb(self) -> float:
        """Resident memory of all its processes."""
        pages = 0
        for pid in self.processes():
            with contextlib.suppress(OSError):
                pages += int(Path(f"/proc/{pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6

    def kill(self) -> None:
        """Kill the supervisor with -9; its children must not outlive it by more than a second."""
        assert self.process is not None
        family = self.processes()
        assert len(family) >= 5
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        eventually(lambda: not any(map(alive, family)), 1.0)
        self.process = None

    def stop(self) -> None:
        """End it as an operator does."""
        if self.process is not None:
            self.process.terminate()
            self.process.wait(20)
            self.process = None


class Cable:
    """A TCP relay that can fall silent without closing anything."""

    def __init__(self, target: tuple[str, int]) -> None:
        self._target = target
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address: tuple[str, int] = self._listener.getsockname()
        self._pairs: dict[socket.socket, socket.socket] = {}
        self._silent: set[socket.socket] = set()
        self._cut = False
        self._stopped = False
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def cut(self) -> None:
        """Let nothing through any more; sockets stay open and say nothing."""
        self._cut = True

    def mend(self, *, old_links: bool) -> None:
        """Let new links through, and the old ones too unless they are lost for good."""
        with self._lock:
            if not old_links:
                self._silent |= set(self._pairs)
            self._cut = False

    def close(self) -> None:
        self._stopped = True
        self._thread.join()
        for sock in (*self._pairs, self._listener):
            sock.close()

    def _run(self) -> None:
        while not self._stopped:
            if self._cut:
                time.sleep(0.02)
                continue
            with self._lock:
                heard = [sock for sock in self._pairs if sock not in self._silent]
            ready, _, _ = select.select([self._listener, *heard], [], [], 0.05)
            for sock in ready:
                if self._cut:
                    break
                if sock is self._listener:
                    self._join(self._listener.accept()[0])
                else:
                    self._pass(sock)

    def _join(self, ours: socket.socket) -> None:
        try:
            theirs = socket.create_connection(self._target)
        except OSError:
            ours.close()
            return
        with self._lock:
            self._pairs[ours], self._pairs[theirs] = theirs, ours

    def _pass(self, sock: socket.socket) -> None:
        other = self._pairs.get(sock)
        if other is None:
            return
        try:
            data = sock.recv(65_536)
            if data:
                other.sendall(data)
                return
        except OSError:
            pass
        with self._lock:
            for end in (sock, other):
                self._pairs.pop(end, None)
                end.close()


def eventually(test: Callable[[], bool], within_s: float) -> None:
    """Fail unless it becomes true in time."""
    deadline = time.monotonic() + within_s
    while not test():
        assert time.monotonic() < deadline, "did not come true in time"
        time.sleep(0.02)


def alive(pid: int) -> bool:
    """Say whether the process runs (a zombie does not)."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in "ZX"


def descendants(root: int) -> list[int]:
    """The process and all below it."""
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                text = (entry / "stat").read_text()
                parents[int(entry.name)] = int(text.rpartition(")")[2].split()[1])
    found = [root]
    for pid in found:
        found += [child for child, parent in parents.items() if parent == pid]
    return found


def _case(n: int, now: datetime) -> dict[str, Any]:
    reported = now - timedelta(hours=2, seconds=n)
    return {
        "id": f"C{n:04d}",
        "kind": "event",
        "source": "collector",
        "reported_at": reported.isoformat(),
        "updated_at": now.isoformat(),
        "subcategory": "0102",
        "description": "暴露垃圾",
        "lon": 120.1,
        "lat": 30.2,
        "stage": random.choice(STAGES),
        "stage_at": now.isoformat(),
    }


def _reading(n: int, now: datetime) -> dict[str, Any]:
    value = round(random.random() * 5, 3)
    return {"station": f"S{n % 40}", "factor": f"f{n % 5}", "at": now.isoformat(), "value": value}


def _place(n: int, now: datetime) -> dict[str, Any]:
    return {
        "id": f"P{n:04d}",
        "kind": "underpass",
        "name": f"下穿立交{n}",
        "lon": 120.1,
        "lat": 30.2,
        "state": random.choice(("normal", "ponding", "closed")),
        "depth_cm": random.randrange(60),
        "at": now.isoformat(),
    }
