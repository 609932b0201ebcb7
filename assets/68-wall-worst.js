/* What is worst now, four lines that keep their places: the case overdue longest, the river nearest
 * to or over its line, the alerts that nobody acknowledged, the feed silent longest. */
(function () {
  "use strict";

  const pingji = window.pingji;
  if (!pingji.wall) return;

  const wall = pingji.wall;
  const model = pingji.model;
  const PRIORITIES = { high: 1, middle: 2, low: 3 };

  function place(id) {
    const district = pingji.cityData.districtOf(id);
    return district ? pingji.code("jurisdiction", district) : "";
  }

  /** The open case whose deadline passed first, while its unit owes the answer. */
  function overdue(now) {
    const cases = model.cases;
    const at = pingji.live.topic("cases").columns;
    let first = -1;
    for (let i = 0; i < cases.n; i += 1) {
      if (model.isOverdue(i, now) && (first < 0 || cases.due[i] < cases.due[first])) first = i;
    }
    if (first < 0) return { what: pingji.say("wall_none_overdue"), value: "" };
    const row = cases.rows[first];
    const name = pingji.code("category", row[at.kind] + "/" + row[at.subcategory]);
    const age = pingji.format.age((now - cases.due[first]) / 1000);
    return {
      what: [name, place(row[at.jurisdiction])].filter(Boolean).join(" · "),
      value: pingji.say("wall_overdue_for", { age: age }),
      look: "late",
    };
  }

  function river(now) {
    const first = pingji.cityData.rivers(now, pingji.drill.stations())[0];
    if (!first) return { what: pingji.say("no_rivers"), value: "" };
    const near = -first.above <= wall.threshold("river_near_m");
    return { what: first.name, value: pingji.cityData.gap(first), look: first.line ? "bad" : near ? "near" : "" };
  }

  function alerts() {
    const topic = pingji.live.topic("alerts");
    const count = { high: 0, middle: 0, low: 0 };
    topic.rows.forEach((row) => {
      if (!row[topic.columns.active] || row[topic.columns.acknowledged]) return;
      Object.keys(PRIORITIES).forEach((name) => {
        if (row[topic.columns.priority] === PRIORITIES[name]) count[name] += 1;
      });
    });
    if (!count.high && !count.middle && !count.low) {
      return { what: pingji.say("wall_none_alerts"), value: "" };
    }
    return { what: pingji.say("wall_worst_counts", count), value: "", look: count.high ? "bad" : "" };
  }

  function feed() {
    const all = pingji.cityData.feeds();
    const bad = all.filter((one) => !one.well).sort((a, b) => (b.age || 0) - (a.age || 0))[0];
    if (!bad) return { what: pingji.say("feeds_fine", { n: all.length }), value: "" };
    const age = bad.age === null ? "" : pingji.format.age(bad.age);
    const value = bad.silent ? pingji.say("silent_for", { age: age }) : pingji.say("feed_" + bad.state);
    return { what: bad.name, value: value, look: "bad" };
  }

  const LINES = [
    ["wall_worst_case", "cases", overdue],
    ["wall_worst_river", "readings", river],
    ["wall_worst_alerts", "alerts", alerts],
    ["wall_worst_feeds", "feeds", feed],
  ];

  function paint() {
    const now = pingji.live.pictureAt();
    const list = wall.list.ready("wall-worst");
    if (!list || now === null) return;
    const n = wall.list.room(list, LINES.length, 2.9, 6);
    const made = wall.list.rows(list, n, ["of", "what", "gap"], "wall__row--worst");
    LINES.slice(0, n).forEach(([word, topic, look], i) => {
      const cells = made[i].children;
      pingji.write(cells[0], pingji.say(word));
      if (!pingji.live.topic(topic).loaded) return;
      const told = look(now);
      pingji.write(cells[1], told.what);
      pingji.write(cells[2], told.value);
      made[i].dataset.look = told.look || "";
    });
  }

  pingji.on("paint", paint);
  pingji.on("wall-step", paint);
})();
