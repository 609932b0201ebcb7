"""平急转换: from the press of a commander to the switch on every one of 200 streams.

``python -m bench switch``. The web processes are the real ones, under city load (20 case changes
and 60 readings a second). Counted from before the request is sent to the frame that carries the
operation and the mode, for each stream, on both databases; the answer's own time stands beside.
"""

import statistics
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import func, select

from bench.servers import postgres, sqlite
from bench.streams import Load, Web, latencies_ms
from bench.streams_city import CITY, fill
from bench.viewers import Viewers
from data_access.changes import latest_seq
from data_access.store import Store
from data_access.tables import change

VIEWERS = 200
ROUNDS = 12
PAUSE_S = 0.7
TOPICS = ("cases", "readings", "alerts", "operations", "mode", "tasks", "screens", "feeds")
START = {
    "kind": "emergency",
    "level": 4,
    "scenario": "flood-typhoon",
    "area": CITY,
    "issuer": "市防指",
    "reason": "暴雨橙色预警",
}

Say = Callable[[str, str, str], None]


def run(say: Say) -> None:
    """Measure on both databases and say each figure beside its bar."""
    for make in (sqlite, postgres):
        with make() as store:
            answered, arrived = measure(store)
        say(
            f"a switch pressed → on {VIEWERS} screens, {store.dialect}",
            f"median {statistics.median(arrived):.0f}, p95 {_p95(arrived):.0f} ms",
            "p95 ≤ 1,000 ms",
        )
        say("  its answer", f"median {statistics.median(answered):.0f} ms", "")


def measure(store: Store) -> tuple[list[float], list[float]]:
    """Start and end an operation some times; ms until answered, and until each stream has it."""
    tokens = fill(store)
    answered: list[float] = []
    pressed: list[tuple[int, float]] = []
    with tempfile.TemporaryDirectory(prefix="pingji-bench-") as folder, ExitStack() as stack:
        web = Web(store, Path(folder))
        stack.callback(web.stop)
        with store.read() as conn:
            seq = latest_seq(conn)
        topics = ",".join(f"{topic}@{seq}" for topic in TOPICS)
        viewers = Viewers(web.address, tokens["leader"], topics, VIEWERS)
        stack.callback(viewers.close)
        load = Load(store.url, cases=20, readings=60)
        stack.callback(load.stop)
        time.sleep(3)
        viewers.forget()
        for _ in range(ROUNDS):
            made = _act(web, tokens["commander"], "", START, store, answered, pressed)
            time.sleep(PAUSE_S)
            end = {"reason": "解除"}
            _act(web, tokens["commander"], f"/{made['id']}/end", end, store, answered, pressed)
            time.sleep(PAUSE_S)
        time.sleep(1)
        return answered, latencies_ms(pressed, viewers.result()["frames"])


def _act(
    web: Web,
    token: str,
    path: str,
    body: dict[str, Any],
    store: Store,
    answered: list[float],
    pressed: list[tuple[int, float]],
) -> dict[str, Any]:
    """Do one act; notes when it was pressed and the number of the change that it made."""
    connection = HTTPConnection(*web.address, timeout=30)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    begun = time.monotonic()
    connection.request("POST", f"/api/v1/operations{path}", orjson.dumps(body), headers)
    answer = connection.getresponse()
    told: dict[str, Any] = orjson.loads(answer.read())
    answered.append((time.monotonic() - begun) * 1000)
    connection.close()
    if answer.status not in {200, 201}:
        raise RuntimeError(f"{path or '/operations'}: {told}")
    with store.read() as conn:
        query = select(func.max(change.c.seq)).where(change.c.topic == "mode")
        pressed.append((conn.execute(query).scalar_one(), begun))
    return told


def _p95(found: list[float]) -> float:
    return sorted(found)[int(len(found) * 0.95)]
