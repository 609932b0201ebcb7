"""An emergency on every screen: the same figures at once, the mode and its reason, a 补签 by thumb."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.e2e.looks import small_targets, texts
from tests.e2e.server import Server

pytestmark = pytest.mark.e2e

FIGURES = (
    "figure-level",
    "figure-ponding",
    "figure-ponding-handled",
    "figure-ponding-closed",
    "figure-stations-over",
)
BASIS = "气象台发布暴雨橙色预警"


def start(server: Server, *, role: str, **more: Any) -> dict[str, Any]:
    """Start the city's flood response unless it stands already."""
    told = server.ask("/api/v1/operations?live=true", role=role)
    for operation in told["items"]:
        if operation["state"] == "in_force" and operation["issuer"] == more.get("issuer"):
            return operation
    body = {
        "kind": "emergency",
        "level": 4,
        "scenario": "flood-typhoon",
        "basis": BASIS,
        "reason": "多处易积水点水位上涨",
        **more,
    }
    return server.ask("/api/v1/operations", role=role, body=body)


def flood(server: Server, *states: tuple[str, float]) -> list[str]:
    """Give the first low points these states and depths; returns their names."""
    listed = server.ask("/api/v1/places?limit=500", role="commander")["items"]
    wet = [place for place in listed if place["kind"] == "low_point"][: len(states)]
    for place, (state, depth) in zip(wet, states, strict=True):
        server.ask(
            f"/api/v1/places/{place['id']}/state",
            role="supervisor",
            body={"state": state, "depth_cm": depth, "version": place["version"]},
        )
    return [place["name"] for place in wet]


def shown(page: Page) -> list[str]:
    return page.evaluate(
        "(ids) => ids.map((id) => document.getElementById(id)?.textContent)", list(FIGURES)
    )


def wait_for_figures(page: Page, expected: list[str]) -> None:
    page.wait_for_function(
        """([ids, expected]) => ids.slice(0, 4).every((id, n) =>
             document.getElementById(id)?.textContent === expected[n])""",
        arg=[list(FIGURES), expected],
        timeout=30_000,
    )


def test_figures_and_what_is_worst_follow_the_mode_on_every_screen(
    own_city: Server, sign_in: Callable[..., BrowserContext]
) -> None:
    city = own_city
    tablet = sign_in(city, "leader", width=820, height=1180, has_touch=True).pages[0]
    console = sign_in(city).pages[0]
    for page in (tablet, console):
        page.wait_for_function(
            "() => /^[0-9,]+$/.test(document.getElementById('figure-overdue')?.textContent || '')",
            timeout=30_000,
        )
        assert page.locator("#figure-ponding").is_hidden()
    names = flood(city, ("ponding", 18), ("closed", 46), ("ponding", 9))
    told = start(city, role="supervisor", issuer="市防指", approved_by="张三", approval="phone")
    flood(city, ("restored", 0))
    for page in (tablet, console):
        wait_for_figures(page, ["Ⅳ级", "2", "1", "1"])
        assert page.locator("#figure-overdue").is_hidden()
        assert re.fullmatch(r"\d\d:\d\d:\d\d", page.inner_text("#figure-elapsed"))
    assert shown(tablet) == shown(console)
    # the mode and its reason first, then the worst
    said = tablet.inner_text("#tablet-mode")
    assert "市防指 防汛Ⅳ级应急响应" in said
    assert BASIS in said
    assert "张三（电话）" in said
    worst = tablet.inner_text("[data-worst=place]")
    assert names[1] in worst
    assert "封闭 46 厘米" in worst
    assert tablet.locator("[data-page=city] .worst__button:visible").count() == 3
    assert small_targets(tablet, "#tablet", 44) == []
    for text in texts(tablet, "#tablet-mode") + texts(tablet, ".tablet__figures"):
        assert text["contrast"] >= 4.5, text
    assert tablet.evaluate("document.documentElement.scrollWidth <= innerWidth")
    # what waits for the leader is signed by a thumb: one press opens it, one signs it
    tablet.tap(".tablet__sign")
    tablet.wait_for_selector(".switch__do")
    tablet.tap(".switch__do")
    tablet.wait_for_function("() => !document.querySelector('.tablet__sign')", timeout=30_000)
    record = city.ask(f"/api/v1/operations/{told['id']}", role="leader")
    assert record["needs_confirmation"] is False


def test_cases_have_an_emergency_limit_beside_their_deadline(
    own_city: Server, sign_in: Callable[..., BrowserContext]
) -> None:
    city = own_city
    console = sign_in(city).pages[0]
    told = start(city, role="commander", issuer="市防指", approved_by="张三", approval="phone")
    view = "[data-act=cases-view][data-view=emergency]"
    console.wait_for_selector(view, state="visible", timeout=30_000)
    console.click(view)
    console.wait_for_function(
        """() => { const all = [...document.querySelectorAll('#cases-list .case__emergency')];
          return all.length && all.every((it) => /^应急(剩|超期) [0-9.]+ 小时$/.test(it.textContent)); }""",
        timeout=30_000,
    )
    console.locator("#cases-list .case").first.click()
    console.wait_for_function(
        "() => /应急时限/.test(document.getElementById('drawer-case-clocks')?.innerText || '')",
        timeout=30_000,
    )
    clocks = console.inner_text("#drawer-case-clocks")
    assert "市防指 防汛Ⅳ级应急响应 · 限" in clocks
    record = console.inner_text("#drawer-case-record")
    assert re.search("加急 · [24] 小时", record)
    assert "多处易积水点水位上涨" in record
    assert "又有来电" not in console.inner_text("#drawer-case-acts")
    for text in texts(console, "#drawer-case-clocks") + texts(console, "#cases-list"):
        assert text["contrast"] >= 4.5, text
    assert city.ask(f"/api/v1/operations/{told['id']}", role="leader")["cases"]["limited"] > 0
