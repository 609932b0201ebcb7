"""Who is on duty, calls and their answers, promises, and what leaves, over the API."""

from datetime import timedelta

import pytest
from sqlalchemy import insert, select

from data_access import outbox
from data_access.tables import audit, call, duty
from tests.dashboard.http.town import CITY, EAST, NOW, City, a_case, csrf_of

PHONE = "13812345678"


@pytest.fixture
def desk(town: City) -> City:
    with town.store.write() as writer:
        for post, where, scope, name in (
            ("supervisor", None, CITY, "张三"),
            ("district", "330102", EAST, "李四"),
        ):
            writer.conn.execute(
                insert(duty).values(
                    date="2026-07-01",
                    shift="day",
                    post=post,
                    jurisdiction=where,
                    name=name,
                    phone=PHONE,
                    account="ann",
                    deputy="王五",
                    deputy_phone=PHONE,
                    starts_at=NOW - timedelta(hours=4),
                    ends_at=NOW + timedelta(hours=8),
                    scope=scope,
                    drill=False,
                )
            )
        for name, account in (("k1", "ann"), ("k2", "bob")):
            writer.conn.execute(
                insert(call).values(
                    id=name,
                    alert_id="a1",
                    step=1,
                    reminder=0,
                    post="supervisor",
                    name="张三",
                    phone=PHONE,
                    account=account,
                    state="sent",
                    delivery="delivered",
                    made_at=NOW,
                    sent_at=NOW,
                    live=True,
                    scope=EAST,
                    drill=False,
                )
            )
    return town


def _post(browser, path: str, **body):
    return browser.post(path, json=body, headers={"X-CSRFToken": csrf_of(browser)})


def test_who_is_on_duty_now_and_over_the_days(desk: City) -> None:
    told = desk.client().get("/api/v1/duty", headers=desk.bearer("supervisor")).json
    assert [it["name"] for it in told["items"]] == ["李四", "张三"]
    assert told["items"][0]["phone"] == "138****5678"
    assert [it["id"] for it in told["shifts"]] == ["day", "night"]
    west = desk.client().get("/api/v1/duty", headers=desk.bearer("supervisor", "330100/330106"))
    assert [it["name"] for it in west.json["items"]] == ["张三"]  # whom it may call above it
    wall = desk.client().get("/api/v1/duty", headers=desk.bearer("wall")).text
    assert "张三" not in wall
    assert PHONE not in wall
    assert "138*" not in wall  # its digits alone may be those of a moment
    path = "/api/v1/duty?from=2026-07-01T00:00:00%2B08:00&to=2026-07-03T00:00:00%2B08:00"
    days = desk.client().get(path, headers=desk.bearer("administrator")).json
    assert len(days["items"]) == 2
    assert desk.client().get(f"{path}&from=x", headers=desk.bearer("leader")).status_code == 200


def test_a_telephone_in_full_stands_in_the_audit(desk: City) -> None:
    headers = desk.bearer("supervisor")
    told = desk.client().get("/api/v1/duty?post=supervisor", headers=headers).json
    path = f"/api/v1/duty/{told['items'][0]['id']}/phone"
    assert desk.client().post(path, headers=headers).json["phone"] == PHONE
    assert desk.client().post("/api/v1/calls/k1/phone", headers=headers).json["phone"] == PHONE
    with desk.store.read() as conn:
        acts = conn.execute(select(audit.c.subject).where(audit.c.act == "unmask")).scalars()
        assert list(acts) == [f"duty/{told['items'][0]['id']}", "k1"]


def test_whoever_was_called_reads_and_answers(desk: City) -> None:
    ann = desk.signed_in("ann", "leader")
    mine = ann.get("/api/v1/calls?mine=true").json["items"]
    assert [it["id"] for it in mine] == ["k1"]
    assert mine[0]["phone"] == "138****5678"
    assert _post(ann, "/api/v1/calls/k1/read").json["state"] == "read"
    assert _post(ann, "/api/v1/calls/k2/read").status_code == 403
    assert _post(ann, "/api/v1/calls/k2/answer", answer="x").status_code == 403
    assert _post(ann, "/api/v1/calls/k1/phoned").status_code == 403
    assert _post(ann, "/api/v1/calls/k1/answer").status_code == 422
    told = _post(ann, "/api/v1/calls/k1/answer", answer="已到场，13812345678").json
    assert (told["state"], told["answered_by"]) == ("answered", "ann")
    assert told["answer"] == "已到场，138****5678"
    again = _post(ann, "/api/v1/calls/k1/answer", answer="不同")
    assert again.status_code == 409
    assert again.json["state"]["state"] == "answered"


def test_the_desk_enters_what_came_by_telephone(desk: City) -> None:
    bob = desk.signed_in("bob", "supervisor")
    assert _post(bob, "/api/v1/calls/k1/phoned").json["state"] == "phoned"
    told = _post(bob, "/api/v1/calls/k1/answer", answer="马上到").json
    assert (told["state"], told["answered_by"], told["read_at"]) == ("answered", "bob", None)
    with desk.store.read() as conn:
        acts = conn.execute(select(audit.c.act).order_by(audit.c.id)).scalars().all()
    assert acts[-2:] == ["call-phoned", "call-answer"]
    headers = desk.bearer("supervisor", "330100/330106")
    assert desk.client().post("/api/v1/calls/k2/phoned", headers=headers).status_code == 404


def test_a_promise_is_written_down_listed_and_kept(desk: City) -> None:
    desk.ingest("cases", [a_case("c1")])
    ann = desk.signed_in("ann", "supervisor")
    told = {"subject": {"topic": "cases", "id": "c1"}, "text": "四点半前修好，打13812345678"}
    due = (NOW + timedelta(hours=1)).isoformat()
    made = _post(ann, "/api/v1/promises", due_at=due, promised_by="养护所 陈", **told)
    assert made.status_code == 201
    assert made.json["text"] == "四点半前修好，打138****5678"
    assert made.json["due_at"] == "2026-07-01T05:00:00Z"
    past = (NOW - timedelta(hours=1)).isoformat()
    assert _post(ann, "/api/v1/promises", due_at=past, **told).status_code == 422
    elsewhere = {**told, "subject": {"topic": "cases", "id": "c2"}}
    assert _post(ann, "/api/v1/promises", due_at=due, **elsewhere).status_code == 404
    west = desk.bearer("supervisor", "330100/330106")
    listed = desk.client().get("/api/v1/promises?live=true", headers=west).json
    assert listed["items"] == []
    path = "/api/v1/promises?topic=cases&id=c1&live=true"
    assert [it["id"] for it in ann.get(path).json["items"]] == [made.json["id"]]
    keep = f"/api/v1/promises/{made.json['id']}/keep"
    assert _post(ann, keep, version=7).status_code == 409
    assert _post(ann, keep, version=1, note="修好了").json["kept_by"] == "ann"
    assert _post(ann, keep).status_code == 409
    assert ann.get(path).json["items"] == []


def test_what_was_given_up_is_tried_again_by_the_administrator(desk: City) -> None:
    with desk.store.write() as writer:
        name = outbox.put(writer, "call", "calls", {}, subject="alerts/a1", now=NOW, scope="330100")
        message = outbox.first_waiting(writer.conn)
        outbox.failed(writer, message, "HTTP 422", tried=True)
    headers = desk.bearer("administrator")
    (row,) = desk.client().get("/api/v1/outbox?state=failed", headers=headers).json["items"]
    assert (row["id"], row["reason"]) == (name, "HTTP 422")
    path = f"/api/v1/outbox/{name}/retry"
    assert desk.client().post(path, headers=headers).json["state"] == "waiting"
    assert desk.client().post(path, headers=headers).status_code == 404
