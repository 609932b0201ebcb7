"""Signing in: right, wrong, too often."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select, update

from dashboard.accounts import manage, passwords
from dashboard.accounts.principal import principal
from dashboard.accounts.signin import FREE_TRIES, LONGEST_LOCK, locked_until, sign_in
from data_access import tables
from tests.dashboard.http.town import NOW, PASSWORD

MOMENT = datetime(2026, 7, 1, tzinfo=UTC)


@pytest.fixture
def hall(town, actor):
    manage.add_account(town, actor, name="ann", role="leader", password=PASSWORD)
    return town


def attempt(store, password, *, name="ann", at=None):
    return sign_in(store, name, password, city_at=NOW, address="127.0.0.1", real_now=at)


def test_the_right_password_opens_a_session(hall) -> None:
    signed_in = attempt(hall, PASSWORD)
    assert signed_in is not None
    who = principal(hall, cookie=signed_in.secret)
    assert who is not None
    assert who.name == "ann"


@pytest.mark.parametrize("password", ["", "wrong", PASSWORD + " ", PASSWORD.upper(), "x" * 5000])
def test_a_wrong_one_does_not(hall, password) -> None:
    assert attempt(hall, password) is None


def test_after_some_wrong_ones_even_the_right_one_waits(hall) -> None:
    for _ in range(FREE_TRIES):
        assert attempt(hall, "wrong", at=MOMENT) is None
    assert attempt(hall, PASSWORD, at=MOMENT) is None
    assert attempt(hall, PASSWORD, at=MOMENT + timedelta(seconds=29)) is None
    later = MOMENT + timedelta(seconds=31)
    assert attempt(hall, PASSWORD, at=later) is not None
    assert attempt(hall, "wrong", at=later) is None
    assert attempt(hall, PASSWORD, at=later) is not None, "a right one begins the count anew"


def test_the_wait_grows_to_a_bound() -> None:
    waits = [locked_until(n, MOMENT) for n in range(1, 40)]
    assert waits[: FREE_TRIES - 1] == [None] * (FREE_TRIES - 1)
    lasting = [wait - MOMENT for wait in waits[FREE_TRIES - 1 :] if wait is not None]
    assert lasting == sorted(lasting)
    assert lasting[0] == timedelta(seconds=30)
    assert lasting[-1] == LONGEST_LOCK


def test_a_crowd_at_once_gains_nothing(hall) -> None:
    opened = []

    def guess(number: int) -> None:
        opened.append(attempt(hall, PASSWORD if number == 19 else f"wrong {number}", at=MOMENT))

    crowd = [threading.Thread(target=guess, args=(number,)) for number in range(20)]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join()
    with hall.read() as conn:
        failures = conn.execute(select(tables.account.c.failures)).scalar_one()
    if any(opened):
        return  # the right one was among the first few
    assert failures == FREE_TRIES, "no guess was looked at beyond the free ones"


def test_a_closed_account_stays_closed(hall, actor) -> None:
    manage.set_disabled(hall, actor, "ann")
    assert attempt(hall, PASSWORD) is None


def test_a_name_that_nobody_has_takes_as_long(lone, actor, monkeypatch) -> None:
    manage.add_account(lone, actor, name="ann", role="leader", password=PASSWORD)
    manage.add_account(lone, actor, name="bob", role="leader", password=PASSWORD)
    manage.set_disabled(lone, actor, "bob")
    verified = []
    real = PasswordHasher.verify
    monkeypatch.setattr(PasswordHasher, "verify", lambda *args: verified.append(1) or real(*args))
    for name in ("ann", "nobody", "bob"):
        before = len(verified)
        assert attempt(lone, "wrong password", name=name) is None
        assert len(verified) == before + 1


def test_a_weak_hash_is_made_anew(lone, actor) -> None:
    manage.add_account(lone, actor, name="ann", role="leader", password=PASSWORD)
    weak = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash(PASSWORD)
    with lone.write() as writer:
        writer.conn.execute(update(tables.account).values(password_hash=weak))
    assert attempt(lone, PASSWORD) is not None
    with lone.read() as conn:
        stored = conn.execute(select(tables.account.c.password_hash)).scalar_one()
    assert stored != weak
    assert not passwords.is_outdated(stored)
    assert attempt(lone, PASSWORD) is not None


def test_passwords_are_argon2id_and_never_stored(lone, actor) -> None:
    manage.add_account(lone, actor, name="ann", role="leader", password=PASSWORD)
    with lone.read() as conn:
        stored = conn.execute(select(tables.account.c.password_hash)).scalar_one()
    assert stored.startswith("$argon2id$")
    assert PASSWORD not in stored


def test_a_broken_hash_fits_nothing() -> None:
    assert not passwords.verify("not a hash", PASSWORD)
    assert not passwords.verify(None, PASSWORD)


@pytest.mark.parametrize("password", ["1234567", "x" * 201])
def test_a_weak_password_is_refused(password) -> None:
    with pytest.raises(passwords.WeakPasswordError):
        passwords.hash_password(password)
