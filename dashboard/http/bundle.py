"""Our own styles and scripts, each kind as one file: a page asks twice instead of 150 times.

Read once a process, in the order of the files' names.
"""

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from flask import Response, request

from dashboard.guard import Access, Guard

NOT_OF_A_PAGE = frozenset({"live-worker.js"})
"""Scripts that run elsewhere than in a page."""

PART = """/* {name} */
try {{
{text}
}} catch (error) {{
  setTimeout(() => {{ throw error; }});
}}
"""
"""A script that fails is reported, and those after it run all the same."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """One file of many: its name below ``/assets/``, what it is, its bytes and their mark."""

    name: str
    mimetype: str
    body: bytes

    @property
    def mark(self) -> str:
        """Give what differs when the bytes do, for an address that may be kept for ever."""
        return hashlib.sha256(self.body).hexdigest()[:12]

    @property
    def path(self) -> str:
        """Give the address."""
        return f"/assets/{self.name}?m={self.mark}"


@cache
def style(assets: Path) -> Bundle:
    """Join the styles of ``assets``."""
    parts = (path.read_text("utf-8") for path in sorted(assets.glob("*.css")))
    return Bundle("pingji.css", "text/css", "\n".join(parts).encode())


@cache
def script(assets: Path) -> Bundle:
    """Join the scripts of a page; each is a function of its own and shares ``window.pingji``."""
    parts = (
        PART.format(name=path.name, text=path.read_text("utf-8"))
        for path in sorted(assets.glob("*.js"))
        if path.name not in NOT_OF_A_PAGE
    )
    return Bundle("pingji.js", "text/javascript", "".join(parts).encode())


def register(guard: Guard, assets: Path) -> None:
    """Serve both; the browser keeps what is asked for with its mark."""
    kinds = {"css": style(assets), "js": script(assets)}

    @guard.route(
        "/assets/pingji.<any(css, js):kind>",
        right=Access.OPEN,
        why="our style and script, which sign-in needs too",
    )
    def bundle(kind: str) -> Response:
        found = kinds[kind]
        answer = Response(found.body, mimetype=found.mimetype)
        answer.set_etag(found.mark)
        answer.make_conditional(request)
        return answer
