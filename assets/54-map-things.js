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
  // Nearer than so many px, across and down, what is urgent is one plate: [below zoom, px, px]
  const HEAPS = [
    [11, 62, 26],
    [13, 46, 24],
    [15, 28, 20],
    [Infinity, 9, 9],
  ];
  const ROOMY_ZOOM = 15; // from here on a plate may lie on another
  const ROUNDS = 5;
  const RANK = ["low", "high", "warning", "guarantee", "record"];
  const CAMERAS_PX = 56; // one camera of so many px, below the zoom that shows them all
  const DEFAULT_LAYER = { rain: "rain", weather: "rain", emission: "emission", other: "emission" };

  /** kinds: what there is, in the order in which room is given among equals. Each
   * {kind, topic, layer(row, at), from, need(row, at, now), sign(row, at, now), size, draw(…)}. */
  const kinds = [];

  pingji.layerOfStation = (kind) => DEFAULT_LAYER[kind] || "river";
  pingji.mapKinds = kinds;
  pingji.mapNeed = { URGENT, ALERTED };

  kinds.push({
    kind: "station",
    topic: "stations",
    layer: (row, at) => pingji.layerOfStation(row[at.kind]),

    need(row, at, now) {
      if (model.judge(row, now).level === "over") return URGENT;
      const layer = pingji.layerOfStation(row[at.kind]);
      if (layer === "rain") return pingji.cityData.rainOf(row[0], now) > 0 ? 1.5 : 0.3;
      return layer === "river" && pingji.cityData.levelOf(row) ? 1 : 0.4;
    },

    sign(row, at, now) {
      const verdict = model.judge(row, now);
      const over = verdict.level === "over";
      const shape = pingji.layerOfStation(row[at.kind]);
      const token = over ? marks.OVER[verdict.line] : "--map-ink";
      return { shape, token, rank: over ? 2 + RANK.indexOf(verdict.line) : 1 };
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
      const level = sort === "river" ? pingji.cityData.levelOf(row) : null;
      if (level) return marks.drawGauge(layer.brush, x, y, verdict, level, look.small);
      return marks.drawStation(layer.brush, x, y, sort, verdict, look.small);
    },
  });

  kinds.push({
    kind: "camera",
    topic: "cameras",
    layer: () => "cameras",
    need: () => 0,
    sign: () => ({ shape: "camera", token: "--map-ink", rank: 0 }),
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

    /** Urgent things as marks with their boxes; those on one spot become one plate. */
    gather(urgent, now, zoom) {
      const rem = this.brush.rem;
      const [, across, down] = HEAPS.find(([below]) => zoom < below);
      const kept = [];
      urgent.forEach((item) => {
        const host = kept.find(
          (other) =>
            Math.abs(other.x - item.x) < across * rem && Math.abs(other.y - item.y) < down * rem,
        );
        if (host) {
          host.heap.push(item);
          host.alerts += item.alerts;
          return;
        }
        const size = { wide: 11 * rem, up: 13 * rem, down: 12 * rem };
        kept.push(Object.assign({}, item, { heap: [item] }, size));
      });
      kept.forEach((host) => this.plate(host, now));
      return zoom < ROOMY_ZOOM ? this.unite(kept, now) : kept;
    },

    /** The plate of a host that is more than one thing, and the box it takes. */
    plate(host, now) {
      if (host.heap.length < 2) return;
      const signs = host.heap.map((item) => this.signOf(item, now));
      host.plate = pingji.heap.layOut(this.brush, signs, host.alerts);
      const room = 2 * this.brush.rem;
      const half = host.plate.high / 2 + room;
      Object.assign(host, { wide: host.plate.wide / 2 + room, up: half, down: half });
    },

    /** Plates that would lie on another or on a mark become one with it. */
    unite(hosts, now) {
      let kept = hosts;
      for (let round = 0; round < ROUNDS; round += 1) {
        const next = [];
        kept.forEach((host) => {
          const other = next.find(
            (one) =>
              (one.plate || host.plate) &&
              Math.abs(one.x - host.x) < one.wide + host.wide &&
              host.y - host.up < one.y + one.down &&
              host.y + host.down > one.y - one.up,
          );
          if (!other) {
            next.push(host);
            return;
          }
          other.heap = other.heap.concat(host.heap);
          other.alerts += host.alerts;
          this.plate(other, now);
        });
        if (next.length === kept.length) break;
        kept = next;
      }
      return kept;
    },

    signOf(item, now) {
      return item.spec.sign(item.row, pingji.live.topic(item.spec.topic).columns, now);
    },

    drawRaised(raised, now, zoom) {
      const look = { now, zoom, small: false };
      raised.forEach((item) => {
        const { x, y, alerts } = item;
        if (item.plate) {
          pingji.heap.draw(this.brush, x, y, item.plate);
          const members = item.heap.map((one) => this.named(one));
          const count = members.length;
          const box = [item.wide, item.plate.high / 2];
          const head = { kind: "heap", id: item.row[0], r: box[1], box, count, late: count };
          this.drawn.push(Object.assign({ x, y, alerts, members }, head));
          return;
        }
        const r = item.spec.draw(this, x, y, item.row, look);
        if (alerts) marks.drawAlert(this.brush, x, y, r, alerts);
        this.drawn.push(Object.assign({ x, y, r, late: 1, alerts }, this.named(item)));
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
        marks.drawCount(this.brush, group.x, group.y, group.count);
        Object.assign(group, { kind: "group", layer: "cameras", r: r, late: 0 });
        this.drawn.push(group);
      });
    },
  });
})();
