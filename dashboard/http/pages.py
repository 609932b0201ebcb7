"""The plain pages: the way in, the way out, and the first step to one's own screen."""

import json
from urllib.parse import urlsplit

from flask import Response, redirect, render_template, request

from dashboard.accounts import enrol, sessions, signin
from dashboard.accounts.demo import FILE
from dashboard.accounts.principal import SESSION_COOKIE
from dashboard.domain.refusals import COOKIE
from dashboard.domain.roles import ROLES, Role
from dashboard.guard import Access
from dashboard.http import csrf, language
from dashboard.http.problems import Problem
from dashboard.http.site import Site, sight_of
from data_access.commands import audit
from data_access.queries import accounts as queries
from data_access.queries import events

HOMES: dict[Role, tuple[str, ...]] = {
    Role.LEADER: ("/tablet", "/console"),
    Role.SUPERVISOR: ("/console",),
    Role.COMMANDER: ("/console",),
    Role.ADMINISTRATOR: ("/admin", "/console"),
    Role.EVENT_MEMBER: ("/console",),
    Role.WALL: (),
}
"""Where ``/`` leads each role: the first of these pages that there is.

A member of an event in force goes to its room before that."""

_WRONG = {
    "zh": "账号或密码不对。连续输错后账号会暂时锁定。",
    "en": "Wrong name or password. After several wrong tries an account is locked for a while.",
}


def register(site: Site) -> None:
    """Mount the pages."""
    guard = site.guard

    @guard.route("/", right=Access.KNOWN, why="leads to pages that ask for a right of their own")
    def home() -> Response:
        return _see(_home(site))

    @guard.route("/login", right=Access.OPEN, why="the way in")
    def login() -> Response:
        return _login_page(site)

    @guard.route("/login", right=Access.OPEN, why="the way in; takes a password", methods=("POST",))
    def sign_in() -> Response:
        name, password = request.form.get("name", ""), request.form.get("password", "")
        signed_in = signin.sign_in(
            site.store,
            name,
            password,
            city_at=site.clock.now(),
            address=guard.address(),
            idle=site.idle,
        )
        if signed_in is None:
            return _login_page(site, name=name[: signin.NAME_MAX_CHARS], wrong=True)
        return _let_in(site, signed_in.secret)

    @guard.route(
        "/login/pick",
        right=Access.OPEN,
        why="demonstrations on this machine only: pick whom to be",
        methods=("POST",),
    )
    def pick() -> Response:
        name = request.form.get("name", "")
        if name not in _demo_names(site):
            raise Problem(403, "只有本机演示才能直接选择身份。")
        with site.store.write() as writer:
            account = queries.find_account(writer.conn, name=name)
            if account is None or account.disabled:
                raise Problem(403, "没有此演示账号。")
            secret = sessions.open_session(writer, name, idle=site.idle)
            audit.record(
                writer,
                actor=name,
                role=account.role,
                act="sign-in-picked",
                city_at=site.clock.now(),
                address=guard.address(),
                scope=next(iter(account.scopes), None),
            )
        return _let_in(site, secret)

    @guard.route("/logout", right=Access.KNOWN, why="the way out", methods=("POST",))
    def logout() -> Response:
        who = guard.known()
        with site.store.write() as writer:
            sessions.close_session(writer, who.credential)
            audit.record(
                writer,
                actor=who.name,
                role=who.role,
                act="sign-out",
                city_at=site.clock.now(),
                address=guard.address(),
                scope=next(iter(who.scopes), None),
            )
        response = _see("/login")
        guard.clear_session(response)
        return response


def _home(site: Site) -> str:
    """Give the page of whoever asks; a member of events alone goes to the room of one in force."""
    guard = site.guard
    who = guard.known()
    if who.role is Role.WALL:
        return f"/wall/{enrol.screen_of(who.name) or 'main'}"
    if who.role is Role.EVENT_MEMBER:
        with site.store.read() as conn:
            rooms = events.running(conn, sight=sight_of(who), member_only=True)
        if rooms:
            return f"/event/{rooms[-1]['id']}"
    pages = (page for page in HOMES.get(who.role, ()) if page in guard.pages)
    page = next(pages, None)
    if page is None:
        raise Problem(403, "此角色没有页面。")
    return page


def safe_target(target: str) -> str:
    """Give a path of ours to go on to; anything else becomes ``/``."""
    parts = urlsplit(target) if len(target) < 500 else None
    if parts is None or parts.scheme or parts.netloc or not target.startswith("/"):
        return "/"
    clean = not target.startswith("//") and "\\" not in target and target.isprintable()
    return target if clean else "/"


def _see(target: str) -> Response:
    response: Response = redirect(target, 303)  # type: ignore[assignment]
    return response


def _let_in(site: Site, secret: str) -> Response:
    """Send a signed-in person on; the session that the browser had before is closed."""
    who = site.guard.who()
    if who is not None and who.via == "session":
        with site.store.write() as writer:
            sessions.close_session(writer, who.credential)
    response = _see(safe_target(request.form.get("next", "/")))
    site.guard.set_session(response, secret)
    return response


def _login_page(site: Site, *, name: str = "", wrong: bool = False) -> Response:
    lang = language.of_request()
    who = site.guard.who()
    if who is not None and who.via == "session":
        token = csrf.of_session(request.cookies.get(SESSION_COOKIE, ""))
    else:
        token = csrf.cookie_token(request) or csrf.new_token()
    names = _demo_names(site)
    with site.store.read() as conn:
        everyone = queries.accounts(conn)
    accounts = [a for a in everyone if a.name in names and not a.disabled]
    order = list(ROLES)
    accounts.sort(key=lambda account: order.index(account.role))
    page = render_template(
        "login.html",
        lang=lang,
        csrf_field=csrf.FIELD,
        csrf_token=token,
        next=safe_target(request.values.get("next", "/")),
        name=name,
        wrong=_WRONG[lang] if wrong else None,
        nobody=not everyone,
        picks=[
            {"name": account.name, "zh": ROLES[account.role].zh, "en": ROLES[account.role].en}
            for account in accounts
        ],
    )
    response = Response(page, 401 if wrong else 200, mimetype="text/html")
    site.guard.set_csrf(response, token)
    if request.args.get("lang") in ("zh", "en"):
        response.set_cookie(
            COOKIE, lang, max_age=31_536_000, secure=site.guard.is_https(), samesite="Lax"
        )
    return response


def _demo_names(site: Site) -> frozenset[str]:
    """Give the accounts that anyone at this machine may pick; none outside a demonstration."""
    if not (site.settings.demo and site.guard.is_local()):
        return frozenset()
    try:
        told = json.loads((site.settings.data_dir / FILE).read_text("utf-8"))
        return frozenset(str(entry["name"]) for entry in told["accounts"])
    except (OSError, ValueError, KeyError, TypeError):
        return frozenset()
