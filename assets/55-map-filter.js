/* Which cases are shown: district, class, stage, source, unit, overdue only; kept in the address.
 *
 * What does not change with time is one bit of a case's state, set when its row arrives or the
 * filter changes, so that a repaint costs no more with a filter than without. */
(function () {
  "use strict";

  const pingji = window.pingji;
  const model = pingji.model;
  const HIDDEN = 8;
  const NAMES = ["district", "class", "stage", "source", "unit"];
  const chosen = { overdue: false };
  let active = false;

  function districtOf(id) {
    return pingji.page.districts[id] || id || "";
  }

  const VALUE = {
    district: (row, at) => districtOf(row[at.jurisdiction]),
    class: (row, at) => pingji.classOf(row[at.kind], String(row[at.subcategory] || "")),
    stage: (row, at) => row[at.stage],
    source: (row, at) => row[at.source],
    unit: (row, at) => row[at.unit] || "",
  };

  function hides(row, at) {
    return NAMES.some((name) => chosen[name] && VALUE[name](row, at) !== chosen[name]);
  }

  function markOne(i, at) {
    const cases = model.cases;
    if (active && hides(cases.rows[i], at)) cases.state[i] |= HIDDEN;
    else cases.state[i] &= ~HIDDEN;
  }

  function markAll() {
    const at = pingji.live.topic("cases").columns;
    for (let i = 0; i < model.cases.n; i += 1) markOne(i, at);
  }

  // After the model has put the rows, which it does first.
  pingji.on("set:cases", markAll);
  pingji.on("delta:cases", (delta) => {
    if (!active) return;
    const at = pingji.live.topic("cases").columns;
    delta.upsert.forEach((row) => {
      const i = model.cases.index.get(row[0]);
      if (i !== undefined) markOne(i, at);
    });
  });

  /** Say whether the filter lets a case be seen. */
  model.shows = (i, now) =>
    (model.cases.state[i] & HIDDEN) === 0 && (!chosen.overdue || model.isOverdue(i, now));

  // ── the address ─────────────────────────────────────────────────────────────────────────────

  function readAddress() {
    const told = new URLSearchParams(window.location.hash.slice(1));
    NAMES.forEach((name) => {
      chosen[name] = told.get(name) || "";
    });
    chosen.overdue = told.get("overdue") === "1";
    active = NAMES.some((name) => chosen[name]);
  }

  function writeAddress() {
    const told = new URLSearchParams();
    NAMES.forEach((name) => chosen[name] && told.set(name, chosen[name]));
    if (chosen.overdue) told.set("overdue", "1");
    const hash = told.toString();
    const { pathname, search } = window.location;
    window.history.replaceState(window.history.state, "", pathname + search + (hash && "#" + hash));
  }

  function apply() {
    active = NAMES.some((name) => chosen[name]);
    markAll();
    writeAddress();
    show();
    pingji.emit("filter");
    pingji.emit("changed");
  }

  // ── the bar ─────────────────────────────────────────────────────────────────────────────────

  /** What there is to choose among the cases at hand, with how many of each are open. */
  function choices(name) {
    const at = pingji.live.topic("cases").columns;
    const counts = new Map();
    for (let i = 0; i < model.cases.n; i += 1) {
      if (!(model.cases.state[i] & model.OPEN)) continue;
      const value = VALUE[name](model.cases.rows[i], at);
      if (value) counts.set(value, (counts.get(value) || 0) + 1);
    }
    if (chosen[name] && !counts.has(chosen[name])) counts.set(chosen[name], 0);
    const list = Array.from(counts, ([value, n]) => ({ value, n, word: wordOf(name, value) }));
    if (name === "stage") {
      const order = Object.keys(pingji.page.codes.stage);
      return list.sort((a, b) => order.indexOf(a.value) - order.indexOf(b.value));
    }
    return list.sort((a, b) => b.n - a.n || (a.word < b.word ? -1 : 1));
  }

  function wordOf(name, value) {
    if (name === "district") return pingji.code("jurisdiction", value);
    if (name === "class") {
      const [kind, code] = value.split("/");
      const known = pingji.page.codes.category[value];
      const word = known ? pingji.code("category", value) : pingji.say("no_class", { code: code });
      return word + " · " + pingji.code("kind", kind);
    }
    return pingji.code(name, value);
  }

  /** All there is to choose, when it is about to be opened; else what is chosen is enough. */
  function fill(select, brief) {
    const name = select.dataset.filter;
    const all = pingji.make("option", "", pingji.say("filter_" + name));
    all.value = "";
    const told = brief ? [] : choices(name);
    if (brief && chosen[name]) {
      const word = wordOf(name, chosen[name]);
      const only = pingji.make("option", "", word);
      only.value = chosen[name];
      select.replaceChildren(all, only);
      select.value = chosen[name];
      select.classList.add("map__select--on");
      return;
    }
    const options = told.map(({ value, n, word }) => {
      const option = pingji.make("option", "", word + "  " + pingji.format.number(n));
      option.value = value;
      return option;
    });
    select.replaceChildren(all, ...options);
    select.value = chosen[name];
    select.classList.toggle("map__select--on", Boolean(chosen[name]));
  }

  function mount(box) {
    if (box.children.length) return;
    NAMES.forEach((name) => {
      const select = pingji.make("select", "map__select");
      select.dataset.filter = name;
      select.addEventListener("pointerdown", () => fill(select));
      select.addEventListener("focus", () => fill(select));
      select.addEventListener("change", () => {
        chosen[name] = select.value;
        apply();
      });
      box.append(select);
    });
    const overdue = pingji.make("button", "toggle");
    overdue.dataset.act = "filter-overdue";
    const clear = pingji.make("button", "button");
    clear.dataset.act = "filter-clear";
    box.append(overdue, clear);
    show();
  }

  function show() {
    const box = pingji.byId("map-filter");
    if (!box || !box.children.length) return;
    box.querySelectorAll("select").forEach((select) => {
      if (select !== document.activeElement) fill(select, true);
      select.classList.toggle("map__select--on", Boolean(chosen[select.dataset.filter]));
      if (!chosen[select.dataset.filter]) select.value = "";
      select.setAttribute("aria-label", pingji.say("filter_" + select.dataset.filter));
    });
    const overdue = box.querySelector("[data-act=filter-overdue]");
    pingji.write(overdue, pingji.say("filter_overdue"));
    overdue.setAttribute("aria-pressed", String(chosen.overdue));
    const clear = box.querySelector("[data-act=filter-clear]");
    pingji.write(clear, pingji.say("filter_clear"));
    clear.hidden = !active && !chosen.overdue;
  }

  function count() {
    const on = active || chosen.overdue;
    let text = "";
    if (on) {
      const now = pingji.live.pictureAt();
      let all = 0;
      let shown = 0;
      for (let i = 0; i < model.cases.n; i += 1) {
        if (!(model.cases.state[i] & model.OPEN)) continue;
        all += 1;
        if (model.shows(i, now)) shown += 1;
      }
      const number = pingji.format.number;
      text = pingji.say("shown_of", { n: number(shown), all: number(all) });
    }
    pingji.write(pingji.byId("map-filter-count"), text);
  }

  pingji.acts["filter-overdue"] = () => {
    chosen.overdue = !chosen.overdue;
    apply();
  };
  pingji.acts["filter-clear"] = () => {
    NAMES.forEach((name) => {
      chosen[name] = "";
    });
    chosen.overdue = false;
    apply();
  };
  pingji.acts["filter-open"] = (button) => {
    const box = pingji.byId("map-filter");
    box.hidden = !box.hidden;
    button.setAttribute("aria-expanded", String(!box.hidden));
  };

  readAddress();
  pingji.on("page", () => pingji.live.topic("cases").loaded && markAll());
  pingji.on("paint", () => {
    const box = pingji.byId("map-filter");
    if (!box || !pingji.live.topic("cases").loaded) return;
    if (!box.children.length) {
      mount(box);
      const on = active || chosen.overdue;
      box.hidden = !on;
      const button = document.querySelector("[data-act=filter-open]");
      if (button) button.setAttribute("aria-expanded", String(on));
    }
    count();
  });
  pingji.on("language", show);
  window.addEventListener("hashchange", () => {
    readAddress();
    apply();
  });
  pingji.filter = { chosen, apply };
})();
