"""Alerts over the API: who may act, what a stale version gets, and that no act is lost."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import insert, select, update

from data_access import outbox
from data_access.tables import alert, alert_record, audit, reading, station
from tests.dashboard.http.town import EAST, NOW, WEST

HOUR = timedelta(hours=1)


def an_alert(name: str = "a1", **more):
    return {
        "id": name,
        "version": 1,
        "rule": "level-warning",
        "rule_version": 1,
        "subject_topic": "stations",
        "subject_id": "r1",
        "group": "level/river/上塘河",
        "cause": True,
        "priority": 2,
        "active": True,
        "acknowledged": False,
        "since": NOW - HOUR,
        "value": 3.1,
        "threshold": 3.0,
        "evidence": {"factor": "level"},
        "called": 0,
        "live": True,
        "scope": EAST,
        "drill": False,
        "jurisdiction": "330102",
        **more,
    }


@pytest.fixture
def alerts(town):
    with town.store.write() as writer:
        conn = writer.conn
        conn.execute(insert(alert), [an_alert(), an_alert("a2"), an_alert("west", scope=WEST)])
        conn.execute(
            insert(station).values(
                id="r1", kind="river", name="r", updated_at=NOW, feed="t", scope=EAST
            )
        )
        conn.execute(
            insert(reading),
            [
                {
                    "station": "r1",
                    "factor": "level",
                    "at": NOW - timedelta(minutes=10 * n),
                    "revision": 0,
                    "value": 3 - n / 10,
                    "known_at": NOW,
                    "real_at": NOW,
                }
                for n in range(6)
            ],
        )
    town.by = {role: town.bearer(role) for role in ("supervisor", "commander", "leader", "wall")}
    town.by["west"] = town.bearer("supervisor", WEST)
    return town


def act(town, role, path, body=None, **headers):
    answer = town.client().post(f"/api/v1/{path}", json=body or {}, headers=town.by[role] | headers)
    return answer.status_code, answer.json


def row(town, name="a1"):
    with town.store.read() as conn:
        return conn.execute(select(alert).where(alert.c.id == name)).one()


def record(town, name="a1"):
    query = select(alert_record).where(alert_record.c.alert_id == name)
    with town.store.read() as conn:
        return conn.execute(query.order_by(alert_record.c.n)).all()


def test_an_acknowledgement_has_a_name_and_a_note_and_stops_no_clock(alerts) -> None:
    status, told = act(
        alerts, "supervisor", "alerts/a1/acknowledge", {"version": 1, "note": "已电话核实"}
    )
    assert (status, told["acknowledged"], told["version"]) == (200, True, 2)
    assert told["active"]
    (line,) = record(alerts)
    assert (line.act, line.note) == ("acknowledged", "已电话核实")
    assert line.by.endswith("supervisor")
    assert line.detail["state"]["acknowledged"]
    with alerts.store.read() as conn:
        assert "alert-acknowledge" in conn.execute(select(audit.c.act)).scalars().all()


def test_of_two_who_act_at_once_the_second_is_told_how_it_stands(alerts) -> None:
    assert act(alerts, "supervisor", "alerts/a1/own", {"version": 1})[0] == 200
    status, told = act(alerts, "commander", "alerts/a1/own", {"version": 1})
    assert (status, told["current"]["version"]) == (409, 2)
    assert told["current"]["owner"].endswith("supervisor")
    assert act(alerts, "commander", "alerts/a1/own", {"version": 2})[0] == 200
    first, second = record(alerts)
    assert second.by.endswith("commander")
    assert second.detail["before"] == first.by


def test_many_who_act_at_once_lose_nothing(alerts) -> None:
    answered = []

    def note(n: int) -> None:
        answered.append(act(alerts, "supervisor", "alerts/a1/acknowledge", {"note": f"n{n}"}))

    threads = [threading.Thread(target=note, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {status for status, _ in answered} == {200}
    assert {line.note for line in record(alerts)} == {f"n{n}" for n in range(8)}
    assert [line.n for line in record(alerts)] == list(range(1, 9))


def test_the_same_act_told_twice_is_done_once(alerts) -> None:
    for _ in range(2):
        status, _ = act(
            alerts,
            "supervisor",
            "alerts/a1/acknowledge",
            {"note": "x"},
            **{"Idempotency-Key": "k1"},
        )
        assert status == 200
    assert len(record(alerts)) == 1


def test_a_shelf_wants_a_reason_and_a_bounded_end(alerts) -> None:
    def until(hours):
        return (alerts.services.clock.now() + hours * HOUR).isoformat()

    path = "alerts/a1/shelve"
    assert act(alerts, "supervisor", path, {"until": until(1)})[0] == 422
    assert act(alerts, "supervisor", path, {"reason": "检修"})[0] == 422
    assert act(alerts, "supervisor", path, {"reason": "检修", "until": until(25)})[0] == 422
    assert act(alerts, "supervisor", path, {"reason": "检修", "until": until(-1)})[0] == 422
    assert act(alerts, "supervisor", path, {"reason": "检修", "until": until(2)})[0] == 200
    assert row(alerts).shelved_until is not None
    assert act(alerts, "supervisor", "alerts/a1/unshelve")[0] == 200
    assert row(alerts).shelved_until is None
    assert [line.act for line in record(alerts)] == ["shelved", "unshelved"]


def test_fifty_at_once_and_each_is_answered_by_itself(alerts) -> None:
    items = [{"id": "a1", "version": 1}, {"id": "a2", "version": 7}, {"id": "nothing"}]
    status, told = act(alerts, "supervisor", "alerts/acknowledge", {"items": items, "note": "批量"})
    assert status == 200
    found = {each["id"]: each["status"] for each in told["items"]}
    assert found == {"a1": 200, "a2": 409, "nothing": 404}
    assert row(alerts).acknowledged
    assert not row(alerts, "a2").acknowledged
    assert act(alerts, "supervisor", "alerts/acknowledge", {"items": []})[0] == 422


def test_what_lies_elsewhere_cannot_be_acted_on(alerts) -> None:
    assert act(alerts, "west", "alerts/a1/own")[0] == 404
    status, told = act(alerts, "west", "alerts/acknowledge", {"items": [{"id": "a1"}]})
    assert (status, told["items"][0]["status"]) == (200, 404)
    assert act(alerts, "west", "alerts/west/own")[0] == 200
    assert record(alerts) == []


def test_a_leader_looks_and_does_not_act(alerts) -> None:
    assert act(alerts, "leader", "alerts/a1/acknowledge")[0] == 403
    answer = alerts.client().get("/api/v1/alerts/a1", headers=alerts.by["leader"])
    assert answer.status_code == 200


def test_a_list_tells_how_alerts_stand_and_how_they_stood(alerts) -> None:
    before = alerts.services.clock.now()
    act(alerts, "supervisor", "alerts/a1/acknowledge", {"note": "x"})
    between = alerts.services.clock.now()
    act(alerts, "supervisor", "alerts/a1/own")
    headers = alerts.by["supervisor"]
    get = alerts.client().get
    told = get("/api/v1/alerts?live=true", headers=headers).json["items"]
    assert [each["id"] for each in told] == ["a1", "a2", "west"]
    assert told[0]["subject"] == {"topic": "stations", "id": "r1"}
    query = {"as_of": between.isoformat(), "live": "true"}
    (stood,) = get("/api/v1/alerts", query_string=query, headers=headers).json["items"]
    assert (stood["id"], stood["acknowledged"], stood["owner"]) == ("a1", True, None)
    query = {"as_of": before.isoformat()}
    assert get("/api/v1/alerts", query_string=query, headers=headers).json["items"] == []


def test_one_alert_tells_its_record_and_the_values_behind_it(alerts) -> None:
    act(alerts, "supervisor", "alerts/a1/acknowledge", {"note": "电话 13800138000"})
    told = alerts.client().get("/api/v1/alerts/a1", headers=alerts.by["supervisor"]).json
    assert [line["act"] for line in told["record"]] == ["acknowledged"]
    assert "13800138000" not in told["record"][0]["note"]
    assert [value for _, value in told["chart"]] == [2.5, 2.6, 2.7, 2.8, 2.9, 3.0]
    wall = alerts.client().get("/api/v1/alerts/a1", headers=alerts.by["wall"]).json
    assert "owner" not in wall
    assert "by" not in wall["record"][0]


def test_the_alerts_of_a_subject_that_are_over_say_who_acknowledged_them(alerts) -> None:
    act(alerts, "supervisor", "alerts/a1/acknowledge", {"note": "已派人，电话 13812345678"})
    with alerts.store.write() as writer:
        over = {"active": False, "live": False, "cleared_at": NOW}
        writer.conn.execute(update(alert).where(alert.c.id == "a1").values(**over))

    def ended(role: str, subject: str = "stations/r1"):
        path = f"/api/v1/alerts/ended?subject={subject}"
        return alerts.client().get(path, headers=alerts.by[role])

    (told,) = ended("leader").json["items"]
    assert (told["id"], told["cleared_at"][:10]) == ("a1", "2026-07-01")
    assert told["acknowledged_by"]
    assert told["acknowledged_note"] == "已派人，电话 138****5678"
    (on_wall,) = ended("wall").json["items"]
    assert "acknowledged_by" not in on_wall
    assert ended("west").json["items"] == []
    assert ended("leader", "stations").status_code == 400


def test_a_station_is_marked_suspect_with_reason_and_end(alerts) -> None:
    until = (alerts.services.clock.now() + 5 * HOUR).isoformat()
    path = "stations/r1/suspect"
    assert act(alerts, "supervisor", path, {"until": until})[0] == 422
    assert act(alerts, "leader", path, {"until": until, "reason": "x"})[0] == 403
    assert act(alerts, "supervisor", path, {"until": until, "reason": "探头脱落"})[0] == 200
    with alerts.store.read() as conn:
        found = conn.execute(select(station)).one()
    assert (found.suspect, found.suspect_note) == ("hand", "探头脱落")
    asked = alerts.client().get(f"/api/v1/{path}", headers=alerts.bearer("leader"))
    assert (asked.json["by"], asked.json["reason"]) == (found.suspect_by, "探头脱落")
    assert act(alerts, "supervisor", "stations/r1/unsuspect")[0] == 200
    with alerts.store.read() as conn:
        assert conn.execute(select(station.c.suspect)).scalar() is None
        acts = conn.execute(select(audit.c.act)).scalars().all()
    marked = [act for act in acts if act.startswith("station-")]
    assert marked == ["station-suspect", "station-unsuspect"]


def test_the_rules_that_count_are_told(alerts) -> None:
    told = alerts.client().get("/api/v1/alert-rules", headers=alerts.by["supervisor"]).json
    assert told["version"] == 0
    assert {rule["id"] for rule in told["rules"]} >= {"case-overdue", "level-warning"}


def test_handing_on_is_an_act_that_leaves_and_says_whether_it_arrived(alerts) -> None:
    bureau = "生态环境局"
    with alerts.store.write() as writer:
        writer.conn.execute(update(alert).where(alert.c.id == "a2").values(department=bureau))
    path, said = "alerts/a2/transfer", {"opinion": "连续两小时超标，请即查", "version": 1}
    assert act(alerts, "supervisor", path, {"version": 1})[1]["field"] == "opinion"
    assert act(alerts, "west", path, said)[0] == 404
    assert act(alerts, "leader", path, said)[0] == 403
    assert act(alerts, "supervisor", "alerts/a1/transfer", said)[0] == 422  # the desk's own
    status, told = act(alerts, "supervisor", path, said)
    assert (status, told["transferred"], told["acknowledged"]) == (200, True, True)
    assert act(alerts, "commander", path, said)[0] == 409
    (line,) = record(alerts, "a2")
    assert (line.act, line.note, line.detail["department"]) == (
        "transferred",
        said["opinion"],
        bureau,
    )
    with alerts.store.read() as conn:
        message = outbox.first_waiting(conn)
        written = conn.execute(select(audit).where(audit.c.act == "alert-transfer")).one()
    assert (message.destination, message.subject) == ("platform", "alerts/a2")
    payload = message.payload
    assert (payload["department"], payload["opinion"]) == (bureau, said["opinion"])
    assert payload["alert"]["subject"] == {"topic": "stations", "id": "r1"}
    assert written.detail["department"] == bureau
    assert written.detail["opinion"] == said["opinion"]

    def delivery():
        headers = alerts.by["supervisor"]
        told = alerts.client().get("/api/v1/alerts/a2", headers=headers).json
        return told["record"][0]["delivery"]["state"]

    assert delivery() == "waiting"
    with alerts.store.write() as writer:
        outbox.delivered(writer, message)
    assert delivery() == "delivered"
    wall = alerts.client().get("/api/v1/alerts/a2", headers=alerts.by["wall"]).json
    assert "delivery" not in wall["record"][0]
