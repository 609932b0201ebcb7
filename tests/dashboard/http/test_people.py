"""Accounts, tokens and the audit through the API; oneself."""

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from data_access import tables
from tests.dashboard.http.town import CITY, EAST, PASSWORD, WEST, City, csrf_of, sign_in


def call(town: City, method: str, path: str, headers: dict[str, str], **body: Any):
    more = {"json": body} if method != "GET" else {}
    return town.client().open(f"/api/v1/{path}", method=method, headers=headers, **more)


def acts(town: City) -> list[tuple[str, str | None]]:
    with town.store.read() as conn:
        audit = tables.audit.c
        return [(r.act, r.subject) for r in conn.execute(select(audit.act, audit.subject))]


def test_an_account_from_first_to_last(anytown: City) -> None:
    town = anytown
    admin = town.bearer("administrator")
    made = call(town, "POST", "accounts", admin, name="李雷", role="supervisor")
    assert made.status_code == 201
    password = made.json["password"]
    assert made.json["scopes"] == [CITY]
    browser = town.client()
    assert sign_in(browser, "李雷", password).status_code == 303
    assert browser.get("/api/v1/me").json["role"] == "supervisor"

    assert call(town, "PATCH", "accounts/李雷", admin, role="leader").json["role"] == "leader"
    assert browser.get("/api/v1/me").status_code == 401, "a new role ends open sessions"

    sign_in(browser, "李雷", password)
    narrowed = call(town, "PATCH", "accounts/李雷", admin, scopes=["330102"], events=["op1"])
    assert (narrowed.json["scopes"], narrowed.json["events"]) == ([EAST], ["op1"])
    assert browser.get("/api/v1/me").json["scopes"] == [EAST], "a new reach holds at once"

    changed = call(town, "PATCH", "accounts/李雷", admin, new_password=True).json["password"]
    assert browser.get("/api/v1/me").status_code == 401, "a new password ends open sessions"
    assert sign_in(browser, "李雷", password).status_code == 401
    assert sign_in(browser, "李雷", changed).status_code == 303

    assert call(town, "PATCH", "accounts/李雷", admin, disabled=True).json["disabled"] is True
    assert browser.get("/api/v1/me").status_code == 401, "a closed account has no sessions"
    assert sign_in(browser, "李雷", changed).status_code == 401
    call(town, "PATCH", "accounts/李雷", admin, disabled=False)
    assert sign_in(browser, "李雷", changed).status_code == 303

    listed = call(town, "GET", "accounts", admin).json["items"]
    assert [account["name"] for account in listed] == ["李雷"]
    assert "password" not in str(listed)
    told = [act for act, subject in acts(town) if subject == "李雷"]
    assert told == [
        "account-add",
        "account-role",
        "account-reach",
        "account-password",
        "account-disable",
        "account-enable",
    ]


def test_a_token_from_first_to_last(anytown: City) -> None:
    town = anytown
    admin = town.bearer("administrator")
    made = call(town, "POST", "tokens", admin, name="rain", role="feed", kinds=["readings"])
    assert made.status_code == 201
    assert made.json["token"].startswith("pj_")
    bearer = {"Authorization": f"Bearer {made.json['token']}"}
    assert call(town, "GET", "me", bearer).json["role"] == "feed"
    listed = call(town, "GET", "tokens", admin).json["items"]
    token = next(token for token in listed if token["id"] == made.json["id"])
    assert (token["kinds"], token["revoked_at"]) == (["readings"], None)
    assert token["used_at"] is not None
    assert made.json["token"] not in str(listed)
    assert call(town, "POST", f"tokens/{made.json['id']}/revoke", admin).status_code == 200
    assert call(town, "GET", "me", bearer).status_code == 401
    assert call(town, "POST", f"tokens/{made.json['id']}/revoke", admin).status_code == 409
    assert ("token-revoke", made.json["id"]) in acts(town)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 422),
        ({"name": "x y", "role": "leader"}, 422),
        ({"name": "a" * 81, "role": "leader"}, 422),
        ({"name": "<b>", "role": "leader"}, 422),
        ({"name": "x", "role": "king"}, 422),
        ({"name": "x", "role": "feed"}, 422),
        ({"name": "x", "role": "wall"}, 422),
        ({"name": "x", "role": "leader", "password": "short"}, 422),
        ({"name": "x", "role": "leader", "scopes": ["nowhere"]}, 422),
        ({"name": 1, "role": "leader"}, 400),
        ({"name": "x", "role": "leader", "scopes": "330100"}, 400),
        ({"name": "taken", "role": "leader"}, 409),
    ],
    ids=str,
)
def test_an_account_that_cannot_be_is_refused_in_words(town: City, body, status) -> None:
    admin = town.bearer("administrator")
    call(town, "POST", "accounts", admin, name="taken", role="leader")
    answer = call(town, "POST", "accounts", admin, **body)
    assert answer.status_code == status
    assert answer.mimetype == "application/problem+json"


@pytest.mark.parametrize(
    "body", [{}, {"name": "x"}, {"disabled": "yes"}, {"role": "king"}], ids=str
)
def test_a_change_that_cannot_be_is_refused(town: City, body) -> None:
    admin = town.bearer("administrator")
    call(town, "POST", "accounts", admin, name="ann", role="leader")
    assert call(town, "PATCH", "accounts/ann", admin, **body).status_code in (400, 422)
    assert call(town, "PATCH", "accounts/nobody", admin, role="leader").status_code == 404


def test_nobody_gives_away_more_than_they_have(anytown: City) -> None:
    town = anytown
    city, east = town.bearer("administrator"), town.bearer("administrator", EAST)
    call(town, "POST", "accounts", city, name="boss", role="leader")
    call(town, "POST", "accounts", city, name="west", role="leader", scopes=["330106"])
    assert call(town, "POST", "accounts", east, name="own", role="leader").json["scopes"] == [EAST]
    for scopes in ([CITY], [WEST], [EAST, WEST]):
        body = {"name": "x", "role": "leader", "scopes": scopes}
        assert call(town, "POST", "accounts", east, **body).status_code == 422
        assert call(town, "POST", "tokens", east, **body).status_code == 422
        assert call(town, "PATCH", "accounts/own", east, scopes=scopes).status_code == 422
    for name in ("boss", "west"):
        for change in ({"role": "administrator"}, {"disabled": True}, {"new_password": True}):
            assert call(town, "PATCH", f"accounts/{name}", east, **change).status_code == 404
    assert [a["name"] for a in call(town, "GET", "accounts", east).json["items"]] == ["own"]
    token = call(town, "POST", "tokens", city, name="t", role="feed").json["id"]
    assert call(town, "POST", f"tokens/{token}/revoke", east).status_code == 404
    assert token not in str(call(town, "GET", "tokens", east).json)


def test_an_account_of_no_scope_is_the_whole_citys_business(town: City) -> None:
    city, east = town.bearer("administrator"), town.bearer("administrator", EAST)
    call(town, "POST", "accounts", city, name="m", role="event-member", events=["op1"])
    assert call(town, "PATCH", "accounts/m", east, new_password=True).status_code == 404
    assert call(town, "GET", "accounts", east).json["items"] == []
    for body in ({}, {"scopes": [EAST], "events": ["op1"]}):
        refused = call(town, "POST", "accounts", east, name="n", role="event-member", **body)
        assert refused.status_code == 422
    assert call(town, "PATCH", "accounts/m", city, role="event-member").status_code == 200


def test_changing_ones_own_password(town: City) -> None:
    browser = town.signed_in("ann")
    other = town.client()
    sign_in(other, "ann", PASSWORD)
    headers = {"X-CSRFToken": csrf_of(browser)}

    def change(old: str, new: str) -> int:
        body = {"old": old, "new": new}
        return browser.post("/api/v1/me/password", json=body, headers=headers).status_code

    assert change("wrong", "a new password") == 403
    assert change(PASSWORD, "short") == 422
    assert change(PASSWORD, "a new password") == 200
    assert browser.get("/api/v1/me").status_code == 200, "one's own session stays"
    assert other.get("/api/v1/me").status_code == 401
    assert sign_in(other, "ann", "a new password").status_code == 303


def test_the_audit_is_read_newest_first_within_the_scope(anytown: City) -> None:
    town = anytown
    city, east = town.bearer("administrator"), town.bearer("administrator", EAST)
    call(town, "POST", "accounts", city, name="boss", role="leader")
    call(town, "POST", "accounts", east, name="own", role="leader")
    items = call(town, "GET", "audit?act=account-add", city).json["items"]
    assert [item["subject"] for item in items] == ["own", "boss"]
    assert items[0]["actor"].startswith("token:")
    assert {"city_at", "real_at", "address", "role", "detail"} <= items[0].keys()
    seen = call(town, "GET", "audit", east).json["items"]
    assert {item["scope"] for item in seen} == {EAST}
    page = call(town, "GET", "audit?limit=1", city).json
    following = town.client().get(page["next"], headers=city).json
    assert following["items"][0]["id"] < page["items"][0]["id"]


def test_the_database_lets_nobody_alter_the_audit(anytown: City) -> None:
    town = anytown
    town.token("leader")
    for statement in ("UPDATE audit SET actor = 'x'", "DELETE FROM audit"):
        with pytest.raises(DBAPIError, match="append-only"), town.store.write() as writer:
            writer.conn.exec_driver_sql(statement)
    assert acts(town)


def test_coming_and_going_is_in_the_audit(town: City) -> None:
    browser = town.signed_in("ann")
    sign_in(town.client(), "ann", "wrong")
    sign_in(town.client(), "a password typed into the wrong field", "x")
    browser.post("/logout", data={"_csrf_token": csrf_of(browser)})
    with town.store.read() as conn:
        audit = tables.audit.c
        query = select(audit.act, audit.actor, audit.address).where(audit.act.like("sign%"))
        told = [tuple(row) for row in conn.execute(query.order_by(audit.id))]
    assert told == [
        ("sign-in", "ann", "127.0.0.1"),
        ("sign-in-refused", "ann", "127.0.0.1"),
        ("sign-in-refused", "?", "127.0.0.1"),
        ("sign-out", "ann", "127.0.0.1"),
    ]


def test_me_tells_ones_rights(town: City) -> None:
    told = town.client().get("/api/v1/me", headers=town.bearer("leader", EAST)).json
    assert told["role"] == "leader"
    assert told["scopes"] == [EAST]
    assert "look" in told["rights"]
    assert "enter" not in told["rights"]
