"""Forged requests: a token bound to the session, and the origin, on every unsafe method.

A signed-in browser's token is derived from its session, so it needs no place in the store and is
worthless in another session. Before sign-in it is a random cookie that the form repeats.
"""

import hashlib
import hmac
import re
import secrets
from urllib.parse import urlsplit

from werkzeug.wrappers import Request

COOKIE = "_csrf_token"
HEADER = "X-CSRFToken"
FIELD = "_csrf_token"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

_TOKEN = re.compile(r"[A-Za-z0-9_-]{32,64}")


def of_session(session_secret: str) -> str:
    """Give the token of a session; the session's secret cannot be told from it."""
    return hashlib.sha256(b"csrf:" + session_secret.encode()).hexdigest()


def new_token() -> str:
    """Make up a token for someone not signed in."""
    return secrets.token_urlsafe(32)


def cookie_token(request: Request) -> str | None:
    """Give the token of the request's cookie where it is one."""
    token = request.cookies.get(COOKIE, "")
    return token if _TOKEN.fullmatch(token) else None


def is_genuine(request: Request, session_secret: str | None) -> bool:
    """Say whether an unsafe request was made by a page of ours, in this browser's session."""
    expected = of_session(session_secret) if session_secret else cookie_token(request)
    if expected is None or not same_origin(request):
        return False
    told = request.headers.get(HEADER)
    if told is None and request.mimetype == "application/x-www-form-urlencoded":
        told = request.form.get(FIELD)
    return told is not None and hmac.compare_digest(told.encode(), expected.encode())


def same_origin(request: Request) -> bool:
    """Say whether the browser says that the request comes from our own pages (or says nothing)."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        return False
    told = request.headers.get("Origin") or request.headers.get("Referer")
    if not told:
        return True
    try:
        return urlsplit(told).netloc == request.host
    except ValueError:
        return False
