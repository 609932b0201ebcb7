"""The guard: every door of the application names its right, and is closed until it does.

Doors are Flask endpoints (Dash's own among them), pages that Dash serves, and Dash callbacks. A
door that nobody declared answers 403, and :meth:`Guard.undeclared` tells of it.
"""

import contextlib
import functools
import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum, unique
from typing import Any, TypeVar
from urllib.parse import quote

from dash import Dash
from dash.dependencies import DashDependency
from flask import Flask, Response, g, redirect, request
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import Forbidden

from dashboard.accounts import sessions
from dashboard.accounts.principal import SESSION_COOKIE, Principal, bearer_of, principal
from dashboard.domain.roles import Right, Role
from dashboard.http import caller, csrf, headers, problems
from dashboard.http.problems import Problem
from data_access.store import Store

_log = logging.getLogger(__name__)

_Function = TypeVar("_Function", bound=Callable[..., Any])

CALLBACKS = "/_dash-update-component"
CATCH_ALL = ("/", "/<path:path>")


@unique
class Access(StrEnum):
    """What a door asks for where it asks for no right."""

    OPEN = "open"  # anyone
    KNOWN = "known"  # anyone with an account or a token


@dataclass(frozen=True, slots=True)
class Door:
    """What opens a door; ``why`` explains an open one."""

    needs: Right | Access
    why: str = ""


_DASH_DOORS: Mapping[str, Door] = {
    "/_dash-component-suites/<string:package_name>/<path:fingerprinted_path>": Door(
        Access.OPEN, "public library code, which the browser may keep"
    ),
    "_dash_assets.static": Door(Access.OPEN, "our style and script, which sign-in needs too"),
    "/_favicon.ico": Door(Access.OPEN, "a picture"),
    "/_dash-layout": Door(Right.LOOK),
    "/_dash-dependencies": Door(Right.LOOK),
    "/_reload-hash": Door(Right.LOOK),
    CALLBACKS: Door(Access.KNOWN, "each callback names its own right"),
}


class UndeclaredError(Exception):
    """A door was made that nobody declared."""


class Guard:
    """The doors of one application."""

    def __init__(
        self,
        server: Flask,
        store: Store,
        *,
        csp_hosts: Sequence[str] = (),
        csp_pictures: Sequence[str] = (),
        trusted_proxies: Collection[str] = (),
        idle: timedelta = sessions.IDLE,
    ) -> None:
        """Stand before every request of ``server``."""
        self.server = server
        self.store = store
        self.trusted_proxies = frozenset(trusted_proxies)
        self.idle = idle
        self.doors: dict[str, Door] = {}
        self.pages: dict[str, Right] = {}
        self.strangers: dict[str, Callable[[], Any]] = {}
        self.rights: dict[str, Right | Access] = {}
        self.called: set[str] = set()
        self._csp_hosts = (tuple(csp_hosts), tuple(csp_pictures))
        self._csp: str | None = None
        self._app: Dash | None = None
        server.before_request(self._enforce)
        server.after_request(self._finish)

    # ── declaring doors ─────────────────────────────────────────────────────────────────────

    def route(
        self,
        rule: str,
        *,
        right: Right | Access,
        methods: Sequence[str] = ("GET",),
        endpoint: str | None = None,
        why: str = "",
    ) -> Callable[[_Function], _Function]:
        """Mount a Flask route with the right that opens it."""

        def mount(view: _Function) -> _Function:
            name = endpoint or f"{view.__module__.rpartition('.')[2]}.{view.__name__}"
            self.doors[name] = Door(right, why)
            self.server.add_url_rule(rule, name, view, methods=list(methods))
            return view

        return mount

    def open(self, endpoint: str, why: str) -> None:
        """Open an endpoint to anyone; ``why`` must say what makes that harmless."""
        self.doors[endpoint] = Door(Access.OPEN, why)

    def page(self, path: str, right: Right) -> None:
        """Declare a page that Dash serves; a path ending in ``/`` stands for all below it."""
        self.pages[path] = right

    def stranger(self, stem: str, answer: Callable[[], Any]) -> None:
        """Say what a browser that nobody knows is shown at pages below ``stem``.

        A wall has no sign-in: it gives up a code instead.
        """
        self.strangers[stem] = answer

    def dash(self, app: Dash) -> None:
        """Declare Dash's own endpoints; its pages are those told to :meth:`page`."""
        self._app = app
        self.doors.update(_DASH_DOORS)

    def callback(
        self, app: Dash, right: Right | Access, *dependencies: Any, **options: Any
    ) -> Callable[[_Function], _Function]:
        """Register a Dash callback with the right that opens it; gives the function unchanged."""

        def mount(function: _Function) -> _Function:
            @functools.wraps(function)
            def guarded(*args: Any, **kwargs: Any) -> Any:
                if not self._opens(right, self.who()):
                    raise Forbidden
                return function(*args, **kwargs)

            before = set(app.callback_map)
            self._note(dependencies, options)
            app.callback(*dependencies, **options)(guarded)
            made = set(app.callback_map) - before
            if not made:
                raise UndeclaredError(f"{function.__name__}: its output already has a writer")
            for name in made:
                self.rights[name] = right
            return function

        return mount

    def clientside(self, app: Dash, function: Any, *dependencies: Any, **options: Any) -> None:
        """Register a clientside callback; it runs in the browser and opens nothing here."""
        register: Callable[..., None] = app.clientside_callback
        self._note(dependencies, options)
        register(function, *dependencies, **options)

    def _note(self, *told: Any) -> None:
        """Keep the ids that a callback names in ``called``; those of patterns go by their shape."""
        for each in told:
            if isinstance(each, DashDependency):
                if isinstance(each.component_id, str):
                    self.called.add(str(each.component_id))
            elif isinstance(each, Mapping):
                self._note(*each.values())
            elif isinstance(each, list | tuple):
                self._note(*each)

    def undeclared(self, app: Dash) -> list[str]:
        """Name every endpoint and callback that nobody declared."""
        endpoints = {rule.endpoint for rule in self.server.url_map.iter_rules()}
        served = {name for name, entry in app.callback_map.items() if "callback" in entry}
        return sorted(endpoints - self.doors.keys() - set(CATCH_ALL)) + sorted(
            f"callback {name}" for name in served - self.rights.keys()
        )

    def check(self, app: Dash) -> None:
        """Raise UndeclaredError where a door is undeclared."""
        missing = self.undeclared(app)
        if missing:
            raise UndeclaredError(f"no right is declared for: {', '.join(missing)}")

    # ── asking who ──────────────────────────────────────────────────────────────────────────

    def who(self) -> Principal | None:
        """Say who makes the present request; asked of the store once a request."""
        if "principal" not in g:
            g.principal = principal(
                self.store,
                cookie=request.cookies.get(SESSION_COOKIE),
                bearer=bearer_of(request.headers.get("Authorization")),
            )
        found: Principal | None = g.principal
        return found

    def known(self) -> Principal:
        """Say who makes the present request, behind a door that nobody unknown passes."""
        found = self.who()
        if found is None:
            raise Forbidden
        return found

    def address(self) -> str | None:
        """Say where the present request comes from."""
        return caller.address(request, self.trusted_proxies)

    def is_https(self) -> bool:
        """Say whether the present request came over https."""
        return caller.is_https(request, self.trusted_proxies)

    def is_local(self) -> bool:
        """Say whether the present request comes from this very machine, by its own name."""
        return caller.is_local(request, self.trusted_proxies)

    # ── standing at the door ────────────────────────────────────────────────────────────────

    def _enforce(self) -> Any:
        endpoint = request.endpoint
        if endpoint is None:
            return None  # no such route or method: Flask says so
        door = self._door(endpoint)
        unsafe = request.method not in csrf.SAFE_METHODS
        if door.needs is Access.OPEN and not unsafe:
            return None
        who = self.who()
        if not self._opens(door.needs, who):
            return self._turn_away(who)
        if unsafe and (who is None or who.via == "session"):
            secret = request.cookies.get(SESSION_COOKIE) if who is not None else None
            if not csrf.is_genuine(request, secret):
                raise Problem(403, "CSRF 校验未通过：请从本站页面提交，必要时刷新页面。")
        if endpoint == CALLBACKS and not self._callback_opens(who):
            raise Problem(403, "没有权限执行此操作。")
        return None

    def _door(self, endpoint: str) -> Door:
        if endpoint in CATCH_ALL:
            page = self._page_door()
            if page is None:
                raise Problem(404, "没有此地址。")
            return page
        door = self.doors.get(endpoint)
        if door is None:
            _log.error("door %s was never declared", endpoint)
            raise Problem(403, "此入口未声明权限，已关闭。")
        return door

    def _page_door(self) -> Door | None:
        path = request.path
        right = self.pages.get(path)
        if right is None:
            stem = next((p for p in self.pages if p.endswith("/") and path.startswith(p)), None)
            right = None if stem is None else self.pages[stem]
        return None if right is None else Door(right)

    def _callback_opens(self, who: Principal | None) -> bool:
        body = request.get_json(silent=True)
        output = body.get("output") if isinstance(body, dict) else None
        needs = self.rights.get(output) if isinstance(output, str) else None
        return needs is not None and self._opens(needs, who)

    @staticmethod
    def _opens(needs: Right | Access, who: Principal | None) -> bool:
        if needs is Access.OPEN:
            return True
        if who is None:
            return False
        return needs is Access.KNOWN or (isinstance(needs, Right) and who.may(needs))

    def _turn_away(self, who: Principal | None) -> Any:
        if who is not None:
            return problems.answer(403, "您的角色没有此权限。")
        if problems.wants_page() and request.method == "GET":
            answers = self.strangers.items()
            answer = next((a for stem, a in answers if request.path.startswith(stem)), None)
            if answer is not None:
                return answer()
            target = request.full_path if request.query_string else request.path
            return redirect(f"/login?next={quote(target, safe='/')}" if target != "/" else "/login")
        return problems.answer(401, "请登录，或带上有效的令牌。")

    def _finish(self, response: Response) -> Response:
        if self._csp is None and self._app is not None:
            self._csp = headers.policy(self._app.csp_hashes(), *self._csp_hosts)
        headers.apply(response, self._csp or headers.policy((), *self._csp_hosts))
        door = self.doors.get(request.endpoint or "")
        if "Cache-Control" not in response.headers and (
            door is None or door.needs is not Access.OPEN or response.status_code >= 400
        ):
            response.headers["Cache-Control"] = "no-store"
        who: Principal | None = g.get("principal")
        if who is not None:
            self._keep(who, response)
        return response

    def _keep(self, who: Principal, response: Response) -> None:
        """Let the session live on while it is used, and its browser know the CSRF token."""
        with contextlib.suppress(SQLAlchemyError):
            sessions.touch(self.store, who, idle=self.idle)
        secret = request.cookies.get(SESSION_COOKIE)
        if who.via != "session" or secret is None or "Set-Cookie" in response.headers:
            return
        if who.role is Role.WALL and request.path.startswith("/wall/"):
            self.set_session(response, secret, lasting=sessions.WALL_IDLE)
            return
        token = csrf.of_session(secret)
        if request.cookies.get(csrf.COOKIE) != token:
            self.set_csrf(response, token)

    def set_csrf(self, response: Response, token: str) -> None:
        """Tell the browser its CSRF token, in a cookie that our scripts may read."""
        response.set_cookie(
            csrf.COOKIE, token, secure=self.is_https(), httponly=False, samesite="Lax", path="/"
        )

    def set_session(
        self, response: Response, secret: str, *, lasting: timedelta = sessions.LONGEST
    ) -> None:
        """Give the browser its session, and the CSRF token that belongs to it."""
        response.set_cookie(
            SESSION_COOKIE,
            secret,
            max_age=int(lasting.total_seconds()),
            secure=self.is_https(),
            httponly=True,
            samesite="Lax",
            path="/",
        )
        self.set_csrf(response, csrf.of_session(secret))

    def clear_session(self, response: Response) -> None:
        """Take the browser's session away."""
        response.delete_cookie(SESSION_COOKIE, path="/", secure=self.is_https(), samesite="Lax")
        response.delete_cookie(csrf.COOKIE, path="/", secure=self.is_https(), samesite="Lax")
