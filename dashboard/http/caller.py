"""Where a request comes from, as far as it may be believed.

Behind a Unix socket stands our own front process, which has already replaced what a stranger may
have claimed; elsewhere only the proxies named in the settings are believed.
"""

from collections.abc import Collection
from urllib.parse import urlsplit

from werkzeug.wrappers import Request

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


def is_https(request: Request, trusted: Collection[str]) -> bool:
    """Say whether the browser reached us over https."""
    if request.scheme == "https":
        return True
    return _believes(request, trusted) and _last(request, "X-Forwarded-Proto") == "https"


def address(request: Request, trusted: Collection[str]) -> str | None:
    """Give the caller's address."""
    if _believes(request, trusted):
        return _last(request, "X-Forwarded-For") or request.remote_addr or None
    return request.remote_addr


def is_local(request: Request, trusted: Collection[str]) -> bool:
    """Say whether a person at this very machine asks, by a name that means this machine.

    The name matters too: another site's page may have its own name resolve to 127.0.0.1.
    """
    host = urlsplit(f"//{request.host}").hostname or ""
    return host in LOOPBACK and (address(request, trusted) or "127.0.0.1") in LOOPBACK


def _believes(request: Request, trusted: Collection[str]) -> bool:
    return not request.remote_addr or request.remote_addr in trusted


def _last(request: Request, header: str) -> str:
    return request.headers.get(header, "").rpartition(",")[2].strip()[:64]
