"""An event's room: who may enter, versions that take force, posts, zero reports, hazards."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from dashboard.accounts import manage
from dashboard.accounts.doors import may_follow
from dashboard.accounts.principal import principal
from dashboard.domain.topics import TOPICS
from dashboard.http.snapshots import build as snapshot
from data_access import tables
from data_access.clock import set_clock
from data_access.events.reach import Reach
from data_access.feeds.recording.errors import RecordingError
from data_access.imports import Source, import_file
from data_access.queries.operations import find as find_operation
from data_access.queries.visible import Sight
from tests.dashboard.http.town import CITY, EAST, NOW, WEST, City, a_case

ROOM = "/api/v1/events/20260701-01"
SECRET = "贵宾路线"


def square(lon: float, lat: float, half: float) -> dict[str, Any]:
    west, south, east, north = lon - half, lat - half, lon + half, lat + half
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def at(minutes: float) -> str:
    return (NOW + timedelta(minutes=minutes)).isoformat()


CORE = {
    "kind": "zone",
    "id": "core",
    "name": "主体育场",
    "level": "核心区",
    "geometry": square(120.2, 30.3, 0.004),
}
ROUTE = {
    "kind": "route",
    "id": "r1",
    "name": SECRET,
    "geometry": {"type": "LineString", "coordinates": [[120.198, 30.3], [120.202, 30.3]]},
}
GATE = {
    "kind": "post",
    "id": "gate-1",
    "name": "一号门",
    "unit": "上城区城管局",
    "needed": "4",
    "lon": 120.201,
    "lat": 30.301,
}
SHOW = {
    "kind": "phase",
    "id": "show",
    "name": "开幕演出",
    "starts_at": at(60),
    "ends_at": at(150),
}


def started(town: City, **more: Any) -> dict[str, str]:
    """Start an event in the city; gives the header of its commander."""
    chief = town.bearer("commander")
    body = {"kind": "event", "name": "奥体之夜", "area": CITY, "reason": "市里的通知", **more}
    made = town.client().post("/api/v1/operations", json=body, headers=chief)
    assert made.status_code == 201, made.text
    return chief


def put(town: City, headers: dict[str, str], *things: dict[str, Any], **more: Any) -> Any:
    body = {"things": list(things), "reason": "布防", **more}
    return town.client().put(f"{ROOM}/things", json=body, headers=headers)


def post(town: City, headers: dict[str, str], path: str, **body: Any) -> Any:
    return town.client().post(f"{ROOM}{path}", json=body, headers=headers)


def room(town: City, headers: dict[str, str], path: str = "") -> Any:
    answer = town.client().get(f"{ROOM}{path}", headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json


def later(town: City, **more: float) -> None:
    with town.store.write() as writer:
        set_clock(writer, anchor_city=NOW + timedelta(**more), speed=1.0)
    town.services.clock.__init__(town.store)


def test_members_enter_and_to_others_it_is_guarded_and_nothing_more(town: City) -> None:
    early = town.bearer("event-member")  # of the area: a member by itself
    elsewhere = town.bearer("event-member", WEST)
    chief = started(town, area="330102")
    assert put(town, chief, CORE, ROUTE, GATE).status_code == 201
    stranger = town.bearer("event-member", EAST)  # came later: until a list names it, none
    west, wall = town.bearer("supervisor", WEST), town.bearer("wall")
    assert {it["id"] for it in room(town, early)["things"]} >= {"20260701-01/zone/core@1"}
    told = post(town, early, "/hazards", what="井盖松动", unit="养护所", zone="core")
    assert told.status_code == 201
    reads = ("", "/inside", "/coverage", "/record")
    acts = ("/posts/gate-1/checkin", "/reports", "/hazards", "/hazards/1/state")
    for who in (elsewhere, stranger, west, wall):
        for path in reads:
            answer = town.client().get(f"{ROOM}{path}", headers=who)
            assert answer.status_code == 403
            assert "保障中" in answer.json["detail"]
            assert SECRET not in answer.text
            assert "主体育场" not in answer.text
        for path in (*acts, "/versions/1/confirm"):
            body = {"present": 1, "reporter": "x", "what": "x", "unit": "x", "state": "open"}
            assert post(town, who, path, **body).status_code == 403
        assert town.client().get("/api/v1/events", headers=who).json["items"] == []
        assert put(town, who, CORE).status_code == 403
    assert post(town, early, "/versions/1/withdraw", reason="x").status_code == 403
    assert town.client().get("/api/v1/events/none", headers=chief).status_code == 404


def test_a_member_of_an_event_alone_is_led_to_its_room(town: City) -> None:
    browser = town.signed_in("ann", "event-member")
    assert browser.get("/").headers["Location"] == "/console"
    chief = started(town)
    assert browser.get("/").headers["Location"] == "/event/20260701-01"
    path = "/api/v1/operations/20260701-01/end"
    answer = town.client().post(path, json={"reason": "演出结束"}, headers=chief)
    assert answer.status_code == 200
    assert browser.get("/").headers["Location"] == "/console"


def test_no_topic_tells_a_stranger_of_the_room(anytown: City) -> None:
    town = anytown
    member = town.token("event-member")
    started(town, area="330102")
    names = [topic.name for topic in TOPICS if topic.members]
    screen, strange_screen = town.token("wall"), town.token("wall")
    wall_id = tokens_of(town)[list(town.tokens)[-2]]
    chief = town.bearer("commander")
    assert put(town, chief, CORE, ROUTE, GATE, SHOW).status_code == 201
    assert post(town, chief, "/posts/gate-1/checkin", present=3).status_code == 200
    plan = {"every_h": 6, "ends_at": at(720), "reporters": [{"id": "330102", "name": "上城区"}]}
    assert town.client().put(f"{ROOM}/reports", json=plan, headers=chief).status_code == 200
    assert post(town, chief, "/hazards", what="井盖松动", unit="养护所").status_code == 201
    appointed = {"tokens": [*(it["id"] for it in members(town, chief)), wall_id]}
    answer = town.client().put(f"{ROOM}/members", json=appointed, headers=chief)
    assert answer.status_code == 200, answer.text
    rows = {
        who: {name: snapshot(town.store, found, name)["rows"] for name in names}
        for who, secret in {
            "member": member,
            "wall": screen,
            "stranger": strange_screen,
            "west": town.token("supervisor", WEST),
            "none": town.token("event-member", WEST),
        }.items()
        if (found := principal(town.store, bearer=secret)) is not None
    }
    assert all(rows["member"].values())
    assert all(rows["wall"].values())
    for who in ("stranger", "west", "none"):
        assert not any(rows[who].values()), who
    follows = {
        secret: {name for name in names if may_follow(found, name)}
        for secret in (screen, strange_screen)
        if (found := principal(town.store, bearer=secret)) is not None
    }
    on_walls = {"event_things", "event_confirmed", "event_posts", "event_reports"}
    assert follows == {screen: on_walls, strange_screen: on_walls}
    (counted,) = rows["wall"]["event_confirmed"]
    assert counted[-3:] == ["entered", 0, 0]  # by number alone; tokens confirm nothing
    told = room(town, {"Authorization": f"Bearer {screen}"})
    assert "hazards" not in told
    assert "versions" not in told
    assert all("by" not in it for it in told["posts"])


def tokens_of(town: City) -> dict[str, str]:
    with town.store.read() as conn:
        query = select(tables.token.c.name, tables.token.c.id)
        return {row.name: row.id for row in conn.execute(query)}


def members(town: City, headers: dict[str, str]) -> list[dict[str, Any]]:
    return room(town, headers)["members"]


def test_a_change_takes_force_at_its_time_and_is_confirmed_by_every_member(anytown: City) -> None:
    town = anytown
    manage.add_account(
        town.store, town.actor, name="guard", role="event-member", scopes=[CITY], display_name="甲"
    )
    chief = started(town)
    first = put(town, chief, CORE, ROUTE, GATE, SHOW).json
    assert (first["version"], first["waiting"], first["confirmed"]) == (1, ["甲"], [])
    moved = {
        **ROUTE,
        "geometry": {"type": "LineString", "coordinates": [[120.2, 30.3], [120.2, 30.302]]},
    }
    second = put(town, chief, moved, reason="绕开施工", effective_at=at(60), version=1)
    assert second.status_code == 201, second.text
    assert second.json["changes"] == [["route", "r1", SECRET, "changed"]]
    things = {it["id"]: it for it in room(town, chief)["things"]}
    old, new = things["20260701-01/route/r1@1"], things["20260701-01/route/r1@2"]
    assert old["until"] == new["effective_at"] == "2026-07-01T05:00:00Z"
    assert put(town, chief, ROUTE, version=1).status_code == 409
    assert post(town, chief, "/versions/2/confirm").status_code == 403  # sees it, is no member
    token = town.bearer("event-member", events=["20260701-01"])
    done = post(town, token, "/versions/2/confirm").json
    assert [name for name, _, _ in done["confirmed"]] == [list(town.tokens)[-1]]
    assert done["waiting"] == ["甲"]
    again = post(town, token, "/versions/2/confirm").json
    assert len(again["confirmed"]) == 1
    # what is announced may be taken back, what holds may not
    assert post(town, chief, "/versions/1/withdraw", reason="误").status_code == 409
    assert post(town, chief, "/versions/2/withdraw").json["field"] == "reason"
    taken = post(town, chief, "/versions/2/withdraw", reason="不改了").json
    assert taken["state"] == "withdrawn"
    things = {it["id"]: it for it in room(town, chief)["things"]}
    assert "20260701-01/route/r1@2" not in things
    assert things["20260701-01/route/r1@1"]["until"] is None
    acts = [it["act"] for it in room(town, chief, "/record")["items"]]
    assert acts == ["withdraw", "version", "version"]


def test_a_batch_is_refused_whole_and_every_fault_is_named(town: City) -> None:
    chief = started(town)
    answer = put(town, chief, CORE, {**GATE, "lon": 120.3}, {**SHOW, "ends_at": at(30)})
    assert answer.status_code == 422
    assert answer.json["count"] == 2
    assert [(it["index"], it["id"], it["field"]) for it in answer.json["rejected"]] == [
        (1, "gate-1", "geometry"),
        (2, "show", "ends_at"),
    ]
    assert room(town, chief)["things"] == []


def test_what_is_announced_is_not_contradicted(town: City) -> None:
    chief = started(town)
    put(town, chief, CORE, GATE)
    smaller = {**CORE, "geometry": square(120.2, 30.3, 0.002)}
    assert put(town, chief, smaller, effective_at=at(60)).status_code == 201
    corner = {**GATE, "id": "gate-2", "lon": 120.203}
    refused = put(town, chief, corner)
    assert "已排定的变更不符" in refused.json["rejected"][0]["reason"]
    sooner = put(town, chief, {**CORE, "name": "主场"}, effective_at=at(30))
    assert sooner.json["rejected"][0]["field"] == "effective_at"
    assert put(town, chief, CORE, effective_at=at(-60)).json["field"] == "effective_at"
    assert put(town, chief, {**CORE, "remove": True}).json["rejected"][0]["field"] in (
        "geometry",
        "effective_at",
    )
    assert put(town, chief, CORE, GATE).json == {"unchanged": True, "version": None}
    desk = town.bearer("supervisor")
    assert put(town, desk, {**GATE, "needed": 5}).json["field"] == "approved_by"
    assert put(town, desk, {**GATE, "needed": 5}, approved_by="张主任").status_code == 201


def test_posts_reports_and_hazards_are_said_and_counted(anytown: City) -> None:
    town = anytown
    chief, member = started(town), town.bearer("event-member", events=["20260701-01"])
    put(town, chief, CORE, GATE, {**GATE, "id": "gate-2", "name": "二号门", "needed": 2}, SHOW)
    assert post(town, member, "/posts/gate-9/checkin", present=1).status_code == 404
    assert post(town, member, "/posts/gate-1/checkin", present=9).json["version"] == 1
    assert post(town, member, "/posts/gate-2/checkin", present=1).status_code == 200
    told = room(town, member)
    assert (told["figures"]["present"], told["figures"]["needed"]) == (5, 6)
    assert told["programme"] == {
        "current": None,
        "next": "show",
        "seconds": pytest.approx(3600, abs=5),
    }
    plan = {
        "every_h": 2,
        "ends_at": at(300),
        "reporters": [{"id": "330102", "name": "上城区"}, {"id": "330106", "name": "西湖区"}],
    }
    assert town.client().put(f"{ROOM}/reports", json=plan, headers=member).status_code == 403
    assert town.client().put(f"{ROOM}/reports", json=plan, headers=chief).status_code == 200
    assert len(room(town, chief)["reports"]) == 6
    sent = post(town, member, "/reports", reporter="330102", found=0).json
    assert (sent["state"], sent["due_at"]) == ("sent", "2026-07-01T06:00:00Z")
    assert post(town, member, "/reports", reporter="330106", found=2).json["field"] == "note"
    early = post(town, member, "/reports", reporter="330106", found=0, due_at=at(300))
    assert early.json["field"] == "due_at"
    later(town, hours=3)
    late = post(town, member, "/reports", reporter="330106", found=1, note="一处积水").json
    assert (late["state"], late["found"]) == ("late", 1)
    states = [(it["reporter"], it["state"]) for it in room(town, chief)["reports"][:2]]
    assert states == [("330102", "sent"), ("330106", "late")]
    hazard = post(town, member, "/hazards", what="雨棚松动", unit="养护所", zone="core").json
    assert post(town, member, "/hazards", what="x", unit="y", zone="no").json["field"] == "zone"
    turned = post(town, member, f"/hazards/{hazard['n']}/state", state="cleared")
    assert turned.json["field"] == "note"
    done = post(
        town, member, f"/hazards/{hazard['n']}/state", state="cleared", note="已加固", version=1
    )
    assert (done.json["state"], done.json["version"]) == ("cleared", 2)
    again = post(town, member, f"/hazards/{hazard['n']}/state", state="open", note="x", version=1)
    assert again.status_code == 409
    over = town.client().post(
        "/api/v1/operations/20260701-01/end", json={"reason": "散场"}, headers=chief
    )
    assert over.status_code == 200
    assert post(town, member, "/posts/gate-1/checkin", present=1).status_code == 409
    with town.store.read() as conn:
        assert find_operation(conn, operation_id="20260701-01", sight=Sight(scopes=[CITY]))
    assert room(town, member)["things"] == []


def test_what_lies_within_a_zone_belongs_to_the_event(anytown: City) -> None:
    town = anytown
    town.ingest("cases", [a_case("in"), a_case("out", lon=120.25)])
    camera = {"source": "public", "status": "on", "lat": 30.3}
    town.ingest("cameras", [{**camera, "id": "k1", "name": "东门", "lon": 120.2001}])
    chief = started(town)
    member = town.bearer("event-member", events=["20260701-01"])
    reach = Reach(town.store, town.services.clock)
    reach.step()

    def seen(kind: str) -> set[str]:
        answer = town.client().get(f"/api/v1/{kind}", headers=member)
        return {it["id"] for it in answer.json["items"]}

    assert seen("cases") == set()
    put(town, chief, CORE, {**ROUTE, "watch_m": 50})
    settle(reach)
    assert (seen("cases"), seen("cameras")) == ({"in"}, {"k1"})
    inside = room(town, member, "/inside")
    assert inside["zones"] == {"core": {"cases": 1, "alerts": 0, "cameras": 1, "responders": 0}}
    (route,) = room(town, member, "/coverage")["routes"]
    assert (route["length_m"], route["bare_m"]) == (384, 284)
    town.ingest("cases", [a_case("new", lon=120.199), a_case("in", updated_at=at(1), lon=120.25)])
    settle(reach)
    assert seen("cases") == {"new"}
    town.client().post("/api/v1/operations/20260701-01/end", json={"reason": "散场"}, headers=chief)
    settle(reach)
    assert seen("cases") == set()


def settle(reach: Reach) -> None:
    while reach.step():
        pass


def test_a_list_of_hazards_comes_in_by_file_and_goes_down_to_none(town: City, tmp_path) -> None:
    head = "隐患,责任单位,区域,整改时限,状态,说明\n"
    columns = {"what": "隐患", "unit": "责任单位", "zone": "区域", "due_at": "整改时限"}
    columns |= {"state": "状态", "note": "说明"}

    def take(text: str) -> Any:
        path = tmp_path / "隐患清单.csv"
        path.write_text(head + text, "gb18030")
        return import_file(town.store, "hazards", Source(path=path, given=columns))

    with pytest.raises(RecordingError, match="which event"):
        take("井盖松动,养护所,,,,\n")
    chief = started(town)
    assert put(town, chief, CORE).status_code == 201
    listed = (
        f"井盖松动,养护所,core,{at(60)},,\n"
        "雨棚松动,管养所,,,整改中,\n"
        "无责任单位,,,,,\n"
        "未知区域,养护所,vip,,,\n"
        "未知状态,养护所,,,搁置,\n"
        "已整改,养护所,,,已销号,\n"
        f"时限已过,养护所,,{at(-60)},,\n"
        "雨棚松动,管养所,,,待整改,\n"
    )
    told = take(listed)
    assert (told.read, told.accepted, told.unchanged) == (8, 2, 0)
    refused = [(it.index, it.field) for it in told.rejected]
    assert refused == [
        (2, "unit"),
        (3, "zone"),
        (4, "state"),
        (5, "note"),
        (6, "due_at"),
        (7, "what"),
    ]
    again = take(listed)
    assert (again.accepted, again.unchanged) == (0, 2)
    found = room(town, chief)["hazards"]
    assert [(it["what"], it["state"]) for it in found] == [
        ("井盖松动", "open"),
        ("雨棚松动", "handling"),
    ]
    done = take("井盖松动,养护所,core,,已销号,已加固\n雨棚松动,管养所,,,已销号,已更换\n")
    assert done.accepted == 2
    assert {it["state"] for it in room(town, chief)["hazards"]} == {"cleared"}
