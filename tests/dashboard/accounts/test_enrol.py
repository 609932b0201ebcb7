"""A code becomes a screen's session: once, for minutes, and for its own screen alone."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from dashboard.accounts import enrol, manage, sessions, signin
from dashboard.accounts.manage import Actor
from dashboard.accounts.principal import principal, resolve
from dashboard.domain.roles import Right, Role
from data_access.commands import screens as commands
from data_access.queries import accounts
from data_access.store import Store
from data_access.tables import audit, screen_code
from layouts.wall_geometry import Geometry
from tests.dashboard.http.town import CITY, EAST, NOW, WEST

REAL = datetime(2026, 7, 1, 4, 0, tzinfo=UTC)


def add_screen(store: Store, name: str = "main", scope: str = CITY) -> None:
    with store.write() as writer:
        commands.put_screen(
            writer,
            screen_id=name,
            name="大厅",
            scope=scope,
            scene_id="routine",
            geometry=Geometry().as_json(),
        )


@pytest.fixture
def hall(town: Store) -> Store:
    add_screen(town)
    return town


def give(store: Store, code: str, **more) -> enrol.Enrolled | None:
    return enrol.enrol(store, code, city_at=NOW, address="10.0.0.9", **more)


def test_a_code_makes_a_screen_of_the_browser(hall: Store, actor: Actor) -> None:
    code = enrol.make_code(hall, actor, "main")
    assert len(code.digits) == enrol.CODE_DIGITS
    enrolled = give(hall, f" {code.digits[:4]} {code.digits[4:]}\n")
    assert enrolled is not None
    who = principal(hall, cookie=enrolled.secret)
    assert who is not None
    assert (who.name, who.role, who.scopes) == ("screen:main", Role.WALL, (CITY,))
    assert who.may(Right.LOOK)
    assert not any(who.may(right) for right in Right if right is not Right.LOOK)


def test_a_code_is_used_once(hall: Store, actor: Actor) -> None:
    code = enrol.make_code(hall, actor, "main")
    assert give(hall, code.digits) is not None
    assert give(hall, code.digits) is None


def test_a_code_is_good_for_ten_minutes(hall: Store, actor: Actor) -> None:
    code = enrol.make_code(hall, actor, "main", real_now=REAL)
    assert code.real_expires_at == REAL + timedelta(minutes=10)
    assert give(hall, code.digits, real_now=REAL + timedelta(minutes=10)) is None
    assert give(hall, code.digits, real_now=REAL + timedelta(minutes=9)) is not None


def test_a_new_code_makes_the_old_one_void(hall: Store, actor: Actor) -> None:
    old = enrol.make_code(hall, actor, "main")
    new = enrol.make_code(hall, actor, "main")
    assert give(hall, old.digits) is None
    assert give(hall, new.digits) is not None


def test_wrong_codes_make_the_good_one_void_in_the_end(hall: Store, actor: Actor) -> None:
    code = enrol.make_code(hall, actor, "main")
    wrong = "0" * 8 if code.digits != "0" * 8 else "1" * 8
    for _ in range(commands.CODE_MISSES):
        assert give(hall, wrong) is None
    assert give(hall, code.digits) is None


def test_only_hashes_are_stored(hall: Store, actor: Actor) -> None:
    code = enrol.make_code(hall, actor, "main")
    with hall.read() as conn:
        row = conn.execute(select(screen_code)).one()
        told = [str(line) for line in conn.execute(select(audit))]
    assert code.digits.encode() not in bytes(row.code_hash)
    assert not any(code.digits in line for line in told)


def test_a_screen_has_one_browser(hall: Store, actor: Actor) -> None:
    first = give(hall, enrol.make_code(hall, actor, "main").digits)
    second = give(hall, enrol.make_code(hall, actor, "main").digits)
    assert first is not None
    assert second is not None
    assert principal(hall, cookie=first.secret) is None
    assert principal(hall, cookie=second.secret) is not None


def test_a_screen_taken_back_is_a_stranger(hall: Store, actor: Actor) -> None:
    enrolled = give(hall, enrol.make_code(hall, actor, "main").digits)
    pending = enrol.make_code(hall, actor, "main")
    enrol.unenrol(hall, actor, "main")
    assert enrolled is not None
    assert principal(hall, cookie=enrolled.secret) is None
    assert give(hall, pending.digits) is None
    with pytest.raises(manage.ManageError):
        enrol.unenrol(hall, actor, "main")


def test_a_screen_stays_enrolled_while_it_is_lit(hall: Store, actor: Actor) -> None:
    code = enrol.make_code(hall, actor, "main", real_now=REAL)
    enrolled = give(hall, code.digits, real_now=REAL)
    assert enrolled is not None
    at = REAL
    for _ in range(6):
        at += timedelta(days=80)
        with hall.read() as conn:
            shown = principal_at(conn, enrolled.secret, at)
        assert shown is not None
        assert sessions.touch(hall, shown, real_now=at)
    with hall.read() as conn:
        assert principal_at(conn, enrolled.secret, at + timedelta(days=91)) is None


def principal_at(conn, secret: str, at: datetime):
    from dashboard.accounts.principal import credential

    shown = credential(cookie=secret)
    return resolve(conn, [shown], real_now=at).get(shown)


def test_nobody_signs_in_as_a_screen(hall: Store, actor: Actor) -> None:
    give(hall, enrol.make_code(hall, actor, "main").digits)
    for password in ("", "!", enrol.NO_PASSWORD * 8):
        assert signin.sign_in(hall, "screen:main", password, city_at=NOW) is None
    with pytest.raises(manage.ManageError):
        manage.add_account(hall, actor, name="screen:x", role="leader", password="long enough pw")


def test_an_administrator_enrols_what_lies_within_their_scope(town: Store) -> None:
    add_screen(town, "east", EAST)
    west = Actor(name="wei", role="administrator", city_at=NOW, scopes=(WEST,))
    with pytest.raises(manage.NotFoundError):
        enrol.make_code(town, west, "east")
    east = Actor(name="dong", role="administrator", city_at=NOW, scopes=(EAST,))
    enrolled = give(town, enrol.make_code(town, east, "east").digits)
    assert enrolled is not None
    who = principal(town, cookie=enrolled.secret)
    assert who is not None
    assert who.scopes == (EAST,)


def test_every_act_is_in_the_audit(hall: Store, actor: Actor) -> None:
    code = enrol.make_code(hall, actor, "main")
    give(hall, "1")
    give(hall, code.digits)
    enrol.unenrol(hall, actor, "main")
    with hall.read() as conn:
        acts = [row.act for row in conn.execute(select(audit.c.act).order_by(audit.c.id))]
    assert acts == ["screen-code", "screen-enrol-refused", "screen-enrol", "screen-unenrol"]


def test_a_screen_is_no_account_of_a_person(hall: Store, actor: Actor) -> None:
    give(hall, enrol.make_code(hall, actor, "main").digits)
    with hall.read() as conn:
        account = accounts.find_account(conn, name="screen:main")
    assert account is not None
    assert account.role == "wall"
    assert enrol.screen_of(account.name) == "main"
    assert enrol.screen_of("ann") is None
