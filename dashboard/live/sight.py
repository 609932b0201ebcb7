"""Who asks, and what they may see: the principal as the hub needs it.

``dashboard.accounts`` gives the real one; nothing here decides visibility but by asking it.
"""

from collections.abc import Callable, Collection, Mapping
from http.cookies import CookieError, SimpleCookie
from time import monotonic
from typing import Any, Protocol

from dashboard.accounts.principal import (
    SESSION_COOKIE,
    Credential,
    Principal,
    bearer_of,
    credential,
    resolve,
)
from dashboard.live.recent import Entry, LiveBytes
from data_access.store import Store

REMEMBER_S = 2.0
REMEMBER_MOST = 10_000

Resolve = Callable[[Collection[Credential]], Mapping[Credential, Principal]]


class Viewer(Protocol):
    """The part of a principal that decides what its stream carries."""

    @property
    def scope_key(self) -> str:
        """The same text for all who see the same rows."""

    def sees(self, scope: str | None, event: str | None = None) -> bool:
        """Say whether a row there may be seen."""

    def sees_room(self, event: str | None) -> bool:
        """Say whether the room of an event may be seen."""

    def sees_camera(self, *, wall_allowed: bool) -> bool:
        """Say whether a camera may be seen."""


class Sight:
    """What one viewer sees, remembered by path: the same few paths come again and again."""

    def __init__(self, viewer: Viewer) -> None:
        """Ask ``viewer`` whenever a path is new."""
        self._viewer = viewer
        self._paths: dict[tuple[str | None, str | None], bool] = {}

    def row(self, row: LiveBytes) -> bool:
        """Say whether the row may be sent."""
        if not self._path(row.scope, row.event):
            return False
        if row.of_members and not self._viewer.sees_room(row.event):
            return False
        return row.on_wall or self._viewer.sees_camera(wall_allowed=False)

    def was(self, entry: Entry, seq: int, *, of_members: bool = False) -> bool:
        """Say whether the key may have been in view at ``seq`` or since.

        A path of a change may name the operation after a ``#``: ``330100/330106#OP1``.
        ``of_members``: the topic holds rows of events' rooms.
        """
        for scope, at in entry.scopes.items():
            if at > seq:
                path, _, event = scope.partition("#")
                if of_members and not self._viewer.sees_room(event):
                    continue
                if self._path(path, event or None):
                    return True
        return False

    def _path(self, scope: str | None, event: str | None) -> bool:
        known = self._paths.get((scope, event))
        if known is None:
            if len(self._paths) > REMEMBER_MOST:
                self._paths.clear()
            known = self._paths[scope, event] = self._viewer.sees(scope, event)
        return known


class Who:
    """Who stands behind a request's cookie or bearer token; asked again after two seconds."""

    def __init__(self, resolve_all: Resolve) -> None:
        """Ask ``resolve_all``, which raises while the store is away."""
        self.resolve_all = resolve_all
        self._known: dict[Credential, tuple[float, Principal | None]] = {}

    def of(self, environ: Mapping[str, Any]) -> Principal | None:
        """The principal of a request; None if nobody known."""
        shown = credential(
            cookie=_cookie(environ.get("HTTP_COOKIE")),
            bearer=bearer_of(environ.get("HTTP_AUTHORIZATION")),
        )
        if shown is None:
            return None
        now = monotonic()
        known = self._known.get(shown)
        if known is not None and now - known[0] < REMEMBER_S:
            return known[1]
        principal = self.resolve_all([shown]).get(shown)
        if len(self._known) >= REMEMBER_MOST:
            self._known.clear()
        self._known[shown] = (now, principal)
        return principal


def who_of(store: Store) -> Who:
    """The accounts, sessions and tokens of ``store``."""

    def resolve_all(credentials: Collection[Credential]) -> Mapping[Credential, Principal]:
        with store.read() as conn:
            return resolve(conn, credentials)

    return Who(resolve_all)


def _cookie(header: str | None) -> str | None:
    if not header or SESSION_COOKIE not in header:
        return None
    try:
        morsel = SimpleCookie(header).get(SESSION_COOKIE)
    except CookieError:
        return None
    return None if morsel is None else morsel.value
