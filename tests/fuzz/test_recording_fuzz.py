"""Whatever stands in the cells of a recording, each row is a record or says what is wrong."""

import csv
import io
import json
from datetime import UTC, datetime

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard.domain.records import Limits, validate
from data_access.feeds.recording import Recording, RecordingError
from tests.data_access.feeds.conftest import HEAD, told

TABLE = """
start = 2020-01-01
[cases]
kind = "final"
files = "c.csv"
[cases.map]
id = "id"
kind = { const = "event" }
source = { const = "12345" }
subcategory = { column = "a", slug = true }
description = { template = "{a}: {b}" }
lon = "a"
lat = { column = "b", scale = 0.1 }
due_at = "b"
[[cases.stages]]
stage = "reported"
at = "t"
[[cases.stages]]
stage = "closed"
at = "b"
note = "a"
"""
LINES = """
start = 2020-01-01
[readings]
files = "r.jsonl"
[readings.map]
station = "s"
factor = { path = "f[0].x", default = "level" }
at = "t"
value = { path = "v", scale = 2 }
"""
CELL = st.one_of(
    st.text(max_size=30),
    st.sampled_from(["2020-01-01T00:00:00Z", "2020-03-08 02:30", "nan", "1e999", "-", "<b>", "0"]),
)
JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | CELL,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(CELL, inner, max_size=3),
    max_leaves=8,
)
COMMON = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def check(folder, name, content, toml):
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(content)
    (folder / "city.toml").write_text(HEAD + toml, "utf-8")
    try:
        recording = Recording(folder)
    except RecordingError:
        return
    items = told(recording)
    assert sum(item.first for item in items) == recording.source_rows
    for kind in {item.kind for item in items}:
        sent = [item.record for item in items if item.kind == kind]
        now = datetime(2100, 1, 1, tzinfo=UTC)
        good, bad = validate(kind, sent, now=now, limits=Limits(unknown="learn"))
        assert len(good) + len(bad) == len(sent)
        assert all(reject.field and reject.reason for reject in bad)


@COMMON
@given(rows=st.lists(st.tuples(CELL, CELL, CELL, CELL), max_size=5))
def test_cells(tmp_path, rows):
    text = io.StringIO()
    csv.writer(text).writerows([("id", "a", "b", "t"), *rows])
    check(tmp_path, "c.csv", text.getvalue().encode("utf-8", "replace"), TABLE)


@COMMON
@given(content=st.binary(max_size=200))
def test_bytes(tmp_path, content):
    check(tmp_path, "c.csv", b"id,a,b,t\n" + content, TABLE)


@COMMON
@given(lines=st.lists(JSON, max_size=5))
def test_lines(tmp_path, lines):
    made = [
        json.dumps({"s": line, "f": line, "t": "2020-01-01T00:00:00Z", "v": line}) for line in lines
    ]
    made += [json.dumps(line) for line in lines]
    check(tmp_path, "r.jsonl", "\n".join(made).encode("utf-8", "replace"), LINES)
