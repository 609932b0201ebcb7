/* Heat: how close the open cases of the present filter lie, below the points of the map.
 *
 * Counted into small cells of the screen, softened twice, and drawn large: the cost follows the
 * number of cases once a second, not what is drawn. Off until it is asked for. */
(function () {
  "use strict";

  const L = window.L;
  const pingji = window.pingji;
  const model = pingji.model;
  const CELL = 8; // px of one cell
  const SPREAD = 3; // cells that a case warms on each side, twice
  const STRONGEST = 0.85;
  const PANE_BELOW = 410; // over the districts, under the points
  let on = pingji.memory.get("heat") === "true";

  const Heat = L.Layer.extend({
    onAdd(map) {
      const pane = map.getPane("heat") || map.createPane("heat");
      pane.style.zIndex = PANE_BELOW;
      pane.style.pointerEvents = "none";
      this.canvas = L.DomUtil.create("canvas", "map__heat leaflet-zoom-hide", pane);
      this.small = document.createElement("canvas");
      map.on("zoomend moveend resize", this.draw, this); // while it is dragged the pane moves along
      this.draw();
    },

    onRemove(map) {
      map.off(null, null, this);
      this.canvas.remove();
    },

    draw() {
      const map = this._map;
      const now = pingji.live.pictureAt();
      if (!map || !map._loaded || now === null) return;
      const began = performance.now();
      const size = map.getSize();
      L.DomUtil.setPosition(this.canvas, map.containerPointToLayerPoint([0, 0]));
      this.canvas.width = size.x;
      this.canvas.height = size.y;
      const corner = map.getPixelBounds().min;
      const scale = 256 * Math.pow(2, map.getZoom());
      const place = (points, i) => [points.x[i] * scale - corner.x, points.y[i] * scale - corner.y];
      paintHeat(this.canvas.getContext("2d"), this.small, {
        width: size.x,
        height: size.y,
        cell: CELL,
        each: (put) => open(place, put, (i) => model.shows(i, now)),
      });
      this.last_ms = performance.now() - began;
    },
  });

  /** Tell where each open case lies of those that `shows` lets through. */
  function open(place, put, shows) {
    const points = model.cases;
    for (let i = 0; i < points.n; i += 1) {
      if (!(points.state[i] & model.OPEN) || Number.isNaN(points.x[i])) continue;
      if (!shows(i)) continue;
      const [x, y] = place(points, i);
      put(x, y);
    }
  }

  /** Paint heat onto a context. told: {width, height, cell in px, each(put)}; `small` is a canvas. */
  function paintHeat(context, small, told) {
    const cell = told.cell;
    const wide = Math.ceil(told.width / cell) + 2 * SPREAD;
    const high = Math.ceil(told.height / cell) + 2 * SPREAD;
    const heat = new Float32Array(wide * high);
    told.each((px, py) => {
      const x = Math.floor(px / cell) + SPREAD;
      const y = Math.floor(py / cell) + SPREAD;
      if (x >= 0 && y >= 0 && x < wide && y < high) heat[y * wide + x] += 1;
    });
    fill(small, soften(soften(heat, wide, high), wide, high), wide, high);
    context.imageSmoothingEnabled = true;
    context.drawImage(small, -SPREAD * cell, -SPREAD * cell, wide * cell, high * cell);
  }

  /** One colour, by strength: heat is no warning and wears none of its colours. */
  function fill(small, heat, wide, high) {
    small.width = wide;
    small.height = high;
    const draw = small.getContext("2d");
    const style = window.getComputedStyle(document.documentElement);
    const colour = channels(style.getPropertyValue("--map-case"));
    let most = 0;
    for (let i = 0; i < heat.length; i += 1) most = Math.max(most, heat[i]);
    const image = draw.createImageData(wide, high);
    for (let i = 0; i < heat.length; i += 1) {
      const strength = most ? Math.sqrt(heat[i] / most) : 0;
      image.data[4 * i] = colour[0];
      image.data[4 * i + 1] = colour[1];
      image.data[4 * i + 2] = colour[2];
      image.data[4 * i + 3] = 255 * STRONGEST * strength;
    }
    draw.putImageData(image, 0, 0);
  }

  /** The mean of each cell's neighbours, first along the rows, then along the columns. */
  function soften(heat, wide, high) {
    return along(along(heat, wide, high, 1, wide), high, wide, wide, 1);
  }

  function along(heat, length, lines, step, next) {
    const found = new Float32Array(heat.length);
    for (let line = 0; line < lines; line += 1) {
      let sum = 0;
      const start = line * next;
      for (let i = -SPREAD; i < length; i += 1) {
        if (i + SPREAD < length) sum += heat[start + (i + SPREAD) * step];
        if (i - SPREAD - 1 >= 0) sum -= heat[start + (i - SPREAD - 1) * step];
        if (i >= 0) found[start + i * step] = sum / (2 * SPREAD + 1);
      }
    }
    return found;
  }

  function channels(token) {
    const pen = document.createElement("canvas").getContext("2d");
    pen.fillStyle = token.trim();
    const hex = pen.fillStyle;
    return [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
  }

  pingji.heat = { paint: paintHeat, open: open };
  let mine = null;

  function show() {
    document.querySelectorAll("[data-act=map-heat]").forEach((button) => {
      button.setAttribute("aria-pressed", String(on));
    });
    if (!mine) return;
    if (on && !mine.heat) {
      mine.heat = new Heat();
      mine.heat.addTo(mine.map);
    } else if (!on && mine.heat) {
      mine.heat.remove();
      mine.heat = null;
    }
  }

  pingji.acts["map-heat"] = () => {
    on = !on;
    pingji.memory.set("heat", String(on));
    show();
  };
  pingji.on("map", (shown) => {
    mine = shown;
    show();
  });
  ["paint", "theme", "filter"].forEach((name) => {
    pingji.on(name, () => mine && mine.heat && mine.heat.draw());
  });
})();
