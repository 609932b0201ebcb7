"""The console of the whole city in a real Chromium: how soon, how smooth, how much.

``python -m bench browser``. Two cores, no GPU: server, writer, a hundred viewers and the browser
share them. *Painted* is the first task after the frame in which document and canvas were written
from rows at or above a commit's number. ``PINGJI_BENCH_STALL_MINUTES=5`` watches for stalls as
long as the bar says; by default a minute.
"""

import os
import statistics
import time
from collections.abc import Callable
from contextlib import closing
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright
from playwright.sync_api import Error as BrowserError

from bench import browser_scripts as scripts
from bench.city_load import CityLoad
from bench.desk import ARGUMENTS, Demo, chromium, demo, seat, signed_in
from bench.streams import TOPICS, latencies_ms
from bench.viewers import Viewers
from bench.wire import Wire

FULL_HD, UHD = (1920, 1080), (3840, 2160)
VIEWERS = 100
PAINT_S = 30.0
STALL_MINUTES = 1.0
COLD_STARTS = 5
PAN_S = 4.0
OPENED_S, HISTORY_S, DRAWN_S = 120.0, 240.0, 60.0
CENTRE, ZOOM = (30.26, 120.17), 11
CHARTS = 6

Say = Callable[[str, str, str], None]


def run(say: Say) -> None:
    """Measure every bar of the screen, and say each beside it."""
    found = chromium()
    if found is None:
        say("browser", "not run", "Chromium is not installed")
        return
    with demo("--scale", "hangzhou") as server, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=found, args=ARGUMENTS)
        try:
            opened(server, say)
            state = signed_in(browser, server)
            cold(browser, state, server, say)
            charts(browser, state, server, say)
            viewers = Viewers(server.address, server.token("leader"), ",".join(TOPICS), VIEWERS)
            load = CityLoad(server.database_url)
            try:
                busy(browser, state, server, load, FULL_HD, say)
                busy(browser, state, server, load, UHD, say)
            finally:
                load.stop()
                viewers.close()
        finally:
            browser.close()


def opened(server: Demo, say: Say) -> None:
    """Wait for the whole city and for the history behind it, which would share the cores."""
    took = server.wait(lambda: _open_cases(server) > 5_000, OPENED_S, "did not open")
    say("the demonstration open, with its last 24 hours", f"{took:.1f} s", "≤ 20 s")
    try:
        server.wait(lambda: _history_is_in(server), HISTORY_S, "had not all its history")
    except RuntimeError as problem:
        say("  (its history)", "goes on", str(problem))


def _open_cases(server: Demo) -> int:
    told = server.ask("/api/v1/snapshot/cases", "leader")
    return len(told["rows"]) if told else 0


def _history_is_in(server: Demo) -> bool:
    told = server.ask("/api/v1/snapshot/feeds", "leader")
    if not told:
        return False
    at = {name: n for n, name in enumerate(told["columns"])}
    rows = [row for row in told["rows"] if "历史" in (row[at["name"]] or "")]
    return bool(rows) and all("%" not in (row[at["message"]] or "") for row in rows)


def cold(browser: Browser, state: dict[str, Any], server: Demo, say: Say) -> None:
    """From an address typed to all points drawn, with nothing cached; and the bytes of it."""
    with closing(Wire(server.address)) as wire:
        _enter(browser, state, wire.url, FULL_HD).close()
        size = wire.received / 1e6
    took = []
    for _ in range(COLD_STARTS):
        page = _enter(browser, state, server.url, FULL_HD)
        took.append(page.evaluate("() => window.bench.drawnAt") / 1000)
        page.context.close()
    middle, worst = statistics.median(took), max(took)
    say("cold console → all points drawn", f"median {middle:.2f} s, worst {worst:.2f} s", "≤ 3 s")
    say("  on the wire, compressed", f"{size:.2f} MB", "≤ 3 MB")


def charts(browser: Browser, state: dict[str, Any], server: Demo, say: Say) -> None:
    """From a station opened to its chart drawn: the first of a page, and those after it."""
    page = _enter(browser, state, server.url, FULL_HD)
    page.wait_for_timeout(8_000)  # the page fetches the chart's script once it is at rest
    took: list[float] = page.evaluate(scripts.CHARTS, CHARTS)
    page.context.close()
    later = took[1:]
    say("first chart", f"{took[0]:.0f} ms", "≤ 400 ms")
    say(
        "  later ones",
        f"median {statistics.median(later):.0f}, most {max(later):.0f} ms",
        "≤ 80 ms",
    )


def busy(
    browser: Browser,
    state: dict[str, Any],
    server: Demo,
    load: CityLoad,
    size: tuple[int, int],
    say: Say,
) -> None:
    """Commit → painted, stalls and frames at city load; the bars hold for Full HD."""
    barred = size == FULL_HD
    name = f"{size[0]}×{size[1]}"
    page = _enter(browser, state, server.url, size)
    page.wait_for_timeout(3_000)
    found = painted(page, load)
    say(
        f"commit → painted, {VIEWERS} viewers beside, {name}",
        f"median {found[0]:.0f} ms, p95 {found[1]:.0f} ms of {found[2]:,}",
        "p95 ≤ 100 ms" if barred else "no bar",
    )
    if barred:
        minutes = float(os.environ.get("PINGJI_BENCH_STALL_MINUTES", STALL_MINUTES))
        page.evaluate(scripts.FORGET_STALLS)
        page.wait_for_timeout(minutes * 60_000)
        stalls = page.evaluate("() => window.bench.stalls")
        worst = max(stalls, default=0)
        say(
            f"stalls over 50 ms in {minutes:g} min, charts closed, {name}",
            f"{len(stalls)}, longest {worst:.0f} ms",
            "none in 5 min",
        )
    for what, act in (("pan", pan), ("zoom", zoom)):
        frames = act(page)
        rate = 1000 * len(frames) / sum(frames)
        slow = sorted(frames)[int(len(frames) * 0.95)]
        bar = "≥ 30 frames a second" if barred else "no bar"
        say(f"{what}, {name}", f"{rate:.0f} a second, p95 {slow:.0f} ms apart", bar)
    page.context.close()


def painted(page: Page, load: CityLoad) -> tuple[float, float, int]:
    """Median, p95 and number of commits, each to its picture, in ms."""
    offset = _clock_offset_ms(page)
    load.taken()
    page.evaluate("() => { window.bench.paints = []; }")
    time.sleep(PAINT_S)
    commits = load.taken()
    page.wait_for_timeout(1_000)
    paints = page.evaluate(scripts.TAKE_PAINTS)
    frames = [(int(seq), (at + offset) / 1000) for seq, at in paints]
    found = latencies_ms(commits, [frames])
    if len(found) < len(commits) * 0.95 or not found:
        raise RuntimeError(f"of {len(commits)} commits only {len(found)} were painted")
    return statistics.median(found), found[int(len(found) * 0.95)], len(found)


def _clock_offset_ms(page: Page) -> float:
    """What is to be added to the page's clock to get this process's, by the shortest of many."""
    best = (float("inf"), 0.0)
    for _ in range(30):
        before = time.time() * 1000
        there = page.evaluate("() => performance.timeOrigin + performance.now()")
        after = time.time() * 1000
        best = min(best, (after - before, (before + after) / 2 - there))
    return best[1]


def pan(page: Page) -> list[float]:
    """Drag the map to and fro; gives the ms between frames."""
    box = _look(page)
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.evaluate(scripts.COUNT_FRAMES)
    until, step = time.monotonic() + PAN_S, 0
    while time.monotonic() < until:
        along = step % 120
        step += 1
        far = (along if along < 60 else 120 - along) * 6
        page.mouse.move(x - far, y + far / 3)
    frames = _frames(page)
    page.mouse.up()
    return frames


def zoom(page: Page) -> list[float]:
    """Turn the wheel in and out; gives the ms between frames."""
    box = _look(page)
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.evaluate(scripts.COUNT_FRAMES)
    for by in (-240, -240, 240, 240, -240, 240):
        page.mouse.wheel(0, by)
        page.wait_for_timeout(600)
    return _frames(page)


def _look(page: Page) -> dict[str, float]:
    page.evaluate(scripts.LOOK, [*CENTRE, ZOOM])
    page.wait_for_timeout(500)
    box = page.locator("#map").bounding_box()
    assert box is not None
    return dict(box)


def _frames(page: Page) -> list[float]:
    frames: list[float] = page.evaluate("() => window.bench.endFrames()")
    if len(frames) < 10:
        raise RuntimeError(f"only {len(frames)} frames were counted")
    return frames


def _enter(browser: Browser, state: dict[str, Any], url: str, size: tuple[int, int]) -> Page:
    """Open the console with an empty cache, and wait until all its points are drawn."""
    context = seat(browser, state, *size)
    try:
        page = context.new_page()
        page.add_init_script(scripts.WATCH)
        page.goto(f"{url}/console", wait_until="commit")
        page.wait_for_function("() => window.bench && window.bench.drawnAt", timeout=DRAWN_S * 1000)
    except BrowserError:
        context.close()
        raise
    return page
