"""The stream's client under faults: shared by tabs, without a worker, killed, cut, signed out."""

import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.e2e.conftest import Watch, assert_converges, painted
from tests.e2e.server import Server, free_port

pytestmark = pytest.mark.e2e

TOPICS = ("cases", "stations", "readings", "cameras", "feeds")
NO_WORKER = "delete window.SharedWorker"
GONE = r"Failed to load resource|net::ERR|ERR_CONNECTION|502|503"


def _streams(server: Server) -> int:
    """How many streams the server holds, as it says itself."""
    import urllib.request

    request = urllib.request.Request(
        f"{server.url}/metrics", headers={"Authorization": f"Bearer {server.token('leader')}"}
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        lines = answer.read().decode().splitlines()
    return int(float(next(x for x in lines if x.startswith("pingji_streams ")).split()[1]))


def _settled(server: Server) -> None:
    deadline = time.monotonic() + 20
    while _streams(server) and time.monotonic() < deadline:
        time.sleep(0.2)
    assert _streams(server) == 0


CUT = "() => document.getElementById('shell-banner').textContent.includes('连接中断')"


def _banner(page: Page) -> str:
    return page.inner_text("#shell-banner")


def test_tabs_share_one_stream(server: Server, sign_in: Callable[..., BrowserContext]) -> None:
    _settled(server)  # streams of pages closed by other tests have been noticed
    context = sign_in(server)
    pages = [context.pages[0], context.new_page(), context.new_page()]
    for page in pages[1:]:
        page.goto(f"{server.url}/console")
    for page in pages:
        painted(page)
        assert page.evaluate("() => pingji.live.shared")
    assert _streams(server) == 1
    assert [page.evaluate("() => pingji.live.connections") for page in pages] == [1, 1, 1]
    pages[0].close()
    pages[1].wait_for_timeout(500)
    assert pages[1].evaluate("() => pingji.live.fresh()")


def test_without_a_worker_three_tabs_have_a_stream(
    server: Server, sign_in: Callable[..., BrowserContext]
) -> None:
    context = sign_in(server, scripts=[NO_WORKER])
    pages = [context.pages[0], context.new_page(), context.new_page()]
    for page in pages[1:]:
        page.goto(f"{server.url}/console")
    for page in pages:
        painted(page)
        assert not page.evaluate("() => pingji.live.shared")
    assert_converges(pages[0], "cases")
    # the fourth takes no stream from pages that are looked at, and says why it is empty
    fourth = context.new_page()
    fourth.goto(f"{server.url}/console")
    fourth.wait_for_function("() => document.getElementById('shell-banner')?.textContent")
    assert "三个页面" in _banner(fourth)
    pages[0].close()
    painted(fourth)
    assert _banner(fourth) == ""


@pytest.mark.parametrize(
    "script",
    ["", pytest.param(NO_WORKER, marks=pytest.mark.slow)],
    ids=["shared", "alone"],
)
def test_a_killed_server_is_said_and_made_good(
    mortal: Server, sign_in: Callable[..., BrowserContext], watch: Watch, script: str
) -> None:
    watch.expected.append(GONE)
    page = sign_in(mortal, scripts=[script] if script else []).pages[0]
    painted(page)
    mortal.kill()
    page.wait_for_function(CUT, timeout=4_000)
    assert page.evaluate("() => document.documentElement.classList.contains('is-stale')")
    page.wait_for_timeout(1100)  # the figures paint once a second: by now with the last word
    stood = page.inner_text("#figure-as-of")
    kept = page.inner_text("#figure-open")
    page.wait_for_timeout(1500)
    assert page.inner_text("#figure-as-of") == stood, "an old picture does not claim to be new"
    assert page.inner_text("#figure-open") == kept != "", "the last picture stays"
    mortal.start()
    page.wait_for_function("() => pingji.live.fresh()")
    for topic in TOPICS:
        assert_converges(page, topic)
    page.wait_for_function("() => !document.getElementById('shell-banner').textContent")


class Cut:
    """A wire between browser and server that can go silent without closing."""

    def __init__(self, target: int) -> None:
        self.target = target
        self.port = free_port()
        self.silent = threading.Event()
        self.listener = socket.create_server(("127.0.0.1", self.port))
        self.sockets: list[socket.socket] = []
        self.closed = False
        self.accepting = threading.Thread(target=self._accept, daemon=True)
        self.accepting.start()

    def _accept(self) -> None:
        while not self.closed:
            try:
                near, _ = self.listener.accept()
                self.sockets.append(near)
                far = socket.create_connection(("127.0.0.1", self.target))
                self.sockets.append(far)
            except OSError:
                continue
            for source, sink in ((near, far), (far, near)):
                threading.Thread(target=self._carry, args=(source, sink), daemon=True).start()

    def _carry(self, source: socket.socket, sink: socket.socket) -> None:
        try:
            while data := source.recv(65536):
                if self.silent.is_set():
                    return  # swallowed: neither end hears of it
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            return

    def close(self) -> None:
        self.closed = True
        self.listener.shutdown(socket.SHUT_RDWR)  # wakes whoever accepts
        self.accepting.join()
        for each in [self.listener, *self.sockets]:
            each.close()


@contextmanager
def _wire(server: Server) -> Iterator[Cut]:
    cut = Cut(server.port)
    try:
        yield cut
    finally:
        cut.close()


def test_a_silent_wire_is_noticed(
    server: Server, sign_in: Callable[..., BrowserContext], watch: Watch
) -> None:
    watch.expected.append(GONE)
    with _wire(server) as cut:
        page = sign_in(server, base=f"http://127.0.0.1:{cut.port}").pages[0]
        painted(page)
        cut.silent.set()
        began = time.monotonic()
        page.wait_for_function(CUT, timeout=16_000)
        assert time.monotonic() - began < 15
        cut.silent.clear()
        page.wait_for_function("() => pingji.live.fresh()", timeout=18_000)
        assert_converges(page, "cases")


def test_signing_out_ends_every_tab(server: Server, sign_in: Callable[..., BrowserContext]) -> None:
    context = sign_in(server)
    first, second = context.pages[0], context.new_page()
    second.goto(f"{server.url}/console")
    painted(first)
    painted(second)
    first.click("[data-act=sign-out]")
    first.wait_for_url(re.compile("/login"))
    second.wait_for_url(re.compile("/login"), timeout=20_000)


def test_a_new_build_is_loaded_once(server: Server, sign_in: Callable[..., BrowserContext]) -> None:
    page = sign_in(server, "leader").pages[0]
    page.goto(f"{server.url}/tablet")  # a console waits until no alert is unacknowledged
    page.wait_for_function("() => window.pingji?.live?.fresh()")
    loads: list[str] = []
    page.on("load", lambda _: loads.append(page.url))
    page.evaluate("() => { sessionStorage.clear(); pingji.page.build = 'of-yesterday'; }")
    page.evaluate("() => pingji.live.hand({type: 'hello', build: 'of-today'})")
    page.wait_for_timeout(3000)
    page.wait_for_function("() => window.pingji?.live?.fresh()")
    page.evaluate("() => { pingji.page.build = 'of-yesterday'; }")
    page.evaluate("() => pingji.live.hand({type: 'hello', build: 'of-today'})")
    page.wait_for_timeout(1500)
    assert len(loads) == 1
