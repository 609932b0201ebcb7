"""What is phoned in at night: entered by keyboard, seen elsewhere, urged, watched over, never twice."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route

from tests.e2e.conftest import Watch, painted
from tests.e2e.server import Server

pytestmark = pytest.mark.e2e

EVIL = "<img src=x onerror=alert(1)>"
SEEN_MS = 5_000  # the bar is a second on a quiet machine


def ready(page: Page) -> Page:
    painted(page)
    page.wait_for_function(
        "() => ['cases', 'places', 'stations', 'cameras'].every(n => pingji.live.topic(n).loaded)"
    )
    return page


def a_place(page: Page) -> dict:
    """A low point that is dry."""
    return page.evaluate(
        "() => { const t = pingji.live.topic('places'), c = t.columns;"
        " const row = [...t.rows.values()].find(r => r[c.kind] === 'low_point'"
        " && r[c.state] === 'normal'); return { id: row[c.id], name: row[c.name] }; }"
    )


def enter(page: Page, place: str, *, depth: str = "30", text: str = "") -> None:
    """Type a ponding as somebody does who has a caller on the line."""
    page.keyboard.press("l")
    page.wait_for_selector("#entry-matter:focus")
    page.keyboard.press("1")
    page.wait_for_selector("#entry-where:focus")
    page.keyboard.insert_text(place)
    page.wait_for_selector("#entry-where-list .find__row")
    page.keyboard.press("Enter")
    page.wait_for_selector("#entry input[type=radio]:focus")
    page.keyboard.press("Enter")
    page.wait_for_selector("#entry-depth:focus")
    for box, told in (("caller", f"王小明{EVIL}"), ("phone", "13812345678"), ("text", text)):
        page.keyboard.insert_text(depth if box == "caller" else "")
        page.keyboard.press("Enter")
        page.wait_for_selector(f"#entry-{box}:focus")
        page.keyboard.insert_text(told)
        depth = ""


def cases_of_the_desk(page: Page) -> list[str]:
    return page.evaluate(
        "() => { const t = pingji.live.topic('cases'); return [...t.rows.values()]"
        ".filter(r => r[t.columns.source] === 'desk').map(r => r[0]).sort(); }"
    )


def test_what_is_phoned_in_stands_everywhere_once_and_is_urged(
    server: Server, visit: Callable[..., Page], watch: Watch
) -> None:
    watch.expected.append("Failed to load resource")
    desk = ready(visit(server))
    other = ready(visit(server, "commander"))
    desk.on("dialog", lambda dialog: watch.wrong.append(f"markup ran: {dialog.message}"))
    before = cases_of_the_desk(desk)
    place = a_place(desk)

    # the answer to the first sending is lost; what was typed stays, and saving again is the same act
    def lose(route: Route) -> None:
        route.fetch()
        route.abort()

    desk.route("**/api/v1/cases", lose, times=1)
    enter(desk, place["name"], text=EVIL)
    other.evaluate(
        "() => { const t = pingji.live.topic('cases'); window.known = new Set(t.rows.keys());"
        " const look = () => { for (const [id, row] of pingji.live.topic('cases').rows)"
        " if (!window.known.has(id) && row[t.columns.source] === 'desk')"
        " { window.seen = [id, Date.now()]; return; } setTimeout(look, 20); }; look(); }"
    )
    at = desk.evaluate("() => Date.now()")
    desk.keyboard.press("Control+Enter")
    desk.wait_for_function(
        "() => /连接|再按保存/.test(document.getElementById('entry-wrong').textContent)"
    )
    assert desk.input_value("#entry-phone") == "13812345678"
    desk.keyboard.press("Control+Enter")
    desk.keyboard.press("Control+Enter")
    desk.wait_for_selector("#entry", state="hidden")
    other.wait_for_function("() => window.seen")
    case, seen = other.evaluate("() => window.seen")
    assert seen - at < SEEN_MS, seen - at
    desk.wait_for_function(f"() => pingji.live.topic('cases').rows.has('{case}')")
    assert cases_of_the_desk(desk) == sorted([*before, case])

    # the place is under water on every screen, and the record shows text as text
    state = "([id, c]) => pingji.drawer.live('places', id)[c]"
    other.wait_for_function(f"id => ({state})([id, 'state']) === 'ponding'", arg=place["id"])
    assert other.evaluate(state, [place["id"], "depth_cm"]) == 30
    desk.wait_for_selector("#drawer-case-acts .button")
    assert EVIL in desk.inner_text("#cases-detail")
    assert "138****5678" in desk.inner_text("#drawer-case-acts")

    # one more call about it is offered the case that is there
    enter(desk, place["name"], depth="35")
    desk.wait_for_selector(".entry__case")
    assert case in desk.inner_text(".entry__near")
    desk.click(f".entry__case:has-text('{case}') button")
    desk.wait_for_selector("#drawer-case-record :text('又有来电')")
    assert cases_of_the_desk(desk) == sorted([*before, case])

    # urged and watched over, each with an opinion, by keyboard
    desk.wait_for_selector("#drawer-case-acts .button")
    desk.keyboard.press("u")
    desk.wait_for_selector(".dialog textarea:focus")
    assert "将送达" in desk.inner_text(".dialog")
    desk.keyboard.insert_text(f"请立即到场 {EVIL}")
    desk.keyboard.press("Control+Enter")
    desk.wait_for_selector("#drawer-case-acts .acts__name:text('催办')")
    desk.keyboard.press("Shift+U")
    desk.wait_for_selector(".dialog textarea:focus")
    desk.keyboard.insert_text("盯到水退")
    assert desk.is_disabled(".dialog .button--sure")  # an end is asked for
    desk.click(".dialog .toggle >> nth=1")
    desk.click(".dialog .button--sure")
    desk.wait_for_selector("#drawer-case-acts .acts__name:text('督办')")
    # what became of both comes with the stream: nothing is asked for again
    asked: list[str] = []
    desk.on("request", lambda it: asked.append(it.url) if it.url.endswith("/desk") else None)
    desk.wait_for_function(
        "() => [...document.querySelectorAll('#drawer-case-acts .acts__delivery--delivered')]"
        ".filter(it => it.textContent === '已送达平台').length === 2"
    )
    assert len(asked) <= 1
    other.wait_for_function(
        "id => { const t = pingji.live.topic('cases');"
        " return t.rows.get(id)[t.columns.marks].join() === 'urged,supervised'; }",
        arg=case,
    )

    # the water has gone: said from the place's own record
    desk.evaluate("id => pingji.emit('open', {kind: 'place', id, from: 'list'})", place["id"])
    desk.click("#drawer-place-states .button")
    desk.check("#entry input[value=restored]")
    desk.keyboard.press("Control+Enter")
    desk.wait_for_selector("#drawer-place-states .acts__act:has-text('恢复')")
    other.wait_for_function(f"id => ({state})([id, 'state']) === 'restored'", arg=place["id"])
    assert other.evaluate(state, [place["id"], "depth_cm"]) == 0


def test_a_click_on_the_map_says_where(server: Server, visit: Callable[..., Page]) -> None:
    desk = ready(visit(server, width=1180, height=820))
    desk.keyboard.press("l")
    desk.wait_for_selector("#entry-matter:focus")
    desk.keyboard.type("lmtx")  # first letters of 路面塌陷
    desk.wait_for_selector("#entry-matter-list .find__row:has-text('路面塌陷')")
    desk.keyboard.press("Enter")
    box = desk.locator("#map").bounding_box()
    assert box is not None
    spot = desk.evaluate(
        "() => { const m = pingji.map.map, size = m.getSize();"
        " for (let y = 200; y < size.y - 80; y += 7) for (let x = 40; x < size.x - 90; x += 7)"
        " if (!pingji.map.layer.hit({x, y})) return [x, y]; }"
    )
    desk.mouse.click(box["x"] + spot[0], box["y"] + spot[1])
    desk.wait_for_function("() => document.getElementById('entry-where').value.includes('，')")
    assert desk.is_visible(".entry__pin")
    desk.keyboard.press("Escape")
    assert desk.is_hidden("#entry")
    desk.keyboard.press("l")
    desk.wait_for_selector("#entry", state="visible")
    assert desk.input_value("#entry-matter") == "路面塌陷"


def test_who_may_not_enter_has_no_way_to(server: Server, visit: Callable[..., Page]) -> None:
    page = visit(server, "leader")
    page.goto(f"{server.url}/console")
    ready(page)
    page.keyboard.press("l")
    assert page.locator("#entry").count() == 0
    case = page.evaluate(
        "() => { const t = pingji.live.topic('cases'); return [...t.rows.values()]"
        ".find(r => r[t.columns.stage] === 'handling')[0]; }"
    )
    page.evaluate("id => pingji.emit('open', {kind: 'case', id, from: 'list'})", case)
    page.wait_for_selector("#drawer-case-acts .button")
    assert page.locator("#drawer-case-acts .acts__bar .button").all_inner_texts() == ["督办"]


def test_a_street_or_a_position_typed_in_is_where_it_is(
    server: Server, visit: Callable[..., Page]
) -> None:
    desk = ready(visit(server))
    desk.evaluate("() => pingji.entry.open({ mode: 'case' })")
    looked = "words => pingji.where.look(words, '').map((found) => found.value)"
    (spot, *_) = desk.evaluate(looked, "30.25,120.16")
    assert (spot["type"], spot["lon"], spot["lat"], spot["clicked"]) == (
        "spot",
        120.16,
        30.25,
        True,
    )
    street = f"({looked})('文一路').find((value) => value.type === 'spot')"
    desk.wait_for_function(f"() => {street}")
    found = desk.evaluate(f"() => {street}")
    assert (found["name"], found["clicked"]) == ("文一路", False)
    assert 119 < found["lon"] < 121
    desk.evaluate("() => pingji.entry.close()")
