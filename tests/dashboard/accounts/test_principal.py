"""Who is asking, and what they may see."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from dashboard.accounts import manage
from dashboard.accounts.principal import (
    Credential,
    Principal,
    bearer_of,
    covers,
    credential,
    normal_scopes,
    principal,
    resolve,
    secret_hash,
)
from dashboard.accounts.sessions import IDLE, LONGEST, close_session, open_session, touch
from dashboard.domain.roles import Right, Role
from data_access import tables
from data_access.commands.accounts import forget_expired_sessions
from tests.dashboard.http.town import CITY, EAST, PASSWORD, WEST


def someone(role: Role = Role.LEADER, scopes=(CITY,), events=(), kinds=None) -> Principal:
    return Principal(
        name="x",
        display_name="x",
        role=role,
        scopes=normal_scopes(scopes),
        events=tuple(events),
        kinds=kinds,
        via="token",
        credential=Credential("token", b"x" * 32),
    )


def test_the_stream_process_loads_neither_flask_nor_argon2() -> None:
    code = (
        "import sys, dashboard.accounts.principal, dashboard.accounts.doors,"
        " dashboard.accounts.sessions\n"
        "print([m for m in ('flask', 'dash', 'argon2', 'pandas', 'pydantic') if m in sys.modules])"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("scope", "event", "seen"),
    [
        (EAST, None, True),
        (EAST + "/330102001", None, True),
        (WEST, None, False),
        (CITY, None, False),
        (EAST + "9", None, False),
        (None, None, False),
        ("", None, False),
        (WEST, "op1", True),
        (None, "op1", True),
        (WEST, "op2", False),
    ],
)
def test_a_row_is_seen_by_scope_or_by_event(scope, event, seen) -> None:
    assert someone(scopes=[EAST], events=["op1"]).sees(scope, event) is seen


def test_no_scope_sees_nothing() -> None:
    assert not someone(scopes=[]).sees(CITY)


def test_scopes_are_kept_without_repeats() -> None:
    assert normal_scopes([EAST, CITY, EAST, "", WEST]) == (CITY,)
    assert normal_scopes([WEST, EAST]) == (EAST, WEST)
    assert normal_scopes([EAST, EAST + "9"]) == (EAST, EAST + "9")


def test_who_has_no_scope_is_the_whole_citys_business() -> None:
    assert covers((CITY,), ())
    assert not covers((EAST,), ())
    assert covers((EAST,), (EAST + "/1",))
    assert not covers((EAST,), (EAST, WEST))


def test_those_who_see_the_same_have_the_same_key() -> None:
    leader, commander = someone(Role.LEADER), someone(Role.COMMANDER)
    assert leader.scope_key == commander.scope_key
    keys = {
        leader.scope_key,
        someone(scopes=[EAST]).scope_key,
        someone(scopes=[EAST, WEST]).scope_key,
        someone(events=["op1"]).scope_key,
        someone(Role.WALL).scope_key,
    }
    assert len(keys) == 5


def test_a_feed_sends_its_kinds_and_looks_at_nothing() -> None:
    feed = someone(Role.FEED, kinds=("readings",))
    assert feed.may_ingest("readings")
    assert not feed.may_ingest("cases")
    assert someone(Role.FEED).may_ingest("cases")
    assert not someone(Role.COMMANDER).may_ingest("cases")
    assert [right for right in Right if feed.may(right)] == [Right.INGEST]


@pytest.mark.parametrize(
    ("header", "token"),
    [
        (None, None),
        ("Bearer pj_x", "pj_x"),
        ("bearer  pj_x ", "pj_x"),
        ("Basic eDp5", ""),
        ("", ""),
        ("Bearer", ""),
    ],
)
def test_the_header_is_read_as_it_is_written(header, token) -> None:
    assert bearer_of(header) == token


def test_what_is_shown_is_only_ever_a_hash() -> None:
    assert credential() is None
    assert credential(cookie="a" * 300) is None
    assert credential(bearer="not ours", cookie="a") is None
    assert credential(bearer="pj_x", cookie="a") == Credential("token", secret_hash("pj_x"))
    assert credential(cookie="a") == Credential("session", secret_hash("a"))


def test_a_session_is_someone_until_it_ends(town, actor) -> None:
    manage.add_account(town, actor, name="ann", role="leader", password=PASSWORD, scopes=[EAST])
    with town.write() as writer:
        secret = open_session(writer, "ann")
    who = principal(town, cookie=secret)
    assert who is not None
    assert (who.name, who.role, who.scopes, who.via) == ("ann", Role.LEADER, (EAST,), "session")
    assert secret not in who.session_name
    assert principal(town, cookie=secret + "x") is None
    assert principal(town, bearer=secret) is None
    with town.write() as writer:
        close_session(writer, who.credential)
    assert principal(town, cookie=secret) is None


def test_an_unused_session_ends_and_a_used_one_lives_on_for_a_while(town, actor) -> None:
    manage.add_account(town, actor, name="ann", role="leader", password=PASSWORD)
    begun = datetime.now(UTC)
    with town.write() as writer:
        secret = open_session(writer, "ann", real_now=begun)
    shown = Credential("session", secret_hash(secret))

    def at(moment: datetime) -> Principal | None:
        with town.read() as conn:
            return resolve(conn, [shown], real_now=moment).get(shown)

    assert at(begun + IDLE - timedelta(seconds=1)) is not None
    assert at(begun + IDLE) is None
    used = begun + timedelta(hours=11)
    who = at(used)
    assert who is not None
    assert touch(town, who, real_now=used)
    again = at(used)
    assert again is not None
    assert not touch(town, again, real_now=used + timedelta(minutes=1)), "noted at most so often"
    assert at(used + IDLE - timedelta(seconds=1)) is not None
    late = begun + LONGEST - timedelta(hours=1)
    assert touch(town, again, real_now=late)
    assert at(begun + LONGEST) is None, "used or not, it ends"
    with town.write() as writer:
        assert forget_expired_sessions(writer, real_now=begun + LONGEST) == 1


def test_a_token_is_someone_until_it_is_revoked(town, actor) -> None:
    number, secret = manage.add_token(
        town, actor, name="rain", role="feed", kinds=["readings"], scopes=[EAST]
    )
    who = principal(town, bearer=secret)
    assert who is not None
    assert (who.name, who.role, who.kinds) == ("token:rain", Role.FEED, ("readings",))
    assert principal(town, cookie=secret) is None
    manage.revoke_token(town, actor, number)
    assert principal(town, bearer=secret) is None


def test_many_are_asked_for_at_once(town, actor) -> None:
    manage.add_account(town, actor, name="ann", role="leader", password=PASSWORD)
    with town.write() as writer:
        sessions = [open_session(writer, "ann") for _ in range(3)]
    token = manage.add_token(town, actor, name="t", role="wall")[1]
    shown = [credential(cookie=secret) for secret in sessions] + [credential(bearer=token)]
    with town.read() as conn:
        found = resolve(conn, [*shown, Credential("session", b"0" * 32)])
    assert set(found) == set(shown)


def test_a_role_that_is_none_opens_nothing(town, actor) -> None:
    secret = manage.add_token(town, actor, name="t", role="wall")[1]
    with town.write() as writer:
        writer.conn.execute(update(tables.token).values(role="king"))
    assert principal(town, bearer=secret) is None
