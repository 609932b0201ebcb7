"""What the desk enters and does, over HTTP, on either database."""

import json
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select, update

from dashboard.domain.matters import MatterError
from data_access import matters, tables
from data_access.feeds.lists import write_city
from data_access.imports.matters import import_matters
from data_access.sweep import sweep
from tests.dashboard.http.town import CITY, EAST, NOW, WEST, City, a_case

PONDING = {
    "kind": "event",
    "subcategory": "0101",
    "lon": 120.2,
    "lat": 30.3,
    "jurisdiction": "330102",
    "address": "文一路口",
    "depth_cm": 30,
    "caller": {"name": "王小明", "phone": "13812345678"},
}


def post(town: City, path: str, body: dict, *, role: str = "supervisor", scope=(), **headers: str):
    bearer = town.bearer(role, *scope) if "Authorization" not in headers else {}
    return town.client().post(f"/api/v1{path}", json=body, headers={**bearer, **headers})


def get(town: City, path: str, role: str = "supervisor", **more):
    return town.client().get(f"/api/v1{path}", headers=town.bearer(role, **more)).json


def outbox(town: City) -> list:
    with town.store.read() as conn:
        return conn.execute(select(tables.outbox).order_by(tables.outbox.c.n)).mappings().all()


def a_place(**more):
    return {
        "id": "P1",
        "kind": "low_point",
        "name": "文一路积水点",
        "lon": 120.21,
        "lat": 30.31,
        "state": "normal",
        "depth_cm": 0,
        "at": "2026-07-01T08:00:00+08:00",
        "jurisdiction": "330102",
        **more,
    }


def test_a_phoned_in_case_stands_like_any_other_with_its_caller_apart(anytown: City) -> None:
    told = post(anytown, "/cases", PONDING)
    assert told.status_code == 201, told.text
    made = told.json
    assert made["id"] == "20260701Z0001"
    assert (made["source"], made["stage"], made["address"]) == ("desk", "accepted", "文一路口")
    assert made["description"] == "积水约 30 厘米"
    whole = get(anytown, f"/cases/{made['id']}")
    assert [event["stage"] for event in whole["events"]] == ["reported", "accepted"]
    assert "13812345678" not in str(whole)
    (caller,) = get(anytown, f"/cases/{made['id']}/desk")["callers"]
    assert (caller["name"], caller["phone"]) == ("王**", "138****5678")
    plain = post(anytown, f"/cases/{made['id']}/plain", {}).json
    assert plain["callers"][0]["phone"] == "13812345678"
    (message,) = outbox(anytown)
    assert (message["destination"], message["subject"]) == ("platform", "cases/20260701Z0001")
    assert post(anytown, "/cases", PONDING).json["id"] == "20260701Z0002"
    audited = get(anytown, "/audit?act=case-enter", role="administrator")["items"]
    assert [line["subject"] for line in audited] == ["20260701Z0002", "20260701Z0001"]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"subcategory": "9999"}, "subcategory"),
        ({"kind": "thing"}, "kind"),
        ({"lat": None}, "lat"),
        ({"lon": "east"}, "lon"),
        ({"jurisdiction": "nowhere"}, "jurisdiction"),
        ({"stage": "closed"}, "stage"),
        ({"urgency": 99}, "urgency"),
        ({"place": "P9"}, "place"),
        ({"caller": "王"}, "caller"),
        ({"caller": {"phone": 1}}, "phone"),
        ({"description": 7, "depth_cm": None}, "description"),
    ],
)
def test_a_bad_field_is_named_and_nothing_is_kept(town: City, wrong, field) -> None:
    told = post(town, "/cases", {**PONDING, **wrong})
    assert (told.status_code, told.json["field"]) == (422, field), told.text
    assert field in told.json["detail"]
    with town.store.read() as conn:
        assert conn.execute(select(func.count()).select_from(tables.case)).scalar() == 0
        assert conn.execute(select(tables.desk_number)).first() is None


def test_the_same_call_at_the_same_moment_makes_one_case(anytown: City) -> None:
    headers = {**anytown.bearer("supervisor"), "Idempotency-Key": "k1"}

    def send(_n: int):
        answer = post(anytown, "/cases", PONDING, **headers)
        return answer.status_code, answer.json["id"]

    with ThreadPoolExecutor(6) as pool:
        assert set(pool.map(send, range(6))) == {(201, "20260701Z0001")}
    other = post(anytown, "/cases", {**PONDING, "address": "别处"}, **headers)
    assert other.status_code == 422
    assert len(outbox(anytown)) == 1


def test_nobody_enters_or_acts_beyond_the_own_scope(anytown: City) -> None:
    assert post(anytown, "/cases", PONDING, scope=(WEST,)).status_code == 403
    assert outbox(anytown) == []
    made = post(anytown, "/cases", PONDING, scope=(EAST,)).json
    anytown.ingest("places", [a_place()])
    for path, body in (
        (f"/cases/{made['id']}/urge", {"opinion": "快"}),
        (f"/cases/{made['id']}/call", {}),
        ("/places/P1/state", {"state": "closed"}),
    ):
        assert post(anytown, path, body, scope=(WEST,)).status_code == 404
    near = "/nearby/cases?lon=120.2&lat=30.3&kind=event&subcategory=0101"
    headers = anytown.bearer("supervisor", WEST)
    assert anytown.client().get(f"/api/v1{near}", headers=headers).json["items"] == []


def test_a_member_enters_in_its_event_alone(anytown: City) -> None:
    member = anytown.bearer("event-member", events=["op1"])
    made = post(anytown, "/cases", PONDING, **member)
    assert made.status_code == 201, made.text
    seen = anytown.client().get(f"/api/v1/cases/{made.json['id']}", headers=member)
    assert seen.status_code == 200
    assert post(anytown, "/cases", {**PONDING, "event": "op2"}, **member).status_code == 403
    other = post(anytown, "/cases", PONDING).json["id"]
    assert post(anytown, f"/cases/{other}/urge", {"opinion": "快"}, **member).status_code == 404
    told = post(anytown, f"/cases/{made.json['id']}/urge", {"opinion": "快"}, **member)
    assert told.status_code == 200


def test_urging_is_an_act_with_a_name_that_the_platform_does_not_wipe_away(anytown: City) -> None:
    town = anytown
    town.ingest("cases", [a_case("c1", unit="u1", stage="dispatched")])
    with town.store.write() as writer:
        writer.conn.execute(update(tables.unit).values(phone="0571-8xxx1234"))
    told = post(town, "/cases/c1/urge", {"opinion": "水深已过膝，电 13812345678", "version": 1})
    assert told.status_code == 200, told.text
    assert told.json["marks"] == ["urged"]
    reached = [(one["id"], one["part"]) for one in told.json["recipients"]]
    assert reached == [("u1", "to_act"), ("330100", "supervises")]
    stale = post(town, "/cases/c1/urge", {"opinion": "再催", "version": 1})
    assert (stale.status_code, stale.json["state"]["version"]) == (409, 2)
    asked = get(town, "/cases/c1/desk")
    assert asked["recipients"][0]["contact"] == {"name": None, "phone": "0571-8xxx1234"}
    (act,) = asked["acts"]
    assert act["note"] == "水深已过膝，电 138****5678"
    assert act["delivery"]["state"] == "waiting"
    assert [one["id"] for one in act["recipients"]] == ["u1", "330100"]
    (message,) = outbox(town)
    assert message["payload"]["opinion"].endswith("13812345678")
    assert [one["part"] for one in message["payload"]["recipients"]] == ["to_act", "supervises"]
    later = a_case("c1", unit="u1", stage="handling", stage_at="2026-07-01T09:00:00+08:00")
    town.ingest("cases", [later])
    whole = get(town, "/cases/c1")
    assert (whole["stage"], whole["marks"]) == ("handling", ["urged"])
    assert not [event for event in whole["events"] if "unmark" in event]
    ended = {"stage": "closed", "stage_at": "2026-07-01T10:00:00+08:00"}
    town.ingest("cases", [a_case("c1", **ended)])
    assert post(town, "/cases/c1/urge", {"opinion": "晚了"}).status_code == 409


def test_a_watch_has_an_end_and_ends_by_itself_or_with_the_case(anytown: City) -> None:
    town = anytown
    town.ingest("cases", [a_case("c1"), a_case("c2"), a_case("c3", marks=["supervised"])])
    past = (NOW - timedelta(minutes=1)).isoformat()
    soon = (NOW + timedelta(hours=2)).isoformat()
    for body, field in (
        ({"opinion": "盯住"}, "until"),
        ({"opinion": "盯住", "until": past}, "until"),
        ({"opinion": "盯住", "until": "tomorrow"}, "until"),
        ({"until": soon}, "opinion"),
    ):
        refused = post(town, "/cases/c1/supervise", body, role="leader")
        assert (refused.status_code, refused.json["field"]) == (422, field)
    for name in ("c1", "c2", "c3"):
        body = {"opinion": "盯住", "until": soon}
        assert post(town, f"/cases/{name}/supervise", body, role="leader").status_code == 200
    assert post(town, "/cases/c1/urge", {"opinion": "快"}, role="leader").status_code == 403
    ended = {"stage": "closed", "stage_at": "2026-07-01T11:00:00+08:00"}
    town.ingest("cases", [a_case("c2", **ended)])
    assert get(town, "/cases/c2")["marks"] == []
    sweep(town.store, NOW + timedelta(hours=1))
    assert get(town, "/cases/c1")["marks"] == ["supervised"]
    sweep(town.store, NOW + timedelta(hours=3))
    over = get(town, "/cases/c1")
    assert over["marks"] == []
    assert over["events"][-1]["unmark"] == "supervised"
    assert over["events"][-1]["at"] == soon.replace("+00:00", "Z")
    assert get(town, "/cases/c3")["marks"] == ["supervised"]  # the platform's own goes on
    with town.store.read() as conn:
        assert sweep(town.store, NOW + timedelta(hours=4)) == 0
        assert conn.execute(select(func.count()).select_from(tables.case)).scalar() == 3


def test_the_platform_goes_on_with_the_desks_case(anytown: City) -> None:
    made = post(anytown, "/cases", PONDING).json
    post(anytown, f"/cases/{made['id']}/urge", {"opinion": "快"})
    anytown.ingest(
        "cases",
        [
            {
                "id": made["id"],
                "kind": "event",
                "source": "desk",
                "subcategory": "0101",
                "description": "平台已受理：路口积水",
                "reported_at": made["reported_at"],
                "stage": "dispatched",
                "stage_at": made["stage_at"],
                "unit": "u1",
            }
        ],
    )
    whole = get(anytown, f"/cases/{made['id']}")
    assert (whole["stage"], whole["unit"], whole["marks"]) == ("dispatched", "u1", ["urged"])
    assert (whole["address"], whole["lon"]) == ("文一路口", 120.2)
    assert len(get(anytown, f"/cases/{made['id']}/desk")["callers"]) == 1


def test_an_open_case_near_by_is_offered_and_takes_the_call(anytown: City) -> None:
    anytown.ingest(
        "cases",
        [
            a_case("far", lon=120.3),
            a_case("here", lon=120.2001),
            a_case("over", stage="closed", lon=120.2001),
        ],
    )
    near = get(anytown, "/nearby/cases?lon=120.2&lat=30.3&kind=event&subcategory=0101")["items"]
    assert [(case["id"], case["alike"]) for case in near] == [("here", 3)]
    body = {"description": "又有人报", "depth_cm": 35, "caller": {"phone": "0571-87654321"}}
    told = post(anytown, "/cases/here/call", body)
    assert (told.status_code, told.json["version"]) == (200, 2)
    last = get(anytown, "/cases/here")["events"][-1]
    assert (last["call"], last["note"]) == ("desk", "又有人报（积水约 35 厘米）")


def test_a_places_state_has_a_since_and_a_record(anytown: City) -> None:
    town = anytown
    town.ingest("places", [a_place()])
    first = post(town, "/places/P1/state", {"state": "ponding", "depth_cm": 22, "version": 1})
    assert first.status_code == 200, first.text
    told = first.json
    assert (told["state"], told["depth_cm"], told["version"]) == ("ponding", 22, 2)
    stale = post(town, "/places/P1/state", {"state": "closed", "version": 1})
    assert (stale.status_code, stale.json["state"]["state"]) == (409, "ponding")
    bad = post(town, "/places/P1/state", {"state": "wet"})
    assert (bad.status_code, bad.json["field"]) == (422, "state")
    deep = post(town, "/places/P1/state", {"state": "ponding", "depth_cm": -1})
    assert (deep.status_code, deep.json["field"]) == (422, "depth_cm")
    closed = post(town, "/places/P1/state", {"state": "closed", "note": "交警已到"}).json
    assert (closed["depth_cm"], closed["version"]) == (22, 3)
    # a feed that repeats itself, or measures anew, opens nothing; one that tells another state does
    town.ingest("places", [a_place(at="2026-07-01T12:01:00+08:00")])
    town.ingest("places", [a_place(at="2026-07-01T12:02:00+08:00", depth_cm=25)])
    now = get(town, "/places/P1")
    assert (now["state"], now["depth_cm"], now["since"]) == ("closed", 25, closed["since"])
    town.ingest("places", [a_place(at="2026-07-01T12:03:00+08:00", state="restored")])
    assert get(town, "/places/P1")["state"] == "restored"
    record = get(town, "/places/P1/states")["items"]
    assert [(one["state"], one["depth_cm"]) for one in record] == [
        ("restored", 0),
        ("closed", 25),
        ("closed", 22),
        ("ponding", 22),
        ("normal", 0),
    ]
    assert [one["note"] for one in record][2] == "交警已到"


def test_a_case_at_a_known_place_says_its_state_too(anytown: City) -> None:
    anytown.ingest("places", [a_place()])
    body = {"kind": "event", "subcategory": "0101", "place": "P1", "depth_cm": 18}
    assert "place" not in post(anytown, "/cases", body).json
    assert get(anytown, "/places/P1")["state"] == "normal"
    made = post(anytown, "/cases", {**body, "state": "ponding"}).json
    assert (made["lon"], made["address"]) == (120.21, "文一路积水点")
    assert (made["place"]["state"], made["place"]["depth_cm"]) == ("ponding", 18)
    assert get(anytown, "/places/P1")["state"] == "ponding"


def test_without_a_position_it_belongs_to_the_own_district(town: City) -> None:
    body = {"kind": "event", "subcategory": "0101", "address": "只知道路名"}
    made = post(town, "/cases", body, scope=(WEST,))
    assert (made.status_code, made.json["jurisdiction"]) == (201, "330106"), made.text
    assert post(town, "/cases", body).json["jurisdiction"] is None


def test_markup_stays_text(town: City) -> None:
    evil = "<img src=x onerror=alert(1)>"
    body = {**PONDING, "address": evil, "description": evil, "caller": {"name": evil}}
    made = post(town, "/cases", body).json
    assert made["address"] == evil
    assert post(town, f"/cases/{made['id']}/urge", {"opinion": evil}).status_code == 200


def test_a_city_of_other_codes_takes_what_is_phoned_in(anytown: City, tmp_path: Path) -> None:
    """Its own matters, else the most usual of its cases; its codes, however they are written."""
    town = anytown
    slugs = ("catchbasin", "tree-emergencies", "request-for-snow-plowing-emergency-responder")
    with town.store.write() as writer:
        rows = [
            {"list_version": 2, "kind": "event", "code": code, "class_code": "highway"}
            | {"class_name": "Highway", "name": code.title()}
            for code in slugs
        ]
        writer.conn.execute(insert(tables.category), rows)
    asked = {**PONDING, "description": "道路积水"}
    for code in slugs:
        told = post(town, "/cases", {**asked, "subcategory": code})
        assert (told.status_code, told.json["subcategory"]) == (201, code), told.text
    for wrong in ("0101", "no-such", "highway"):
        told = post(town, "/cases", {**asked, "subcategory": wrong})
        assert (told.status_code, told.json["field"]) == (422, "subcategory")
    with town.store.read() as conn:
        usual = matters.of_city(conn)
    assert {matter.code for matter in usual} == set(slugs)
    own = [{"name": "积水", "of": "event/catchbasin", "wet": True, "alike": [f"event/{slugs[1]}"]}]
    with town.store.write() as writer:
        writer.conn.execute(update(tables.city).values(settings={"matters": own}))
        (found,) = matters.of_city(writer.conn)
    assert (found.code, found.words.en, found.wet) == ("catchbasin", "积水", True)
    near = "/nearby/cases?lon=120.2&lat=30.3&kind=event&subcategory=catchbasin"
    assert [case["alike"] for case in get(town, near)["items"]] == [3, 2, 1]
    path = tmp_path / "matters.json"
    for given, wrong in (
        (["x"], "matters[1]"),
        ([{"name": "x", "of": "event/none"}], "event/none"),
    ):
        path.write_text(json.dumps(given), "utf-8")
        with pytest.raises(MatterError, match=re.escape(wrong)):
            import_matters(town.store, path)
    path.write_text(json.dumps([{**own[0], "name": "内涝"}]), "utf-8")
    assert import_matters(town.store, path) == 1
    with town.store.write() as writer:  # the city is described anew: what was imported stays
        write_city(
            writer,
            path=CITY,
            name="杭州",
            name_en=None,
            time_zone="Asia/Shanghai",
            centre=(120.2, 30.3),
            settings={"matters": own},
        )
        assert [matter.words.zh for matter in matters.of_city(writer.conn)] == ["内涝"]
