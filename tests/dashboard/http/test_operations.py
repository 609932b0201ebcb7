"""Operations: started, changed, ended by their rules, and settled when two act at once."""

import threading
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, select, text

from data_access import proposals, tables
from data_access.clock import set_clock
from data_access.commands.screens import put_screen
from data_access.sweep import sweep
from tests.dashboard.http.town import CITY, EAST, NOW, City

FLOOD = {
    "kind": "emergency",
    "level": 4,
    "scenario": "flood-typhoon",
    "issuer": "市防指",
    "area": CITY,
    "approved_by": "张主任",
    "approval": "phone",
    "basis": "市气象台 18:40 发布暴雨红色预警",
    "reason": "市防指启动防汛Ⅳ级",
}


def post(town: City, headers: dict[str, str], path: str = "", **body: Any) -> Any:
    return town.client().post(f"/api/v1/operations{path}", json=body, headers=headers)


def modes(town: City, headers: dict[str, str], **query: str) -> dict[str, str]:
    told = town.client().get("/api/v1/mode", headers=headers, query_string=query).json
    return {row["id"]: row["mode"] for row in told["jurisdictions"]}


def later(town: City, **more: float) -> None:
    with town.store.write() as writer:
        set_clock(writer, anchor_city=NOW + timedelta(**more), speed=1.0)
    town.services.clock.__init__(town.store)


def test_a_start_turns_its_area_and_says_who_on_whose_word(anytown: City) -> None:
    town = anytown
    chief = town.bearer("commander")
    assert set(modes(town, chief).values()) == {"routine"}
    made = post(town, chief, **FLOOD)
    assert made.status_code == 201, made.text
    assert made.json["title"][0] == "市防指 防汛Ⅳ级应急响应"
    assert (made.json["id"], made.json["needs_confirmation"]) == ("20260701-01", False)
    assert set(modes(town, chief).values()) == {"emergency"}
    record = town.client().get("/api/v1/operations/20260701-01", headers=chief).json["record"]
    assert [(act["act"], act["detail"]["approved_by"]) for act in record] == [("start", "张主任")]
    with town.store.read() as conn:
        line = conn.execute(
            select(tables.audit).where(tables.audit.c.act == "operation-start")
        ).one()
        topics = conn.execute(select(tables.change.c.topic).order_by(tables.change.c.seq)).scalars()
        changed = list(topics)
    assert line.detail["basis"] == FLOOD["basis"]
    assert changed.count("operations") == 1
    assert changed.count("mode") == 3


def test_two_levels_run_at_once_each_in_its_issuers_numbers(town: City) -> None:
    chief = town.bearer("commander")
    post(town, chief, **FLOOD)
    second = post(town, chief, **{**FLOOD, "issuer": "城管系统", "level": 2})
    assert second.json["title"][0] == "城管系统 防汛二级"
    standing = town.client().get("/api/v1/mode", headers=chief).json
    (city,) = [row for row in standing["jurisdictions"] if row["id"] == CITY]
    assert (city["level"], city["operation"]) == (2, "20260701-02")
    with town.store.read() as conn:
        bands = conn.execute(
            select(tables.mode.c.bands).where(tables.mode.c.id == "330102")
        ).scalar_one()
    assert [band[1] for band in bands] == ["城管系统 防汛二级", "市防指 防汛Ⅳ级应急响应"]


def test_a_district_sees_the_citys_response_and_another_district_not_its_own(town: City) -> None:
    east = town.bearer("commander", EAST)
    made = post(town, east, **{**FLOOD, "area": "330102", "issuer": "区防指"})
    assert made.status_code == 201
    assert modes(town, town.bearer("leader")) == {
        CITY: "routine",
        "330102": "emergency",
        "330106": "routine",
    }
    assert post(town, east, **FLOOD).status_code == 403
    west = town.bearer("commander", "330100/330106")
    path = f"/api/v1/operations/{made.json['id']}"
    assert town.client().get(path, headers=west).status_code == 404


def test_raising_and_lowering_are_acts_and_a_stale_one_gets_the_state(anytown: City) -> None:
    town = anytown
    chief = town.bearer("commander")
    made = post(town, chief, **FLOOD).json
    path = f"/{made['id']}/level"
    assert post(town, chief, path, level=4, reason="x").json["field"] == "level"
    assert post(town, chief, path, level=2).json["detail"] == "越级调整须写明理由。"
    raised = post(town, chief, path, level=2, reason="雨势加大", version=1).json
    assert (raised["level"], raised["version"]) == (2, 2)
    assert raised["record"][-1]["detail"]["skipped"] is True
    stale = post(town, chief, path, level=3, reason="缓和", version=1)
    assert (stale.status_code, stale.json["state"]["level"]) == (409, 2)
    lowered = post(town, chief, path, level=3, reason="缓和", version=2).json
    assert [act["act"] for act in lowered["record"]] == ["start", "raise", "lower"]


def test_a_supervisor_acts_on_a_named_word_and_the_approver_signs_later(town: City) -> None:
    desk, leader = town.bearer("supervisor"), town.bearer("leader")
    alone = post(town, desk, **{**FLOOD, "approved_by": ""})
    assert (alone.status_code, alone.json["field"]) == (422, "approved_by")
    made = post(town, desk, **FLOOD).json
    assert made["needs_confirmation"] is True
    assert post(town, desk, f"/{made['id']}/confirm").status_code == 403
    signed = post(town, leader, f"/{made['id']}/confirm", reason="属实").json
    assert (signed["needs_confirmation"], signed["record"][-1]["act"]) == (False, "confirm")
    assert post(town, leader, f"/{made['id']}/confirm").status_code == 409


def watches(town: City, headers: dict[str, str]) -> dict[str, list[list[Any]]]:
    told = town.client().get("/api/v1/snapshot/mode", headers=headers).json
    place = told["columns"].index("watched")
    return {row[0]: row[place] for row in told["rows"]}


def test_an_end_may_leave_a_strengthened_watch_and_the_past_stays_known(anytown: City) -> None:
    town = anytown
    chief = town.bearer("commander")
    made = post(town, chief, **FLOOD).json
    later(town, hours=3)
    gone = post(town, chief, f"/{made['id']}/end", reason="x", watch_until=NOW.isoformat())
    assert gone.json["field"] == "watch_until"
    until = (NOW + timedelta(hours=12)).isoformat()
    ended = post(town, chief, f"/{made['id']}/end", reason="解除", watch_until=until).json
    assert ended["state"] == "ended"
    assert set(modes(town, chief).values()) == {"routine"}
    then = modes(town, chief, as_of=(NOW + timedelta(hours=1)).isoformat())
    assert set(then.values()) == {"emergency"}
    assert post(town, chief, f"/{made['id']}/end", reason="再结束").status_code == 409
    # it stands beside the routine of all the operation's area, until its time has come
    ((city,),) = [told for area, told in watches(town, chief).items() if area == CITY]
    assert (city[0], city[1]) == (made["id"], "市防指 防汛Ⅳ级应急响应")
    assert datetime.fromisoformat(city[-1]) == NOW + timedelta(hours=12)
    assert all(watches(town, chief).values())
    assert sweep(town.store, NOW + timedelta(hours=11)) == 0
    assert sweep(town.store, NOW + timedelta(hours=12)) == 1
    assert sweep(town.store, NOW + timedelta(hours=13)) == 0
    assert not any(watches(town, chief).values())
    live = town.client().get("/api/v1/operations?live=true", headers=chief).json["items"]
    assert live == []


def test_a_drill_leaves_no_watch(town: City) -> None:
    chief = town.bearer("commander")
    drill = post(town, chief, **{**FLOOD, "drill": True}).json
    until = (NOW + timedelta(hours=12)).isoformat()
    told = post(town, chief, f"/{drill['id']}/end", reason="演练结束", watch_until=until)
    assert (told.status_code, told.json["field"]) == (422, "watch_until")


def test_a_mistaken_start_is_revoked_within_ten_minutes_only(town: City) -> None:
    chief = town.bearer("commander")
    first = post(town, chief, **FLOOD).json
    assert post(town, chief, f"/{first['id']}/revoke").json["field"] == "reason"
    revoked = post(town, chief, f"/{first['id']}/revoke", reason="误报").json
    assert revoked["state"] == "revoked"
    assert set(modes(town, chief).values()) == {"routine"}
    second = post(town, chief, **FLOOD).json
    later(town, minutes=11)
    late = post(town, chief, f"/{second['id']}/revoke", reason="误报")
    assert late.status_code == 422


def test_a_real_start_ends_the_drill_in_its_area(town: City) -> None:
    chief = town.bearer("commander")
    drill = post(town, chief, **{**FLOOD, "area": "330102", "drill": True}).json
    standing = town.client().get("/api/v1/mode", headers=chief).json["jurisdictions"]
    assert [row["drill"] for row in standing if row["id"] == "330102"] == [True]
    post(town, chief, **FLOOD)
    ended = town.client().get(f"/api/v1/operations/{drill['id']}", headers=chief).json
    assert (ended["state"], ended["record"][-1]["reason"]) == ("ended", "真实行动启动，演练中止")


def test_two_who_switch_at_once_make_one_operation(anytown: City) -> None:
    town = anytown
    headers = [town.bearer("commander"), town.bearer("supervisor")]
    gate, answers = threading.Barrier(2), []

    def switch(who: dict[str, str]) -> None:
        gate.wait()
        answers.append(post(town, who, **FLOOD))

    threads = [threading.Thread(target=switch, args=(who,)) for who in headers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(it.status_code for it in answers) == [201, 409]
    (refused,) = [it for it in answers if it.status_code == 409]
    assert refused.json["state"]["id"] == "20260701-01"
    with town.store.read() as conn:
        assert conn.execute(text("SELECT count(*) FROM operation")).scalar() == 1


def test_what_is_wrong_is_refused_by_its_field(town: City) -> None:
    chief = town.bearer("commander")
    wrong = (
        ("level", {"level": 5}),
        ("level", {"level": None}),
        ("kind", {"kind": "war"}),
        ("area", {"area": "999999"}),
        ("reason", {"reason": "  "}),
        ("scenario", {"scenario": None}),
        ("approval", {"approval": "fax"}),
        ("effective_at", {"effective_at": "2026-07-01T12:00:00"}),
        ("effective_at", {"effective_at": (NOW + timedelta(hours=1)).isoformat()}),
        ("drill", {"drill": "yes"}),
        ("input", {"drill": True, "input": "recording:nowhere"}),
        ("input", {"input": "storm"}),
        ("name", {"name": "x" * 300}),
    )
    for field, change in wrong:
        answer = post(town, chief, **{**FLOOD, **change})
        assert (answer.status_code, answer.json.get("field")) == (422, field), change
    assert post(town, chief, "/none/end", reason="x").status_code == 404
    with town.store.read() as conn:
        assert conn.execute(text("SELECT count(*) FROM operation")).scalar() == 0


def test_a_preview_says_what_a_switch_changes_and_a_drill_judges_nothing(anytown: City) -> None:
    town = anytown
    chief = town.bearer("commander")
    with town.store.write() as writer:
        put_screen(writer, screen_id="hall", name="大厅", scope=CITY, scene_id=None, geometry={})
    told = post(town, chief, "/preview", **{**FLOOD, "level": 2}).json
    none = {"scene": None, "name": None, "why": "routine"}
    assert told["screens"] == [{"id": "hall", "name": "大厅", "before": none, "after": none}]
    assert {it["id"]: it["after"]["mode"] for it in told["jurisdictions"]} == {
        CITY: "emergency",
        "330102": "emergency",
        "330106": "emergency",
    }
    (rise,) = [it for it in told["rules"] if it["rule"] == "level-rise"]
    assert (rise["before"]["m_per_h"], rise["after"]["m_per_h"]) == (0.3, 0.2)
    assert told["ladders"] == [{"ladder": "danger", "before": "danger", "after": "emergency"}]
    assert "leader" in told["posts"]["after"]
    assert told["report_every_min"] == {"before": None, "after": 60}
    drill = post(town, chief, "/preview", **{**FLOOD, "drill": True}).json
    assert [it["after"]["drill"] for it in drill["jurisdictions"]] == [True] * 3
    assert (drill["rules"], drill["ladders"], drill["posts"]["after"]) == ([], [], [])
    made = post(town, chief, **FLOOD).json
    ended = post(town, chief, "/preview", operation=made["id"]).json
    assert {it["after"]["mode"] for it in ended["jurisdictions"]} == {"routine"}
    raised = post(town, chief, "/preview", operation=made["id"], level=1).json
    assert raised["report_every_min"] == {"before": 720, "after": 30}


def warn(town: City, name: str, colour: str) -> None:
    told = {
        "id": name, "event": "暴雨", "colour": colour, "headline": f"暴雨{colour}预警",
        "sender": "市气象台", "sent": NOW.isoformat(), "effective_at": NOW.isoformat(),
        "expires_at": (NOW + timedelta(hours=12)).isoformat(), "status": "Actual",
        "msg_type": "Alert", "areas": [],
    }  # fmt: skip
    values = {**told, "description": "", "live": True, "known_at": NOW, "feed": "t", "scope": CITY}
    for key in ("sent", "effective_at", "expires_at"):
        values[key] = datetime.fromisoformat(values[key])
    with town.store.write() as writer:
        writer.conn.execute(insert(tables.warning).values(**values))
        writer.changed("warnings", name, new_scope=CITY)


def test_evidence_proposes_once_and_a_person_decides(anytown: City) -> None:
    town, chief = anytown, anytown.bearer("commander")
    warn(town, "w1", "orange")
    step = proposals.make(town.store, town.services.clock)
    step()
    step()
    with town.store.read() as conn:
        (row,) = conn.execute(select(tables.proposal)).mappings()
    assert (row["rule"], row["level"], row["state"]) == ("rainstorm", 3, "open")
    path = f"/api/v1/proposals/{row['id']}"
    unsaid = town.client().post(f"{path}/decline", json={}, headers=chief)
    assert unsaid.json["field"] == "reason"
    declined = town.client().post(f"{path}/decline", json={"reason": "已布置"}, headers=chief)
    assert declined.json["state"] == "declined"
    assert town.client().post(f"{path}/accept", json=FLOOD, headers=chief).status_code == 409
    warn(town, "w2", "orange")
    step()
    warn(town, "w3", "red")
    step()
    with town.store.read() as conn:
        found = conn.execute(select(tables.proposal).order_by(tables.proposal.c.since)).mappings()
        graver = list(found)[-1]
    assert (graver["level"], graver["state"]) == (2, "open")
    body = {
        "reason": "红色预警",
        "issuer": "城管系统",
        "approved_by": "李局长",
        "approval": "phone",
    }
    accepted = town.client().post(
        f"/api/v1/proposals/{graver['id']}/accept", json=body, headers=town.bearer("supervisor")
    )
    assert accepted.status_code == 200, accepted.text
    assert accepted.json["started"]["title"][0] == "城管系统 防汛二级"
    assert accepted.json["started"]["needs_confirmation"] is True
    warn(town, "w4", "red")
    step()
    with town.store.read() as conn:
        assert len(conn.execute(select(tables.proposal)).all()) == 2


def test_what_an_operation_in_force_meets_asks_nobody_and_stays_in_its_record(
    anytown: City,
) -> None:
    town, chief = anytown, anytown.bearer("commander")
    step = proposals.make(town.store, town.services.clock)
    warn(town, "w1", "red")
    step()

    def standing() -> list[tuple[str, str | None]]:
        step()
        order = select(tables.proposal.c.state, tables.proposal.c.operation)
        with town.store.read() as conn:
            return [tuple(it) for it in conn.execute(order.order_by(tables.proposal.c.id))]

    post(town, chief, **FLOOD)
    assert standing() == [("open", None)]
    mistaken = post(town, chief, **{**FLOOD, "issuer": "城管系统", "level": 2}).json["id"]
    assert standing() == [("met", mistaken)]
    assert town.client().get("/api/v1/snapshot/proposals", headers=chief).json["rows"] == []
    post(town, chief, f"/{mistaken}/revoke", reason="误操作")
    assert standing() == [("met", mistaken), ("open", None)]
    made = post(town, chief, **{**FLOOD, "issuer": "城管系统", "level": 2}).json["id"]
    assert standing() == [("met", mistaken), ("met", made)]
    told = town.client().get(f"/api/v1/operations/{made}/timeline", headers=chief).json
    (line,) = [it for it in told["items"] if it["kind"] == "proposal"]
    assert (line["act"], line["detail"]["level"], line["words"][0]) == ("met", 2, "已有响应满足")
    post(town, chief, f"/{made}/end", reason="雨停")
    warn(town, "w2", "red")
    assert len(standing()) == 2
