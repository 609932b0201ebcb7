"""A shift is begun, lived through and handed over, as those at the desk do it."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from data_access.imports import Source, import_file
from data_access.queries.duty import SHIPPED
from data_access.store import Store
from tests.e2e.conftest import Watch, painted
from tests.e2e.server import Server

pytestmark = pytest.mark.e2e


def _import_ladders(server: Server, folder: Path, items: list[dict]) -> None:
    path = folder / "ladders.json"
    path.write_text(json.dumps(items), "utf-8")
    store = Store(f"sqlite:///{server.folder / 'pingji.sqlite'}")
    outcome = import_file(store, "ladders", Source(path=path, given={}))
    store.dispose()
    assert outcome.rejected == []


@pytest.fixture
def at_once(own_city: Server, tmp_path: Path) -> None:
    """Ladders whose first step is taken at once, in a city of our own."""
    shipped = json.loads((SHIPPED / "ladders.json").read_text("utf-8"))
    hurried = json.loads(json.dumps(shipped))
    for ladder in hurried:
        ladder["steps"][0]["after_s"] = 0
    _import_ladders(own_city, tmp_path, hurried)


def _flood(server: Server, name: str) -> str:
    at = (datetime.now(UTC) - timedelta(seconds=30)).isoformat()
    station = {
        "id": f"E2E-{name}",
        "kind": "river",
        "name": f"交班测试站{name}",
        "datum": "1985 国家高程基准",
        "lon": 120.15,
        "lat": 30.28,
        "river": f"交班河{name}",
        "thresholds": {"level": {"warning": 3.4, "guarantee": 4.2}},
    }
    reading = {"station": station["id"], "factor": "level", "at": at, "value": 4.5}
    assert server.ask("/api/v1/ingest/stations", role="feed", body=[station])["rejected"] == []
    assert server.ask("/api/v1/ingest/readings", role="feed", body=[reading])["accepted"] == 1
    return str(station["id"])


def _quiet(server: Server) -> None:
    """Acknowledge what the city opened with, so that nobody is called for it."""
    found = server.ask("/api/v1/alerts?live=true&limit=2000", role="supervisor")["items"]
    items = [{"id": it["id"], "version": it["version"]} for it in found if not it["acknowledged"]]
    if items:
        body = {"items": items, "note": "交班测试前清场"}
        server.ask("/api/v1/alerts/acknowledge", role="supervisor", body=body)


def test_a_shift_is_begun_lived_through_and_handed_over(
    own_city: Server, sign_in: Callable[..., BrowserContext], watch: Watch, at_once: None
) -> None:
    server = own_city
    watch.expected.append("403")  # the wrong password
    page: Page = sign_in(server, "supervisor").pages[0]
    painted(page)

    _quiet(server)
    expect(page.locator(".called")).to_have_count(0)

    # whoever is on duty is called, on the screen that is open, and answers there
    subject = _flood(server, "H")
    called = page.locator(".called", has_text="交班测试站H")
    expect(called).to_contain_text("叫应您")
    called.get_by_text("应答").click()
    page.fill(".dialog [name=answer]", "已派排涝队，十分钟到")
    page.click(".dialog button[type=submit]")
    expect(called).to_have_count(0)
    alert = page.evaluate(
        "id => [...pingji.alerts.all.values()].find(a => a.subject === id).id", subject
    )
    (call,) = server.ask(f"/api/v1/calls?alert={alert}", role="supervisor")["items"]
    assert (call["state"], call["answered_by"]) == ("answered", "supervisor")
    assert call["delivery"]["state"] == "delivered"

    # a promise about the station, written down where it is looked at
    page.evaluate("id => pingji.emit('open', {kind: 'station', id: id, from: 'list'})", subject)
    expect(page.locator("#drawer-duty")).to_contain_text("已派排涝队")
    page.click("#drawer-duty >> text=记下承诺")
    page.fill(".dialog [name=text]", "一小时内开泵 <b>排干</b>")
    page.fill(".dialog [name=by]", "泵站 老陈")
    page.click(".dialog button[type=submit]")
    expect(page.locator("#drawer-duty .duty__who >> text=泵站 老陈")).to_be_visible()

    # the start of a shift tells of both, in its order
    page.click(".header a[href='/shift']")
    expect(page.locator("#shift-alerts")).to_contain_text("交班测试站H")
    expect(page.locator("#shift-promises")).to_contain_text("一小时内开泵 <b>排干</b>")
    expect(page.locator("#shift-operations")).to_contain_text("无在办应急响应")
    expect(page.locator("#shift-duty .shift__row").first).to_contain_text("值班监督员")
    titles = page.locator(".shift__part .panel__title .zh").all_inner_texts()
    assert [title[:4] for title in titles] == [
        *(
            "在办应急",
            "未确认告",
            "搁置中，",
            "未兑现的",
            "中断的数",
            "生效中的",
            "谁在值班",
            "试听告警",
        ),
        "上次下班",
    ]
    page.click("[data-act=shift-sound]")
    expect(page.locator("#shift-sound")).to_have_text("已试听")

    # the sheet, signed in place by whoever comes: a wrong password changes nothing
    page.click(".header a[href='/console']")
    painted(page)
    second = page.context.new_page()  # another page of the same desk
    second.goto(f"{server.url}/console")
    painted(second)
    for each in (page, second):
        each.evaluate("window.stayed = true")
    before = page.evaluate("pingji.page.session")
    page.click(".header [data-act=handover]")
    sheet = page.locator(".sheet")
    expect(sheet).to_contain_text("泵站 老陈")
    page.fill(".sheet [name=remarks]", "H 站已派排涝队")
    page.fill(".sheet [name=name]", "commander")
    page.fill(".sheet [name=password]", "not this one")
    page.click(".sheet button[type=submit]")
    expect(sheet.locator(".dialog__wrong")).to_contain_text("密码不对")
    assert page.evaluate("pingji.page.session") == before

    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    expect(page.locator(".sheet__mark span").first).to_contain_text("模拟数据")
    expect(page.locator(".sheet__printed")).to_contain_text("监督员 打印于")
    expect(page.locator(".sheet__bar")).to_be_hidden()
    expect(page.locator("#console")).to_be_hidden()
    page.emulate_media(media="screen")
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")

    page.click(".sheet >> text=试听告警声")
    expect(sheet.locator(".sheet__sign")).to_contain_text("已试听")
    page.fill(".sheet [name=password]", server.password("commander"))
    page.click(".sheet button[type=submit]")
    expect(page.locator(".handed")).to_contain_text("指挥长 接班")
    expect(sheet).to_have_count(0)

    # nothing was loaded anew; the stream and every act are the new person's
    for each in (page, second):
        expect(each.locator(".header__name")).to_have_text("指挥长")
        assert each.evaluate("window.stayed === true")
        assert each.evaluate("pingji.page.session") != before
    second.close()
    assert page.evaluate("fetch('/api/v1/me').then(a => a.json()).then(me => me.name)") == (
        "commander"
    )
    another = _flood(server, "I")
    page.wait_for_function(
        "id => [...pingji.alerts.all.values()].some(a => a.subject === id)", arg=another
    )
    page.evaluate("id => pingji.alertActs.one('acknowledge', pingji.alerts.get(id), {})", alert)
    page.wait_for_function("id => pingji.alerts.get(id)?.acknowledged !== false", arg=alert)
    record = server.ask(f"/api/v1/alerts/{alert}", role="supervisor")["record"]
    assert [it["by"] for it in record if it["act"].startswith("acknowledge")] == ["commander"], (
        record
    )
    handed = server.ask("/api/v1/handovers", role="supervisor")["items"][0]
    assert (handed["outgoing"], handed["incoming"]) == ("supervisor", "commander")
    assert handed["remarks"] == "H 站已派排涝队"
    kept = server.ask(f"/api/v1/handovers/{handed['id']}", role="supervisor")["sheet"]
    assert kept["sound_tried"] is True

    # it may be put off, and holds nothing up
    page.click(".header [data-act=handover]")
    page.click(".sheet >> text=暂缓交接")
    page.fill(".dialog [name=reason]", "险情处置中")
    page.click(".dialog button[type=submit]")
    expect(page.locator(".handed").last).to_contain_text("已暂缓交接")
    assert server.ask("/api/v1/handovers", role="supervisor")["items"][0]["act"] == "put-off"

    # and is spoken of again when that time is past, after a reload as well
    page.evaluate(
        """() => pingji.post("/api/v1/handovers/put-off", {
          reason: "险情处置中", until: new Date(pingji.live.now() + 2000).toISOString(),
        })"""
    )
    page.reload()
    expect(page.locator(".handed--due")).to_contain_text("时间已到：险情处置中")
    page.click(".handed--due >> text=关闭")
    expect(page.locator(".handed--due")).to_have_count(0)
