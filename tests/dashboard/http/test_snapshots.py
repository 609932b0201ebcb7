"""Snapshots: one transaction, one number, and bytes that a reader need not fetch twice."""

import gzip
import json

from dashboard.domain.topics import TOPICS
from data_access.changes import latest_seq
from tests.dashboard.http.town import City, a_case


def test_a_snapshot_tells_its_topic_number_columns_and_rows(anytown: City) -> None:
    anytown.ingest("cases", [a_case("c1"), a_case("c2")])
    headers = anytown.bearer("leader")
    with anytown.store.read() as conn:
        seq = latest_seq(conn)
    for topic in TOPICS:
        answer = anytown.client().get(f"/api/v1/snapshot/{topic.name}", headers=headers)
        assert answer.status_code == 200
        told = answer.json
        assert set(told) == {"topic", "seq", "columns", "rows"}
        assert (told["topic"], told["seq"]) == (topic.name, seq)
        assert tuple(told["columns"]) == topic.columns
        assert all(len(row) == len(topic.columns) for row in told["rows"])
    cases = anytown.client().get("/api/v1/snapshot/cases", headers=headers).json["rows"]
    assert sorted(row[0] for row in cases) == ["c1", "c2"]


def test_gzip_only_where_it_is_accepted(town: City) -> None:
    town.ingest("cases", [a_case(f"c{n}") for n in range(50)])
    headers = town.bearer("leader")
    plain = town.client().get("/api/v1/snapshot/cases", headers=headers)
    assert "Content-Encoding" not in plain.headers
    never = town.client().get(
        "/api/v1/snapshot/cases", headers={**headers, "Accept-Encoding": "gzip;q=0"}
    )
    assert "Content-Encoding" not in never.headers
    zipped = town.client().get(
        "/api/v1/snapshot/cases", headers={**headers, "Accept-Encoding": "br, gzip"}
    )
    assert zipped.headers["Content-Encoding"] == "gzip"
    assert json.loads(gzip.decompress(zipped.data)) == plain.json
    assert "Accept-Encoding" in zipped.headers["Vary"]
    assert zipped.headers["ETag"] != plain.headers["ETag"]


def test_what_a_reader_has_is_not_sent_again(town: City) -> None:
    town.ingest("cases", [a_case("c1")])
    headers = town.bearer("leader")
    first = town.client().get("/api/v1/snapshot/cases", headers=headers)
    again = town.client().get(
        "/api/v1/snapshot/cases", headers={**headers, "If-None-Match": first.headers["ETag"]}
    )
    assert (again.status_code, again.data) == (304, b"")
    town.ingest("cases", [a_case("c2")])
    changed = town.client().get(
        "/api/v1/snapshot/cases", headers={**headers, "If-None-Match": first.headers["ETag"]}
    )
    assert changed.status_code == 200


def test_a_topic_that_is_none_is_not_there(town: City) -> None:
    for name in ("orders", "nothing", "..%2Fcases"):
        answer = town.client().get(f"/api/v1/snapshot/{name}", headers=town.bearer("leader"))
        assert answer.status_code == 404
