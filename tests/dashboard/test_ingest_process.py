"""The ingest process: what it sees to before any feed speaks."""

from datetime import UTC, datetime, timedelta

import pytest

from dashboard.ingest import start_clock
from dashboard.settings import Settings
from data_access.clock import last_city, read_clock


def test_without_a_feed_that_sets_it_the_clock_shows_the_real_time(store):
    start_clock(Settings(), store)
    with store.read() as conn:
        assert last_city(conn) is not None
        clock = read_clock(conn)
    now = datetime.now(UTC)
    assert clock.speed == 1
    assert abs(clock.at(now) - now) < timedelta(seconds=1)
    start_clock(Settings(), store)
    with store.read() as conn:
        assert read_clock(conn) == clock


@pytest.mark.parametrize("kind", ["recording", "simulator"])
def test_a_feed_that_sets_the_clock_is_left_to_it(store, kind):
    start_clock(Settings(feeds=({"kind": kind},)), store)
    with store.read() as conn:
        assert last_city(conn) is None
