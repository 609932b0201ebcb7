/* Joins the canvas layer to dash-leaflet's map: the view of the city, switches, buttons.
 *
 * Leaflet tells of each new map through an init hook; ours is known by its class name. */
(function () {
  "use strict";

  const L = window.L;
  const pingji = window.pingji;
  const model = pingji.model;
  const STANDARD = {
    cases: true,
    river: true,
    rain: true,
    emission: true,
    cameras: true,
    places: true,
    responders: true,
  };
  const MIN_ZOOM = 4;
  const OUTLIERS = 0.01; // a few positions far away must not make the city small
  const chosen = readChosen();
  let lent = null; // layers that a mode has on, while it holds; the person's own are kept
  let shown = null; // {map, layer, moved}

  function readChosen() {
    try {
      return Object.assign({}, STANDARD, JSON.parse(pingji.memory.get("layers")));
    } catch (error) {
      return Object.assign({}, STANDARD);
    }
  }

  function attach(map) {
    if (!map.getContainer().classList.contains("map__leaflet")) return;
    const mine = { map: map, layer: new pingji.PointLayer(chosen), moved: false };
    shown = mine;
    pingji.map = mine;
    map.whenReady(() => {
      mine.layer.addTo(map);
      showChosen();
      pingji.emit("map", mine);
    });
    // The view stays on the whole city until a person moves it.
    const touched = () => {
      mine.moved = true;
    };
    ["mousedown", "wheel", "touchstart", "keydown"].forEach((name) => {
      map.getContainer().addEventListener(name, touched, { passive: true });
    });
    map.on("resize", () => mine.moved || fit());
    const sizes = new ResizeObserver(() => map.invalidateSize({ pan: false, animate: false }));
    sizes.observe(map.getContainer());
    map.on("unload", () => {
      sizes.disconnect();
      if (shown === mine) shown = null;
    });
  }

  function fit() {
    const city = pingji.page && pingji.page.city;
    if (!shown || !city) return false;
    const box = city.bounds ? boundsOf(city.bounds) : extent();
    if (!box) return false;
    const map = shown.map;
    map.setMinZoom(MIN_ZOOM);
    map.fitBounds(box, { animate: false, padding: [8, 8] });
    if (city.bounds) map.setMinZoom(Math.max(MIN_ZOOM, map.getZoom() - 0.25)); // after: it moves the view
    return true;
  }

  function boundsOf(bounds) {
    return L.latLngBounds([bounds[1], bounds[0]], [bounds[3], bounds[2]]);
  }

  /** Without bounds of a city the view begins where its points are. */
  function extent() {
    const xs = [];
    const ys = [];
    [model.stations, model.cases, model.cameras].forEach((points) => {
      for (let i = 0; i < points.n; i += 1) {
        if (Number.isNaN(points.x[i])) continue;
        xs.push(points.x[i]);
        ys.push(points.y[i]);
      }
    });
    if (xs.length < 2) return null;
    xs.sort((a, b) => a - b);
    ys.sort((a, b) => a - b);
    const at = (values, share) => values[Math.floor((values.length - 1) * share)];
    const place = (x, y) => shown.map.unproject(L.point(x * 256, y * 256), 0);
    const far = 1 - OUTLIERS;
    return L.latLngBounds(
      place(at(xs, OUTLIERS), at(ys, far)),
      place(at(xs, far), at(ys, OUTLIERS)),
    );
  }

  function showChosen() {
    document.querySelectorAll("[data-act=layer]").forEach((button) => {
      button.setAttribute("aria-pressed", String(Boolean(chosen[button.dataset.layer])));
    });
  }

  function showUnplaced() {
    const cases = model.cases;
    let unplaced = 0;
    for (let i = 0; i < cases.n; i += 1) {
      if (cases.state[i] & model.OPEN && Number.isNaN(cases.x[i])) unplaced += 1;
    }
    const text = unplaced ? pingji.say("unplaced", { n: pingji.format.number(unplaced) }) : "";
    pingji.write(pingji.byId("map-unplaced"), text);
    const waiting = shown.layer.waiting;
    const more = waiting ? pingji.say("map_waiting", { n: pingji.format.number(waiting) }) : "";
    pingji.write(pingji.byId("map-waiting"), more);
  }

  pingji.acts.layer = (button) => {
    const name = button.dataset.layer;
    chosen[name] = !chosen[name];
    if (!lent) pingji.memory.set("layers", JSON.stringify(chosen));
    showChosen();
    if (shown) shown.layer.draw();
  };
  /** Put these layers on, and no others, until null gives back what the person had chosen. */
  pingji.lendLayers = (layers) => {
    if (JSON.stringify(layers) === JSON.stringify(lent)) return;
    lent = layers;
    const own = readChosen();
    Object.keys(STANDARD).forEach((name) => {
      chosen[name] = layers ? layers.indexOf(name) >= 0 : own[name];
    });
    showChosen();
    if (shown) shown.layer.draw();
  };
  pingji.acts["zoom-in"] = () => zoom(1);
  pingji.acts["zoom-out"] = () => zoom(-1);
  pingji.acts["zoom-city"] = () => {
    if (!shown) return;
    shown.moved = false;
    fit();
  };

  function zoom(by) {
    if (!shown) return;
    shown.moved = true;
    shown.map.setZoom(shown.map.getZoom() + by);
  }

  pingji.on("paint", () => {
    if (!shown) return;
    // not before the first paint: dash-leaflet sets its own view when it mounts
    if (!shown.moved && !shown.placed) shown.placed = fit();
    shown.layer.draw();
    showUnplaced();
  });
  pingji.on("language", () => shown && shown.layer.draw());
  pingji.on("theme", () => shown && shown.layer.dress());
  pingji.on("selected", (id) => {
    if (!shown) return;
    shown.moved = shown.moved || id !== null;
    shown.layer.choose(id);
  });

  L.Map.addInitHook(function () {
    attach(this);
  });
})();
