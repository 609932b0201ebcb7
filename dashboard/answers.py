"""Answers to analysis questions, kept while the sums they were made of stand.

One answer a question, scope and revision of the sums. Whoever asks while it is being made waits
for it instead of making it again. In the process's memory, or in a Redis that several share.
"""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any

from flask import Flask
from flask_caching import Cache

KEPT_S = 600
KEPT = 500


class Answers:
    """The answers of one application."""

    def __init__(self, server: Flask, redis_url: str = "") -> None:
        """Keep them in memory, or in the Redis at ``redis_url`` (needs the package ``redis``)."""
        config: dict[str, Any] = {"CACHE_DEFAULT_TIMEOUT": KEPT_S, "CACHE_KEY_PREFIX": "pingji:"}
        if redis_url:
            config |= {"CACHE_TYPE": "RedisCache", "CACHE_REDIS_URL": redis_url}
        else:
            config |= {"CACHE_TYPE": "SimpleCache", "CACHE_THRESHOLD": KEPT}
        self._cache = Cache(server, config=config)
        self._guard = Lock()
        self._flights: dict[str, tuple[Lock, int]] = {}

    def get(self, key: tuple[object, ...], make: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        """Give the answer to ``key``; ``make`` it where there is none."""
        name = hashlib.sha256(repr(key).encode()).hexdigest()
        found: dict[str, Any] | None = self._cache.get(name)
        if found is not None:
            return found
        with self._flight(name):
            found = self._cache.get(name)
            if found is None:
                found = make()
                self._cache.set(name, found)
        return found

    @contextmanager
    def _flight(self, name: str) -> Iterator[None]:
        """One at a time for a name; the last to leave takes the lock away."""
        with self._guard:
            lock, users = self._flights.get(name, (Lock(), 0))
            self._flights[name] = (lock, users + 1)
        try:
            with lock:
                yield
        finally:
            with self._guard:
                lock, users = self._flights[name]
                if users == 1:
                    del self._flights[name]
                else:
                    self._flights[name] = (lock, users - 1)
