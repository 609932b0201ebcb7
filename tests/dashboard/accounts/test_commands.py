"""``pingji user`` and ``pingji token``."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from dashboard.accounts.commands import token, user
from dashboard.accounts.principal import principal
from dashboard.accounts.signin import sign_in
from dashboard.settings import Settings
from data_access import tables
from tests.dashboard.http.town import EAST, NOW


@pytest.fixture
def run(lone, tmp_path: Path):
    settings = Settings(data_dir=tmp_path)

    def run(group, *arguments, code: int = 0, told: str | None = None) -> str:
        result = CliRunner().invoke(group, arguments, obj=settings, input=told)
        assert result.exit_code == code, result.output
        return result.output

    return run


def test_a_users_life(run, lone) -> None:
    output = run(user, "add", "ann", "--role", "leader", "--scope", "330102")
    password = re.search(r"password: (\S+)", output)[1]
    assert sign_in(lone, "ann", password, city_at=NOW) is not None
    assert f"ann\tleader\t{EAST}\tactive" in run(user, "list")
    run(user, "role", "ann", "commander")
    assert "password:" not in run(
        user, "password", "ann", "--password-stdin", told="a long password\n"
    )
    assert sign_in(lone, "ann", "a long password", city_at=NOW) is not None
    run(user, "disable", "ann")
    assert "disabled" in run(user, "list")
    assert sign_in(lone, "ann", "a long password", city_at=NOW) is None
    run(user, "disable", "ann", "--undo")
    assert sign_in(lone, "ann", "a long password", city_at=NOW) is not None
    with lone.read() as conn:
        audit = tables.audit.c
        told = list(conn.execute(select(audit.act).where(audit.actor == "cli")).scalars())
    assert told == [
        "account-add",
        "account-role",
        "account-password",
        "account-disable",
        "account-enable",
    ]


def test_a_tokens_life(run, lone) -> None:
    output = run(token, "add", "rain", "--kind", "readings", "--kind", "stations")
    secret = re.search(r"token: (\S+)", output)[1]
    number = re.search(r"added (\w+)", output)[1]
    assert principal(lone, bearer=secret).kinds == ("readings", "stations")
    listed = run(token, "list")
    assert f"{number}\train\tfeed\treadings,stations\t330100\tactive" in listed
    assert secret not in listed
    run(token, "revoke", number)
    assert principal(lone, bearer=secret) is None
    assert "revoked" in run(token, "list")


@pytest.mark.parametrize(
    ("group", "arguments", "words"),
    [
        (user, ("add", "a b", "--role", "leader"), "名称"),
        (user, ("add", "x", "--role", "leader", "--scope", "nowhere"), "没有辖区"),
        (user, ("role", "nobody", "leader"), "没有账号"),
        (user, ("disable", "nobody"), "没有账号"),
        (token, ("add", "x", "--role", "leader", "--kind", "cases"), "只有 feed"),
        (token, ("revoke", "none"), "没有令牌"),
    ],
)
def test_what_cannot_be_is_told_in_a_line(run, group, arguments, words) -> None:
    output = run(group, *arguments, code=1)
    assert words in output
    assert "Traceback" not in output


def test_a_role_that_is_none_is_told_with_those_there_are(run) -> None:
    assert "commander" in run(user, "add", "x", "--role", "king", code=2)


def test_a_weak_password_is_refused(run) -> None:
    run(user, "add", "x", "--role", "leader", "--password-stdin", told="short\n", code=1)
