"""The screens of one hall: how far apart their steps change.

``python -m bench hall``. Each screen is a page of its own in one Chromium, of the routine scene as
it is shipped; a change is the first frame after its step was put on, by the machine's clock.
"""

from collections.abc import Callable

from playwright.sync_api import sync_playwright

from bench.desk import ARGUMENTS, chromium, demo, seat, signed_in

SCREENS = 4
CHANGES = 4
WAIT_MS = 180_000
RECORD = """() => {
  window.changed = {};
  pingji.on("wall-step", () => requestAnimationFrame(() => {
    const last = pingji.wall.changes[pingji.wall.changes.length - 1];
    const due = pingji.wall.scene + " " + Math.round(last.at / 1000);
    window.changed[due] = window.changed[due] || Date.now();
  }));
}"""
ENOUGH = "(wanted) => Object.keys(window.changed).length >= wanted"

Say = Callable[[str, str, str], None]


def run(say: Say) -> None:
    """Measure, and say it beside the bar."""
    found = chromium()
    if found is None:
        say("hall", "not run", "Chromium is not installed")
        return
    with demo("--scale", "small") as server, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=found, args=ARGUMENTS)
        try:
            room = seat(browser, signed_in(browser, server), 1920, 1080)
            pages = [room.new_page() for _ in range(SCREENS)]
            for page in pages:
                page.goto(f"{server.url}/wall-preview/routine")
                page.wait_for_function("() => window.pingji?.wall?.changes.length > 0")
            for page in pages:
                page.evaluate(RECORD)
            for page in pages:
                page.wait_for_function(ENOUGH, arg=CHANGES, timeout=WAIT_MS)
            told: list[dict[str, int]] = [page.evaluate("window.changed") for page in pages]
        finally:
            browser.close()
    shared = set.intersection(*(set(one) for one in told))
    apart = sorted(max(one[due] for one in told) - min(one[due] for one in told) for due in shared)
    say(
        f"{SCREENS} screens of a hall, first to last at a change of step",
        f"median {apart[len(apart) // 2]}, most {apart[-1]} ms of {len(apart)}",
        "≤ 200 ms",
    )
