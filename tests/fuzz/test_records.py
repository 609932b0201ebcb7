"""Fuzzing: nothing but the typed errors comes out, good neighbours land, reasons are bounded."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from dashboard.domain import cases, coordinates, warnings
from dashboard.domain.records import (
    KINDS,
    BadBody,
    Limits,
    Reject,
    Undecodable,
    decode,
    identity,
    validate,
)

NOW = datetime(2026, 11, 23, 6, 30, tzinfo=UTC)
LIMITS = [Limits(), Limits(unknown="learn"), Limits(bounds=coordinates.CHINA)]
GOOD = {"station": "S1", "factor": "level", "at": "2026-11-23T06:00:00Z", "value": 1.5}

EXAMPLES = settings(
    max_examples=150, deadline=None, suppress_health_check=list(HealthCheck), print_blob=True
)

texts = st.one_of(
    st.text(max_size=40),
    st.text(st.characters(categories=["Cc", "Cf", "Cs", "Zl", "Zp", "Lo"]), max_size=20),
    st.sampled_from([
        "", " ", "wgs84", "gcj02", "bd09", "on", "hls", "0102", "ponding", "NaN", "/a", "http://a/b",
        "2026-11-23T06:00:00Z", "2026-11-23T06:00:00", "9999-12-31T23:59:59-23:59", "2026-W48-1",
        "\x00", "\ud800", "<script>", "\u202e", "x" * 30_000, *cases.STAGES, *cases.MARKS,
        *cases.SOURCES, *cases.KINDS, *warnings.MSG_TYPES, *warnings.STATUSES,
    ]),
)  # fmt: skip
scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.integers(min_value=10**300, max_value=10**400),
    st.floats(),
    texts,
    st.datetimes(),
    st.datetimes(timezones=st.just(UTC)),
    st.binary(max_size=8),
)
FIELDS = [
    "id", "kind", "source", "reported_at", "updated_at", "subcategory", "description", "address",
    "lon", "lat", "jurisdiction", "unit", "stage", "stage_at", "marks", "due_at", "urgency",
    "photos", "events", "crs", "name", "datum", "thresholds", "station", "factor", "at", "value",
    "flag", "status", "wall_allowed", "position_type", "room_type", "secrecy", "streams", "url",
    "phone", "place", "state", "depth_cm", "cameras", "supplies", "quantity", "event", "colour",
    "severity", "headline", "sender", "sent", "effective_at", "expires_at", "msg_type",
    "references", "areas", "polygon", "desc", "codes", "mark", "by", "note",
]  # fmt: skip
values = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.one_of(st.sampled_from(FIELDS), texts), inner, max_size=5),
    ),
    max_leaves=12,
)
BASE = {
    "cases": {
        "id": "C1", "kind": "event", "source": "app", "reported_at": "2026-11-23T01:00:00Z",
        "subcategory": "0102", "description": "", "stage": "filed", "stage_at": "2026-11-23T02:00:00Z",
    },
    "stations": {"id": "S1", "kind": "river", "name": "a", "lon": 120.1, "lat": 30.2},
    "readings": GOOD,
    "cameras": {"id": "K", "name": "a", "lon": 120.1, "lat": 30.2, "source": "x", "status": "on"},
    "responders": {
        "id": "R", "kind": "team", "name": "a", "lon": 120.1, "lat": 30.2,
        "at": "2026-11-23T02:00:00Z", "status": "available",
    },
    "places": {
        "id": "P", "kind": "gate", "name": "a", "lon": 120.1, "lat": 30.2, "state": "normal",
        "at": "2026-11-23T02:00:00Z",
    },
    "warnings": {"id": "W", "event": "rain", "sender": "a", "sent": "2026-11-23T02:00:00Z"},
}  # fmt: skip


def check(good, bad, size):
    """What must hold of every answer of validate."""
    assert sorted([index for index, _ in good] + [reject.index for reject in bad]) == [*range(size)]
    for reject in bad:
        assert isinstance(reject, Reject)
        assert 0 < len(reject.reason) <= 400
        assert len(reject.field) <= 200
        assert reject.id is None or len(reject.id) <= 160
        for text in (reject.reason, reject.field, reject.id or ""):
            text.encode("utf-8")
            assert not {"\x00", "\n", "\x1b"} & set(text)
        assert "<" not in reject.reason
    for _, record in good:
        assert identity(record)
        lon, lat = getattr(record, "lon", None), getattr(record, "lat", None)
        assert (lon is None) == (lat is None)
        assert lon is None or (-180.1 <= lon <= 180.1 and -90.1 <= lat <= 90.1)
        repr(record).encode("utf-8")


@pytest.mark.parametrize("kind", KINDS)
@EXAMPLES
@given(changes=st.dictionaries(st.sampled_from(FIELDS), values, max_size=4), data=st.data())
def test_a_bent_record_is_taken_or_rejected_and_its_neighbours_land(kind, changes, data):
    limits = data.draw(st.sampled_from(LIMITS))
    batch = [BASE[kind], BASE[kind] | changes, BASE[kind]]
    good, bad = validate(kind, batch, now=NOW, limits=limits)
    check(good, bad, 3)
    assert {0, 2} <= {index for index, _ in good}


@pytest.mark.parametrize("kind", KINDS)
@EXAMPLES
@given(batch=st.lists(values, max_size=5))
def test_any_objects_at_all(kind, batch):
    check(*validate(kind, batch, now=NOW), len(batch))


@EXAMPLES
@given(body=st.binary(max_size=200), kind=st.sampled_from(KINDS), content_type=st.sampled_from([
    "application/json", "application/x-ndjson", "application/xml", "", "text/plain; charset=gbk",
    "application/json; charset=utf-8", 'x; charset="none"',
]))  # fmt: skip
@example(body=b"[", kind="cases", content_type="")
@example(body=b"\xff\xfe", kind="cases", content_type="")
@example(body=b"\xef\xbb\xbf", kind="cases", content_type="")
def test_any_bytes_at_all(body, kind, content_type):
    try:
        records = decode(body, content_type)
    except BadBody as error:
        assert 0 < len(error.reason) <= 200
        error.reason.encode("utf-8")
        return
    check(*validate(kind, records, now=NOW), len(records))


@EXAMPLES
@given(text=st.text(st.sampled_from('[]{}",:\\ \n1-eENaunltrfIy\ud800é'), max_size=80))
def test_text_that_is_almost_json(text):
    try:
        records = decode(text.encode("utf-8", "surrogatepass"))
    except BadBody:
        return
    check(*validate("readings", records, now=NOW), len(records))


@EXAMPLES
@given(junk=st.text(st.characters(exclude_characters="\n\r"), min_size=1, max_size=60))
def test_a_junk_line_costs_no_other_line(junk):
    assume(junk.strip() and not junk.lstrip().startswith("["))
    line = json.dumps(GOOD)
    records = decode(
        f"{line}\n{junk}\n{line}\n".encode("utf-8", "surrogatepass"), "application/x-ndjson"
    )
    good, bad = validate("readings", records, now=NOW)
    assert [index for index, _ in good][:1] == [0]
    assert good[-1][0] == len(records) - 1
    check(good, bad, len(records))


@EXAMPLES
@given(
    record=st.dictionaries(
        st.sampled_from(FIELDS), values.filter(lambda v: not isinstance(v, bytes)), max_size=4
    )
)
def test_an_element_with_nan_or_depth_costs_no_other_element(record):
    try:
        element = json.dumps(record, default=str)
    except ValueError:
        return
    body = f"[{json.dumps(GOOD)}, {element}, {json.dumps(GOOD)}]".encode()
    records = decode(body)
    assert len(records) == 3
    good, bad = validate("readings", records, now=NOW)
    check(good, bad, 3)
    assert {0, 2} <= {index for index, _ in good}


@EXAMPLES
@given(
    inner=st.text(max_size=60),
    tail=st.sampled_from(["</alert>", "", "</info></alert>", "<info/></alert>"]),
)
def test_any_cap(inner, tail):
    head = '<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><msgType>Alert</msgType>'
    try:
        records = decode(f"{head}{inner}{tail}".encode("utf-8", "surrogatepass"), "text/xml")
    except BadBody as error:
        assert len(error.reason) <= 200
        return
    check(*validate("warnings", records, now=NOW), len(records))


@EXAMPLES
@given(polygon=texts, circle=texts, severity=texts, sent=texts)
def test_any_area_of_a_cap(polygon, circle, severity, sent):
    from xml.sax.saxutils import escape

    body = (
        '<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>a</identifier>'
        f"<sender>s</sender><sent>{escape(sent)}</sent><status>Actual</status>"
        "<msgType>Alert</msgType><info><event>e</event>"
        f"<severity>{escape(severity)}</severity><area><areaDesc>d</areaDesc>"
        f"<polygon>{escape(polygon)}</polygon><circle>{escape(circle)}</circle></area></info></alert>"
    )
    try:
        records = decode(body.encode("utf-8", "surrogatepass"), "text/xml")
    except BadBody:
        return
    check(*validate("warnings", records, now=NOW), len(records))


@EXAMPLES
@given(lon=st.floats(73.5, 135.0), lat=st.floats(3.9, 53.5))
def test_shifted_positions_come_back(lon, lat):
    for there, back in (
        (coordinates.wgs84_to_gcj02, coordinates.gcj02_to_wgs84),
        (coordinates.wgs84_to_bd09, coordinates.bd09_to_wgs84),
    ):
        again = back(*there(lon, lat))
        assert coordinates.distance_m(lon, lat, *again) < 0.01


@EXAMPLES
@given(lon=st.floats(-180, 180), lat=st.floats(-90, 90))
def test_no_position_breaks_a_conversion(lon, lat):
    for crs in coordinates.CRS:
        x, y = coordinates.to_wgs84(lon, lat, crs)
        assert abs(x - lon) < 0.1
        assert abs(y - lat) < 0.1


@EXAMPLES
@given(ahead=st.timedeltas(timedelta(minutes=5, microseconds=1), timedelta(days=30_000)))
def test_nothing_of_the_future_gets_in(ahead):
    at = (NOW + ahead).isoformat()
    good, [bad] = validate("readings", [GOOD | {"at": at}], now=NOW)
    assert not good
    assert bad.field == "at"


def test_an_undecodable_is_always_a_reject():
    for kind in KINDS:
        _, bad = validate(kind, [Undecodable(1, "x")], now=NOW)
        assert len(bad) == 1
