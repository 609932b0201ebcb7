"""A real server, a real Chromium, and a page that may neither complain nor leave the house."""

import re
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.e2e.server import PATIENCE_S, Server

NAMES = (
    "chromium-headless-shell",  # no window around the page costs a third less
    *("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"),
)
ARRIVED = re.compile(r"/(console|admin|tablet)")
FORGET = """if (!sessionStorage.getItem("opened")) {
  localStorage.clear();
  sessionStorage.setItem("opened", "once");
}"""
AS_FOUND = """() => {
  document.activeElement?.blur();
  if (window.pingji?.drawer?.open()) pingji.acts["close-detail"]();
  document.activeElement?.blur();
}"""
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A headless Chromium."""
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        pytest.skip("no Chromium on this machine: install chromium to run the browser tests")
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        expect.set_options(timeout=PATIENCE_S * 1000)
        yield found
        found.close()


@pytest.fixture(scope="session")
def newly_opened(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the city is kept as it was when it had opened: opening it takes half a minute."""
    return tmp_path_factory.mktemp("newly") / "opened"


@pytest.fixture(scope="session")
def server(
    tmp_path_factory: pytest.TempPathFactory, browser: Browser, newly_opened: Path
) -> Iterator[Server]:
    """One simulated city for all tests that leave it standing."""
    made = Server(tmp_path_factory.mktemp("city"))
    try:
        made.start()
        made.opened()
        made.copy_to(newly_opened)
        yield made
    finally:
        made.stop()


@pytest.fixture(scope="module")
def own_city(
    tmp_path_factory: pytest.TempPathFactory, server: Server, newly_opened: Path
) -> Iterator[Server]:
    """A city of the module's own, newly opened, for what would disturb the standing one."""
    folder = tmp_path_factory.mktemp("own") / "city"
    shutil.copytree(newly_opened, folder)
    made = Server(folder)
    try:
        made.start()
        yield made
    finally:
        made.stop()


@pytest.fixture
def mortal(own_city: Server) -> Server:
    """A server for a test that kills it; the next one finds it up again."""
    if own_city.process is None or own_city.process.poll() is not None:
        own_city.start()
    return own_city


class Watch:
    """What pages of a context did that they may not; expected complaints are named by pattern."""

    def __init__(self) -> None:
        self.wrong: list[str] = []
        self.expected: list[str] = []

    def over(self, page: Page) -> None:
        page.on("request", self.request)
        page.on("console", lambda said: self.complain(said.type, said.text))
        page.on("pageerror", lambda error: self.complain("error", f"uncaught: {error}"))

    @staticmethod
    def latest_over(watches: list["Watch"], page: Page) -> None:
        """Let each of several, one after the other, watch over a page that stays open."""
        page.on("request", lambda asked: [it.request(asked) for it in watches[-1:]])
        page.on("console", lambda said: [it.complain(said.type, said.text) for it in watches[-1:]])
        page.on(
            "pageerror",
            lambda error: [it.complain("error", f"uncaught: {error}") for it in watches[-1:]],
        )

    def request(self, request: Any) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in ("http", "https", "ws", "wss") and parts.hostname != "127.0.0.1":
            self.wrong.append(f"asked another host: {request.url}")

    def complain(self, kind: str, text: str) -> None:
        if kind in ("error", "warning") or "Content Security Policy" in text:
            self.wrong.append(f"{kind}: {text}")

    def left(self) -> list[str]:
        return [w for w in self.wrong if not any(re.search(e, w) for e in self.expected)]


@pytest.fixture(scope="session")
def watches() -> list[Watch]:
    """The watch of the test that runs, for pages that stay open from one test to the next."""
    return []


@pytest.fixture
def watch(watches: list[Watch]) -> Iterator[Watch]:
    """Fails the test whose pages complain, break the policy or ask another host."""
    made = Watch()
    watches.append(made)
    yield made
    watches.remove(made)
    assert made.left() == []


def new_context(browser: Browser, **more: Any) -> BrowserContext:
    """A browser of its own, that waits as long as is right here."""
    context = browser.new_context(**more)
    context.set_default_timeout(PATIENCE_S * 1000)
    return context


@pytest.fixture
def sign_in(browser: Browser, watch: Watch) -> Iterator[Callable[..., BrowserContext]]:
    """Make a browser that only this test has, signed in as an account of the demonstration."""
    contexts: list[BrowserContext] = []

    def make(
        server: Server,
        name: str = "supervisor",
        *,
        width: int = 1920,
        height: int = 1080,
        **more: Any,
    ) -> BrowserContext:
        context = new_context(
            browser,
            viewport={"width": width, "height": height},
            has_touch=more.get("has_touch", False),
        )
        contexts.append(context)
        context.on("page", watch.over)
        for script in more.get("scripts", ()):
            context.add_init_script(script)
        enter(context.new_page(), server, name, more.get("base", ""))
        return context

    yield make
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def kept(browser: Browser) -> Iterator[dict[tuple[str, str], BrowserContext]]:
    """Browsers by server and account: who signed in stays so, and what was fetched is kept."""
    contexts: dict[tuple[str, str], BrowserContext] = {}
    yield contexts
    for context in contexts.values():
        context.close()


@pytest.fixture
def visit(
    browser: Browser, kept: dict[tuple[str, str], BrowserContext], watch: Watch
) -> Iterator[Callable[..., Page]]:
    """Open a page where an account arrives; what earlier pages chose there is forgotten."""
    pages: list[Page] = []

    def make(
        server: Server,
        name: str = "supervisor",
        *,
        width: int = 1920,
        height: int = 1080,
        script: str = "",
        stay: list[Watch] | None = None,
    ) -> Page:
        context = kept.get((server.url, name))
        if context is None:
            context = kept[server.url, name] = new_context(browser)
            first = context.new_page()
            watch.over(first)
            enter(first, server, name)
            first.close()
        page = context.new_page()
        if stay is None:
            pages.append(page)
            watch.over(page)
        else:
            Watch.latest_over(stay, page)
        page.add_init_script(FORGET + script)
        page.set_viewport_size({"width": width, "height": height})
        page.goto(server.url)
        page.wait_for_url(ARRIVED)
        return page

    yield make
    for page in pages:
        page.close()


@pytest.fixture
def console(server: Server, visit: Callable[..., Page]) -> Page:
    """The console of the standing city, painted."""
    page = visit(server)
    painted(page)
    return page


@pytest.fixture(scope="module")
def standing(server: Server) -> Iterator[dict[tuple[str, str], Page]]:
    """Pages that stay open from test to test of a module, by account and size."""
    pages: dict[tuple[str, str], Page] = {}
    yield pages
    for page in pages.values():
        page.close()


@pytest.fixture
def glance(
    request: pytest.FixtureRequest,
    server: Server,
    visit: Callable[..., Page],
    standing: dict[tuple[str, str], Page],
    watches: list[Watch],
) -> Iterator[Callable[..., Page]]:
    """Give a page that stays open for tests that look and put back what they moved.

    Loading a console is most of what a test of it costs. After a failure the next test has a new one.
    """
    failed = request.session.testsfailed

    def make(name: str = "supervisor", *, width: int = 1920, height: int = 1080) -> Page:
        key = (name, f"{width}x{height}")
        if key not in standing:
            standing[key] = visit(server, name, width=width, height=height, stay=watches)
        page = standing[key]
        page.evaluate(AS_FOUND)
        page.mouse.move(0, 0)  # a list under the pointer stands still
        return page

    yield make
    if request.session.testsfailed > failed:
        while standing:
            standing.popitem()[1].close()


def enter(page: Page, server: Server, name: str, base: str = "") -> None:
    """Sign in as an account of the demonstration."""
    page.goto(f"{base or server.url}/login")
    page.fill("#name", name)
    page.fill("#password", server.password(name))
    page.click(".plain__button")
    page.wait_for_url(ARRIVED)


def painted(page: Page) -> None:
    """Wait until the stream has filled the figures, the list and the strip of feeds."""
    page.wait_for_function(
        "() => window.pingji && pingji.live && pingji.live.fresh()"
        " && /^[0-9,]+$/.test(document.getElementById('figure-open')?.textContent || '')"
        " && document.querySelectorAll('.case').length > 0"
        " && document.querySelectorAll('.feed').length > 0",
    )


def repaint(page: Page, times: int = 2) -> None:
    """Let the page paint what it knows by now."""
    page.evaluate(
        """async (times) => {
          for (let n = 0; n < times; n += 1) {
            const before = pingji.paint.paintedAt();
            pingji.emit("changed");
            await new Promise((done) => {
              const look = () =>
                pingji.paint.paintedAt() === before ? setTimeout(look, 10) : done();
              look();
            });
          }
        }""",
        times,
    )


def rows(page: Page, topic: str) -> dict[str, Any]:
    """What the stream's owner holds of a topic: {at, rows by id}."""
    told = page.evaluate("topic => pingji.live.dump(topic)", topic)
    return {"at": told["at"], "rows": {row[0]: row for row in told["rows"]}}


def assert_converges(page: Page, topic: str) -> None:
    """The page's rows become those of the store, row by row; the city goes on meanwhile."""
    deadline = time.monotonic() + PATIENCE_S
    held: dict[str, Any] = {}
    stored: dict[str, Any] = {}
    while time.monotonic() < deadline:
        held = rows(page, topic)
        told = page.evaluate(
            "([topic, at]) => fetch(`/api/v1/snapshot/${topic}?seq=${at}`).then(a => a.json())",
            [topic, held["at"]],
        )
        stored = {row[0]: row for row in told["rows"]}
        if held["rows"] == stored:
            return
        time.sleep(0.1)
    differing = [
        k for k in held["rows"].keys() | stored.keys() if held["rows"].get(k) != stored.get(k)
    ]
    raise AssertionError(f"{topic}: {len(differing)} rows differ, e.g. {differing[:3]}")
