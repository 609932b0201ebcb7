"""A real server, a real Chromium, and a page that may neither complain nor leave the house."""

import json
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.conftest import ROOT

PATIENCE_S = 40.0
"""How long a machine that does other things as well may take for what a person sees at once."""

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARRIVED = re.compile(r"/(console|admin|tablet)")
FORGET = """if (!sessionStorage.getItem("opened")) {
  localStorage.clear();
  sessionStorage.setItem("opened", "once");
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


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """`pingji demo` in a process group of its own."""

    def __init__(self, folder: Path, *, speed: float | None = None) -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.speed = speed
        self.process: subprocess.Popen | None = None

    def start(self) -> None:
        command = [sys.executable, "-m", "dashboard", "demo", "--scale", "small"]
        command += ["--port", str(self.port), "--data", str(self.folder)]
        command += ["--speed", str(self.speed)] if self.speed else []
        environment = {k: v for k, v in os.environ.items() if not k.startswith("PINGJI_")}
        with (self.folder / "out.log").open("ab") as log:
            self.process = subprocess.Popen(
                command,
                cwd=ROOT,
                env=environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        deadline = time.monotonic() + 90
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                break
            try:
                with urllib.request.urlopen(f"{self.url}/readyz", timeout=2):
                    return
            except OSError:
                time.sleep(0.2)
        log_text = (self.folder / "out.log").read_text("utf-8")[-2000:]
        raise AssertionError(f"the server did not get ready:\n{log_text}")

    def opened(self) -> None:
        """Wait until the city holds what it opens with."""
        with closing(sqlite3.connect(self.folder / "pingji.sqlite")) as conn:
            states = "SELECT state FROM feed WHERE kind = 'simulator'"
            becomes(lambda: {row[0] for row in conn.execute(states)}, {"ok"})

    def copy_to(self, folder: Path) -> None:
        """Keep what the city holds now, for another server to go on from."""
        folder.mkdir(parents=True)
        shutil.copy2(self.folder / "credentials.json", folder)
        with (
            closing(sqlite3.connect(self.folder / "pingji.sqlite")) as ours,
            closing(sqlite3.connect(folder / "pingji.sqlite")) as theirs,
        ):
            ours.backup(theirs)

    def kill(self) -> None:
        """Kill -9 all of it at once."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                self.kill()

    def told(self) -> dict[str, Any]:
        return json.loads((self.folder / "credentials.json").read_text("utf-8"))

    def password(self, name: str) -> str:
        return next(a["password"] for a in self.told()["accounts"] if a["name"] == name)

    def token(self, role: str) -> str:
        return next(t["token"] for t in self.told()["tokens"] if t["role"] == role)

    def ask(self, path: str, *, role: str, body: object = None) -> Any:
        """Call the API with the token of a role."""
        request = urllib.request.Request(
            self.url + path,
            data=None if body is None else json.dumps(body).encode(),
            headers={
                "Authorization": f"Bearer {self.token(role)}",
                "Content-Type": "application/json",
            },
        )
        with urllib.request.urlopen(request, timeout=PATIENCE_S) as answer:
            return json.loads(answer.read())


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

    def request(self, request: Any) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in ("http", "https", "ws", "wss") and parts.hostname != "127.0.0.1":
            self.wrong.append(f"asked another host: {request.url}")

    def complain(self, kind: str, text: str) -> None:
        if kind in ("error", "warning") or "Content Security Policy" in text:
            self.wrong.append(f"{kind}: {text}")

    def left(self) -> list[str]:
        return [w for w in self.wrong if not any(re.search(e, w) for e in self.expected)]


@pytest.fixture
def watch() -> Iterator[Watch]:
    """Fails the test whose pages complain, break the policy or ask another host."""
    made = Watch()
    yield made
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
    ) -> Page:
        context = kept.get((server.url, name))
        if context is None:
            context = kept[server.url, name] = new_context(browser)
            first = context.new_page()
            watch.over(first)
            enter(first, server, name)
            first.close()
        page = context.new_page()
        pages.append(page)
        watch.over(page)
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


def becomes(ask: Callable[[], Any], wanted: Any, *, within_s: float = PATIENCE_S) -> None:
    """Ask until the answer is what is wanted; what it is instead fails the test."""
    deadline = time.monotonic() + within_s
    while (told := ask()) != wanted and time.monotonic() < deadline:
        time.sleep(0.1)
    assert told == wanted


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
