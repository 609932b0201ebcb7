"""Numbers never lie: many writers, one follower, nothing lost, nothing twice, never backward."""

import multiprocessing
import random
import threading
import time
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, insert, select, text

from data_access.changes import Wake, follow, latest_seq, oldest_seq, prune
from data_access.store import Store
from data_access.tables import audit, change

WRITERS = 8
TOTAL = 4_800
PER_COMMIT = 10


def _other_row() -> dict:
    now = datetime.now(UTC)
    return {
        "actor": "writer",
        "role": "feed",
        "act": "write",
        "detail": {},
        "city_at": now,
        "real_at": now,
        "scope": "330100",
        "drill": False,
    }


def _write(url: str, number: int) -> None:
    store = Store(url)
    dice = random.Random(number)
    for commit in range(TOTAL // WRITERS // PER_COMMIT):
        with store.write() as writer:
            # Other rows first, as a real transaction does: the follower must not trip over them.
            writer.conn.execute(insert(audit), [_other_row()])
            if store.dialect == "postgresql":
                time.sleep(dice.random() * 0.004)
            for n in range(PER_COMMIT):
                writer.changed("cases", f"{number}-{commit}-{n}", new_scope="330100")
    store.dispose()


def _write_early(url: str, number: int) -> None:
    """The naive way: the number is taken with the row, then the transaction goes on."""
    store = Store(url)
    dice = random.Random(number)
    for commit in range(TOTAL // WRITERS // PER_COMMIT):
        with store.engine.begin() as conn:
            conn.execute(
                insert(change),
                [
                    {
                        "topic": "cases",
                        "key": f"{number}-{commit}-{n}",
                        "new_scope": "330100",
                        "drill": False,
                        "real_at": datetime.now(UTC),
                    }
                    for n in range(PER_COMMIT)
                ],
            )
            time.sleep(dice.random() * 0.004)
    store.dispose()


def _follow_while(url: str, write) -> list[tuple[int, str]]:
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=write, args=(url, n)) for n in range(WRITERS)]
    store = Store(url)
    wake = Wake(url)
    seen: list[tuple[int, str]] = []
    position = 0
    for process in writers:
        process.start()
    quiet = 0
    while quiet < 2:
        alive = any(process.is_alive() for process in writers)
        wake.wait(0.2)
        while True:
            with store.read() as conn:
                found = follow(conn, position, 500)
            seen += [(change.seq, change.key or "") for change in found]
            if not found:
                break
            position = found[-1].seq
        quiet = 0 if alive else quiet + 1
    for process in writers:
        process.join()
        assert process.exitcode == 0
    wake.close()
    store.dispose()
    return seen


def test_eight_writers_and_a_follower_lose_nothing(store: Store) -> None:
    seen = _follow_while(store.url, _write)
    numbers = [number for number, _ in seen]
    assert numbers == sorted(set(numbers))
    assert len({key for _, key in seen}) == len(seen) == TOTAL
    with store.read() as conn:
        assert conn.execute(select(func.count()).select_from(change)).scalar() == TOTAL
        assert latest_seq(conn) == numbers[-1]


@pytest.mark.postgres
@pytest.mark.slow  # a proof of why numbers are given last, not of what we do
def test_a_number_taken_early_loses_rows(postgres_url: str) -> None:
    store = Store(postgres_url)
    seen = _follow_while(store.url, _write_early)
    assert len(seen) < TOTAL, "the naive reader was lucky; the proof needs slower transactions"
    store.dispose()


def test_a_number_read_outside_the_commit_loses_rows_on_sqlite(tmp_path) -> None:
    """SQLite has one writer, so the naive way to fail there is a number kept by the program."""
    store = Store(f"sqlite:///{tmp_path / 'naive.sqlite'}")
    with store.engine.begin() as conn:
        conn.execute(text("CREATE TABLE naive (n INTEGER, key TEXT)"))
    counter = iter(range(1, 10**6))
    lock = threading.Lock()

    def write(number: int) -> None:
        dice = random.Random(number)
        for k in range(40):
            with lock:
                n = next(counter)  # before the transaction has begun
            time.sleep(dice.random() * 0.004)
            with store.engine.connect() as conn:
                conn.exec_driver_sql("BEGIN IMMEDIATE")
                conn.execute(
                    text("INSERT INTO naive VALUES (:n, :k)"), {"n": n, "k": f"{number}-{k}"}
                )
                conn.commit()

    threads = [threading.Thread(target=write, args=(number,)) for number in range(WRITERS)]
    for thread in threads:
        thread.start()
    seen: list[int] = []
    while any(thread.is_alive() for thread in threads) or not seen:
        with store.read() as conn:
            query = text("SELECT n FROM naive WHERE n > :after ORDER BY n")
            seen += conn.execute(query, {"after": seen[-1] if seen else 0}).scalars()
    with store.read() as conn:
        query = text("SELECT n FROM naive WHERE n > :after ORDER BY n")
        seen += conn.execute(query, {"after": seen[-1]}).scalars()
    assert len(seen) < WRITERS * 40
    store.dispose()


def test_said_twice_is_one_change_with_the_first_old_and_the_last_new_scope(store: Store) -> None:
    with store.write() as writer:
        writer.changed("cases", "a", old_scope="c/1", new_scope="c/2")
        writer.changed("cases", "a", old_scope="c/2", new_scope="c/3")
    with store.read() as conn:
        (only,) = follow(conn, 0, 10)
    assert (only.old_scope, only.new_scope) == ("c/1", "c/3")


def test_a_failed_transaction_leaves_no_number(store: Store) -> None:
    with pytest.raises(RuntimeError), store.write() as writer:
        writer.changed("cases", "a", new_scope="c")
        raise RuntimeError
    with store.read() as conn:
        assert follow(conn, 0, 10) == []
        assert latest_seq(conn) == 0
        assert oldest_seq(conn) == 1


def test_pruning_keeps_the_newest_and_the_count(store: Store) -> None:
    with store.write() as writer:
        for n in range(100):
            writer.changed("cases", str(n), new_scope="c")
    with store.write() as writer:
        assert prune(writer, batch=30, keep_rows=10) == 30
    while True:
        with store.write() as writer:
            if prune(writer, batch=30, keep_rows=10) == 0:
                break
    with store.read() as conn:
        assert [change.key for change in follow(conn, 0, 100)] == [str(n) for n in range(90, 100)]
        assert oldest_seq(conn) == latest_seq(conn) - 9
    with store.write() as writer:
        while prune(writer, keep_rows=0):
            pass
    with store.read() as conn:
        assert latest_seq(conn) >= 100
        assert oldest_seq(conn) == latest_seq(conn) + 1


def test_wake_wakes(store: Store) -> None:
    wake = Wake(store.url)
    assert not wake.wait(0.05)
    with store.write() as writer:
        writer.changed("cases", "a", new_scope="c")
    assert wake.wait(2)
    wake.close()
