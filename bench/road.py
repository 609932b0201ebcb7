"""The live road beside the usual page: what arrives when, and what each costs a viewer."""

import sys
import tempfile
import threading
import time
from collections.abc import Callable
from http.client import HTTPConnection
from subprocess import Popen
from typing import Any

import orjson

from bench import streams
from bench.servers import postgres
from bench.usual_page import BODY
from data_access.store import Store

USUAL_VIEWERS = 5
USUAL_S = 20.0

_COUNTING = threading.Lock()

Say = Callable[[str, str, str], None]


def run(say: Say) -> None:
    """Measure on PostgreSQL and say each figure beside its bar."""
    with postgres() as store:
        figures = streams.run(store)
        usual = usual_page(store)
    for part, bar in (
        ("quiet", "p95 ≤ 50"),
        ("load", "p95 ≤ 150"),
        ("load beside", "p95 ≤ 150"),
        ("many", "p95 ≤ 1,000"),
        ("many beside", "p95 ≤ 1,000"),
    ):
        found = figures[part]
        say(
            f"commit → received, {part}, {found['viewers']} streams",
            f"median {found['median_ms']} ms, p95 {found['p95_ms']} ms",
            f"{bar} ms",
        )
    share = figures["idle"]["web_cpu_share_of_a_core"]
    say(f"{figures['idle']['viewers']} idle streams", f"{share:.2%} of a core", "< 2 %")
    load = figures["load"]
    cpu, megabytes = load["web_cpu_s_per_viewer_minute"], load["mb_per_viewer_minute"]
    say("a viewer-minute at 200 viewers, city load: CPU", f"{cpu:.4f} s", "≤ 0.02 s")
    say("  bytes, uncompressed", f"{megabytes:.3f} MB", "≤ 0.5 MB")
    say(
        f"the usual page, {USUAL_VIEWERS} viewers, a viewer-minute: CPU",
        f"{usual['cpu_s']:.3f} s",
        f"{usual['cpu_s'] / cpu:,.0f}× ours, bar 50×",
    )
    say("  bytes", f"{usual['mb']:.1f} MB", f"{usual['mb'] / megabytes:,.0f}× ours, bar 100×")
    say("  answers a viewer-minute", f"{usual['answers']:.0f} of 60", "")
    crowd = figures["crowd"]
    say(
        f"a returning crowd of {crowd['readers']}, failed {crowd['failed']}",
        f"all live in {crowd['all_live_s']} s",
        "≤ 15 s",
    )


def usual_page(store: Store) -> dict[str, float]:
    """Serve the usual page over the same store under the same load; figures a viewer-minute."""
    port = streams.free_port()
    with tempfile.TemporaryFile() as log:
        server = Popen([sys.executable, "-m", "bench.usual_page", store.url, str(port)], stderr=log)
    writer = streams.Load(store.url, cases=20, readings=60)
    try:
        _wait(port)
        counts = {"bytes": 0, "answers": 0}
        stop = threading.Event()
        viewers = [
            threading.Thread(target=_view, args=(port, stop, counts)) for _ in range(USUAL_VIEWERS)
        ]
        cpu = streams.cpu_s(server.pid)
        begun = time.monotonic()
        for viewer in viewers:
            viewer.start()
        time.sleep(USUAL_S)
        cpu = streams.cpu_s(server.pid) - cpu
        minutes = USUAL_VIEWERS * (time.monotonic() - begun) / 60
        found = {
            "cpu_s": cpu / minutes,
            "mb": counts["bytes"] / minutes / 1e6,
            "answers": counts["answers"] / minutes,
        }
        stop.set()
        for viewer in viewers:
            viewer.join()
        return found
    finally:
        writer.stop()
        server.terminate()
        server.wait(20)


def _wait(port: int) -> None:
    for _ in range(300):
        try:
            _post(HTTPConnection("127.0.0.1", port, timeout=30))
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("the usual page did not start")


def _view(port: int, stop: threading.Event, counts: dict[str, int]) -> None:
    """Ask as the page's browser does: every second, and not before the last answer is there."""
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    while not stop.is_set():
        begun = time.monotonic()
        size = _post(connection)
        with _COUNTING:
            counts["bytes"] += size
            counts["answers"] += 1
        stop.wait(max(0.0, 1.0 - (time.monotonic() - begun)))
    connection.close()


def _post(connection: HTTPConnection) -> int:
    body: dict[str, Any] = BODY
    connection.request(
        "POST",
        "/_dash-update-component",
        orjson.dumps(body),
        {"Content-Type": "application/json"},
    )
    answer = connection.getresponse()
    data = answer.read()
    if answer.status != 200:
        raise RuntimeError(f"the usual page answered {answer.status}: {data[:300]!r}")
    return len(data)
