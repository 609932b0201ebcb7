"""A demonstration of the bench's own and a real Chromium that sits at its console."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page

from bench.streams import free_port

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
NAMES = (
    "chromium-headless-shell",  # no window around the page costs a third less
    *("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"),
)


def chromium() -> str | None:
    """Give the path of a Chromium, None where there is none."""
    return next((path for path in map(shutil.which, NAMES) if path), None)


class Demo:
    """``pingji demo`` on a free port, with its data in ``folder``."""

    def __init__(self, folder: Path, *options: str) -> None:
        """Start it; returns when it answers."""
        self.folder = folder
        self.port = free_port()
        self.address = ("127.0.0.1", self.port)
        self.url = f"http://127.0.0.1:{self.port}"
        self.database_url = f"sqlite:///{folder}/pingji.sqlite"
        environment = {k: v for k, v in os.environ.items() if not k.startswith("PINGJI_")}
        command = ["demo", "--port", str(self.port), "--data", str(folder), *options]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "dashboard", *command],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            self.wait(lambda: self.ask("/readyz") is not None, 60, "did not get ready")
        except BaseException:
            self.stop()
            raise

    def wait(self, done: Callable[[], bool], limit_s: float, otherwise: str) -> float:
        """Wait until ``done``; gives the seconds it took, raises RuntimeError after the limit."""
        begun = time.monotonic()
        while not done():
            if self.process.poll() is not None:
                raise RuntimeError("the demonstration ended by itself")
            if time.monotonic() - begun > limit_s:
                raise RuntimeError(f"the demonstration {otherwise} in {limit_s:.0f} s")
            time.sleep(0.2)
        return time.monotonic() - begun

    def ask(self, path: str, role: str = "") -> Any:
        """Get a document, with the token of ``role``; None for what is not there (yet)."""
        connection = HTTPConnection(*self.address, timeout=20)
        headers = {"Authorization": f"Bearer {self.token(role)}"} if role else {}
        try:
            connection.request("GET", path, headers=headers)
            answer = connection.getresponse()
            body = answer.read()
            return json.loads(body) if answer.status == 200 else None
        except (OSError, ValueError):
            return None
        finally:
            connection.close()

    def token(self, role: str) -> str:
        """Give the token of a role."""
        return str(next(one["token"] for one in self._told()["tokens"] if one["role"] == role))

    def password(self, role: str) -> tuple[str, str]:
        """Give name and password of the account of a role."""
        account = next(one for one in self._told()["accounts"] if one["role"] == role)
        return account["name"], account["password"]

    def _told(self) -> dict[str, list[dict[str, str]]]:
        told: dict[str, list[dict[str, str]]] = json.loads(
            (self.folder / "credentials.json").read_text("utf-8")
        )
        return told

    def stop(self) -> None:
        """End it."""
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(20)


@contextmanager
def demo(*options: str) -> Iterator[Demo]:
    """Give a demonstration in a folder that is forgotten afterwards."""
    with tempfile.TemporaryDirectory(prefix="pingji-bench-") as folder:
        server = Demo(Path(folder), *options)
        try:
            yield server
        finally:
            server.stop()


def signed_in(browser: Browser, server: Demo, role: str = "supervisor") -> dict[str, Any]:
    """Sign in once; gives what a context of the same person begins with."""
    context = browser.new_context()
    page = context.new_page()
    name, password = server.password(role)
    page.goto(f"{server.url}/login")
    page.fill("input[name=name]", name)
    page.fill("input[name=password]", password)
    page.press("input[name=password]", "Enter")
    page.wait_for_url("**/console")
    state: dict[str, Any] = dict(context.storage_state())
    context.close()
    return state


def seat(browser: Browser, state: dict[str, Any], width: int, height: int) -> BrowserContext:
    """Give a browser that has nothing cached, and a person who is signed in."""
    return browser.new_context(
        storage_state=state,  # type: ignore[arg-type]
        viewport={"width": width, "height": height},
    )


def heap_bytes(page: Page) -> float:
    """The page's live heap, garbage collected, its worker's not counted."""
    session = page.context.new_cdp_session(page)
    session.send("HeapProfiler.collectGarbage")
    session.send("Performance.enable")
    metrics: list[dict[str, Any]] = session.send("Performance.getMetrics")["metrics"]
    session.detach()
    return next(float(one["value"]) for one in metrics if one["name"] == "JSHeapUsedSize")
