"""A real server, a real Chromium, and a page that may neither complain nor leave the house."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.conftest import ROOT

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
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
        with urllib.request.urlopen(request, timeout=20) as answer:
            return json.loads(answer.read())


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A headless Chromium."""
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        pytest.skip("no Chromium on this machine: install chromium to run the browser tests")
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield found
        found.close()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Server]:
    """One simulated city for all tests that leave it standing."""
    made = Server(tmp_path_factory.mktemp("city"))
    made.start()
    yield made
    made.stop()


@pytest.fixture
def mortal(tmp_path: Path, browser: Browser) -> Iterator[Server]:
    """A server for a test that kills it."""
    made = Server(tmp_path)
    made.start()
    yield made
    made.stop()


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


@pytest.fixture
def sign_in(browser: Browser, watch: Watch) -> Iterator[Callable[..., BrowserContext]]:
    """Make a browser of its own, signed in as an account of the demonstration."""
    contexts: list[BrowserContext] = []

    def make(
        server: Server,
        name: str = "supervisor",
        *,
        width: int = 1920,
        height: int = 1080,
        **more: Any,
    ) -> BrowserContext:
        context = browser.new_context(
            viewport={"width": width, "height": height}, has_touch=more.get("has_touch", False)
        )
        contexts.append(context)
        context.on("page", watch.over)
        for script in more.get("scripts", ()):
            context.add_init_script(script)
        page = context.new_page()
        base = more.get("base", server.url)
        page.goto(f"{base}/login")
        page.fill("#name", name)
        page.fill("#password", server.password(name))
        page.click(".plain__button")
        page.wait_for_url(re.compile(r"/(console|admin|tablet)"))
        return context

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def console(server: Server, sign_in: Callable[..., BrowserContext]) -> Page:
    """The console of the standing city, painted."""
    page = sign_in(server).pages[0]
    painted(page)
    return page


def painted(page: Page) -> None:
    """Wait until the stream has filled the figures, the list and the strip of feeds."""
    page.wait_for_function(
        "() => window.pingji && pingji.live && pingji.live.fresh()"
        " && /^[0-9,]+$/.test(document.getElementById('figure-open')?.textContent || '')"
        " && document.querySelectorAll('.case').length > 0"
        " && document.querySelectorAll('.feed').length > 0",
        timeout=30_000,
    )


def rows(page: Page, topic: str) -> dict[str, Any]:
    """What the stream's owner holds of a topic: {at, rows by id}."""
    told = page.evaluate("topic => pingji.live.dump(topic)", topic)
    return {"at": told["at"], "rows": {row[0]: row for row in told["rows"]}}


def assert_converges(page: Page, server: Server, topic: str, *, within_s: float = 12.0) -> None:
    """The page's rows become those of the store, row by row; the city goes on meanwhile."""
    deadline = time.monotonic() + within_s
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
