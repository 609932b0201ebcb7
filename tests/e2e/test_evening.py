"""An evening like that of a 19 July, told through the doors of feeds and lived on every screen.

Warnings come, the evidence is proposed, the supervisor enters both responses on a phoned word, the
leader signs on the tablet, ponding is entered and cleared, a drill runs beside it, all ends, and
the timeline agrees with the store in every figure. Wall, console and tablet stay open throughout.
"""

import json
import re
import sqlite3
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.e2e.conftest import painted
from tests.e2e.server import Server

pytestmark = pytest.mark.e2e

WAIT = 45_000
CITY_BAND = "市防指 防汛Ⅳ级应急响应"
BUREAU_BAND = "城管系统 防汛二级"


class Evening:
    """The open screens, and what is done on them."""

    def __init__(self, city: Server, console: Page, tablet: Page, wall: Page) -> None:
        self.city, self.console, self.tablet, self.wall = city, console, tablet, wall
        self.started: dict[str, str] = {}
        self.warnings: list[str] = []

    @property
    def screens(self) -> tuple[Page, ...]:
        return (self.console, self.tablet, self.wall)

    def iso(self) -> str:
        return self.console.evaluate("new Date(pingji.live.now()).toISOString()")

    def warn(self, colour: str, headline: str, *, msg_type: str = "alert") -> None:
        name = f"rain-{len(self.warnings)}"
        record = {
            "id": name,
            "references": self.warnings[-1:],
            "event": "暴雨",
            "headline": headline,
            "sender": "杭州市气象台",
            "sent": self.iso(),
            "msg_type": msg_type,
            **({"colour": colour} if colour else {}),
        }
        told = self.city.ask("/api/v1/ingest/warnings", role="feed", body=[record])
        assert told["accepted"] == 1, told
        self.warnings.append(name)

    def place(self, place: dict[str, Any], state: str, depth: float) -> None:
        now = self.city.ask(f"/api/v1/places?limit=2000&id={place['id']}", role="supervisor")
        version = next(it["version"] for it in now["items"] if it["id"] == place["id"])
        body = {"state": state, "depth_cm": depth, "version": version}
        path = f"/api/v1/places/{place['id']}/state"
        self.city.ask(path, role="supervisor", body=body)

    def running(self) -> dict[str, dict[str, Any]]:
        told = self.city.ask("/api/v1/operations?live=true&limit=100", role="commander")
        return {it["title"][0]: it for it in told["items"] if it["state"] == "in_force"}

    def wait_for_mode(self, mode: str) -> None:
        for page in self.screens:
            page.wait_for_function(
                "(mode) => document.documentElement.dataset.mode === mode", arg=mode, timeout=WAIT
            )

    def wait_for_bands(self, titles: list[str]) -> None:
        for page in self.screens:
            page.wait_for_function(
                """(titles) => JSON.stringify([...document.querySelectorAll('#band .band__title')]
                     .map((it) => it.textContent)) === JSON.stringify(titles)""",
                arg=titles,
                timeout=WAIT,
            )

    def wait_for_figures(self, **figures: str) -> None:
        for page in self.screens:
            for name, text in figures.items():
                page.wait_for_function(
                    "([id, text]) => document.getElementById(id)?.textContent === text",
                    arg=[f"figure-{name.replace('_', '-')}", text],
                    timeout=WAIT,
                )


@pytest.fixture
def evening(own_city: Server, sign_in: Callable[..., BrowserContext]) -> Evening:
    city = own_city
    console = sign_in(city).pages[0]
    painted(console)
    tablet = sign_in(city, "leader", width=820, height=1180, has_touch=True).pages[0]
    wall = sign_in(city, "commander", width=1920, height=1080).pages[0]
    wall.goto(f"{city.url}/wall/main")
    wall.wait_for_function(
        "() => window.pingji && pingji.live && pingji.live.fresh() && pingji.wall.step >= 0",
        timeout=WAIT,
    )
    return Evening(city, console, tablet, wall)


def test_the_evening_of_a_19_july(evening: Evening) -> None:
    evening.wait_for_mode("routine")
    warnings_propose_and_nothing_starts_by_itself(evening)
    the_supervisor_enters_the_citys_response_on_a_phoned_word(evening)
    the_proposal_is_accepted_as_the_bureaus_second_level(evening)
    the_leader_signs_both_on_the_tablet(evening)
    wet = ponding_is_entered_and_seen_alike(evening)
    tasks_are_done(evening)
    a_drill_begins_and_is_stopped_beside_it(evening)
    ponding_is_cleared(evening, wet)
    the_operations_end(evening)
    the_timelines_agree_with_the_store(evening)


def warnings_propose_and_nothing_starts_by_itself(evening: Evening) -> None:
    evening.warn("yellow", "发布暴雨黄色预警信号")
    evening.warn("orange", "暴雨黄色预警变更为暴雨橙色预警信号", msg_type="update")
    evening.console.wait_for_selector(".proposal", timeout=WAIT)
    assert "暴雨橙色预警信号" in evening.console.inner_text(".proposal__why")
    evening.warn("red", "暴雨橙色预警变更为暴雨红色预警信号", msg_type="update")
    evening.console.wait_for_function(
        "() => document.querySelector('.proposal__why')?.textContent.includes('暴雨红色')",
        timeout=WAIT,
    )
    assert evening.console.locator(".proposal").count() == 1
    assert evening.running() == {}


def the_supervisor_enters_the_citys_response_on_a_phoned_word(evening: Evening) -> None:
    page = evening.console
    page.click("[data-act=switch]")
    page.wait_for_selector(".switch__do")
    page.wait_for_selector(".switch__change *")
    page.fill("#switch-approved_by", "张指挥")
    page.fill("#switch-reason", "市防指电话通知启动")
    page.click(".switch__do")
    page.wait_for_selector(".switch__do.is-armed")
    page.click(".switch__do")
    page.wait_for_selector(".switch", state="detached", timeout=WAIT)
    evening.wait_for_bands([CITY_BAND])
    evening.wait_for_mode("emergency")


def the_proposal_is_accepted_as_the_bureaus_second_level(evening: Evening) -> None:
    page = evening.console
    page.click(".proposal button >> nth=0")
    page.click(".dialog__choices [data-value=城管系统]")
    page.click(".dialog__choices [data-value='2']")
    page.fill("#dialog-approved_by", "李局长")
    page.fill("#dialog-reason", "暴雨红色预警")
    page.click(".dialog .button--sure")
    page.wait_for_selector(".dialog", state="detached", timeout=WAIT)
    evening.wait_for_bands([BUREAU_BAND, CITY_BAND])
    page.wait_for_selector(".proposal", state="detached", timeout=WAIT)
    evening.started = {title: it["id"] for title, it in evening.running().items()}
    assert set(evening.started) == {CITY_BAND, BUREAU_BAND}


def the_leader_signs_both_on_the_tablet(evening: Evening) -> None:
    tablet = evening.tablet
    for left in (1, 0):
        tablet.tap(".tablet__sign >> nth=0")
        tablet.wait_for_selector(".switch__do")
        tablet.tap(".switch__do")
        tablet.wait_for_function(
            "(left) => !document.querySelector('.switch')"
            " && document.querySelectorAll('.tablet__sign').length === left",
            arg=left,
            timeout=WAIT,
        )
    assert not any(it["needs_confirmation"] for it in evening.running().values())


def ponding_is_entered_and_seen_alike(evening: Evening) -> list[dict[str, Any]]:
    places = evening.city.ask("/api/v1/places?limit=2000", role="supervisor")["items"]
    low = [it for it in places if it["kind"] == "low_point"][:3]
    under = [it for it in places if it["kind"] == "underpass"][:2]
    assert len(low) == 3
    assert len(under) == 2
    for place in low:
        evening.place(place, "ponding", 18)
    for place in under:
        evening.place(place, "closed", 40)
    evening.wait_for_figures(level="二级", ponding="5", ponding_closed="2")
    return [*low, *under]


def tasks_are_done(evening: Evening) -> None:
    operation = evening.started[BUREAU_BAND]
    tasks = evening.city.ask(f"/api/v1/operations/{operation}/tasks", role="supervisor")["items"]
    assert tasks
    for task in tasks[:3]:
        body = {"note": "3 处", "version": task["version"]}
        evening.city.ask(f"/api/v1/tasks/{task['id']}/done", role="supervisor", body=body)
    evening.console.wait_for_function(
        "(id) => /3/.test(document.querySelector(`.band__tasks[data-operation='${id}']`)"
        "?.textContent || '')",
        arg=operation,
        timeout=WAIT,
    )


def a_drill_begins_and_is_stopped_beside_it(evening: Evening) -> None:
    districts = evening.city.ask("/api/v1/jurisdictions?limit=2000", role="commander")["items"]
    district = next(it["id"] for it in districts if it["level"] == "district")
    body = {
        "kind": "emergency",
        "level": 3,
        "scenario": "flood-typhoon",
        "area": district,
        "issuer": "区防指",
        "reason": "隧道排水演练",
        "drill": True,
    }
    made = evening.city.ask("/api/v1/operations", role="commander", body=body)
    chip = evening.console.wait_for_selector(".band-chip--drill", timeout=WAIT)
    assert "演练" in chip.inner_text()
    assert [it["id"] for it in evening.running().values() if not it["drill"]]
    evening.wait_for_bands([BUREAU_BAND, CITY_BAND])
    end = f"/api/v1/operations/{made['id']}/end"
    evening.city.ask(end, role="supervisor", body={"reason": "中止演练", "approved_by": "李局长"})
    evening.console.wait_for_selector(".band-chip--drill", state="detached", timeout=WAIT)


def ponding_is_cleared(evening: Evening, wet: list[dict[str, Any]]) -> None:
    for place in wet:
        evening.place(place, "restored", 0)
    evening.wait_for_figures(ponding="0", ponding_handled="5", ponding_closed="0")
    evening.warn("", "解除暴雨预警信号", msg_type="cancel")


def the_operations_end(evening: Evening) -> None:
    for title in (CITY_BAND, BUREAU_BAND):
        end = f"/api/v1/operations/{evening.started[title]}/end"
        evening.city.ask(end, role="commander", body={"reason": "雨势减弱，险情排除"})
    evening.wait_for_bands([])
    evening.wait_for_mode("routine")


def the_timelines_agree_with_the_store(evening: Evening) -> None:
    base = f"file:{evening.city.folder / 'pingji.sqlite'}?mode=ro"
    with closing(sqlite3.connect(base, uri=True)) as store:
        for title, operation in evening.started.items():
            told = evening.city.ask(f"/api/v1/operations/{operation}/timeline", role="commander")
            found = Counter((it["kind"], it["act"]) for it in told["items"])
            acts = Counter(
                ("operation", act)
                for (act,) in store.execute(
                    "SELECT act FROM operation_act WHERE operation_id = ?", [operation]
                )
            )
            assert acts == {
                ("operation", "start"): 1,
                ("operation", "confirm"): 1,
                ("operation", "end"): 1,
            }, title
            tasks = Counter(
                ("task", act)
                for (act,) in store.execute(
                    "SELECT act FROM task_act WHERE task_id LIKE ? AND act <> 'began'",
                    [f"{operation}.%"],
                )
            )
            stored = acts + tasks
            assert {key: found[key] for key in stored} == dict(stored), title
            times = [it["at"] for it in told["items"]]
            assert times == sorted(times)
        done = store.execute("SELECT count(*) FROM task WHERE state = 'done'").fetchone()[0]
        assert done == 3
    assert re.match(r"\d{8}-\d\d", json.dumps(sorted(evening.started.values()))[2:])
