"""Half an hour of changes in a real Chromium: what the page's memory does, and whether it stalls.

``make soak``; ``PINGJI_SOAK_MINUTES`` shortens it for a first look. The city runs a minute a
second, so that half an hour is more than a day of it.
"""

import os
import time
from collections.abc import Callable

from playwright.sync_api import sync_playwright

from bench import browser_scripts as scripts
from bench.desk import ARGUMENTS, chromium, demo, heap_bytes, seat, signed_in

MINUTES = 30.0
EARLY = 5.0
SPEED = 60
AT_REST_MS = 10_000


def run(say: Callable[[str, str, str], None]) -> None:
    """Watch the console of a demonstration whose city runs a minute a second."""
    minutes = float(os.environ.get("PINGJI_SOAK_MINUTES", MINUTES))
    early = min(EARLY, minutes / 3)
    found = chromium()
    if found is None:
        say("soak", "not run", "Chromium is not installed")
        return
    with (
        demo("--scale", "small", "--speed", str(SPEED)) as server,
        sync_playwright() as driver,
    ):
        browser = driver.chromium.launch(executable_path=found, args=ARGUMENTS)
        try:
            page = seat(browser, signed_in(browser, server), 1920, 1080).new_page()
            page.add_init_script(scripts.WATCH)
            page.goto(f"{server.url}/console")
            page.wait_for_timeout(AT_REST_MS)
            page.evaluate(scripts.FORGET_STALLS)
            begun = time.monotonic()
            page.wait_for_timeout(early * 60_000)
            first = heap_bytes(page)
            page.wait_for_timeout(minutes * 60_000 - (time.monotonic() - begun) * 1000)
            last = heap_bytes(page)
            stalls = page.evaluate("() => window.bench.stalls")
        finally:
            browser.close()
    say(f"heap after {early:g} minutes", f"{first / 1e6:.1f} MB", "")
    say(
        f"heap after {minutes:g} minutes",
        f"{last / 1e6:.1f} MB",
        f"{last / first - 1:+.1%}, ≤ 10 %",
    )
    say("stalls over 50 ms", f"{len(stalls)}", f"longest {max(stalls, default=0):.0f} ms")
