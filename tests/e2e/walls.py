"""The walls of a simulated city: screens put into its store, enrolled and opened in a browser."""

import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, BrowserContext, Page
from sqlalchemy import insert

from dashboard.accounts.enrol import make_code
from dashboard.accounts.manage import Actor
from data_access.commands import screens as commands
from data_access.queries import screens as queries
from data_access.store import Store
from data_access.tables import scene
from layouts.wall_geometry import GLYPH_SHARE, Geometry
from tests.e2e.conftest import Watch, new_context, repaint
from tests.e2e.looks import RECORD_CANVAS, texts
from tests.e2e.server import Server

PAINTED = """() => window.pingji && pingji.live && pingji.live.fresh() && pingji.wall.step >= 0
  && /^[0-9,]+$/.test(document.getElementById('figure-overdue')?.textContent || '')
  && document.querySelectorAll('.wall__row').length > 3"""


def store_of(server: Server) -> Store:
    return Store(f"sqlite:///{server.folder / 'pingji.sqlite'}")


def put_screen(
    server: Server,
    name: str,
    geometry: Geometry,
    *,
    shown: str | None = "routine",
    hall: str = "tests",
) -> None:
    store = store_of(server)
    with store.write() as writer:
        main = queries.find(writer.conn, screen_id="main")
        assert main is not None
        commands.put_screen(
            writer,
            screen_id=name,
            name=name,
            scope=main["scope"],
            scene_id=shown,
            geometry=geometry.as_json(),
            hall=hall,
        )
    store.dispose()


def put_scene(server: Server, name: str, *, seconds: int) -> None:
    store = store_of(server)
    with store.write() as writer:
        routine = queries.find_scene(writer.conn, scene_id="routine")
        assert routine is not None
        if queries.find_scene(writer.conn, scene_id=name) is None:
            content = json.loads(json.dumps(routine["content"]))
            for step in content["steps"]:
                step["seconds"] = seconds
            told = {"id": name, "purpose": "sent", "mode": "any", "content": content}
            values = {**routine, **told}
            writer.conn.execute(insert(scene).values(**values))
    store.dispose()


def code_for(server: Server, screen: str) -> str:
    """A code, made as that command makes it."""
    store = store_of(server)
    actor = Actor(name="test", role="", city_at=datetime.now(UTC))
    code = make_code(store, actor, screen)
    store.dispose()
    return code.digits


@pytest.fixture(scope="session")
def enrolled(browser: Browser) -> Iterator[dict[tuple[str, str], BrowserContext]]:
    """Browsers by server and screen: a wall stays enrolled, and what was fetched is kept."""
    contexts: dict[tuple[str, str], BrowserContext] = {}
    yield contexts
    for context in contexts.values():
        context.close()


@pytest.fixture
def hall(
    browser: Browser, enrolled: dict[tuple[str, str], BrowserContext], watch: Watch
) -> Iterator[Callable[..., Page]]:
    """Open a wall, enrolled by a code typed once; or, as a stranger, what stands before it."""
    opened: list[Page | BrowserContext] = []

    def make(
        server: Server,
        screen: str = "main",
        *,
        size: tuple[int, int] = (1920, 1080),
        known: bool = True,
        shows: str = PAINTED,
    ) -> Page:
        context = enrolled.get((server.url, screen)) if known else None
        if context is None:
            context = new_context(browser)
            context.add_init_script(RECORD_CANVAS)
            if known:
                enrolled[server.url, screen] = context
        page = context.new_page()
        opened.append(page if known else context)
        watch.over(page)
        page.set_viewport_size({"width": size[0], "height": size[1]})
        page.goto(f"{server.url}/wall/{screen}")
        if not known:
            return page
        page.wait_for_selector("#wall, #code", state="attached")
        if page.locator("#code").count():
            page.keyboard.type(code_for(server, screen))
            page.keyboard.press("Enter")
            page.wait_for_url(re.compile(f"/wall/{screen}$"))
        page.wait_for_function(shows)
        return page

    yield make
    for each in opened:
        each.close()


def turn_to(page: Page, step: int) -> None:
    """Let the server's time be in the middle of a step, as far as this page is concerned."""
    page.evaluate(
        """(step) => {
             const steps = pingji.wall.steps;
             const before = steps.slice(0, step).reduce((sum, s) => sum + s.seconds, 0);
             const at = (before + steps[step].seconds / 2) * 1000;
             pingji.wall.now = () => at;
             window.drawnText.length = 0;
             window.dispatchEvent(new Event("resize"));
           }""",
        step,
    )
    page.wait_for_function("(step) => pingji.wall.step === step", arg=step)
    repaint(page)


def check_letters(page: Page, geometry: Geometry) -> None:
    """Every letter of every step is large enough, stands out, is whole, and lies on no seam."""
    upright, level = geometry.seams()
    xs = [x * geometry.px_per_mm for x in upright]
    ys = [y * geometry.px_per_mm for y in level]
    for step in range(page.evaluate("pingji.wall.steps.length")):
        turn_to(page, step)
        found = texts(page, "#wall")
        assert len(found) > 15
        for text in found:
            glyph_mm = text["px"] * GLYPH_SHARE / geometry.px_per_mm
            assert glyph_mm >= geometry.glyph_mm - 0.05, (text["text"], glyph_mm)
            assert text["contrast"] >= 4.5, (text["text"], text["contrast"])
            for left, top, right, bottom in text["boxes"]:
                clipped_right = min(right, text["clip"][2])
                assert not any(left < x < clipped_right for x in xs), text["text"]
                assert not any(top < y < bottom for y in ys), text["text"]
                # a glyph's ink lies within 0.44 em of the middle of its line
                middle = (top + bottom) / 2
                assert middle + 0.44 * text["px"] <= text["clip"][3] + 1, ("cut", text["text"])
        drawn = page.evaluate("window.drawnText")
        mapped = page.locator("[data-panel=map]").is_visible()
        assert drawn or not mapped, "the map has no words"
        for text in drawn:
            glyph_mm = text["px"] * GLYPH_SHARE / geometry.px_per_mm
            assert glyph_mm >= geometry.glyph_mm - 0.05, text
            assert not any(text["left"] < x < text["right"] for x in xs), text
            half = text["px"] / 2
            assert not any(text["y"] - half < y < text["y"] + half for y in ys), text
