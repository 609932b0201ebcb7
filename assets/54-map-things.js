/* Stations, cameras, places and responders on the map: which of them, and where there is room.
 *
 * A thing's need says how much it matters now: at URGENT or above it is always shown (what is
 * abnormal, and what has an alert that nobody acknowledged, its layer shown or not); below, it
 * waits for its zoom and for free room. Without the cases the others have the room to themselves. */
(function () {
  "use strict";

  const pingji = window.pingji;
  const model = pingji.model;
  const marks = pingji.marks;

  const URGENT = 2;
  const ALERTED = 3;
  const ALL_ZOOM = 16; // from here on everything is drawn
  const BEYOND = 40; // px outside the view that still take room, so that edges do not flicker
  const HEAP_PX = 17; // nearer than this, what is urgent is one mark with its number
  const HEAP_ZOOM = 15;
  const CAMERAS_PX = 56; // one camera of so many px, below the zoom that shows them all
  const DEFAULT_LAYER = { rain: "rain", weather: "rain", emission: "emission", other: "emission" };

  /** kinds: what there is, in the order in which room is given among equals. Each
   * {kind, topic, layer(row, at), from, need(row, at, now), size, draw(layer, x, y, row, look)}. */
  const kinds = [];

  pingji.layerOfStation = (kind) => DEFAULT_LAYER[kind] || "river";
  pingji.mapKinds = kinds;
  pingji.mapNeed = { URGENT, ALERTED };

  /** The level of a station with the lines it is read against; null where there is no warning. */
  function levelOf(row) {
    const lines = (row[pingji.live.topic("stations").columns.thresholds] || {}).level;
    const known = model.factors.get(row[0]);
    const reading = known && known.get("level");
    if (!lines || typeof lines.warning !== "number" || !reading) return null;
    const value = reading[pingji.live.topic("readings").columns.value];
    return typeof value === "number" ? Object.assign({ value: value }, lines) : null;
  }

  kinds.push({
    kind: "station",
    topic: "stations",
    layer: (row, at) => pingji.layerOfStation(row[at.kind]),

    need(row, at, now) {
      if (model.judge(row, now).level === "over") return URGENT;
      const layer = pingji.layerOfStation(row[at.kind]);
      if (layer === "rain") return pingji.cityData.rainOf(row[0], now) > 0 ? 1.5 : 0.3;
      return layer === "river" && levelOf(row) ? 1 : 0.4;
    },

    from: (need) => (need >= 1 ? 0 : 11.5),
    size: { wide: 5, up: 9, down: 8 },

    draw(layer, x, y, row, look) {
      const at = pingji.live.topic("stations").columns;
      const verdict = model.judge(row, look.now);
      const sort = pingji.layerOfStation(row[at.kind]);
      if (sort === "rain") {
        const mm = pingji.cityData.rainOf(row[0], look.now);
        return marks.drawRain(layer.brush, x, y, mm, verdict, look.small);
      }
      const level = sort === "river" ? levelOf(row) : null;
      if (level) return marks.drawGauge(layer.brush, x, y, verdict, level, look.small);
      return marks.drawStation(layer.brush, x, y, sort, verdict, look.small);
    },
  });

  kinds.push({
    kind: "camera",
    topic: "cameras",
    layer: () => "cameras",
    need: () => 0,
    from: () => 13,
    size: { wide: 7, up: 5, down: 5 },

    draw(layer, x, y, row, look) {
      const off = row[pingji.live.topic("cameras").columns.status] !== "on";
      return marks.drawCamera(layer.brush, x, y, off, look.small);
    },
  });

  // ── which cameras stand for their neighbours ────────────────────────────────────────────────

  const thinned = { zoom: null, version: -1, list: [] };
  let version = 0;
  ["set:cameras", "delta:cameras"].forEach((name) =>
    pingji.on(name, () => {
      version += 1;
    }),
  );

  /** One camera a square of the world at this zoom; looked for anew only when they change. */
  function fewCameras(view, zoom) {
    if (thinned.zoom === zoom && thinned.version === version) return thinned.list;
    const points = model.cameras;
    const side = CAMERAS_PX * view.rem;
    const seen = new Set();
    const list = [];
    for (let i = 0; i < points.n; i += 1) {
      if (Number.isNaN(points.x[i])) continue;
      const column = Math.floor((points.x[i] * view.scale) / side);
      const key = column * 4194304 + Math.floor((points.y[i] * view.scale) / side);
      if (seen.has(key)) continue;
      seen.add(key);
      list.push(i);
    }
    Object.assign(thinned, { zoom, version, list });
    return list;
  }

  pingji.PointLayer.include({
    /** What may be drawn in the view: {urgent, usual}, each {spec, i, x, y, need, alerts}. */
    collect(view, now, zoom) {
      const urgent = [];
      const usual = [];
      this.waiting = 0;
      kinds.forEach((spec) => this.collectKind(spec, view, now, zoom, urgent, usual));
      usual.sort((a, b) => b.need - a.need); // stable: among equals as they are kept
      urgent.sort((a, b) => b.need - a.need || b.alerts - a.alerts);
      return { urgent, usual };
    },

    collectKind(spec, view, now, zoom, urgent, usual) {
      const points = model[spec.topic];
      const at = pingji.live.topic(spec.topic).columns;
      const alone = !this.chosen.cases;
      const add = (i, quiet) => {
        const x = points.x[i] * view.scale - view.left;
        const y = points.y[i] * view.scale - view.top;
        if (!(x > -BEYOND && x < view.width + BEYOND)) return;
        if (!(y > -BEYOND && y < view.height + BEYOND)) return;
        const row = points.rows[i];
        const alerts = model.alertsOf(spec.topic, row[0]);
        const shown = this.chosen[spec.layer(row, at)];
        if (!alerts && (quiet || !shown)) return;
        const need = alerts ? ALERTED : spec.need(row, at, now);
        const item = { spec, i, row, x, y, need, alerts };
        if (need >= URGENT) urgent.push(item);
        else if (alone || zoom >= spec.from(need)) usual.push(item);
        else this.waiting += 1;
      };
      if (spec.topic !== "cameras") {
        for (let i = 0; i < points.n; i += 1) add(i, false);
        return;
      }
      model.alerted("cameras").forEach((id) => {
        const i = points.index.get(id);
        if (i !== undefined) add(i, true);
      });
      if (!this.chosen.cameras || zoom >= ALL_ZOOM) return;
      if (!alone && zoom < spec.from(0)) return;
      fewCameras(view, zoom).forEach((i) => {
        if (!model.alertsOf("cameras", points.ids[i])) add(i, false);
      });
    },

    /** Urgent things as marks with their boxes; those of one sort on one spot become one. */
    gather(urgent, zoom) {
      const rem = this.brush.rem;
      const near = (zoom < HEAP_ZOOM ? HEAP_PX : HEAP_PX / 2) * rem;
      const kept = [];
      urgent.forEach((item) => {
        const at = pingji.live.topic(item.spec.topic).columns;
        const sort = item.spec.layer(item.row, at);
        const host = kept.find(
          (other) => other.sort === sort && Math.hypot(other.x - item.x, other.y - item.y) < near,
        );
        if (host) {
          host.heap.push(item);
          host.alerts += item.alerts;
          host.wide = Math.max(host.wide, 16 * rem);
          return;
        }
        const size = { wide: 11 * rem, up: 13 * rem, down: 12 * rem };
        kept.push(Object.assign({ sort, heap: [item] }, item, size));
      });
      return kept;
    },

    drawRaised(raised, now, zoom) {
      raised.forEach((item) => {
        const look = { now, zoom, small: false, need: item.need };
        const r = item.spec.draw(this, item.x, item.y, item.row, look);
        const many = item.heap.length;
        if (many > 1) marks.drawCount(this.brush, item.x, item.y - 9 * this.brush.rem, many, true);
        if (item.alerts) marks.drawAlert(this.brush, item.x, item.y, r, item.alerts);
        const place = { x: item.x, y: item.y, r, late: many, alerts: item.alerts };
        if (many === 1) this.drawn.push(Object.assign(place, this.named(item)));
        else {
          const members = item.heap.map((one) => this.named(one));
          const head = { kind: "heap", id: item.row[0], count: many, members };
          this.drawn.push(Object.assign(place, head));
        }
      });
    },

    named(item) {
      return { kind: item.spec.kind, id: item.row[0] };
    },

    drawUsual(usual, now, zoom) {
      const rem = this.brush.rem;
      const all = zoom >= ALL_ZOOM;
      const small = zoom < 13;
      const pad = (zoom < 11 ? 10 : zoom < 13 ? 7 : zoom < 15 ? 4 : 1) * rem;
      const look = { now, zoom, small };
      usual.forEach((item) => {
        const { wide, up, down } = item.spec.size;
        const box = [wide * rem + pad, up * rem + pad, down * rem + pad];
        const { x, y } = item;
        if (!all && !this.room.free(x - box[0], y - box[1], x + box[0], y + box[2])) {
          this.waiting += 1;
          return;
        }
        this.room.take(x - wide * rem, y - up * rem, x + wide * rem, y + down * rem);
        const r = item.spec.draw(this, x, y, item.row, look);
        this.drawn.push(Object.assign({ x, y, r, late: 0, alerts: 0 }, this.named(item)));
      });
      if (this.chosen.cameras && all) this.drawCameras(zoom);
    },

    /** Near enough for every camera: those on one spot are one mark with their number. */
    drawCameras(zoom) {
      const points = model.cameras;
      const cells = this.cells.cameras;
      const off = (i) => points.state[i] === 0;
      cells.bin(points, this.view, () => true, off).forEach((group) => {
        const members = this.apart(points, cells, group, zoom);
        if (members) {
          members.forEach((i) => {
            const [x, y] = this.screen(points, i);
            const r = marks.drawCamera(this.brush, x, y, off(i), false);
            this.drawn.push({ x, y, r, kind: "camera", id: points.ids[i], late: 0, alerts: 0 });
          });
          return;
        }
        const r = marks.drawCamera(this.brush, group.x, group.y, false, false);
        marks.drawCount(this.brush, group.x, group.y, group.count, false);
        Object.assign(group, { kind: "group", layer: "cameras", r: r, late: 0 });
        this.drawn.push(group);
      });
    },
  });
})();
