"""Five questions of somebody who never saw the console, each in a counted number of steps."""

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page

from tests.conftest import ROOT
from tests.e2e.server import PATIENCE_S, Server

pytestmark = pytest.mark.e2e


class Steps:
    """Whoever asks: every press and every word that is typed is a step."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.taken = 0

    def press(self, selector: str) -> None:
        self.page.click(selector)
        self.taken += 1

    def choose(self, selector: str, label: str) -> None:
        self.page.focus(selector)  # its choices are made when it is opened
        value = self.page.evaluate(
            "([s, label]) => [...document.querySelector(s).options]"
            ".find(o => o.label.split(' ')[0] === label).value",
            [selector, label],
        )
        self.page.select_option(selector, value)
        self.taken += 1

    def type(self, words: str) -> None:
        self.page.keyboard.type(words)
        self.taken += 1

    def read(self, selector: str, holds: str = "") -> str:
        found = self.page.locator(selector).filter(has_text=holds).first
        found.wait_for(timeout=PATIENCE_S * 1000)
        return found.inner_text()


def _overdue(server: Server) -> None:
    """Let a district have a case that is late beyond all others."""
    now = datetime.now(UTC)
    case = {
        "id": "E2E-LATE",
        "kind": "event",
        "source": "collector",
        "subcategory": "0102",
        "description": "沿街暴露垃圾",
        "reported_at": (now - timedelta(days=40)).isoformat(),
        "due_at": (now - timedelta(days=39)).isoformat(),
        "stage": "dispatched",
        "stage_at": (now - timedelta(days=40)).isoformat(),
        "lon": 120.13,
        "lat": 30.27,
        "jurisdiction": "330106",
    }
    assert server.ask("/api/v1/ingest/cases", role="feed", body=[case])["rejected"] == []


def test_the_most_overdue_case_of_a_district(console: Page, server: Server) -> None:
    _overdue(server)
    console.wait_for_function(
        "() => { const c = pingji.model.cases; const i = c.index.get('E2E-LATE');"
        " return i !== undefined && pingji.model.isOverdue(i, pingji.live.pictureAt()); }"
    )
    worst = console.evaluate(
        """() => {
          const {model, cityData} = pingji;
          const at = pingji.live.topic('cases').columns;
          const now = pingji.live.pictureAt();
          let best = null;
          for (let i = 0; i < model.cases.n; i += 1) {
            const id = cityData.districtOf(model.cases.rows[i][at.jurisdiction]);
            if (!id || !model.isOverdue(i, now)) continue;
            if (!best || model.cases.due[i] < best.due) {
              best = {due: model.cases.due[i], id: model.cases.ids[i], district: id};
            }
          }
          return {...best, name: pingji.code('jurisdiction', best.district)};
        }"""
    )
    steps = Steps(console)
    steps.press("[data-act=filter-open]")
    steps.choose("[data-filter=district]", worst["name"])
    steps.press("[data-act=cases-view][data-view=overdue]")
    console.wait_for_function(
        "(id) => document.querySelector('#cases-list .case')?.textContent.includes(id)",
        arg=worst["id"],
    )
    assert steps.taken == 3


def test_the_river_nearest_its_warning_level(console: Page) -> None:
    console.wait_for_function(
        "() => pingji.live.topic('readings').loaded"
        " && pingji.cityData.rivers(pingji.live.pictureAt()).length > 3"
    )
    steps = Steps(console)
    steps.press(".find__input")
    steps.press(".find__row:has-text('河道水位')")
    said = steps.read("#drawer-list-rows .near__row", "警戒")
    names = console.evaluate(
        "() => pingji.cityData.rivers(pingji.live.pictureAt()).slice(0, 3).map((r) => r.name)"
    )
    assert any(name in said for name in names)
    assert "米" in said
    assert steps.taken == 2


def test_the_camera_nearest_an_address(console: Page, server: Server) -> None:
    console.wait_for_function("() => pingji.live.topic('cameras').loaded")
    steps = Steps(console)
    steps.press(".find__input")
    steps.type("文三路")
    steps.press(".find__row:has-text('此处附近')")
    said = steps.read("#drawer-spot-cameras .near__row")
    lon, lat = steps.read("#drawer-spot-head dd").split(", ")
    near = server.ask(f"/api/v1/nearby?lon={lon}&lat={lat}&topics=cameras", role="supervisor")
    assert near["cameras"][0]["name"] in said
    assert steps.taken == 3


def test_which_underpass_is_closed(console: Page, server: Server) -> None:
    closed = {
        "id": "closed-underpass",
        "kind": "underpass",
        "name": "德胜路下穿通道",
        "lon": 120.17,
        "lat": 30.29,
        "state": "closed",
        "depth_cm": 41,
        "at": datetime.now(UTC).isoformat(),
    }
    assert server.ask("/api/v1/ingest/places", role="feed", body=[closed])["accepted"] == 1
    steps = Steps(console)
    steps.press(".find__input")
    steps.press(".find__row:has-text('部位')")
    said = steps.read("#drawer-list-rows .near__row", "德胜路下穿通道")
    assert "封闭" in said
    assert "41 cm" in said
    first = steps.read("#drawer-list-rows .near__row")
    assert "封闭" in first
    assert steps.taken == 2


def test_which_feed_is_silent(console: Page, server: Server) -> None:
    steps = Steps(console)
    spot = {"id": "Q1", "kind": "rain", "name": "问", "lon": 120.2, "lat": 30.3}
    server.ask("/api/v1/ingest/stations", role="feed", body=[spot])
    console.wait_for_function(
        "() => Array.from(pingji.live.topic('feeds').rows.keys()).some((id) => /^push:/.test(id))"
    )
    ids = console.evaluate("() => Array.from(pingji.live.topic('feeds').rows.keys())")
    push = next(name for name in ids if name.startswith("push:"))
    done = subprocess.run(
        [sys.executable, "-m", "dashboard", "feed", "expect", push, "1"],
        cwd=ROOT,
        env={**os.environ, "PINGJI_DATA_DIR": str(server.folder)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "silent after 1 s" in done.stdout
    said = steps.read("#feeds-list .feed", "静默")
    assert push.removeprefix("push:") in said
    assert "应每 1 秒内来报" in said
    assert "1 路异常" in steps.read("#feeds-said", "异常")
    assert steps.taken == 0
