"""What leaves: signed, at least once, in order, and never given up without a word."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from dashboard import delivery, demo_receiver
from dashboard.check import findings
from dashboard.domain import webhooks
from dashboard.domain.webhooks import Receiver
from dashboard.settings import SettingError, Settings, load
from data_access import outbox
from data_access.queries import live
from data_access.queries.outbox import state_of, states
from data_access.store import Store
from data_access.sweep import sweep
from data_access.tables import change
from data_access.tables import outbox as table
from tests.conftest import NOW, ROOT
from tests.dashboard.receiver import SECRET, Local


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(webhooks, "FIRST_PAUSE_S", 0.01)
    monkeypatch.setattr(webhooks, "LONGEST_PAUSE_S", 0.05)


def _put(store: Store, n: int = 1, *, to: str = "platform", drill: bool = False) -> list[str]:
    made = []
    for number in range(n):
        with store.write() as writer:
            made.append(
                outbox.put(
                    writer,
                    "case.urge",
                    to,
                    {"opinion": f"第 {number} 次催办"},
                    subject="cases/A1",
                    now=NOW,
                    scope="330100",
                    drill=drill,
                )
            )
    return made


def _deliver(
    store: Store, *receivers: Receiver, loopback: bool = False, real_s: float = 20
) -> None:
    """Take turns at the receivers until nothing waits."""
    names = [receiver.name for receiver in receivers if receiver.name != "*"]
    steps = [delivery.sender(store, it, but=names, loopback=loopback) for it in receivers]
    until = time.monotonic() + real_s
    while time.monotonic() < until:
        for step in steps:
            step()
        with store.read() as conn:
            if outbox.first_waiting(conn) is None:
                return
        time.sleep(0.005)
    raise AssertionError("something still waits")


def _states(store: Store) -> list[tuple]:
    with store.read() as conn:
        query = select(table.c.state, table.c.attempts, table.c.reason).order_by(table.c.n)
        return [tuple(row) for row in conn.execute(query)]


def test_a_message_arrives_signed_and_its_state_is_known(store):
    with Local() as local:
        (name,) = _put(store)
        with store.read() as conn:
            assert [it.state for it in state_of(conn, "cases/A1")] == ["waiting"]
        _deliver(store, local.receiver())
    assert local.forged == 0
    (told,) = local.got
    assert told == {
        "id": name,
        "kind": "case.urge",
        "subject": "cases/A1",
        "at": NOW.isoformat(),
        "drill": False,
        "simulated": False,
        "payload": {"opinion": "第 0 次催办"},
    }
    with store.read() as conn:
        (found,) = state_of(conn, "cases/A1")
        assert states(conn, [name, "none"]) == {name: found}
        assert state_of(conn, "cases/A2") == []
    assert (found.state, found.attempts, found.reason) == ("delivered", 1, None)
    assert found.real_settled_at is not None


def test_what_became_of_a_message_is_live_for_an_hour(store):
    (name,) = _put(store)

    def told() -> list[tuple]:
        with store.read() as conn:
            found = live.rows(conn, "outbox", None)
            numbered = select(change.c.seq).where(change.c.topic == "outbox", change.c.key == name)
            seqs = conn.execute(numbered).all()
        return [(it.row[0], it.row[3], it.scope, len(seqs)) for it in found]

    assert told() == [(name, "waiting", "330100", 1)]
    with Local() as local:
        _deliver(store, local.receiver())
    assert told() == [(name, "delivered", "330100", 2)]
    assert sweep(store, NOW) == 0
    old = datetime.now(UTC) - outbox.SHOWN_FOR
    with store.write() as writer:
        writer.conn.execute(update(table).values(real_settled_at=old))
    assert sweep(store, NOW) == 1
    assert told() == []


def test_an_act_that_was_rolled_back_sends_nothing(store):
    with pytest.raises(RuntimeError), store.write() as writer:
        told = {"subject": "cases/A1", "now": NOW, "scope": "330100"}
        outbox.put(writer, "case.urge", "platform", {}, **told)
        raise RuntimeError
    assert _states(store) == []


def test_a_failing_receiver_gets_each_in_order_and_the_same_one_again(store):
    with Local(500, 0, 429, 204, 503) as local:
        one, two, three = _put(store, 3)
        _deliver(store, local.receiver())
    assert local.ids == [one, one, one, one, two, two, three]
    bodies = [it for it in local.got if it["id"] == one]
    assert all(body == bodies[0] for body in bodies)
    assert _states(store) == [
        ("delivered", 4, None),
        ("delivered", 2, None),
        ("delivered", 1, None),
    ]


def test_a_receiver_that_delays_too_long_gets_it_again(store, monkeypatch):
    monkeypatch.setattr(delivery, "TIMEOUT_S", 0.2)
    with Local(delay_s=0.6) as local:
        (name,) = _put(store)
        step = delivery.sender(store, local.receiver())
        step()
        assert _states(store) == [("waiting", 1, "timed out")]
        local.delay_s = 0.0
        _deliver(store, local.receiver())
    assert local.ids == [name, name]


def test_a_refused_message_says_so_and_holds_up_none(store):
    with Local(422) as local:
        refused, _ = _put(store, 2)
        _deliver(store, local.receiver())
        assert _states(store) == [("failed", 1, "HTTP 422"), ("delivered", 1, None)]
        with store.write() as writer:
            assert outbox.again(writer, refused)
            assert not outbox.again(writer, "none")
        _deliver(store, local.receiver())
    assert [state for state, _, _ in _states(store)] == ["delivered", "delivered"]


def test_after_a_day_a_message_is_given_up_with_the_last_reason(store):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}/"
        receiver = Receiver(name="*", url=url, secret=SECRET)
        _put(store)
        step = delivery.sender(store, receiver)
        assert step()
        ((state, attempts, reason),) = _states(store)
        assert (state, attempts) == ("waiting", 1)
        assert "refused" in reason
        long_ago = datetime.now(UTC) - webhooks.GIVE_UP_AFTER - timedelta(minutes=1)
        with store.write() as writer:
            writer.conn.execute(update(table).values(real_put_at=long_ago, real_next_at=long_ago))
        assert step()
    assert _states(store) == [("failed", 2, reason)]


def test_each_receiver_takes_its_own_and_a_slow_one_holds_up_no_other(store):
    slow = Local(delay_s=2)
    with slow, Local() as quick:
        _put(store, 2, to="platform")
        _put(store, 2, to="calls")
        stop = threading.Event()
        settings = Settings(
            webhooks=(
                {"name": "platform", "url": slow.url, "secret": SECRET},
                {"name": "calls", "url": quick.url, "secret": SECRET},
            )
        )
        _put(store, to="nobody")
        threads = delivery.start(settings, store, stop)
        until = time.monotonic() + 1.5
        while len(quick.got) < 2 and time.monotonic() < until:
            time.sleep(0.01)
        assert (len(quick.got), len(slow.got)) == (2, 1)
        stop.set()
        for thread in threads:
            thread.join(5)
    assert _states(store)[-1] == ("failed", 0, "no-receiver")


@pytest.mark.parametrize("how", ["drill", "played"])
def test_what_is_played_or_drilled_stays_on_this_machine(store, how):
    outside = Receiver(name="*", url="http://192.0.2.1/", secret=SECRET)
    _put(store, drill=how == "drill")
    _deliver(store, outside, loopback=how == "played")
    assert _states(store) == [("failed", 0, "loopback-only")]
    with Local() as local:
        _put(store, drill=how == "drill")
        _deliver(store, local.receiver(), loopback=how == "played")
    assert local.got[0]["drill" if how == "drill" else "simulated"]
    assert delivery.only_loopback(Settings(demonstration=True))
    assert delivery.only_loopback(Settings(feeds=({"kind": "simulator"},)))
    assert not delivery.only_loopback(Settings())


def test_a_demonstration_has_a_receiver_of_its_own(store):
    stop = threading.Event()
    receivers = demo_receiver.start(Settings(demonstration=True), stop)
    _put(store)
    _deliver(store, *receivers, loopback=True)
    assert _states(store) == [("delivered", 1, None)]
    (mine,) = receivers
    _put(store)
    forged = Receiver(name="*", url=mine.url, secret="not its secret at all")
    _deliver(store, forged, loopback=True)
    assert _states(store)[-1] == ("failed", 1, "HTTP 403")
    stop.set()
    assert demo_receiver.start(Settings(), stop) == ()


def test_a_killed_ingest_sends_what_it_had_not_noted_again(store, tmp_path):
    """It dies with a message under way: the receiver gets it once more, by the same id."""
    with Local(delay_s=1.0) as local:
        _put(store, 3)
        environment = {
            **os.environ,
            "PINGJI_DATA_DIR": str(tmp_path),
            "PINGJI_DATABASE_URL": store.url,
            "PINGJI_WEBHOOKS": f'[{{"url": "{local.url}", "secret": "{SECRET}"}}]',
        }
        command = [sys.executable, "-m", "dashboard", "ingest"]
        with (tmp_path / "out.log").open("ab") as log:
            first = subprocess.Popen(command, env=environment, cwd=ROOT, stdout=log, stderr=log)
            _until(lambda: local.got)
            first.send_signal(signal.SIGKILL)
            first.wait()
            assert [state for state, _, _ in _states(store)] == ["waiting"] * 3
            local.delay_s = 0.0
            second = subprocess.Popen(command, env=environment, cwd=ROOT, stdout=log, stderr=log)
            try:
                _until(lambda: all(state == "delivered" for state, _, _ in _states(store)))
            finally:
                second.terminate()
                second.wait(60)
        assert SECRET not in (tmp_path / "out.log").read_text()
    assert local.ids[0] == local.ids[1]
    assert len(set(local.ids)) == 3
    assert local.ids[1:] == sorted(set(local.ids), key=local.ids.index)


def test_a_secret_is_in_no_message(tmp_path):
    given = '[{"url": "ftp://x", "secret": "a secret nobody sees"}]'
    with pytest.raises(SettingError, match="webhooks") as error:
        load({"PINGJI_WEBHOOKS": given}, tmp_path / "none")
    assert "nobody sees" not in str(error.value)
    good = load({"PINGJI_WEBHOOKS": given.replace("ftp", "https")}, tmp_path / "none")
    assert "nobody sees" not in repr(good)
    assert "nobody sees" not in repr(webhooks.receivers(good.webhooks))
    assert load(good.environment(), tmp_path / "none") == good


@pytest.mark.parametrize(
    "table",
    [
        {"url": "https://x/"},
        {"url": "https://x/", "secret": "short"},
        {"url": "https://x/", "secret": "s" * 16, "to": "y"},
        {"url": "https://u:p@x/", "secret": "s" * 16},
        {"name": "", "url": "https://x/", "secret": "s" * 16},
    ],
    ids=["no secret", "short secret", "unknown key", "password in the address", "empty name"],
)
def test_a_wrong_webhook_is_refused(table):
    with pytest.raises(ValueError):
        webhooks.read([table])


def test_check_says_a_line_for_the_outbox(store, tmp_path):
    settings = Settings(data_dir=tmp_path, database_url=store.url)

    def line() -> str:
        return next(it.line() for it in findings(settings) if it.subject == "outbox")

    assert line().startswith("WARN  outbox: has no receiver")
    _put(store)
    with store.write() as writer:
        long_ago = datetime.now(UTC) - timedelta(hours=1)
        writer.conn.execute(update(table).values(real_put_at=long_ago, reason="HTTP 500"))
    assert "1 messages wait longer than 5 minutes: HTTP 500" in line()
    with store.read() as conn:
        message = outbox.first_waiting(conn)
    assert message is not None
    with store.write() as writer:
        outbox.failed(writer, message, "HTTP 422", tried=True)
    assert "were not delivered" in line()


def _until(holds, real_s: float = 90) -> None:
    until = time.monotonic() + real_s
    while not holds():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.02)
