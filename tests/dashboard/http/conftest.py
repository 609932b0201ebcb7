"""A small city on either database, with the application before it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from dashboard.accounts import passwords
from data_access.store import Store
from tests.dashboard.http.town import City, build, describe_city


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Real argon2id, with less memory and time a hash than a server spends."""
    hasher = PasswordHasher(time_cost=1, memory_cost=4096, parallelism=1)
    monkeypatch.setattr(passwords, "_hasher", lambda: hasher)


@pytest.fixture
def lone_store(sqlite_store: Store) -> Store:
    """A described city on SQLite, for what does not depend on the database."""
    describe_city(sqlite_store)
    return sqlite_store


@pytest.fixture
def town(lone_store: Store, tmp_path: Path) -> City:
    """The application on SQLite."""
    return build(lone_store, tmp_path)


@pytest.fixture
def anytown(store: Store, tmp_path: Path) -> City:
    """The application on either database."""
    describe_city(store)
    return build(store, tmp_path)


@pytest.fixture
def make_town(lone_store: Store, tmp_path: Path) -> Callable[..., City]:
    """The application with settings of one's own."""
    return lambda **settings: build(lone_store, tmp_path, **settings)
