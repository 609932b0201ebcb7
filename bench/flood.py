"""A storm's flood at the console: 658 stations raise alerts, and what one acknowledges others see.

The whole city, two consoles in a real Chromium. All alerts come within a minute, ten times as fast
as the storm that is asked for: how long the page stands still, how many rows the queue makes of
them, and where their cause stands. Then one console acknowledges, and the other's clock is read
when it shows it.
"""

import json
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from typing import Any

from playwright.sync_api import Page, sync_playwright

from bench import browser_scripts as scripts
from bench.desk import ARGUMENTS, Demo, chromium, demo, seat, signed_in

RIVERS, RAINS, OUTLETS = 109, 149, 400
STATIONS = RIVERS + RAINS + OUTLETS
STEPS = 60
SETTLED_S = 60.0
OPENED_S, REST_S = 120.0, 60.0
ACKNOWLEDGED = 15

Say = Callable[[str, str, str], None]
Record = dict[str, Any]

WATCH_ACKNOWLEDGED = """
(id) => new Promise((resolve) => {
  const look = () => {
    const alert = window.pingji.alerts.get(id);
    if (!alert || alert.acknowledged) resolve(performance.timeOrigin + performance.now());
    else requestAnimationFrame(look);
  };
  look();
})
"""
ACKNOWLEDGE = """
(id) => {
  window.pingji.queueActs.acknowledge([window.pingji.alerts.get(id)]);
  return performance.timeOrigin + performance.now();
}
"""
ROWS = "() => window.pingji.queue.entries().filter((it) => it.kind === 'group' || it.level === 1)"
KNOWN = "() => [...window.pingji.alerts.all.values()].filter((it) => it.subject.startsWith('FL'))"


def run(say: Say) -> None:
    """Measure both."""
    found = chromium()
    if found is None:
        say("flood", "not run", "Chromium is not installed")
        return
    with demo("--scale", "hangzhou") as server, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=found, args=ARGUMENTS)
        try:
            server.wait(lambda: _open_cases(server) > 5_000, OPENED_S, "did not open")
            pages = []
            for role in ("supervisor", "commander"):
                context = seat(browser, signed_in(browser, server, role), 1920, 1080)
                context.add_init_script(scripts.WATCH)
                pages.append(context.new_page())
                pages[-1].goto(f"{server.url}/console")
                pages[-1].wait_for_function("() => window.bench.drawnAt > 0", timeout=60_000)
            time.sleep(REST_S)  # the pages are at rest, and the city has judged its opening state
            flood(server, pages[0], say)
            acknowledged(pages, say)
        finally:
            browser.close()


def flood(server: Demo, page: Page, say: Say) -> None:
    """Raise all within a minute; say the stalls, the rows, and that none was lost."""
    began = datetime.now(UTC)
    send(server, "stations", stations(began))
    send(server, "warnings", [warning(began)])
    page.evaluate(scripts.FORGET_STALLS)
    for step in range(STEPS):
        due = time.monotonic() + 1
        send(server, "readings", list(readings(step, datetime.now(UTC))))
        time.sleep(max(0.0, due - time.monotonic()))
    page.wait_for_function(f"() => ({KNOWN})().length >= {STATIONS}", timeout=1000 * SETTLED_S)
    page.wait_for_timeout(2_000)
    stalls = page.evaluate("() => window.bench.stalls")
    say(
        f"{STATIONS} alerts in a minute: stalls over 50 ms",
        f"{len(stalls)}, longest {max(stalls, default=0):.0f} ms",
        "none",
    )
    groups = page.evaluate(f"() => new Set(({KNOWN})().map((it) => it.group)).size")
    say("  groups of them", str(groups), "≤ 10")
    subjects = page.evaluate(
        f"() => ({ROWS})().slice(0, 3).map((it) => it.kind === 'group'"
        " ? it.group.alerts[0].subject : window.pingji.alerts.get(it.id).subject)"
    )
    place = subjects.index("FLW") + 1 if "FLW" in subjects else 0
    say("  their cause stands", f"{place}." if place else "further down", "among the first three")


def acknowledged(pages: list[Page], say: Say) -> None:
    """From the key pressed at one console to the other showing it."""
    one, other = pages
    ids: list[str] = one.evaluate(
        # what other departments answer for is handed on, not acknowledged
        f"() => ({KNOWN})().filter((it) => !it.acknowledged)"
        ".filter((it) => !window.pingji.alerts.isTransfer(it)).map((it) => it.id)"
    )
    took = []
    for name in ids[:ACKNOWLEDGED]:
        other.evaluate(f"(id) => {{ window.seen = ({WATCH_ACKNOWLEDGED})(id); }}", name)
        pressed = one.evaluate(ACKNOWLEDGE, name)
        took.append(other.evaluate("() => window.seen") - pressed)
        other.wait_for_timeout(300)
    say(
        f"acknowledged at one console → shown at another, {len(took)} times",
        f"median {statistics.median(took):.0f}, most {max(took):.0f} ms",
        "≤ 1,000 ms",
    )


def send(server: Demo, kind: str, records: list[Record]) -> None:
    """Hand records to the API; raises RuntimeError where any is refused."""
    connection = HTTPConnection(*server.address, timeout=60)
    headers = {
        "Authorization": f"Bearer {server.token('feed')}",
        "Content-Type": "application/json",
    }
    try:
        connection.request("POST", f"/api/v1/ingest/{kind}", json.dumps(records), headers)
        told = json.loads(connection.getresponse().read())
    finally:
        connection.close()
    if told.get("rejected", True):
        raise RuntimeError(f"{kind} were refused: {str(told)[:300]}")


def stations(now: datetime) -> list[Record]:
    """658 stations, as many as the city has of these kinds; rivers share names and basins."""
    river = {"datum": "1985", "thresholds": {"level": {"warning": 3.0, "guarantee": 4.0}}}
    made: list[Record] = [
        _station(f"FLR{n}", "river", n, now)
        | river
        | {"river": f"河{n % 24}", "basin": f"流域{n % 3}"}
        for n in range(RIVERS)
    ]
    made += [_station(f"FLP{n}", "rain", n, now) for n in range(RAINS)]
    limits = {"thresholds": {"w01018": {"high": 50}}}
    return made + [_station(f"FLE{n}", "emission", n, now) | limits for n in range(OUTLETS)]


def warning(now: datetime) -> Record:
    """The red signal that is the cause of it all."""
    return {
        "id": "FLW",
        "event": "暴雨",
        "headline": "发布暴雨红色预警信号",
        "sender": "市气象台",
        "sent": now.isoformat(),
        "status": "actual",
        "msg_type": "alert",
        "colour": "red",
        "areas": [{"desc": "杭州市", "jurisdiction": "330100"}],
    }


def readings(step: int, now: datetime) -> Iterator[Record]:
    """What each step's stations measure: over the line, and outlets in the hour that is past."""
    for n in range(step, RIVERS, STEPS):
        yield _reading(f"FLR{n}", "level", 3.05, now)
    for n in range(step, RAINS, STEPS):
        yield _reading(f"FLP{n}", "rain", 25, now)
    hour = (now - timedelta(minutes=5)).replace(minute=0, second=0, microsecond=0)
    for n in range(step, OUTLETS, STEPS):
        for before in (40, 20):
            at = hour - timedelta(minutes=before)
            yield _reading(f"FLE{n}", "w01018", 70 + before / 10, at)


def _station(name: str, kind: str, n: int, now: datetime) -> Record:
    return {
        "id": name,
        "kind": kind,
        "name": name,
        "lon": 120.0 + n % 40 / 100,
        "lat": 30.1 + n % 31 / 100,
        "updated_at": now.isoformat(),
    }


def _reading(name: str, factor: str, value: float, at: datetime) -> Record:
    return {"station": name, "factor": factor, "at": at.isoformat(), "value": value}


def _open_cases(server: Demo) -> int:
    told = server.ask("/api/v1/snapshot/cases", "leader")
    return len(told["rows"]) if told else 0
