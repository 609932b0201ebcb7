/* The wall's map of an emergency: places under water, responders, alerts as rings; and how near to
 * what is happening the map is brought.
 *
 * Places that would lie on each other are one sign with their number, the worst of them. */
(function () {
  "use strict";

  const pingji = window.pingji;
  if (!pingji.wall) return;

  const wall = pingji.wall;
  const APART_EM = 1.9;
  const FORCE_EM = 0.8; // cells of responders
  const OUT = ["assigned", "en_route", "on_site"];
  const HOLD_MS = 60000; // the view stands still at least so long
  const LEAST_DEG = 0.16; // some 15 km: not nearer than that
  const MARGIN = 0.08;
  const view = { bounds: null, at: -Infinity };

  const world = (lon, lat) => {
    const sine = Math.sin((lat * Math.PI) / 180);
    return [lon / 360 + 0.5, 0.5 - (0.25 * Math.log((1 + sine) / (1 - sine))) / Math.PI];
  };

  function spot(brush, lon, lat) {
    const [x, y] = world(lon, lat);
    return [x * brush.view.scale - brush.view.left, y * brush.view.scale - brush.view.top];
  }

  /** Things in view, each with those after it that would lie on it: none lies upon another. */
  function gather(brush, things, em) {
    const apart = em * brush.em;
    const found = [];
    things.forEach((thing) => {
      if (thing.lon === null || thing.lat === null) return;
      const [x, y] = spot(brush, thing.lon, thing.lat);
      if (!brush.holds(x, y)) return;
      const near = found.find((one) => Math.hypot(one.x - x, one.y - y) < apart);
      if (near) near.all.push(thing);
      else found.push({ x: x, y: y, all: [thing] });
    });
    return found;
  }

  /** Signs of places come before all words: no name of a river lies below one. */
  function claimPlaces(brush) {
    brush.ponds = gather(brush, pingji.emergency.ponding().all, APART_EM);
    brush.ponds.forEach((cell) => {
      brush.taken.push({ x: cell.x, y: cell.y, half: 0.85 * brush.em, high: 0.85 * brush.em });
    });
  }

  function drawPlaces(brush) {
    brush.ponds.forEach((cell) => {
      sign(brush, cell.x, cell.y, cell.all.some((place) => place.state === "closed"));
    });
    brush.ponds.forEach((cell) => {
      const deepest = cell.all[0]; // the list is sorted so
      const many = cell.all.length > 1;
      const depth = deepest.depth ? pingji.format.value(deepest.depth) + " cm" : "";
      const text = many ? pingji.say("wall_places", { n: cell.all.length }) : depth;
      if (!text) return;
      const aside = (text.length * 0.32 + 1.1) * brush.em;
      const tries = [[aside, 0], [-aside, 0], [0, 1.5 * brush.em], [0, -1.5 * brush.em]];
      tries.some(([dx, dy]) => brush.words(text, cell.x + dx, cell.y + dy, "--map-ink", 600));
    });
  }

  /** Closed: a filled disc with a bar. Under water: a ring with waves. */
  function sign(brush, x, y, closed) {
    const context = brush.context;
    const r = 0.72 * brush.em;
    context.beginPath();
    context.arc(x, y, r, 0, 2 * Math.PI);
    context.lineWidth = 0.3 * brush.em;
    context.strokeStyle = brush.token["--map-halo"];
    context.stroke();
    context.fillStyle = brush.token[closed ? "--map-strong" : "--map-group"];
    context.fill();
    context.lineWidth = 0.14 * brush.em;
    context.strokeStyle = brush.token["--map-strong"];
    context.stroke();
    if (closed) {
      context.fillStyle = brush.token["--map-halo"];
      context.fillRect(x - 0.44 * brush.em, y - 0.13 * brush.em, 0.88 * brush.em, 0.26 * brush.em);
      return;
    }
    context.lineWidth = 0.12 * brush.em;
    [-0.2, 0.12].forEach((down) => {
      context.beginPath();
      for (let i = 0; i <= 16; i += 1) {
        const dx = ((i - 8) / 8) * 0.42;
        const dy = down + 0.1 * Math.sin((i / 16) * 4 * Math.PI);
        context.lineTo(x + dx * brush.em, y + dy * brush.em);
      }
      context.stroke();
    });
  }

  /** A triangle where any is out or on site, a small dot where all wait. */
  function drawResponders(brush) {
    const topic = pingji.live.topic("responders");
    const at = topic.columns;
    const things = [];
    topic.rows.forEach((row) => {
      if (row[at.status] === "off") return;
      things.push({ lon: row[at.lon], lat: row[at.lat], out: OUT.indexOf(row[at.status]) >= 0 });
    });
    const context = brush.context;
    things.sort((a, b) => b.out - a.out);
    gather(brush, things, FORCE_EM).forEach((cell) => {
      if (!cell.all.some((thing) => thing.out)) {
        brush.dot(cell.x, cell.y, 0.1 * brush.em, "--map-muted", 0.7);
        return;
      }
      const r = 0.3 * brush.em;
      context.beginPath();
      context.moveTo(cell.x, cell.y - r);
      context.lineTo(cell.x + 0.9 * r, cell.y + 0.8 * r);
      context.lineTo(cell.x - 0.9 * r, cell.y + 0.8 * r);
      context.closePath();
      context.lineWidth = 0.08 * brush.em;
      context.strokeStyle = brush.token["--map-halo"];
      context.stroke();
      context.fillStyle = brush.token["--map-select"];
      context.fill();
    });
  }

  /** The typhoon's lines lie below; here its mark, or where it is beyond the map an arrow to it. */
  function drawTyphoons(brush) {
    const typhoon = pingji.typhoons.all()[0];
    if (!typhoon) return;
    const told = pingji.typhoons.said(typhoon);
    const em = brush.em;
    const [x, y] = spot(brush, typhoon.last.lon, typhoon.last.lat);
    const context = brush.context;
    context.fillStyle = brush.token["--map-strong"];
    if (brush.holds(x, y)) {
      brush.dot(x, y, 0.55 * em, "--map-halo", 1);
      brush.dot(x, y, 0.4 * em, "--map-strong", 1);
      brush.words(told.title + " " + told.fix, x, y + 1.4 * em, "--map-ink", 600);
      return;
    }
    const edge = toEdge(brush, x, y);
    arrow(brush, edge);
    const down = edge.y > 0.6 * brush.view.height ? -1 : 1;
    const lines = [[told.title, "--map-ink", 600], [told.where, "--map-ink", 400], [told.fix, "--map-muted", 400]];
    if (down < 0) lines.reverse();
    lines.forEach(([text, token, weight], n) => {
      brush.words(text, edge.x, edge.y + down * (1.55 + 1.3 * n) * em, token, weight);
    });
  }

  /** Where the way from the middle to a point leaves the map, and in which direction. */
  function toEdge(brush, x, y) {
    const { width, height } = brush.view;
    const keep = 1.2 * brush.em;
    const [mx, my] = [width / 2, height / 2];
    const far = Math.hypot(x - mx, y - my);
    const [dx, dy] = [(x - mx) / far, (y - my) / far];
    const along = Math.min(
      dx ? (mx - keep) / Math.abs(dx) : Infinity,
      dy ? (my - 3 * keep) / Math.abs(dy) : Infinity,
    );
    return { x: mx + dx * along, y: my + dy * along, dx: dx, dy: dy };
  }

  function arrow(brush, { x, y, dx, dy }) {
    const context = brush.context;
    const r = 0.8 * brush.em;
    context.beginPath();
    context.moveTo(x + dx * r, y + dy * r);
    context.lineTo(x - dx * r * 0.6 - dy * r * 0.8, y - dy * r * 0.6 + dx * r * 0.8);
    context.lineTo(x - dx * r * 0.2, y - dy * r * 0.2);
    context.lineTo(x - dx * r * 0.6 + dy * r * 0.8, y - dy * r * 0.6 - dx * r * 0.8);
    context.closePath();
    context.lineWidth = 0.25 * brush.em;
    context.strokeStyle = brush.token["--map-halo"];
    context.stroke();
    context.fill();
    brush.taken.push({ x: x, y: y, half: r, high: r });
  }

  /** Alerts of the first priority that nobody has acknowledged: a ring, about the sign if there is one. */
  function drawAlerts(brush) {
    const context = brush.context;
    const ringed = new Set();
    gather(brush, waiting(), APART_EM).forEach((one) => {
      const away = (cell) => Math.hypot(cell.x - one.x, cell.y - one.y);
      const near = brush.ponds.filter((cell) => away(cell) < APART_EM * brush.em).sort((a, b) => away(a) - away(b))[0];
      const spot = near || one;
      if (ringed.has(spot)) return;
      ringed.add(spot);
      context.beginPath();
      context.arc(spot.x, spot.y, 1.05 * brush.em, 0, 2 * Math.PI);
      context.lineWidth = 0.16 * brush.em;
      context.strokeStyle = brush.token["--map-strong"];
      context.stroke();
    });
  }

  /** What is real, and a drill's only where it decides what is shown here. */
  function waiting() {
    const first = (alert) => alert.priority === 1 && alert.lon !== null;
    const real = Array.from(pingji.alerts.all.values());
    const found = real.filter((alert) => first(alert) && pingji.alerts.isWaiting(alert));
    if (!pingji.drill.decides()) return found;
    const drilled = Array.from(pingji.alerts.drilled.values());
    return found.concat(drilled.filter((alert) => first(alert) && !alert.acknowledged));
  }

  // ── how near the map is brought ─────────────────────────────────────────────────────────

  /** Where it happens: places under water, else rivers over their lines, else alerts. */
  function happening() {
    const placed = (thing) => thing.lon !== null && thing.lat !== null;
    const now = pingji.live.pictureAt();
    const rivers = () => (now === null ? [] : pingji.cityData.rivers(now, pingji.drill.stations()).filter((river) => river.line));
    return [() => pingji.emergency.ponding().all, rivers, waiting].reduce(
      (found, of) => (found.length ? found : of().filter(placed)),
      [],
    );
  }

  function around(things) {
    const lons = things.map((thing) => thing.lon);
    const lats = things.map((thing) => thing.lat);
    const west = Math.min.apply(null, lons);
    const east = Math.max.apply(null, lons);
    const south = Math.min.apply(null, lats);
    const north = Math.max.apply(null, lats);
    const wide = Math.max(LEAST_DEG, (east - west) * (1 + 2 * MARGIN)) / 2;
    const high = Math.max(LEAST_DEG * 0.8, (north - south) * (1 + 2 * MARGIN)) / 2;
    const x = (west + east) / 2;
    const y = (south + north) / 2;
    return within([x - wide, y - high, x + wide, y + high]);
  }

  /** Never beyond the city: no border of anything else is drawn. */
  function within(box) {
    const city = pingji.page.city.bounds;
    if (!city) return box;
    return [Math.max(box[0], city[0]), Math.max(box[1], city[1]), Math.min(box[2], city[2]), Math.min(box[3], city[3])];
  }

  const holds = (box, thing) =>
    thing.lon >= box[0] && thing.lon <= box[2] && thing.lat >= box[1] && thing.lat <= box[3];

  /** The part of the city to show; it changes seldom, and at once only for what lies outside. */
  wall.incidentBounds = () => {
    const things = happening();
    const at = performance.now();
    if (!things.length) {
      if (at - view.at > HOLD_MS) view.bounds = null;
      return view.bounds;
    }
    const outside = !view.bounds || things.some((thing) => !holds(view.bounds, thing));
    if (!outside && at - view.at < HOLD_MS) return view.bounds;
    const next = around(things);
    const area = (box) => (box[2] - box[0]) * (box[3] - box[1]);
    if (outside || area(next) < 0.6 * area(view.bounds)) view.bounds = next;
    view.at = at;
    return view.bounds;
  };

  wall.mapLayer("typhoons", { draw: drawTyphoons });
  wall.mapLayer("responders", { draw: drawResponders });
  wall.mapLayer("places", { claim: claimPlaces, draw: drawPlaces });
  wall.mapLayer("alerts", { draw: drawAlerts, title: "wall_map_incidents" });
  pingji.on("paint", () => {
    const step = wall.steps[wall.step];
    if (wall.map && wall.map.map._loaded && step) {
      pingji.typhoonsOn(wall.map.map, step.layers.includes("typhoons"));
    }
  });
})();
