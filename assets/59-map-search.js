/* One box that finds anything of the city by number or name, and flies to it.
 *
 * Names are looked through here, in the working sets; texts of cases by the server. A name that
 * holds the words comes first; then names that share most pairs of characters with them, so that
 * a slip or another order still finds (Chinese has no spaces to split at). */
(function () {
  "use strict";

  const pingji = window.pingji;
  const model = pingji.model;
  const WAIT_MS = 160;
  const EACH = 6; // of one kind
  const MOST = 24;
  const ALIKE = 0.6; // share of pairs
  const CLOSE_ZOOM = 15;
  const KINDS = [
    ["places", "place"],
    ["stations", "station"],
    ["cameras", "camera"],
    ["responders", "responder"],
  ];

  let input = null;
  let list = null;
  let found = []; // {kind, id, name, more}
  let active = -1;
  let round = 0;
  let timer = null;
  let settled = false; // something was chosen, and nothing typed since

  function pairs(text) {
    const made = new Set();
    for (let n = 0; n + 1 < text.length; n += 1) made.add(text.slice(n, n + 2));
    return Array.from(made);
  }

  /** How well a name answers: 4 is it, 3 begins with, 2 holds, below 1 the share of pairs, 0 not at all. */
  function weigh(name, id, words, grams) {
    const at = name.indexOf(words);
    if (name === words || id === words) return 4;
    if (at === 0) return 3;
    if (at > 0) return 2;
    if (id.indexOf(words) >= 0) return 1.5;
    if (grams.length < 2) return 0;
    let shared = 0;
    grams.forEach((gram) => {
      if (name.indexOf(gram) >= 0) shared += 1;
    });
    const share = shared / grams.length;
    return share >= ALIKE ? share : 0;
  }

  function near(topic, kind, words, grams) {
    const rows = pingji.live.topic(topic);
    const at = rows.columns.name;
    const best = [];
    rows.rows.forEach((row, id) => {
      const weight = weigh(String(row[at] || "").toLowerCase(), id.toLowerCase(), words, grams);
      if (weight) best.push({ weight, kind, id, name: row[at] });
    });
    best.sort((a, b) => b.weight - a.weight || (a.name < b.name ? -1 : 1));
    return best.slice(0, EACH);
  }

  function nearCases(words) {
    const best = [];
    const ids = model.cases.ids;
    for (let i = 0; i < ids.length && best.length < EACH; i += 1) {
      if (ids[i].toLowerCase().indexOf(words) >= 0) best.push(caseItem(ids[i], ""));
    }
    return best;
  }

  function caseItem(id, text) {
    const said = pingji.describeCase(id, pingji.live.pictureAt());
    return { weight: 2, kind: "case", id, name: said[0], more: text || said.slice(1).join(" · ") };
  }

  /** A case by the server's word; one that ended long ago is in no working set. */
  function serverItem(item, text) {
    if (model.cases.index.has(item.id)) return caseItem(item.id, text);
    if (item.drill) {
      const said = pingji.describe({ kind: "case", id: item.id });
      return { weight: 0, kind: "case", id: item.id, name: said[0], more: text, drill: true };
    }
    const time = item.ended_at || item.reported_at;
    const ended = pingji.say("find_ended", { time: pingji.format.moment(Date.parse(time)) });
    const words = pingji.code("category", item.kind + "/" + item.subcategory);
    const at = item.lon === null || item.lon === undefined ? null : [item.lon, item.lat];
    const more = [ended, text].filter(Boolean).join(" · ");
    return { weight: 1, kind: "case", id: item.id, name: words + " · " + item.id, more, at };
  }

  function look() {
    const words = input.value.trim().toLowerCase();
    round += 1;
    if (!words) {
      show(pingji.findMore.lists());
      return;
    }
    const grams = pairs(words);
    let all = nearCases(words).concat(pingji.findMore.all(words));
    KINDS.forEach(([topic, kind]) => {
      all = all.concat(near(topic, kind, words, grams));
    });
    show(all.sort((a, b) => b.weight - a.weight).slice(0, MOST));
    if (words.length >= 2) ask(input.value.trim(), round);
  }

  /** Addresses and descriptions: the server's word, added behind what is already there. */
  function ask(words, mine) {
    window
      .fetch("/api/v1/search?" + new URLSearchParams({ q: words, topics: "cases" }), {
        credentials: "same-origin",
      })
      .then((answer) => (answer.ok ? answer.json() : { items: [] }))
      .then((told) => {
        if (mine !== round) return;
        const known = new Set(found.filter((item) => item.kind === "case").map((item) => item.id));
        const more = told.items
          .filter((item) => !known.has(item.id))
          .map((item) => {
            const text = String(item.address || "").indexOf(words) >= 0 ? item.address : null;
            return serverItem(item, text || item.description || item.address);
          });
        show(found.concat(more).slice(0, MOST + EACH));
      })
      .catch(() => {});
  }

  function show(items) {
    const kept = active >= 0 ? found[active] : null;
    found = items;
    active = kept ? found.findIndex((i) => i.kind === kept.kind && i.id === kept.id) : -1;
    list.textContent = "";
    found.forEach((item, n) => list.append(row(item, n)));
    if (!found.length) {
      list.append(pingji.make("li", "find__none", pingji.say("find_none")));
    }
    open(true);
    point();
  }

  function row(item, n) {
    const line = pingji.make("li", "find__row");
    line.id = "find-" + n;
    line.classList.toggle("find__row--drill", item.drill === true);
    line.setAttribute("role", "option");
    const text = pingji.make("span", "find__text");
    const own = item.kind === "spot" || item.kind === "list";
    const more =
      item.more || own
        ? item.more
        : pingji.describe({ kind: item.kind, id: item.id }).slice(1, 2).join(" · ");
    text.append(
      pingji.make("span", "find__name", item.name),
      pingji.make("span", "find__more", more),
    );
    line.append(pingji.make("span", "swatch swatch--" + lookOf(item)), text);
    line.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      choose(n);
    });
    return line;
  }

  /** A station is shown with the sign of its layer. */
  function lookOf(item) {
    if (item.look) return item.look;
    if (item.kind !== "station") return item.kind;
    const rows = pingji.live.topic("stations");
    const row = pingji.live.row("stations", item.id);
    return (row && pingji.layerOfStation(row[rows.columns.kind])) || item.kind;
  }

  function open(on) {
    if (on && settled) return; // an answer that comes after the choice opens nothing
    list.hidden = !on;
    input.setAttribute("aria-expanded", String(on));
  }

  function close() {
    found = [];
    active = -1;
    open(false);
    input.removeAttribute("aria-activedescendant");
  }

  function point() {
    Array.from(list.children).forEach((line, n) => {
      line.setAttribute("aria-selected", String(n === active));
      if (n === active) line.scrollIntoView({ block: "nearest" });
    });
    if (active >= 0) input.setAttribute("aria-activedescendant", "find-" + active);
    else input.removeAttribute("aria-activedescendant");
  }

  function choose(n) {
    const item = found[n];
    if (!item) return;
    window.clearTimeout(timer);
    settled = true;
    close();
    fly(item);
    pingji.emit("open", { kind: item.kind, id: item.id, from: "search" });
  }

  /** Bring a thing into the middle, near enough to see what is about it. */
  function fly(item) {
    const points = { case: "cases", station: "stations", camera: "cameras" }[item.kind];
    const held = model[points || item.kind + "s"];
    const i = held ? held.index.get(item.id) : undefined;
    const mine = pingji.map;
    const known = i !== undefined && !Number.isNaN(held.x[i]);
    if (!mine || !(known || item.at)) return;
    mine.moved = true;
    const place = known
      ? mine.map.unproject(window.L.point(held.x[i] * 256, held.y[i] * 256), 0)
      : [item.at[1], item.at[0]];
    const zoom = Math.max(mine.map.getZoom(), CLOSE_ZOOM);
    const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    mine.map.setView(place, zoom, { animate: !still });
    if (known && mine.layer.pulse) mine.layer.pulse(held, item.id, true);
  }

  function key(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && found.length) {
      active = (active + step + found.length) % found.length;
      point();
    } else if (event.key === "Enter") {
      choose(Math.max(0, active));
    } else if (event.key === "Escape") {
      if (list.hidden) input.value = "";
      close();
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  function mount() {
    const box = pingji.byId("map-find");
    if (!box || box.children.length) return;
    input = pingji.make("input", "find__input");
    input.type = "search";
    input.autocomplete = "off";
    input.spellcheck = false;
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-controls", "map-find-list");
    input.setAttribute("aria-autocomplete", "list");
    list = pingji.make("ul", "find__list panel");
    list.id = "map-find-list";
    list.setAttribute("role", "listbox");
    box.append(input, list);
    open(false);
    input.addEventListener("input", () => {
      settled = false;
      window.clearTimeout(timer);
      timer = window.setTimeout(look, WAIT_MS);
    });
    input.addEventListener("keydown", key);
    input.addEventListener("blur", () => window.setTimeout(() => open(false), 120));
    input.addEventListener("focus", () => {
      settled = false;
      pingji.findMore.load();
      if (found.length && input.value.trim()) open(true);
      else look();
    });
    say();
  }

  function say() {
    if (!input) return;
    input.placeholder = pingji.say("find_hint");
    input.setAttribute("aria-label", pingji.say("find"));
  }

  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || !input || !input.isConnected) return;
    if (/^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName)) return;
    input.focus();
    event.preventDefault();
  });
  pingji.on("paint", mount);
  pingji.on("language", say);
})();
