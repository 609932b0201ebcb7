/* A station: the latest value against its lines and its datum, painted from the stream.
 *
 * A river is a gauge (水位 against 警戒, 保证, 历史最高), rain is amounts, anything with a limit a bar. */
(function () {
  "use strict";

  const pingji = window.pingji;
  const { draw, step, apart } = pingji.gauge;
  const LEVELS = ["river", "tide", "reservoir", "gate", "pump", "ponding", "groundwater"];
  const LINES = ["record", "guarantee", "warning", "high", "low"];
  const WIDE = 320; // of the gauge's own drawing
  const HIGH = 250;
  const LOW = 165; // where there is little room
  const ROOMY_REM = 24;
  const TREND_LEAST = { m: 0.005 };

  let id = null;
  let factor = null;
  let painted = ""; // what the gauge shows; painted anew only when that changes
  let history = null; // the last answer of the chart, for trend and amounts

  function station() {
    return id === null ? null : pingji.drawer.live("stations", id);
  }

  /** What has a history: not the sums that are kept as the latest alone. */
  function readings() {
    const known = pingji.model.factors.get(id);
    return known ? Array.from(known.keys()).filter((name) => !pingji.page.sums[name]) : [];
  }

  function latest() {
    const known = pingji.model.factors.get(id);
    const row = known && known.get(factor);
    if (!row) return null;
    const at = pingji.live.topic("readings").columns;
    return { value: row[at.value], at: Date.parse(row[at.at]), flag: row[at.flag] };
  }

  function lines(told) {
    const known = (told.thresholds || {})[factor] || {};
    return LINES.filter((name) => typeof known[name] === "number").map((name) => ({
      name: name,
      value: known[name],
    }));
  }

  function unit() {
    return pingji.page.units[factor] || "";
  }

  function decimals() {
    return factor === "level" ? 2 : factor === "rain" ? 1 : 2;
  }

  function figure(value) {
    return value === null || value === undefined ? "—" : value.toFixed(decimals());
  }

  function open(thing) {
    id = thing;
    factor = readings()[0] || null;
    painted = "";
    history = null;
    paint();
    pingji.emit("chart", { station: id, factor: factor });
  }

  function choose(name) {
    factor = name;
    painted = "";
    history = null;
    paint();
    pingji.emit("chart", { station: id, factor: factor });
  }

  function paint() {
    const told = station();
    const drawer = pingji.drawer;
    if (!told) {
      const loaded = pingji.live.topic("stations").loaded;
      drawer.state("drawer-station-head", "empty", loaded ? "not_seen" : "loading");
      return;
    }
    if (factor === null && readings().length) choose(readings()[0]);
    const now = latest();
    const age = now && pingji.live.pictureAt() - now.at;
    const key = JSON.stringify([told, now, Math.floor(age / 60000), factor, history, pingji.language]);
    if (key === painted) return;
    painted = key;
    head(told, now, age);
    factors();
    gauge(told, now);
  }

  function head(told, now, age) {
    const drawer = pingji.drawer;
    const chips = [[pingji.code("station", told.kind)]];
    if (now && pingji.page.not_judged.indexOf(now.flag) >= 0) {
      chips.push([pingji.code("flag", now.flag), "doubt"]);
    }
    const when = now ? pingji.say("measured_age", { age: pingji.format.age(age / 1000) }) : "";
    const facts = drawer.facts([
      ["jurisdiction", told.jurisdiction ? pingji.caseWords.place(told.jurisdiction) : ""],
      ["number_of", told.id],
      ["when", now ? pingji.format.full(now.at) + " · " + when : ""],
    ]);
    drawer.fill("drawer-station-head", [...drawer.head(told.name, chips), facts]);
  }

  function factors() {
    const box = pingji.byId("drawer-station-factors");
    const names = readings();
    box.hidden = names.length < 2;
    const buttons = names.map((name) => {
      const button = pingji.make("button", "toggle", pingji.code("factor", name));
      button.setAttribute("aria-pressed", String(name === factor));
      button.addEventListener("click", () => choose(name));
      return button;
    });
    box.replaceChildren(...buttons);
  }

  function gauge(told, now) {
    const box = pingji.byId("drawer-station-gauge");
    if (!now || now.value === null) {
      box.replaceChildren(pingji.make("p", "drawer__state", pingji.say("no_reading")));
      return;
    }
    // 可疑 is grey: what is not judged must not look as if it were
    const doubted = Boolean(told.suspect) || pingji.page.not_judged.indexOf(now.flag) >= 0;
    box.classList.toggle("gauge--doubt", doubted);
    if (factor === "rain") box.replaceChildren(amounts());
    else if (LEVELS.indexOf(told.kind) >= 0) box.replaceChildren(staff(told, now));
    else box.replaceChildren(bar(told, now));
  }

  // ── a river ───────────────────────────────────────────────────────────────────────────────

  /** A staff gauge: the water, the lines that matter, the scale with its datum. */
  function staff(told, now) {
    const rem = parseFloat(window.getComputedStyle(document.documentElement).fontSize);
    const wide = pingji.byId("drawer-station-gauge").clientWidth;
    const high_px = wide < ROOMY_REM * rem ? LOW : HIGH;
    const marks = lines(told);
    const values = marks.map((line) => line.value).concat([now.value]);
    const known = history && history.value.filter((value) => value !== null);
    if (known && known.length) values.push(Math.min(...known), Math.max(...known));
    let low = Math.min(...values);
    let high = Math.max(...values);
    const room = Math.max(high - low, 0.4);
    low -= room * 0.35;
    high += room * 0.16;
    const y = (value) => high_px - ((value - low) / (high - low)) * high_px;
    const svg = draw("svg", "gauge__svg", {
      viewBox: "0 0 " + WIDE + " " + high_px,
      role: "img",
      "aria-label": spoken(now, marks),
    });
    const left = 56;
    const right = 140;
    svg.append(
      draw("rect", "gauge__well", { x: left, y: 0, width: right - left, height: high_px }),
      draw("rect", "gauge__water", {
        x: left,
        y: y(now.value),
        width: right - left,
        height: Math.max(0, high_px - y(now.value)),
      }),
    );
    const by = step(high - low, 6);
    for (let at = Math.ceil(low / by) * by; at <= high; at += by) {
      svg.append(
        draw("line", "gauge__tick", { x1: left - 8, x2: left, y1: y(at), y2: y(at) }),
        draw(
          "text",
          "gauge__scale",
          { x: left - 12, y: y(at), "text-anchor": "end", "dominant-baseline": "middle" },
          at.toFixed(by < 0.1 ? 2 : by < 1 ? 1 : 0),
        ),
      );
    }
    apart(marks, y, high_px).forEach((line) => {
      const reached = now.value >= line.value ? " gauge__line--reached" : "";
      const path = `M${left} ${y(line.value)}H${right + 8}L${right + 22} ${line.at}H${right + 30}`;
      svg.append(
        draw("path", "gauge__line gauge__line--" + line.name + reached, { d: path }),
        draw(
          "text",
          "gauge__label",
          { x: right + 36, y: line.at, "dominant-baseline": "middle" },
          pingji.code("threshold", line.name) + " " + figure(line.value),
        ),
      );
    });
    const surface = { x1: left, x2: right, y1: y(now.value), y2: y(now.value) };
    svg.append(draw("line", "gauge__surface", surface));
    const box = pingji.make("div", "gauge__staff");
    const side = pingji.make("div", "gauge__side");
    side.append(value(now), trend(), margin(now, marks), datum(told));
    box.append(svg, side);
    return box;
  }

  function value(now) {
    const line = pingji.make("p", "gauge__value");
    line.append(
      pingji.make("span", "gauge__figure", figure(now.value)),
      pingji.make("span", "gauge__unit", unit()),
    );
    return line;
  }

  /** 涨, 落 or 平 within the last hour, as far as the history goes. */
  function trend() {
    const line = pingji.make("p", "gauge__trend");
    if (!history) return line;
    const told = [];
    history.at.forEach((at, n) => {
      if (history.value[n] !== null) told.push([Date.parse(at), history.value[n]]);
    });
    if (told.length < 2) return line;
    const last = told[told.length - 1];
    const before = told.filter((pair) => pair[0] <= last[0] - 3300000).pop();
    if (!before) return line;
    const by = last[1] - before[1];
    const least = TREND_LEAST[unit()] || Math.abs(last[1]) * 0.01;
    const way = Math.abs(by) < least ? "steady" : by > 0 ? "rising" : "falling";
    const sign = { steady: "→", rising: "↗", falling: "↘" }[way];
    const amount = (by > 0 ? "+" : by < 0 ? "−" : "") + Math.abs(by).toFixed(decimals());
    const words = { rising: pingji.say("rising"), falling: pingji.say("falling"), steady: pingji.say("steady") };
    line.append(
      pingji.make("span", "gauge__way", sign + " " + words[way]),
      pingji.make("span", "", pingji.say("in_an_hour", { n: amount + " " + unit() })),
    );
    return line;
  }

  /** How far it is from the line that matters: the highest one reached, else the next one. */
  function margin(now, marks) {
    const upper = marks.filter((line) => line.name !== "low").sort((a, b) => b.value - a.value);
    const reached = upper.find((line) => now.value >= line.value);
    const next = upper.filter((line) => now.value < line.value).pop();
    const line = reached || next;
    const element = pingji.make("p", "gauge__margin");
    if (!line) {
      element.textContent = pingji.say("no_line");
      return element;
    }
    const by = Math.abs(now.value - line.value);
    const fill = { line: pingji.code("threshold", line.name), n: by.toFixed(decimals()), unit: unit() };
    const key = reached ? (by < 0.005 ? "at_line" : "above_line") : "below_line";
    const words = {
      at_line: pingji.say("at_line", fill),
      above_line: pingji.say("above_line", fill),
      below_line: pingji.say("below_line", fill),
    };
    if (reached) element.classList.add("gauge__margin--over", "gauge__margin--" + line.name);
    element.textContent = words[key];
    return element;
  }

  function datum(told) {
    const words = told.datum
      ? pingji.say("datum") + " " + told.datum
      : pingji.say("datum") + " · " + pingji.say("no_datum");
    return pingji.make("p", "gauge__datum", words);
  }

  function spoken(now, marks) {
    return [figure(now.value) + " " + unit()]
      .concat(marks.map((line) => pingji.code("threshold", line.name) + " " + figure(line.value)))
      .join(", ");
  }

  // ── rain ──────────────────────────────────────────────────────────────────────────────────

  /** Amounts that a hydrologist asks for; from the hours of the last day. */
  function amounts() {
    const box = pingji.make("div", "gauge__amounts");
    const hours = history && history.step_s === 3600 ? history : null;
    const sum = (from) => {
      if (!hours) return null;
      let total = 0;
      hours.at.forEach((at, n) => {
        if (Date.parse(at) >= from) total += hours.value[n] || 0;
      });
      return total;
    };
    const now = pingji.live.pictureAt();
    const midnight = pingji.format.dayStart(now);
    const eight = midnight + 8 * 3600000 <= now ? midnight + 8 * 3600000 : midnight - 16 * 3600000;
    const most = hours ? Math.max(0, ...hours.value.map((value) => value || 0)) : null;
    [
      [pingji.say("last_hour"), pingji.cityData.rainOf(id, now)],
      [pingji.say("rain_day"), sum(eight)],
      [pingji.say("last_day"), sum(-Infinity)],
      [pingji.say("most_an_hour"), most],
    ].forEach((pair) => {
      const cell = pingji.make("div", "amount");
      const line = pingji.make("p", "amount__line");
      line.append(
        pingji.make("span", "amount__figure", pair[1] === null ? "—" : pair[1].toFixed(1)),
        pingji.make("span", "gauge__unit", "mm"),
      );
      cell.append(pingji.make("p", "amount__label", pair[0]), line);
      box.append(cell);
    });
    return box;
  }

  // ── anything else ─────────────────────────────────────────────────────────────────────────

  function bar(told, now) {
    const marks = lines(told);
    const most = Math.max(now.value, ...marks.map((line) => line.value), 1e-9) * 1.2;
    const share = (value) => Math.max(0, Math.min(1, value / most));
    const svg = draw("svg", "gauge__bar", { viewBox: "0 0 400 46", role: "img", "aria-label": spoken(now, marks) });
    const over = marks.some((line) => line.name !== "low" && now.value > line.value);
    svg.append(
      draw("rect", "gauge__well", { x: 0, y: 6, width: 400, height: 18 }),
      draw("rect", over ? "gauge__fill gauge__fill--over" : "gauge__fill", {
        x: 0,
        y: 6,
        width: 400 * share(now.value),
        height: 18,
      }),
    );
    marks.forEach((line) => {
      const x = 400 * share(line.value);
      svg.append(
        draw("line", "gauge__line gauge__line--" + line.name, { x1: x, x2: x, y1: 0, y2: 30 }),
        draw(
          "text",
          "gauge__label",
          { x: x, y: 42, "text-anchor": x > 300 ? "end" : "middle" },
          pingji.code("threshold", line.name) + " " + pingji.format.value(line.value),
        ),
      );
    });
    const box = pingji.make("div", "gauge__level");
    box.append(value(now), svg, margin(now, marks));
    return box;
  }

  pingji.on("history", (told) => {
    if (told.station !== id || told.factor !== factor) return;
    history = told.span === "24h" ? told : history;
    paint();
  });

  pingji.drawer.register("station", {
    open: open,
    paint: paint,
    said() {
      painted = "";
      paint();
    },
    close() {
      id = null;
      pingji.emit("chart", null);
    },
  });

  pingji.station = { lines: (thing, name) => linesOf(thing, name) };

  function linesOf(thing, name) {
    const told = pingji.drawer.live("stations", thing);
    const known = ((told && told.thresholds) || {})[name] || {};
    return {
      datum: told && told.datum,
      lines: LINES.filter((line) => typeof known[line] === "number").map((line) => ({
        name: line,
        value: known[line],
      })),
    };
  }
})();
