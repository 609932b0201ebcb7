/* The canvas layer on dash-leaflet's map: paints what the model holds, for the view that stands.
 *
 * What is painted is kept as a list with its place on the screen; 56-map-pointing.js reads it. */
(function () {
  "use strict";

  const L = window.L;
  const pingji = window.pingji;
  const model = pingji.model;
  const marks = pingji.marks;

  const APART_ZOOM = 15; // from here on a small group is drawn point by point
  const APART_MOST = 5;
  const APART_PX = 14;
  const DATA_MS = 250; // least time between two repaints for new data
  const ROOMY_ZOOM = 12; // below, cameras are small and without a count
  const UNUSUAL_Z = 2;
  const UNUSUAL_RATIO = 1.5;
  const UNUSUAL_LEAST = 3;

  const KIND_LAYER = { rain: "rain", weather: "rain", emission: "emission", other: "emission" };
  const TOKENS = [
    "--map-case",
    "--map-case-edge",
    "--map-lateness",
    "--map-on-lateness",
    "--map-group",
    "--map-group-ring",
    "--map-group-share",
    "--map-ink",
    "--map-muted",
    "--map-halo",
    "--map-station",
    "--gauge-water",
    "--map-camera",
    "--map-old",
    "--map-strong",
    "--map-grid",
    "--map-select",
    "--warning-red",
    "--warning-orange",
    "--warning-yellow",
  ];

  pingji.layerOfStation = (kind) => KIND_LAYER[kind] || "river";
  pingji.PointLayer = L.Layer.extend({
    initialize(chosen) {
      this.chosen = chosen; // layer -> shown
      this.cells = { cases: new pingji.Cells(), cameras: new pingji.Cells() };
      this.drawn = []; // {x, y, r, kind, id | count, late, …} in the order of painting
      this.labels = [];
      this.selected = null;
      this.timing = { draws: 0, last_ms: 0, worst_ms: 0 };
    },

    onAdd(map) {
      const pane = map.createPane("pingji");
      pane.classList.add("map__pane");
      this.canvas = L.DomUtil.create("canvas", "map__canvas leaflet-zoom-animated", pane);
      this.brush = { context: this.canvas.getContext("2d") };
      this.dress();
      map.on("move zoomend viewreset moveend", this.draw, this);
      map.on("resize", this.dress, this);
      map.on("zoomanim", this.animate, this);
      this.listen(map);
      const shapes = pingji.page.city.shapes;
      if (shapes) {
        pingji.ground.loadLabels(shapes, pingji.page.city.base).then((labels) => {
          this.labels = labels;
          this.draw();
        });
      }
    },

    onRemove(map) {
      map.off(null, null, this);
      this.deafen(map);
      this.canvas.remove();
    },

    /** Take sizes and colours anew: the window, the theme or the language changed. */
    dress() {
      const style = window.getComputedStyle(document.documentElement);
      const token = {};
      TOKENS.forEach((name) => {
        token[name] = style.getPropertyValue(name).trim();
      });
      this.brush.token = token;
      this.brush.rem = parseFloat(style.fontSize) / 16 || 1;
      this.brush.family = window.getComputedStyle(document.body).fontFamily;
      const size = this._map.getSize();
      const ratio = window.devicePixelRatio || 1;
      this.canvas.width = Math.round(size.x * ratio);
      this.canvas.height = Math.round(size.y * ratio);
      this.canvas.style.width = size.x + "px";
      this.canvas.style.height = size.y + "px";
      this.brush.context.setTransform(ratio, 0, 0, ratio, 0, 0);
      this.draw();
    },

    animate(event) {
      const map = this._map;
      const corner = map.containerPointToLatLng([0, 0]);
      const offset = map._latLngToNewLayerPoint(corner, event.zoom, event.center);
      L.DomUtil.setTransform(this.canvas, offset, map.getZoomScale(event.zoom));
    },

    /** Repaint for new data: soon, never more often than the eye follows. */
    freshen() {
      if (this.waiting) return;
      this.waiting = true;
      const wait = Math.max(0, (this.drawnAt || 0) + DATA_MS - performance.now());
      window.setTimeout(() => {
        window.requestAnimationFrame(() => {
          this.waiting = false;
          if (this._map) this.draw();
        });
      }, wait);
    },

    draw() {
      const map = this._map;
      if (!map || !map._loaded) return;
      const began = performance.now();
      L.DomUtil.setPosition(this.canvas, map.containerPointToLayerPoint([0, 0]));
      const corner = map.getPixelBounds().min;
      const size = map.getSize();
      const view = {
        scale: 256 * Math.pow(2, map.getZoom()),
        left: corner.x,
        top: corner.y,
        width: size.x,
        height: size.y,
        rem: this.brush.rem,
      };
      this.view = view;
      this.drawn = [];
      this.brush.context.clearRect(0, 0, size.x, size.y);
      if (!pingji.page.city.shapes) pingji.ground.drawGraticule(this.brush, view, map);
      const now = pingji.live.pictureAt();
      if (this.chosen.cameras) this.drawCameras(view, map.getZoom());
      this.drawStations(view, now, map.getZoom());
      if (this.chosen.cases) this.drawCases(view, now, map.getZoom());
      const names = map.pingjiBase ? map.pingjiBase.standing() : [];
      pingji.ground.drawLabels(this.brush, view, this.labels, this.drawn, names);
      this.drawSelected(view, now);
      this.drawnAt = performance.now();
      const cost = this.drawnAt - began;
      this.timing.draws += 1;
      this.timing.last_ms = cost;
      this.timing.worst_ms = Math.max(this.timing.worst_ms, cost);
    },

    screen(points, i) {
      const view = this.view;
      return [points.x[i] * view.scale - view.left, points.y[i] * view.scale - view.top];
    },

    /** The points of a group if they are few and stand apart at this zoom, else null. */
    apart(points, cells, group, zoom) {
      if (group.count === 1) return cells.members(group, 1);
      if (zoom < APART_ZOOM || group.count > APART_MOST) return null;
      const found = cells.members(group, APART_MOST);
      const places = found.map((i) => this.screen(points, i));
      const spread = places.every((a, n) =>
        places.slice(n + 1).every((b) => Math.hypot(a[0] - b[0], a[1] - b[1]) > APART_PX),
      );
      return spread ? found : null;
    },

    drawCases(view, now, zoom) {
      const points = model.cases;
      const cells = this.cells.cases;
      const take = (i) => (points.state[i] & model.OPEN) !== 0 && model.shows(i, now);
      const found = cells.bin(points, view, take, (i) => model.isOverdue(i, now));
      const radius = (group) => (group.count === 1 ? 0 : marks.groupRadius(this.brush, group.count));
      const groups = pingji.joined(found, radius);
      const alone = [];
      groups.forEach((group) => {
        const members = this.apart(points, cells, group, zoom);
        if (members) {
          alone.push.apply(alone, members);
          return;
        }
        group.unusual = unusual(group, cells.usual);
        const r = marks.drawGroup(this.brush, group.x, group.y, group);
        Object.assign(group, { kind: "group", layer: "cases", r: r });
        this.drawn.push(group);
      });
      alone.forEach((i) => this.drawCase(i, now));
    },

    drawCase(i, now) {
      const [x, y] = this.screen(model.cases, i);
      const late = model.isOverdue(i, now);
      const held = !(model.cases.state[i] & model.WITH_UNIT);
      const r = marks.drawCase(this.brush, x, y, late ? "late" : held ? "held" : "open");
      this.drawn.push({ x, y, r, kind: "case", id: model.cases.ids[i], late: late ? 1 : 0 });
    },

    drawStations(view, now, zoom) {
      const points = model.stations;
      const columns = pingji.live.topic("stations").columns;
      const small = zoom < this.roomyZoom(points.n);
      for (let i = 0; i < points.n; i += 1) {
        const row = points.rows[i];
        const layer = KIND_LAYER[row[columns.kind]] || "river";
        if (!this.chosen[layer]) continue;
        const [x, y] = this.screen(points, i);
        if (!(x > -20 && x < view.width + 20 && y > -20 && y < view.height + 20)) continue;
        const verdict = model.judge(row, now);
        const r = this.drawStation(x, y, row, layer, verdict, now, small);
        const late = verdict.level === "over" ? 1 : 0;
        this.drawn.push({ x, y, r, kind: "station", id: points.ids[i], late });
      }
    },

    /** A level with its lines as a gauge, rain as a column, anything else by its shape. */
    drawStation(x, y, row, layer, verdict, now, small) {
      if (layer === "rain") {
        const mm = pingji.cityData.rainOf(row[0], now);
        return marks.drawRain(this.brush, x, y, mm, verdict, small);
      }
      const level = layer === "river" ? levelOf(row) : null;
      if (level) return marks.drawGauge(this.brush, x, y, verdict, level, small);
      return marks.drawStation(this.brush, x, y, layer, verdict, small);
    },

    /** The zoom from which so many stations have room for their full shape. */
    roomyZoom(n) {
      const bounds = pingji.page.city.bounds;
      const wide = bounds ? bounds[2] - bounds[0] : 1.2;
      return Math.log2((360 / wide) * Math.sqrt(n) * 0.09);
    },

    drawCameras(view, zoom) {
      const points = model.cameras;
      const cells = this.cells.cameras;
      const off = (i) => points.state[i] === 0;
      const groups = cells.bin(points, view, () => true, off);
      const small = zoom < ROOMY_ZOOM;
      groups.forEach((group) => {
        const members = this.apart(points, cells, group, zoom);
        if (members) {
          members.forEach((i) => {
            const [x, y] = this.screen(points, i);
            const r = marks.drawCamera(this.brush, x, y, off(i), small);
            this.drawn.push({ x, y, r, kind: "camera", id: points.ids[i], late: 0 });
          });
          return;
        }
        const r = marks.drawCamera(this.brush, group.x, group.y, false, small);
        if (!small) marks.drawCount(this.brush, group.x, group.y, group.count);
        Object.assign(group, { kind: "group", layer: "cameras", r: r, late: 0 });
        this.drawn.push(group);
      });
    },

    drawSelected(view, now) {
      const i = this.selected === null ? undefined : model.cases.index.get(this.selected);
      if (i === undefined || Number.isNaN(model.cases.x[i])) return;
      this.drawCase(i, now);
      const [x, y] = this.screen(model.cases, i);
      marks.drawSelection(this.brush, x, y);
    },

    /** Show a case in the middle and mark it; null takes the mark away. */
    choose(id) {
      this.selected = id;
      const i = id === null ? undefined : model.cases.index.get(id);
      if (i !== undefined && !Number.isNaN(model.cases.x[i])) {
        const [x, y] = this.screen(model.cases, i);
        const place = this._map.containerPointToLatLng([x, y]);
        this._map.setView(place, Math.max(this._map.getZoom(), 13));
      }
      this.draw();
    },
  });

  /** The level of a station with the lines it is read against; null where there is no warning. */
  function levelOf(row) {
    const lines = (row[pingji.live.topic("stations").columns.thresholds] || {}).level;
    const known = model.factors.get(row[0]);
    const reading = known && known.get("level");
    if (!lines || typeof lines.warning !== "number" || !reading) return null;
    const value = reading[pingji.live.topic("readings").columns.value];
    return typeof value === "number" ? Object.assign({ value: value }, lines) : null;
  }

  /** More are late than its size makes likely, and by enough to be worth a look. */
  function unusual(group, usual) {
    const expected = group.count * usual;
    const spread = Math.sqrt(Math.max(expected * (1 - usual), 1e-9));
    return (
      group.late >= UNUSUAL_LEAST &&
      group.late > expected * UNUSUAL_RATIO &&
      (group.late - expected) / spread > UNUSUAL_Z
    );
  }
})();
