"""The leader's tablet in a real browser: the state of the city in ten seconds, by a thumb."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import repaint
from tests.e2e.looks import small_targets, texts
from tests.e2e.server import Server

pytestmark = pytest.mark.e2e

SIZES = {"1180x820": (1180, 820), "820x1180": (820, 1180)}
PAINTED = """() => window.pingji && pingji.live && pingji.live.fresh()
  && /^[0-9,]+$/.test(document.getElementById('figure-overdue')?.textContent || '')
  && document.querySelectorAll('.tablet__tab').length > 5
  && [...document.querySelectorAll('[data-page=city] .worst__how')].every((e) => e.textContent || !e.getClientRects().length)"""
EVERY_DAY = {("dark", "zh", "1180x820"), ("light", "en", "820x1180")}


@pytest.fixture
def tablet(glance: Callable[..., Page]) -> Callable[..., Page]:
    """A leader's tablet that stays open, on the page of the whole city."""

    def make(size: str = "1180x820") -> Page:
        width, height = SIZES[size]
        page = glance("leader", width=width, height=height)
        page.wait_for_url(re.compile("/tablet$"))
        page.wait_for_function(PAINTED)
        page.evaluate("() => document.getElementById('tablet-pages').scrollTo({left: 0})")
        page.wait_for_selector(".tablet__tab[data-to=city][aria-current]")
        return page

    return make


def test_a_leader_is_led_here_and_sees_three_figures_three_worst_one_map(
    tablet: Callable[..., Page],
) -> None:
    page = tablet()
    city = page.locator("[data-page=city]")
    assert city.locator(".tablet__figure:visible").count() == 3
    assert city.locator(".worst__button:visible").count() == 3
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
    server: Server, visit: Callable[..., Page], size: str, language: str, theme: str
) -> None:
    width, height = SIZES[size]
    page = visit(server, "leader", width=width, height=height)
    page.wait_for_function(PAINTED)
    if language == "en":
        page.click("[data-act=language]")
    if theme == "light":
        page.click("[data-act=theme]")
    repaint(page)
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
    now, above = page.evaluate(
        "() => [pingji.live.now(), (pingji.cityData.rivers(pingji.live.now())[0] || {}).above]"
    )
    # A gauge that never spoke before: such a step of one that did would be 可疑, and not judged.
    station = {
        "id": "E2E-WORST",
        "kind": "river",
        "name": "高水位测试站",
        "datum": "1985 国家高程基准",
        "lon": 120.16,
        "lat": 30.27,
        "river": "高水位测试河",
        "thresholds": {"level": {"warning": 3.4, "guarantee": 4.2}},
    }
    reading = {
        "station": "E2E-WORST",
        "factor": "level",
        "at": datetime.fromtimestamp(now / 1000, UTC).isoformat(),
        "value": round(max(3.4, 3.4 + (above or 0)) + 1, 2),
    }
    assert server.ask("/api/v1/ingest/stations", role="feed", body=[station])["accepted"] == 1
    assert server.ask("/api/v1/ingest/readings", role="feed", body=[reading])["accepted"] == 1
    page.wait_for_function(
        "() => document.querySelector('[data-worst=river]').textContent.includes('高水位测试站')",
    )
    assert re.search("超保证", page.inner_text("[data-worst=river]"))
    assert page.get_attribute("[data-worst=river]", "data-level") == "guarantee"


def test_the_worst_feed_is_the_one_silent_longest(tablet: Callable[..., Page]) -> None:
    page = tablet()
    page.wait_for_function(  # text and ages are of one moment only when both were painted
        """() => {
             const said = document.querySelector('[data-worst=feed] .worst__what').textContent;
             const name = pingji.live.topic('feeds').columns.name;
             const ages = new Map([...pingji.live.topic('feeds').rows.values()].map((row) =>
               [row[name], (pingji.live.feeds[row[0]] || {}).age_s ?? -1]));
             const age = ages.get(said);
             return age === -1 || age >= Math.max(...ages.values()) - 6;
           }""",
        timeout=30_000,
    )


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


def test_the_pages_add_up_to_the_city(server: Server, tablet: Callable[..., Page]) -> None:
    """A case that lies in no district is late on a page of its own, and forgotten nowhere."""
    page = tablet()
    now = datetime.fromtimestamp(page.evaluate("() => pingji.live.now()") / 1000, UTC)
    case = {
        "id": "E2E-NOWHERE",
        "kind": "event",
        "source": "12345",
        "subcategory": "0102",
        "description": "来电未说地点",
        "reported_at": (now - timedelta(hours=9)).isoformat(),
        "stage": "dispatched",
        "stage_at": (now - timedelta(hours=8)).isoformat(),
        "due_at": (now - timedelta(hours=1)).isoformat(),
    }
    assert server.ask("/api/v1/ingest/cases", role="feed", body=[case])["accepted"] == 1
    page.wait_for_selector("[data-page=nowhere]", state="attached")
    assert page.locator(".tablet__tab").last.inner_text() == "区县不明"
    told = page.evaluate(
        """() => {
             pingji.emit('paint');
             const number = (t) => Number(t.replace(/,/g, ''));
             const late = (p) => number(p.querySelector('.tablet__value').textContent);
             const pages = [...document.querySelectorAll('.tablet__page--district')];
             return {
               city: number(document.getElementById('figure-overdue').textContent),
               sum: pages.reduce((sum, p) => sum + late(p), 0),
               nowhere: late(pages.find((p) => p.dataset.page === 'nowhere')),
             };
           }"""
    )
    assert told["city"] == told["sum"]
    assert told["nowhere"] >= 1
    page.locator(".tablet__tab").last.click()
    shown = page.locator("[data-page=nowhere]")
    expect(shown.locator(".worst__how")).to_contain_text("超期")
    assert shown.locator(".tablet__figure").count() == 2


def test_it_carries_a_watermark(tablet: Callable[..., Page]) -> None:
    page = tablet()
    mark = page.wait_for_selector(".watermark", state="attached")
    assert mark is not None
    drawn = mark.evaluate("e => decodeURIComponent(e.style.getPropertyValue('--at-mark'))")
    assert re.search(r"(leader|领导)\s+\d{4}-\d\d-\d\d \d\d:\d\d", drawn)
    caught = mark.evaluate("e => getComputedStyle(e).pointerEvents")
    assert caught == "none"


def test_the_most_overdue_case_is_shown_on_the_map(
    server: Server, tablet: Callable[..., Page]
) -> None:
    page = tablet()
    now = datetime.fromtimestamp(page.evaluate("() => pingji.live.now()") / 1000, UTC)
    case = {
        "id": "E2E-LONGEST",
        "kind": "event",
        "source": "collector",
        "subcategory": "0102",
        "description": "沿街暴露垃圾",
        "reported_at": (now - timedelta(days=61)).isoformat(),
        "due_at": (now - timedelta(days=60)).isoformat(),
        "stage": "dispatched",
        "stage_at": (now - timedelta(days=61)).isoformat(),
        "lon": 120.13,
        "lat": 30.27,
    }
    assert server.ask("/api/v1/ingest/cases", role="feed", body=[case])["accepted"] == 1
    button = page.locator("[data-worst=case]")
    expect(button).to_contain_text("超期 60 天")
    expect(button).to_be_enabled()
    button.click()
    page.wait_for_function("() => pingji.map.map.getZoom() >= 13")
    page.wait_for_selector(".detail--open")
    assert small_targets(page, ".detail--open .panel__head", 44) == []
    page.click("[data-act=close-detail]")
    page.wait_for_selector(".detail--open", state="hidden")
