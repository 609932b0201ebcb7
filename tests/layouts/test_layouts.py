"""Layouts as trees: every panel listed and placed, ids once, nothing styled in Python."""

import json
import re
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from plotly.utils import PlotlyJSONEncoder

from dashboard.domain.words import Words
from layouts import header, panels, shell
from layouts.ids import Id
from layouts.page import City, Page, Viewer, for_scripts
from layouts.panels import PANELS, all_panels, city_map
from layouts.screens import admin, console
from tests.conftest import ROOT

PANEL_FOLDER = ROOT / "layouts" / "panels"


def _page(**more: Any) -> Page:
    city = City(
        id="330100",
        name=Words("杭州市", "Hangzhou"),
        time_zone="Asia/Shanghai",
        lon=120.2,
        lat=30.25,
        **more,
    )
    viewer = Viewer(name="a", display_name="甲", role="leader", rights=frozenset({"look"}))
    return Page(city=city, viewer=viewer, build="b", session="s")


def _tree(component: Any) -> list[dict[str, Any]]:
    """Every component of a tree, as Dash sends it."""
    found: list[dict[str, Any]] = []

    def walk(node: Any) -> None:
        if isinstance(node, list):
            for each in node:
                walk(each)
        elif isinstance(node, dict):
            if "props" in node and "namespace" in node:
                found.append(node)
            for each in node.values():
                walk(each)

    walk(json.loads(json.dumps(component, cls=PlotlyJSONEncoder)))
    return found


def _ids(component: Any) -> list[str]:
    return [str(node["props"]["id"]) for node in _tree(component) if "id" in node["props"]]


def test_every_panel_that_is_built_is_listed() -> None:
    """A module with ``build(page)`` that nobody listed is a panel nobody sees."""
    built = {
        path.stem
        for path in PANEL_FOLDER.glob("*.py")
        if re.search(r"^def build\(_?page: Page\)", path.read_text("utf-8"), re.MULTILINE)
    }
    assert built <= {panel.name for panel in PANELS}


def test_every_panel_has_a_place_on_the_console() -> None:
    assert {panel.area for panel in all_panels()} <= set(console.AREAS)
    assert len({panel.name for panel in all_panels()}) == len(all_panels())


def test_another_package_brings_its_own_panel(monkeypatch: pytest.MonkeyPatch) -> None:
    class Entry:
        name = "more"

        @staticmethod
        def load() -> panels.Panel:
            return panels.Panel(name="more", area="side", title="cases", build=PANELS[0].build)

    def found(group: str) -> list[Any]:
        return [Entry()] if group == panels.ENTRY_POINTS else []

    monkeypatch.setattr(panels, "entry_points", found)
    assert all_panels()[-1].name == "more"


@pytest.mark.parametrize("build", [lambda p: console.build(p, PANELS), admin.build, shell.build])
def test_ids_stand_once_on_a_screen(build) -> None:
    counted = Counter(_ids(build(_page(shapes_url="/assets/map/hangzhou.geojson"))))
    assert [name for name, count in counted.items() if count > 1] == []


def test_scripts_look_for_ids_that_exist() -> None:
    known = {str(member) for member in Id}
    known |= {f"{member}-{part}" for member in Id for part in ("note", "count")}
    for path in sorted((ROOT / "assets").glob("*.js")):
        asked = set(re.findall(r'byId\("([\w-]+)"\)', path.read_text("utf-8")))
        asked |= set(re.findall(r'\bshow\(\s*"([\w-]+)"', path.read_text("utf-8")))
        derived = {name for name in asked if name.startswith("wall-")}  # one of each panel
        assert asked - derived <= known, path.name


def test_nothing_is_styled_in_python() -> None:
    """Classes and tokens; only custom properties that carry data may be set by ``style``."""
    for folder in ("layouts", "callbacks"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            for style in re.findall(r"style=(\{[^}]*\}|\w+\()", path.read_text("utf-8")):
                assert re.match(r'\{"--', style) or not style.startswith("{"), path.name


def test_the_corner_prints_the_approval_number() -> None:
    page = _page(shapes_url="/x", source=Words("来源甲", "Source A"), approval="GS(2026)1号")
    text = json.dumps(city_map.build(page), cls=PlotlyJSONEncoder, ensure_ascii=False)
    assert "GS(2026)1号" in text
    assert "来源甲" in text
    none = json.dumps(city_map.build(_page(shapes_url="/x")), cls=PlotlyJSONEncoder)
    assert json.dumps("审图号未设置")[1:-1] in none


def test_the_view_is_kept_on_the_city() -> None:
    page = _page(bounds=(118.0, 29.0, 121.0, 31.0))
    found = next(n for n in _tree(city_map.build(page)) if n["type"] == "MapContainer")
    assert found["props"]["maxBounds"] == [[28.0, 116.5], [32.0, 122.5]]
    assert found["props"]["attributionControl"] is False


def test_administration_is_linked_for_administrators_alone() -> None:
    page = _page()
    assert "/admin" not in json.dumps(console.build(page, PANELS), cls=PlotlyJSONEncoder)
    viewer = Viewer(
        name="a",
        display_name="甲",
        role="administrator",
        rights=frozenset({"look", "accounts"}),
        areas=("330100",),
    )
    chief = Page(city=page.city, viewer=viewer, build="b", session="s")
    assert "/admin" in json.dumps(console.build(chief, PANELS), cls=PlotlyJSONEncoder)


def test_a_member_of_an_event_is_offered_nothing_of_the_city() -> None:
    rights = frozenset({"look", "supervise", "acknowledge"})
    member = Viewer(name="e", display_name="戊", role="event-member", rights=rights)
    desk = replace(member, role="supervisor", areas=("330100",))
    offered = {
        viewer.role: str(header.build(replace(_page(), viewer=viewer), here="/event/"))
        for viewer in (member, desk)
    }
    for way in ("/console", "/analysis", "/shift", "handover"):
        assert way in offered["supervisor"]
        assert way not in offered["event-member"]
    assert "sign-out" in offered["event-member"]


def test_scripts_get_words_of_every_code() -> None:
    data = for_scripts(_page())
    assert json.loads(json.dumps(data)) == data
    assert data["codes"]["stage"]["closed"] == ["结案", "Closed"]
    assert data["words"]["overdue"] == ["超期", "Overdue"]
    assert "handled" in data["answered"]


@pytest.mark.parametrize(
    ("here", "rights", "told"),
    [
        ("/console", {"look"}, True),
        ("/analysis", {"look", "acknowledge"}, True),
        ("/event", {"look", "acknowledge"}, True),
        ("/admin", {"look", "accounts"}, False),
    ],
)
def test_whoever_acknowledges_sees_and_hears_alerts_on_every_page(here, rights, told) -> None:
    page = _page()
    viewer = replace(page.viewer, rights=frozenset(rights), areas=("330100",))
    page = replace(page, viewer=viewer)
    ids = set(_ids(header.build(page, here=here)))
    assert ({Id.HEADER_ALERTS, Id.HEADER_SOUND} <= ids) is told
    links = [
        node["props"]["href"]
        for node in _tree(header.build(page, here=here))
        if "alarm__button" in str(node["props"].get("className")) and node["props"].get("href")
    ]
    assert links == (["/console"] if told and here != "/console" else [])
