/* The wall's map of an event: zones by pattern and outline, routes, venue points and posts by name. */
(function () {
  "use strict";

  const pingji = window.pingji;
  if (!pingji.wall) return;

  const wall = pingji.wall;
  const ORDER = ["watch", "control", "core"]; // the strictest on top
  const LOOK = {
    core: { line: 0.22, dash: [], hatch: 0.5, cross: true },
    control: { line: 0.12, dash: [], hatch: 0.9, cross: false },
    watch: { line: 0.12, dash: [0.6, 0.4], hatch: 0, cross: false },
  };
  const MARGIN = 0.12;
  const ASIDE = [[0, 1.1], [0, -1.1], [1, 0], [-1, 0]]; // below, above, beside, in em
  let bounds = null; // of all things, until they change
  let held = "";

  function rings(geometry) {
    if (geometry.type === "Polygon") return geometry.coordinates;
    return [].concat(...geometry.coordinates);
  }

  function trace(brush, line, close) {
    line.forEach(([lon, lat], i) => {
      const [x, y] = brush.spot(pingji.event.world(lon, lat));
      if (i) brush.context.lineTo(x, y);
      else brush.context.moveTo(x, y);
    });
    if (close) brush.context.closePath();
  }

  /** Lines across a shape, within it alone. */
  function hatch(brush, look) {
    const context = brush.context;
    const gap = look.hatch * brush.em;
    const { width, height } = brush.view;
    context.save();
    context.clip("evenodd");
    context.beginPath();
    for (let x = -height; x < width; x += gap) {
      context.moveTo(x, height);
      context.lineTo(x + height, 0);
      if (look.cross) {
        context.moveTo(x, 0);
        context.lineTo(x + height, height);
      }
    }
    context.lineWidth = 0.05 * brush.em;
    context.globalAlpha = 0.45;
    context.strokeStyle = brush.token["--map-zone"];
    context.stroke();
    context.restore();
  }

  function drawZone(brush, state) {
    const context = brush.context;
    const look = LOOK[state.body.level];
    const shape = () => {
      context.beginPath();
      rings(state.geometry).forEach((ring) => trace(brush, ring, true));
    };
    shape();
    if (look.hatch) hatch(brush, look);
    shape();
    context.setLineDash(look.dash.map((part) => part * brush.em));
    context.lineWidth = look.line * brush.em;
    context.strokeStyle = brush.token["--map-zone"];
    context.stroke();
    context.setLineDash([]);
  }

  function drawRoute(brush, state) {
    const context = brush.context;
    [["--map-halo", 0.42], ["--map-route", 0.22]].forEach(([token, wide]) => {
      context.beginPath();
      trace(brush, state.geometry.coordinates, false);
      context.lineJoin = "round";
      context.lineWidth = wide * brush.em;
      context.strokeStyle = brush.token[token];
      context.stroke();
    });
  }

  function spotOf(brush, state) {
    const [lon, lat] = state.geometry.coordinates;
    return brush.spot(pingji.event.world(lon, lat));
  }

  function mark(brush, state) {
    const [x, y] = spotOf(brush, state);
    if (!brush.holds(x, y)) return;
    const post = state.kind === "post";
    brush.dot(x, y, 0.28 * brush.em, "--map-halo", 1);
    brush.dot(x, y, 0.2 * brush.em, "--map-ink", 1);
    if (post) brush.dot(x, y, 0.1 * brush.em, "--map-land", 1);
  }

  function name(brush, text, x, y, weight) {
    const wide = text.length / 2 + 0.7;
    ASIDE.some(([side, down]) =>
      brush.words(text, x + side * wide * brush.em, y + down * brush.em, "--map-ink", weight),
    );
  }

  /** The uppermost corner of a zone: its word stands above. */
  function top(brush, state) {
    const all = rings(state.geometry)[0].map(([lon, lat]) => brush.spot(pingji.event.world(lon, lat)));
    const y = Math.min(...all.map((corner) => corner[1]));
    const xs = all.map((corner) => corner[0]);
    return [(Math.min(...xs) + Math.max(...xs)) / 2, y];
  }

  function draw(brush, now) {
    if (!wall.event()) return;
    const things = pingji.event.things(null, now);
    const of = (kind) => things.filter((state) => state.kind === kind);
    const rank = (state) => ORDER.indexOf(state.body.level);
    const zones = of("zone").sort((a, b) => rank(a) - rank(b));
    const spots = of("point").concat(of("post"));
    zones.forEach((state) => drawZone(brush, state));
    of("route").forEach((state) => drawRoute(brush, state));
    spots.forEach((state) => mark(brush, state));
    zones.forEach((state) => {
      const [x, y] = top(brush, state);
      name(brush, pingji.code("zone_level", state.body.level), x, y - 1.1 * brush.em, 600);
    });
    spots.forEach((state) => {
      const [x, y] = spotOf(brush, state);
      if (brush.holds(x, y)) name(brush, state.label(), x, y, state.kind === "point" ? 600 : 400);
    });
  }

  /** West, south, east, north of all that is arranged; null where nothing is. The same object until
   * it changes. */
  wall.eventBounds = () => {
    const now = pingji.live.pictureAt();
    if (now === null || !wall.event()) return null;
    const things = pingji.event.things(null, now).filter((state) => state.geometry);
    const key = things.map((state) => state.id).join();
    if (key === held) return bounds;
    held = key;
    const box = [Infinity, Infinity, -Infinity, -Infinity];
    const take = (part) => {
      if (typeof part[0] !== "number") return part.forEach(take);
      box[0] = Math.min(box[0], part[0]);
      box[1] = Math.min(box[1], part[1]);
      box[2] = Math.max(box[2], part[0]);
      box[3] = Math.max(box[3], part[1]);
      return undefined;
    };
    things.forEach((state) => take(state.geometry.coordinates));
    const high = MARGIN * (box[3] - box[1]);
    bounds = things.length ? [box[0], box[1] - high / 2, box[2], box[3] + high] : null;
    return bounds;
  };

  wall.mapLayer("event", { draw: draw, title: "wall_map_event", leads: true });
})();
