"""The drawers as a person meets them: opened from map and list, painted, masked, closed by Esc."""

import time
from collections.abc import Callable
from itertools import pairwise
from statistics import median

import pytest
from playwright.sync_api import Page

from tests.e2e.conftest import Watch, painted, repaint
from tests.e2e.server import Server

pytestmark = pytest.mark.e2e

NO_HLS = "HTMLMediaElement.prototype.canPlayType = () => '';"
SIZES = [(1920, 1080), (3840, 2160), (1180, 820), (820, 1180)]


def ready(page: Page) -> Page:
    painted(page)
    page.wait_for_function(
        "() => ['stations', 'cameras', 'places', 'responders', 'readings']"
        ".every(name => pingji.live.topic(name).loaded)"
    )
    return page


@pytest.fixture
def desk(glance: Callable[..., Page]) -> Page:
    """A console that stays open; tests put back what they change."""
    return ready(glance())


def one(page: Page, topic: str, test: str = "() => true") -> str:
    """The id of the first row of a topic that passes a test."""
    return page.evaluate(
        f"() => [...pingji.live.topic('{topic}').rows.values()]"
        f".find(row => ({test})(row, pingji.live.topic('{topic}').columns))[0]"
    )


def opened(page: Page, kind: str, thing: str) -> None:
    page.evaluate("([kind, id]) => pingji.emit('open', {kind, id, from: 'map'})", [kind, thing])
    page.wait_for_selector(f"#drawer-{kind}", state="visible")


def audit(server: Server, act: str) -> list[dict]:
    return server.ask(f"/api/v1/audit?act={act}", role="administrator")["items"]


def a_river(page: Page) -> str:
    return one(page, "stations", "(r, c) => r[c.kind] === 'river' && (r[c.thresholds]||{}).level")


def test_a_station_is_opened_on_the_map(desk: Page) -> None:
    switch = """() => { for (const name of ['cases', 'cameras'])
      pingji.acts.layer(document.querySelector(`[data-act=layer][data-layer=${name}]`)); }"""
    desk.evaluate(switch)
    at = desk.wait_for_function(
        "() => { const item = pingji.map.layer.drawn.findLast(i => i.kind === 'station' && i.id);"
        " if (!item) return null; const box = document.getElementById('map')"
        ".getBoundingClientRect(); return [box.x + item.x, box.y + item.y]; }"
    ).json_value()
    desk.mouse.click(*at)
    desk.wait_for_selector("#drawer-station", state="visible")
    assert desk.evaluate("() => pingji.drawer.open().kind") == "station"
    desk.evaluate(switch)


def test_a_river_stands_against_its_lines_and_datum(desk: Page) -> None:
    opened(desk, "station", a_river(desk))
    desk.wait_for_selector(".gauge__line--warning", state="attached")
    assert "警戒" in desk.inner_text(".gauge__margin")
    assert "基面" in desk.inner_text(".gauge__datum")
    assert float(desk.inner_text(".gauge__figure")) > 0
    desk.wait_for_selector("#drawer-graph .main-svg")
    assert "个读数" in desk.inner_text("#drawer-chart-note")


def test_a_chart_comes_of_the_small_bundle_and_wears_the_tokens(desk: Page) -> None:
    opened(desk, "station", a_river(desk))
    desk.wait_for_function("() => pingji.chart.timing.first_ms !== null")
    sources = desk.evaluate(
        "() => [...document.scripts].map(s => s.src).filter(s => /plotly/.test(s))"
    )
    assert [s.rpartition("/")[2] for s in sources] == ["plotly-basic.min.js"]
    for _ in range(2):
        worn = desk.evaluate(
            "() => { const plot = document.querySelector('#drawer-graph .js-plotly-plot');"
            " const token = n => getComputedStyle(document.documentElement)"
            ".getPropertyValue(n).trim(); return [plot.layout.paper_bgcolor,"
            " token('--surface-panel'), plot.data[0].line.color, token('--chart-line'),"
            " plot.layout.shapes[0].line.color, token('--warning-yellow')]; }"
        )
        assert worn[0] == worn[1]
        assert worn[2] == worn[3]
        assert worn[4] == worn[5]
        before = worn[0]
        desk.click("[data-act=theme]")
        desk.wait_for_function(
            "was => document.querySelector('#drawer-graph .js-plotly-plot')"
            ".layout.paper_bgcolor !== was",
            arg=before,
        )


def test_spans_of_a_chart(desk: Page) -> None:
    opened(desk, "station", a_river(desk))
    desk.wait_for_function("() => pingji.chart.shown() && pingji.chart.shown().span === '24h'")
    for span in ("7d", "30d", "24h"):
        desk.click(f"[data-span='{span}']")
        desk.wait_for_function("s => pingji.chart.shown().span === s", arg=span)
        assert desk.get_attribute(f"[data-span='{span}']", "aria-pressed") == "true"


def test_rain_is_columns(desk: Page) -> None:
    opened(desk, "station", one(desk, "stations", "(r, c) => r[c.kind] === 'rain'"))
    desk.wait_for_selector(".amount__figure")
    desk.wait_for_function(
        "() => (document.querySelector('#drawer-graph .js-plotly-plot')?.data || [{}])[0].type"
        " === 'bar'",
    )


def test_a_station_without_readings_says_so(desk: Page, server: Server) -> None:
    silent = {"id": "E2E-D", "kind": "river", "name": "无读数站", "lon": 120.15, "lat": 30.25}
    assert server.ask("/api/v1/ingest/stations", role="feed", body=[silent])["rejected"] == []
    desk.wait_for_function("() => pingji.live.topic('stations').rows.has('E2E-D')")
    opened(desk, "station", "E2E-D")
    assert "无读数" in desk.inner_text("#drawer-station-gauge")


def test_a_chart_that_cannot_be_fetched_offers_another_try(
    server: Server, visit: Callable[..., Page], watch: Watch
) -> None:
    desk = ready(visit(server))  # one that has fetched no readings yet
    watch.expected.append("Failed to load resource")
    desk.route("**/readings?*", lambda route: route.abort())
    opened(desk, "station", a_river(desk))
    desk.wait_for_selector("#drawer-chart-state .button")
    desk.unroute("**/readings?*")
    desk.click("#drawer-chart-state .button")
    desk.wait_for_selector("#drawer-graph .main-svg")


def test_a_camera_plays_hls_and_stands_in_the_audit(desk: Page, server: Server) -> None:
    if not (server.folder / "video" / "loop.m3u8").is_file():
        pytest.skip("no ffmpeg on this machine: the demonstration has no moving picture")
    camera = one(desk, "cameras", "(r, c) => r[c.status] === 'on'")
    opened(desk, "camera", camera)
    desk.wait_for_selector("#drawer-camera .picture--shown")
    assert desk.get_attribute("#drawer-camera .picture", "data-by") == "by_hls"
    begun = desk.evaluate("() => document.querySelector('.picture__video').currentTime")
    desk.wait_for_function(
        "t => document.querySelector('.picture__video').currentTime > t", arg=begun
    )
    assert camera in [line["subject"] for line in audit(server, "watch-camera")]
    desk.click("[data-act=close-detail]")
    assert desk.query_selector("video") is None


def test_without_hls_there_are_snapshots_every_two_seconds(
    server: Server, visit: Callable[..., Page]
) -> None:
    page = ready(visit(server, script=NO_HLS))
    taken: list[float] = []
    page.on("request", lambda r: taken.append(time.monotonic()) if "/frame/" in r.url else None)
    opened(page, "camera", one(page, "cameras", "(r, c) => r[c.status] === 'on'"))
    page.wait_for_selector("#drawer-camera .picture--shown")
    assert "快照" in page.inner_text("#drawer-camera .picture__by")
    first = page.get_attribute(".picture__image", "src")
    page.wait_for_function("was => document.querySelector('.picture__image').src !== was"
                           " && !document.querySelector('.picture__image').src.endsWith(was)",
                           arg=first)  # fmt: skip
    page.wait_for_timeout(2_500)
    gaps = [b - a for a, b in pairwise(taken)]
    assert gaps
    assert min(gaps) > 1.5, gaps
    assert median(gaps) < 8, gaps
    assert page.query_selector("video") is None


def test_a_picture_that_cannot_be_had_is_a_word_and_never_black(desk: Page, watch) -> None:
    watch.expected.append("Failed to load resource")
    desk.route("**/watch*", lambda route: route.fulfill(status=503, body="{}"))
    opened(desk, "camera", one(desk, "cameras"))
    desk.wait_for_selector("#drawer-camera .picture__word .button")
    assert "画面打不开" in desk.inner_text("#drawer-camera .picture__word")
    desk.unroute("**/watch*")
    desk.click("#drawer-camera .picture__word .button")
    desk.wait_for_selector("#drawer-camera .picture--shown")


def test_a_case_shows_what_is_around_it_and_back_again(desk: Page, server: Server) -> None:
    now = desk.evaluate("() => new Date(pingji.live.now() - 5000).toISOString()")
    near = {"id": "E2E-NEAR", "kind": "event", "source": "12345", "subcategory": "0102"}
    near |= {"lon": 120.1339, "lat": 30.3205, "description": "桥边积水", "reported_at": now}
    near |= {"stage": "reported", "stage_at": now}  # beside the gauge of 拱宸桥
    assert server.ask("/api/v1/ingest/cases", role="feed", body=[near])["rejected"] == []
    desk.wait_for_function("() => pingji.live.topic('cases').rows.has('E2E-NEAR')")
    opened(desk, "case", "E2E-NEAR")
    desk.wait_for_selector("#drawer-case-record .timeline__step")
    desk.wait_for_selector("#drawer-case-stations .near__row")
    desk.wait_for_function(
        "() => document.querySelector('#drawer-case-before .drawer__state, "
        "#drawer-case-before .near__row') && !document.querySelector("
        "'#drawer-case-before .drawer__state--loading')"
    )
    case = desk.evaluate("() => pingji.drawer.open().id")
    desk.click("#drawer-case-stations .near__row")
    desk.wait_for_selector("#drawer-station", state="visible")
    assert not desk.is_visible("#drawer-case")
    desk.click("[data-act=drawer-back]")
    desk.wait_for_selector("#drawer-case", state="visible")
    assert desk.evaluate("() => pingji.drawer.open().id") == case
    assert not desk.is_visible("[data-act=drawer-back]")


def test_numbers_of_people_are_masked_until_asked_for(desk: Page, server: Server) -> None:
    now = desk.evaluate("() => new Date(pingji.live.now() - 5000).toISOString()")
    team = {"id": "E2E-R", "kind": "team", "name": "抢险队", "lon": 120.2, "lat": 30.25}
    team |= {"at": now, "status": "available", "phone": "13812345678"}
    assert server.ask("/api/v1/ingest/responders", role="feed", body=[team])["rejected"] == []
    desk.wait_for_function("() => pingji.live.topic('responders').rows.has('E2E-R')")
    opened(desk, "responder", "E2E-R")
    desk.wait_for_selector(".phone__number")
    assert desk.inner_text(".phone__number") == "138****5678"
    desk.click(".phone .button")
    desk.wait_for_function(
        "() => document.querySelector('.phone__number').textContent === '13812345678'"
    )
    assert "E2E-R" in [line["subject"] for line in audit(server, "unmask")]


def test_a_responder_leaves_a_track(desk: Page) -> None:
    moving = one(desk, "responders", "(r, c) => r[c.kind] === 'vehicle'")
    opened(desk, "responder", moving)
    desk.wait_for_selector(".track__last")


def test_a_place_tells_its_state_and_who_is_near(desk: Page, server: Server) -> None:
    place = one(desk, "places", "(r, c) => r[c.state] === 'normal'")
    opened(desk, "place", place)
    desk.wait_for_selector("#drawer-place-teams .near__row")
    assert desk.inner_text(".place__name") == "正常"
    row = server.ask(f"/api/v1/places/{place}", role="leader")
    now = desk.evaluate("() => new Date(pingji.live.now()).toISOString()")
    kept = ("id", "kind", "name", "lon", "lat", "cameras")
    flooded = {key: row[key] for key in kept} | {"state": "ponding", "depth_cm": 27, "at": now}
    assert server.ask("/api/v1/ingest/places", role="feed", body=[flooded])["rejected"] == []
    desk.wait_for_function("() => document.querySelector('.place__name').textContent === '积水'")
    assert desk.inner_text(".place__depth .gauge__figure") == "27"


def test_the_keyboard_closes_and_steps(desk: Page) -> None:
    opened(desk, "place", one(desk, "places"))
    desk.wait_for_selector("#drawer-place-teams .near__row >> nth=1")
    rows = "document.activeElement === document.querySelectorAll('#drawer-place-teams .near__row')"
    desk.focus("#drawer-place-teams .near__row >> nth=0")
    desk.keyboard.press("ArrowDown")
    assert desk.evaluate(f"() => {rows}[1]")
    desk.keyboard.press("Enter")
    desk.wait_for_selector("#drawer-responder", state="visible")
    desk.focus("#drawer-body")
    desk.keyboard.press("Escape")
    assert not desk.is_visible(".detail")


@pytest.mark.parametrize(
    ("kind", "width", "height"),
    [("case", *size) for size in SIZES]
    + [
        pytest.param("station", *size, marks=() if size[0] == 1180 else pytest.mark.slow)
        for size in SIZES
    ]
    + [(kind, 1180, 820) for kind in ("camera", "responder", "place")],
)
def test_every_drawer_fits_every_size_in_both_languages(
    desk: Page, kind: str, width: int, height: int
) -> None:
    page = desk
    page.set_viewport_size({"width": width, "height": height})
    thing = page.evaluate("() => pingji.model.cases.ids[0]")
    if kind != "case":
        thing = one(page, {"station": "stations"}.get(kind, f"{kind}s"))
    for _ in range(2):
        opened(page, kind, thing)
        page.wait_for_function(
            "kind => !document.querySelector(`#drawer-${kind} .drawer__state--loading`)", arg=kind
        )
        repaint(page)
        wide = page.evaluate(
            "() => [...document.querySelectorAll('#drawer-body, #drawer-body .drawer:not([hidden])')]"
            ".map(e => e.scrollWidth - e.clientWidth)"
        )
        assert max(wide) <= 1
        assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
        page.click("[data-act=language]")
    page.set_viewport_size({"width": 1920, "height": 1080})


def test_name_and_time_lie_over_the_screen(desk: Page) -> None:
    desk.wait_for_selector(".watermark", state="attached")
    drawn = desk.evaluate("() => decodeURIComponent(getComputedStyle(document.querySelector("
                          "'.watermark')).backgroundImage)")  # fmt: skip
    assert "监督员" in drawn
    assert desk.evaluate("() => getComputedStyle(document.querySelector('.watermark'))"
                         ".pointerEvents") == "none"  # fmt: skip
