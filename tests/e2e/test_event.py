"""An event guarded for an evening: its room and its wall open together, a route changed before."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from layouts.wall_geometry import GLYPH_SHARE, Geometry
from tests.conftest import ROOT
from tests.e2e.looks import small_targets, texts
from tests.e2e.server import Server, becomes
from tests.e2e.walls import enrolled, hall, put_screen, turn_to

__all__ = ["enrolled", "hall"]  # the fixtures

pytestmark = pytest.mark.e2e

EXAMPLE = ROOT / "examples" / "event-evening" / "event.geojson"
SCREEN = "event-hall"
IN_CORE = {"lon": 120.2255, "lat": 30.2305}
DETOUR = [[120.222829, 30.231647], [120.221269, 30.232636], [120.2172, 30.2331]]
ROUTE = {"kind": "route", "id": "spectators", "name": "观众疏散路线", "watch_m": 120}
FIGURES = ("figure-inside-open", "figure-attendance", "event-countdown-word")


def started(city: Server) -> str:
    body = {"kind": "event", "name": "奥体中心演出之夜", "reason": "晚间大型演出"}
    told = city.ask("/api/v1/operations", role="commander", body={**body, "issuer": "市指挥部"})
    return told["id"]


def put(room: Page, path: str, body: dict[str, Any]) -> Any:
    """Say something in the room as whoever has it open."""
    ask = "([path, body]) => pingji.post(pingji.event.url(path), body, 'PUT')"
    return room.evaluate(ask, [path, body])


def reroute(room: Page, line: list[list[float]], takes_force: datetime) -> None:
    thing = {**ROUTE, "geometry": {"type": "LineString", "coordinates": line}}
    more = {"reason": "北侧道路施工，改走西侧", "effective_at": takes_force.isoformat()}
    put(room, "/things", {"things": [thing], **more})


def incident(city: Server) -> None:
    """Let a case within the core zone be overdue."""
    now = datetime.now(UTC)
    case = {
        "id": "E2E-COVER",
        "kind": "component",
        "subcategory": "0101",
        "source": "12345",
        "description": "井盖破损，李先生 13800138000",
        "reported_at": (now - timedelta(hours=8)).isoformat(),
        "stage_at": (now - timedelta(hours=7)).isoformat(),
        "due_at": (now - timedelta(minutes=30)).isoformat(),
        "stage": "dispatched",
        **IN_CORE,
    }
    said = city.ask("/api/v1/ingest/cases", role="feed", body=[case])
    assert said["rejected"] == []


def hazards_are_worked_off(room: Page, member: Page) -> None:
    """隐患清单 is entered and emptied by hand in the room; whoever else is there sees it."""
    room.locator("[data-acts=hazards] button").click()
    room.fill("#dialog-what", "北门外窨井盖松动")
    room.fill("#dialog-unit", "市政设施养护所")
    sure = room.locator(".dialog .button--sure").last
    sure.click()
    expect(room.locator(".dialog")).to_have_count(0)
    for page in (room, member):
        expect(page.locator("#event-hazards")).to_contain_text("北门外窨井盖松动")
    for state, note in (("handling", ""), ("cleared", "已更换井盖")):
        room.click("#event-hazards .event__open")
        room.click(f".dialog__choices [data-value={state}]")
        room.fill("#dialog-note", note)
        sure.click()
        expect(room.locator(".dialog")).to_have_count(0)
        word = "整改中" if state == "handling" else "清零"
        for page in (room, member):
            expect(page.locator("#event-hazards")).to_contain_text(word)


def shown(page: Page) -> list[str]:
    ask = "(ids) => ids.map((id) => document.getElementById(id).textContent)"
    return page.evaluate(ask, list(FIGURES))


def read_from_the_farthest_seat(wall: Page, geometry: Geometry) -> None:
    """Every letter of the event's scene is as high as it must be, readable and whole."""
    for step in range(wall.evaluate("pingji.wall.steps.length")):
        turn_to(wall, step)
        for text in texts(wall, "#wall"):
            glyph_mm = text["px"] * GLYPH_SHARE / geometry.px_per_mm
            assert glyph_mm >= geometry.glyph_mm - 0.05, (text["text"], glyph_mm)
            assert text["contrast"] >= 4.5, (text["text"], text["contrast"])
            for _, top, _, bottom in text["boxes"]:
                ink = (top + bottom) / 2 + 0.44 * text["px"]
                assert ink <= text["clip"][3] + 1, ("cut", text["text"])
        assert len(wall.evaluate("window.drawnText")) > 3


def test_an_evening_is_guarded(
    own_city: Server, sign_in: Callable[..., BrowserContext], hall: Callable[..., Page]
) -> None:
    city, geometry = own_city, Geometry(width_mm=6000, pixels=(1920, 1080))
    put_screen(city, SCREEN, geometry, shown=None)
    member = sign_in(city, "event-member", width=1180, height=820, has_touch=True).pages[0]
    room = sign_in(city, "commander").pages[0]
    wall = hall(city, SCREEN, size=geometry.pixels)
    assert wall.evaluate("pingji.wall.scene") == "routine"

    name = started(city)
    room.goto(f"{city.url}/event/{name}")
    expect(room.locator("#event-zones")).to_contain_text("尚未布设区域与路线")
    with room.expect_file_chooser() as asked:
        room.click("[data-act=event-import]")
    asked.value.set_files(EXAMPLE)
    expect(room.locator(".dialog")).to_contain_text("严禁录入涉密信息")
    room.fill("#dialog-reason", "演出之夜布设")
    room.locator(".dialog button[type=submit], .dialog .button--sure").last.click()
    expect(room.locator("#event-zones .event__row")).to_have_count(3)
    expect(room.locator("path.event-map__zone")).to_have_count(3)
    wall.wait_for_function("() => pingji.mode.acting().length === 1")
    assert wall.evaluate("pingji.wall.scene") == "routine"  # of no member: guarded, nothing more
    assert wall.evaluate("pingji.live.topic('event_things').rows.size") == 0

    put(room, "/members", {"screens": [SCREEN]})
    wall.wait_for_function("() => pingji.wall.scene === 'event' && pingji.wall.event()")
    expect(wall.locator("#wall-event-version")).to_have_text("第 1 版")
    expect(wall.locator("#wall-event-confirmed")).to_have_text("已确认 1 / 2")  # by itself: shown

    # whoever is a member of nothing else arrives in the room, and confirms what stands there
    member.goto(city.url)
    member.wait_for_url(f"{city.url}/event/{name}")
    member.click(".event__new-acts .button--sure")
    expect(wall.locator("#wall-event-confirmed")).to_have_text("已确认 2 / 2")
    expect(member.locator("#band")).to_contain_text("奥体中心演出之夜")
    assert small_targets(member, ".event__left", 44) == []
    assert member.evaluate("document.documentElement.scrollWidth <= innerWidth")

    hazards_are_worked_off(room, member)

    # a route is changed an hour before
    reroute(room, DETOUR, datetime.now(UTC) + timedelta(hours=1))
    expect(member.locator("#event-news")).to_contain_text("路线“观众疏散路线”有变更")
    expect(wall.locator("#wall-event-next")).to_contain_text("已确认 1 / 2")
    expect(wall.locator("#wall-event-version")).to_have_text("第 1 版")
    room.click(".event__new-acts button >> nth=0")
    expect(room.locator("path.event-map--old")).not_to_have_count(0)
    expect(room.locator("path.event-map--new")).not_to_have_count(0)
    member.click(".event__new-acts .button--sure")
    expect(wall.locator("#wall-event-next")).to_contain_text("已确认 2 / 2")
    room.locator("#event-news button", has_text="撤回").click()
    room.fill("#dialog-reason", "施工提前结束")
    room.locator(".dialog .button--sure").last.click()
    expect(wall.locator("#wall-event-next")).to_have_text("")
    reroute(room, DETOUR, datetime.now(UTC) + timedelta(seconds=3))
    expect(wall.locator("#wall-event-version")).to_have_text("第 3 版")

    # something happens inside: an alert, raised by its zone, on both at once
    incident(city)
    expect(room.locator("#event-inside")).to_contain_text("案件超期")
    expect(wall.locator("#wall-event-inside")).to_contain_text("案件超期")
    alerts = city.ask("/api/v1/alerts?live=true&limit=500", role="commander")["items"]
    (alert,) = [it for it in alerts if it["subject"] == {"topic": "cases", "id": "E2E-COVER"}]
    why = alert["evidence"]["zone"]
    assert (why["zone"], alert["priority"]) == ("core", why["from"] - 1)
    room.evaluate("pingji.post(pingji.event.url('/posts/gate-east/checkin'), {present: 6})")
    expect(wall.locator("#figure-attendance")).to_have_text("13.6%")
    becomes(lambda: shown(room) == shown(wall), True)
    said = wall.inner_text("#wall")
    assert "E2E-COVER" not in said
    assert "李先生" not in said
    read_from_the_farthest_seat(wall, geometry)
    for text in texts(room, ".event__left") + texts(room, ".event__right"):
        assert text["contrast"] >= 4.5, text

    # an emergency beside it comes first in the bands and on its wall; the room stays its own
    flood = {"kind": "emergency", "level": 4, "scenario": "flood-typhoon", "issuer": "市防指"}
    response = city.ask("/api/v1/operations", role="commander", body={**flood, "reason": "暴雨"})
    wall.wait_for_function("() => pingji.wall.scene === 'emergency-flood'")
    both = ["市防指 防汛Ⅳ级应急响应", "重大活动保障 奥体中心演出之夜"]
    for page in (wall, room):
        expect(page.locator("#band .band__title")).to_have_text(both)
    expect(room.locator("#event-inside")).to_contain_text("案件超期")
    over = f"/api/v1/operations/{response['id']}/end"
    city.ask(over, role="commander", body={"reason": "雨停"})
    wall.wait_for_function("() => pingji.wall.scene === 'event'")

    # it ends: the room says so, the wall is the city's again
    end = f"/api/v1/operations/{name}/end"
    city.ask(end, role="commander", body={"reason": "观众散场完毕"})
    for page in (room, member):
        expect(page.locator("#event-over")).to_be_visible()
        expect(page.locator(".event__body")).to_be_hidden()
    wall.wait_for_function("() => pingji.wall.scene === 'routine'")
    becomes(lambda: wall.evaluate("pingji.live.topic('event_things').rows.size"), 0)
    member.goto(city.url)
    member.wait_for_url(f"{city.url}/console")
