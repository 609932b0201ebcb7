"""How a wall comes in: the page on which a code is typed or scanned once, and what takes it.

There is no sign-in on a wall and no secret in an address. Wrong codes are slowed down by address
here, and counted against every good code in the store.
"""

import time
from collections import OrderedDict
from threading import Lock

from flask import Response, redirect, render_template, request

from dashboard.accounts import enrol
from dashboard.accounts.manage import Actor
from dashboard.accounts.principal import SESSION_COOKIE
from dashboard.accounts.sessions import WALL_IDLE
from dashboard.guard import Access
from dashboard.http import csrf, language
from dashboard.http.problems import Problem
from dashboard.http.site import Site
from data_access.queries import screens as queries

TRIES = 5
TRIES_IN_S = 60.0
ADDRESSES_MOST = 10_000
SCREEN_MAX_CHARS = 40

_WRONG = {
    "zh": "代码不对，或已过期、已用过。请管理员另给一个。",
    "en": "This code is wrong, too old or already used. Ask for another.",
}
_OTHER = {
    "zh": "此浏览器登记的是屏 {own}，不是 {asked}。要让它成为 {asked}，请键入 {asked} 的代码。",
    "en": "This browser is enrolled as {own}, not as {asked}. Type a code of {asked} to change it.",
}
_OFTEN = {
    "zh": "试得太多了，请等一分钟。",
    "en": "Too many tries. Wait a minute.",
}


class Tries:
    """Wrong codes by address within the last minute; bounded."""

    def __init__(self) -> None:
        """Know nobody."""
        self._when: OrderedDict[str, list[float]] = OrderedDict()
        self._lock = Lock()

    def take(self, address: str, *, now: float | None = None) -> bool:
        """Count a try; False where there were too many."""
        at = time.monotonic() if now is None else now
        with self._lock:
            recent = [then for then in self._when.pop(address, []) if at - then < TRIES_IN_S]
            free = len(recent) < TRIES
            self._when[address] = [*recent, at] if free else recent
            while len(self._when) > ADDRESSES_MOST:
                self._when.popitem(last=False)
        return free

    def forget(self, address: str) -> None:
        """Forget an address that had a good code."""
        with self._lock:
            self._when.pop(address, None)


def register(site: Site) -> None:
    """Mount the routes."""
    guard = site.guard
    tries = Tries()
    guard.stranger("/wall/", lambda: _page(site))
    guard.server.before_request(lambda: _own_screen(site))

    @guard.route(
        "/enrol", right=Access.OPEN, why="a screen's way in; takes a code", methods=("POST",)
    )
    def give_code() -> Response:
        address = guard.address() or ""
        if not tries.take(address):
            return _page(site, wrong=_OFTEN, status=429)
        enrolled = enrol.enrol(
            site.store, request.form.get("code", ""), city_at=site.clock.now(), address=address
        )
        if enrolled is None:
            return _page(site, wrong=_WRONG, status=401)
        tries.forget(address)
        return _let_in(site, enrolled)

    @guard.route(
        "/enrol/pick",
        right=Access.OPEN,
        why="demonstrations on this machine only: be a screen without a code",
        methods=("POST",),
    )
    def pick() -> Response:
        if not _may_pick(site):
            raise Problem(403, "只有本机演示才能直接登记大屏。")
        code = enrol.make_code(site.store, _demonstrator(site), _screen())
        enrolled = enrol.enrol(
            site.store, code.digits, city_at=site.clock.now(), address=guard.address()
        )
        if enrolled is None:
            raise Problem(409, "登记未成，请重试。")
        return _let_in(site, enrolled)


def _own_screen(site: Site) -> Response | None:
    """A screen's browser is shown its own screen alone, whatever name it claims."""
    if not request.path.startswith("/wall/") or request.method != "GET":
        return None
    who = site.guard.who()
    own = None if who is None else enrol.screen_of(who.name)
    if own is None or own == _screen():
        return None
    told = {lang: words.format(own=own, asked=_screen()) for lang, words in _OTHER.items()}
    return _page(site, wrong=told, status=403)


def _let_in(site: Site, enrolled: enrol.Enrolled) -> Response:
    response: Response = redirect(  # type: ignore[assignment]
        f"/wall/{enrolled.screen}", 303
    )
    site.guard.set_session(response, enrolled.secret, lasting=WALL_IDLE)
    return response


def _page(site: Site, *, wrong: dict[str, str] | None = None, status: int = 200) -> Response:
    lang = language.of_request()
    who = site.guard.who()
    if who is not None and who.via == "session":
        token = csrf.of_session(request.cookies.get(SESSION_COOKIE, ""))
    else:
        token = csrf.cookie_token(request) or csrf.new_token()
    page = render_template(
        "enrol.html",
        lang=lang,
        csrf_field=csrf.FIELD,
        csrf_token=token,
        screen=_screen(),
        digits=enrol.CODE_DIGITS,
        minutes=int(enrol.CODE_LIFE.total_seconds() // 60),
        wrong=wrong[lang] if wrong else None,
        pick=_may_pick(site) and _is_screen(site, _screen()),
    )
    response = Response(page, status, mimetype="text/html")
    site.guard.set_csrf(response, token)
    return response


def _screen() -> str:
    """Give the screen that the address or the form means."""
    told = request.form.get("screen") or request.path.removeprefix("/wall/")
    return told[:SCREEN_MAX_CHARS]


def _is_screen(site: Site, screen_id: str) -> bool:
    with site.store.read() as conn:
        return queries.find(conn, screen_id=screen_id) is not None


def _may_pick(site: Site) -> bool:
    return site.settings.demo and site.guard.is_local()


def _demonstrator(site: Site) -> Actor:
    return Actor(name="demo", role="", city_at=site.clock.now())
