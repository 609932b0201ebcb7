/* The wall's map: the canvas on which the layers of a scene's step are drawn, and the words on it.
 *
 * Letters have the wall's least size, never overlap and keep away from seams; they are written above
 * all signs. What is drawn is in layers by name: `wall.mapLayer("cases", {draw(brush, now), title, key})`. */
(function () {
  "use strict";

  const L = window.L;
  const pingji = window.pingji;
  if (!pingji.wall) return;

  const wall = pingji.wall;
  const DATA_MS = 500;
  const layers = {};
  const TOKENS = [
    "--map-case",
    "--map-lateness",
    "--map-muted",
    "--map-halo",
    "--map-station",
    "--map-old",
    "--map-ink",
    "--map-grid",
    "--map-strong",
    "--map-group",
    "--gauge-water",
    "--warning-red",
    "--warning-orange",
    "--warning-yellow",
    "--map-select",
    "--map-zone",
    "--map-route",
    "--map-land",
  ];

  /** Add a layer that steps may name. `draw(brush, now)` paints; `claim(brush)` says before where its signs will lie; `title`, `key` are words, one that `leads` gives the title;
   * `view()` may give the spot that the map then goes to: {lon, lat, metres}. */
  wall.mapLayer = (name, layer) => {
    layers[name] = layer;
  };

  const WallLayer = L.Layer.extend({
    onAdd(map) {
      const pane = map.createPane("pingji");
      pane.classList.add("map__pane");
      this.canvas = L.DomUtil.create("canvas", "map__canvas", pane);
      this.context = this.canvas.getContext("2d");
      this.labels = [];
      map.on("resize moveend viewreset", this.dress, this);
      this.dress();
      const shapes = pingji.page && pingji.page.city.shapes;
      if (!shapes) return;
      pingji.ground.loadLabels(shapes).then((labels) => {
        this.labels = labels.sort((a, b) => b.reach - a.reach);
        this.draw();
      });
    },

    onRemove(map) {
      map.off(null, null, this);
      this.canvas.remove();
    },

    dress() {
      const style = window.getComputedStyle(document.documentElement);
      this.token = {};
      TOKENS.forEach((name) => {
        this.token[name] = style.getPropertyValue(name).trim();
      });
      this.family = window.getComputedStyle(document.body).fontFamily;
      const size = this._map.getSize();
      if (!(size.x > 0 && size.y > 0)) return;
      const ratio = window.devicePixelRatio || 1;
      this.canvas.width = Math.round(size.x * ratio);
      this.canvas.height = Math.round(size.y * ratio);
      this.canvas.style.width = size.x + "px";
      this.canvas.style.height = size.y + "px";
      this.context.setTransform(ratio, 0, 0, ratio, 0, 0);
      this.draw();
    },

    freshen() {
      if (performance.now() - (this.drawnAt || 0) >= DATA_MS) this.draw();
    },

    draw() {
      const map = this._map;
      const step = wall.steps[Math.max(0, wall.step)];
      if (!map || !map._loaded || !step || !pingji.page) return;
      const size = map.getSize();
      L.DomUtil.setPosition(this.canvas, map.containerPointToLayerPoint([0, 0]));
      const corner = map.getPixelBounds().min;
      this.view = {
        scale: 256 * Math.pow(2, map.getZoom()),
        left: corner.x,
        top: corner.y,
        width: size.x,
        height: size.y,
      };
      this.em = wall.em;
      this.taken = this.reserved();
      this.written = [];
      this.ponds = [];
      this.drawnAt = performance.now();
      this.context.clearRect(0, 0, size.x, size.y);
      const now = pingji.live.pictureAt();
      if (now === null) return;
      const shown = step.layers.map((name) => layers[name]).filter(Boolean);
      shown.forEach((layer) => layer.claim && layer.claim(this));
      shown.forEach((layer) => layer.draw(this, now));
      this.drawNames();
      this.write();
    },

    /** Where the panel's own words stand: its title above, its source below. */
    reserved() {
      const half = this.view.width / 2;
      const high = 1.1 * this.em;
      const foot = this._map.getContainer().closest("[data-panel]").querySelector(".wall__foot");
      const wide = (foot ? foot.offsetWidth : half) / 2;
      const low = (foot ? foot.offsetHeight : 2 * high) / 2;
      return [
        { x: half, y: high, half: half, high: high },
        { x: this.view.width - wide, y: this.view.height - low, half: wide, high: low },
      ];
    },

    place(points, i) {
      const view = this.view;
      return [points.x[i] * view.scale - view.left, points.y[i] * view.scale - view.top];
    },

    map() {
      return this._map;
    },

    /** Where a place of the world, 0 to 1 each way, lies on the canvas. */
    spot(world) {
      const view = this.view;
      return [world[0] * view.scale - view.left, world[1] * view.scale - view.top];
    },

    /** Whether a point of the canvas is in view. */
    holds(x, y) {
      return x > 0 && y > 0 && x < this.view.width && y < this.view.height;
    },

    dot(x, y, r, token, alpha) {
      const context = this.context;
      context.globalAlpha = alpha;
      context.beginPath();
      context.arc(x, y, r, 0, 2 * Math.PI);
      context.fillStyle = this.token[token];
      context.fill();
      context.globalAlpha = 1;
    },

    drawNames() {
      const english = pingji.language === "en";
      const view = this.view;
      this.labels.forEach((label) => {
        const text = english ? label.en : label.zh;
        const x = label.x * view.scale - view.left;
        const y = label.y * view.scale - view.top;
        if (!this.holds(x, y)) return;
        this.words(text, x, y, "--map-muted", 400);
      });
    },

    /** Words of the least size, if there is room for them beside those that stand already. */
    words(text, x, y, token, weight) {
      const context = this.context;
      const em = this.em;
      context.font = weight + " " + em + "px " + this.family;
      const half = context.measureText(text).width / 2 + 0.15 * em;
      const high = 0.62 * em;
      const edge = (middle, room, most) => Math.min(Math.max(middle, room), most - room);
      const box = { x: edge(x, half, this.view.width), y: edge(y, high, this.view.height) };
      this.avoidSeams(box, half, high);
      const clear = this.taken.every(
        (other) =>
          Math.abs(other.x - box.x) >= other.half + half ||
          Math.abs(other.y - box.y) >= other.high + high,
      );
      if (!clear) return false;
      this.taken.push({ x: box.x, y: box.y, half: half, high: high });
      this.written.push({ text: text, x: box.x, y: box.y, token: token, font: context.font });
      return true;
    },

    write() {
      const context = this.context;
      context.textAlign = "center";
      context.textBaseline = "middle";
      context.lineJoin = "round";
      context.lineWidth = 0.2 * this.em;
      context.strokeStyle = this.token["--map-halo"];
      this.written.forEach((one) => {
        context.font = one.font;
        context.strokeText(one.text, one.x, one.y);
        context.fillStyle = this.token[one.token];
        context.fillText(one.text, one.x, one.y);
      });
    },

    /** Move a box off every seam of the wall, to the nearer side. */
    avoidSeams(box, half, high) {
      const plan = wall.plan;
      if (!plan.seams.x.length && !plan.seams.y.length) return;
      const frame = this.canvas.getBoundingClientRect();
      const stage = wall.root.getBoundingClientRect();
      const unit = stage.width / plan.width; // px in a millimetre
      const keep = (plan.seam / 2) * unit + 0.3 * this.em;
      const off = (middle, reach, seams, from) => {
        let moved = middle;
        seams.forEach((seam) => {
          const line = seam * unit - from;
          if (Math.abs(moved - line) >= reach + keep) return;
          moved = line + (moved < line ? -1 : 1) * (reach + keep);
        });
        return moved;
      };
      box.x = off(box.x, half, plan.seams.x, frame.left - stage.left);
      box.y = off(box.y, high, plan.seams.y, frame.top - stage.top);
    },
  });

  let shown = null;

  /** The layers of the present step, from the lowest. */
  function drawn() {
    const step = wall.steps[wall.step];
    return step ? step.layers.map((name) => layers[name]).filter(Boolean) : [];
  }

  /** Where it happens, as west, south, east, north, where the step is brought near to that. */
  function near() {
    const step = wall.steps[wall.step];
    if (step && step.view === "event") return wall.eventBounds();
    return step && step.view === "incidents" && wall.incidentBounds ? wall.incidentBounds() : null;
  }

  /** The spot that the highest layer wants to see, or where it happens, or the whole city. */
  function boxNow(city) {
    const spot = drawn().map((layer) => layer.view && layer.view()).filter(Boolean).pop();
    if (spot) return L.latLng(spot.lat, spot.lon).toBounds(2 * spot.metres);
    shown.near = near();
    const bounds = shown.near || city;
    return L.latLngBounds([bounds[1], bounds[0]], [bounds[3], bounds[2]]);
  }

  function fit() {
    const bounds = shown && pingji.page && pingji.page.city.bounds;
    if (!bounds || !shown.map._loaded) return;
    shown.map.invalidateSize({ animate: false, pan: false });
    const size = shown.map.getSize();
    if (!(size.x > 0 && size.y > 0)) return; // hidden, or not laid out yet
    const pad = Math.min(wall.em, size.y / 12);
    const foot = shown.map.getContainer().closest("[data-panel]").querySelector(".wall__foot");
    const words = (high) => Math.min(high, size.y / 6); // its title above, its source below
    const above = words(2 * wall.em);
    const below = words((foot ? foot.offsetHeight : 0) + wall.em);
    const room = { paddingTopLeft: [pad, above], paddingBottomRight: [pad, below] };
    shown.map.fitBounds(boxNow(bounds), Object.assign({ animate: false }, room));
    shown.layer.dress();
  }

  wall.fitMap = fit;

  /** What its signs are, beside the map's title: words of the catalogue. */
  function key(words) {
    const place = document.querySelector("[data-count=map]");
    place.classList.toggle("wall__key", words.length > 0);
    place.textContent = "";
    words.forEach((word) => {
      place.append(pingji.make("span", null, pingji.say(word)));
    });
  }

  L.Map.addInitHook(function () {
    if (!this.getContainer().classList.contains("wall__leaflet")) return;
    const mine = { map: this, layer: new WallLayer() };
    shown = mine;
    wall.map = mine;
    this.whenReady(() => {
      mine.layer.addTo(this);
      fit();
    });
    // the panel takes its size from letters that come after the page
    const watch = new window.ResizeObserver(() => shown === mine && fit());
    watch.observe(this.getContainer());
    this.on("unload", () => {
      watch.disconnect();
      if (shown === mine) shown = null;
    });
  });

  pingji.on("wall-step", () => {
    const named = drawn().filter((layer) => layer.title).sort((a, b) => Boolean(a.leads) - Boolean(b.leads)).pop();
    pingji.write(pingji.byId("wall-map-title"), named ? pingji.say(named.title) : "");
    key(drawn().reduce((words, layer) => words.concat(layer.key || []), []));
    fit();
  });
  pingji.on("paint", () => {
    if (!shown) return;
    if (near() !== (shown.near || null)) fit(); // a new object is another view
    shown.layer.freshen();
  });
})();
