"""What goes wrong on the way to a screen, with real processes and sockets.

After each fault every reader ends with what the store has, row by row: within 10 s of the server's
return, within 18 s where a socket fell silent instead of closing.
"""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.faults.real_web import TOPICS, Cable, Changing, City, Web, alive, eventually
from tests.live_client import Event, Reader, Stream

RETURN_S = 10.0
SILENT_S = 18.0


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    made = City(tmp_path)
    yield made
    made.close()


@pytest.fixture
def web(city: City) -> Iterator[Web]:
    made = Web(city).start()
    yield made
    made.stop()


@pytest.fixture(scope="module")
def lasting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[City, Web]]:
    """For faults that leave the server standing."""
    city = City(tmp_path_factory.mktemp("lasting"))
    web = Web(city).start()
    yield city, web
    web.stop()
    city.close()


@pytest.fixture
def readers() -> Iterator[list[Reader]]:
    made: list[Reader] = []
    yield made
    for reader in made:
        reader._stopped.set()
    for reader in made:
        reader.stop()


def follow(readers: list[Reader], address: tuple[str, int], city: City, count: int, **how) -> None:
    """Let so many readers come, and wait until they have everything."""
    new = [Reader(address, city.token, TOPICS, **how).start() for _ in range(count)]
    readers += new
    eventually(lambda: all(reader.loaded() for reader in new), 90)  # no bar: how they begin
    city.converge(new, time.monotonic() + 30)


def test_killed_and_started_again(city: City, web: Web, readers: list[Reader]) -> None:
    follow(readers, city.address, city, 20)
    with Changing(city):
        time.sleep(0.5)
        web.kill()
        eventually(lambda: not any(reader.live for reader in readers), 2)
        time.sleep(2)
        web.start()
        back = time.monotonic()
        time.sleep(3)
    city.converge(readers, back + RETURN_S)
    assert sum(reader.seen["hello"] for reader in readers) >= 40
    resets = sum(reader.seen["reset"] for reader in readers)
    assert resets == 20 * len(TOPICS), "who comes back with its position needs no snapshot"


def test_a_worker_killed_comes_back_by_itself(city: City, web: Web, readers: list[Reader]) -> None:
    follow(readers, city.address, city, 5)
    for pid in web.processes()[1:]:
        # Both masters and both workers, one after the other.
        if alive(pid):
            os.kill(pid, signal.SIGKILL)
            time.sleep(0.5)
            city.change()
    eventually(lambda: web.get("/readyz")[0] == 200, 15)
    city.converge(readers, time.monotonic() + RETURN_S)


def test_sigterm_closes_streams_at_once(city: City, web: Web) -> None:
    stream = Stream(city.address, city.token, "cases")
    events = stream.events()
    assert next(events).name == "hello"
    assert web.process is not None
    web.process.terminate()
    begun = time.monotonic()
    with pytest.raises(Exception, match="closed"):
        for _ in events:
            pass
    assert time.monotonic() - begun < 1.5
    stream.close()
    web.process.wait(30)  # it ends by itself; how soon is no matter of a busy machine


@pytest.mark.parametrize(
    "cut_s", [4, pytest.param(60, marks=pytest.mark.slow)], ids=["a moment", "a minute"]
)
@pytest.mark.parametrize("old_links", [True, False], ids=["links come back", "half-open"])
def test_the_network_falls_silent(
    lasting: tuple[City, Web], readers: list[Reader], cut_s: float, old_links: bool
) -> None:
    city, _ = lasting
    cable = Cable(city.address)
    try:
        follow(readers, cable.address, city, 8)
        with Changing(city, every_s=0.2):
            time.sleep(0.5)
            cable.cut()
            time.sleep(cut_s)
            cable.mend(old_links=old_links)
            back = time.monotonic()
            time.sleep(2)
        city.converge(readers, back + SILENT_S)
    finally:
        cable.close()
    assert all(reader.seen["gap"] == 0 for reader in readers)


def test_who_stops_reading_costs_the_server_nothing(
    lasting: tuple[City, Web], readers: list[Reader]
) -> None:
    city, web = lasting
    asleep = [True]

    def pause(event: Event) -> None:
        while asleep[0] and event.name == "change":
            time.sleep(0.05)

    follow(readers, city.address, city, 2)
    follow(readers, city.address, city, 40, pause=pause, receive_buffer=4096)
    before = web.memory_mb()
    begun = time.monotonic()
    while time.monotonic() - begun < 6:
        city.change(200)
    assert web.metric("pingji_streams_lagging") >= 40
    grown = web.memory_mb() - before
    assert grown < 40, f"{grown:.0f} MB for 40 readers that do not read"
    city.converge(readers[:2], time.monotonic() + 2)  # the others are not held up
    asleep[0] = False
    city.converge(readers, time.monotonic() + RETURN_S)
    assert all(reader.seen["gap"] == 0 for reader in readers)


@pytest.mark.slow
def test_who_never_reads_again_is_let_go(lasting: tuple[City, Web]) -> None:
    city, web = lasting
    streams = [
        Stream(city.address, city.token, ",".join(TOPICS), receive_buffer=4096) for _ in range(10)
    ]
    begun = time.monotonic()
    while time.monotonic() - begun < 30 and web.metric("pingji_streams") > 0:
        city.change(200)
    assert web.metric("pingji_streams") == 0
    for stream in streams:
        stream.close()


def test_five_hundred_return_at_once(city: City, web: Web, readers: list[Reader]) -> None:
    follow(readers, city.address, city, 500)
    with Changing(city, every_s=1.0, count=2):
        web.kill()
        time.sleep(1)
        web.start()
        back = time.monotonic()
        time.sleep(3)
    city.converge(readers, back + RETURN_S)
    assert all(reader.seen["hello"] >= 2 for reader in readers)


@pytest.mark.postgres
def test_the_database_cuts_every_connection(
    tmp_path: Path, postgres_url: str, readers: list[Reader]
) -> None:
    city = City(tmp_path, postgres_url)
    web = Web(city).start()
    try:
        follow(readers, city.address, city, 5)
        for _ in range(2):
            with city.store.engine.connect() as conn:
                query = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                query += "WHERE datname = current_database() AND pid <> pg_backend_pid()"
                conn.execute(text(query))
            city.store.dispose()
            city.change()
            city.converge(readers, time.monotonic() + RETURN_S)
        assert all(reader.seen["hello"] == 1 for reader in readers), "streams stay meanwhile"
    finally:
        web.stop()
        city.close()
