"""What holds for all kinds: positions, times, texts, ids, and that neighbours land."""

from datetime import UTC, datetime

import pytest

from dashboard.domain.coordinates import BBox, wgs84_to_bd09, wgs84_to_gcj02
from dashboard.domain.records import KINDS, Limits, Undecodable, identity, validate, version_of

from .samples import GOOD, NOW, accept, made, reject

PLACED = [kind for kind in KINDS if kind not in ("readings", "warnings")]
TIMED = [("cases", "reported_at"), ("cases", "stage_at"), ("readings", "at"),
         ("responders", "at"), ("places", "at"), ("warnings", "sent"),
         ("cameras", "updated_at"), ("stations", "updated_at")]  # fmt: skip
NAN, INF = float("nan"), float("inf")


@pytest.mark.parametrize("kind", KINDS)
def test_a_good_record_lands(kind):
    record = accept(kind)
    assert identity(record)
    assert kind in ("cameras", "stations") or version_of(record) is not None


@pytest.mark.parametrize("kind", KINDS)
def test_fields_that_the_kind_does_not_have_are_passed_over(kind):
    assert accept(kind, colour_of_the_cat="黑", nested={"a": [1]}) == accept(kind)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("value", [None, 1, 1.5, True, "文本", [], [{}], ()], ids=repr)
def test_a_record_must_be_an_object(kind, value):
    good, bad = validate(kind, [value, GOOD[kind]], now=NOW)
    assert [index for index, _ in good] == [1]
    assert (bad[0].index, bad[0].id, bad[0].field) == (0, None, "record")


@pytest.mark.parametrize("kind", KINDS)
def test_each_required_field_is_named_when_it_is_missing(kind):
    optional = {"stations": {"datum", "thresholds"}, "places": {"depth_cm"},
                "warnings": {"headline", "areas"}}.get(kind, set())  # fmt: skip
    for field in set(GOOD[kind]) - optional:
        for nothing in (..., None):
            bad = reject(kind, **{field: nothing})
            assert bad.field == field or {bad.field, field} == {"lon", "lat"}
            assert "缺" in bad.reason


@pytest.mark.parametrize("kind", KINDS)
def test_wrong_types_are_rejected_in_each_field(kind):
    for field in GOOD[kind]:
        for wrong in ({"a": 1}, [1], True):
            if (field, wrong) == ("areas", [1]) or field == "thresholds":
                continue
            assert reject(kind, **{field: wrong}).field.startswith(field)


@pytest.mark.parametrize("kind", PLACED)
@pytest.mark.parametrize(
    "place",
    [
        {"lon": 180.1}, {"lat": -90.1}, {"lon": 0, "lat": 0}, {"lon": -0.0, "lat": 0.0},
        {"lon": NAN}, {"lat": INF}, {"lon": ...}, {"lat": ...}, {"lon": "120.1"},
        {"lon": True}, {"lat": 10**400}, {"crs": "epsg:2437"}, {"crs": ["gcj02"]},
    ],
    ids=repr,
)  # fmt: skip
def test_impossible_positions_are_rejected(kind, place):
    bad = reject(kind, **({"lon": 120.1, "lat": 30.2} | place))
    assert bad.field in ("lon", "lat", "crs")


@pytest.mark.parametrize("kind", PLACED)
@pytest.mark.parametrize("crs", [None, "wgs84", "gcj02", "bd09"])
def test_positions_are_kept_in_wgs84_to_six_decimals(kind, crs):
    shift = {"gcj02": wgs84_to_gcj02, "bd09": wgs84_to_bd09}.get(crs, lambda lon, lat: (lon, lat))
    lon, lat = shift(120.155123, 30.274456)
    record = accept(kind, lon=lon, lat=lat, crs=crs)
    assert (record.lon, record.lat) == pytest.approx((120.155123, 30.274456), abs=1.1e-6)
    assert round(record.lon, 6) == record.lon


@pytest.mark.parametrize("kind", PLACED)
def test_bounds_of_the_city_hold_where_they_are_given(kind):
    limits = Limits(bounds=BBox(118.0, 29.0, 121.0, 31.0))
    assert "范围之外" in reject_in(kind, limits, lon=116.4, lat=39.9).reason
    assert accept(kind, lon=116.4, lat=39.9).lon == 116.4


def reject_in(kind, limits, /, **changes):
    _, bad = validate(kind, [made(kind, **changes)], now=NOW, limits=limits)
    return bad[0]


@pytest.mark.parametrize(("kind", "field"), TIMED)
@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("2026-11-23T06:00:00", "没有时区"),
        ("2026-11-23", "没有时区"),
        ("2026-11-23T06:35:01Z", "在未来"),
        ("9999-12-31T23:59:59-12:00", "超出范围"),
        ("0001-01-01T00:00:00+14:00", "超出范围"),
        ("1026-11-23T06:00:00Z", "超出范围"),
        ("昨天", "不是 ISO 8601"),
        ("", "不是 ISO 8601"),
        ("2026-02-30T00:00:00Z", "不是 ISO 8601"),
        ("2026-11-23T06:00:00Z" * 100, "不是 ISO 8601"),
        (1_700_000_000, "类型应为"),
    ],
)
def test_times_that_are_none(kind, field, value, said):
    bad = reject(kind, **{field: value})
    assert bad.field == field
    assert said in bad.reason


@pytest.mark.parametrize(("kind", "field"), TIMED)
def test_five_minutes_ahead_is_not_yet_the_future(kind, field):
    assert accept(kind, **{field: "2026-11-23T14:35:00+08:00"})


@pytest.mark.parametrize(
    "text", ["a\x00b", "a\x1bb", "a\x7f", "\x85", "\ud800", "x\udfff"], ids=ascii
)
@pytest.mark.parametrize(
    ("kind", "field"),
    [("cases", "description"), ("cases", "address"), ("cases", "id"), ("cases", "unit"),
     ("stations", "name"), ("readings", "factor"), ("cameras", "name"), ("places", "kind"),
     ("responders", "phone"), ("warnings", "headline"), ("warnings", "id")],
)  # fmt: skip
def test_control_characters_and_lone_surrogates_are_rejected(kind, field, text):
    bad = reject(kind, **{field: text})
    assert bad.field == field
    bad.reason.encode("utf-8")


@pytest.mark.parametrize(
    ("kind", "field", "length"),
    [("cases", "id", 129), ("cases", "description", 20_001), ("cases", "address", 501),
     ("stations", "name", 201), ("readings", "station", 129), ("responders", "phone", 65)],
)  # fmt: skip
def test_texts_have_a_longest_length(kind, field, length):
    assert "过长" in reject(kind, **{field: "长" * length}).reason
    if field != "id":
        assert accept(kind, **{field: "长" * (length - 1)})


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "readings"])
@pytest.mark.parametrize("id_", ["", "  ", "a\nb", "a\u200bb", "a\u202eb", 17, ["x"]], ids=ascii)
def test_ids_must_be_usable(kind, id_):
    assert reject(kind, id=id_).field == "id"


def test_html_is_data_and_kept_as_it_is():
    script = '<img src=x onerror=alert(1)> & "quotes"\n第二行\t\u3000完'
    assert accept("cases", description=script).description == script


def test_a_reason_is_harmless_and_bounded():
    nasty = "<script>alert(1)</script>\u202e\u2028" + "长" * 500
    reason = reject("cases", stage=nasty[:32]).reason
    assert "<" not in reason
    assert "\u202e" not in reason
    for field in ("stage", "source", "reported_at", "marks", "kind"):
        assert len(reject("cases", **{field: nasty}).reason) < 300


def test_a_reject_names_its_record():
    assert reject("cases", id="A-7", lon=200, lat=1).id == "A-7"
    assert reject("readings", value=NAN).id == "70102100/level"
    assert reject("cases", id=17).id == "17"
    assert reject("cases", id="x" * 400).id == "x" * 128


def test_an_undecodable_line_becomes_a_reject():
    lost = Undecodable(3, "第 3 行无法解析。")
    good, bad = validate("cases", [lost, GOOD["cases"]], now=NOW)
    assert len(good) == 1
    assert (bad[0].index, bad[0].reason) == (0, "第 3 行无法解析。")


def test_the_same_id_twice_lands_twice_in_order():
    first, second = made("cases", stage="filed"), made("cases")
    good, bad = validate("cases", [first, second], now=NOW)
    assert not bad
    assert [record.stage for _, record in good] == ["filed", "dispatched"]


def test_validate_refuses_what_the_program_got_wrong():
    with pytest.raises(ValueError, match="kind"):
        validate("cats", [], now=NOW)
    with pytest.raises(ValueError, match="zone"):
        validate("cases", [], now=NOW.replace(tzinfo=None))


def test_a_data_frames_own_times_and_numbers_are_taken_as_what_they_are():
    pandas = pytest.importorskip("pandas")
    record = accept(
        "readings",
        at=pandas.Timestamp("2026-11-23 14:00", tz="Asia/Shanghai"),
        value=pandas.Series([2])[0],
    )
    assert type(record.at) is datetime
    assert record.at == datetime(2026, 11, 23, 6, tzinfo=UTC)
    assert type(record.value) is float
    assert reject("readings", at=pandas.NaT).field == "at"
    assert reject("readings", value=pandas.NA).field == "value"
