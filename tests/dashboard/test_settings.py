"""Settings come from the environment, else the file, else their default; a wrong one is named."""

from dataclasses import fields
from pathlib import Path

import pytest

from dashboard.settings import HELP, SettingError, Settings, load
from tests.conftest import ROOT


def test_every_setting_is_explained_and_documented() -> None:
    assert [field.name for field in fields(Settings)] == list(HELP)
    text = (ROOT / "docs" / "configuration.md").read_text("utf-8")
    for name in HELP:
        assert f"`{name}`" in text, f"docs/configuration.md does not name {name}"


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    file = tmp_path / "pingji.toml"
    file.write_text('port = 9000\nhost = "0.0.0.0"\n[[feeds]]\nkind = "simulator"\nseed = 7\n')
    settings = load({"PINGJI_PORT": "9001"}, file)
    assert (settings.port, settings.host) == (9001, "0.0.0.0")
    assert settings.feeds == ({"kind": "simulator", "seed": 7},)


def test_a_child_reads_what_its_parent_had(tmp_path: Path) -> None:
    mine = Settings(
        data_dir=tmp_path, port=8099, demonstration=True, feeds=({"kind": "x", "n": 1},)
    )
    assert load(mine.environment(), tmp_path / "none") == mine


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("port = 'many'", "port"),
        ("prot = 1", "prot"),
        ("port = ", "pingji.toml"),
        ("feeds = 3", "feeds"),
        ("[[feeds]]\nspeed = 1", "feeds"),
        ("demonstration = 'perhaps'", "demonstration"),
        ("sound_on = 'everywhere'", "sound_on"),
    ],
    ids=["type", "misspelled", "not toml", "feeds", "feed without kind", "truth", "sound"],
)
def test_a_wrong_setting_is_named(tmp_path: Path, text: str, named: str) -> None:
    file = tmp_path / "pingji.toml"
    file.write_text(text)
    with pytest.raises(SettingError, match=named):
        load({}, file)


def test_whom_to_be_is_picked_on_this_machine_only() -> None:
    assert Settings(demonstration=True).demo
    assert not Settings(demonstration=True, host="0.0.0.0").demo
    assert not Settings().demo


@pytest.mark.parametrize("url", ["", "postgresql+psycopg://nobody@localhost/none"])
def test_the_data_folder_is_made_whatever_the_database(tmp_path: Path, url: str) -> None:
    """The processes find each other through a socket there."""
    folder = tmp_path / "new" / "data"
    Settings(data_dir=folder, database_url=url).store().dispose()
    assert folder.is_dir()
