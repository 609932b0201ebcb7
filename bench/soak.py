"""Half an hour of changes in a real Chromium: what the page's memory does, and whether it stalls.

``make soak``; ``PINGJI_SOAK_MINUTES`` shortens it for a first look.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from bench.streams import free_port

MINUTES = 30.0
EARLY = 5.0
SPEED = 60
WATCH_STALLS = """
window.soak = { stalls: 0, worst: 0 };
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) {
    window.soak.stalls += 1;
    window.soak.worst = Math.max(window.soak.worst, entry.duration);
  }
}).observe({ type: "longtask" });
"""


def run(say: Callable[[str, str, str], None]) -> None:
    """Watch the console of a demonstration whose city runs a minute a second."""
    minutes = float(os.environ.get("PINGJI_SOAK_MINUTES", MINUTES))
    early = min(EARLY, minutes / 3)
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        say("soak", "not run", "Chromium is not installed")
        return
    with tempfile.TemporaryDirectory(prefix="pingji-soak-") as folder, sync_playwright() as driver:
        port = free_port()
        server = subprocess.Popen(
            [sys.executable, "-m", "dashboard", "demo", "--port", str(port), "--data", folder,
             "--scale", "small", "--speed", str(SPEED)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        try:
            _wait(port)
            page = browser.new_page(viewport={"width": 1920, "height": 1080})
            _sign_in(page, port, Path(folder))
            page.goto(f"http://127.0.0.1:{port}/console")
            page.wait_for_timeout(10_000)
            page.evaluate(WATCH_STALLS)
            begun = time.monotonic()
            page.wait_for_timeout(early * 60_000 - (time.monotonic() - begun) * 1000)
            first = _heap(page)
            page.wait_for_timeout(minutes * 60_000 - (time.monotonic() - begun) * 1000)
            last = _heap(page)
            stalls = page.evaluate("window.soak")
        finally:
            browser.close()
            server.terminate()
            server.wait(20)
    say(f"heap after {early:g} minutes", f"{first / 1e6:.1f} MB", "")
    say(
        f"heap after {minutes:g} minutes",
        f"{last / 1e6:.1f} MB",
        f"{last / first - 1:+.1%}, ≤ 10 %",
    )
    say("stalls over 50 ms", f"{stalls['stalls']}", f"longest {stalls['worst']:.0f} ms")


def _heap(page: Page) -> float:
    """The page's live heap, garbage collected, its worker's not counted."""
    session = page.context.new_cdp_session(page)
    session.send("HeapProfiler.collectGarbage")
    session.send("Performance.enable")
    metrics: list[dict[str, Any]] = session.send("Performance.getMetrics")["metrics"]
    session.detach()
    return next(float(one["value"]) for one in metrics if one["name"] == "JSHeapUsedSize")


def _sign_in(page: Page, port: int, folder: Path) -> None:
    told = json.loads((folder / "credentials.json").read_text())
    account = next(one for one in told["accounts"] if one["role"] == "supervisor")
    page.goto(f"http://127.0.0.1:{port}/login")
    page.fill("input[name=name]", account["name"])
    page.fill("input[name=password]", account["password"])
    page.press("input[name=password]", "Enter")
    page.wait_for_url("**/console")


def _wait(port: int) -> None:
    for _ in range(600):
        connection = HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", "/readyz")
            if connection.getresponse().status == 200:
                return
        except OSError:
            pass
        finally:
            connection.close()
        time.sleep(0.1)
    raise RuntimeError("the demonstration did not get ready")
