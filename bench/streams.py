"""What the live road costs: commit → received, CPU and bytes a viewer, idle streams, a crowd.

``python -m bench.streams [--json] [--part quiet …] [--postgres] [--seconds N]``. The web processes
are the real ones; viewers and the writer are processes of their own on the same machine.
"""

import argparse
import json
import os
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime
from http.client import HTTPConnection
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from bench.servers import postgres, sqlite
from bench.streams_city import CASES, LEARN, case, fill, reading
from bench.viewers import Viewers, crowd
from dashboard.settings import Settings
from data_access.changes import latest_seq
from data_access.ingest import ingest
from data_access.store import Store

TOPICS = ("cases", "stations", "readings", "cameras", "responders", "places", "warnings", "feeds")
PARTS = ("quiet", "load", "many", "idle", "crowd")
_TICK = os.sysconf("SC_CLK_TCK")


class Load:
    """A process that writes so many case changes and readings a second, and notes each commit."""

    def __init__(self, url: str, *, cases: int, readings: int) -> None:
        """Begin to write."""
        context = get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_write, args=(theirs, url, cases, readings))
        self._process.start()

    def stop(self) -> list[tuple[int, float]]:
        """End; gives (seq, when its commit had returned) of each commit."""
        self._pipe.send("stop")
        commits: list[tuple[int, float]] = self._pipe.recv()
        self._process.join(20)
        return commits


def _write(pipe: Any, url: str, cases: int, readings: int) -> None:
    store = Store(url)
    commits: list[tuple[int, float]] = []
    stages = ("dispatched", "handling", "handled", "checking")
    batch = min(10, readings)
    jobs = []  # (every so many seconds, what)
    if cases:
        jobs.append([1 / cases, "cases", 0.0])
    if readings:
        jobs.append([batch / readings, "readings", 0.0])
    begun = time.monotonic()
    n = 0
    while not pipe.poll(0):
        job = min(jobs, key=lambda each: each[2])
        wait = begun + job[2] - time.monotonic()
        if wait > 0:
            time.sleep(wait)
        job[2] += job[0]
        now = datetime.now(UTC)
        n += 1
        if job[1] == "cases":
            records = [case(random.randrange(CASES), now, random.choice(stages))]
        else:
            records = [reading(n * batch + k, now) for k in range(batch)]
        ingest(store, job[1], records, feed="bench", now=now, policy=LEARN)
        at = time.monotonic()
        with store.read() as conn:
            commits.append((latest_seq(conn), at))
    pipe.send(commits)
    store.dispose()


class Web:
    """The real web processes over a store."""

    def __init__(self, store: Store, folder: Path) -> None:
        """Start them; returns when they are ready."""
        port = free_port()
        settings = Settings(data_dir=folder, database_url=store.url, port=port, log_level="warning")
        self.address = ("127.0.0.1", port)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "dashboard", "web"], env=settings.environment()
        )
        for _ in range(300):
            if self._ready():
                return
            time.sleep(0.1)
        raise RuntimeError("the web processes did not get ready")

    def _ready(self) -> bool:
        connection = HTTPConnection(*self.address, timeout=5)
        try:
            connection.request("GET", "/readyz")
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()

    def cpu_s(self) -> float:
        """CPU seconds that all web processes have used."""
        return cpu_s(self._process.pid)

    def stop(self) -> None:
        """End them."""
        self._process.terminate()
        self._process.wait(20)


def free_port() -> int:
    """Give a port that nobody listens on."""
    with closing(socket.socket()) as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port


def cpu_s(root: int) -> float:
    """CPU seconds that a process and all below it have used."""
    total = 0
    for pid in _descendants(root):
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        total += int(fields[11]) + int(fields[12])
    return total / _TICK


def _descendants(root: int) -> list[int]:
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                text = (entry / "stat").read_text()
            except OSError:
                continue
            parents[int(entry.name)] = int(text.rpartition(")")[2].split()[1])
    found = [root]
    for pid in found:
        found += [child for child, parent in parents.items() if parent == pid]
    return found


def latencies_ms(
    commits: Sequence[tuple[int, float]], frames: Sequence[Sequence[tuple[int, float]]]
) -> list[float]:
    """From each commit to the first frame at or above its seq, for every viewer."""
    found = []
    for viewer in frames:
        seqs = [seq for seq, _ in viewer]
        for seq, at in commits:
            place = bisect_left(seqs, seq)
            if place < len(viewer):
                found.append((viewer[place][1] - at) * 1000)
    return sorted(found)


def _figures(found: Sequence[float]) -> dict[str, float]:
    if not found:
        return {"samples": 0}
    return {
        "samples": len(found),
        "median_ms": round(statistics.median(found), 1),
        "p95_ms": round(found[int(len(found) * 0.95)], 1),
        "p99_ms": round(found[int(len(found) * 0.99)], 1),
        "most_ms": round(found[-1], 1),
    }


def measure(
    web: Web, store: Store, viewers: Viewers, count: int, seconds: float, **load: int
) -> dict[str, Any]:
    """Write for so long, and say what it took and when it arrived."""
    writer = Load(store.url, **load) if load else None
    time.sleep(3)
    viewers.forget()
    cpu, begun = web.cpu_s(), time.monotonic()
    time.sleep(seconds)
    cpu, took = web.cpu_s() - cpu, time.monotonic() - begun
    result = viewers.result()
    commits = writer.stop() if writer else []
    time.sleep(0.5)
    late = viewers.result()
    counted = [entry for entry in commits if begun + 0.2 < entry[1] < begun + took]
    minutes = count * took / 60
    return {
        "viewers": result["alive"],
        "commits": len(counted),
        **_figures(latencies_ms(counted, late["frames"])),
        "web_cpu_s_per_viewer_minute": round(cpu / minutes, 5),
        "web_cpu_share_of_a_core": round(cpu / took, 4),
        "mb_per_viewer_minute": round(result["bytes"] / minutes / 1e6, 4),
        "open_s": round(viewers.opened_s, 2),
    }


@contextmanager
def beside(web: Web, token: str, sessions: int = 50) -> Iterator[dict[str, int]]:
    """Meanwhile an analyst asks for much and ``sessions`` people click every other second."""
    stop = threading.Event()
    counts = {"clicks": 0, "heavy": 0, "failed": 0}

    def ask(kind: str, urls: Sequence[str], pause_s: float) -> None:
        stop.wait(random.random() * pause_s)
        while not stop.is_set():
            connection = HTTPConnection(*web.address, timeout=60)
            try:
                headers = {"Authorization": f"Bearer {token}"}
                connection.request("GET", random.choice(urls), headers=headers)
                answer = connection.getresponse()
                answer.read()
                counts[kind if answer.status == 200 else "failed"] += 1
            except OSError:
                counts["failed"] += 1
            finally:
                connection.close()
            stop.wait(pause_s * (0.5 + random.random()))

    cheap = ("/api/v1/cases?limit=20", "/api/v1/places?limit=20", "/api/v1/stations?limit=20")
    heavy = ("/api/v1/cases?limit=2000", "/api/v1/readings?limit=2000")
    threads = [
        *(threading.Thread(target=ask, args=("clicks", cheap, 2.0)) for _ in range(sessions)),
        threading.Thread(target=ask, args=("heavy", heavy, 0.2)),
    ]
    for thread in threads:
        thread.start()
    try:
        yield counts
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def run(
    store: Store, parts: Sequence[str] = PARTS, *, seconds: float = 15.0, busy: bool = True
) -> dict[str, Any]:
    """Run the parts over a migrated, empty store; figures by part."""
    token = fill(store)["leader"]
    figures: dict[str, Any] = {"database": store.dialect}
    topics = ",".join(f"{topic}@1" for topic in TOPICS)
    plans: dict[str, tuple[int, dict[str, int]]] = {
        "quiet": (200, {"cases": 1, "readings": 0}),
        "load": (200, {"cases": 20, "readings": 60}),
        "many": (2_000, {"cases": 20, "readings": 60}),
        "idle": (2_000, {}),
    }
    with tempfile.TemporaryDirectory(prefix="pingji-bench-") as folder, ExitStack() as stack:
        web = Web(store, Path(folder))
        stack.callback(web.stop)
        with store.read() as conn:
            topics = topics.replace("@1", f"@{latest_seq(conn)}")
        for part in parts:
            if part not in plans:
                continue
            count, load = plans[part]
            viewers = Viewers(web.address, token, topics, count)
            try:
                figures[part] = measure(web, store, viewers, count, seconds, **load)
                if busy and part in {"load", "many"}:
                    with beside(web, token) as counts:
                        figures[f"{part} beside"] = measure(
                            web, store, viewers, count, seconds, **load
                        ) | {"beside": counts}
            finally:
                viewers.close()
            time.sleep(1)
        if "crowd" in parts:
            writer = Load(store.url, cases=20, readings=60)
            time.sleep(1)
            came = crowd(web.address, token, TOPICS, 500)
            writer.stop()
            live = came["live_s"]
            figures["crowd"] = {
                "readers": len(live),
                "failed": len(came["failed"]),
                "first_failure": came["failed"][:1],
                "all_live_s": round(live[-1], 2) if live else None,
                "median_live_s": round(statistics.median(live), 2) if live else None,
                "snapshot_mb": round(came["snapshot_bytes"] / 1e6, 1),
            }
    return figures


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--part", action="append", choices=PARTS)
    parser.add_argument("--postgres", action="store_true")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--no-busy", action="store_true")
    parser.add_argument("--seconds", type=float, default=15.0)
    options = parser.parse_args()
    with postgres() if options.postgres else sqlite() as store:
        figures = run(
            store, options.part or PARTS, seconds=options.seconds, busy=not options.no_busy
        )
    if options.json:
        print(json.dumps(figures))
        return
    for part, values in figures.items():
        print(part, values if not isinstance(values, dict) else "")
        for name, value in values.items() if isinstance(values, dict) else ():
            print(f"  {name:32} {value}")


if __name__ == "__main__":
    main()
