import pytest

from data_access.store import Store
from tests.data_access.alerts.city import Town


@pytest.fixture
def town(store: Store) -> Town:
    return Town(store)
