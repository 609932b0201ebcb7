"""What callbacks and routes are given: guard, store, clock and settings, made once a process."""

from dataclasses import dataclass

from dashboard.guard import Guard
from dashboard.settings import Settings
from data_access.clock import StoreClock
from data_access.store import Store


@dataclass(frozen=True, kw_only=True)
class Services:
    """The process's one of each."""

    settings: Settings
    store: Store
    clock: StoreClock
    guard: Guard
    build: str
