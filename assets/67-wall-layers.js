/* What the wall's map can show, layer by layer: heat, cases on a fixed grid, rivers, rain.
 *
 * Each is painted on the canvas of 66-wall-map.js, from the lowest to the highest that the step
 * names. A dot's area is a number of cases; the overdue among them are a dot within it. */
(function () {
  "use strict";

  const pingji = window.pingji;
  if (!pingji.wall) return;

  const wall = pingji.wall;
  const model = pingji.model;
  const GRID_EM = 0.9;
  const GAUGE_PX = 12; // the mark's own letter, which on a wall is an em high
  const HEAT_EM = 0.3; // a cell of the heat
  const HEAT_STRENGTH = 0.7;
  const LEVELS = ["river", "tide", "reservoir"];
  // below, above, or beside, in em: which station it is must be said
  const ASIDE = [[0, 1.75], [0, -2.3], [1, 0], [-1, 0], [0, 2.8], [0, -3.3]];

  /** Cells of the wall's own grid: how many are open in each, how many of them overdue. */
  function bin(brush, now) {
    const cases = model.cases;
    const cell = GRID_EM * brush.em;
    const cells = new Map();
    for (let i = 0; i < cases.n; i += 1) {
      if (!(cases.state[i] & model.OPEN)) continue;
      const [x, y] = brush.place(cases, i);
      if (!brush.holds(x, y)) continue;
      const key = Math.floor(x / cell) + Math.floor(y / cell) * 4096;
      let found = cells.get(key);
      if (!found) {
        found = { x: (key % 4096) * cell + cell / 2, y: 0, open: 0, late: 0 };
        found.y = Math.floor(key / 4096) * cell + cell / 2;
        cells.set(key, found);
      }
      found.open += 1;
      if (model.isOverdue(i, now)) found.late += 1;
    }
    return Array.from(cells.values());
  }

  /** How large the dot of a number is, by the fullest cell. */
  function sizes(brush, cells) {
    const most = cells.reduce((top, c) => Math.max(top, c.open), 1);
    const full = (GRID_EM * brush.em) / 2;
    return (n) => Math.max(0.1 * brush.em, full * Math.sqrt(n / most));
  }

  function drawOverdue(brush, now, told) {
    const em = brush.em;
    const cells = told || bin(brush, now);
    const radius = sizes(brush, cells);
    cells.forEach((c) => {
      if (!c.late) return;
      const r = Math.max(0.2 * em, radius(c.late));
      brush.dot(c.x, c.y, r + 0.06 * em, "--map-halo", 1);
      brush.dot(c.x, c.y, r, "--map-lateness", 1);
    });
  }

  function drawCases(brush, now) {
    const cells = bin(brush, now);
    const radius = sizes(brush, cells);
    cells.forEach((c) => brush.dot(c.x, c.y, radius(c.open), "--map-case", 0.5));
    drawOverdue(brush, now, cells);
  }

  const small = document.createElement("canvas");

  function drawHeat(brush) {
    brush.context.globalAlpha = HEAT_STRENGTH;
    pingji.heat.paint(brush.context, small, {
      width: brush.view.width,
      height: brush.view.height,
      cell: HEAT_EM * brush.em,
      each: (put) => pingji.heat.open((points, i) => brush.place(points, i), put, () => true),
    });
    brush.context.globalAlpha = 1;
  }

  /** Every station of these kinds in view; a drill's where a drill decides what is shown. */
  function each(brush, kinds, say) {
    const stations = pingji.drill.stations();
    const at = pingji.live.topic("stations").columns;
    for (let i = 0; i < stations.n; i += 1) {
      const row = stations.rows[i];
      const [x, y] = brush.place(stations, i);
      if (kinds.includes(row[at.kind]) && brush.holds(x, y)) say(row, x, y);
    }
  }

  function drawRivers(brush, now) {
    const em = brush.em;
    const at = pingji.live.topic("stations").columns;
    const over = [];
    each(brush, LEVELS, (row, x, y) => {
      const verdict = model.judge(row, now);
      const level = pingji.cityData.levelOf(row);
      if (verdict.level === "over") over.push({ x, y, row, verdict, level });
      else gauge(brush, x, y, verdict, level);
    });
    over.forEach((one) => {
      gauge(brush, one.x, one.y, one.verdict, one.level);
      brush.taken.push({ x: one.x, y: one.y, half: 0.7 * em, high: 1.1 * em });
    });
    over.forEach((one) => {
      const name = pingji.drill.bare(one.row[at.name]);
      ASIDE.some(([side, down]) => {
        const x = one.x + side * (0.9 + name.length / 2) * em;
        return brush.words(name, x, one.y + down * em, "--map-ink", 600);
      });
    });
  }

  /** A level as on every map: how full, its lines as ticks; a station without lines is a dot. */
  function gauge(brush, x, y, verdict, level) {
    if (!level) {
      brush.dot(x, y, 0.2 * brush.em, verdict.old ? "--map-old" : "--map-station", 0.8);
      return;
    }
    const pen = { context: brush.context, token: brush.token, family: brush.family };
    pen.rem = brush.em / GAUGE_PX;
    pingji.marks.drawGauge(pen, x, y, verdict, level, verdict.level !== "over");
  }

  /** An hour's rain as a column on its place, twenty millimetres an em high; dry is a tick. */
  function drawRain(brush, now) {
    const context = brush.context;
    const wide = 0.26 * brush.em;
    each(brush, ["rain"], (row, x, y) => {
      const rain = pingji.cityData.rainOf(row[0], now);
      const high = rain ? Math.min(3.5, 0.15 + rain / 20) * brush.em : 0.1 * brush.em;
      context.fillStyle = brush.token[rain === null ? "--map-old" : "--map-station"];
      context.globalAlpha = rain ? 1 : 0.6;
      context.fillRect(x - wide / 2, y - high, wide, high);
      context.globalAlpha = 1;
    });
  }

  wall.mapLayer("heat", { draw: drawHeat, title: "wall_map_heat", key: ["open_cases"] });
  wall.mapLayer("overdue", { draw: drawOverdue, key: ["overdue"] });
  wall.mapLayer("cases", { draw: drawCases, title: "wall_map_cases", key: ["open_cases", "overdue"] });
  wall.mapLayer("rivers", { draw: drawRivers, title: "wall_map_water" });
  wall.mapLayer("rain", { draw: drawRain, title: "wall_map_water" });
})();
