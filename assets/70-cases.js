/* The queue beside the map: the latest cases, or those overdue longest.
 *
 * Rows keep their elements, so that nothing jumps or loses focus; while a pointer or the focus is
 * in the list its order stands still and only what the rows say changes. */
(function () {
  "use strict";

  const pingji = window.pingji;
  const model = pingji.model;
  const MOST = 60;
  const ANEW_MS = 1000; // what a row says of a time goes on
  const DAYS_FROM = 4; // what is due later is told in days; lateness is always told in hours

  let view = "latest";
  let selected = null;
  let shown = []; // ids in order
  let total = 0;
  let list = null;
  const elements = new Map();

  /** The first MOST of all cases that `take` says, by descending `weight`. */
  function first(take, weight) {
    const best = [];
    let least = -Infinity;
    let count = 0;
    for (let i = 0; i < model.cases.n; i += 1) {
      if (!take(i)) continue;
      count += 1;
      const w = weight(i);
      if (best.length === MOST && w <= least) continue;
      let at = best.length;
      while (at > 0 && best[at - 1].w < w) at -= 1;
      best.splice(at, 0, { w: w, id: model.cases.ids[i] });
      if (best.length > MOST) best.pop();
      least = best[best.length - 1].w;
    }
    total = count;
    return best.map((entry) => entry.id);
  }

  function choose(now) {
    const cases = model.cases;
    if (view === "emergency") {
      return first(
        (i) => !Number.isNaN(model.pastEmergency(i, now)) && model.shows(i, now),
        (i) => model.pastEmergency(i, now),
      );
    }
    if (view === "overdue") {
      return first(
        (i) => model.isOverdue(i, now) && model.shows(i, now),
        (i) => now - cases.due[i],
      );
    }
    return first(
      (i) => model.shows(i, now),
      (i) => cases.reported[i] || 0, // whose moment is not known comes last
    );
  }

  function word(kind, code) {
    const key = kind + "/" + code;
    if (pingji.page.codes.category[key]) return pingji.code("category", key);
    return pingji.say("no_class", { code: code });
  }

  /** The district of a jurisdiction's id: the list's place for "where". */
  function where(id) {
    if (!id) return pingji.say("no_place");
    return pingji.code("jurisdiction", pingji.page.districts[id] || id);
  }

  /** The district and, where it is another, the jurisdiction itself. */
  function place(id) {
    const own = id ? pingji.code("jurisdiction", id) : "";
    const district = where(id);
    return !own || own === district ? district : district + " · " + own;
  }

  function lateness(i, row, at, now) {
    const due = model.cases.due[i];
    if (model.isOverdue(i, now)) {
      return ["overdue", pingji.say("overdue_by", { n: pingji.format.hours(now - due) })];
    }
    const counts = model.cases.state[i] & model.WITH_UNIT && !Number.isNaN(due);
    if (counts) {
      const days = Math.floor((due - now) / 86400000);
      if (days >= DAYS_FROM) return ["due", pingji.say("due_in_days", { n: days })];
      return ["due", pingji.say("due_in", { n: pingji.format.hours(due - now) })];
    }
    return ["none", ""];
  }

  /** Its 应急时限, judged beside the ordinary deadline: ["over" or "runs", words], or null. */
  function emergency(i, now) {
    const past = model.pastEmergency(i, now);
    if (Number.isNaN(past)) return null;
    const key = past > 0 ? "emergency_over" : "emergency_left";
    const words = pingji.say(key, { n: pingji.format.hours(Math.abs(past)) });
    return [past > 0 ? "over" : "runs", words];
  }

  pingji.describeCase = (id, now) => {
    const i = model.cases.index.get(id);
    if (i === undefined) return [id];
    const row = model.cases.rows[i];
    const at = pingji.live.topic("cases").columns;
    const lines = [
      word(row[at.kind], row[at.subcategory]),
      id + " · " + pingji.code("stage", row[at.stage]) + " · " + where(row[at.jurisdiction]),
    ];
    const late = lateness(i, row, at, now)[1];
    if (late) lines.push(late);
    const urgent = emergency(i, now);
    if (urgent) lines.push(urgent[1]);
    return lines;
  };

  function element(id) {
    let found = elements.get(id);
    if (found) return found;
    const make = pingji.make;
    const root = make("li", "case");
    root.id = "case-" + id;
    root.setAttribute("role", "option");
    const parts = {
      lamp: pingji.lamp.element(),
      name: make("span", "case__class"),
      late: make("span", "case__late"),
      emergency: make("span", "case__emergency"),
      id: make("span", "case__id", id),
      stage: make("span", "case__stage"),
      where: make("span", "case__where"),
      time: make("span", "case__time"),
    };
    const top = make("div", "case__line");
    top.append(parts.lamp, parts.name, parts.emergency, parts.late);
    const foot = make("div", "case__line case__line--foot");
    foot.append(parts.stage, parts.where, parts.id, parts.time);
    root.append(top, foot);
    root.addEventListener("click", () => pingji.emit("select", { id: id, from: "list" }));
    found = { root: root, parts: parts, row: undefined, at: 0, language: null };
    elements.set(id, found);
    return found;
  }

  function fill(id, now) {
    const i = model.cases.index.get(id);
    const entry = element(id);
    const gone = i === undefined;
    entry.row = gone ? null : model.cases.rows[i];
    entry.at = performance.now();
    entry.language = pingji.language;
    entry.root.classList.toggle("case--gone", gone);
    entry.root.setAttribute("aria-selected", String(id === selected));
    if (gone) return;
    const row = model.cases.rows[i];
    const at = pingji.live.topic("cases").columns;
    const write = pingji.write;
    write(entry.parts.name, word(row[at.kind], row[at.subcategory]));
    write(entry.parts.stage, pingji.code("stage", row[at.stage]));
    write(entry.parts.where, where(row[at.jurisdiction]));
    write(entry.parts.time, pingji.format.moment(model.cases.reported[i]));
    const late = lateness(i, row, at, now);
    const desk = late[1] ? "" : pingji.lamp.lateWords(row, at, now);
    write(entry.parts.late, late[1] || desk);
    entry.parts.late.classList.toggle("case__late--desk", desk !== "");
    const urgent = emergency(i, now);
    entry.parts.emergency.hidden = !urgent;
    write(entry.parts.emergency, urgent ? urgent[1] : "");
    entry.parts.emergency.classList.toggle("case__emergency--over", urgent !== null && urgent[0] === "over");
    pingji.lamp.show(entry.parts.lamp, pingji.lamp.of(row, at, now));
    entry.root.classList.toggle("case--overdue", late[0] === "overdue");
    entry.root.classList.toggle("case--suspended", pingji.lamp.of(row, at, now) === "grey");
  }

  /** Whether a row says something old: its case changed, or a while has gone by. */
  function stale(id, soon) {
    const entry = element(id);
    const i = model.cases.index.get(id);
    const row = i === undefined ? null : model.cases.rows[i];
    return entry.row !== row || entry.at < soon || entry.language !== pingji.language;
  }

  function held() {
    return list.matches(":hover") || document.activeElement === list;
  }

  function paint() {
    const found = pingji.byId("cases-list");
    if (!found || !pingji.live.topic("cases").loaded) return;
    if (found !== list) mount(found);
    const now = pingji.live.pictureAt();
    if (now === null) return;
    const order = choose(now);
    if (!held() || !shown.length) shown = order;
    arrange();
    const soon = performance.now() - ANEW_MS;
    shown.forEach((id) => stale(id, soon) && fill(id, now));
    choice(now);
    const count = pingji.say("shown_of", {
      n: pingji.format.number(shown.length),
      all: pingji.format.number(total),
    });
    pingji.write(pingji.byId("cases-count"), count);
    if (selected !== null) list.setAttribute("aria-activedescendant", "case-" + selected);
  }

  /** The list of 应急时限 is offered while there are any, and says how many are past theirs. */
  function choice(now) {
    const button = document.querySelector('[data-act="cases-view"][data-view="emergency"]');
    let any = false;
    let over = 0;
    for (let i = 0; i < model.cases.n; i += 1) {
      const past = model.pastEmergency(i, now);
      if (Number.isNaN(past)) continue;
      any = true;
      if (past > 0 && model.shows(i, now)) over += 1;
    }
    button.hidden = !any && view !== "emergency";
    const word = pingji.say("emergency");
    pingji.write(button, over ? word + " " + pingji.format.number(over) : word);
    button.title = over ? pingji.say("emergency_count", { n: pingji.format.number(over) }) : "";
  }

  function arrange() {
    const keep = new Set(shown);
    elements.forEach((entry, id) => {
      if (keep.has(id)) return;
      entry.root.remove();
      elements.delete(id);
    });
    shown.forEach((id, n) => {
      const root = element(id).root;
      if (list.children[n] !== root) list.insertBefore(root, list.children[n] || null);
    });
    const word = { overdue: "no_overdue", emergency: "no_emergency" }[view] || "no_cases";
    list.dataset.empty = shown.length ? "" : pingji.say(word);
  }

  function mount(found) {
    list = found;
    list.textContent = "";
    elements.clear();
    shown = [];
    list.addEventListener("keydown", (event) => {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step) {
        const at = shown.indexOf(selected);
        const next = shown[Math.max(0, Math.min(shown.length - 1, at < 0 ? 0 : at + step))];
        if (next) pingji.emit("select", { id: next, from: "list" });
        event.preventDefault();
      } else if (event.key === "Escape") {
        pingji.emit("select", null);
      }
    });
  }

  pingji.on("select", (choice) => {
    selected = choice ? choice.id : null;
    if (list) {
      elements.forEach((entry, id) => {
        entry.root.setAttribute("aria-selected", String(id === selected));
      });
      const entry = elements.get(selected);
      if (entry) entry.root.scrollIntoView({ block: "nearest" });
    }
    pingji.emit("selected", selected);
  });

  pingji.acts["cases-view"] = (button) => {
    view = button.dataset.view;
    shown = [];
    document.querySelectorAll("[data-act=cases-view]").forEach((other) => {
      other.setAttribute("aria-pressed", String(other === button));
    });
    changed();
    pingji.emit("changed");
  };

  pingji.on("filter", () => {
    shown = [];
  });
  const changed = pingji.paintOn(["set:cases", "delta:cases", "alerts", "select"], paint);
  pingji.caseWords = { word: word, place: place, lateness: lateness, emergency: emergency };
})();
