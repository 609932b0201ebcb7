"""The leader's tablet in a real browser: the state of the city in ten seconds, by a thumb."""

import re
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.e2e.conftest import Server
from tests.e2e.looks import small_targets, texts

pytestmark = pytest.mark.e2e

SIZES = {"1180x820": (1180, 820), "820x1180": (820, 1180)}
PAINTED = """() => window.pingji && pingji.live && pingji.live.fresh()
  && /^[0-9,]+$/.test(document.getElementById('figure-overdue')?.textContent || '')
  && document.querySelectorAll('.tablet__tab').length > 5
  && [...document.querySelectorAll('[data-page=city] .worst__how')].every((e) => e.textContent)"""
EVERY_DAY = {("dark", "zh", "1180x820"), ("light", "en", "820x1180")}


@pytest.fixture
def tablet(server: Server, sign_in: Callable[..., BrowserContext]) -> Callable[..., Page]:
    def make(size: str = "1180x820") -> Page:
        width, height = SIZES[size]
        page = sign_in(server, "leader", width=width, height=height).pages[0]
        page.wait_for_url(re.compile("/tablet$"))
        page.wait_for_function(PAINTED, timeout=30_000)
        return page

    return make


def test_a_leader_is_led_here_and_sees_three_figures_three_worst_one_map(
    tablet: Callable[..., Page],
) -> None:
    page = tablet()
    city = page.locator("[data-page=city]")
    assert city.locator(".tablet__figure").count() == 3
    assert city.locator(".worst__button").count() == 3
    assert city.locator(".map__leaflet").count() == 1
    for figure in ("figure-overdue", "figure-filed-today", "figure-closed-today"):
        assert re.fullmatch(r"[0-9,]+", page.inner_text(f"#{figure}"))
    assert "模拟数据" in page.inner_text(".tablet__head")
    assert "及时解决率" in city.inner_text()


@pytest.mark.parametrize(
    ("theme", "language", "size"),
    [
        pytest.param(
            theme,
            language,
            size,
            # Day by day the two that differ in everything; the rest with the slow tests.
            marks=() if (theme, language, size) in EVERY_DAY else pytest.mark.slow,
        )
        for theme in ("dark", "light")
        for language in ("zh", "en")
        for size in SIZES
    ],
)
def test_it_is_read_and_pressed_in_every_dress(
    tablet: Callable[..., Page], size: str, language: str, theme: str
) -> None:
    page = tablet(size)
    if language == "en":
        page.click("[data-act=language]")
    if theme == "light":
        page.click("[data-act=theme]")
    page.wait_for_timeout(600)
    assert small_targets(page, "#tablet", 44) == []
    for text in texts(page, ".tablet__head") + texts(page, ".tablet__figures"):
        assert text["contrast"] >= 4.5, text
    for text in texts(page, ".worst") + texts(page, ".tablet__tabs"):
        assert text["contrast"] >= 4.5, text
    wide = page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert wide, "the page itself scrolls sideways"
    first = page.evaluate(
        "() => { const p = document.querySelector('[data-page=city]');"
        " return p.scrollHeight <= p.clientHeight + 1; }"
    )
    assert first, "the city's page does not fit without scrolling"
    if language == "en":
        said = page.inner_text(".tablet__figures") + page.inner_text(".tablet__head")
        assert "Filed / closed today" in said


def test_the_worst_case_is_the_one_overdue_longest(
    server: Server, tablet: Callable[..., Page]
) -> None:
    page = tablet()
    held = page.evaluate(
        """() => {
             const at = pingji.live.topic('cases').columns;
             const now = pingji.live.now();
             return [...pingji.live.topic('cases').rows.values()]
               .filter((r) => r[at.due_at] && Date.parse(r[at.due_at]) < now
                 && !pingji.page.answered.includes(r[at.stage])
                 && !(r[at.marks] || []).includes('suspended'))
               .map((r) => Date.parse(r[at.due_at])).sort((a, b) => a - b);
           }"""
    )
    said = page.inner_text("[data-worst=case]")
    if not held:
        assert "没有超期案件" in said
        return
    assert page.evaluate("(ms) => pingji.format.moment(ms)", held[0]) in said
    assert "超期" in said


def test_the_worst_river_is_the_highest_against_its_warning(
    server: Server, tablet: Callable[..., Page]
) -> None:
    page = tablet()
    stations = {
        row[0]: row
        for row in server.ask("/api/v1/snapshot/stations", role="leader")["rows"]
        if row[6] and (row[6].get("level") or {}).get("warning") is not None
    }
    name, row = next(iter(stations.items()))
    lines = row[6]["level"]
    value = max(v for v in lines.values() if isinstance(v, int | float)) + 9.9
    clock = page.evaluate("pingji.live.now()")
    at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(clock / 1000))
    told = server.ask(
        "/api/v1/ingest/readings",
        role="feed",
        body=[{"station": name, "factor": "level", "at": at, "value": value}],
    )
    assert told["accepted"] == 1
    page.wait_for_function(
        "(name) => document.querySelector('[data-worst=river]').textContent.includes(name)",
        arg=row[2],
        timeout=15_000,
    )
    assert re.search("超(警戒|保证|历史最高)", page.inner_text("[data-worst=river]"))
    level = page.get_attribute("[data-worst=river]", "data-level")
    assert level in ("warning", "guarantee", "record")


def test_the_worst_feed_is_the_one_silent_longest(tablet: Callable[..., Page]) -> None:
    page = tablet()
    said, feeds = page.evaluate(
        """() => [
             document.querySelector('[data-worst=feed] .worst__what').textContent,
             [...pingji.live.topic('feeds').rows.values()].map((row) =>
               [row[pingji.live.topic('feeds').columns.name],
                (pingji.live.feeds[row[0]] || {}).age_s]),
           ]"""
    )
    ages = {name: -1 if age is None else age for name, age in feeds}
    assert ages[said] == -1 or ages[said] >= max(ages.values()) - 6


def test_a_thumb_swipes_to_the_districts(tablet: Callable[..., Page]) -> None:
    page = tablet()
    districts = page.locator(".tablet__page--district").count()
    assert districts == page.locator(".tablet__tab").count() - 1 >= 5
    page.evaluate(
        "() => { const p = document.getElementById('tablet-pages');"
        " p.scrollTo({left: p.clientWidth * 0.8, behavior: 'smooth'}); }"
    )
    page.wait_for_function(
        "() => document.querySelector('.tablet__tab[aria-current]').dataset.to !== 'city'"
    )
    page.wait_for_function(
        "() => { const p = document.getElementById('tablet-pages');"
        " return p.scrollLeft === p.clientWidth; }"
    )
    shown = page.locator(".tablet__page--district").first
    assert shown.locator(".tablet__value").first.inner_text() != ""
    assert shown.locator(".worst__how").inner_text() != ""


def test_a_tab_leads_to_its_district_and_back(tablet: Callable[..., Page]) -> None:
    page = tablet("820x1180")
    tab = page.locator(".tablet__tab").nth(3)
    name = tab.inner_text()
    tab.click()
    page.wait_for_function(
        "(name) => document.querySelector('.tablet__tab[aria-current]').textContent === name",
        arg=name,
    )
    index = page.evaluate(
        "() => { const p = document.getElementById('tablet-pages');"
        " return Math.round(p.scrollLeft / p.clientWidth); }"
    )
    assert page.locator(".tablet__page").nth(index).locator("h2").inner_text() == name
    page.locator(".tablet__tab").first.click()
    page.wait_for_function(
        "() => document.querySelector('.tablet__tab[aria-current]').dataset.to === 'city'"
    )


def test_the_districts_add_up_to_the_city(tablet: Callable[..., Page]) -> None:
    page = tablet()
    deadline = time.monotonic() + 15
    while time.monotonic() < deadline:
        whole, parts = page.evaluate(
            """() => {
                 const number = (t) => Number(t.replace(/,/g, ''));
                 const late = number(document.getElementById('figure-overdue').textContent);
                 const pages = [...document.querySelectorAll('.tablet__page--district')];
                 const sum = pages.reduce((s, p) =>
                   s + number(p.querySelectorAll('.tablet__value')[0].textContent), 0);
                 return [late, sum];
               }"""
        )
        if whole == parts:
            return
        time.sleep(0.2)
    raise AssertionError((whole, parts))


def test_it_carries_a_watermark(tablet: Callable[..., Page]) -> None:
    page = tablet()
    mark = page.wait_for_selector(".watermark", state="attached")
    assert mark is not None
    drawn = mark.evaluate("e => decodeURIComponent(e.style.getPropertyValue('--at-mark'))")
    assert re.search(r"(leader|领导)\s+\d{4}-\d\d-\d\d \d\d:\d\d", drawn)
    caught = mark.evaluate("e => getComputedStyle(e).pointerEvents")
    assert caught == "none"


def test_the_most_overdue_case_is_shown_on_the_map(tablet: Callable[..., Page]) -> None:
    page = tablet()
    button = page.locator("[data-worst=case]")
    if button.is_disabled():
        pytest.skip("no case is overdue, or it has no place")
    button.click()
    page.wait_for_function("() => pingji.map.map.getZoom() >= 13")
    page.wait_for_selector(".detail--open")
    assert small_targets(page, ".detail--open .panel__head", 44) == []
    page.click("[data-act=close-detail]")
    page.wait_for_selector(".detail--open", state="hidden")
