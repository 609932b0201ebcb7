"""What the store makes of records: accepted, unchanged, rejected; never overwritten by the old."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, insert, select

from dashboard.domain.records import Limits
from dashboard.domain.topics import BY_NAME
from data_access.changes import follow
from data_access.ingest import Policy, ingest
from data_access.ingest.tally import publish
from data_access.queries import live
from data_access.store import Store
from data_access.sweep import sweep
from data_access.tables import (
    case,
    case_event,
    case_version,
    category,
    city,
    jurisdiction,
    reading,
    reject,
    station,
    unit,
)

NOW = datetime(2016, 9, 4, 2, 0, tzinfo=UTC)
LEARN = Policy(limits=Limits(unknown="learn"))
SQUARE = {
    "type": "Polygon",
    "coordinates": [[[120.0, 30.0], [120.2, 30.0], [120.2, 30.4], [120.0, 30.4], [120.0, 30.0]]],
}


@pytest.fixture
def hangzhou(store: Store) -> Store:
    with store.write() as writer:
        conn = writer.conn
        conn.execute(
            insert(city).values(
                id="330100",
                name="杭州市",
                time_zone="Asia/Shanghai",
                lon=120.2,
                lat=30.25,
                settings={},
            )
        )
        conn.execute(
            insert(jurisdiction),
            [
                {
                    "id": "330100",
                    "level": "city",
                    "name": "杭州市",
                    "scope": "330100",
                    "polygon": None,
                },
                {
                    "id": "330106",
                    "level": "district",
                    "name": "西湖区",
                    "scope": "330100/330106",
                    "polygon": SQUARE,
                },
                {
                    "id": "330109",
                    "level": "district",
                    "name": "萧山区",
                    "scope": "330100/330109",
                    "polygon": None,
                },
            ],
        )
        conn.execute(insert(unit), [{"id": "U1", "name": "西湖区城管局", "scope": "330100/330106"}])
        conn.execute(
            insert(category),
            [
                {
                    "list_version": 1,
                    "kind": "event",
                    "code": "0102",
                    "class_code": "01",
                    "class_name": "市容环境",
                    "name": "暴露垃圾",
                }
            ],
        )
    return store


def _case(**fields) -> dict:
    return {
        "id": "20160904001",
        "kind": "event",
        "source": "collector",
        "reported_at": "2016-09-04T09:00:00+08:00",
        "subcategory": "0102",
        "description": "路口有暴露垃圾 <img src=x onerror=alert(1)>",
        "lon": 120.13,
        "lat": 30.27,
        "stage": "reported",
        "stage_at": "2016-09-04T09:00:00+08:00",
    } | fields


def _send(store: Store, kind: str, *records, now=NOW, policy=None):
    return ingest(store, kind, list(records), feed="push:test", now=now, policy=policy)


def test_a_case_lands_with_its_record_and_its_place(hangzhou: Store) -> None:
    report = _send(hangzhou, "cases", _case(unit="U1"))
    assert (report.accepted, report.unchanged, report.rejected) == (1, 0, [])
    with hangzhou.read() as conn:
        row = conn.execute(select(case)).one()
        assert (row.jurisdiction, row.scope, row.version) == ("330106", "330100/330106", 1)
        assert [(e.kind, e.code) for e in conn.execute(select(case_event))] == [
            ("stage", "reported")
        ]
        changes = follow(conn, 0, 10)
        (found,) = live.rows(conn, "cases", ["20160904001"])
    assert [(c.topic, c.key, c.new_scope) for c in changes] == [
        ("cases", "20160904001", "330100/330106")
    ]
    assert found.row[0] == "20160904001"
    assert found.row[12] == "2016-09-04T01:00:00Z"


def test_the_same_twice_is_unchanged_and_numbers_nothing(hangzhou: Store) -> None:
    _send(hangzhou, "cases", _case())
    report = _send(hangzhou, "cases", _case(), _case())
    assert (report.accepted, report.unchanged) == (0, 2)
    with hangzhou.read() as conn:
        assert len(follow(conn, 0, 10)) == 1
        assert conn.execute(select(func.count()).select_from(case_version)).scalar() == 1


def test_an_older_state_never_overwrites_but_its_events_stay_in_the_record(hangzhou: Store) -> None:
    newer = _case(stage="dispatched", stage_at="2016-09-04T09:30:00+08:00")
    older = _case(
        stage="filed",
        stage_at="2016-09-04T09:10:00+08:00",
        events=[{"stage": "filed", "at": "2016-09-04T09:10:00+08:00", "by": "坐席3"}],
    )
    _send(hangzhou, "cases", newer)
    report = _send(hangzhou, "cases", older)
    assert report.accepted == 1
    assert _send(hangzhou, "cases", older).unchanged == 1
    with hangzhou.read() as conn:
        assert conn.execute(select(case.c.stage)).scalar() == "dispatched"
        codes = conn.execute(select(case_event.c.code).order_by(case_event.c.n)).scalars().all()
    assert codes == ["reported", "dispatched", "filed"]


def test_a_close_leaves_the_working_set_a_day_later_and_says_so(hangzhou: Store) -> None:
    _send(
        hangzhou,
        "cases",
        _case(),
        _case(stage="closed", stage_at="2016-09-04T09:40:00+08:00"),
    )
    with hangzhou.read() as conn:
        assert len(live.rows(conn, "cases", None)) == 1
        before = follow(conn, 0, 10)[-1].seq
    assert sweep(hangzhou, NOW + timedelta(hours=23)) == 0
    assert sweep(hangzhou, NOW + timedelta(hours=24)) == 1
    with hangzhou.read() as conn:
        assert live.rows(conn, "cases", None) == []
        assert [c.key for c in follow(conn, before, 10)] == ["20160904001"]


def test_unknown_codes_are_rejected_by_name_and_their_neighbours_land(hangzhou: Store) -> None:
    report = _send(
        hangzhou,
        "cases",
        _case(id="a", subcategory="9999"),
        _case(id="b"),
        _case(id="c", unit="nobody"),
        _case(id="d", jurisdiction="330199"),
        {"id": "e"},
        "rubbish",
    )
    assert report.accepted == 1
    assert [(r.index, r.id, r.field) for r in report.rejected][:3] == [
        (0, "a", "subcategory"),
        (2, "c", "unit"),
        (3, "d", "jurisdiction"),
    ]
    assert len(report.rejected) == 5
    with hangzhou.read() as conn:
        kept = conn.execute(select(reject).order_by(reject.c.index)).all()
    assert [row.index for row in kept] == [0, 2, 3, 4, 5]
    assert kept[4].record == '"rubbish"'


def test_learning_enters_codes_as_unverified(hangzhou: Store) -> None:
    report = _send(
        hangzhou,
        "cases",
        _case(subcategory="0777", unit="PWDx", jurisdiction="Dorchester"),
        policy=LEARN,
    )
    assert report.accepted == 1
    with hangzhou.read() as conn:
        assert conn.execute(select(unit.c.verified).where(unit.c.id == "PWDx")).scalar() is False
        assert conn.execute(select(case.c.scope)).scalar() == "330100/Dorchester"


def test_a_case_that_moves_names_its_old_and_new_scope(hangzhou: Store) -> None:
    _send(hangzhou, "cases", _case())
    _send(
        hangzhou,
        "cases",
        _case(jurisdiction="330109", updated_at="2016-09-04T09:50:00+08:00"),
    )
    with hangzhou.read() as conn:
        last = follow(conn, 0, 10)[-1]
    assert (last.old_scope, last.new_scope) == ("330100/330106", "330100/330109")


def test_readings_keep_every_revision_and_the_latest(hangzhou: Store) -> None:
    _send(
        hangzhou,
        "stations",
        {"id": "S1", "kind": "river", "name": "拱宸桥", "lon": 120.13, "lat": 30.32},
    )
    first = {"station": "S1", "factor": "level", "at": "2016-09-04T09:00:00+08:00", "value": 1.95}
    assert _send(hangzhou, "readings", first, first).unchanged == 1
    assert _send(hangzhou, "readings", first | {"value": 1.97}).accepted == 1
    assert _send(hangzhou, "readings", first | {"value": 1.97}).unchanged == 1
    late = first | {"at": "2016-09-04T08:00:00+08:00", "value": 1.9}
    assert _send(hangzhou, "readings", late).accepted == 1
    with hangzhou.read() as conn:
        history = conn.execute(
            select(reading.c.revision, reading.c.value).order_by(reading.c.at, reading.c.revision)
        ).all()
        (latest,) = live.rows(conn, "readings", None)
    assert [tuple(row) for row in history] == [(0, 1.9), (0, 1.95), (1, 1.97)]
    assert latest.row[:3] == ["S1/level", 1.97, "2016-09-04T01:00:00Z"]
    assert latest.scope == "330100/330106"


def test_a_reading_of_no_station_is_rejected(hangzhou: Store) -> None:
    record = {"station": "X", "factor": "level", "at": "2016-09-04T09:00:00+08:00", "value": 1}
    (refused,) = _send(hangzhou, "readings", record).rejected
    assert (refused.field, refused.id) == ("station", "X/level")
    assert _send(hangzhou, "readings", record, policy=LEARN).accepted == 1
    with hangzhou.read() as conn:
        assert conn.execute(select(station.c.kind)).scalar() == "other"


def test_things_take_the_newest_and_nothing_older(hangzhou: Store) -> None:
    camera = {
        "id": "33010600081320000017",
        "name": "文三路口",
        "lon": 120.13,
        "lat": 30.27,
        "source": "police",
        "status": "on",
        "updated_at": "2016-09-04T09:00:00+08:00",
    }
    assert _send(hangzhou, "cameras", camera).accepted == 1
    assert _send(hangzhou, "cameras", camera).unchanged == 1
    old = camera | {"status": "off", "updated_at": "2016-09-04T08:00:00+08:00"}
    assert _send(hangzhou, "cameras", old).unchanged == 1
    new = camera | {"status": "off", "updated_at": "2016-09-04T09:30:00+08:00"}
    assert _send(hangzhou, "cameras", new).accepted == 1
    with hangzhou.read() as conn:
        (row,) = live.rows(conn, "cameras", None)
    assert row.row[5] == "off"
    untimed = {key: value for key, value in new.items() if key != "updated_at"}
    assert _send(hangzhou, "cameras", untimed).unchanged == 1


def test_places_and_responders_land(hangzhou: Store) -> None:
    place = {
        "id": "P1",
        "kind": "underpass",
        "name": "某下穿立交",
        "lon": 120.1,
        "lat": 30.2,
        "state": "ponding",
        "depth_cm": 18,
        "at": "2016-09-04T09:00:00+08:00",
    }
    assert _send(hangzhou, "places", place).accepted == 1
    responder = {
        "id": "T1",
        "kind": "team",
        "name": "排水一队",
        "lon": 120.1,
        "lat": 30.2,
        "at": "2016-09-04T09:00:00+08:00",
        "status": "standby",
        "phone": "13800000000",
    }
    report = _send(hangzhou, "responders", responder)
    assert report.accepted == 1, report.rejected
    with hangzhou.read() as conn:
        (row,) = live.rows(conn, "responders", None)
    assert "13800000000" not in str(row.row)


def test_a_cancelled_warning_leaves_the_working_set(hangzhou: Store) -> None:
    alert = {
        "id": "W1",
        "event": "暴雨",
        "colour": "orange",
        "headline": "暴雨橙色预警",
        "sender": "杭州市气象台",
        "sent": "2016-09-04T09:00:00+08:00",
        "effective_at": "2016-09-04T09:00:00+08:00",
        "status": "actual",
        "msg_type": "alert",
        "areas": [],
    }
    report = _send(hangzhou, "warnings", alert)
    assert report.accepted == 1, report.rejected
    with hangzhou.read() as conn:
        assert len(live.rows(conn, "warnings", None)) == 1
    cancel = alert | {"id": "W2", "msg_type": "cancel", "references": ["W1"]}
    assert _send(hangzhou, "warnings", cancel).accepted == 1
    with hangzhou.read() as conn:
        assert live.rows(conn, "warnings", None) == []


def test_counts_stand_in_the_feed_and_add_up(hangzhou: Store) -> None:
    _send(hangzhou, "cases", _case(), _case(), {"id": "bad"})
    assert publish(hangzhou) == 1
    assert publish(hangzhou) == 0
    with hangzhou.read() as conn:
        (row,) = live.rows(conn, "feeds", None)
    assert row.row[0] == "push:test"
    told = dict(zip(BY_NAME["feeds"].columns, row.row, strict=True))
    counts = ("read", "accepted", "unchanged", "rejected")
    assert [told[name] for name in counts] == [3, 1, 1, 1]


def test_scopes_narrow_rows(hangzhou: Store) -> None:
    _send(hangzhou, "cases", _case(), _case(id="far", jurisdiction="330109"))
    with hangzhou.read() as conn:
        assert len(live.rows(conn, "cases", None, scopes=["330100"])) == 2
        (only,) = live.rows(conn, "cases", None, scopes=["330100/330109"])
        assert live.rows(conn, "cases", None, scopes=["330100/33010"]) == []
        assert live.rows(conn, "cases", None, scopes=[]) == []
    assert only.row[0] == "far"


@pytest.mark.parametrize(
    ("fields", "shown"),
    [
        ({}, True),
        ({"status": "exercise"}, True),
        ({"status": "test"}, False),
        ({"status": "draft"}, False),
        ({"effective_at": "2016-09-04T18:00:00+08:00"}, True),
        ({"expires_at": "2016-09-04T09:30:00+08:00"}, False),
    ],
    ids=["actual", "drill", "test", "draft", "later today", "over"],
)
def test_only_warnings_that_warn_are_shown(hangzhou: Store, fields: dict, shown: bool) -> None:
    alert = {
        "id": "W9",
        "event": "暴雨",
        "colour": "yellow",
        "headline": "暴雨黄色预警",
        "sender": "杭州市气象台",
        "sent": "2016-09-04T09:00:00+08:00",
        "effective_at": "2016-09-04T09:00:00+08:00",
        "status": "actual",
        "msg_type": "alert",
        "areas": [],
    }
    report = _send(hangzhou, "warnings", alert | fields)
    assert report.accepted == 1, report.rejected
    with hangzhou.read() as conn:
        found = live.rows(conn, "warnings", None)
    assert bool(found) is shown
    assert [row.drill for row in found] == ([fields.get("status") == "exercise"] if shown else [])
