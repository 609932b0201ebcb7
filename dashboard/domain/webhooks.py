"""Where what leaves may go: receivers by name, how a message is signed, and when it is tried again.

Whoever receives checks the signature over time, id and body, and knows a repeated message by its
id: a message is sent at least once, and always with the same bytes.
"""

import hmac
import ipaddress
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

ANY = "*"
MIN_SECRET_CHARS = 16
FIRST_PAUSE_S = 1.0
LONGEST_PAUSE_S = 300.0
GIVE_UP_AFTER = timedelta(hours=24)
PASSING = frozenset({408, 425, 429})
"""Answers below 500 that say "later", not "never"."""
_KEYS = frozenset({"name", "url", "secret"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Receiver:
    """One receiver; ``name`` is the destination that it takes, ``*`` all that no other takes."""

    name: str
    url: str
    secret: str = field(repr=False)

    @property
    def loopback(self) -> bool:
        """Say whether it is on this very machine, by its address."""
        host = urlsplit(self.url).hostname or ""
        if host == "localhost":
            return True
        try:
            return ipaddress.ip_address(host).is_loopback
        except ValueError:
            return False


def read(raw: Any) -> tuple[Mapping[str, Any], ...]:
    """Read ``[[webhooks]]`` tables; raises TypeError or ValueError, which never repeat a secret."""
    tables = json.loads(raw) if isinstance(raw, str) else raw
    if not isinstance(tables, list):
        raise TypeError("webhooks are tables: [[webhooks]]")
    names = set()
    for table in tables:
        if not isinstance(table, dict) or table.keys() - _KEYS:
            raise ValueError(f"each of [[webhooks]] has {', '.join(sorted(_KEYS))}, nothing else")
        receiver = _receiver(table)
        if receiver.name in names:
            raise ValueError(f"two of [[webhooks]] are named {receiver.name!r}")
        names.add(receiver.name)
    return tuple(tables)


def receivers(tables: Sequence[Mapping[str, Any]]) -> tuple[Receiver, ...]:
    """Give the receivers of tables that :func:`read` let through."""
    return tuple(_receiver(table) for table in tables)


def _receiver(table: Mapping[str, Any]) -> Receiver:
    name, url, secret = table.get("name", ANY), table.get("url"), table.get("secret")
    if not isinstance(name, str) or not name:
        raise ValueError("the name of a webhook is the destination that it takes")
    parts = urlsplit(url if isinstance(url, str) else "")
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username is not None:
        raise ValueError(f"webhook {name}: url is an address as https://host/path")
    if not isinstance(secret, str) or len(secret) < MIN_SECRET_CHARS:
        raise ValueError(f"webhook {name}: secret has at least {MIN_SECRET_CHARS} characters")
    return Receiver(name=name, url=str(url), secret=secret)


def signature(secret: str, *, timestamp: int, message_id: str, body: bytes) -> str:
    """Sign ``TIMESTAMP.ID.BODY``; give what stands in the header ``Pingji-Signature``."""
    signed = f"{timestamp}.{message_id}.".encode() + body
    return "v1=" + hmac.digest(secret.encode(), signed, "sha256").hex()


def pause_s(attempts: int, jitter: float) -> float:
    """Seconds before the next attempt after ``attempts`` failed; ``jitter`` from 0 to 1."""
    pause = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2.0 ** min(attempts - 1, 16))
    return float(pause * (0.75 + 0.5 * jitter))


def is_final(status: int) -> bool:
    """Say whether this answer means that trying again is of no use."""
    return 300 <= status < 500 and status not in PASSING
