/* The strip of feeds: state, ages and counts. Read = accepted + unchanged + rejected, in view. */
(function () {
  "use strict";

  const pingji = window.pingji;
  const STATES = ["ok", "silent", "waiting", "failed", "ended", "loading", "unwatched"];
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
  function ages(feed, at, now) {
    const { row, age, silent } = feed;
    const parts = [];
    if (row[at.city_at]) {
      const seconds = (now - Date.parse(row[at.city_at])) / 1000;
      parts.push(pingji.say("data_age", { age: pingji.format.age(seconds) }));
    }
    if (age !== null) {
      const word = silent ? "silent_for" : "spoke_ago";
      parts.push(pingji.say(word, { age: pingji.format.age(age) }));
      if (silent) {
        const within = pingji.format.age(row[at.expect_s]);
        parts.push(pingji.say("expected_each", { age: within }));
      }
    } else if (!row[at.real_at]) {
      parts.push(pingji.say("never"));
    }
    if (feed.unwatched) parts.push(pingji.say("expect_none"));
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

  /** Beside the title: how many are well or not, and how many files were brought in. */
  function said(feeds) {
    const bad = feeds.filter((feed) => !feed.well).length;
    const files = pingji.cityData.imported();
    const parts = [];
    const number = pingji.format.number;
    const untold = feeds.filter((feed) => feed.unwatched).length;
    const going = feeds.filter((feed) => !feed.ended).length - untold;
    if (bad) parts.push(pingji.say("feeds_bad", { n: number(bad) }));
    else if (going) parts.push(pingji.say("feeds_fine", { n: number(going) }));
    if (untold) parts.push(pingji.say("feeds_unwatched", { n: number(untold) }));
    if (files) parts.push(pingji.say("feeds_imported", { n: pingji.format.number(files) }));
    const element = pingji.byId("feeds-said");
    pingji.write(element, parts.join(" · "));
    element.classList.toggle("feeds__said--bad", bad > 0);
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
    const feeds = pingji.cityData.feeds();
    const ids = new Set(feeds.map((feed) => feed.id));
    cards.forEach((entry, id) => {
      if (ids.has(id)) return;
      entry.root.remove();
      cards.delete(id);
    });
    feeds.forEach((feed, n) => {
      const row = feed.row;
      const entry = card(feed.id);
      const told = feed.unwatched && feed.state === "ok" ? "unwatched" : feed.state;
      const state = STATES.indexOf(told) < 0 ? "failed" : told;
      entry.root.className = "feed feed--" + state;
      pingji.write(entry.parts.name, feed.name);
      pingji.write(entry.parts.state, pingji.say("feed_" + state));
      pingji.write(entry.parts.ages, now === null ? "" : ages(feed, at, now));
      paintCounts(entry.parts.counts, row, at);
      const said = pingji.language === "en" ? row[at.message_en] : row[at.message];
      pingji.write(entry.parts.message, said || "");
      if (list.children[n] !== entry.root) list.insertBefore(entry.root, list.children[n] || null);
    });
    list.dataset.empty = feeds.length ? "" : pingji.say("no_feeds");
    said(feeds);
  }

  pingji.paintOn(["set:feeds", "delta:feeds"], paint);
})();
