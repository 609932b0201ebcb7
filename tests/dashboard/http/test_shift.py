"""The start of a shift, and handing it over in place."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, insert, select
from sqlalchemy.exc import IntegrityError

from dashboard.accounts import manage
from data_access.clock import StoreClock
from data_access.tables import alert, audit, duty, feed, handover, session, warning
from tests.dashboard.http.town import CITY, EAST, NOW, PASSWORD, City, a_case, csrf_of


def _post(browser, path: str, **body):
    return browser.post(path, json=body, headers={"X-CSRFToken": csrf_of(browser)})


def _alert(town: City, name: str, **given) -> None:
    row = {
        "id": name,
        "version": 1,
        "rule": "level-guarantee",
        "rule_version": 1,
        "subject_topic": "cases",
        "subject_id": "c1",
        "group": "level/river/上塘河",
        "cause": True,
        "priority": 2,
        "active": True,
        "acknowledged": False,
        "since": NOW,
        "evidence": {},
        "called": 0,
        "live": True,
        "scope": EAST,
        "drill": False,
    }
    with town.store.write() as writer:
        writer.conn.execute(insert(alert).values(**row | given))


@pytest.fixture
def desk(town: City) -> City:
    town.ingest("cases", [a_case("c1", address="文三路 1 号", due_at="2026-07-01T11:00:00+08:00")])
    _alert(town, "a1")
    _alert(town, "a2", priority=1)
    _alert(town, "a3", acknowledged=True)
    _alert(town, "a4", rule="emission-mean")  # another department's
    _alert(town, "a5", shelved_until=NOW + timedelta(hours=1))
    with town.store.write() as writer:
        for name, state in (("f1", "failed"), ("f2", "ok")):
            writer.conn.execute(
                insert(feed).values(id=name, name=name, kind="push", state=state, scope=CITY)
            )
        writer.conn.execute(
            insert(duty).values(
                date="2026-07-01",
                shift="day",
                post="supervisor",
                name="张三",
                phone="13812345678",
                account="ann",
                starts_at=NOW - timedelta(hours=4),
                ends_at=NOW + timedelta(hours=8),
                scope=CITY,
                drill=False,
            )
        )
    return town


def test_the_start_of_a_shift_tells_what_stands(desk: City) -> None:
    ann = desk.signed_in("ann", "supervisor")
    due = (NOW + timedelta(minutes=30)).isoformat()
    subject = {"topic": "cases", "id": "c1"}
    assert (
        _post(ann, "/api/v1/promises", subject=subject, text="修好", due_at=due).status_code == 201
    )
    told = ann.get("/api/v1/shift").json
    assert told["operations"] == []
    waiting = told["alerts"]["unacknowledged"]
    assert (waiting["count"], waiting["groups"]) == (2, 1)
    assert [(it["id"], it["alerts"]) for it in waiting["items"]] == [("a2", 2)]  # one cause
    assert waiting["items"][0]["subject"]["name"] == "道路破损 · 文三路 1 号"
    assert [it["id"] for it in told["alerts"]["shelved"]["items"]] == ["a5"]
    assert [it["text"] for it in told["promises"]["items"]] == ["修好"]
    assert not told["promises"]["items"][0]["past_due"]
    assert [it["name"] for it in told["feeds"]] == ["f1"]
    assert [(it["name"], it["phone"]) for it in told["duty"]] == [("张三", "138****5678")]
    assert told["since"]["how"] == "default"
    assert told["changes"]["cases"] == {"new": 1, "closed": 0, "overdue": 1, "overdue_since": 1}
    west = desk.client().get("/api/v1/shift", headers=desk.bearer("supervisor", "330100/330106"))
    assert west.json["alerts"]["unacknowledged"]["count"] == 0
    assert west.json["feeds"] == []


def test_what_changed_is_told_from_ones_last_shift_on(desk: City) -> None:
    with desk.store.write() as writer:
        writer.conn.execute(
            insert(duty).values(
                date="2026-06-30",
                shift="night",
                post="supervisor",
                name="张三",
                account="ann",
                starts_at=NOW - timedelta(hours=16),
                ends_at=NOW - timedelta(hours=4),
                scope=CITY,
                drill=False,
            )
        )
    bob = desk.signed_in("bob", "supervisor")
    due = (NOW + timedelta(minutes=30)).isoformat()
    subject = {"topic": "cases", "id": "c1"}
    _post(bob, "/api/v1/promises", subject=subject, text="修好", due_at=due)
    ann = desk.signed_in("ann", "supervisor")
    told = ann.get("/api/v1/shift").json
    assert told["since"] == {"at": "2026-07-01T00:00:00Z", "how": "duty"}
    acts = told["changes"]["acts"]
    assert [(it["actor"], it["act"]) for it in acts["items"]] == [("bob", "promise")]
    assert bob.get("/api/v1/shift").json["changes"]["acts"]["items"] == []


def test_a_shift_is_handed_over_in_place(desk: City) -> None:
    ann = desk.signed_in("ann", "supervisor")
    actor = desk.actor
    manage.add_account(
        desk.store, actor, name="bob", role="commander", password=PASSWORD, scopes=[EAST]
    )
    manage.add_account(
        desk.store, actor, name="eve", role="leader", password=PASSWORD, scopes=[CITY]
    )
    before = ann.get_cookie("pingji_session").value
    refused = _post(ann, "/api/v1/handovers", name="bob", password="wrong")
    assert refused.status_code == 403
    assert _post(ann, "/api/v1/handovers", name="ann", password=PASSWORD).status_code == 422
    assert _post(ann, "/api/v1/handovers", name="eve", password=PASSWORD).status_code == 403
    assert ann.get("/api/v1/me").json["name"] == "ann"

    told = _post(
        ann, "/api/v1/handovers", name="bob", password=PASSWORD, remarks="a2 已约 13812345678"
    )
    assert told.status_code == 201
    assert told.json["viewer"]["account"] == "bob"
    after = ann.get_cookie("pingji_session").value
    assert after != before
    me = ann.get("/api/v1/me").json
    assert (me["name"], me["session"]) == ("bob", told.json["session"])
    # the new token of the new session opens; the old session is gone
    assert _post(ann, "/api/v1/handovers/put-off", reason="在处置").status_code == 201
    old = desk.client()
    old.set_cookie("pingji_session", before)
    assert old.get("/api/v1/me").status_code == 401
    with desk.store.read() as conn:
        accounts = conn.execute(select(session.c.account)).scalars().all()
        acts = conn.execute(select(audit.c.act, audit.c.actor).order_by(audit.c.id)).all()
    assert accounts == ["bob"]
    assert [tuple(it) for it in acts[-3:]] == [
        ("sign-in", "bob"),
        ("handover", "ann"),
        ("handover-put-off", "bob"),
    ]
    city = desk.client().get("/api/v1/handovers", headers=desk.bearer("supervisor")).json["items"]
    assert [(it["act"], it["outgoing"], it["incoming"]) for it in city] == [
        ("put-off", "bob", None),
        ("handed", "ann", "bob"),
    ]
    path = f"/api/v1/handovers/{told.json['id']}"
    row = desk.client().get(path, headers=desk.bearer("supervisor")).json
    assert row["remarks"] == "a2 已约 138****5678"
    assert row["sheet"]["alerts"]["unacknowledged"]["count"] == 2
    assert [it["name"] for it in row["sheet"]["duty"]] == ["张三"]
    assert row["since"] == "2026-07-01T00:00:00Z"
    assert ann.get(path).status_code == 404  # the sheet of the city is not the district's
    taken = ann.get("/api/v1/handovers/sheet").json
    assert taken["since"]["how"] == "handover"


def test_a_token_hands_nothing_over(desk: City) -> None:
    headers = desk.bearer("supervisor")
    answer = desk.client().post(
        "/api/v1/handovers", json={"name": "x", "password": "y"}, headers=headers
    )
    assert answer.status_code == 403


def test_what_was_handed_over_cannot_be_changed(desk: City) -> None:
    ann = desk.signed_in("ann", "supervisor")
    _post(ann, "/api/v1/handovers/put-off", reason="在处置")
    with pytest.raises(IntegrityError, match="append-only"), desk.store.write() as writer:
        writer.conn.execute(delete(handover))


def test_warnings_in_force_are_told(desk: City) -> None:
    now = StoreClock(desk.store).now()
    with desk.store.write() as writer:
        for name, begins in (("w1", -1), ("w2", 5)):
            writer.conn.execute(
                insert(warning).values(
                    id=name,
                    msg_type="Alert",
                    known_at=now,
                    feed="f1",
                    sender="气象台",
                    sent=now,
                    status="Actual",
                    event="暴雨",
                    colour="orange",
                    severity="Severe",
                    headline="暴雨橙色预警",
                    effective_at=now + timedelta(hours=begins),
                    expires_at=now + timedelta(hours=6),
                    areas=[],
                    live=True,
                    scope=CITY,
                    drill=False,
                )
            )
    told = desk.signed_in("ann", "supervisor").get("/api/v1/shift").json
    assert [it["id"] for it in told["warnings"]] == ["w1"]
