/* Tile layers of the site over the offline map, each in its own coordinate system.
 *
 * The layer is moved, not the points: every tile stands where its middle is in WGS84. When a
 * server gives no tiles, the offline map shows again and a word says so. */
(function () {
  "use strict";

  const L = window.L;
  const pingji = window.pingji;
  const A = 6378245;
  const EE = 0.00669342162296594323;
  const BD = (Math.PI * 3000) / 180;
  const FAILURES = 3; // tiles in a row without one that came
  const KEY = "base";

  function waves(t, first, second) {
    const sine = Math.sin;
    const pi = Math.PI;
    const near = 20 * sine(6 * t * pi) + 20 * sine(2 * t * pi);
    const far = 20 * sine(t * pi) + 40 * sine((t / 3) * pi);
    const wide = first * sine((t / 12) * pi) + second * sine((t / 30) * pi);
    return [near, far, wide];
  }

  /** WGS84 to GCJ-02, degrees. */
  function toGcj(lon, lat) {
    const x = lon - 105;
    const y = lat - 35;
    const root = Math.sqrt(Math.abs(x));
    const ofX = waves(x, 150, 300);
    const ofY = waves(y, 160, 320);
    const third = 2 / 3;
    let dLat = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root;
    dLat += third * (ofX[0] + ofY[1] + ofY[2]);
    let dLon = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root;
    dLon += third * (ofX[0] + ofX[1] + ofX[2]);
    const rad = (lat * Math.PI) / 180;
    const m = 1 - EE * Math.sin(rad) * Math.sin(rad);
    return [
      lon + (dLon * 180) / ((A / Math.sqrt(m)) * Math.cos(rad) * Math.PI),
      lat + (dLat * 180) / (((A * (1 - EE)) / (m * Math.sqrt(m))) * Math.PI),
    ];
  }

  function toBd(lon, lat) {
    const [x, y] = toGcj(lon, lat);
    const z = Math.hypot(x, y) + 0.00002 * Math.sin(y * BD);
    const angle = Math.atan2(y, x) + 0.000003 * Math.cos(x * BD);
    return [z * Math.cos(angle) + 0.0065, z * Math.sin(angle) + 0.006];
  }

  const FORTH = { gcj02: toGcj, bd09: toBd };

  /** Back to WGS84 by iteration: the shift changes slowly, so three rounds are exact enough. */
  function toWgs(system, lon, lat) {
    const forth = FORTH[system];
    if (!forth) return [lon, lat];
    let found = [lon, lat];
    for (let n = 0; n < 4; n += 1) {
      const there = forth(found[0], found[1]);
      found = [found[0] + lon - there[0], found[1] + lat - there[1]];
    }
    return found;
  }

  /** A tile layer in GCJ-02 or BD-09: asked for where they put a place, shown where it is. */
  const ShiftedTiles = L.TileLayer.extend({
    _getTiledPixelBounds(center) {
      const bounds = L.TileLayer.prototype._getTiledPixelBounds.call(this, center);
      const zoom = this._map.getZoom();
      const there = FORTH[this.options.system](center.lng, center.lat);
      const moved = this._map
        .project([there[1], there[0]], zoom)
        .subtract(this._map.project(center, zoom));
      return L.bounds(bounds.min.add(moved), bounds.max.add(moved));
    },

    _getTilePos(coords) {
      const size = this.getTileSize();
      const middle = coords.scaleBy(size).add(size.divideBy(2));
      const told = this._map.unproject(middle, coords.z);
      const is = toWgs(this.options.system, told.lng, told.lat);
      const at = this._map.project([is[1], is[0]], coords.z).subtract(size.divideBy(2));
      return at.subtract(this._level.origin).round();
    },
  });

  let chosen = null; // the name of the layer that is on; null: the offline map
  let layers = [];
  let told = null;
  let failures = 0;
  let failed = false;

  function make(tiles) {
    const options = {
      subdomains: tiles.subdomains,
      maxNativeZoom: tiles.max_zoom,
      maxZoom: 19,
      system: tiles.crs,
      className: "map__tile",
    };
    const shifted = Boolean(FORTH[tiles.crs]);
    return tiles.urls.map((url) =>
      shifted ? new ShiftedTiles(url, options) : new L.TileLayer(url, options),
    );
  }

  function use(name) {
    const map = pingji.map && pingji.map.map;
    if (!map) return;
    layers.forEach((layer) => layer.remove());
    told = (pingji.page.city.tiles || []).find((tiles) => tiles.name === name) || null;
    chosen = told ? name : null;
    failures = 0;
    failed = false;
    layers = told ? make(told) : [];
    layers.forEach((layer) => {
      layer.on("tileload", () => heard(true));
      layer.on("tileerror", () => heard(false));
      layer.addTo(map);
    });
    show();
  }

  function heard(good) {
    failures = good ? 0 : failures + 1;
    const now = failures >= FAILURES;
    if (now === failed && (good || !now)) return;
    failed = now;
    show();
  }

  function show() {
    const map = pingji.map && pingji.map.map;
    if (map) map.getContainer().classList.toggle("map--tiles", Boolean(told) && !failed);
    document.querySelectorAll("[data-act=base]").forEach((button) => {
      button.setAttribute("aria-pressed", String((button.dataset.name || null) === chosen));
    });
    const word = failed ? pingji.say("tiles_failed", { name: told.name }) : "";
    pingji.write(pingji.byId("map-tiles"), word || (told ? told.attribution : ""));
    const place = pingji.byId("map-tiles");
    if (place) place.classList.toggle("map__tiles--failed", failed);
  }

  pingji.acts.base = (button) => {
    const name = button.dataset.name || null;
    pingji.memory.set(KEY, name || "");
    use(name);
  };
  pingji.on("map", () => use(pingji.memory.get(KEY) || null));
  pingji.on("language", show);
  pingji.tiles = { toGcj, toBd, toWgs, use, ShiftedTiles };
})();
