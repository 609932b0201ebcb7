"""The wall in a real browser: enrolled once, read at ten metres, and never in need of a hand."""

import re
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from layouts.wall_geometry import Geometry
from tests.conftest import ROOT
from tests.e2e.conftest import Watch
from tests.e2e.server import Server, becomes
from tests.e2e.walls import PAINTED, check_letters, enrolled, hall, put_scene, put_screen

__all__ = ["enrolled", "hall"]  # the fixtures

pytestmark = pytest.mark.e2e

HALLS = {
    "1920x1080": Geometry(width_mm=6000, pixels=(1920, 1080)),
    "3840x2160": Geometry(width_mm=6000, pixels=(3840, 2160)),
    "7680x2160": Geometry(width_mm=12000, pixels=(7680, 2160)),
    "5760x1080": Geometry(width_mm=3633, pixels=(5760, 1080), columns=3, seam_mm=3.5, seat_m=6),
    "7680x2160-2x4": Geometry(
        width_mm=4844, pixels=(7680, 2160), rows=2, columns=4, seam_mm=3.5, seat_m=6
    ),
}


def at_the_server(server: Server, *words: str) -> str:
    """Give an administrator's command there; gives what it says."""
    done = subprocess.run(
        [sys.executable, "-m", "dashboard", *words],
        cwd=ROOT,
        env={"PINGJI_DATA_DIR": str(server.folder), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return done.stdout.strip()


def test_a_wall_is_enrolled_by_a_code_typed_once(
    server: Server, hall: Callable[..., Page], watch: Watch
) -> None:
    watch.expected.append("401")
    page = hall(server, known=False)
    assert page.url.endswith("/wall/main")
    assert page.locator("input[type=password]").count() == 0
    assert page.evaluate("document.activeElement.id") == "code"
    page.keyboard.type("00000000")
    page.keyboard.press("Enter")
    page.wait_for_selector(".plain__wrong")
    code = at_the_server(server, "screen", "code", "main")
    page.keyboard.type(code)
    page.keyboard.press("Enter")
    page.wait_for_function(PAINTED)
    assert page.url == f"{server.url}/wall/main"
    cookie = next(c for c in page.context.cookies() if c["name"] == "pingji_session")
    assert cookie["httpOnly"]
    assert cookie["expires"] - time.time() > 80 * 86400
    assert page.evaluate("document.cookie.includes('pingji_session')") is False
    again = hall(server, known=False)
    again.keyboard.type(code)
    again.keyboard.press("Enter")
    again.wait_for_selector(".plain__wrong")


def test_the_demonstration_is_one_press_away(server: Server, hall: Callable[..., Page]) -> None:
    page = hall(server, known=False)
    page.click(".plain__pick")
    page.wait_for_function(PAINTED)


@pytest.mark.parametrize("size", HALLS)
def test_every_letter_is_read_from_the_farthest_seat(
    server: Server, hall: Callable[..., Page], size: str
) -> None:
    geometry = HALLS[size]
    put_screen(server, "measured", geometry)
    page = hall(server, "measured", size=geometry.pixels)
    check_letters(page, geometry)


def test_nothing_on_a_wall_can_be_pressed_or_scrolled(
    server: Server, hall: Callable[..., Page]
) -> None:
    page = hall(server)
    pressed = page.locator("#wall button, #wall a, #wall input, #wall [data-act]")
    assert pressed.count() == 0
    told = page.evaluate(
        """() => {
             const root = document.documentElement;
             return {
               cursor: getComputedStyle(document.body).cursor,
               scrolls: [...document.querySelectorAll("#wall, #wall *")].filter((e) =>
                 ["auto", "scroll"].includes(getComputedStyle(e).overflowY)).length,
               page: root.scrollHeight <= innerHeight && root.scrollWidth <= innerWidth,
             };
           }"""
    )
    assert told == {"cursor": "none", "scrolls": 0, "page": True}
    assert page.locator("#wall img, #wall video").count() == 0


def test_a_wall_tells_zone_clock_and_that_it_is_simulated(
    server: Server, hall: Callable[..., Page]
) -> None:
    page = hall(server)
    said = page.inner_text("#wall")
    assert "模拟数据" in said
    assert "UTC+8 Asia/Shanghai" in said
    assert "审图号" in said
    first = page.inner_text("#header-clock")
    page.wait_for_function(
        "(before) => document.getElementById('header-clock').textContent !== before", arg=first
    )


def test_a_wall_shows_no_words_of_a_case(server: Server, hall: Callable[..., Page]) -> None:
    page = hall(server)
    said = page.inner_text("#wall")
    held = page.evaluate("pingji.live.dump('cases')")
    for row in held["rows"][:200]:
        assert row[0] not in said


def test_the_same_figure_is_the_same_number(
    server: Server, hall: Callable[..., Page], visit: Callable[..., Page]
) -> None:
    wall = hall(server)
    console = visit(server)
    console.wait_for_function(
        "() => /^[0-9,]+$/.test(document.getElementById('figure-open')?.textContent || '')"
    )
    ids = ("figure-open", "figure-overdue", "figure-filed-today", "figure-closed-today")
    ask = "(ids) => ids.map((id) => document.getElementById(id).textContent)"
    becomes(lambda: wall.evaluate(ask, ids) == console.evaluate(ask, ids), True)


def test_the_screens_of_a_hall_change_by_one_clock(
    server: Server, hall: Callable[..., Page]
) -> None:
    """How far apart they are on a machine that does nothing else, `make bench-hall` measures."""
    put_scene(server, "quick", seconds=5)
    put_screen(server, "left", Geometry(), shown="quick")
    put_screen(server, "right", Geometry(), shown="quick")
    pages = [hall(server, "left"), hall(server, "right")]

    def apart() -> bool:  # both on this machine's clock: what each takes the server's time to be
        ahead = [page.evaluate("pingji.wall.now() - Date.now()") for page in pages]
        return abs(ahead[0] - ahead[1]) <= 200

    becomes(apart, True)
    for page in pages:
        page.wait_for_function("() => pingji.wall.changes.length >= 3")
        steps = page.evaluate("pingji.wall.steps.length")
        changes = page.evaluate("pingji.wall.changes.filter((one) => one.at !== null)")
        assert [it["step"] for it in changes] == [int(it["at"] // 5000) % steps for it in changes]


def test_what_the_store_sends_to_a_screen_is_shown(
    server: Server, hall: Callable[..., Page]
) -> None:
    put_scene(server, "quick", seconds=5)
    put_screen(server, "sent", Geometry())
    page = hall(server, "sent")
    assert page.evaluate("pingji.wall.scene") == "routine"
    page.evaluate("window.stayed = true")
    put_screen(server, "sent", Geometry(), shown="quick")
    page.wait_for_function("() => pingji.wall.scene === 'quick'")
    assert page.evaluate("window.stayed"), "it was on the page already"
    put_scene(server, "newest", seconds=5)
    put_screen(server, "sent", Geometry(), shown="newest")
    page.wait_for_function("() => window.pingji?.wall?.scene === 'newest'")


def test_a_screen_that_is_not_there_says_so(server: Server, visit: Callable[..., Page]) -> None:
    page = visit(server)
    page.goto(f"{server.url}/wall/nowhere")
    page.wait_for_selector(".wall__missing")
    assert "nowhere" in page.inner_text(".wall__missing")


def test_a_wall_outlives_its_server(
    mortal: Server, hall: Callable[..., Page], watch: Watch
) -> None:
    watch.expected += ["ERR_", "Failed to load resource", "EventSource"]
    page = hall(mortal)
    page.evaluate("window.stayed = true")
    page.wait_for_function("() => document.getElementById('wall-note').textContent === ''")
    mortal.kill()
    page.wait_for_function("() => document.getElementById('wall-note').textContent !== ''")
    assert re.search(r"连接中断 · \d\d:\d\d:\d\d 的画面", page.inner_text("#wall-note"))
    kept = page.inner_text("#figure-closed-today")  # what had come last, and it may come till then
    assert int(kept.replace(",", "")) > 0
    assert page.locator(".wall__row").count() > 3
    page.evaluate("pingji.live.renew()")  # a new build, and nobody there to give it
    page.wait_for_timeout(4000)
    assert page.evaluate("window.stayed") is True
    assert page.inner_text("#figure-closed-today") == kept
    mortal.start()
    page.wait_for_function("() => window.stayed === undefined")
    page.wait_for_function(PAINTED)
    # a city that goes on says until then that no number is whole yet
    becomes(lambda: page.inner_text("#wall-note"), "")


def test_a_screen_taken_back_asks_for_a_code_again(
    server: Server, hall: Callable[..., Page], watch: Watch
) -> None:
    watch.expected += ["401", "EventSource"]
    put_screen(server, "lent", Geometry())
    page = hall(server, "lent")
    at_the_server(server, "screen", "unenrol", "lent")
    page.wait_for_selector("#code", timeout=60_000)
    assert page.url.endswith("/wall/lent")


def test_nothing_burns_in(server: Server, hall: Callable[..., Page]) -> None:
    page = hall(server)
    places: set[Any] = set()
    for minute in range(12):
        page.evaluate(
            "(at) => { pingji.wall.now = () => at; window.dispatchEvent(new Event('resize')); }",
            minute * 60_000,
        )
        box = page.evaluate(
            "() => { const b = document.getElementById('wall-stage').getBoundingClientRect();"
            " return [b.left, b.top]; }"
        )
        places.add(tuple(box))
        em = page.evaluate("pingji.wall.em")
        assert max(abs(box[0]), abs(box[1])) <= 0.2 * em
    assert len(places) >= 6
