"""Bodies: encodings, shapes, hostile ones, and that one bad record stays one."""

import json

import orjson
import pytest

from dashboard.domain.records import (
    MAX_BODY,
    BadBody,
    BadJson,
    BadText,
    TooDeep,
    TooLarge,
    Undecodable,
    decode,
    validate,
)

from .samples import GOOD, NOW

READING = GOOD["readings"]
ONE = orjson.dumps(READING)
NDJSON = "application/x-ndjson"
CHINESE = [{"station": "拱宸桥", "factor": "水位"}, {"station": "瓶窑", "factor": "水位"}]


def outcome(body, content_type="application/json"):
    good, bad = validate("readings", decode(body, content_type), now=NOW)
    return [index for index, _ in good], [(reject.index, reject.field) for reject in bad]


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"[%s, %s]" % (ONE, ONE), "application/json"),
        (b" \r\n[%s,\n%s]\n" % (ONE, ONE), "application/json; charset=utf-8"),
        (ONE + b"\n" + ONE, NDJSON),
        (ONE + b"\r\n\r\n" + ONE + b"\r\n", "application/jsonl"),
        (ONE + b"\n" + ONE, "application/json"),
        (b"[%s,%s]" % (ONE, ONE), NDJSON),
        (ONE + b"\n" + ONE, ""),
    ],
)
def test_arrays_and_lines_are_both_read(body, content_type):
    assert decode(body, content_type) == [READING, READING]


def test_a_single_object_is_one_record_also_over_many_lines():
    assert decode(ONE) == [READING]
    assert decode(json.dumps(READING, indent=2).encode()) == [READING]


def test_an_empty_array_is_no_record():
    assert decode(b"[]") == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030", "gbk"])
def test_encodings_are_found_out(encoding):
    body = json.dumps(CHINESE, ensure_ascii=False).encode(encoding)
    assert decode(body) == CHINESE
    lines = "\n".join(json.dumps(item, ensure_ascii=False) for item in CHINESE)
    assert decode(lines.encode(encoding), NDJSON) == CHINESE


def test_a_charset_that_is_stated_is_taken():
    body = json.dumps(CHINESE, ensure_ascii=False).encode("gb18030")
    assert decode(body, 'application/json; charset="GB2312"') == CHINESE
    with pytest.raises(BadText, match="GB18030"):
        decode(b'["\xff\xff"]', "application/json; charset=gbk")


def test_text_of_no_encoding_is_refused():
    with pytest.raises(BadText):
        decode(b'["\xff\xff\xff"]')
    with pytest.raises(BadText):
        decode(b"\xff\xfea")


def test_a_broken_byte_costs_only_its_record():
    good = json.dumps(READING | {"station": "拱宸桥"}, ensure_ascii=False).encode()
    bad = good.replace("拱".encode(), b"\xff")
    for body in (b"[%s,%s,%s]" % (good, bad, good), b"\n".join([good, bad, good])):
        assert outcome(body) == ([0, 2], [(1, "station")])


@pytest.mark.parametrize("token", [b"NaN", b"Infinity", b"-Infinity", b"1e999"])
def test_numbers_that_are_none_cost_only_their_record(token):
    bad = ONE.replace(b"2.59", token)
    assert outcome(b"[%s,%s,%s]" % (ONE, bad, ONE)) == ([0, 2], [(1, "value")])
    assert outcome(b"\n".join([ONE, bad, ONE]), NDJSON) == ([0, 2], [(1, "value")])


@pytest.mark.parametrize(
    "bad",
    [
        b'{"station": }', b"{'station': 1}", b'{"value": %s}' % (b"9" * 5_000), b"nul", b'{"a" 1}',
        b'{"a":' * 33 + b"1" + b"}" * 33, b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
        b"[" * 400 + b"]" * 400,
    ],
    ids=lambda value: value[:12].decode(),
)  # fmt: skip
def test_a_record_that_cannot_be_read_costs_only_itself(bad):
    assert outcome(b"[%s,%s,%s]" % (ONE, bad, ONE)) == ([0, 2], [(1, "record")])
    assert outcome(b"\n".join([ONE, bad, ONE]), NDJSON) == ([0, 2], [(1, "record")])


def test_a_lost_line_says_which():
    lost = decode(ONE + b"\n\n{oops\n", NDJSON)[1]
    assert isinstance(lost, Undecodable)
    assert lost.line == 3
    assert "第 3 行" in lost.reason


def test_escaped_surrogates_cost_only_their_record():
    bad = ONE.replace(b"70102100", rb"\ud800")
    assert outcome(b"[%s,%s]" % (bad, ONE)) == ([1], [(0, "station")])


def test_a_comma_or_bracket_in_a_text_is_no_comma_or_bracket():
    tricky = READING | {"note": 'a],[{"\\'}
    bad = ONE.replace(b"2.59", b"NaN")
    assert outcome(b"[%s,%s]" % (orjson.dumps(tricky), bad)) == ([0], [(1, "value")])


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b"", BadJson), (b" \n", BadJson), (b"123", BadJson), (b'"x"', BadJson), (b"null", BadJson),
        (b"{not json", BadJson), (b"[not json]", BadJson), (b"[" + ONE, BadJson),
        (b"[" + ONE[:-5], BadJson), (b"[%s] x" % ONE, BadJson), (b"[%s]]" % ONE, BadJson),
        (b"[%s %s]" % (ONE, ONE), BadJson), (b"<html>", BadJson), (b"a=1&b=2", BadJson),
        (b"[" * 100_000, TooDeep), (b"[" * 100_000 + b"]" * 100_000, TooDeep),
        (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, TooDeep),
        (b"[" + b"1," * 200_000 + b"1]", TooLarge),
        (b"1\n" * 200_001, BadJson),
        (b" " * (MAX_BODY + 1), TooLarge),
    ],
    ids=lambda value: value[:16].decode() if isinstance(value, bytes) else value.__name__,
)  # fmt: skip
def test_a_body_that_cannot_be_read_is_a_clear_error(body, error):
    with pytest.raises(error) as caught:
        decode(body)
    assert caught.value.status == (413 if error is TooLarge else 400)
    assert len(caught.value.reason) < 200
    assert isinstance(caught.value, BadBody)


def test_too_many_lines_are_too_large():
    with pytest.raises(TooLarge):
        decode(b"{}\n" * 200_001, NDJSON)
