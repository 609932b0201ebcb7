/* The base map: water, streets and their names, drawn once for a view and moved with it.
 *
 * It lies on a canvas of its own under the points, a little larger than the view, so that neither
 * live data nor a short pan draws it again. Names wait for their zoom and give way by rank. */
(function () {
  "use strict";

  const L = window.L;
  const pingji = window.pingji;

  const BEYOND = 0.2; // of the view, painted on each side of it
  const UNIT = 1 << 20; // local units in the world: keeps float32 paths exact at every zoom
  const METRES = 40075016.7; // round the equator: the world at zoom 0, in metres
  const TOKENS = [
    "--map-water",
    "--map-wetland",
    "--map-street",
    "--map-highway",
    "--map-water-name",
    "--map-street-name",
    "--map-place-name",
    "--map-halo",
  ];
  const ORDER = { label: 0, river: 1, lake: 2, water: 3, highway: 4, bridge: 5, street: 6 };
  // From which zoom a line is drawn, by rank; its name waits for the feature's own zoom.
  const FROM = {
    river: [0, 0, 9.5, 11, 12.5],
    street: [0, 11, 12, 13, 14],
    highway: [0, 0, 10],
    bridge: [0, 12, 12, 13],
  };
  const WIDE = { highway: [0, 1.7, 1.4], street: [0, 1.5, 1.2, 1, 0.9], bridge: [0, 1.6, 1.6, 1.3] };

  const loaded = {}; // url -> promise of features

  function world(position) {
    const sine = Math.sin((position[1] * Math.PI) / 180);
    return [
      position[0] / 360 + 0.5,
      0.5 - (0.25 * Math.log((1 + sine) / (1 - sine))) / Math.PI,
    ];
  }

  function load(url) {
    if (!loaded[url]) {
      loaded[url] = window
        .fetch(url, { credentials: "same-origin" })
        .then((answer) => {
          if (!answer.ok) throw new Error(String(answer.status));
          return answer.json();
        })
        .then((file) => file.features.map(prepare).sort(before))
        .catch(() => {
          delete loaded[url];
          return [];
        });
    }
    return loaded[url];
  }

  function before(a, b) {
    return a.rank - b.rank || ORDER[a.kind] - ORDER[b.kind];
  }

  /** One feature with its path in local units about its own first point. */
  function prepare(feature) {
    const told = feature.properties;
    const geometry = feature.geometry;
    const rings = {
      Point: () => [[geometry.coordinates]],
      LineString: () => [geometry.coordinates],
      MultiLineString: () => geometry.coordinates,
      Polygon: () => geometry.coordinates,
      MultiPolygon: () => [].concat.apply([], geometry.coordinates),
    }[geometry.type]();
    const origin = world(rings[0][0]);
    const box = [Infinity, Infinity, -Infinity, -Infinity];
    const closed = /Polygon/.test(geometry.type);
    const path = new Path2D();
    rings.forEach((ring) => {
      ring.forEach((position, n) => {
        const [x, y] = world(position);
        box[0] = Math.min(box[0], x);
        box[1] = Math.min(box[1], y);
        box[2] = Math.max(box[2], x);
        box[3] = Math.max(box[3], y);
        path[n ? "lineTo" : "moveTo"]((x - origin[0]) * UNIT, (y - origin[1]) * UNIT);
      });
      if (closed) path.closePath();
    });
    const at = told.at || (geometry.type === "Point" ? geometry.coordinates : null);
    const places = (at ? [[at[0], at[1], told.turn || 0]] : []).concat(told.also || []);
    return {
      kind: told.kind,
      what: told.what || "",
      rank: told.rank || 3,
      zoom: told.zoom || 0,
      zh: told.name || "",
      en: told.name_en || told.name || "",
      wide: told.width_m || 0,
      wetland: told.surface === "wetland",
      narrow: Math.cos((rings[0][0][1] * Math.PI) / 180),
      closed: closed,
      point: geometry.type === "Point",
      origin: origin,
      box: box,
      path: path,
      places: places.map((place) => world(place).concat(place[2] || 0)),
    };
  }

  /** options.names: false leaves the names out (a wall has its own letters). */
  const BaseLayer = L.Layer.extend({
    initialize(url, options) {
      this.url = url;
      this.names = !options || options.names !== false;
      this.features = [];
      this.named = []; // boxes of the names that stand, in px of the canvas
      this.timing = { draws: 0, last_ms: 0 };
    },

    onAdd(map) {
      const pane = map.createPane("pingji-base");
      pane.classList.add("map__pane", "map__pane--base");
      this.canvas = L.DomUtil.create("canvas", "map__canvas leaflet-zoom-animated", pane);
      this.context = this.canvas.getContext("2d");
      if (this.names) {
        this.letters = L.DomUtil.create("canvas", "map__canvas leaflet-zoom-animated", pane);
      }
      map.on("moveend zoomend viewreset resize", this.draw, this);
      map.on("move", this.follow, this);
      map.on("zoomanim", this.animate, this);
      this.dress();
      load(this.url).then((features) => {
        this.features = features;
        if (this._map) this.draw();
      });
    },

    onRemove(map) {
      map.off(null, null, this);
      this.canvas.remove();
      if (this.letters) this.letters.remove();
    },

    /** Colours and letters anew: the theme or the language changed. */
    dress() {
      const style = window.getComputedStyle(document.documentElement);
      this.token = {};
      TOKENS.forEach((name) => {
        this.token[name] = style.getPropertyValue(name).trim();
      });
      this.rem = parseFloat(style.fontSize) / 16 || 1;
      this.family = window.getComputedStyle(document.body).fontFamily;
      this.draw();
    },

    animate(event) {
      if (!this.corner) return;
      const offset = this._map._latLngToNewLayerPoint(this.corner, event.zoom, event.center);
      const scale = this._map.getZoomScale(event.zoom, this.zoom);
      this.sheets().forEach((canvas) => L.DomUtil.setTransform(canvas, offset, scale));
    },

    /** While the map is dragged: paint again only when the view leaves what is painted. */
    follow() {
      const map = this._map;
      if (!this.painted || map.getZoom() !== this.zoom) {
        this.draw();
        return;
      }
      const seen = map.getPixelBounds();
      if (!this.painted.contains(seen)) this.draw();
    },

    draw() {
      const map = this._map;
      if (!map || !map._loaded) return;
      const began = performance.now();
      const size = map.getSize();
      if (!(size.x > 0 && size.y > 0)) return;
      const pad = L.point(Math.round(size.x * BEYOND), Math.round(size.y * BEYOND));
      const seen = map.getPixelBounds();
      const zoom = map.getZoom();
      this.zoom = zoom;
      this.painted = L.bounds(seen.min.subtract(pad), seen.max.add(pad));
      this.corner = map.unproject(this.painted.min, zoom);
      this.ratio = window.devicePixelRatio || 1;
      const corner = map.containerPointToLayerPoint(L.point(-pad.x, -pad.y));
      this.sheets().forEach((canvas) => {
        this.fitCanvas(canvas, size.x + 2 * pad.x, size.y + 2 * pad.y);
        L.DomUtil.setPosition(canvas, corner);
      });
      this.view = {
        scale: 256 * Math.pow(2, zoom),
        left: this.painted.min.x,
        top: this.painted.min.y,
        width: size.x + 2 * pad.x,
        height: size.y + 2 * pad.y,
      };
      this.drawGround(zoom);
      if (this.names) this.drawNames(zoom);
      this.timing.draws += 1;
      this.timing.last_ms = performance.now() - began;
    },

    /** The ground, and the names on a sheet of their own, which may give way without it. */
    sheets() {
      return this.letters ? [this.canvas, this.letters] : [this.canvas];
    },

    fitCanvas(canvas, width, height) {
      const wide = Math.round(width * this.ratio);
      const high = Math.round(height * this.ratio);
      if (canvas.width !== wide || canvas.height !== high) {
        canvas.width = wide;
        canvas.height = high;
        canvas.style.width = width + "px";
        canvas.style.height = height + "px";
      }
      const context = canvas.getContext("2d");
      context.setTransform(1, 0, 0, 1, 0, 0);
      context.clearRect(0, 0, wide, high);
    },

    drawGround(zoom) {
      const context = this.context;
      context.lineJoin = "round";
      context.lineCap = "round";
      const seen = (f) => !f.point && this.meets(f) && zoom >= ((FROM[f.kind] || [])[f.rank] || 0);
      const shown = this.features.filter(seen);
      const drawn = (kinds) => shown.filter((f) => kinds.indexOf(f.kind) >= 0).reverse();
      drawn(["water"]).forEach((f) => this.fill(f, f.wetland ? "--map-wetland" : "--map-water"));
      drawn(["river", "lake"]).forEach((f) => {
        if (f.closed) this.fill(f, "--map-water");
        else this.stroke(f, this.riverPx(f), "--map-water");
      });
      drawn(["street"]).forEach((f) => this.stroke(f, this.linePx(f, zoom), "--map-street"));
      drawn(["highway", "bridge"]).forEach((f) => {
        this.stroke(f, this.linePx(f, zoom), "--map-highway");
      });
      context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    },

    meets(feature) {
      const { scale, left, top, width, height } = this.view;
      const [west, north, east, south] = feature.box;
      const room = 40;
      return (
        east * scale - left > -room &&
        west * scale - left < width + room &&
        south * scale - top > -room &&
        north * scale - top < height + room
      );
    },

    /** A river as wide as it is, never thinner than a hair that can be seen. */
    riverPx(feature) {
      const metres = feature.wide / (METRES * feature.narrow);
      const least = [0, 1.4, 1, 0.8, 0.7][feature.rank] || 0.7;
      return Math.max(least * this.rem, metres * this.view.scale);
    },

    linePx(feature, zoom) {
      const width = WIDE[feature.kind][feature.rank] || 0.9;
      return width * this.rem * Math.min(7, Math.pow(2, Math.max(-1, (zoom - 12.5) * 0.6)));
    },

    /** Paths are in local units: bring them to the canvas, px by px. */
    enter(feature) {
      const { scale, left, top } = this.view;
      const zoomed = (scale / UNIT) * this.ratio;
      this.context.setTransform(
        zoomed,
        0,
        0,
        zoomed,
        (feature.origin[0] * scale - left) * this.ratio,
        (feature.origin[1] * scale - top) * this.ratio,
      );
      return zoomed / this.ratio;
    },

    fill(feature, token) {
      this.enter(feature);
      this.context.fillStyle = this.token[token];
      this.context.fill(feature.path, "evenodd");
    },

    stroke(feature, px, token) {
      const zoomed = this.enter(feature);
      this.context.strokeStyle = this.token[token];
      this.context.lineWidth = px / zoomed;
      this.context.stroke(feature.path);
    },
  });

  pingji.BaseLayer = BaseLayer;
  pingji.base = {
    load,

    /** Names of districts as the base has them: {x, y, zh, en}. */
    districts(url) {
      return load(url).then((features) => {
        const found = features.filter((f) => f.what === "district");
        return found.map((f) => ({ x: f.places[0][0], y: f.places[0][1], zh: f.zh, en: f.en }));
      });
    },
  };

  // Every map of ours lies on the land and the base of its city; a wall writes its own names on it.
  L.Map.addInitHook(function () {
    const map = this;
    const has = (name) => map.getContainer().classList.contains(name);
    const wall = has("wall__leaflet");
    if (!wall && !has("map__leaflet")) return;
    map.whenReady(() => {
      if (!pingji.page) return;
      if (pingji.page.city.shapes) pingji.ground.layLand(map, pingji.page.city.shapes);
      const url = pingji.page.city.base;
      if (!url) return;
      map.pingjiBase = new BaseLayer(url, { names: !wall });
      map.pingjiBase.addTo(map);
      bases.push(map.pingjiBase);
      map.on("unload", () => bases.splice(bases.indexOf(map.pingjiBase), 1));
    });
  });

  const bases = [];
  pingji.on("theme", () => bases.forEach((base) => base.dress()));
  pingji.on("language", () => bases.forEach((base) => base.draw()));
})();
