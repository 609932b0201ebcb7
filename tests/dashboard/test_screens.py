"""What is shipped to be shown, and the command line of screens."""

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from dashboard.accounts import enrol
from dashboard.import_command import import_
from dashboard.screen_command import screen
from dashboard.settings import Settings
from dashboard.shipped import MAIN, write_shipped
from data_access.clock import set_clock
from data_access.queries import accounts
from data_access.queries import screens as queries
from data_access.store import Store
from layouts.wall_scenes import shipped
from tests.conftest import empty_sqlite
from tests.dashboard.http.town import CITY, NOW, describe_city


def test_the_first_screen_and_the_scenes_are_there_once(store: Store) -> None:
    write_shipped(store)
    with store.read() as conn:
        assert queries.find(conn, screen_id=MAIN) is None
        assert queries.find_scene(conn, scene_id="routine") is not None
    write_shipped(store, scope=CITY)
    write_shipped(store, scope=CITY)
    with store.read() as conn:
        main = queries.find(conn, screen_id=MAIN)
        assert len(queries.scenes(conn, screen_kind="wall")) == len(shipped())
    assert main is not None
    assert (main["scope"], main["scene"], main["version"]) == (CITY, "routine", 1)
    assert (main["why"], main["hall"], main["home"]) == ("routine", "main", None)
    assert main["geometry"]["pixels"] == [3840, 2160]
    assert main["geometry"]["seat_m"] == 10


@pytest.fixture
def settings(sqlite_template: Path, tmp_path: Path) -> Settings:
    empty_sqlite(sqlite_template, tmp_path)
    made = Settings(data_dir=tmp_path)
    store = made.store()
    describe_city(store)
    with store.write() as writer:
        set_clock(writer, anchor_city=NOW, speed=1.0)
    write_shipped(store)
    store.dispose()
    return made


def run(settings: Settings, *words: str):
    return CliRunner().invoke(screen, words, obj=settings)


def test_a_screen_states_its_measures(settings: Settings) -> None:
    measures = ("--width-mm", "3633", "--pixels", "5760x1080", "--panels", "1x3")
    done = run(settings, "set", "lcd", *measures, "--seam-mm", "3.5", "--seat-m", "6")
    assert done.exit_code == 0, done.output
    assert "63 px" in done.output
    done = run(settings, "set", "lcd", "--seat-m", "3")
    assert "31 px" in done.output
    listed = run(settings, "list").output
    assert re.search(r"lcd\troutine\t3633 mm, 5760x1080, 1x3, 3 m", listed)
    assert "main\troutine" in listed


@pytest.mark.parametrize(
    "words",
    [
        ("set", "Bad!"),
        ("set", "x", "--panels", "5x5"),
        ("set", "x", "--pixels", "wide"),
        ("set", "x", "--width-mm", "-3"),
        ("set", "x", "--scene", "nothing"),
        ("set", "x", "--scope", "nowhere"),
        ("code", "nothing"),
        ("unenrol", "main"),
    ],
    ids=" ".join,
)
def test_what_cannot_be_is_said(settings: Settings, words: tuple[str, ...]) -> None:
    done = run(settings, *words)
    assert done.exit_code != 0
    assert "Traceback" not in done.output


def test_a_code_from_the_command_line_enrols(settings: Settings) -> None:
    told = run(settings, "code", "main").output.strip()
    assert re.fullmatch(r"\d{4} \d{4}", told)
    store = settings.store()
    enrolled = enrol.enrol(store, told, city_at=NOW)
    store.dispose()
    assert enrolled is not None
    assert enrolled.screen == "main"
    assert run(settings, "set", "main", "--event", "20260719-01", "--hall", "east").exit_code == 0
    store = settings.store()
    with store.read() as conn:
        account = accounts.find_account(conn, name="screen:main")
        main = queries.find(conn, screen_id="main")
    store.dispose()
    assert account is not None
    assert (account.events, main and main["hall"]) == (("20260719-01",), "east")
    assert run(settings, "unenrol", "main").exit_code == 0


def test_scenes_are_imported_whole_or_not_at_all(settings: Settings, tmp_path: Path) -> None:
    told = [scene.model_dump(mode="json") for scene in shipped() if scene.id == "reception"]
    file = tmp_path / "scenes.json"
    file.write_text(json.dumps({"scenes": [{**told[0], "id": "guests", "name": "来访"}]}), "utf-8")
    done = CliRunner().invoke(import_, ["scenes", str(file)], obj=settings)
    assert (done.exit_code, "guests: version 2" in done.output) == (0, True), done.output
    again = CliRunner().invoke(import_, ["scenes", str(file)], obj=settings)
    assert "the same as before" in again.output
    block = told[0]["content"]["steps"][0]["layouts"]["1x1"][0]
    block["columns"][0]["panels"]["photos"] = 1
    file.write_text(json.dumps([{**told[0], "id": "fine"}, told[0]]), "utf-8")
    bad = CliRunner().invoke(import_, ["scenes", str(file)], obj=settings)
    assert bad.exit_code == 1
    assert re.search(r"场景 \w+：第 1 步「接待」：1x1：没有面板 photos", bad.output)
    store = settings.store()
    with store.read() as conn:
        assert queries.find_scene(conn, scene_id="fine") is None
    store.dispose()
