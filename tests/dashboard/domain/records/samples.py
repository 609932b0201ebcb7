"""One good record of each kind, as it would be posted; tests bend them."""

from copy import deepcopy
from datetime import UTC, datetime

from dashboard.domain.records import Limits, validate

NOW = datetime(2026, 11, 23, 6, 30, tzinfo=UTC)

GOOD = {
    "cases": {
        "id": "20261123/001",
        "kind": "event",
        "source": "collector",
        "reported_at": "2026-11-23T09:00:00+08:00",
        "subcategory": "0102",
        "description": "路口东北角有暴露垃圾",
        "stage": "dispatched",
        "stage_at": "2026-11-23T10:00:00+08:00",
    },
    "stations": {
        "id": "70102100",
        "kind": "river",
        "name": "拱宸桥",
        "lon": 120.1339,
        "lat": 30.3205,
        "datum": "1985国家高程",
        "thresholds": {"level": {"warning": 2.66}},
    },
    "readings": {
        "station": "70102100",
        "factor": "level",
        "at": "2026-11-23T14:00:00+08:00",
        "value": 2.59,
    },
    "cameras": {
        "id": "33010600081320000017",
        "name": "文二路口",
        "lon": 120.12,
        "lat": 30.28,
        "source": "gb28181",
        "status": "on",
    },
    "responders": {
        "id": "T1",
        "kind": "team",
        "name": "排水一队",
        "lon": 120.12,
        "lat": 30.28,
        "at": "2026-11-23T06:00:00Z",
        "status": "available",
    },
    "places": {
        "id": "P1",
        "kind": "underpass",
        "name": "石祥路下穿",
        "lon": 120.12,
        "lat": 30.32,
        "state": "ponding",
        "depth_cm": 18,
        "at": "2026-11-23T06:00:00Z",
    },
    "warnings": {
        "id": "33010041600000_1",
        "event": "暴雨",
        "headline": "杭州市气象台发布暴雨橙色预警",
        "sender": "杭州市气象台",
        "sent": "2026-11-23T05:00:00Z",
        "areas": [{"polygon": [[120.0, 30.1], [120.3, 30.1], [120.3, 30.4]]}],
    },
}


def made(kind, /, **changes):
    """Return a good record of the kind with changes; a value of `...` takes the field away."""
    record = deepcopy(GOOD[kind]) | changes
    return {field: value for field, value in record.items() if value is not ...}


def accept(kind, limits=None, /, **changes):
    """Return the one record that validation makes of it."""
    good, bad = validate(kind, [made(kind, **changes)], now=NOW, limits=limits or Limits())
    assert not bad, bad
    return good[0][1]


def reject(kind, limits=None, /, **changes):
    """Return the one reject that validation makes of it, its neighbours having landed."""
    batch = [GOOD[kind], made(kind, **changes), GOOD[kind]]
    good, bad = validate(kind, batch, now=NOW, limits=limits or Limits())
    assert [index for index, _ in good] == [0, 2], bad
    assert len(bad) == 1
    assert bad[0].index == 1
    return bad[0]
