"""Walls commanded from the console, in real browsers: they follow without a new page."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page

from layouts.wall_geometry import Geometry
from tests.e2e.conftest import Watch
from tests.e2e.server import Server
from tests.e2e.walls import enrolled, hall, put_screen

__all__ = ["enrolled", "hall"]  # the fixtures

pytestmark = pytest.mark.e2e

SHOWS = "([scene, why]) => pingji.wall.scene === scene && pingji.wall.root.dataset.why === why"


def wait_for(wall: Page, scene: str | None, why: str) -> None:
    wall.wait_for_function(SHOWS, arg=[scene, why], timeout=30_000)


@pytest.fixture
def danger(server: Server) -> Iterator[Callable[[], None]]:
    """Let a road collapse, as the case platform tells it; in the end it is answered."""
    at = datetime.now(UTC) - timedelta(minutes=3)
    case = {
        "id": "E2E-COLLAPSE",
        "kind": "event",
        "subcategory": "0401",
        "source": "12345",
        "description": "路面塌陷，张先生 13800138000",
        "urgency": 2,
        "lon": 120.16,
        "lat": 30.27,
        "reported_at": at.isoformat(),
        "stage_at": at.isoformat(),
        "stage": "filed",
    }

    def tell(**more: Any) -> None:
        said = server.ask("/api/v1/ingest/cases", role="feed", body=[{**case, **more}])
        assert said["rejected"] == []

    yield tell
    now = datetime.now(UTC).isoformat()
    tell(stage="handled", stage_at=now, updated_at=now)


def console_of(sign_in: Callable[..., BrowserContext], server: Server, who: str) -> Page:
    page = sign_in(server, who).pages[0]
    page.wait_for_function("() => pingji.live.topic('screens').loaded", timeout=30_000)
    page.locator("body").press("w")
    page.wait_for_selector(".screens__card")
    return page


def choose(page: Page, *names: str) -> None:
    for name in names:
        page.click(f"[data-screen='{name}'].screens__card")
    page.wait_for_selector(".screens__chosen")


def knows(desk: Page, why: str, *names: str) -> None:
    """Wait until a console has what a wall shows already: it acts on what it knows."""
    for name in names:
        desk.wait_for_selector(f"[data-screen='{name}'].screens__card[data-why='{why}']")


def press(page: Page, word: str) -> None:
    page.locator(".screens__side button", has_text=word).first.click()


def test_screens_are_commanded_from_the_console(
    server: Server,
    hall: Callable[..., Page],
    sign_in: Callable[..., BrowserContext],
    danger: Callable[[], None],
) -> None:
    for name in ("cmd-a", "cmd-b"):
        put_screen(server, name, Geometry(), shown=None, hall="cmd")
    first, second = hall(server, "cmd-a"), hall(server, "cmd-b")
    for wall in (first, second):
        wall.evaluate("window.stayed = true")
    desk = console_of(sign_in, server, "supervisor")
    other = console_of(sign_in, server, "commander")

    # both at once, by keyboard, and back
    desk.focus("[data-screen='cmd-a'].screens__card")
    desk.keyboard.press("Space")
    desk.keyboard.press("ArrowRight")
    desk.keyboard.press("Space")
    press(desk, "黑屏")
    for wall in (first, second):
        wait_for(wall, None, "blank")
        assert wall.locator(".wall__stage").is_hidden()
    card = other.locator("[data-screen='cmd-a'].screens__card")
    card.locator(".screens__why", has_text="黑屏").wait_for(timeout=30_000)
    assert "监督员" in card.locator(".screens__since").inner_text()
    card.locator(".screens__state", has_text="在线").wait_for(timeout=30_000)
    knows(desk, "blank", "cmd-a", "cmd-b")
    press(desk, "下墙")
    for wall in (first, second):
        wait_for(wall, "routine", "routine")

    # guests come and go by one key, all screens of the hall at once
    desk.click("[data-hall='cmd']")
    for wall in (first, second):
        wait_for(wall, "reception", "reception")
    said = first.inner_text("#wall")
    assert "模拟数据" in said
    assert "超期" not in said
    desk.locator("[data-hall='cmd'][aria-pressed=true]").click()
    wait_for(first, "routine", "routine")
    knows(desk, "routine", "cmd-a", "cmd-b")

    # one is pinned: danger to life takes the other over, and stands at the edge of this one
    desk.click("[data-screen='cmd-b'].screens__card")
    press(desk, "锁定")
    wait_for(first, "routine", "pinned")
    danger()
    wait_for(second, "incident", "preempted")
    said = second.inner_text("#wall")
    assert "路面塌陷" in said
    assert "138" not in said
    assert "张" not in said
    first.wait_for_selector(".wall__strip-part", timeout=30_000)
    assert "路面塌陷" in first.inner_text("#wall-strip")
    assert first.evaluate("pingji.wall.scene") == "routine"

    # somebody knows: the wall is taken back by hand, the danger stays at its edge
    knows(other, "preempted", "cmd-b")
    other.click("[data-screen='cmd-b'].screens__card")
    press(other, "下墙")
    wait_for(second, "routine", "routine")
    assert "路面塌陷" in second.inner_text("#wall-strip")
    assert all(wall.evaluate("window.stayed") for wall in (first, second))


def test_pictures_that_were_sent_take_turns_on_the_wall(
    server: Server, hall: Callable[..., Page]
) -> None:
    put_screen(server, "cmd-c", Geometry(), shown=None, hall="cmd-c")
    wall = hall(server, "cmd-c")
    listed = server.ask("/api/v1/cameras?limit=200", role="commander")["items"]
    names = [it["id"] for it in listed if it["wall_allowed"] and it["status"] == "on"][:3]
    body = {"screens": [{"id": "cmd-c"}], "cameras": names}
    server.ask("/api/v1/screens/show", role="commander", body=body)
    wait_for(wall, "cameras", "sent")
    wall.wait_for_function(
        "() => document.querySelectorAll('.wall__camera .picture--shown').length === 3",
        timeout=30_000,
    )
    back = {"screens": [{"id": "cmd-c"}], "scene": None}
    server.ask("/api/v1/screens/show", role="commander", body=back)
    wait_for(wall, "routine", "routine")
    assert wall.locator(".wall__camera").count() == 0


def test_a_browser_enrolled_as_one_screen_is_not_another(
    server: Server, hall: Callable[..., Page], watch: Watch
) -> None:
    watch.expected.append("403")
    for name in ("cmd-d", "cmd-e"):
        put_screen(server, name, Geometry(), shown=None)
    page = hall(server, "cmd-d")
    page.goto(f"{server.url}/wall/cmd-e")
    page.wait_for_selector("#code")
    assert "cmd-d" in page.inner_text(".plain__wrong")


def test_any_scene_is_looked_at_as_it_would_be_on_a_screen(
    server: Server, sign_in: Callable[..., BrowserContext]
) -> None:
    put_screen(server, "cmd-f", Geometry(), shown=None)
    page = sign_in(server, "commander").pages[0]
    page.goto(f"{server.url}/wall-preview/incident?screen=cmd-f")
    page.wait_for_function("() => window.pingji?.wall?.scene === 'incident'", timeout=30_000)
    assert page.inner_text(".wall__preview") == "预览"
    page.goto(f"{server.url}/wall-preview/nothing?screen=cmd-f")
    page.wait_for_selector(".wall__missing:not([hidden])")
    assert "nothing" in page.inner_text(".wall__missing")
