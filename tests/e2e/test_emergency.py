"""An emergency on every screen: the same figures at once, the mode and its reason, a 补签 by thumb."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page

from data_access.imports import Source, import_file
from layouts.wall_geometry import Geometry
from tests.data_access.test_typhoons import BEST_TRACK
from tests.e2e.looks import small_targets, texts
from tests.e2e.server import Server
from tests.e2e.walls import check_letters, enrolled, hall, put_screen, store_of  # noqa: F401

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


WALLS = {  # of a quarter of their points: shares and sizes are in millimetres
    "1x1": Geometry(width_mm=6000, pixels=(1920, 1080)),
    "2x4": Geometry(width_mm=4844, pixels=(3840, 1080), rows=2, columns=4, seam_mm=3.5, seat_m=6),
}

FLOODED = """() => window.pingji && pingji.live && pingji.live.fresh() && pingji.wall.step >= 0
  && pingji.wall.scene === 'emergency-flood'
  && document.getElementById('figure-ponding')?.textContent === '4'"""


def put_cameras(server: Server, place: str) -> None:
    """Put three cameras beside a place: the nearest not for walls, then two that are."""
    told = server.ask(f"/api/v1/places/{place}", role="commander")
    cameras = [
        {
            "id": f"W-{n}",
            "name": f"路口 {n}",
            "lon": told["lon"] + n * 0.0002,
            "lat": told["lat"],
            "source": "police",
            "status": "on",
            "wall_allowed": n > 0,
        }
        for n in range(3)
    ]
    report = server.ask("/api/v1/ingest/cameras", role="feed", body=cameras)
    assert report["accepted"] + report["unchanged"] == 3, report


def take_typhoon(server: Server, folder: Path) -> None:
    """Bring in a typhoon that passes the city now."""
    path = folder / "track.csv"
    path.write_text(BEST_TRACK, "utf-8")
    begin = datetime.now(UTC) - timedelta(hours=8)
    store = store_of(server)
    import_file(store, "typhoons", Source(path=path, given={}, only="1818", shift_to=begin))
    store.dispose()


def test_the_wall_of_an_emergency_is_read_from_the_farthest_seat(
    own_city: Server,
    hall: Callable[..., Page],  # noqa: F811
    tmp_path: Path,
) -> None:
    city = own_city
    start(city, role="commander", issuer="市防指", approved_by="张三", approval="phone")
    names = flood(city, ("ponding", 18), ("closed", 46), ("ponding", 9), ("ponding", 12))
    take_typhoon(city, tmp_path)
    for name, geometry in WALLS.items():
        put_screen(city, f"e{name}", geometry, shown=None)
        page = hall(city, f"e{name}", size=geometry.pixels, shows=FLOODED)
        page.wait_for_function("() => pingji.wall.steps.length === 4")  # 台风 among them
        check_letters(page, geometry)
        said = page.evaluate("document.getElementById('wall-ponding').textContent")
        assert names[1] in said
        typhoon = page.evaluate(
            "document.querySelector('[data-panel=typhoon]').textContent.replace(/\\s+/g, ' ')"
        )
        assert "Rumbia" in typhoon
        assert "日本气象厅" in typhoon
        assert page.locator("#wall button, #wall a, #wall input").count() == 0


def test_a_wall_chooses_its_cameras_by_itself(
    own_city: Server,
    hall: Callable[..., Page],  # noqa: F811
) -> None:
    city = own_city
    start(city, role="commander", issuer="市防指", approved_by="张三", approval="phone")
    flood(city, ("ponding", 18), ("closed", 46), ("ponding", 9), ("ponding", 12))
    listed = city.ask("/api/v1/places?limit=500", role="commander")["items"]
    worst = next(place for place in listed if place["state"] == "closed")
    put_cameras(city, worst["id"])
    page = hall(city, shows=FLOODED)
    page.wait_for_function(
        "() => ['W-1', 'W-2'].every((id) => pingji.live.topic('cameras').rows.has(id))"
    )
    assert page.evaluate("pingji.live.topic('cameras').rows.has('W-0')") is False
    chosen = "() => pingji.wall.chosenCameras(pingji.live.pictureAt())"
    mine = page.evaluate(f"() => ({chosen})().filter((one) => one.because === '{worst['id']}')")
    assert len(mine) == 1
    assert mine[0]["note"] == "封闭 46 厘米"
    told = city.ask(f"/api/v1/places/{worst['id']}", role="commander")["cameras"]
    assert mine[0]["id"] in {*told, "W-1"}, "its own first, else the nearest that a wall may show"
    page.evaluate("(id) => pingji.wall.cameraFailed(id)", mine[0]["id"])
    after = page.evaluate(f"() => ({chosen})().filter((one) => one.because === '{worst['id']}')")
    assert [one["id"] for one in after] != [mine[0]["id"]], "one that fails gives way"
    page.wait_for_function("() => document.querySelector('#wall-cameras .picture--shown')")


WATCHED = """() => window.pingji && pingji.wall && pingji.wall.scene === 'routine'
  && document.querySelector('#wall-watch .wall__row') && pingji.live.fresh()"""


def test_the_consoles_map_follows_the_mode_and_gives_back_a_persons_own_layers(
    own_city: Server,
    sign_in: Callable[..., BrowserContext],
    hall: Callable[..., Page],  # noqa: F811
    tmp_path: Path,
) -> None:
    city = own_city
    console = sign_in(city, "commander").pages[0]
    pressed = """(wanted) => Object.entries(wanted).every(([layer, on]) =>
      document.querySelector(`[data-act=layer][data-layer=${layer}]`)
        ?.getAttribute('aria-pressed') === String(on))"""
    console.wait_for_function(
        "() => /^[0-9,]+$/.test(document.getElementById('figure-open')?.textContent || '')"
    )
    start(city, role="commander", issuer="市防指", approved_by="张三", approval="phone")
    take_typhoon(city, tmp_path)
    console.wait_for_function(pressed, arg={"cameras": False, "rain": True, "responders": True})
    console.wait_for_selector(".map__thinned")
    shown = """() => { const { cases, shows, OPEN } = pingji.model; let n = 0;
      for (let i = 0; i < cases.n; i += 1) {
        if (cases.state[i] & OPEN && shows(i, pingji.live.now())) n += 1;
      } return n; }"""
    few = console.evaluate(shown)
    console.click("[data-act=map-all]")
    assert console.evaluate(shown) > few > 0
    console.click("[data-act=map-all]")
    assert re.fullmatch(r"下次报告 \d\d:\d\d", console.inner_text("#header-report"))
    console.wait_for_function(
        "() => /日本气象厅 .* 定位/.test(document.getElementById('map-typhoon').textContent)"
    )
    console.click("[data-act=typhoon]")
    console.wait_for_selector("#map-typhoon svg .inset__past", state="attached")
    console.click("[data-layer=emission]")  # within the emergency: not the person's own choice
    (worst, *_) = flood(city, ("closed", 46))
    listed = city.ask("/api/v1/operations?live=true", role="commander")["items"]
    until = (datetime.now(UTC) + timedelta(hours=6)).isoformat()
    for operation in (one for one in listed if one["state"] == "in_force"):
        path = f"/api/v1/operations/{operation['id']}/end"
        told = {"reason": "雨停", "version": operation["version"], "watch_until": until}
        city.ask(path, role="commander", body=told)
    every = ("cases", "river", "rain", "emission", "cameras", "places", "responders")
    console.wait_for_function(pressed, arg=dict.fromkeys(every, True))
    assert console.locator(".map__thinned").count() == 0
    assert console.inner_text("#header-report") == ""
    # 加强值班: routine, with its places and open cases kept beside it until a time
    console.wait_for_selector(".band--watch")
    assert "防汛Ⅳ级应急响应已于" in console.inner_text(".band--watch")
    assert worst in console.inner_text("#watch")
    assert re.search(r"封闭 [1-9] · 加急类未结 [1-9]", console.inner_text("#watch-counts"))
    wall = hall(city, shows=WATCHED)
    assert wall.evaluate("pingji.wall.steps.map((step) => step.when)") == ["watch", "watch"]
    assert worst in wall.inner_text("#wall-watch")
