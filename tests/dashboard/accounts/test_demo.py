"""The demonstration's credentials: told once, true for ever, read by their owner alone."""

import json
import stat
from pathlib import Path

import pytest
from sqlalchemy import func, select

from dashboard.accounts import manage
from dashboard.accounts.demo import demo_credentials
from dashboard.accounts.principal import principal
from dashboard.accounts.signin import sign_in
from data_access import tables
from data_access.schema import migrate
from data_access.store import Store
from tests.dashboard.http.town import CITY, NOW, describe_city

TOKEN_ROLES = [
    "feed",
    "leader",
    "supervisor",
    "commander",
    "administrator",
    "event-member",
    "wall",
]


def told(path: Path) -> dict:
    return json.loads(path.read_text("utf-8"))


def true_of(store: Store, document: dict) -> None:
    for entry in document["accounts"]:
        signed_in = sign_in(store, entry["name"], entry["password"], city_at=NOW)
        assert signed_in is not None, entry
        who = principal(store, cookie=signed_in.secret)
        assert (who.role, who.scopes) == (entry["role"], _looks_around(entry["role"]))
    for entry in document["tokens"]:
        who = principal(store, bearer=entry["token"])
        assert (who.role, who.scopes) == (entry["role"], _looks_around(entry["role"]))
        assert who.kinds is None


def test_the_file_is_as_the_contract_says(town, tmp_path) -> None:
    path = demo_credentials(town, tmp_path / "data", CITY, city_at=NOW)
    assert path == tmp_path / "data" / "credentials.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    document = told(path)
    assert document.keys() == {"accounts", "tokens"}
    assert all(entry.keys() == {"name", "password", "role"} for entry in document["accounts"])
    assert all(entry.keys() == {"role", "token"} for entry in document["tokens"])
    assert [entry["role"] for entry in document["tokens"]] == TOKEN_ROLES
    assert {entry["role"] for entry in document["accounts"]} == set(TOKEN_ROLES) - {"feed", "wall"}
    true_of(town, document)


def test_it_is_stable_across_restarts(lone, tmp_path) -> None:
    path = demo_credentials(lone, tmp_path, CITY, city_at=NOW)
    before = path.read_bytes()
    for _ in range(2):
        demo_credentials(lone, tmp_path, CITY, city_at=NOW)
    assert path.read_bytes() == before
    with lone.read() as conn:
        assert conn.execute(select(func.count()).select_from(tables.token)).scalar_one() == 7
        assert conn.execute(select(func.count()).select_from(tables.account)).scalar_one() == 5


def test_it_stays_true_with_a_new_store(lone, tmp_path) -> None:
    path = demo_credentials(lone, tmp_path, CITY, city_at=NOW)
    fresh = Store(f"sqlite:///{tmp_path / 'fresh.sqlite'}")
    migrate(fresh)
    describe_city(fresh)
    before = path.read_bytes()
    demo_credentials(fresh, tmp_path, CITY, city_at=NOW)
    assert path.read_bytes() == before
    true_of(fresh, told(path))
    fresh.dispose()


def test_what_was_changed_in_between_is_mended(lone, tmp_path, actor) -> None:
    path = demo_credentials(lone, tmp_path, CITY, city_at=NOW)
    path.chmod(0o644)
    manage.set_password(lone, actor, "leader", "another password")
    manage.set_disabled(lone, actor, "commander")
    manage.set_role(lone, actor, "supervisor", "leader")
    manage.set_reach(lone, actor, "administrator", scopes=["330102"])
    with lone.read() as conn:
        numbers = list(conn.execute(select(tables.token.c.id)).scalars())
    for number in numbers:
        manage.revoke_token(lone, actor, number)
    demo_credentials(lone, tmp_path, CITY, city_at=NOW)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    true_of(lone, told(path))


@pytest.mark.parametrize(
    "broken", [b"", b"{", b"[]", b'{"accounts": [{}], "tokens": []}', b"\xff"], ids=repr
)
def test_a_broken_file_is_written_anew(lone, tmp_path, broken) -> None:
    (tmp_path / "credentials.json").write_bytes(broken)
    path = demo_credentials(lone, tmp_path, CITY, city_at=NOW)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    true_of(lone, told(path))


def test_a_lost_file_is_written_anew_for_the_same_store(lone, tmp_path) -> None:
    demo_credentials(lone, tmp_path, CITY, city_at=NOW).unlink()
    true_of(lone, told(demo_credentials(lone, tmp_path, CITY, city_at=NOW)))


def test_several_cities_are_all_seen(lone, tmp_path) -> None:
    from sqlalchemy import insert

    with lone.write() as writer:
        writer.conn.execute(
            insert(tables.city).values(
                id="boston",
                name="Boston",
                time_zone="America/New_York",
                lon=-71,
                lat=42,
                settings={},
            )
        )
    path = demo_credentials(lone, tmp_path, [CITY, "boston"], city_at=NOW)
    who = principal(lone, bearer=told(path)["tokens"][1]["token"])
    assert who.scopes == (CITY, "boston")


def _looks_around(role: str) -> tuple[str, ...]:
    """Everyone in the whole city, but an event's member at its event alone."""
    return () if role == "event-member" else (CITY,)
