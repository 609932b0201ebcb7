"""/analysis in a real browser: one number everywhere, and the cases behind each are a click away."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.e2e.server import Server

pytestmark = pytest.mark.e2e

RATE = """() => /^[0-9.]+%$/.test(
  document.getElementById('figure-timely-rate')?.textContent || '')"""


def test_from_the_live_figure_to_a_case(server: Server, visit: Callable[..., Page]) -> None:
    page = visit(server)
    page.wait_for_function(RATE, timeout=40_000)
    note = page.inner_text("#figure-timely-rate-note")
    assert "实时口径" in note
    assert "数据截至" in note
    page.click(".header a[href='/analysis']")
    page.wait_for_selector(".analysis__table tbody tr")
    told = server.ask("/api/v1/indicators?period=month&by=district", role="supervisor")
    assert page.locator(".analysis__table tbody tr").count() == len(told["items"])
    assert "实时口径" in page.inner_text("#analysis-head")
    assert "无可比数据" in page.inner_text("#analysis-head")
    assert page.inner_text("#analysis-basis") == "实时口径"  # one is counted: nothing to choose
    # a rate opens its cases as well: those that closed of what fell due
    page.click(".analysis__figures [data-measure='due_closed']")
    page.wait_for_selector("#analysis-cases .analysis__case")
    page.click("[data-act='analysis-span'][data-value='today']")
    page.click("[data-act='analysis-group'][data-value='class']")
    page.wait_for_function(
        "() => document.querySelector('th.analysis__who')?.textContent === '大类'"
    )
    # Reported today: as many cases as the number says, and each opens its record.
    page.click(".analysis__figures [data-measure='reported']")
    page.wait_for_selector("#analysis-cases .analysis__case")
    page.locator("#analysis-cases .analysis__case").first.click()
    case_id = page.locator("#analysis-cases .analysis__case-id").first.inner_text()
    page.wait_for_selector(".detail--open")
    page.wait_for_function(
        "id => document.getElementById('drawer').textContent.includes(id)", arg=case_id
    )


def test_what_is_behind_a_figure_of_the_console_is_a_press_away(
    server: Server, visit: Callable[..., Page]
) -> None:
    page = visit(server)
    page.wait_for_function(RATE)
    page.click("#figure-overdue")
    pressed = page.locator('[data-act="cases-view"][data-view="overdue"]')
    assert pressed.get_attribute("aria-pressed") == "true"
    assert page.locator("[data-act=filter-overdue]").get_attribute("aria-pressed") == "true"
    page.click("#figure-open")
    assert page.locator("[data-act=filter-overdue]").get_attribute("aria-pressed") == "false"
    page.click("#figure-filed-today")
    page.wait_for_selector("#analysis-cases .analysis__case")
    assert page.locator("#analysis-cases-note").inner_text().startswith("立案")
    pressed = page.locator("[data-act=analysis-span][aria-pressed=true]")
    assert pressed.get_attribute("data-value") == "today"
    # a cell of the heat opens what it counts
    page.wait_for_selector(".analysis__heat")
    page.evaluate("pingji.analysis.open({measure: 'reported', box: '0,0,1,1'})")
    page.wait_for_function(
        "() => document.getElementById('analysis-cases').textContent === '没有数据'"
    )
