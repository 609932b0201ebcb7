"""A described city on either database, and someone who may manage its accounts."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from dashboard.accounts import passwords
from dashboard.accounts.manage import Actor
from data_access.schema import migrate
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
def lone(tmp_path: Path) -> Iterator[Store]:
    """The city on SQLite, for what does not depend on the database."""
    made = Store(f"sqlite:///{tmp_path / 'pingji.sqlite'}")
    migrate(made)
    describe_city(made)
    yield made
    made.dispose()


@pytest.fixture
def actor() -> Actor:
    return Actor(name="test", role="", city_at=NOW)
