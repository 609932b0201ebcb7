"""Sends what waits in the outbox: a thread a receiver, so that a slow one holds up no other.

Runs in the ingest process. Each message goes by POST, signed, until it is taken (any 2xx), refused
for good, or a day old; the order of a receiver is kept. Nothing is followed: no redirect, no proxy.
"""

import contextlib
import logging
import random
import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

import orjson

from dashboard import __version__
from dashboard.domain import webhooks
from dashboard.domain.webhooks import Receiver
from dashboard.settings import Settings
from data_access import feeds, follower, outbox
from data_access.outbox import Message
from data_access.store import Store

log = logging.getLogger(__name__)

TIMEOUT_S = 10.0
REST_S = 0.2
NO_RECEIVER = "no-receiver"
LOOPBACK_ONLY = "loopback-only"
_LONGEST_ANSWER = 65_536


class Refused(Exception):
    """The receiver does not want the message, now or ever."""


def only_loopback(settings: Settings) -> bool:
    """Say whether the city is played, so that nothing may leave this machine."""
    known = feeds.known()
    return settings.demonstration or any(
        known[it["kind"]].sets_clock for it in settings.feeds if it["kind"] in known
    )


def start(
    settings: Settings,
    store: Store,
    stop: threading.Event,
    more: Sequence[Receiver] = (),
) -> list[threading.Thread]:
    """Start a thread for each receiver, and one that says what has none.

    ``more``: receivers besides those of the settings, as a demonstration's own.
    """
    receivers = (*webhooks.receivers(settings.webhooks), *more)
    named = [receiver.name for receiver in receivers if receiver.name != webhooks.ANY]
    loopback = only_loopback(settings)
    threads = [
        follower.start(
            store,
            f"outbox:{receiver.name}",
            sender(store, receiver, but=named, loopback=loopback),
            stop,
            rest_s=REST_S,
        )
        for receiver in receivers
    ]
    if not any(receiver.name == webhooks.ANY for receiver in receivers):
        unclaimed = _unclaimed(store, named)
        threads.append(follower.start(store, "outbox", unclaimed, stop, rest_s=REST_S))
    return threads


def sender(
    store: Store, receiver: Receiver, *, but: Sequence[str] = (), loopback: bool = False
) -> Callable[[], bool]:
    """Make the step that sends the next message of a receiver, and says whether to go on.

    ``but``: the destinations of others, where this one takes the rest.
    """
    others = receiver.name == webhooks.ANY
    only, but = (None, but) if others else ((receiver.name,), ())

    def step() -> bool:
        with store.read() as conn:
            message = outbox.first_waiting(conn, only=only, but=but)
        if message is None or message.real_next_at > datetime.now(UTC):
            return False
        _attempt(store, receiver, message, loopback=loopback)
        return True

    return step


def _unclaimed(store: Store, named: Sequence[str]) -> Callable[[], bool]:
    def step() -> bool:
        with store.read() as conn:
            message = outbox.first_waiting(conn, but=named)
        if message is None:
            return False
        with store.write() as writer:
            outbox.failed(writer, message, NO_RECEIVER, tried=False)
        return True

    return step


def _attempt(store: Store, receiver: Receiver, message: Message, *, loopback: bool) -> None:
    if (loopback or message.drill) and not receiver.loopback:
        with store.write() as writer:
            outbox.failed(writer, message, LOOPBACK_ONLY, tried=False)
        return
    try:
        post(receiver, message, simulated=loopback)
    except (OSError, HTTPException, Refused) as error:
        _failed(store, receiver, message, error)
        return
    with store.write() as writer:
        outbox.delivered(writer, message)
    if message.attempts:
        log.info("outbox %s: delivered after %d failures", receiver.name, message.attempts)


def _failed(store: Store, receiver: Receiver, message: Message, error: Exception) -> None:
    now = datetime.now(UTC)
    reason = str(error).partition("\n")[0] or type(error).__name__
    old = now - message.real_put_at > webhooks.GIVE_UP_AFTER
    with store.write() as writer:
        if isinstance(error, Refused) or old:
            outbox.failed(writer, message, reason, tried=True)
        else:
            pause = webhooks.pause_s(message.attempts + 1, random.random())  # noqa: S311 - jitter
            outbox.postponed(writer, message, reason, now + timedelta(seconds=pause))
    if isinstance(error, Refused) or old:
        log.error("outbox %s: %s given up: %s", receiver.name, message.id, reason)
    elif not message.attempts:
        log.warning("outbox %s: %s failed, trying again: %s", receiver.name, message.id, reason)


def post(receiver: Receiver, message: Message, *, simulated: bool = False) -> None:
    """Send one message; raises what the network raises, Refused, or HTTPException for "later"."""
    body = body_of(message, simulated=simulated)
    timestamp = int(time.time())
    signed = webhooks.signature(
        receiver.secret, timestamp=timestamp, message_id=message.id, body=body
    )
    parts = urlsplit(receiver.url)
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=TIMEOUT_S)
    with contextlib.closing(connection):
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request(
            "POST",
            path,
            body,
            {
                "Content-Type": "application/json",
                "User-Agent": f"pingji/{__version__}",
                "Pingji-Id": message.id,
                "Pingji-Timestamp": str(timestamp),
                "Pingji-Signature": signed,
            },
        )
        answer = connection.getresponse()
        answer.read(_LONGEST_ANSWER)
    if 200 <= answer.status < 300:
        return
    if webhooks.is_final(answer.status):
        raise Refused(f"HTTP {answer.status}")
    raise HTTPException(f"HTTP {answer.status}")


def body_of(message: Message, *, simulated: bool = False) -> bytes:
    """Give the bytes of a message: the same at every attempt."""
    return orjson.dumps(
        {
            "id": message.id,
            "kind": message.kind,
            "subject": message.subject,
            "at": message.put_at.isoformat(),
            "drill": message.drill,
            "simulated": simulated,
            "payload": message.payload,
        }
    )
