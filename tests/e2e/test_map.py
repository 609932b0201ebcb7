"""The map as an instrument: its ground, its filters, its search, its keyboard."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from dashboard.domain.coordinates import wgs84_to_bd09, wgs84_to_gcj02
from tests.e2e.conftest import Watch, painted

pytestmark = pytest.mark.e2e


@pytest.fixture
def console(glance: Callable[..., Page]) -> Page:
    """A console that stays open, its map on the whole city; tests put back what they change."""
    page = glance()
    painted(page)
    page.evaluate("() => pingji.acts['zoom-city']()")
    return page


GROUND = (
    "() => pingji.map && pingji.map.map.pingjiBase && pingji.map.map.pingjiBase.features.length"
)


def _look(page: Page, lat: float, lon: float, zoom: float) -> None:
    page.evaluate(
        "([lat, lon, zoom]) => { pingji.map.moved = true;"
        " pingji.map.map.setView([lat, lon], zoom, {animate: false}); }",
        [lat, lon, zoom],
    )


def test_names_wait_for_their_zoom(console: Page) -> None:
    console.wait_for_function(GROUND)
    early = console.evaluate(
        """() => {
          const base = pingji.map.map.pingjiBase;
          const said = [];
          const name = base.name;
          base.name = function (feature, ...rest) {
            const stood = name.call(this, feature, ...rest);
            if (stood) said.push([feature.zh, feature.zoom]);
            return stood;
          };
          const found = [];
          for (const zoom of [9, 11, 13, 15]) {
            said.length = 0;
            pingji.map.moved = true;
            pingji.map.map.setView([30.25, 120.16], zoom, {animate: false});
            base.draw();
            found.push({zoom, all: said.slice(), early: said.filter((s) => s[1] > zoom)});
          }
          delete base.name;
          return found;
        }"""
    )
    assert [found["early"] for found in early] == [[], [], [], []]
    assert "西湖" in [name for name, _ in early[2]["all"]]
    assert len(early[2]["all"]) > len(early[0]["all"])


def test_no_two_names_stand_in_one_place(console: Page) -> None:
    console.wait_for_function(GROUND)
    for zoom in (11, 13, 15):
        _look(console, 30.26, 120.17, zoom)
        clash = console.evaluate(
            "() => { const boxes = pingji.map.map.pingjiBase.named; let clash = 0;"
            " boxes.forEach((a, i) => boxes.slice(i + 1).forEach((b) => {"
            "  if (a.name !== b.name && a[0] < b[2] && a[2] > b[0] && a[1] < b[3] && a[3] > b[1])"
            "   clash += 1; })); return [boxes.length, clash]; }"
        )
        assert clash[0] > 0
        assert clash[1] == 0


def test_a_pan_keeps_what_is_painted(console: Page) -> None:
    """A short pan draws the ground not at all, and a frame that nothing else holds up is short."""
    console.wait_for_function(GROUND)
    _look(console, 30.26, 120.17, 13)
    told = console.evaluate(
        """async () => {
          const {map, layer} = pingji.map;
          const base = map.pingjiBase;
          const before = base.timing.draws;
          map.panBy([40, 20], {animate: false});
          const costs = [];
          for (let n = 0; n < 30; n += 1) {
            await new Promise(requestAnimationFrame);
            const began = performance.now();
            map._rawPanBy(L.point(12, 5));
            map.fire("move");
            costs.push(performance.now() - began);
          }
          map.fire("moveend");
          return {draws: base.timing.draws - before, cost: costs.sort((a, b) => a - b)[8]};
        }"""
    )
    assert told["draws"] <= 6
    assert told["cost"] < 33


def test_tiles_of_other_systems_are_moved_to_the_points(console: Page) -> None:
    told = console.evaluate(
        """() => {
          const t = pingji.tiles;
          const gcj = t.toGcj(116.404, 39.915);
          const bd = t.toBd(116.404, 39.915);
          const layer = new t.ShiftedTiles("/none/{z}/{x}/{y}", {system: "gcj02"});
          const {map} = pingji.map;
          map.setView([30.26, 120.17], 15, {animate: false});
          layer._map = map;
          layer._level = {origin: L.point(0, 0)};
          const [lon, lat] = t.toGcj(120.17, 30.26);
          const at = map.project([lat, lon], 15);
          const tile = at.divideBy(256).floor();
          const shown = layer._getTilePos(L.point(tile.x, tile.y)).add(at).subtract(
            tile.multiplyBy(256));
          const off = shown.subtract(map.project([30.26, 120.17], 15));
          return {gcj, bd, back: t.toWgs("bd09", ...bd), off: Math.hypot(off.x, off.y)};
        }"""
    )
    assert told["gcj"] == pytest.approx(wgs84_to_gcj02(116.404, 39.915), abs=1e-9)
    assert told["bd"] == pytest.approx(wgs84_to_bd09(116.404, 39.915), abs=1e-9)
    assert told["back"] == pytest.approx([116.404, 39.915], abs=1e-8)
    assert told["off"] < 1.5, "px at zoom 15"


def test_without_tiles_the_offline_map_stands(console: Page, watch: Watch) -> None:
    watch.expected.append("404")
    console.evaluate(
        "() => { window.tiles = pingji.page.city.tiles; pingji.page.city.tiles = [{name: '影像', urls: ['/tiles/0/{z}/{x}/{y}'],"
        " crs: 'wgs84', attribution: '某院', subdomains: 'abc', max_zoom: 18}];"
        " pingji.tiles.use('影像'); }"
    )
    console.wait_for_function(
        "() => document.getElementById('map-tiles').innerText.includes('离线图')"
    )
    assert "map--tiles" not in (console.get_attribute("#map", "class") or "")
    console.evaluate("() => pingji.tiles.use(null)")
    assert console.inner_text("#map-tiles") == ""
    console.evaluate("() => { pingji.page.city.tiles = window.tiles; }")


def test_a_filter_holds_on_map_and_list_and_in_the_address(console: Page) -> None:
    console.click("[data-act=filter-open]")
    console.focus("[data-filter=district]")
    chosen = console.evaluate(
        "() => document.querySelector('[data-filter=district]').options[1].value"
    )
    console.select_option("[data-filter=district]", chosen)
    console.wait_for_function("() => document.getElementById('map-filter-count').innerText")
    told = console.evaluate(
        """() => {
          const {model} = pingji;
          const at = pingji.live.topic("cases").columns;
          const now = pingji.live.pictureAt();
          let all = 0, shown = 0, wrong = 0;
          const district = pingji.filter.chosen.district;
          for (let i = 0; i < model.cases.n; i += 1) {
            if (!(model.cases.state[i] & model.OPEN)) continue;
            all += 1;
            const own = model.cases.rows[i][at.jurisdiction];
            const is = (pingji.page.districts[own] || own) === district;
            if (model.shows(i, now)) shown += 1;
            if (is !== model.shows(i, now)) wrong += 1;
          }
          return {all, shown, wrong, hash: location.hash};
        }"""
    )
    assert told["wrong"] == 0
    assert 0 < told["shown"] < told["all"]
    assert f"district={chosen}" in told["hash"]
    console.reload()
    painted(console)
    console.wait_for_function("() => document.getElementById('map-filter-count').innerText")
    console.click("[data-act=filter-clear]")
    console.wait_for_function("() => !document.getElementById('map-filter-count').innerText")
    assert console.evaluate("() => location.hash") == ""


def test_a_name_is_found_and_flown_to_by_keyboard(console: Page) -> None:
    console.wait_for_function("() => pingji.live.topic('cameras').rows.size > 0")
    name = console.evaluate(
        "() => { const t = pingji.live.topic('stations');"
        " return t.rows.values().next().value[t.columns.name]; }"
    )
    console.focus("#map")
    console.keyboard.press("/")
    console.keyboard.type(name)
    first = "name => (document.querySelector('.find__row .find__name') || {}).innerText === name"
    console.wait_for_function(first, arg=name)  # questions stand there before there are words
    console.keyboard.press("ArrowDown")
    console.keyboard.press("Enter")
    console.wait_for_function("() => pingji.map.map.getZoom() >= 15")
    console.wait_for_function(
        "() => pingji.drawer.open() && pingji.drawer.open().kind === 'station'"
    )
    assert not console.is_visible(".find__list")
    console.keyboard.press("/")
    console.fill(".find__input", name[1:] + name[0])
    console.wait_for_function(
        "name => [...document.querySelectorAll('.find__name')].some(e => e.innerText === name)",
        arg=name,
    )


def test_an_address_is_found_by_the_server(console: Page) -> None:
    told = console.evaluate(
        "() => fetch('/api/v1/cases?live=true&limit=1').then(a => a.json()).then(t => t.items[0])"
    )
    part = (told["address"] or told["description"])[:6]
    console.fill(".find__input", part)
    console.wait_for_selector(".find__row .swatch--case")


def test_a_change_pulses_once_and_not_where_motion_is_unwanted(console: Page) -> None:
    pulse = (
        "() => { const {layer} = pingji.map; const {cases} = pingji.model;"
        " const at = pingji.map.map.getBounds().getCenter();"
        " const id = cases.ids.find((id, i) => !Number.isNaN(cases.x[i]) &&"
        "  pingji.map.map.getBounds().contains(pingji.map.map.unproject("
        "   L.point(cases.x[i] * 256, cases.y[i] * 256), 0)));"
        " layer.pulse(cases, id); return document.querySelectorAll('.map__pulse').length; }"
    )
    assert console.evaluate(pulse) >= 1
    console.emulate_media(reduced_motion="reduce")
    console.wait_for_function("() => document.querySelectorAll('.map__pulse').length === 0")
    assert console.evaluate(pulse) == 0
    console.emulate_media(reduced_motion="no-preference")


ALERTS = """
  const columns = {id: 0, active: 1, acknowledged: 2, shelved_until: 3, subject_topic: 4,
    subject_id: 5, priority: 6};
  const alert = (id, topic, subject) => [id, true, false, null, topic, subject, 2];
  const {layer, map} = pingji.map;
  const tell = (rows) => {
    pingji.emit("set:alerts", {rows, columns});
    layer.draw();
  };
"""


def test_no_alert_hides_in_a_calm_group_or_behind_a_switch(console: Page) -> None:
    told = console.evaluate(
        f"""() => {{ {ALERTS}
          const {{cases, stations}} = pingji.model;
          pingji.acts["zoom-city"]();
          const open = cases.ids.filter((id, i) =>
            cases.state[i] & pingji.model.OPEN && !Number.isNaN(cases.x[i])).slice(0, 5);
          tell(open.map((id, n) => alert("A" + n, "cases", id)));
          const counted = layer.drawn.reduce((sum, item) => sum + (item.alerts || 0), 0);
          const said = pingji.describe(layer.drawn.find((item) => item.alerts)).join();
          tell([alert("S", "stations", stations.ids[0]), alert("T", "stations", stations.ids[0])]);
          layer.chosen.river = layer.chosen.rain = layer.chosen.emission = false;
          layer.draw();
          const hidden = layer.drawn.filter((item) => item.alerts).map((item) => item.alerts);
          layer.chosen.river = layer.chosen.rain = layer.chosen.emission = true;
          tell([]);
          const left = layer.drawn.filter((item) => item.alerts).length;
          return {{open: open.length, counted, said, hidden, left}};
        }}"""
    )
    assert told["counted"] == told["open"] == 5
    assert "未确认告警" in told["said"]
    assert told["hidden"] == [2]
    assert told["left"] == 0


def test_what_is_abnormal_in_one_place_is_counted_on_one_plate(console: Page) -> None:
    told = console.evaluate(
        f"""() => {{ {ALERTS}
          pingji.acts["zoom-city"]();
          const {{stations}} = pingji.model;
          tell(stations.ids.map((id) => alert("A" + id, "stations", id)));
          const raised = layer.drawn.filter((item) => item.alerts);
          const plates = raised.filter((item) => item.kind === "heap");
          const counts = plates.every((item) => item.count === item.members.length);
          // A place under water may stand on the same plate: stations are what is counted here.
          const named = raised.flatMap((item) => item.kind === "heap" ? item.members : [item])
            .filter((item) => item.kind === "station").map((item) => item.id).sort();
          const size = map.getSize();
          const inside = stations.ids.filter((id, i) => {{
            const [x, y] = layer.screen(stations, i);
            return x > -40 && y > -40 && x < size.x + 40 && y < size.y + 40;
          }}).sort();
          const lies = (a, b) => Math.abs(a.x - b.x) < a.box[0] + b.box[0] - 2
            && Math.abs(a.y - b.y) < a.box[1] + b.box[1] - 2;
          const over = plates.some((a, n) => plates.slice(n + 1).some((b) => lies(a, b)));
          const said = pingji.describe(plates[0]);
          const zoom = map.getZoom();
          layer.open(plates[0]);
          tell([]);
          return {{named, inside, counts, over, said, zoom}};
        }}"""
    )
    assert told["inside"]
    assert told["named"] == told["inside"], "each of them, and once"
    assert told["counts"]
    assert not told["over"]
    assert len(told["said"]) > 2
    console.wait_for_function(
        "zoom => pingji.map.map.getZoom() > zoom || !pingji.map.layer.list.hidden",
        arg=told["zoom"],
    )


def test_a_picture_that_is_the_same_is_not_painted_again(console: Page) -> None:
    told = console.evaluate(
        """() => {
          const {layer} = pingji.map;
          layer.draw();
          const before = layer.timing.pictures;
          for (let n = 0; n < 5; n += 1) layer.draw();
          const same = layer.timing.pictures - before;
          layer.chosen.cases = !layer.chosen.cases;
          layer.draw();
          layer.chosen.cases = !layer.chosen.cases;
          layer.draw();
          return {same, other: layer.timing.pictures - before};
        }"""
    )
    assert told["same"] <= 1, "a river may have been told of meanwhile"
    assert told["other"] >= 2
