"""What of an event's things cannot be is refused by record, field and reason."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from dashboard.domain.events.things import Key, Kind
from dashboard.domain.events.versions import State, standing
from data_access.events.judge import judge
from data_access.events.zones import Zones

NOW = datetime(2026, 7, 1, 4, 0, tzinfo=UTC)


def at(minutes: float) -> str:
    return (NOW + timedelta(minutes=minutes)).isoformat()


def square(lon: float, lat: float, half: float) -> dict[str, Any]:
    west, south, east, north = lon - half, lat - half, lon + half, lat + half
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


CORE = {
    "kind": "zone",
    "id": "core",
    "name": "主体育场",
    "level": "核心区",
    "geometry": square(120.2, 30.3, 0.004),
}
LINE = {"type": "LineString", "coordinates": [[120.198, 30.3], [120.202, 30.3]]}
ROUTE = {"kind": "route", "id": "r1", "name": "贵宾路线", "geometry": LINE}
GATE = {
    "kind": "post",
    "id": "gate-1",
    "name": "一号门",
    "unit": "上城区城管局",
    "needed": "4",
    "lon": 120.201,
    "lat": 30.301,
}
SHOW = {"kind": "phase", "id": "show", "name": "演出", "starts_at": at(60), "ends_at": at(150)}

REFUSED = {
    "a polygon that crosses itself": (
        [
            {
                **CORE,
                "geometry": {
                    "type": "Polygon",
                    "coordinates": [
                        [[120.1, 30.2], [120.2, 30.3], [120.2, 30.2], [120.1, 30.3], [120.1, 30.2]]
                    ],
                },
            }
        ],
        ("core", "geometry", "自相交"),
    ),
    "a post outside of every zone": (
        [CORE, {**GATE, "lon": 120.3}],
        ("gate-1", "geometry", "不在任何区域内"),
    ),
    "a phase that ends before it begins": (
        [CORE, {**SHOW, "ends_at": at(30)}],
        ("show", "ends_at", "须晚于开始时间"),
    ),
    "phases that overlap": (
        [SHOW, {**SHOW, "id": "after", "name": "散场", "starts_at": at(90)}],
        ("after", "starts_at", "重叠"),
    ),
    "a line for a zone": (
        [{**CORE, "geometry": ROUTE["geometry"]}],
        ("core", "geometry", "LineString"),
    ),
    "a route of one place": (
        [{**ROUTE, "geometry": {"type": "LineString", "coordinates": [[120.2, 30.3]] * 2}}],
        ("r1", "geometry", "两个不同的顶点"),
    ),
    "no such level": ([{**CORE, "level": "red"}], ("core", "level", "未知代码")),
    "a thing said twice": ([CORE, CORE], ("core", "id", "重复")),
    "a removal of nothing": (
        [{"kind": "zone", "id": "x", "remove": True}],
        ("x", "remove", "没有此对象"),
    ),
    "a post that needs nobody": ([CORE, {**GATE, "needed": 0}], ("gate-1", "needed", "应为 1 至")),
    "a name of markup is text, a number is none": ([{**CORE, "name": 7}], ("core", "name", "文本")),
}


@pytest.mark.parametrize(("things", "fault"), REFUSED.values(), ids=REFUSED.keys())
def test_a_fault_names_record_field_and_reason(
    things: list[dict[str, Any]], fault: tuple[str, str, str]
) -> None:
    said = judge(things, [], NOW).faults[0]
    assert (said.id, said.field) == fault[:2]
    assert fault[2] in said.reason


def test_a_good_batch_is_what_then_holds_in_any_words_of_its_codes() -> None:
    made = judge([CORE, ROUTE, GATE, SHOW], [], NOW)
    assert made.faults == []
    zone = made.changes[Key(Kind.ZONE, "core")]
    assert zone is not None
    assert zone.body == {"level": "core", "limits": {}}
    states = [
        State(key=key, version=1, effective_at=NOW, thing=thing)
        for key, thing in made.changes.items()
    ]
    again = judge([CORE, {**ROUTE, "watch_m": "100"}], states, NOW)
    assert (again.changes, again.unchanged) == ({}, 2)
    held = standing(states, NOW)
    zones = Zones(held.values())
    assert zones.at(120.204, 30.3) is zones.zones[0]  # the edge is inside
    assert zones.at(120.205, 30.3) is None
    alone = judge([CORE], states, NOW, replace=True)
    assert {key.id for key, thing in alone.changes.items() if thing is None} == {
        "r1",
        "gate-1",
        "show",
    }


def test_a_pinned_camera_lies_where_the_camera_is_and_is_unpinned_again() -> None:
    camera = {"kind": "锁定视频", "id": "33010000001320000001", "name": "东门球机"}
    (key, pinned), *_ = judge([camera], [], NOW).changes.items()
    assert pinned is not None
    assert (key.kind, pinned.geometry, pinned.body) == (Kind.CAMERA, None, {})
    held = [State(key=key, version=1, effective_at=NOW, thing=pinned)]
    assert judge([{**camera, "remove": True}], held, NOW).changes == {key: None}


def test_positions_outside_of_the_city_or_in_the_wrong_order_are_refused() -> None:
    bounds = (118.3, 29.1, 120.8, 30.6)
    turned = {**GATE, "lon": 30.301, "lat": 120.201}
    for thing in ({**CORE, "geometry": square(121.9, 30.3, 0.01)}, {**turned, "lat": 89}):
        (fault,) = judge([thing], [], NOW, bounds=bounds).faults[:1]
        assert fault.field == "geometry"
    moved = judge([{**CORE, "crs": "gcj02"}], [], NOW, bounds=bounds).changes
    (zone,) = moved.values()
    assert zone is not None
    assert zone.geometry is not None
    west = min(lon for lon, _ in zone.geometry["coordinates"][0])
    assert 0.003 < 120.196 - west < 0.006  # some 450 m


def test_whatever_comes_is_judged_and_never_raises() -> None:
    junk = [None, 7, [], {}, {"kind": "zone"}, {"kind": "zone", "id": "a", "name": "a"}]
    junk += [
        {**CORE, "geometry": bad} for bad in ("x", {}, {"type": "Point"}, [1], "POLYGON EMPTY")
    ]
    junk += [{**GATE, "id": "x/y"}, {**GATE, "needed": True}, {**GATE, "needed": "four"}]
    junk += [{**SHOW, "starts_at": bad} for bad in (None, "19:30", 7, "2026-07-01T08:00:00")]
    made = judge(junk, [], NOW)
    assert made.changes == {}
    assert {it.place for it in made.faults} == set(range(len(junk)))
