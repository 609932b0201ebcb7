/* What lies under the points: names of districts, or a graticule where a city has no shapes. */
(function () {
  "use strict";

  const L = window.L;
  const pingji = window.pingji;
  const STEPS = [10, 5, 2, 1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005];
  const SHIFTS = [0, -16, 16, -30, 30, -44, 44]; // px up or down, at 16 px to the rem
  const TRIES = 24; // places tried along each side for a name

  /** Names of districts with their places: each keeps clear of the boxes, moves up or down a
   * little, or is left out. Gives {text, x, y, box}. */
  function placeLabels(brush, view, labels, boxes, names) {
    const english = pingji.language === "en";
    const high = 16 * brush.rem;
    brush.context.font = labelFont(brush);
    const taken = boxes.concat(names);
    const placed = [];
    labels.forEach((label) => {
      const text = english ? label.en : label.zh;
      const wide = widthOf(brush, text) + 4 * brush.rem;
      if (wide > label.reach * view.scale * 3.2) return;
      const x = label.x * view.scale - view.left;
      const y = label.y * view.scale - view.top;
      if (x < -wide || y < -high || x > view.width + wide || y > view.height + high) return;
      const boxAt = (at) => [x - wide / 2, at - high / 2, x + wide / 2, at + high / 2];
      const clear = (at) => {
        const box = boxAt(at);
        return !taken.some(
          (b) => box[0] < b[2] && box[2] > b[0] && box[1] < b[3] && box[3] > b[1],
        );
      };
      const at = SHIFTS.map((shift) => y + shift * brush.rem).find(clear);
      if (at === undefined) return;
      const found = { text, x, y: at, box: boxAt(at) };
      taken.push(found.box);
      placed.push(found);
    });
    return placed;
  }

  const widths = new Map(); // FONT TEXT -> px

  function widthOf(brush, text) {
    const key = labelFont(brush) + " " + text;
    if (!widths.has(key)) widths.set(key, brush.context.measureText(text).width);
    return widths.get(key);
  }

  function labelFont(brush) {
    return pingji.marks.font(brush, 500, 12.5);
  }

  function drawLabel(brush, label) {
    brush.context.font = labelFont(brush);
    brush.context.textAlign = "center";
    brush.context.textBaseline = "middle";
    pingji.marks.inked(brush, label.text, label.x, label.y, "--map-muted");
  }

  function drawGraticule(brush, view, map) {
    const context = brush.context;
    const degree = view.scale / 360;
    const step = STEPS.filter((s) => s * degree >= 110 * brush.rem).pop() || 10;
    const digits = step < 0.01 ? 3 : step < 0.1 ? 2 : step < 1 ? 1 : 0;
    const bounds = map.getBounds();
    const from = (value) => Math.floor(value / step) * step;
    context.font = pingji.marks.font(brush, 400, 11);
    context.textBaseline = "top";
    context.textAlign = "left";
    for (let lon = from(bounds.getWest()); lon < bounds.getEast(); lon += step) {
      const x = Math.round((lon / 360 + 0.5) * view.scale - view.left) + 0.5;
      line(brush, x, 0, x, view.height);
      const y = view.height - 3.2 * 16 * brush.rem;
      pingji.marks.inked(brush, degrees(lon, digits, "E", "W"), x + 4, y, "--map-muted");
    }
    context.textBaseline = "bottom";
    for (let lat = from(bounds.getSouth()); lat < bounds.getNorth(); lat += step) {
      const y = Math.round(map.latLngToContainerPoint([lat, bounds.getWest()]).y) + 0.5;
      line(brush, 0, y, view.width, y);
      pingji.marks.inked(brush, degrees(lat, digits, "N", "S"), 4, y - 2, "--map-muted");
    }
  }

  function line(brush, x0, y0, x1, y1) {
    const context = brush.context;
    context.strokeStyle = brush.token["--map-grid"];
    context.lineWidth = 1;
    context.beginPath();
    context.moveTo(x0, y0);
    context.lineTo(x1, y1);
    context.stroke();
  }

  function degrees(value, digits, plus, minus) {
    const rounded = Number(value.toFixed(digits));
    const side = rounded < 0 ? minus : rounded > 0 ? plus : "";
    return Math.abs(rounded).toFixed(digits) + "°" + side;
  }

  /** Where a district's name stands: as `told`, else the point of its largest ring farthest from
   * the edge; and how far it is to the nearest edge. */
  function place(feature, told) {
    const geometry = feature.geometry;
    const shapes = geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
    const ring = shapes.map((shape) => shape[0]).sort((a, b) => b.length - a.length)[0];
    if (!ring) return null;
    const points = new pingji.model.Points();
    ring.forEach((position, i) => points.put(String(i), position[0], position[1], null));
    const xs = points.x.subarray(0, points.n);
    const ys = points.y.subarray(0, points.n);
    const known = told ? inside(told.x, told.y, xs, ys) : 0;
    if (known > 0) return { x: told.x, y: told.y, reach: known };
    const minX = Math.min.apply(null, xs);
    const minY = Math.min.apply(null, ys);
    const wide = Math.max.apply(null, xs) - minX;
    const high = Math.max.apply(null, ys) - minY;
    let best = null;
    for (let a = 1; a < TRIES; a += 1) {
      for (let b = 1; b < TRIES; b += 1) {
        const x = minX + (wide * a) / TRIES;
        const y = minY + (high * b) / TRIES;
        const reach = inside(x, y, xs, ys);
        if (reach > 0 && (!best || reach > best.reach)) best = { x, y, reach };
      }
    }
    return best;
  }

  /** Distance to the nearest edge, negative outside. */
  function inside(x, y, xs, ys) {
    let within = false;
    let nearest = Infinity;
    for (let i = 0, j = xs.length - 1; i < xs.length; j = i, i += 1) {
      const crosses = ys[i] > y !== ys[j] > y;
      if (crosses && x < ((xs[j] - xs[i]) * (y - ys[i])) / (ys[j] - ys[i]) + xs[i]) {
        within = !within;
      }
      const dx = xs[j] - xs[i];
      const dy = ys[j] - ys[i];
      const size = dx * dx + dy * dy;
      const t = size ? ((x - xs[i]) * dx + (y - ys[i]) * dy) / size : 0;
      const along = Math.max(0, Math.min(1, t));
      nearest = Math.min(nearest, Math.hypot(x - xs[i] - along * dx, y - ys[i] - along * dy));
    }
    return within ? nearest : -nearest;
  }

  const asked = {}; // url -> promise of a file of shapes
  const AGAIN_S = [2, 60]; // after a failure, twice as long each time, and never longer than this

  function ask(url, wait) {
    return window
      .fetch(url, { credentials: "same-origin" })
      .then((answer) => {
        if (!answer.ok) throw new Error(String(answer.status));
        return answer.json();
      })
      .catch(() =>
        new Promise((later) => window.setTimeout(later, wait * 1000)).then(() =>
          ask(url, Math.min(AGAIN_S[1], 2 * wait)),
        ),
      );
  }

  /** The city's shapes, asked for once a page: a map without its land stands until they come. */
  function shapes(url) {
    if (!asked[url]) asked[url] = ask(url, AGAIN_S[0]);
    return asked[url];
  }

  /** Names of the city's districts with their places, where the base map puts them if it does. */
  function loadLabels(url, base) {
    const placed = base ? pingji.base.districts(base) : Promise.resolve([]);
    return Promise.all([shapes(url), placed]).then(([told, better]) => {
      const by = new Map(better.map((label) => [label.zh, label]));
      const named = told.features.map((feature) => {
        const name = feature.properties.name || "";
        const english = feature.properties.name_en || name;
        const at = place(feature, by.get(name));
        return at && { reach: at.reach, x: at.x, y: at.y, zh: name, en: english };
      });
      return named.filter(Boolean);
    });
  }

  /** The land under everything: the shapes as Leaflet draws them, coloured by the stylesheet. */
  function layLand(map, url) {
    let gone = false;
    map.on("unload", () => {
      gone = true;
    });
    shapes(url).then((told) => {
      if (gone) return;
      L.geoJSON(told, { interactive: false, style: { className: "map__district" } }).addTo(map);
    });
  }

  pingji.ground = { placeLabels, drawLabel, drawGraticule, loadLabels, layLand, shapes };
})();
