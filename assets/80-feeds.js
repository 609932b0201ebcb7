/* The strip of feeds: state, ages and counts. Read = accepted + unchanged + rejected, in view. */
(function () {
  "use strict";

  const pingji = window.pingji;
  const STATES = ["ok", "waiting", "failed", "ended", "loading"];
  const cards = new Map();
  let list = null;

  function card(id) {
    let found = cards.get(id);
    if (found) return found;
    const make = pingji.make;
    const root = make("li", "feed");
    const parts = {
      name: make("span", "feed__name"),
      state: make("span", "feed__state"),
      ages: make("span", "feed__ages"),
      counts: make("span", "feed__counts"),
      message: make("span", "feed__message"),
    };
    const top = make("div", "feed__line");
    top.append(parts.name, parts.state);
    root.append(top, parts.ages, parts.counts, parts.message);
    found = { root: root, parts: parts };
    cards.set(id, found);
    return found;
  }

  /** City age of the newest moment that the feed told of; real age of its last word. */
  function ages(row, at, now) {
    const live = pingji.live;
    const parts = [];
    if (row[at.city_at]) {
      const seconds = (now - Date.parse(row[at.city_at])) / 1000;
      parts.push(pingji.say("data_age", { age: pingji.format.age(seconds) }));
    }
    const told = live.feeds[row[0]];
    const seconds = told && typeof told.age_s === "number" ? told.age_s + live.silence() / 1000 : null;
    if (seconds !== null) {
      parts.push(pingji.say("spoke_ago", { age: pingji.format.age(seconds) }));
    } else if (!row[at.real_at]) {
      parts.push(pingji.say("never"));
    }
    return parts.join(" · ");
  }

  function counts(row, at) {
    return ["read", "accepted", "unchanged", "rejected"]
      .map((name) => pingji.say(name) + " " + pingji.format.number(row[at[name]] || 0))
      .join(" ");
  }

  function paintCounts(element, row, at) {
    const signs = ["", " = ", " + ", " + "];
    const names = ["read", "accepted", "unchanged", "rejected"];
    if (element.children.length !== names.length) {
      element.textContent = "";
      names.forEach((name) => {
        const part = pingji.make("span", "feed__count feed__count--" + name);
        element.append(part);
      });
    }
    names.forEach((name, n) => {
      const value = pingji.format.number(row[at[name]] || 0);
      pingji.write(element.children[n], signs[n] + pingji.say(name) + " " + value);
    });
    element.classList.toggle("feed__counts--rejects", (row[at.rejected] || 0) > 0);
    element.setAttribute("aria-label", counts(row, at));
  }

  function paint() {
    const found = pingji.byId("feeds-list");
    const topic = pingji.live.topic("feeds");
    if (!found || !topic.loaded) return;
    if (found !== list) {
      list = found;
      list.textContent = "";
      cards.clear();
    }
    const now = pingji.live.pictureAt();
    const at = topic.columns;
    const ids = Array.from(topic.rows.keys()).sort();
    cards.forEach((entry, id) => {
      if (topic.rows.has(id)) return;
      entry.root.remove();
      cards.delete(id);
    });
    ids.forEach((id, n) => {
      const row = topic.rows.get(id);
      const entry = card(id);
      const state = STATES.indexOf(row[at.state]) < 0 ? "failed" : row[at.state];
      entry.root.className = "feed feed--" + state;
      pingji.write(entry.parts.name, row[at.name]);
      pingji.write(entry.parts.state, pingji.say("feed_" + state));
      pingji.write(entry.parts.ages, now === null ? "" : ages(row, at, now));
      paintCounts(entry.parts.counts, row, at);
      pingji.write(entry.parts.message, row[at.message] || "");
      if (list.children[n] !== entry.root) list.insertBefore(entry.root, list.children[n] || null);
    });
    list.dataset.empty = ids.length ? "" : pingji.say("no_feeds");
  }

  pingji.on("paint", paint);
})();
