"""A feed that fails says so once, is tried again, and says once that it is back."""

import logging
import threading

import pytest
from sqlalchemy import select

from data_access.feeds import runner
from data_access.feeds.runner import FeedState, keep_going
from data_access.queries.feeds import filling
from data_access.tables import change, feed
from tests.conftest import NOW


@pytest.fixture
def state(store):
    made = FeedState(store, name="f", title="某源", kind="test", scope="city")
    made.begin("loading")
    return made


def shown(store):
    with store.read() as conn:
        return tuple(conn.execute(select(feed.c.state, feed.c.message)).one())


def test_failures_are_said_once_and_end(store, state, caplog, monkeypatch):
    monkeypatch.setattr(runner, "FIRST_PAUSE_S", 0.001)
    seen = []
    answers = iter([0.0, ValueError("no\nwire"), ValueError("no"), 0.0, None])

    def step():
        seen.append(shown(store))
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    with caplog.at_level(logging.INFO, "data_access.feeds.runner"):
        keep_going(state, step, threading.Event(), ended="all told")
    assert [found[0] for found in seen] == ["loading", "ok", "failed", "failed", "ok"]
    assert seen[2] == ("failed", "ValueError: no")
    assert shown(store) == ("ended", "all told")
    assert [record.levelname for record in caplog.records] == ["ERROR", "INFO"]
    with store.read() as conn:
        numbered = conn.execute(select(change.c.key).where(change.c.topic == "feeds")).all()
    assert len(numbered) == 5


def test_a_feed_stops_when_told(store, state):
    stop = threading.Event()

    def step():
        stop.set()
        return 60.0

    keep_going(state, step, stop)
    assert shown(store)[0] == "ok"


def test_a_feed_finds_where_it_stood(store, state):
    from datetime import UTC, datetime

    moment = datetime(2020, 1, 1, tzinfo=UTC)
    state.count(accepted=2, rejected=1, city_at=moment, position={"until": moment.isoformat()})
    again = FeedState(store, name="f", title="某源", kind="test", scope="city")
    assert again.begin("ok") == {"until": moment.isoformat()}


def test_a_past_that_is_still_filled_in_is_known(store, state):
    found = []
    for jobs in ([{"kind": "cases"}], []):
        state.count(city_at=NOW, position={"jobs": jobs})
        with store.read() as conn:
            found.append(filling(conn))
    assert found == [True, False]
