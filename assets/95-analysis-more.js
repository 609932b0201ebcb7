/* /analysis, beside the ranking: trend, stage times, where cases lie, repeats, published figures,
 * and the list of cases behind a number. Drawn by hand: no chart library is waited for. */
(function () {
  "use strict";

  const pingji = window.pingji;
  const SVG = "http://www.w3.org/2000/svg";
  const LEAST_WIDE = 320;
  const HEAT_WIDE = 640;
  const HEAT_REACH = 4; // pixels beside a cell that still mean it
  const HIGH = 200;
  const FOOT = 22;
  const CASES_PAGE = 200;
  const LARGE = 100000;
  const LESS_IS_BETTER = ["rework_rate", "extension_rate", "mean_hours"];
  const page = pingji.analysis;
  let outlines = null; // the districts' shapes, fetched once
  let heat = null;
  let listed = null;

  function svg(tag, attributes, text) {
    const element = document.createElementNS(SVG, tag);
    Object.keys(attributes).forEach((name) => element.setAttribute(name, attributes[name]));
    if (text !== undefined) element.textContent = text;
    return element;
  }

  /* Trend: columns of what fell due, a line of the rate. */

  function trend(told) {
    page.note("analysis-trend", page.basis(told));
    const place = page.clear("analysis-trend");
    const all = told.trend;
    const most = Math.max(1, ...all.map((it) => it.due));
    const rates = all.filter((it) => it.rate !== null).map((it) => it.rate);
    if (!rates.length) {
      page.empty("analysis-trend", "rate_none");
      return;
    }
    const wide = Math.max(LEAST_WIDE, place.clientWidth - 24); // drawn as large as it stands
    const low = Math.max(0, Math.floor(Math.min(1, ...rates) * 10 - 0.5) / 10);
    const step = wide / all.length;
    const y = (rate) => 8 + (HIGH - FOOT - 8) * (1 - (Math.min(1, rate) - low) / Math.max(0.0001, 1 - low));
    const box = svg("svg", { viewBox: "0 0 " + wide + " " + HIGH, class: "analysis__chart", role: "img" });
    box.append(svg("title", {}, pingji.say("timely_rate") + " · " + page.basis(told)));
    const line = [];
    all.forEach((it, i) => {
      const middle = (i + 0.5) * step;
      const high = ((HIGH - FOOT - 8) * it.due) / most;
      const column = svg("rect", {
        x: i * step + step * 0.15, y: HIGH - FOOT - high, width: step * 0.7, height: high, class: "analysis__column",
      });
      const said = it.first + (it.last === it.first ? "" : " – " + it.last);
      column.append(svg("title", {}, said + "  " + page.rate(it.rate) + "  " + it.timely + " / " + it.due));
      if (it.due) {
        column.classList.add("analysis__column--open");
        column.addEventListener("click", () => page.open({ measure: "due", first: it.first, last: it.last, name: said }));
      }
      box.append(column);
      if (it.rate !== null) line.push([middle, y(it.rate), it]);
      if (all.length <= 14 || i % 5 === 0 || i === all.length - 1) {
        const label = it.first === it.last ? it.first.slice(5) : it.first.slice(0, 7);
        box.append(svg("text", { x: middle, y: HIGH - 6, class: "analysis__axis", "text-anchor": "middle" }, label));
      }
    });
    box.append(svg("polyline", { points: line.map((p) => p[0] + "," + p[1]).join(" "), class: "analysis__line" }));
    line.forEach((p) => box.append(svg("circle", { cx: p[0], cy: p[1], r: 3, class: "analysis__dot" })));
    [low, 1].forEach((rate) => {
      box.append(svg("text", { x: 2, y: y(rate) + (rate === 1 ? 10 : -2), class: "analysis__axis" }, page.rate(rate)));
    });
    place.append(box);
  }

  function stages(told) {
    page.note("analysis-stages", page.basis(told));
    if (!told.stages.length) {
      page.empty("analysis-stages");
      return;
    }
    const place = page.clear("analysis-stages");
    const most = Math.max(...told.stages.map((it) => it.mean_s), 1);
    told.stages.forEach((it) => {
      const row = pingji.make("div", "analysis__stage");
      const bar = pingji.make("i", "analysis__stage-bar");
      bar.style.width = (100 * it.mean_s) / most + "%";
      const track = pingji.make("span", "analysis__stage-track");
      track.append(bar);
      row.append(
        pingji.make("span", "analysis__name", pingji.code("stage", it.stage)),
        track,
        pingji.make("span", "analysis__stage-time", pingji.format.age(it.mean_s)),
        page.opening(
          pingji.format.number(it.n) + " " + pingji.say("cases_unit"),
          it.n,
          { measure: "closed", name: pingji.code("stage", it.stage) },
          "analysis__stage-n",
        ),
      );
      place.append(row);
    });
  }

  /* Where cases lie: cells over the outlines of the districts. */

  function rings(geometry) {
    if (!geometry) return [];
    if (geometry.type === "Polygon") return geometry.coordinates;
    if (geometry.type === "MultiPolygon") return geometry.coordinates.flat();
    return [];
  }

  function drawHeat() {
    const place = pingji.byId("analysis-heat");
    if (!place || !heat) return;
    page.note("analysis-heat", pingji.say("heat_note", { m: heat.cell_m, n: heat.most }));
    if (!heat.cells.length) {
      page.empty("analysis-heat");
      return;
    }
    page.clear("analysis-heat");
    const canvas = pingji.make("canvas", "analysis__heat");
    canvas.width = HEAT_WIDE;
    canvas.height = 420;
    place.append(canvas);
    const lons = heat.cells.map((it) => it[0]);
    const lats = heat.cells.map((it) => it[1]);
    const [west, east] = [Math.min(...lons), Math.max(...lons)];
    const [south, north] = [Math.min(...lats), Math.max(...lats)];
    const squeeze = Math.cos(((south + north) / 2) * (Math.PI / 180));
    const room = 20;
    const scale = Math.min(
      (canvas.width - 2 * room) / Math.max(0.01, (east - west) * squeeze),
      (canvas.height - 2 * room) / Math.max(0.01, north - south),
    );
    const x = (lon) => canvas.width / 2 + (lon - (west + east) / 2) * squeeze * scale;
    const y = (lat) => canvas.height / 2 - (lat - (south + north) / 2) * scale;
    const style = window.getComputedStyle(document.documentElement);
    const draw = canvas.getContext("2d");
    draw.strokeStyle = style.getPropertyValue("--map-land-edge");
    draw.fillStyle = style.getPropertyValue("--map-land");
    (outlines || []).forEach((feature) => {
      rings(feature.geometry).forEach((ring) => {
        draw.beginPath();
        ring.forEach((point, i) => (i ? draw.lineTo(x(point[0]), y(point[1])) : draw.moveTo(x(point[0]), y(point[1]))));
        draw.fill();
        draw.stroke();
      });
    });
    const most = heat.cells[0][2];
    draw.fillStyle = style.getPropertyValue("--map-case");
    const side = Math.max(3, (heat.cell_m / 111320) * scale);
    heat.cells.forEach((it) => {
      draw.globalAlpha = 0.2 + 0.8 * Math.sqrt(it[2] / most);
      draw.fillRect(x(it[0]) - side / 2, y(it[1]) - side / 2, side, side);
    });
    draw.globalAlpha = 1;
    canvas.addEventListener("click", (event) => {
      const shown = canvas.getBoundingClientRect();
      const ratio = canvas.width / shown.width;
      const [px, py] = [(event.clientX - shown.left) * ratio, (event.clientY - shown.top) * ratio];
      const reach = side / 2 + HEAT_REACH;
      const cell = heat.cells.find((it) => Math.abs(x(it[0]) - px) <= reach && Math.abs(y(it[1]) - py) <= reach);
      if (cell) openCell(cell);
    });
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", pingji.say("analysis_hot") + " · " + pingji.say("heat_cell", { n: most }));
  }

  /** The cases of one cell, as the heat counts them. */
  function openCell(cell) {
    const [wide, high] = heat.cell;
    const box = [cell[0] - wide / 2, cell[1] - high / 2, cell[0] + wide / 2, cell[1] + high / 2];
    page.open({ measure: "reported", box: box.join(","), name: pingji.say("heat_cell", { n: cell[2] }) });
  }

  function askHeat() {
    page.ask("/heat", { cell_m: page.asked.scope ? 150 : 500 }, (told) => {
      heat = told;
      drawHeat();
    });
    if (outlines || !pingji.page.city.shapes) return;
    outlines = [];
    pingji.ground.shapes(pingji.page.city.shapes).then((told) => {
      outlines = told.features;
      drawHeat();
    });
  }

  /* Repeats. */

  function askRepeats() {
    page.ask("/repeats", {}, (told) => {
      page.note("analysis-repeats", pingji.say("repeats_note", { days: told.days, within: told.within_m }));
      if (!told.items.length) {
        page.empty("analysis-repeats");
        return;
      }
      const place = page.clear("analysis-repeats");
      told.items.forEach((item) => {
        const row = caseRow(item);
        row.prepend(pingji.make("b", "analysis__times", pingji.say("repeats_times", { n: item.n })));
        place.append(row);
      });
    });
  }

  /* Published figures: a basis of their own, in a table of their own. */

  /** As it is published: large numbers of cases by the ten thousand in Chinese. */
  function worth(value, language) {
    if (language === 1 || value < LARGE) return pingji.format.value(value) + " ";
    return pingji.say("ten_thousands", { n: (value / 10000).toFixed(2) });
  }

  /** Whom a figure is of: the area, and the unit, class or source where it is of one. */
  function ofWhom(item) {
    const area = pingji.code("jurisdiction", item.scope);
    if (item.by === "all") return area;
    const codes = { class: "category", subcategory: "category" }[item.by] || item.by;
    return pingji.code(codes, item.of) + " · " + area;
  }

  function publishedRow(item, rank) {
    const row = pingji.make("div", "analysis__published");
    const language = pingji.language === "en" ? 1 : 0;
    row.append(
      pingji.make("span", "analysis__name", (rank ? rank + ". " : "") + item.name[language] + " · " + ofWhom(item)),
      pingji.make("b", "analysis__value", worth(item.value, language) + item.unit[language]),
      pingji.make("span", "analysis__days", item.first + " – " + item.last),
      pingji.make("span", "analysis__source", [item.note, item.source].filter(Boolean).join(" · ")),
    );
    return row;
  }

  /** What is published of many at once, one indicator and one period, stands as a ranking. */
  function publishedRows(items) {
    const alike = new Map();
    items.forEach((item) => {
      const key = JSON.stringify([item.indicator, item.first, item.last, item.by]);
      if (!alike.has(key)) alike.set(key, []);
      alike.get(key).push(item);
    });
    const found = [];
    alike.forEach((group) => {
      const least = LESS_IS_BETTER.indexOf(group[0].indicator) >= 0 ? 1 : -1;
      group.sort((a, b) => least * (a.value - b.value));
      let rank = 0;
      group.forEach((item, n) => {
        if (!n || item.value !== group[n - 1].value) rank = n + 1;
        found.push(publishedRow(item, group.length > 1 ? rank : 0));
      });
    });
    return found;
  }

  /** Each basis that came as published under a heading of its own: two are never mixed. */
  function askPublished(bases) {
    const imported = bases.filter((it) => it.imported);
    const answers = {};
    const paintAll = () => {
      if (imported.some((it) => !answers[it.id])) return;
      const language = pingji.language === "en" ? 1 : 0;
      const told = imported.map((it) => answers[it.id]).filter((it) => it.items.length);
      page.note("analysis-published", told.map((it) => it.basis.name[language]).join(" · "));
      if (!told.length) {
        page.empty("analysis-published");
        return;
      }
      const place = page.clear("analysis-published");
      place.append(pingji.make("p", "analysis__empty", pingji.say("published_hint")));
      told.forEach((it) => {
        if (told.length > 1) place.append(pingji.make("h3", "analysis__heading", it.basis.name[language]));
        place.append(...publishedRows(it.items));
      });
    };
    if (!imported.length) page.empty("analysis-published");
    imported.forEach((it) => {
      page.ask("", { basis: it.id }, (told) => {
        answers[it.id] = told;
        paintAll();
      });
    });
  }

  /* The cases behind a number. */

  function caseRow(item) {
    const row = pingji.make("button", "analysis__case");
    row.type = "button";
    row.addEventListener("click", () => pingji.emit("open", { kind: "case", id: item.id, from: "list" }));
    const class_ = pingji.code("category", item.kind + "/" + item.subcategory);
    const where = item.jurisdiction ? pingji.code("jurisdiction", item.jurisdiction) : "";
    row.append(
      pingji.make("span", "analysis__case-id", item.id),
      pingji.make("span", "analysis__case-what", [class_, where, item.address].filter(Boolean).join(" · ")),
      pingji.make("span", "analysis__case-stage", pingji.code("stage", item.stage)),
      pingji.make("span", "analysis__case-time", pingji.format.moment(Date.parse(item.reported_at))),
    );
    return row;
  }

  page.open = (query) => {
    listed = query;
    const panel = pingji.byId("analysis-cases-panel");
    panel.hidden = false;
    page.empty("analysis-cases", "analysis_asking");
    page.note("analysis-cases", "");
    const wanted = Object.assign({ limit: CASES_PAGE }, query);
    const name = wanted.name;
    delete wanted.name;
    page.ask(
      "/cases",
      wanted,
      (told) => {
        if (listed !== query) return;
        const shown = told.items.length + (told.next ? "+" : "");
        const words = [page.called(query.measure, page.told), name, shown + " " + pingji.say("cases_unit")];
        page.note("analysis-cases", words.filter(Boolean).join(" · "));
        if (!told.items.length) {
          page.empty("analysis-cases");
          return;
        }
        const place = page.clear("analysis-cases");
        told.items.forEach((item) => place.append(caseRow(item)));
      },
      (why) => pingji.write(pingji.byId("analysis-cases"), pingji.say("analysis_failed", { why: why })),
    );
    panel.scrollIntoView({ block: "nearest" });
  };

  pingji.acts["analysis-close"] = () => {
    listed = null;
    pingji.byId("analysis-cases-panel").hidden = true;
  };

  pingji.on("language", () => {
    if (listed && pingji.byId("analysis-cases")) page.open(listed);
  });
  pingji.on("analysis", (told) => {
    trend(told);
    stages(told);
    drawHeat();
  });
  pingji.on("analysis-asked", () => {
    askHeat();
    askRepeats();
  });
  pingji.on("analysis-bases", askPublished);
})();
