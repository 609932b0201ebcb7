/* The leader's tablet: three worst things by clear rules, and a page a district to swipe to.
 * What it shows of an emergency beside them is in 68-tablet-emergency.js.
 *
 * Worst case: the longest past its due moment without an answer. Worst river: the highest against
 * its warning level. Worst feed: a failed one first, then the one that was silent longest.
 *
 * The pages add up to the city: cases that lie in no district have the last one, once there are. */
(function () {
  "use strict";

  const pingji = window.pingji;
  const model = pingji.model;
  const RIVERS_MOST = 3;
  const NOWHERE = "nowhere"; // names the page of what lies in no district
  const places = {}; // worst thing → {lon, lat} to show on the map
  const made = new Map(); // district, null for none → {page, tab, parts}
  let root = null;
  let chosen = "city";

  /** Of a district, null for what lies in none; without one of the whole city. */
  function worstCase(now, district) {
    const at = pingji.live.topic("cases").columns;
    const cases = model.cases;
    let worst = -1;
    for (let i = 0; i < cases.n; i += 1) {
      if (!model.isOverdue(i, now)) continue;
      if (district !== undefined && districtAt(i, at) !== district) continue;
      if (worst < 0 || cases.due[i] < cases.due[worst]) worst = i;
    }
    if (worst < 0) return null;
    const row = cases.rows[worst];
    const code = row[at.kind] + "/" + row[at.subcategory];
    const known = pingji.page.codes.category[code];
    return {
      what: known ? pingji.code("category", code) : pingji.say("no_class", { code: row[at.subcategory] }),
      where: placeOf(row[at.jurisdiction]),
      how: pingji.say("overdue_for", {
        age: pingji.format.age((now - cases.due[worst]) / 1000),
      }),
      why: pingji.say("why_case", { time: pingji.format.moment(cases.due[worst]) }),
      place: pingji.tablet.spot(row[at.lon], row[at.lat], "case", row[0]),
    };
  }

  function districtAt(i, at) {
    return pingji.cityData.districtOf(model.cases.rows[i][at.jurisdiction]);
  }

  function placeOf(id) {
    if (!id) return pingji.say("no_place");
    const district = pingji.cityData.districtOf(id);
    const names = district && district !== id ? [district, id] : [id];
    return names.map((name) => pingji.code("jurisdiction", name)).join(" ");
  }

  function worstRiver(now) {
    const worst = pingji.cityData.rivers(now, pingji.drill.stations())[0];
    if (!worst) return null;
    const over = worst.line !== null;
    return {
      what: worst.name,
      where: placeOf(worst.jurisdiction),
      how: pingji.cityData.gap(worst),
      why: pingji.say("why_river", {
        value: worst.value.toFixed(2),
        line: worst.warning.toFixed(2),
      }),
      line: over ? worst.line : "",
      place: pingji.tablet.spot(worst.lon, worst.lat, "station", worst.id),
    };
  }

  function worstFeed() {
    const at = pingji.live.topic("feeds").columns;
    let worst = null;
    pingji.cityData.feeds().forEach((feed) => {
      const failed = feed.state === "failed";
      if (feed.state === "ended") return;
      const silence = feed.age === null ? 1e9 : feed.age;
      const rank = (failed ? 1e12 : 0) + (feed.silent ? 1e11 : 0) + silence;
      if (!worst || rank > worst.rank) worst = Object.assign({ failed, rank }, feed);
    });
    if (!worst) return null;
    const state = worst.failed ? pingji.say("feed_failed") + " · " : "";
    const age = worst.age === null ? "" : pingji.format.age(worst.age);
    const word = worst.age === null ? "never" : worst.silent || worst.failed ? "silent_for" : "spoke_ago";
    const last = worst.row[at.real_at];
    return {
      what: worst.name,
      where: "",
      how: state + pingji.say(word, { age: age }),
      why: last ? pingji.say("why_feed", { time: pingji.format.time(Date.parse(last)) }) : "",
      failed: worst.failed || worst.silent,
      place: null,
    };
  }

  const RULES = {
    case: { find: worstCase, none: "none_overdue", topic: "cases" },
    river: { find: worstRiver, none: "none_river", topic: "readings" },
    feed: { find: worstFeed, none: "none_feed", topic: "feeds" },
    over: { find: worstRiver, none: "none_river", topic: "readings" },
    place: { find: pingji.tablet.worstPlace, none: "none_ponding", topic: "places" },
    danger: { find: pingji.tablet.worstDanger, none: "none_danger", topic: "alerts" },
  };

  function paintWorst(now) {
    Object.keys(RULES).forEach((key) => {
      const rule = RULES[key];
      const button = document.querySelector("[data-worst=" + key + "]");
      if (!button || !pingji.live.topic(rule.topic).loaded) return;
      const found = rule.find(now);
      const [, what, how, why] = button.children;
      places[key] = found && found.place;
      button.disabled = !places[key];
      button.dataset.level = found ? level(key, found) : "";
      pingji.write(what, found ? [found.what, found.where].filter(Boolean).join(" · ") : "");
      pingji.write(how, found ? found.how : pingji.say(rule.none));
      pingji.write(why, found ? found.why : "");
    });
  }

  function level(key, found) {
    if (key === "case") return "late";
    if (found.line !== undefined) return found.line;
    return found.look || (found.failed ? "failed" : "");
  }

  /* Districts: a page each, made when first known. */

  function district(id) {
    const make = pingji.make;
    const page = make("section", "tablet__page tablet__page--district");
    page.dataset.page = keyOf(id);
    const parts = { title: make("h2", "tablet__district") };
    const figures = make("div", "tablet__figures");
    ["overdue", "filed", "rate"].forEach((name) => {
      const box = make("div", "figure tablet__figure");
      parts[name + "-label"] = make("div", "tablet__label");
      const line = make("div", "tablet__line");
      parts[name] = make("span", "tablet__value");
      parts[name + "-unit"] = make("span", "tablet__unit");
      line.append(parts[name], parts[name + "-unit"]);
      box.append(parts[name + "-label"], line);
      figures.append(box);
      parts[name + "-note"] = make("div", "tablet__note");
      box.append(parts[name + "-note"]);
      parts[name + "-box"] = box;
    });
    parts["overdue-box"].classList.add("figure--lateness");
    parts["rate-box"].classList.add("figure--whole");
    if (id === null) parts["rate-box"].remove(); // a rate is a district's
    parts.worst = make("div", "worst__button worst__button--still");
    ["title", "what", "how", "why"].forEach((name) => {
      parts.worst.append(make("span", "worst__" + name));
    });
    parts.rivers = make("ul", "tablet__rivers");
    page.append(parts.title, figures, parts.worst, parts.rivers);
    const tab = tabOf(id);
    return { page: page, tab: tab, parts: parts };
  }

  function keyOf(id) {
    return id === null ? NOWHERE : id;
  }

  function tabOf(id) {
    const tab = pingji.make("button", "tablet__tab");
    tab.type = "button";
    tab.dataset.act = "tablet-page";
    tab.dataset.to = keyOf(id);
    return tab;
  }

  function paintDistricts(now) {
    const pages = pingji.byId("tablet-pages");
    const tabs = pingji.byId("tablet-tabs");
    if (!pingji.live.topic("cases").loaded) return;
    const today = todayIn(now);
    const order = inOrder(pingji.cityData.byDistrict(now), today);
    if (!tabs.children.length) tabs.append(tabOf("city"));
    pingji.write(tabs.firstChild, pingji.say("whole_city"));
    order.forEach((entry) => {
      if (!made.has(entry.id)) {
        const fresh = district(entry.id);
        made.set(entry.id, fresh);
        pages.append(fresh.page);
        tabs.append(fresh.tab);
      }
      fill(made.get(entry.id), entry, today.get(entry.id) || { filed: 0, closed: 0 }, now);
    });
    showTab();
  }

  /** The districts by their ids, as pages stay where they are; what lies in none last. */
  function inOrder(found, today) {
    const all = Array.from(found.values()).filter((entry) => entry.id !== null);
    all.sort((a, b) => (a.id < b.id ? -1 : 1));
    const nowhere = found.get(null);
    if (nowhere || today.has(null) || made.has(null)) {
      all.push(nowhere || { id: null, open: 0, late: 0 });
    }
    return all;
  }

  function todayIn(now) {
    const at = pingji.live.topic("cases").columns;
    const cases = model.cases;
    const start = pingji.format.dayStart(now);
    const found = new Map();
    for (let i = 0; i < cases.n; i += 1) {
      const filed = cases.filed[i] >= start && cases.filed[i] <= now;
      const closed =
        (cases.state[i] & model.CLOSED) !== 0 && cases.stageAt[i] >= start && cases.stageAt[i] <= now;
      if (!filed && !closed) continue;
      const id = districtAt(i, at);
      const entry = found.get(id) || { filed: 0, closed: 0 };
      if (filed) entry.filed += 1;
      if (closed) entry.closed += 1;
      found.set(id, entry);
    }
    return found;
  }

  function fill(mine, entry, today, now) {
    const { parts, tab } = mine;
    const number = pingji.format.number;
    const name = entry.id === null ? pingji.say("no_district") : pingji.code("jurisdiction", entry.id);
    pingji.write(parts.title, name);
    pingji.write(tab, name);
    tab.classList.toggle("tablet__tab--late", entry.late > 0);
    const timely = pingji.timely.of(entry.id);
    const words = { overdue: pingji.say("overdue_cases"), filed: pingji.say("filed_closed_today") };
    words.rate = pingji.timely.label(timely);
    Object.keys(words).forEach((key) => {
      pingji.write(parts[key + "-label"], words[key]);
      pingji.write(parts[key + "-unit"], key === "rate" ? "" : pingji.say("cases_unit"));
    });
    pingji.write(parts.overdue, number(entry.late));
    parts["overdue-box"].classList.toggle("figure--raised", entry.late > 0);
    pingji.write(parts.filed, number(today.filed) + " / " + number(today.closed));
    const open = pingji.say("open_cases") + " " + number(entry.open) + " " + pingji.say("cases_unit");
    pingji.write(parts["overdue-note"], open);
    pingji.write(parts.rate, pingji.timely.percent(timely && timely.rate, "%"));
    pingji.write(parts["rate-note"], pingji.timely.note(timely));
    if (keyOf(entry.id) !== chosen && !near(mine.page)) return; // what nobody sees is painted when swiped to
    const worst = worstCase(now, entry.id);
    const [title, what, how, why] = parts.worst.children;
    parts.worst.dataset.level = worst ? "late" : "";
    pingji.write(title, pingji.say("worst_case"));
    pingji.write(what, worst ? [worst.what, worst.where].join(" · ") : "");
    pingji.write(how, worst ? worst.how : pingji.say("none_overdue"));
    pingji.write(why, worst ? worst.why : "");
    fillRivers(parts.rivers, entry.id, now);
  }

  function fillRivers(list, id, now) {
    const mine = pingji.cityData
      .rivers(now, pingji.drill.stations())
      .filter((river) => pingji.cityData.districtOf(river.jurisdiction) === id)
      .slice(0, RIVERS_MOST);
    while (list.children.length > Math.max(1, mine.length)) list.lastChild.remove();
    while (list.children.length < Math.max(1, mine.length)) {
      const row = pingji.make("li", "tablet__river");
      ["name", "value", "gap"].forEach((part) => {
        row.append(pingji.make("span", "tablet__river-" + part));
      });
      list.append(row);
    }
    if (!mine.length) {
      pingji.write(list.firstChild.children[0], pingji.say("none_river"));
      pingji.write(list.firstChild.children[1], "");
      pingji.write(list.firstChild.children[2], "");
      list.firstChild.dataset.line = "";
      return;
    }
    mine.forEach((river, i) => {
      const cells = list.children[i].children;
      list.children[i].dataset.line = river.line || "";
      pingji.write(cells[0], river.name);
      pingji.write(cells[1], river.value.toFixed(2) + " m");
      pingji.write(cells[2], pingji.cityData.gap(river));
    });
  }

  function near(page) {
    const frame = root.getBoundingClientRect();
    const box = page.getBoundingClientRect();
    return box.right > frame.left - frame.width && box.left < frame.right + frame.width;
  }

  function showTab() {
    document.querySelectorAll(".tablet__tab").forEach((tab) => {
      const here = tab.dataset.to === chosen;
      if (here) tab.setAttribute("aria-current", "page");
      else tab.removeAttribute("aria-current");
    });
  }

  function swiped() {
    const pages = pingji.byId("tablet-pages");
    const index = Math.round(pages.scrollLeft / Math.max(1, pages.clientWidth));
    const page = pages.children[index];
    if (!page || page.dataset.page === chosen) return;
    chosen = page.dataset.page;
    showTab();
    const tab = document.querySelector(".tablet__tab[aria-current]");
    if (tab) tab.parentElement.scrollLeft = tab.offsetLeft - tab.parentElement.clientWidth / 2;
    pingji.announce(pingji.say(chosen === "city" ? "whole_city" : "jurisdiction") + " " + tab.textContent);
    paint();
  }

  function attach() {
    const found = pingji.byId("tablet");
    if (found === root) return;
    root = found;
    made.clear();
    chosen = "city";
    if (!root) return;
    pingji.byId("tablet-pages").addEventListener("scroll", swiped, { passive: true });
  }

  function paint() {
    attach();
    if (!root) return;
    const now = pingji.live.pictureAt();
    if (now === null) return;
    paintWorst(now);
    paintDistricts(now);
  }

  pingji.acts["tablet-page"] = (button) => {
    const page = document.querySelector('[data-page="' + button.dataset.to + '"]');
    const pages = pingji.byId("tablet-pages");
    if (page) pages.scrollTo({ left: page.offsetLeft, behavior: "smooth" });
  };

  pingji.acts["tablet-worst"] = (button) => {
    const place = places[button.dataset.worst];
    if (!place || !pingji.map) return;
    pingji.map.moved = true;
    pingji.map.map.setView([place.lat, place.lon], 14);
    pingji.emit("open", { kind: place.kind, id: place.id, from: "list" });
  };

  pingji.on("paint", paint);
})();
