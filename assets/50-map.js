/* The canvas layer on dash-leaflet's map: cases, stations and cameras of a whole city.
 *
 * Points are binned into screen cells anew at each repaint, so a change costs an array write and
 * nothing else. A group shows how many need action out of how many; it wears the hue of lateness
 * only where overdue is unusual for its size. Words are always drawn or set as text. */
(function () {
  "use strict";

  const L = window.L;
  const pingji = window.pingji;
  const model = pingji.model;

  const CELL = 72; // px of one cell of the grid, at 16 px to the rem
  const ALONE_ZOOM = 16; // from here on a cell of a few points is drawn point by point
  const ALONE_MOST = 4;
  const DATA_MS = 250; // least time between two repaints for new data
  const LIST_MOST = 200;
  const UNUSUAL_Z = 2;
  const UNUSUAL_RATIO = 1.5;
  const UNUSUAL_LEAST = 3;

  const KIND_LAYER = { rain: "rain", weather: "rain", emission: "emission", other: "emission" };
  const OVER_TOKEN = {
    record: "--warning-red",
    guarantee: "--warning-orange",
    warning: "--warning-yellow",
    high: "--map-strong",
    low: "--map-strong",
  };
  const TOKENS = [
    "--map-case",
    "--map-case-edge",
    "--map-lateness",
    "--map-on-lateness",
    "--map-group",
    "--map-group-edge",
    "--map-group-ring",
    "--map-group-share",
    "--map-ink",
    "--map-muted",
    "--map-halo",
    "--map-station",
    "--map-camera",
    "--map-old",
    "--map-strong",
    "--map-grid",
    "--map-select",
    "--warning-red",
    "--warning-orange",
    "--warning-yellow",
    "--warning-blue",
  ];

  const chosen = readChosen();
  let attached = null;

  function readChosen() {
    const standard = { cases: true, river: true, rain: true, emission: true, cameras: true };
    try {
      return Object.assign(standard, JSON.parse(pingji.memory.get("layers")) || {});
    } catch (error) {
      return standard;
    }
  }

  class Cells {
    constructor() {
      this.size = 0;
      this.grow(4096);
    }

    grow(size) {
      this.count = new Int32Array(size);
      this.late = new Int32Array(size);
      this.first = new Int32Array(size);
      this.sumX = new Float64Array(size);
      this.sumY = new Float64Array(size);
      this.size = size;
    }

    clear(size) {
      if (size > this.size) this.grow(size);
      else {
        this.count.fill(0, 0, size);
        this.late.fill(0, 0, size);
        this.sumX.fill(0, 0, size);
        this.sumY.fill(0, 0, size);
      }
    }
  }

  const PointLayer = L.Layer.extend({
    initialize() {
      this.cells = new Cells();
      this.drawn = []; // what can be hit: {x, y, r, kind, i | members, …}
      this.selected = null;
      this.step = -1;
      this.labels = [];
      this.timing = { draws: 0, last_ms: 0, worst_ms: 0 };
    },

    onAdd(map) {
      const pane = map.createPane("pingji");
      pane.style.zIndex = 450;
      pane.style.pointerEvents = "none";
      this.canvas = L.DomUtil.create("canvas", "map__canvas leaflet-zoom-animated", pane);
      this.context = this.canvas.getContext("2d");
      this.readTokens();
      this.resize();
      map.on("move zoomend viewreset moveend", this.draw, this);
      map.on("resize", this.resized, this);
      map.on("zoomanim", this.animate, this);
      map.on("mousemove", this.hover, this);
      map.on("mouseout movestart", this.hideTip, this);
      map.on("click", this.click, this);
      map.getContainer().addEventListener("keydown", this.onKey);
      this.tip = pingji.make("div", "map__tip");
      this.tip.hidden = true;
      this.list = pingji.make("div", "map__list panel");
      this.list.hidden = true;
      map.getContainer().append(this.tip, this.list);
      L.DomEvent.disableClickPropagation(this.list);
      L.DomEvent.disableScrollPropagation(this.list);
      this.loadLabels();
      this.draw();
    },

    onRemove(map) {
      map.off(null, null, this);
      map.getContainer().removeEventListener("keydown", this.onKey);
      this.canvas.remove();
    },

    readTokens() {
      const style = window.getComputedStyle(document.documentElement);
      this.token = {};
      TOKENS.forEach((name) => {
        this.token[name] = style.getPropertyValue(name).trim();
      });
      this.rem = parseFloat(style.fontSize) / 16 || 1;
      this.family = window.getComputedStyle(document.body).fontFamily;
    },

    resized() {
      this.readTokens();
      this.resize();
      this.draw();
    },

    resize() {
      const size = this._map.getSize();
      const ratio = window.devicePixelRatio || 1;
      this.width = size.x;
      this.height = size.y;
      this.canvas.width = Math.round(size.x * ratio);
      this.canvas.height = Math.round(size.y * ratio);
      this.canvas.style.width = size.x + "px";
      this.canvas.style.height = size.y + "px";
      this.context.setTransform(ratio, 0, 0, ratio, 0, 0);
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
      if (!map || !map._loaded || !pingji.page) return;
      const began = performance.now();
      L.DomUtil.setPosition(this.canvas, map.containerPointToLayerPoint([0, 0]));
      const context = this.context;
      context.clearRect(0, 0, this.width, this.height);
      const bounds = map.getPixelBounds();
      this.scale = 256 * Math.pow(2, map.getZoom());
      this.left = bounds.min.x;
      this.top = bounds.min.y;
      this.drawn = [];
      if (!pingji.page.city.shapes) this.drawGraticule(context);
      this.drawLabels(context);
      const now = pingji.live.pictureAt();
      if (chosen.cameras) this.drawCameras(context);
      this.drawStations(context, now);
      if (chosen.cases) this.drawCases(context, now);
      this.drawSelected(context, now);
      this.drawnAt = performance.now();
      const cost = this.drawnAt - began;
      this.timing.draws += 1;
      this.timing.last_ms = cost;
      this.timing.worst_ms = Math.max(this.timing.worst_ms, cost);
    },

    /** Count the points of each cell; `late(i)` says which need action, `take(i)` which count. */
    bin(points, take, late) {
      const cell = CELL * this.rem;
      // The grid stands on the world, not on the screen: groups stay put while the map moves.
      const column0 = Math.floor(this.left / cell) - 1;
      const row0 = Math.floor(this.top / cell) - 1;
      const columns = Math.ceil(this.width / cell) + 3;
      const rows = Math.ceil(this.height / cell) + 3;
      const cells = this.cells;
      cells.clear(columns * rows);
      let all = 0;
      let allLate = 0;
      for (let i = 0; i < points.n; i += 1) {
        if (!take(i)) continue;
        const isLate = late(i);
        all += 1;
        if (isLate) allLate += 1;
        const x = points.x[i] * this.scale;
        const column = Math.floor(x / cell) - column0;
        if (!(column >= 0 && column < columns)) continue;
        const y = points.y[i] * this.scale;
        const row = Math.floor(y / cell) - row0;
        if (!(row >= 0 && row < rows)) continue;
        const at = row * columns + column;
        if (cells.count[at] === 0) cells.first[at] = i;
        cells.count[at] += 1;
        cells.sumX[at] += x;
        cells.sumY[at] += y;
        if (isLate) cells.late[at] += 1;
      }
      return { columns, rows, column0, row0, cell, usual: all ? allLate / all : 0 };
    },

    /** Indices of the points in a cell, for drawing them one by one or listing them. */
    members(points, take, grid, at, most) {
      const found = [];
      const column = grid.column0 + (at % grid.columns);
      const row = grid.row0 + Math.floor(at / grid.columns);
      for (let i = 0; i < points.n && found.length < most; i += 1) {
        if (!take(i)) continue;
        if (Math.floor((points.x[i] * this.scale) / grid.cell) !== column) continue;
        if (Math.floor((points.y[i] * this.scale) / grid.cell) !== row) continue;
        found.push(i);
      }
      return found;
    },

    drawCases(context, now) {
      const cases = model.cases;
      const take = (i) => (cases.state[i] & model.OPEN) !== 0;
      const late = (i) => model.isOverdue(i, now);
      const grid = this.bin(cases, take, late);
      const apart = this._map.getZoom() >= ALONE_ZOOM;
      const cells = this.cells;
      const total = grid.columns * grid.rows;
      for (let at = 0; at < total; at += 1) {
        const count = cells.count[at];
        if (!count) continue;
        if (count === 1) {
          this.drawCase(context, cells.first[at], late(cells.first[at]));
        } else if (apart && count <= ALONE_MOST) {
          this.apart(context, grid, at, take, late);
        } else {
          this.drawGroup(context, grid, at, take);
        }
      }
    },

    apart(context, grid, at, take, late) {
      const cases = model.cases;
      const found = this.members(cases, take, grid, at, ALONE_MOST);
      const spread = found.some(
        (i) =>
          Math.abs(cases.x[i] - cases.x[found[0]]) * this.scale > 14 ||
          Math.abs(cases.y[i] - cases.y[found[0]]) * this.scale > 14,
      );
      if (spread) found.forEach((i) => this.drawCase(context, i, late(i)));
      else this.drawGroup(context, grid, at, take);
    },

    drawGroup(context, grid, at, take) {
      const cells = this.cells;
      const count = cells.count[at];
      const late = cells.late[at];
      const x = cells.sumX[at] / count - this.left;
      const y = cells.sumY[at] / count - this.top;
      const radius = (11 + 3.2 * Math.log2(count)) * this.rem * 0.82;
      const expected = count * grid.usual;
      const spread = Math.sqrt(Math.max(expected * (1 - grid.usual), 1e-9));
      const unusual =
        late >= UNUSUAL_LEAST &&
        late > expected * UNUSUAL_RATIO &&
        (late - expected) / spread > UNUSUAL_Z;
      const token = this.token;
      const width = 3.2 * this.rem;
      context.beginPath();
      context.arc(x, y, radius, 0, 2 * Math.PI);
      context.fillStyle = token["--map-group"];
      context.fill();
      context.lineWidth = width;
      context.strokeStyle = token["--map-group-ring"];
      context.stroke();
      if (late) {
        context.beginPath();
        context.arc(x, y, radius, -Math.PI / 2, -Math.PI / 2 + (2 * Math.PI * late) / count);
        context.strokeStyle = unusual ? token["--map-lateness"] : token["--map-group-share"];
        context.lineWidth = unusual ? width * 1.5 : width;
        context.stroke();
      }
      const figure = pingji.format.number(count);
      context.textAlign = "center";
      context.textBaseline = "middle";
      if (unusual) {
        context.font = this.font(600, radius > 18 * this.rem ? 12.5 : 11);
        context.fillStyle = token["--map-lateness"];
        context.fillText(pingji.format.number(late), x, y - 6 * this.rem);
        context.font = this.font(400, 10.5);
        context.fillStyle = token["--map-ink"];
        context.fillText("/" + figure, x, y + 6 * this.rem);
      } else {
        context.font = this.font(500, 12);
        context.fillStyle = token["--map-ink"];
        context.fillText(figure, x, y + 0.5);
      }
      this.drawn.push({
        x,
        y,
        r: radius + width,
        kind: "group",
        layer: "cases",
        count,
        late,
        grid,
        at,
        take,
      });
    },

    drawCase(context, i, late) {
      const cases = model.cases;
      const x = cases.x[i] * this.scale - this.left;
      const y = cases.y[i] * this.scale - this.top;
      const rem = this.rem;
      const radius = (late ? 7 : 5.2) * rem;
      const token = this.token;
      context.beginPath();
      context.arc(x, y, radius, 0, 2 * Math.PI);
      const held = !(cases.state[i] & model.WITH_UNIT);
      context.fillStyle = late ? token["--map-lateness"] : token["--map-case"];
      context.strokeStyle = token["--map-case-edge"];
      context.lineWidth = 1.5 * rem;
      if (held && !late) {
        context.fillStyle = token["--map-group"];
        context.strokeStyle = token["--map-case"];
      }
      context.fill();
      context.stroke();
      if (late) {
        // the hands of a clock: lateness is a shape as well as a hue
        context.beginPath();
        context.moveTo(x, y - 4 * rem);
        context.lineTo(x, y);
        context.lineTo(x + 3 * rem, y + 1.5 * rem);
        context.strokeStyle = token["--map-on-lateness"];
        context.lineWidth = 1.6 * rem;
        context.stroke();
      }
      this.drawn.push({ x, y, r: radius + 3, kind: "case", id: cases.ids[i], late: late ? 1 : 0 });
    },

    drawStations(context, now) {
      const stations = model.stations;
      const columns = pingji.live.topic("stations").columns;
      const crowd = stations.n > 60 && this._map.getZoom() < this.dense(stations.n);
      for (let i = 0; i < stations.n; i += 1) {
        const row = stations.rows[i];
        const layer = KIND_LAYER[row[columns.kind]] || "river";
        if (!chosen[layer]) continue;
        const x = stations.x[i] * this.scale - this.left;
        const y = stations.y[i] * this.scale - this.top;
        if (!(x > -20 && x < this.width + 20 && y > -20 && y < this.height + 20)) continue;
        const verdict = model.judge(row, now);
        const over = verdict.level === "over";
        this.drawStation(context, x, y, layer, verdict, crowd && !over);
        this.drawn.push({
          x,
          y,
          r: (crowd && !over ? 5 : 8) * this.rem,
          kind: "station",
          id: stations.ids[i],
          late: over ? 1 : 0,
        });
      }
    },

    /** The zoom from which so many stations have room for their full shape. */
    dense(n) {
      const bounds = pingji.page.city.bounds;
      const wide = bounds ? bounds[2] - bounds[0] : 1.2;
      return Math.log2((360 / wide) * Math.sqrt(n) * 0.09);
    },

    drawStation(context, x, y, layer, verdict, small) {
      const token = this.token;
      const over = verdict.level === "over";
      const r = (small ? 3 : over ? 7.5 : 5) * this.rem;
      context.beginPath();
      if (layer === "rain") {
        context.moveTo(x - r, y - r * 0.8);
        context.lineTo(x + r, y - r * 0.8);
        context.lineTo(x, y + r);
      } else if (layer === "emission") {
        context.rect(x - r * 0.8, y - r * 0.8, r * 1.6, r * 1.6);
      } else {
        context.moveTo(x, y - r);
        context.lineTo(x + r, y);
        context.lineTo(x, y + r);
        context.lineTo(x - r, y);
      }
      context.closePath();
      const hollow = verdict.level === "none" || verdict.old;
      context.fillStyle = over ? token[OVER_TOKEN[verdict.line]] : token["--map-station"];
      context.strokeStyle = hollow ? token["--map-old"] : token["--map-halo"];
      context.lineWidth = (over ? 2 : 1.2) * this.rem;
      if (!hollow || over) context.fill();
      context.stroke();
      if (over) {
        context.font = this.font(700, 10.5);
        context.textAlign = "center";
        context.textBaseline = "middle";
        context.fillStyle = token["--map-halo"];
        context.fillText("!", x, y + 0.5);
      }
    },

    drawCameras(context) {
      const cameras = model.cameras;
      const take = (i) => !Number.isNaN(cameras.x[i]);
      const off = (i) => cameras.state[i] === 0;
      const grid = this.bin(cameras, take, off);
      const cells = this.cells;
      const total = grid.columns * grid.rows;
      for (let at = 0; at < total; at += 1) {
        const count = cells.count[at];
        if (!count) continue;
        const x = cells.sumX[at] / count - this.left;
        const y = cells.sumY[at] / count - this.top;
        if (count === 1) {
          const i = cells.first[at];
          this.drawCamera(context, x, y, off(i));
          this.drawn.push({ x, y, r: 8 * this.rem, kind: "camera", id: cameras.ids[i], late: 0 });
          continue;
        }
        if (this._map.getZoom() >= ALONE_ZOOM && count <= ALONE_MOST) {
          this.members(cameras, take, grid, at, ALONE_MOST).forEach((i) => {
            const cx = cameras.x[i] * this.scale - this.left;
            const cy = cameras.y[i] * this.scale - this.top;
            this.drawCamera(context, cx, cy, off(i));
            const id = cameras.ids[i];
            this.drawn.push({ x: cx, y: cy, r: 8 * this.rem, kind: "camera", id, late: 0 });
          });
          continue;
        }
        this.drawCamera(context, x, y, false);
        context.font = this.font(400, 10.5);
        context.textAlign = "left";
        context.textBaseline = "middle";
        this.inked(context, pingji.format.number(count), x + 8 * this.rem, y, "--map-muted");
        this.drawn.push({
          x,
          y,
          r: 9 * this.rem,
          kind: "group",
          layer: "cameras",
          count,
          late: 0,
          grid,
          at,
          take,
        });
      }
    },

    drawCamera(context, x, y, off) {
      const rem = this.rem;
      context.beginPath();
      context.rect(x - 5 * rem, y - 3.4 * rem, 7 * rem, 6.8 * rem);
      context.moveTo(x + 2.6 * rem, y);
      context.lineTo(x + 6 * rem, y - 3 * rem);
      context.lineTo(x + 6 * rem, y + 3 * rem);
      context.closePath();
      context.lineWidth = 1.2 * rem;
      context.fillStyle = this.token["--map-camera"];
      context.strokeStyle = off ? this.token["--map-old"] : this.token["--map-halo"];
      if (!off) context.fill();
      context.stroke();
    },

    drawSelected(context, now) {
      if (!this.selected) return;
      const i = model.cases.index.get(this.selected);
      if (i === undefined || Number.isNaN(model.cases.x[i])) return;
      this.drawCase(context, i, model.isOverdue(i, now));
      const x = model.cases.x[i] * this.scale - this.left;
      const y = model.cases.y[i] * this.scale - this.top;
      context.beginPath();
      context.arc(x, y, 14 * this.rem, 0, 2 * Math.PI);
      context.strokeStyle = this.token["--map-select"];
      context.lineWidth = 2.5 * this.rem;
      context.stroke();
    },

    font(weight, px) {
      return weight + " " + px * this.rem + "px " + this.family;
    },

    inked(context, text, x, y, token) {
      context.lineJoin = "round";
      context.lineWidth = 3 * this.rem;
      context.strokeStyle = this.token["--map-halo"];
      context.strokeText(text, x, y);
      context.fillStyle = this.token[token];
      context.fillText(text, x, y);
    },

    drawLabels(context) {
      const english = pingji.language === "en";
      context.font = this.font(400, 12.5);
      context.textAlign = "center";
      context.textBaseline = "middle";
      this.labels.forEach((label) => {
        const room = label.reach * this.scale;
        const text = english ? label.en : label.zh;
        if (context.measureText(text).width > room * 2.6) return;
        const x = label.x * this.scale - this.left;
        const y = label.y * this.scale - this.top;
        this.inked(context, text, x, y, "--map-muted");
      });
    },

    loadLabels() {
      const url = pingji.page && pingji.page.city.shapes;
      if (!url) return;
      window
        .fetch(url)
        .then((answer) => answer.json())
        .then((shapes) => {
          this.labels = shapes.features.map(label).filter(Boolean);
          this.draw();
        })
        .catch(() => {});
    },

    drawGraticule(context) {
      const steps = [10, 5, 2, 1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005];
      const degree = this.scale / 360;
      const step = steps.filter((s) => s * degree >= 110 * this.rem).pop() || 10;
      const bounds = this._map.getBounds();
      const digits = step < 0.01 ? 3 : step < 0.1 ? 2 : step < 1 ? 1 : 0;
      context.strokeStyle = this.token["--map-grid"];
      context.lineWidth = 1;
      context.font = this.font(400, 11);
      context.textBaseline = "top";
      context.textAlign = "left";
      for (let lon = Math.floor(bounds.getWest() / step) * step; lon < bounds.getEast(); lon += step) {
        const x = Math.round((lon / 360 + 0.5) * this.scale - this.left) + 0.5;
        line(context, x, 0, x, this.height);
        this.inked(context, degrees(lon, digits, "E", "W"), x + 4, 4, "--map-muted");
      }
      context.textBaseline = "bottom";
      for (let lat = Math.floor(bounds.getSouth() / step) * step; lat < bounds.getNorth(); lat += step) {
        const y = Math.round(this._map.latLngToContainerPoint([lat, bounds.getWest()]).y) + 0.5;
        line(context, 0, y, this.width, y);
        this.inked(context, degrees(lat, digits, "N", "S"), 4, y - 2, "--map-muted");
      }
    },

    // ── pointing, choosing, keys ──────────────────────────────────────────────────────────

    hit(point) {
      let best = null;
      let nearest = Infinity;
      for (let i = this.drawn.length - 1; i >= 0; i -= 1) {
        const item = this.drawn[i];
        const distance = Math.hypot(item.x - point.x, item.y - point.y);
        if (distance <= item.r + 3 && distance - item.r < nearest) {
          best = item;
          nearest = distance - item.r;
        }
      }
      return best;
    },

    hover(event) {
      const item = this.hit(event.containerPoint);
      this._map.getContainer().classList.toggle("map--over", Boolean(item));
      if (item) this.showTip(item);
      else this.hideTip();
    },

    showTip(item) {
      const lines = describe(item);
      this.tip.textContent = "";
      lines.forEach((text, n) => {
        this.tip.append(pingji.make("div", n ? "map__tip-line" : "map__tip-head", text));
      });
      this.tip.hidden = false;
      const box = this.tip.getBoundingClientRect();
      const right = item.x + item.r + 8 + box.width > this.width;
      const x = right ? item.x - item.r - 8 - box.width : item.x + item.r + 8;
      const y = Math.max(4, Math.min(item.y - box.height / 2, this.height - box.height - 4));
      this.tip.style.transform = "translate(" + Math.round(x) + "px," + Math.round(y) + "px)";
      return lines;
    },

    hideTip() {
      this.tip.hidden = true;
    },

    click(event) {
      const item = this.hit(event.containerPoint);
      this.list.hidden = true;
      if (item) this.open(item);
    },

    open(item) {
      if (item.kind === "case") {
        pingji.emit("select", { id: item.id, from: "map" });
      } else if (item.kind === "group") {
        this.openGroup(item);
      } else {
        this.showTip(item);
      }
    },

    openGroup(item) {
      const points = item.layer === "cases" ? model.cases : model.cameras;
      const found = this.members(points, item.take, item.grid, item.at, LIST_MOST);
      let west = Infinity;
      let east = -Infinity;
      let north = Infinity;
      let south = -Infinity;
      found.forEach((i) => {
        west = Math.min(west, points.x[i]);
        east = Math.max(east, points.x[i]);
        north = Math.min(north, points.y[i]);
        south = Math.max(south, points.y[i]);
      });
      const map = this._map;
      const oneSpot = Math.max(east - west, south - north) * this.scale * 4 < 20;
      if (map.getZoom() >= map.getMaxZoom() || oneSpot) {
        this.openList(item, points, found);
        return;
      }
      this.hideTip();
      const step = Math.min(map.getMaxZoom(), map.getZoom() + 2);
      map.setView(map.containerPointToLatLng([item.x, item.y]), step);
    },

    openList(item, points, found) {
      this.hideTip();
      const list = this.list;
      list.textContent = "";
      const head = pingji.make("div", "panel__head");
      const title = pingji.say("here", { n: pingji.format.number(item.count) });
      const close = pingji.make("button", "button", pingji.say("close"));
      close.addEventListener("click", () => {
        list.hidden = true;
        this._map.getContainer().focus();
      });
      head.append(pingji.make("strong", "panel__title", title), close);
      const body = pingji.make("div", "map__list-body");
      found.forEach((i) => {
        const kind = item.layer === "cases" ? "case" : "camera";
        const lines = describe({ kind: kind, id: points.ids[i] });
        const row = pingji.make("button", "map__list-row");
        lines.slice(0, 3).forEach((text) => row.append(pingji.make("span", "", text)));
        row.addEventListener("click", () => {
          if (kind === "case") pingji.emit("select", { id: points.ids[i], from: "map" });
        });
        body.append(row);
      });
      list.append(head, body);
      list.hidden = false;
      close.focus();
    },

    key(event) {
      if (event.target !== this._map.getContainer()) return;
      if (event.key === "n" || event.key === "p") {
        const ordered = this.drawn.slice().sort((a, b) => b.late - a.late || a.y - b.y || a.x - b.x);
        if (!ordered.length) return;
        this.step += event.key === "n" ? 1 : -1;
        this.step = (this.step + ordered.length) % ordered.length;
        this.under = ordered[this.step];
        pingji.announce(this.showTip(this.under).join(", "));
        event.preventDefault();
      } else if (event.key === "Enter" && this.under) {
        this.open(this.under);
        event.preventDefault();
      } else if (event.key === "Escape") {
        this.hideTip();
        this.list.hidden = true;
        pingji.emit("select", null);
      }
    },

    centre(id) {
      this.selected = id;
      const i = id === null ? undefined : model.cases.index.get(id);
      if (i !== undefined && !Number.isNaN(model.cases.x[i])) {
        const zoom = this._map.getZoom();
        const point = L.point(model.cases.x[i], model.cases.y[i]).multiplyBy(this.scale);
        this._map.setView(this._map.unproject(point, zoom), Math.max(zoom, 13));
      }
      this.draw();
    },
  });

  function line(context, x0, y0, x1, y1) {
    context.beginPath();
    context.moveTo(x0, y0);
    context.lineTo(x1, y1);
    context.stroke();
  }

  function degrees(value, digits, plus, minus) {
    const rounded = Number(value.toFixed(digits));
    return Math.abs(rounded).toFixed(digits) + "°" + (rounded < 0 ? minus : rounded > 0 ? plus : "");
  }

  /** Where a district's name has most room: the point of its largest ring farthest from the edge. */
  function label(feature) {
    const geometry = feature.geometry;
    const rings = geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
    const ring = rings.map((polygon) => polygon[0]).sort((a, b) => b.length - a.length)[0];
    if (!ring) return null;
    const flat = new model.Points();
    ring.forEach((position, i) => flat.put(String(i), position[0], position[1], null));
    const xs = flat.x.subarray(0, flat.n);
    const ys = flat.y.subarray(0, flat.n);
    const minX = Math.min.apply(null, xs);
    const maxX = Math.max.apply(null, xs);
    const minY = Math.min.apply(null, ys);
    const maxY = Math.max.apply(null, ys);
    let best = null;
    for (let a = 1; a < 24; a += 1) {
      for (let b = 1; b < 24; b += 1) {
        const x = minX + ((maxX - minX) * a) / 24;
        const y = minY + ((maxY - minY) * b) / 24;
        const reach = inside(x, y, xs, ys);
        if (reach > 0 && (!best || reach > best.reach)) best = { x, y, reach };
      }
    }
    const name = feature.properties.name || "";
    return best && Object.assign(best, { zh: name, en: feature.properties.name_en || name });
  }

  /** Distance to the nearest vertex or edge, negative outside. */
  function inside(x, y, xs, ys) {
    let within = false;
    let nearest = Infinity;
    for (let i = 0, j = xs.length - 1; i < xs.length; j = i, i += 1) {
      if (ys[i] > y !== ys[j] > y) {
        if (x < ((xs[j] - xs[i]) * (y - ys[i])) / (ys[j] - ys[i]) + xs[i]) within = !within;
      }
      const dx = xs[j] - xs[i];
      const dy = ys[j] - ys[i];
      const size = dx * dx + dy * dy;
      const along = size ? Math.max(0, Math.min(1, ((x - xs[i]) * dx + (y - ys[i]) * dy) / size)) : 0;
      nearest = Math.min(nearest, Math.hypot(x - xs[i] - along * dx, y - ys[i] - along * dy));
    }
    return within ? nearest : -nearest;
  }

  /** Lines of text for a tooltip, a list and a screen reader. */
  function describe(item) {
    const now = pingji.live.pictureAt();
    if (item.kind === "group") {
      const n = pingji.format.number(item.count);
      if (item.layer !== "cases") return [pingji.say("group_points", { n: n })];
      return [pingji.say("group", { n: n, late: pingji.format.number(item.late) })];
    }
    if (item.kind === "case") return pingji.describeCase(item.id, now);
    if (item.kind === "camera") {
      const row = pingji.live.topic("cameras").rows.get(item.id);
      const at = pingji.live.topic("cameras").columns;
      if (!row) return [item.id];
      const state = row[at.status] === "on" ? "camera_on" : "camera_off";
      return [row[at.name], pingji.say("layer_cameras") + " · " + pingji.say(state), item.id];
    }
    return describeStation(item.id, now);
  }

  function describeStation(id, now) {
    const row = pingji.live.topic("stations").rows.get(id);
    const at = pingji.live.topic("stations").columns;
    const read = pingji.live.topic("readings").columns;
    if (!row) return [id];
    const lines = [row[at.name], pingji.code("station", row[at.kind]) + " · " + id];
    const known = model.factors.get(id);
    if (!known || !known.size) return lines.concat(pingji.say("no_reading"));
    const thresholds = row[at.thresholds] || {};
    Array.from(known).slice(0, 6).forEach((entry) => {
      const factor = entry[0];
      const reading = entry[1];
      const unit = pingji.page.units[factor] || "";
      const parts = [
        pingji.code("factor", factor) + " " + pingji.format.value(reading[read.value]) + " " + unit,
      ];
      const lined = thresholds[factor] || {};
      Object.keys(lined).forEach((name) => {
        if (typeof lined[name] !== "number") return;
        parts.push(pingji.code("threshold", name) + " " + pingji.format.value(lined[name]));
      });
      if (reading[read.flag] && reading[read.flag] !== "N") {
        parts.push(pingji.code("flag", reading[read.flag]));
      }
      lines.push(parts.join(" · "));
      const age = (now - Date.parse(reading[read.at])) / 1000;
      const received = age - (reading[read.delay_s] || 0);
      lines.push(
        pingji.say("measured", { age: pingji.format.age(age) }) +
          " · " +
          pingji.say("received", { age: pingji.format.age(received) }),
      );
    });
    if (row[at.datum]) lines.push(row[at.datum]);
    return lines;
  }

  // ── wiring ────────────────────────────────────────────────────────────────────────────────

  function attach(map) {
    if (!map.getContainer().classList.contains("map__leaflet")) return;
    const layer = new PointLayer();
    layer.onKey = (event) => layer.key(event);
    attached = { map: map, layer: layer, fitted: false };
    pingji.map = attached;
    map.whenReady(() => {
      fit();
      layer.addTo(map);
      showChosen();
    });
    map.on("unload", () => {
      if (attached && attached.map === map) attached = null;
    });
  }

  function fit() {
    const city = pingji.page && pingji.page.city;
    if (!attached || !city || attached.fitted) return;
    if (city.bounds) {
      const b = city.bounds;
      const bounds = L.latLngBounds([b[1], b[0]], [b[3], b[2]]);
      attached.map.setMinZoom(Math.max(4, attached.map.getBoundsZoom(bounds) - 1));
      attached.map.fitBounds(bounds, { animate: false, padding: [12, 12] });
      attached.fitted = true;
      return;
    }
    const box = extent();
    if (box) {
      attached.map.fitBounds(box, { animate: false, padding: [24, 24] });
      attached.fitted = true;
    }
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
    const cut = (values, share) => values.sort((a, b) => a - b)[Math.floor((values.length - 1) * share)];
    const unproject = (x, y) => attached.map.unproject(L.point(x, y).multiplyBy(256), 0);
    // a few positions far away must not make the city small
    return L.latLngBounds(
      unproject(cut(xs, 0.01), cut(ys, 0.99)),
      unproject(cut(xs, 0.99), cut(ys, 0.01)),
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
  }

  pingji.acts.layer = (button) => {
    const name = button.dataset.layer;
    chosen[name] = !chosen[name];
    pingji.memory.set("layers", JSON.stringify(chosen));
    showChosen();
    if (attached) attached.layer.draw();
  };
  pingji.acts["zoom-in"] = () => attached && attached.map.zoomIn();
  pingji.acts["zoom-out"] = () => attached && attached.map.zoomOut();
  pingji.acts["zoom-city"] = () => {
    if (!attached) return;
    attached.fitted = false;
    fit();
  };

  pingji.on("paint", () => {
    if (!attached) return;
    fit();
    attached.layer.freshen();
    showUnplaced();
  });
  pingji.on("language", () => attached && attached.layer.draw());
  pingji.on("theme", () => {
    if (!attached) return;
    attached.layer.readTokens();
    attached.layer.draw();
  });
  pingji.on("selected", (id) => attached && attached.layer.centre(id));

  L.Map.addInitHook(function () {
    attach(this);
  });
})();
