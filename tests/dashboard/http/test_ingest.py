"""What outside programs send: good, bad, twice, and hostile."""

import gzip
import io
import json
from typing import Any

import pytest
from sqlalchemy import func, select

from data_access import tables
from tests.dashboard.http.town import City, a_case

URL = "/api/v1/ingest/cases"


def post(town: City, body: Any, headers: dict[str, str] | None = None, url: str = URL):
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {"Content-Type": "application/json", **(headers or town.bearer("feed"))}
    return town.client().post(url, data=data, headers=headers)


def count(town: City, table: Any) -> int:
    with town.store.read() as conn:
        return conn.execute(select(func.count()).select_from(table)).scalar_one()


def test_a_good_record_is_accepted_once(anytown: City) -> None:
    first = post(anytown, [a_case("c1")])
    assert (first.status_code, first.mimetype) == (200, "application/json")
    assert first.json == {"accepted": 1, "unchanged": 0, "rejected": []}
    assert post(anytown, [a_case("c1")]).json == {"accepted": 0, "unchanged": 1, "rejected": []}
    assert count(anytown, tables.case) == 1


def test_a_bad_record_costs_no_good_one_and_is_kept(anytown: City) -> None:
    answer = post(anytown, [a_case("c1"), {"id": "c2"}, a_case("c3", lon=0, lat=0), "x"])
    assert answer.status_code == 200
    assert answer.json["accepted"] == 1
    rejected = answer.json["rejected"]
    assert [(r["index"], r["id"]) for r in rejected] == [(1, "c2"), (2, "c3"), (3, None)]
    assert all(r["field"] and r["reason"] for r in rejected)
    assert count(anytown, tables.reject) == 3


def test_ndjson_too(town: City) -> None:
    body = "\n".join(json.dumps(a_case(f"c{n}")) for n in range(3)).encode()
    headers = {**town.bearer("feed"), "Content-Type": "application/x-ndjson"}
    assert town.client().post(URL, data=body, headers=headers).json["accepted"] == 3


def test_warnings_as_cap_too(town: City) -> None:
    cap = """<?xml version="1.0"?><alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">
    <identifier>w1</identifier><sender>qxj@example</sender><sent>2026-07-01T11:00:00+08:00</sent>
    <status>Actual</status><msgType>Alert</msgType><scope>Public</scope>
    <info><category>Met</category><event>暴雨</event><urgency>Immediate</urgency>
    <severity>Severe</severity><certainty>Likely</certainty>
    <expires>2026-07-01T18:00:00+08:00</expires>
    <headline>暴雨橙色预警</headline><area><areaDesc>全市</areaDesc></area></info></alert>"""
    headers = {**town.bearer("feed"), "Content-Type": "application/cap+xml"}
    answer = town.client().post("/api/v1/ingest/warnings", data=cap.encode(), headers=headers)
    assert answer.json["accepted"] == 1, answer.json
    warning = town.client().get("/api/v1/warnings", headers=town.bearer("leader")).json["items"][0]
    assert (warning["id"], warning["event"]) == ("w1", "暴雨")


def test_a_feed_token_may_send_its_kinds_alone(town: City) -> None:
    headers = town.bearer("feed", kinds=["readings"])
    answer = post(town, [a_case("c1")], headers)
    assert answer.status_code == 403
    assert answer.mimetype == "application/problem+json"
    assert post(town, [], headers, "/api/v1/ingest/readings").status_code == 200
    assert count(town, tables.case) == 0


def test_a_kind_that_is_none_is_not_there(town: City) -> None:
    assert post(town, [], None, "/api/v1/ingest/alerts").status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"   ",
        b"{",
        b'[{"id": "c1"',
        b"nonsense",
        b"12",
        b"null",
        b"[" * 100_000,
        b'{"a":' * 50_000,
        b"[" * 2000 + b"]" * 2000,
        b"\xff\xfe\x00",
        b"\x00" * 100,
        b"[1" + b"0" * 100_000 + b"e" * 3 + b"]",
    ],
    ids=lambda body: repr(body[:12]),
)
def test_a_body_that_cannot_be_read_is_a_clear_error(town: City, body) -> None:
    answer = post(town, body)
    if answer.status_code == 200:
        assert answer.json["accepted"] == 0
        assert answer.json["rejected"]
        return
    assert answer.status_code == 400
    assert answer.mimetype == "application/problem+json"
    assert answer.json["status"] == 400
    assert 0 < len(answer.json["detail"]) < 500


@pytest.mark.parametrize(
    "record",
    [
        {"lon": float("nan")},
        {"lon": 1e308, "lat": 1e308},
        {"lon": "120"},
        {"id": ["c1"]},
        {"id": "x" * 10_000},
        {"id": "a\x00b"},
        {"id": ""},
        {"description": {"a": 1}},
        {"marks": "urged"},
        {"events": {}},
        {"reported_at": "2026-07-01T08:00:00"},
        {"reported_at": "2026-07-02T08:00:00+08:00"},
        {"subcategory": "9999"},
        {"stage": "<script>"},
        {"unit": "nobody"},
        {"jurisdiction": "999"},
        {"description": "\ud800"},
    ],
    ids=str,
)
def test_a_hostile_record_is_rejected_in_words(anytown: City, record) -> None:
    answer = post(anytown, [{**a_case("c1"), **record}, a_case("good")])
    assert answer.status_code == 200
    assert answer.json["accepted"] + len(answer.json["rejected"]) == 2
    assert "good" not in [r["id"] for r in answer.json["rejected"]]
    for told in answer.json["rejected"]:
        assert "<" not in told["reason"]
        assert len(told["reason"]) < 500


def test_ten_megabytes_and_one_byte_is_too_much(town: City) -> None:
    answer = post(town, b" " * (10 * 1024 * 1024 + 1))
    assert answer.status_code == 413
    assert answer.mimetype == "application/problem+json"


class Dribble(io.RawIOBase):
    """A body without a length, given in pieces as the network has them."""

    def __init__(self, body: bytes, piece: int) -> None:
        self._left, self._piece = io.BytesIO(body), piece

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:
        found = self._left.read(min(len(buffer), self._piece))
        buffer[: len(found)] = found
        return len(found)


def dribble(town: City, body: bytes, piece: int):
    return town.client().post(
        URL,
        headers={**town.bearer("feed"), "Content-Type": "application/json"},
        environ_overrides={"wsgi.input": Dribble(body, piece), "wsgi.input_terminated": True},
    )


def test_a_body_in_pieces_is_read_to_its_end(town: City) -> None:
    body = json.dumps([a_case(f"c{n}") for n in range(20)]).encode()
    assert dribble(town, body, 7).json["accepted"] == 20
    assert dribble(town, b" " * (11 * 1024 * 1024), 60_000).status_code == 413
    just = b" " * (10 * 1024 * 1024 - 2) + b"[]"
    assert dribble(town, just, 60_000).json["accepted"] == 0
    assert post(town, just).json["accepted"] == 0


def test_a_compressed_body_is_refused(town: City) -> None:
    headers = {**town.bearer("feed"), "Content-Encoding": "gzip"}
    assert post(town, gzip.compress(b"[]"), headers).status_code == 415


def test_a_stranger_is_refused_before_the_body_is_read(town: City) -> None:
    answer = town.client().post(URL, data=b"[" * 1_000_000)
    assert answer.status_code == 401
    assert answer.mimetype == "application/problem+json"


def test_a_person_may_not_send_records(town: City) -> None:
    assert post(town, [a_case("c1")], town.bearer("administrator")).status_code == 403


def test_the_same_call_twice_is_answered_alike(anytown: City) -> None:
    headers = {**anytown.bearer("feed"), "Idempotency-Key": "k1"}
    first = post(anytown, [a_case("c1")], headers)
    again = post(anytown, [a_case("c1")], headers)
    assert first.json == again.json == {"accepted": 1, "unchanged": 0, "rejected": []}
    assert again.headers["Idempotency-Replayed"] == "true"
    other = post(anytown, [a_case("c2")], headers)
    assert other.status_code == 422
    assert count(anytown, tables.case) == 1


def test_a_key_belongs_to_its_caller(town: City) -> None:
    for name in ("c1", "c2"):
        headers = {**town.bearer("feed"), "Idempotency-Key": "k1"}
        assert post(town, [a_case(name)], headers).json["accepted"] == 1


def test_a_refused_call_may_be_mended_under_its_key(town: City) -> None:
    headers = {**town.bearer("feed"), "Idempotency-Key": "k1"}
    assert post(town, b"{", headers).status_code == 400
    assert post(town, [a_case("c1")], headers).json["accepted"] == 1


@pytest.mark.parametrize("key", ["", "k" * 256])
def test_a_key_that_is_none_is_refused(town: City, key) -> None:
    headers = {**town.bearer("feed"), "Idempotency-Key": key}
    assert post(town, [], headers).status_code == 400


def test_the_feed_is_named_after_its_token(town: City) -> None:
    headers = town.bearer("feed")
    post(town, [{"id": "bad"}], headers)
    with town.store.read() as conn:
        assert conn.execute(select(tables.reject.c.feed)).scalar() == "push:t0-feed"
