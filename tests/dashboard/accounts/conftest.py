"""A described city on either database, and someone who may manage its accounts."""

import pytest
from argon2 import PasswordHasher

from dashboard.accounts import passwords
from dashboard.accounts.manage import Actor
from data_access.store import Store
from tests.dashboard.http.town import NOW, describe_city


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Real argon2id, with less memory and time a hash than a server spends."""
    hasher = PasswordHasher(time_cost=1, memory_cost=4096, parallelism=1)
    monkeypatch.setattr(passwords, "_hasher", lambda: hasher)


@pytest.fixture
def town(store: Store) -> Store:
    describe_city(store)
    return store


@pytest.fixture
def lone(sqlite_store: Store) -> Store:
    """The city on SQLite, for what does not depend on the database."""
    describe_city(sqlite_store)
    return sqlite_store


@pytest.fixture
def actor() -> Actor:
    return Actor(name="test", role="", city_at=NOW)
