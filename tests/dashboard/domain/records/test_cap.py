"""CAP: real messages, the Chinese profile, hostile XML."""

from pathlib import Path

import pytest

from dashboard.domain.records import BadText, BadXml, decode, validate

from .samples import NOW

DATA = Path(__file__).resolve().parents[5] / "shared" / "data" / "formats" / "cap"
XML = "application/cap+xml"

CHINESE = """<?xml version="1.0" encoding="{encoding}"?>
<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">
  <identifier>33010041600000_20261123</identifier><sender>330100</sender>
  <sent>2026-11-23T13:00:00+08:00</sent><status>{status}</status><msgType>{type}</msgType>
  <references>330100,33010041600000_1,2026-11-23T12:00:00+08:00</references>
  <info><language>en-US</language><event>Rainstorm</event><severity>Minor</severity></info>
  <info><language>zh-CN</language><event>暴雨</event><severity>Orange</severity>
    <expires>2026-11-24T13:00:00+08:00</expires><senderName>杭州市气象台</senderName>
    <headline>杭州市气象台发布暴雨橙色预警</headline><description>三小时 50 毫米</description>
    <instruction>减少外出</instruction>
    <area><areaDesc>西湖区</areaDesc>
      <polygon>30.1,120.0 30.1,120.3 30.4,120.3 30.1,120.0</polygon>
      <circle>30.25,120.16 5</circle><circle>30.25,120.16 0</circle>
      <geocode><valueName>GB2260</valueName><value>330106</value></geocode></area>
  </info></alert>"""


def warnings_of(body, content_type=XML):
    good, bad = validate("warnings", decode(body, content_type), now=NOW)
    return [record for _, record in good], bad


def chinese(encoding="UTF-8", status="Actual", type_="Alert"):
    return CHINESE.format(encoding=encoding, status=status, type=type_)


@pytest.mark.parametrize(
    ("declared", "codec"),
    [("UTF-8", "utf-8"), ("UTF-8", "utf-8-sig"), ("GB2312", "gbk"), ("GB18030", "gb18030"),
     ("UTF-16", "utf-16")],
)  # fmt: skip
def test_the_chinese_profile_in_its_encodings(declared, codec):
    [warning], bad = warnings_of(chinese(declared).encode(codec))
    assert not bad
    assert (warning.event, warning.colour, warning.severity) == ("暴雨", "orange", "severe")
    assert warning.sender == "杭州市气象台"
    assert warning.description == "三小时 50 毫米\n\n减少外出"
    assert warning.references == ("33010041600000_1",)
    assert len(warning.areas) == 2
    assert warning.areas[0].polygon[1] == (120.3, 30.1)
    assert warning.areas[0].codes == ("330106",)
    assert len(warning.areas[1].polygon) == 37


def test_an_exercise_and_a_cancellation():
    [drill], _ = warnings_of(chinese(status="Exercise").encode())
    assert drill.drill
    [lifted], _ = warnings_of(chinese(type_="Cancel").encode())
    assert lifted.msg_type == "cancel"


def test_a_bad_polygon_is_told_by_its_field():
    body = chinese().replace("30.1,120.0 30.1,120.3", "120.0,30.1 north").encode()
    _, [bad] = warnings_of(body)
    assert bad.field == "areas[0].polygon[0]"
    assert bad.id == "33010041600000_20261123"


@pytest.mark.parametrize("missing", ["identifier", "sender", "sent", "status", "msgType"])
def test_what_is_missing_is_named(missing):
    body = chinese().replace(f"<{missing}>", "<x>").replace(f"</{missing}>", "</x>")
    body = body.replace("<senderName>", "<x>").replace("</senderName>", "</x>")
    good, [bad] = warnings_of(body.encode())
    assert not good
    assert bad.field == {"identifier": "id", "msgType": "msg_type"}.get(missing, missing)


HOSTILE = {
    "bomb": b'<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;">]><alert>&c;</alert>',
    "file": b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><alert>&b;</alert>',
    "dtd": b'<!DOCTYPE a SYSTEM "http://example.org/a.dtd"><alert/>',
    "deep": b"<a>" * 100_000 + b"</a>" * 100_000,
    "cut": chinese().encode()[:200],
    "empty": b"",
    "html": b"<html><body/></html>",
    "cap 2": b'<alert xmlns="urn:oasis:names:tc:emergency:cap:2.0"/>',
    "json": b'{"a": 1}',
    "nul": b"<alert>\x00</alert>",
}


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE)
def test_hostile_xml_is_refused(body):
    with pytest.raises(BadXml) as caught:
        decode(body, "text/xml")
    assert len(caught.value.reason) < 100


@pytest.mark.parametrize(
    "body",
    [b'<?xml version="1.0" encoding="rot13"?><a/>', b"<a>\xff</a>", b"\xff\xfe<"],
)
def test_unknown_encodings_are_refused(body):
    with pytest.raises(BadText):
        decode(body, "application/xml")


def shared(name):
    if not DATA.is_dir():
        pytest.skip("the sample messages (../shared/data/formats/cap) are not on this machine")
    return (DATA / name).read_bytes()


@pytest.mark.parametrize(
    ("name", "event", "severity", "first_corner"),
    [
        ("amber.atom", "Child Abduction", "severe", None),
        ("australia.cap", "Fire", "minor", (147.0598, -35.1639)),
        ("canada.cap", "thunderstorm", "minor", (-82.9314, 42.3481)),
        ("canada_errors.cap", "thunderstorm", "minor", (-82.9314, 42.3481)),
        ("canada_signed.atom", "snowfall", "moderate", (-104.2, 54.4054)),
        ("canada_signed.cap", "snowfall", "moderate", (-104.2, 54.4054)),
        ("cap_amber_alert_example.xml", "Child Abduction", "severe", None),
        ("earthquake-iso8859-1.cap", "Earthquake", "unknown", None),
        ("earthquake.cap", "Earthquake", "unknown", None),
        ("earthquake_signed.cap", "Earthquake", "unknown", None),
        ("no_entries.atom", "Grass Fire", "severe", None),
        ("wcatwc-warning.cap", "Tsunami Warning", "extreme", None),
        ("weather.atom", "Flash Flood Watch", "severe", None),
        ("weather.cap", "Flash Flood Watch", "severe", None),
    ],
)
def test_real_messages(name, event, severity, first_corner):
    [warning], bad = warnings_of(shared(name))
    assert not bad
    assert (warning.event, warning.severity, warning.colour) == (event, severity, None)
    assert warning.areas
    polygon = warning.areas[0].polygon
    if first_corner is None:
        assert warning.areas[0].desc
    else:
        assert polygon[0] == pytest.approx(first_corner, abs=1e-3)
        assert polygon[0] == polygon[-1]


@pytest.mark.parametrize(
    ("name", "rejects", "field"),
    [
        ("no_optional_fields.cap", 1, "info"),
        ("earthquake_index.atom", 1, "record"),
        ("no_id.atom", 1, "record"),
        ("no_link.atom", 1, "record"),
        ("no_title.atom", 1, "record"),
        ("weather_index.atom", 2, "record"),
        ("nws_atom_feed_example.xml", 163, "record"),
        ("empty_weather_index.atom", 0, None),
    ],
)
def test_real_indexes_and_missing_parts(name, rejects, field):
    good, bad = warnings_of(shared(name))
    assert not good
    assert len(bad) == rejects
    assert all(reject.field == field and reject.reason for reject in bad)
