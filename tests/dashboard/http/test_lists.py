"""Lists: within one's scope, page by page, as known at a moment."""

from typing import Any
from urllib.parse import quote

import pytest
from sqlalchemy import update

from data_access import tables
from tests.dashboard.http.town import EAST, WEST, City, a_case

STATION = {"kind": "river", "name": "测站", "lon": 120.2, "lat": 30.3}
CAMERA = {"name": "点位", "lon": 120.2, "lat": 30.3, "source": "gb28181", "status": "on"}
RESPONDER = {
    "kind": "team",
    "name": "抢险一队",
    "lon": 120.2,
    "lat": 30.3,
    "at": "2026-07-01T11:00:00+08:00",
    "status": "idle",
    "phone": "13812345678",
}
PLACE = {
    "kind": "underpass",
    "name": "文三路下穿",
    "lon": 120.2,
    "lat": 30.3,
    "state": "ponding",
    "depth_cm": 27,
    "at": "2026-07-01T11:00:00+08:00",
}
LISTS = ("cases", "stations", "readings", "cameras", "responders", "places")


def get(town: City, path: str, headers: dict[str, str]) -> Any:
    answer = town.client().get(path, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json


def ids(town: City, path: str, headers: dict[str, str]) -> list[str]:
    return [item["id"] for item in get(town, path, headers)["items"]]


def fill(town: City) -> None:
    """One of each in the east and in the west; a reading at each station."""
    east, west = {"jurisdiction": "330102"}, {"jurisdiction": "330106", "lon": 120.1, "lat": 30.2}
    told = [town.ingest("cases", [a_case("e"), a_case("w", **west)])]
    for kind, record in (
        ("stations", STATION),
        ("cameras", CAMERA),
        ("responders", RESPONDER),
        ("places", PLACE),
    ):
        told.append(town.ingest(kind, [{"id": "e", **record}, {"id": "w", **record}]))
    # Records of these kinds name no jurisdiction: their rows are put where the test wants them.
    with town.store.write() as writer:
        for table in (tables.station, tables.camera, tables.responder, tables.place):
            for name, where in (("e", EAST), ("w", WEST)):
                writer.conn.execute(update(table).where(table.c.id == name).values(scope=where))
    at = "2026-07-01T11:00:00+08:00"
    told.append(
        town.ingest(
            "readings",
            [{"station": name, "factor": "level", "at": at, "value": 1.5} for name in ("e", "w")],
        )
    )
    with town.store.write() as writer:
        latest = tables.reading_latest
        for name, where in (("e", EAST), ("w", WEST)):
            writer.conn.execute(update(latest).where(latest.c.station == name).values(scope=where))
    del east
    for answer in told:
        assert answer["accepted"] == 2, answer


@pytest.mark.parametrize("topic", LISTS)
def test_a_list_ends_at_the_readers_scope(anytown: City, topic) -> None:
    town = anytown
    fill(town)
    named = (lambda name: f"{name}/level") if topic == "readings" else (lambda name: name)
    path = f"/api/v1/{topic}"
    assert ids(town, path, town.bearer("leader")) == [named("e"), named("w")]
    assert ids(town, path, town.bearer("leader", EAST)) == [named("e")]
    assert ids(town, path, town.bearer("leader", WEST)) == [named("w")]
    assert ids(town, path, town.bearer("leader", EAST, WEST)) == [named("e"), named("w")]
    assert ids(town, path, town.bearer("event-member", EAST)) == []  # it looks at its event alone
    snapshot = get(town, f"/api/v1/snapshot/{topic}", town.bearer("leader", EAST))
    assert [row[0] for row in snapshot["rows"]] == [named("e")]


def test_a_member_sees_what_belongs_to_its_event(anytown: City) -> None:
    town = anytown
    fill(town)
    with town.store.write() as writer:
        writer.conn.execute(update(tables.case).where(tables.case.c.id == "w").values(event="op1"))
    member = town.bearer("event-member", EAST, events=["op1"])
    assert ids(town, "/api/v1/cases", member) == ["w"]
    assert ids(town, "/api/v1/cases", town.bearer("event-member", EAST, events=["op2"])) == []
    snapshot = get(town, "/api/v1/snapshot/cases", member)
    assert [row[0] for row in snapshot["rows"]] == ["w"]


def test_a_case_outside_the_scope_is_not_there(anytown: City) -> None:
    town = anytown
    fill(town)
    east = town.bearer("leader", EAST)
    assert get(town, "/api/v1/cases/e", east)["id"] == "e"
    outside = town.client().get("/api/v1/cases/w", headers=east)
    nowhere = town.client().get("/api/v1/cases/none", headers=east)
    assert outside.status_code == nowhere.status_code == 404
    assert outside.json == nowhere.json
    assert outside.mimetype == "application/problem+json"


def test_a_prefix_of_a_path_is_not_within_it(anytown: City) -> None:
    town = anytown
    fill(town)
    with town.store.write() as writer:
        table = tables.case
        writer.conn.execute(update(table).where(table.c.id == "w").values(scope=EAST + "9"))
    assert ids(town, "/api/v1/cases", town.bearer("leader", EAST)) == ["e"]


def test_a_case_comes_with_its_whole_record(anytown: City) -> None:
    town = anytown
    town.ingest("cases", [a_case("c1")])
    town.ingest(
        "cases",
        [
            a_case(
                "c1",
                stage="filed",
                stage_at="2026-07-01T08:30:00+08:00",
                events=[{"stage": "filed", "at": "2026-07-01T08:30:00+08:00", "by": "值班员"}],
            )
        ],
    )
    case = get(town, "/api/v1/cases/c1", town.bearer("supervisor"))
    assert (case["version"], case["stage"]) == (2, "filed")
    assert [event["stage"] for event in case["events"]] == ["reported", "filed"]
    assert case["events"][1]["by"] == "值班员"
    assert case["events"][1]["at"] == "2026-07-01T00:30:00Z"
    assert [(v["version"], v["state"]["stage"]) for v in case["versions"]] == [
        (1, "reported"),
        (2, "filed"),
    ]
    assert "scope" not in case


def test_pages_follow_one_another_without_gap_or_repeat(anytown: City) -> None:
    town = anytown
    names = [f"c{n:03d}" for n in range(25)]
    town.ingest("cases", [a_case(name) for name in names])
    headers = town.bearer("leader")
    path, found, pages = "/api/v1/cases?limit=10&stage=reported", [], 0
    while path:
        page = get(town, path, headers)
        found += [item["id"] for item in page["items"]]
        path, pages = page["next"], pages + 1
    assert found == names
    assert pages == 3


def test_readings_page_by_station_and_factor(anytown: City) -> None:
    town = anytown
    town.ingest("stations", [{"id": f"s{n}", **STATION} for n in range(3)])
    at = "2026-07-01T11:00:00+08:00"
    town.ingest(
        "readings",
        [
            {"station": f"s{n}", "factor": factor, "at": at, "value": n}
            for n in range(3)
            for factor in ("level", "flow")
        ],
    )
    headers = town.bearer("leader")
    path, found = "/api/v1/readings?limit=4", []
    while path:
        page = get(town, path, headers)
        found += [item["id"] for item in page["items"]]
        path = page["next"]
    assert found == ["s0/flow", "s0/level", "s1/flow", "s1/level", "s2/flow", "s2/level"]


def test_a_limit_is_clamped_never_refused(town: City) -> None:
    headers = town.bearer("leader")
    for limit in ("2001", "999999999"):
        assert get(town, f"/api/v1/cases?limit={limit}", headers)["items"] == []


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=-1",
        "limit=x",
        "limit=1e3",
        "limit=²",
        "cursor=x",
        "cursor=WzFd",
        "cursor=WyJhIiwiYiJd",
        "cursor=é",
        "bbox=1,2,3",
        "bbox=1,2,3,x",
        "bbox=nan,2,3,4",
        "bbox=3,2,1,4",
        "bbox=0,0,181,91",
        "live=maybe",
        "stage=%00",
        "as_of=yesterday",
        "as_of=2026-07-01",
        "as_of=2026-07-01T08:00:00",
        "as_of=0001-01-01T00:00:00%2B14:00",
        f"stage={'x' * 201}",
    ],
)
def test_a_question_that_makes_no_sense_is_told_so(town: City, query) -> None:
    answer = town.client().get(f"/api/v1/cases?{query}", headers=town.bearer("leader"))
    assert answer.status_code == 400
    assert answer.mimetype == "application/problem+json"
    assert answer.json["detail"]


def test_a_box_holds_what_lies_in_it(anytown: City) -> None:
    town = anytown
    fill(town)
    headers = town.bearer("leader")
    assert ids(town, "/api/v1/cases?bbox=120.15,30.25,120.25,30.35", headers) == ["e"]
    assert ids(town, "/api/v1/stations?bbox=0,0,1,1", headers) == []
    assert ids(town, "/api/v1/readings?bbox=120,30,121,31", headers) == ["e/level", "w/level"]


def test_features_for_those_who_ask(anytown: City) -> None:
    town = anytown
    fill(town)
    headers = {**town.bearer("leader"), "Accept": "application/geo+json"}
    for topic in (*LISTS, "warnings", "feeds"):
        answer = town.client().get(f"/api/v1/{topic}", headers=headers)
        assert answer.mimetype == "application/geo+json"
        assert answer.json["type"] == "FeatureCollection"
        for feature in answer.json["features"]:
            assert feature["type"] == "Feature"
            assert feature["properties"]["id"] == feature["id"]
            assert isinstance(feature["properties"]["version"], int)
    case = town.client().get("/api/v1/cases", headers=headers).json["features"][0]
    assert case["geometry"] == {"type": "Point", "coordinates": [120.2, 30.3]}


@pytest.mark.parametrize("topic", ["stations", "cameras", "responders", "places", "feeds"])
def test_as_of_is_refused_where_no_history_is_kept(town: City, topic) -> None:
    path = f"/api/v1/{topic}?as_of=2026-07-01T08:00:00Z"
    assert town.client().get(path, headers=town.bearer("leader")).status_code == 400


def known_at(town: City, table: Any, moment: str, **where: Any) -> None:
    from datetime import datetime

    with town.store.engine.begin() as conn:
        statement = update(table).values(known_at=datetime.fromisoformat(moment))
        for name, value in where.items():
            statement = statement.where(table.c[name] == value)
        conn.execute(statement)


def test_cases_as_they_were_known(anytown: City) -> None:
    from datetime import datetime

    from data_access.ingest import ingest

    town = anytown
    at = datetime.fromisoformat

    def tell(moment: str, **more: Any) -> None:
        report = ingest(town.store, "cases", [a_case("c1", **more)], feed="test", now=at(moment))
        assert report.accepted == 1, report

    tell("2026-07-01T00:05:00+00:00")
    tell("2026-07-01T01:00:00+00:00", stage="filed", stage_at="2026-07-01T08:30:00+08:00")
    headers = town.bearer("leader")
    path = "/api/v1/cases?as_of="
    assert ids(town, path + "2026-07-01T00:04:59Z", headers) == []
    early = get(town, path + quote("2026-07-01T08:59:00+08:00"), headers)["items"]
    assert [(c["version"], c["stage"]) for c in early] == [(1, "reported")]
    late = get(town, path + "2026-07-01T01:00:00Z", headers)["items"]
    assert [(c["version"], c["stage"]) for c in late] == [(2, "filed")]
    one = get(town, "/api/v1/cases/c1?as_of=2026-07-01T00:30:00Z", headers)
    assert (one["stage"], len(one["versions"]), len(one["events"])) == ("reported", 1, 1)
    before = town.client().get("/api/v1/cases/c1?as_of=2026-07-01T00:00:00Z", headers=headers)
    assert before.status_code == 404
    stage = path + "2026-07-01T00:30:00Z&stage=filed"
    assert ids(town, stage, headers) == []
    box = path + "2026-07-01T00:30:00Z&bbox=120.15,30.25,120.25,30.35"
    assert ids(town, box, headers) == ["c1"]
    assert ids(town, path + "2026-07-01T00:30:00Z&bbox=0,0,1,1", headers) == []
    assert ids(town, path + "2026-07-01T02:00:00Z", town.bearer("leader", WEST)) == []


def test_readings_as_they_were_known(anytown: City) -> None:
    from datetime import datetime

    from data_access.ingest import ingest

    town = anytown
    at = datetime.fromisoformat
    town.ingest("stations", [{"id": "s1", **STATION}, {"id": "s2", **STATION}])

    def tell(moment: str, station: str, measured: str, value: float) -> None:
        record = {"station": station, "factor": "level", "at": measured, "value": value}
        report = ingest(town.store, "readings", [record], feed="test", now=at(moment))
        assert report.accepted == 1, report

    tell("2026-07-01T00:16:00+00:00", "s1", "2026-07-01T00:15:00Z", 1.0)
    tell("2026-07-01T00:31:00+00:00", "s1", "2026-07-01T00:30:00Z", 2.0)
    tell("2026-07-01T01:00:00+00:00", "s1", "2026-07-01T00:30:00Z", 2.5)
    tell("2026-07-01T01:10:00+00:00", "s2", "2026-07-01T01:05:00Z", 9.0)
    headers = town.bearer("leader")

    def known(moment: str) -> list[tuple[str, float]]:
        page = get(town, f"/api/v1/readings?as_of={moment}", headers)
        return [(item["id"], item["value"]) for item in page["items"]]

    assert known("2026-07-01T00:15:30Z") == []
    assert known("2026-07-01T00:16:00Z") == [("s1/level", 1.0)]
    assert known("2026-07-01T00:45:00Z") == [("s1/level", 2.0)]
    assert known("2026-07-01T01:00:00Z") == [("s1/level", 2.5)]
    assert known("2026-07-01T02:00:00Z") == [("s1/level", 2.5), ("s2/level", 9.0)]
    page = get(town, "/api/v1/readings?limit=1&as_of=2026-07-01T00:45:00Z", headers)
    assert page["next"] is not None
    assert "as_of=" in page["next"]


def test_a_wall_is_shown_no_free_text_and_only_its_cameras(anytown: City) -> None:
    town = anytown
    fill(town)
    town.ingest("cameras", [{"id": "hidden", **CAMERA, "wall_allowed": False}])
    wall, leader = town.bearer("wall"), town.bearer("leader")
    assert ids(town, "/api/v1/cameras", leader) == ["e", "hidden", "w"]
    assert ids(town, "/api/v1/cameras", wall) == ["e", "w"]
    rows = get(town, "/api/v1/snapshot/cameras", wall)["rows"]
    assert [row[0] for row in rows] == ["e", "w"]
    case = get(town, "/api/v1/cases/e", wall)
    assert not {"description", "address", "photos"} & case.keys()
    assert not {"by", "note"} & case["events"][0].keys()
    assert "description" not in case["versions"][0]["state"]
    assert get(town, "/api/v1/cases/e", leader)["description"]


def test_a_phone_is_masked(town: City) -> None:
    fill(town)
    responder = get(town, "/api/v1/responders", town.bearer("leader"))["items"][0]
    assert responder["phone"] == "138****5678"
    assert "phone" not in get(town, "/api/v1/responders", town.bearer("wall"))["items"][0]


def test_html_in_a_text_comes_back_as_it_was_sent_and_never_as_a_page(town: City) -> None:
    hostile = "<img src=x onerror=alert(1)>'\"&"
    town.ingest("cases", [a_case("c1", description=hostile)])
    answer = town.client().get("/api/v1/cases/c1", headers=town.bearer("leader"))
    assert answer.json["description"] == hostile
    assert answer.mimetype == "application/json"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
