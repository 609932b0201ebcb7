/* The history of a station as a plotly graph in the colours of the tokens.
 *
 * Plotly, a bundle of a quarter of its size, is fetched, run and made to draw once when the page is
 * at rest, never on the way of the live picture: so the first chart comes as soon as later ones.
 * Answers are kept for a minute; an old answer never overwrites a new one. */
(function () {
  "use strict";

  const pingji = window.pingji;
  const BUNDLE = "/assets/vendor/plotly-basic.min.js";
  const SPANS = { "24h": 86400000, "7d": 7 * 86400000, "30d": 30 * 86400000 };
  const POINTS = 700;
  const KEEP_MS = 60000;
  const REFRESH_MS = 60000;
  const IDLE_MS = 6000;
  const MOST_KEPT = 30;
  const BLANK = { data: [{ type: "scatter", mode: "lines", x: [0, 1], y: [0, 1] }], layout: {} };
  const kept = new Map(); // question -> {at, told}

  let thing = null; // {station, factor}
  let span = pingji.memory.get("span") || "24h";
  let shown = null; // the answer that stands on the screen
  let asked = 0;
  let began = null;
  let timing = { first_ms: null, last_ms: null };
  if (!SPANS[span]) span = "24h";

  function state(key, again) {
    const box = pingji.byId("drawer-chart-state");
    if (!box) return;
    const graph = pingji.byId("drawer-chart");
    graph.classList.toggle("chart__graph--away", key !== null);
    if (key === null) box.textContent = "";
    else pingji.drawer.state(box, "chart", key, again);
  }

  function begin(next) {
    thing = next && next.factor ? next : null;
    shown = null;
    press();
    pingji.write(pingji.byId("drawer-chart-note"), "");
    if (!thing) {
      asked += 1;
      if (next) state("no_history");
      return;
    }
    state("loading");
    began = performance.now();
    ready();
    ask();
  }

  /** Fetch and run plotly beside the question, so that neither waits for the other. */
  function ready() {
    window._dashPlotlyJSURL = BUNDLE;
    if (window.Plotly || document.querySelector("script[src^='" + BUNDLE + "']")) return;
    const script = document.createElement("script");
    script.src = BUNDLE;
    script.async = true;
    script.onerror = () => script.remove();
    document.body.append(script);
  }

  /** Ahead of the first chart, when the page has nothing else to do. */
  function warm() {
    if (!pingji.byId("drawer-figure") || thing || window.Plotly) return;
    ready();
    whenReady(() => !thing && pingji.setProps("drawer-figure", { data: BLANK }));
  }

  function ask() {
    const mine = (asked += 1);
    const wanted = { station: thing.station, factor: thing.factor, span: span };
    const key = [wanted.station, wanted.factor, span].join("\n");
    const known = kept.get(key);
    if (known && performance.now() - known.at < KEEP_MS) {
      answer(mine, known.told);
      return;
    }
    const until = pingji.live.now();
    if (until === null) return;
    const query = new URLSearchParams({
      factor: wanted.factor,
      from: new Date(until - SPANS[span]).toISOString(),
      to: new Date(until).toISOString(),
      points: String(POINTS),
    });
    pingji.drawer.ask(
      "/api/v1/stations/" + encodeURIComponent(wanted.station) + "/readings?" + query,
      (told) => {
        Object.assign(told, wanted, { key: key });
        kept.delete(key);
        kept.set(key, { at: performance.now(), told: told });
        if (kept.size > MOST_KEPT) kept.delete(kept.keys().next().value);
        answer(mine, told);
      },
      () => mine === asked && state("failed", begin.bind(null, thing)),
    );
  }

  function answer(mine, told) {
    if (mine !== asked || !thing) return;
    shown = told;
    pingji.emit("history", told);
    paint();
  }

  function paint() {
    if (!shown || !thing) return;
    if (!shown.told) {
      state("no_history");
      pingji.write(pingji.byId("drawer-chart-note"), "");
      return;
    }
    note();
    const told = shown;
    whenReady(() => {
      if (told !== shown) return; // plotly came when something else was open
      state(null);
      if (document.querySelector("#drawer-graph .main-svg")) {
        pingji.setProps("drawer-graph", { figure: pingji.chartFigure(told) });
        window.requestAnimationFrame(measure);
      } else pingji.setProps("drawer-figure", { data: pingji.chartFigure(told) });
    });
  }

  let waiting = null;

  function whenReady(act) {
    window.clearInterval(waiting);
    if (window.Plotly) {
      act();
      return;
    }
    const since = performance.now();
    waiting = window.setInterval(() => {
      if (window.Plotly) {
        window.clearInterval(waiting);
        act();
      } else if (performance.now() - since > 20000) {
        window.clearInterval(waiting);
        if (thing) state("chart_failed", begin.bind(null, thing));
      }
    }, 20);
  }

  function note() {
    const told = shown;
    const unit = pingji.page.units[told.factor] || "";
    const at = (n) => pingji.format.moment(Date.parse(told.at[n]));
    const parts = [pingji.say("told_drawn", { told: pingji.format.number(told.told) })];
    const best = (better) => {
      let found = -1;
      told.value.forEach((value, n) => {
        if (value !== null && (found < 0 || better(value, told.value[found]))) found = n;
      });
      return found;
    };
    if (told.step_s !== null) {
      const total = told.value.reduce((sum, value) => sum + (value || 0), 0);
      parts.push(pingji.say("total", { value: total.toFixed(1) + " " + unit }));
      parts.push(pingji.say("sum_of", { n: told.step_s / 3600 }));
    } else {
      const high = best((a, b) => a > b);
      const low = best((a, b) => a < b);
      const word = (n) => ({ value: pingji.format.value(told.value[n]) + " " + unit, time: at(n) });
      if (high >= 0) {
        parts.push(pingji.say("highest", word(high)), pingji.say("lowest", word(low)));
      }
    }
    if (told.suspect.at.length) {
      parts.push("× " + pingji.say("suspect_readings") + " " + told.suspect.at.length);
    }
    pingji.write(pingji.byId("drawer-chart-note"), parts.join(" · "));
  }

  function press() {
    document.querySelectorAll("[data-act=chart-span]").forEach((button) => {
      button.setAttribute("aria-pressed", String(button.dataset.span === span));
    });
  }

  pingji.acts["chart-span"] = (button) => {
    span = button.dataset.span;
    pingji.memory.set("span", span);
    press();
    if (!thing) return;
    began = performance.now();
    ask();
  };

  /** Clientside callback: the figure becomes a graph; the same graph, whatever the figure. */
  window.dash_clientside.pingji.graph = (data) => {
    if (!data) return window.dash_clientside.no_update;
    window.requestAnimationFrame(measure);
    return {
      namespace: "dash_core_components",
      type: "Graph",
      props: {
        id: "drawer-graph",
        figure: data,
        className: "chart__plot",
        responsive: true,
        config: { displayModeBar: false, displaylogo: false, doubleClick: false },
      },
    };
  };

  /** How long it took from the click to the drawn chart, for tests and the bench. */
  function measure() {
    if (began === null) return;
    const plot = document.querySelector("#drawer-graph .js-plotly-plot");
    const drawn = plot && plot.layout && plot.querySelector(".main-svg");
    if (!drawn || !shown || plot.layout.meta !== shown.key) {
      window.requestAnimationFrame(measure);
      return;
    }
    const took = performance.now() - began;
    began = null;
    if (timing.first_ms === null) timing.first_ms = took;
    else timing.last_ms = took;
  }

  pingji.on("chart", begin);
  pingji.on("theme", () => window.requestAnimationFrame(paint));
  pingji.on("language", () => window.requestAnimationFrame(paint));
  window.setInterval(() => {
    if (thing && shown && !document.hidden) ask();
  }, REFRESH_MS + 1000);
  pingji.on("page", () => {
    const idle = window.requestIdleCallback || ((act) => window.setTimeout(act, 500));
    window.setTimeout(() => idle(warm), IDLE_MS);
  });
  pingji.chart = { timing: timing, span: () => span, shown: () => shown };
})();
