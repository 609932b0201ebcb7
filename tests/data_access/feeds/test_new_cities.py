"""Cities not seen before are connected by a description alone: other real recordings."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from dashboard.domain.records import Limits, validate
from data_access.feeds.recording import Recording
from tests.data_access.feeds.conftest import HEAD, told

CALDER = """
[[readings]]
files = "recordings/calder-2025/*-level-*.csv.gz"
time_zone = "UTC"
[readings.map]
station = { column = "_file", match = '^(.*)-level-' }
factor = { const = "level" }
at = "dateTime"
value = "value"
flag = { column = "quality", values = { Good = "N" }, otherwise = "drop" }
[[readings]]
files = "recordings/calder-2025/*-rainfall-*.csv.gz"
time_zone = "UTC"
[readings.map]
station = { column = "_file", match = '^(.*)-rainfall-' }
factor = { const = "rain" }
at = "dateTime"
value = "value"
"""

YELLOW_RIVER = """
[[readings]]
files = "recordings/yellow-river/*.csv.gz"
missing = ["-"]
only_with = ["level_m"]
[readings.map]
station = "station"
factor = { const = "level" }
at = "date"
value = { column = "level_m", match = '([\\d.]+)' }
flag = { column = "level_m", match = '^([*])', values = { "*" = "D" } }
[[readings]]
files = "recordings/yellow-river/*.csv.gz"
missing = ["-"]
only_with = [{ column = "flow_m3s", match = '^\\s*([\\d.]+)\\s*$' }]
[readings.map]
station = "station"
factor = { const = "flow" }
at = "date"
value = "flow_m3s"
"""

ENGLAND = """
[stations]
kind = "snapshots"
files = "recordings/england-network/ea_station_data_*.json.gz"
records = "items"
taken_at = { path = "_file", match = '(\\d{4}-\\d{2}-\\d{2})' }
[stations.map]
id = "stationReference"
kind = { const = "river" }
name = { first = [{ path = "label[0]" }, "label"] }
lon = { first = [{ path = "long[0]" }, "long"] }
lat = { first = [{ path = "lat[0]" }, "lat"] }
[stations.map.thresholds.object.level.object]
high = { first = [{ path = "stageScale.typicalRangeHigh[0]" }, "stageScale.typicalRangeHigh"] }
[readings]
files = "recordings/england-network/ea_level_data_*.json.gz"
records = "items"
only_with = [{ path = "latestReading.dateTime" }]
[readings.map]
station = "stationReference"
factor = "parameter"
at = "latestReading.dateTime"
value = { path = "latestReading.value" }
"""

POINTS = """
[places]
kind = "snapshots"
files = "hangzhou/*.csv.gz"
taken_at = "snapshot"
crs = "gcj02"
[places.map]
id = "id"
kind = { const = "venue" }
name = "name"
state = { const = "normal" }
lon = "lon"
lat = "lat"
"""

CAMERAS = """
[cameras]
kind = "snapshots"
files = "cameras/opentrafficcammap_usa_*.csv.gz"
taken_at = { column = "_file", match = '(\\d{4}-\\d{2}-\\d{2})' }
[cameras.map]
id = { template = "{state}/{county}/{description}/{direction}/{latitude}/{longitude}", max_length = 128 }
name = { column = "description", max_length = 200 }
source = { const = "dot" }
status = { const = "on" }
lon = "longitude"
lat = "latitude"
"""

STREAM = """
[[readings]]
files = "recordings/usgs-flash-stream/*.parquet"
only_with = ["USGS:01581752:00065:00000"]
[readings.map]
station = { const = "01581752" }
factor = { const = "level" }
at = "datetimeUTC"
value = { column = "USGS:01581752:00065:00000", scale = 0.3048 }
"""


@pytest.mark.parametrize(
    ("toml", "least", "most_rejected"),
    [
        (CALDER, 24_000, 0),
        (YELLOW_RIVER, 50_000, 0),
        (ENGLAND, 8_000, 30),
        (POINTS, 1_500, 0),
        (CAMERAS, 5_000, 6),
        (STREAM, 100_000, 0),
    ],
    ids=["calder", "yellow-river", "england-network", "hangzhou", "cameras", "usgs"],
)
def test_a_city_not_seen_before(recordings, tmp_path, toml, least, most_rejected):
    (tmp_path / "city.toml").write_text(HEAD + toml, "utf-8")
    recording = Recording(tmp_path, recordings)
    items = told(recording)
    rows = sum(item.first for item in items)
    assert rows == recording.source_rows >= least
    limits = Limits(unknown="learn")
    rejected = 0
    for kind in {item.kind for item in items}:
        sent = [item.record for item in items if item.kind == kind and item.record is not None]
        _, refused = validate(kind, sent, now=datetime(2026, 1, 1, tzinfo=UTC), limits=limits)
        rejected += len(refused)
        assert all(it.field and it.reason for it in refused)
    assert rejected <= most_rejected, refused[:5]


def test_a_list_of_cameras_synchronises(recordings, tmp_path):
    (tmp_path / "city.toml").write_text(HEAD + CAMERAS, "utf-8")
    recording = Recording(tmp_path, recordings)
    later = [item for item in told(recording) if item.at == recording.city.end]
    gone = [item for item in later if not item.first]
    assert gone and all(item.record["status"] == "off" for item in gone)
    assert any(item.first and item.record is None for item in later)


def test_a_description_is_found_in_its_folder_or_named(tmp_path):
    text = HEAD + '[readings]\nrows=[{station="a",factor="f",at=2020-01-01T00:00:00Z,value=1}]\n'
    (tmp_path / "city.toml").write_text(text, "utf-8")
    (tmp_path / "other.toml").write_text(text, "utf-8")
    for path in (tmp_path, tmp_path / "other.toml", str(tmp_path)):
        assert Recording(Path(path)).city.name == "某市"
