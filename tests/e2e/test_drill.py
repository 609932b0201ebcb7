"""A drill on the console: apart, striped, silent; gone from every screen when its band is pressed."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.e2e.conftest import Watch, painted
from tests.e2e.server import Server

pytestmark = pytest.mark.e2e

APART = ["stations", "readings", "places", "cases", "warnings", "alerts", "feeds"]
COUNT = """(names) => Object.fromEntries(names.map((name) =>
  [name, pingji.live.topic(name).drills.size]))"""


def held(page: Page) -> dict[str, int]:
    return page.evaluate(COUNT, APART)


def refused_at_its_button(page: Page, stop: Locator, watch: Watch) -> None:
    """What the server refuses is said where it was pressed, and it may be pressed again."""
    # a page that has lost its token is no page of ours: the server's own refusal
    page.evaluate("Object.defineProperty(document, 'cookie', {get: () => '', configurable: true})")
    watch.expected.append("status of 403")
    stop.click()
    stop.click()
    expect(page.locator(".band--drill .band__refused[role=alert]")).not_to_be_empty()
    expect(page.locator(".band--drill")).to_be_visible()
    expect(stop).to_be_enabled()
    page.evaluate("() => delete document.cookie")


def test_a_drill_stands_apart_and_goes_with_the_press_of_its_band(
    server: Server, sign_in: Callable[..., BrowserContext], watch: Watch
) -> None:
    page = sign_in(server).pages[0]
    painted(page)
    assert not any(held(page).values())
    began = datetime.now(UTC) - timedelta(minutes=60)
    drill = server.ask(
        "/api/v1/operations",
        role="commander",
        body={
            "kind": "emergency",
            "level": 2,
            "scenario": "flood-typhoon",
            "area": "330100",
            "issuer": "市防指",
            "drill": True,
            "input": "storm",
            "reason": "汛前演练",
            "effective_at": began.isoformat(),
        },
    )
    try:
        ready = "(names) => names.every((name) => pingji.live.topic(name).drills.size > 0)"
        page.wait_for_function(ready, arg=APART, timeout=60_000)
        expect(page.locator(".band--drill .band__drill")).to_have_text("演练")
        section = page.locator(".alert--section.alert--drill")
        expect(section).to_be_visible()
        rows = page.locator(".alert--drill:not(.alert--section)")
        expect(rows.first).to_contain_text("演练")
        assert page.title().startswith("演练 · ")
        # no list, figure or sound of what is real has any of it
        mixed = page.evaluate(
            """(names) => names.filter((name) => Array.from(pingji.live.topic(name).rows.values())
                 .some((row) => row[pingji.live.topic(name).columns.drill]))""",
            APART,
        )
        assert mixed == []
        assert page.evaluate("() => Array.from(pingji.alerts.all.values()).every((a) => !a.drill)")
        # it opens like anything else, and says what it is
        place = page.evaluate("() => pingji.live.topic('places').drills.keys().next().value")
        page.evaluate("(id) => pingji.emit('open', {kind: 'place', id: id, from: 'map'})", place)
        expect(page.locator("#drawer.detail--drill #drawer-kind")).to_contain_text("演练")

        stop = page.locator(".band--drill .band__stop")
        refused_at_its_button(page, stop, watch)
        stop.click()
        expect(stop).to_have_text("再按一次：中止演练")
        assert any(held(page).values())
        stop.click()
        gone = "(names) => names.every((name) => pingji.live.topic(name).drills.size === 0)"
        page.wait_for_function(gone, arg=APART, timeout=30_000)
        expect(page.locator(".band")).to_have_count(0)
        expect(page.locator(".band__refused")).to_have_count(0)
        expect(section).to_have_count(0)
        page.wait_for_function("() => !document.title.startsWith('演练')", timeout=30_000)
    finally:
        now = server.ask(f"/api/v1/operations/{drill['id']}", role="commander")
        if now["state"] == "in_force":
            path = f"/api/v1/operations/{drill['id']}/end"
            server.ask(path, role="commander", body={"reason": "中止演练"})
    page.goto(f"{server.url}/timeline/{drill['id']}")
    expect(page.locator("#timeline-title")).to_contain_text("演练 · 市防指")
    lines = page.locator("#timeline-lines tr")
    expect(lines.filter(has_text="启动").first).to_be_visible()
    expect(lines.filter(has_text="【演练】").first).to_be_visible()
    page.emulate_media(media="print")
    expect(page.locator(".record__acts")).to_be_hidden()
