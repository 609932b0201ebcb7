"""A follower goes on where its effects ended, and says when it cannot."""

import threading

from sqlalchemy import delete

from data_access.follower import Follower, run
from data_access.store import Store
from data_access.tables import change


def _change(store: Store, key: str) -> None:
    with store.write() as writer:
        writer.changed("cases", key, new_scope="c")


def test_a_follower_goes_on_where_its_effects_ended(store: Store) -> None:
    first = Follower("counter")
    with store.read() as conn:
        assert not first.begin(conn)  # no memory: its owner starts from the state
    _change(store, "1")
    _change(store, "2")
    with store.read() as conn:
        seen = first.changes(conn, limit=1)
    assert [it.key for it in seen] == ["1"]
    with store.write() as writer:
        first.keep(writer, seen[-1].seq)

    second = Follower("counter")
    with store.read() as conn:
        assert second.begin(conn)
        assert [it.key for it in second.changes(conn)] == ["2"]


def test_what_was_done_in_a_failed_transaction_is_not_remembered(store: Store) -> None:
    follower = Follower("counter")
    with store.write() as writer:
        follower.keep(writer, 0)
    _change(store, "1")
    try:
        with store.write() as writer:
            follower.keep(writer, 1)
            raise RuntimeError
    except RuntimeError:
        pass
    again = Follower("counter")
    with store.read() as conn:
        assert again.begin(conn)
        assert [it.key for it in again.changes(conn)] == ["1"]


def test_forgotten_changes_are_told(store: Store) -> None:
    follower = Follower("counter")
    with store.write() as writer:
        follower.keep(writer, 0)
    for key in "123":
        _change(store, key)
    with store.write() as writer:
        writer.conn.execute(delete(change).where(change.c.key != "3"))
    with store.read() as conn:
        assert not follower.begin(conn)
        assert follower.changes(conn) == []


def test_a_step_that_fails_is_tried_again(store: Store, monkeypatch) -> None:
    monkeypatch.setattr("data_access.follower.RETRY_S", 0.01)
    stop = threading.Event()
    tried = []

    def step() -> bool:
        tried.append(1)
        if len(tried) == 1:
            raise OSError("the database was away")
        stop.set()
        return False

    run(store, "counter", step, stop, idle_s=0.01)
    assert len(tried) == 2
