"""Stations, readings, cameras, responders, places, warnings."""

from datetime import UTC, datetime

import pytest

from dashboard.domain.coordinates import wgs84_to_gcj02
from dashboard.domain.records import Limits, Stream, Supply

from .samples import accept, reject

LEARN = Limits(unknown="learn")


@pytest.mark.parametrize("kind", ["stations", "cameras", "responders", "places"])
def test_a_position_may_be_missing_only_where_codes_are_learned(kind):
    assert reject(kind, lon=..., lat=...).field == "lon"
    assert accept(kind, LEARN, lon=..., lat=...).lon is None


def test_thresholds_are_numbers_or_texts_by_factor():
    lines = {"level": {"warning": 3, "guarantee": None, "basis": "1985"}, "flow": {}}
    kept = accept("stations", thresholds=lines).thresholds
    assert kept == {"level": {"warning": 3.0, "basis": "1985"}, "flow": {}}


@pytest.mark.parametrize(
    "thresholds",
    [
        [], "2.66", {"level": 2.66}, {"level": {"warning": [1]}}, {"level": {"warning": True}},
        {"level": {"warning": float("nan")}}, {"": {}}, {"a\x00": {}}, {"level": {"\ud800": 1}},
        {str(n): {} for n in range(201)}, {"level": {str(n): 1 for n in range(33)}}, {3: {}},
    ],
    ids=lambda value: repr(value)[:40],
)  # fmt: skip
def test_thresholds_of_another_shape_are_rejected(thresholds):
    assert reject("stations", thresholds=thresholds).field.startswith("thresholds")


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 1e13, -(10**400), "2.59", True, [1]])
def test_a_reading_is_a_finite_number(value):
    bad = reject("readings", value=value)
    assert bad.field == "value"
    assert len(bad.reason) < 200


@pytest.mark.parametrize("field", ["station", "factor"])
def test_parts_of_a_readings_id_have_no_slash(field):
    assert reject("readings", **{field: "a/b"}).field == field
    assert reject("stations", id="a/b").field == "id"


def test_flags_are_those_of_the_list_unless_learned():
    assert accept("readings", flag="T").flag == "T"
    assert accept("readings", LEARN, flag="Estimated").flag == "Estimated"
    assert reject("readings", flag="Estimated").field == "flag"


def test_a_station_must_be_known_where_stations_are():
    limits = Limits(known={"station": {"70102100"}})
    assert accept("readings", limits)
    assert accept("readings", Limits("learn", {"station": set()}))


@pytest.mark.parametrize(
    ("attributes", "allowed"),
    [
        ({}, True), ({"room_type": 2}, False), ({"room_type": "2"}, False), ({"secrecy": 1}, False),
        ({"position_type": 8}, False), ({"position_type": 8, "wall_allowed": True}, True),
        ({"wall_allowed": False}, False),
    ],
)  # fmt: skip
def test_which_cameras_may_go_on_a_wall(attributes, allowed):
    assert accept("cameras", **attributes).wall_allowed is allowed


def test_streams():
    sent = [{"kind": "hls", "url": "http://10.0.0.1/a.m3u8"}, {"kind": "snapshot", "url": "/s.jpg"}]
    assert accept("cameras", streams=sent).streams == (
        Stream("hls", "http://10.0.0.1/a.m3u8"), Stream("snapshot", "/s.jpg"),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("streams", "field"),
    [
        ([{"kind": "rtsp", "url": "http://a.example/"}], "streams[0].kind"),
        ([{"kind": "hls", "url": "rtsp://a.example/"}], "streams[0].url"),
        ([{"kind": "hls", "url": "http://u:p@a.example/"}], "streams[0].url"),
        ([{"kind": "hls", "url": "http://a.example/ x"}], "streams[0].url"),
        ([{"kind": "hls"}], "streams[0].url"),
        (["http://a.example/"], "streams[0]"),
        ("http://a.example/", "streams"),
    ],
)
def test_streams_that_a_browser_must_not_get(streams, field):
    assert reject("cameras", streams=streams).field == field


def test_a_camera_is_on_or_off():
    assert reject("cameras", status="ON").field == "status"
    assert reject("cameras", wall_allowed="yes").field == "wall_allowed"


@pytest.mark.parametrize(
    ("sent", "kept"),
    [("normal", "normal"), ("积水", "ponding"), ("封闭", "closed"), ("restored", "restored")],
)
def test_a_places_state_may_be_said_in_chinese(sent, kept):
    assert accept("places", state=sent).state == kept


def test_a_places_supplies_and_cameras():
    place = accept(
        "places",
        cameras=["c1", "c2", "c1"],
        supplies=["沙袋", {"name": "水泵", "quantity": 2, "unit": "台"}],
    )
    assert place.cameras == ("c1", "c2")
    assert place.supplies == (Supply("沙袋", None, None), Supply("水泵", 2.0, "台"))
    assert accept("places", supplies={"沙袋": 300}).supplies == (Supply("沙袋", 300.0, None),)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"state": "damp"}, "state"), ({"depth_cm": -1}, "depth_cm"),
        ({"depth_cm": float("inf")}, "depth_cm"), ({"cameras": [1]}, "cameras[0]"),
        ({"supplies": [3]}, "supplies[0]"), ({"supplies": [{"quantity": 1}]}, "supplies[0].name"),
        ({"supplies": [{"name": "泵", "quantity": "二"}]}, "supplies[0].quantity"),
    ],
)  # fmt: skip
def test_what_a_place_may_not_hold(changes, field):
    assert reject("places", **changes).field == field


def test_a_warning_takes_its_colour_from_words_and_its_severity_from_the_colour():
    warning = accept("warnings")
    assert (warning.colour, warning.severity) == ("orange", "severe")
    assert accept("warnings", colour="红色").colour == "red"
    assert accept("warnings", colour="Blue", severity="Extreme").severity == "extreme"
    plain = accept("warnings", headline="Flood watch", severity="Severe")
    assert (plain.colour, plain.severity) == (None, "severe")


def test_a_warnings_ring_is_closed_and_turned_into_wgs84():
    polygon = [
        list(wgs84_to_gcj02(*corner)) for corner in [(120.0, 30.1), (120.3, 30.1), (120.3, 30.4)]
    ]
    warning = accept("warnings", crs="gcj02", areas=[{"polygon": polygon, "desc": "西湖区"}])
    assert warning.areas[0].polygon == ((120.0, 30.1), (120.3, 30.1), (120.3, 30.4), (120.0, 30.1))


def test_a_warning_may_hold_in_the_future_and_begins_when_sent_unless_said():
    warning = accept("warnings", expires_at="2026-11-25T00:00:00Z")
    assert warning.effective_at == warning.sent
    ahead = accept(
        "warnings", effective_at="2026-11-24T00:00:00Z", areas=[{"jurisdiction": "330106"}]
    )
    assert ahead.effective_at == datetime(2026, 11, 24, tzinfo=UTC)


def test_a_cancellation_needs_no_event_and_refers_by_id():
    warning = accept(
        "warnings", event=..., headline=..., msg_type="Cancel",
        references="hz@example.cn,A-1,2026-11-23T01:00:00+08:00 A-2",
    )  # fmt: skip
    assert warning.references == ("A-1", "A-2")
    assert warning.event == ""


def test_an_exercise_is_a_drill():
    assert accept("warnings", status="Exercise").drill
    assert not accept("warnings").drill


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"colour": "purple"}, "colour"), ({"severity": "bad"}, "severity"),
        ({"status": "maybe"}, "status"), ({"msg_type": "shout"}, "msg_type"),
        ({"expires_at": "2026-11-22T00:00:00Z"}, "expires_at"),
        ({"areas": [{}]}, "areas[0]"), ({"areas": ["西湖区"]}, "areas[0]"),
        ({"areas": [{"polygon": [[120, 30], [121, 30]]}]}, "areas[0].polygon"),
        ({"areas": [{"polygon": []}]}, "areas[0].polygon"),
        ({"areas": [{"polygon": "120,30"}]}, "areas[0].polygon"),
        ({"areas": [{"polygon": [[30.1, 120.0], [30.2, 120.1], [30.1, 120.2]]}]}, "areas[0].polygon[0]"),
        ({"areas": [{"polygon": [[120, 30, 1]]}]}, "areas[0].polygon[0]"),
        ({"areas": [{"jurisdiction": 330106}]}, "areas[0].jurisdiction"),
        ({"areas": [{"desc": "x", "codes": "330106"}]}, "areas[0].codes"),
        ({"references": [1]}, "references[0]"), ({"crs": "mercator"}, "crs"),
    ],
)  # fmt: skip
def test_what_a_warning_may_not_hold(changes, field):
    assert reject("warnings", **changes).field == field
