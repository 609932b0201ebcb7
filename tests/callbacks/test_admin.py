"""/admin's actions and tabs, asked without a browser, on real stores."""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from callbacks import admin, admin_rejects, admin_tabs
from dashboard.accounts import enrol, manage
from dashboard.domain.roles import Right, Role, may
from data_access import outbox
from data_access.feeds.lists import write_city, write_jurisdictions
from data_access.ingest import Policy, ingest
from data_access.queries import accounts, audit, rejects
from data_access.queries.visible import Ask, Sight
from data_access.store import Store

NOW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
CITY = "330100"


@dataclass
class Person:
    """A principal of the test."""

    role: Role = Role.ADMINISTRATOR
    name: str = "chief"
    display_name: str = "管理员"
    scopes: tuple[str, ...] = (CITY,)
    events: tuple[str, ...] = ()
    session_name: str = "s"

    def may(self, right: Right) -> bool:
        return may(self.role, right)


@dataclass
class Desk:
    """Services with a real store and a person of choice."""

    store: Store
    person: Person = field(default_factory=Person)

    @property
    def guard(self) -> Any:
        return SimpleNamespace(
            known=lambda: self.person, address=lambda: "127.0.0.1", who=lambda: self.person
        )

    @property
    def clock(self) -> Any:
        return SimpleNamespace(now=lambda: NOW)


@pytest.fixture
def desk(store: Store) -> Desk:
    with store.write() as writer:
        write_city(
            writer,
            path=CITY,
            name="杭州市",
            name_en="Hangzhou",
            time_zone="Asia/Shanghai",
            centre=(120.2, 30.25),
            settings={},
        )
        write_jurisdictions(writer, [{"id": CITY, "name": "杭州市", "level": "city"}], root=CITY)
    return Desk(store)


def _do(desk: Desk, act: str, key: str = "new", **entered: Any) -> str:
    fields = {(name, key): value for name, value in entered.items()}
    asked = admin.Asked(services=desk, accounts=manage, screens=enrol, key=key, fields=fields)
    return str(admin.do(act, asked))


def _rejected(desk: Desk, record: object) -> int:
    ingest(desk.store, "cases", [record], feed="push:test", now=NOW, policy=Policy())
    with desk.store.read() as conn:
        return rejects.page(conn, ask=Ask(sight=Sight(scopes=(CITY,)), limit=1))[0]["id"]


@pytest.mark.parametrize("tab", [*admin_tabs.TABS, "outbox", "rules"])
def test_every_tab_can_be_shown(desk: Desk, tab: str) -> None:
    _do(desk, "add-account", name="anna", role="leader")
    _do(desk, "add-token", name="feeder", role="feed", kinds=["cases"])
    _rejected(desk, {"id": "X1", "kind": "event"})
    assert admin.TABS[tab](desk)


@pytest.mark.parametrize(
    ("search", "tab"),
    [("", "accounts"), (None, "accounts"), ("?tab=audit", "audit"), ("?tab=<x>", "accounts")],
)
def test_an_address_names_its_tab(search: str | None, tab: str) -> None:
    assert admin.chosen(search) == tab


def test_a_made_up_password_is_told_once(desk: Desk) -> None:
    told = _do(desk, "add-account", name="anna", role="leader")
    assert "notice__secret" in told
    assert "notice__secret" not in _do(
        desk, "add-account", name="bert", role="leader", password="long enough to be one"
    )


def test_accounts_are_changed(desk: Desk) -> None:
    _do(desk, "add-account", name="anna", role="leader")
    _do(desk, "set-role", "anna", role="supervisor")
    _do(desk, "disable", "anna")
    with desk.store.read() as conn:
        found = accounts.find_account(conn, name="anna")
    assert found is not None
    assert (found.role, found.disabled) == ("supervisor", True)
    assert "notice__secret" in _do(desk, "reset-password", "anna")


def test_a_refusal_is_said(desk: Desk) -> None:
    assert "notice__box--bad" in _do(desk, "add-account", name="a b", role="leader")
    assert "notice__box--bad" in _do(desk, "set-role", "nobody", role="leader")


def test_nobody_acts_without_the_right(desk: Desk) -> None:
    desk.person = Person(role=Role.SUPERVISOR)
    for act in admin.ACTS:
        assert "notice__box--bad" in _do(desk, act, "1")
    with desk.store.read() as conn:
        assert accounts.accounts(conn) == []


def test_a_reject_is_taken_on_a_second_try(desk: Desk) -> None:
    record = {
        "id": "C1",
        "kind": "event",
        "source": "desk",
        "reported_at": "2026-11-23T09:00:00Z",  # two hours ahead: in the city's future
        "subcategory": "0102",
        "stage": "reported",
        "stage_at": "2026-11-23T09:00:00Z",
    }
    found = _rejected(desk, record)
    assert admin_rejects.retry(desk, found) is not None
    assert admin_rejects.retry(desk, found) is not None, "settled: only once"


def test_dismissing_is_in_the_audit(desk: Desk) -> None:
    found = _rejected(desk, {"id": "X1", "kind": "event"})
    assert admin_rejects.dismiss(desk, found) is None
    assert admin_rejects.dismiss(desk, found) is not None
    with desk.store.read() as conn:
        ask = Ask(sight=Sight(scopes=(CITY,)), limit=10)
        assert [line["act"] for line in audit.page(conn, ask=ask)] == ["reject-dismiss"]
        assert rejects.find(conn, reject_id=found, sight=ask.sight)["state"] == "dismissed"


def test_what_was_not_delivered_is_listed_and_sent_again(desk: Desk) -> None:
    put = {"subject": "alerts/a1", "now": NOW, "scope": CITY}
    with desk.store.write() as writer:
        given_up = outbox.put(writer, "transfer", "platform", {}, **put)
        outbox.failed(writer, outbox.first_waiting(writer.conn), "no-receiver", tried=False)
        other = outbox.put(writer, "urge", "platform", {}, **{**put, "scope": "440300"})
        outbox.failed(writer, outbox.first_waiting(writer.conn), "HTTP 500", tried=True)
    told = str(admin.TABS["outbox"](desk))
    assert given_up in told
    assert "转办" in told
    assert "未设平台接口" in told
    assert other not in told, "another city's"
    assert "notice__box--bad" in _do(desk, "outbox-again", other)
    assert "notice__box--bad" not in _do(desk, "outbox-again", given_up)
    assert "notice__box--bad" in _do(desk, "outbox-again", given_up), "it waits already"
    with desk.store.read() as conn:
        assert outbox.first_waiting(conn).id == given_up
        ask = Ask(sight=Sight(scopes=(CITY,)), limit=10)
        assert [line["act"] for line in audit.page(conn, ask=ask)] == ["outbox-retry"]


def test_every_rule_of_alerts_is_told_in_words(desk: Desk) -> None:
    told = str(admin.TABS["rules"](desk))
    for asked in ("3 小时累计雨量达到 100 mm", "水位达到或超过保证线", "红色预警生效"):
        assert asked in told
    assert "Ecology and Environment Bureau" in told
    assert "{" not in "".join(re.findall(r"Span\(children='([^']*)'", told))
