"""A description that cannot be used says which file, which key, and why."""

from pathlib import Path

import pytest

from data_access.feeds.recording import Recording, RecordingError, verify

EXAMPLES = Path(__file__).parents[3] / "examples"

PART = """
[readings]
files = "r.csv"
[readings.map]
station = "s"
factor = { const = "level" }
at = "t"
value = "v"
"""


@pytest.mark.parametrize(
    ("toml", "key"),
    [
        ("name =", "TOML"),
        (PART.replace("[readings.map]", "[readings.mapp]"), "readings.mapp"),
        (PART.replace('"r.csv"', "3"), "readings.files"),
        (PART + "\n[casses]\n", "casses"),
        (
            PART + 'kind = 3\n[stations]\nkind="final"\nfiles="r.csv"\nmap={id="s"}',
            "stations.stages",
        ),
        (PART.replace('"v"', '{ colum = "v" }'), "readings.map.value.colum"),
        (PART.replace('"v"', "{ number = true }"), "readings.map.value"),
        (PART.replace('"v"', '{ column = "v", lookup = "x" }'), "readings.map.value.lookup"),
        (PART.replace('"v"', '{ path = "v" }'), "readings.map.value"),
        (PART.replace('"v"', '"w"'), "no column 'w'"),
        (PART.replace("[readings]", '[readings]\ntime_zone="Mars/Olympus"'), "readings.time_zone"),
        (PART.replace("[readings]", '[readings]\nkind="snapshots"'), "readings.taken_at"),
        ("", "none of the parts"),
        (PART.replace("r.csv", "missing.csv"), "--data-root"),
    ],
)
def test_bad_description_names_the_key(city, toml, key):
    with pytest.raises(RecordingError) as error:
        city(toml, r__csv="s,t,v\na,2020-01-01T00:00:00Z,1\n")
    assert key in str(error.value)
    assert "city.toml" in str(error.value) or "r.csv" in str(error.value)


@pytest.mark.parametrize(
    ("missing", "key"),
    [("name", "name"), ("time_zone", "time_zone"), ("centre", "centre")],
)
def test_what_a_city_needs(tmp_path, missing, key):
    lines = {"name": '"x"', "time_zone": '"UTC"', "centre": "[1, 2]"}
    del lines[missing]
    text = "\n".join(f"{name} = {value}" for name, value in lines.items())
    (tmp_path / "city.toml").write_text(text + PART)
    with pytest.raises(RecordingError, match=f"{key}: is missing"):
        Recording(tmp_path)


def test_no_such_path(tmp_path):
    with pytest.raises(RecordingError, match="no such file"):
        Recording(tmp_path / "nowhere")
    (tmp_path / "city.toml").write_text('name="x"\ntime_zone="UTC"\ncentre=[1, 2]\n' + PART)
    with pytest.raises(RecordingError, match="--data-root is not a folder"):
        Recording(tmp_path, tmp_path / "nowhere")


def _recordings():
    found = sorted(path.parent for path in EXAMPLES.glob("*/city.toml"))
    assert len(found) == 4
    return found


def test_examples_say_what_to_give_without_a_root():
    for folder in _recordings():
        for use in (Recording, verify):
            with pytest.raises(RecordingError, match="--data-root"):
                use(folder)


def test_examples_find_their_files(recordings):
    for folder in _recordings():
        verify(folder, recordings)
