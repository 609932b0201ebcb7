"""The map as an instrument: its ground, its filters, its search, its keyboard."""

import pytest
from playwright.sync_api import Page

pytestmark = pytest.mark.e2e

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
    """A short pan draws the ground not at all, and every frame of a long one is short."""
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
          return {draws: base.timing.draws - before, cost: costs.sort((a, b) => a - b)[27]};
        }"""
    )
    assert told["draws"] <= 6
    assert told["cost"] < 33
