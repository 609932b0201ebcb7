/* 加强值班: what an ended operation leaves in sight until a time, on wall and console alike.
 *
 * Its places are those under water or closed; its open cases those of the classes that it had
 * expedited, those past their deadline first. */
(function () {
  "use strict";

  const pingji = window.pingji;
  const model = pingji.model;
  const MOST = 30;

  /** {watch, counts, things}: nothing without a watch; `things` the deepest place first, then cases. */
  function told(now) {
    const watch = pingji.mode.watched()[0];
    if (!watch) return null;
    const ponding = pingji.emergency.ponding();
    const cases = open(watch, now);
    const late = cases.filter((one) => one.past > 0).length;
    const places = ponding.all.map((place) => ({ kind: "places", id: place.id, place: place }));
    return {
      watch: watch,
      counts: { ponding: ponding.now, closed: ponding.closed, open: cases.length, overdue: late },
      things: places.concat(cases),
    };
  }

  function open(watch, now) {
    const { classes } = pingji.profiles.of(watch);
    const at = pingji.live.topic("cases").columns;
    const { cases } = model;
    const found = [];
    for (let i = 0; i < cases.n; i += 1) {
      const row = cases.rows[i];
      if (!(cases.state[i] & model.OPEN)) continue;
      if (!pingji.profiles.listed(classes, row[at.kind], row[at.subcategory])) continue;
      const past = cases.state[i] & model.WITH_UNIT && cases.due[i] ? now - cases.due[i] : -Infinity;
      found.push({ kind: "case", id: row[0], i: i, row: row, past: past });
    }
    return found.sort((a, b) => b.past - a.past || (a.id < b.id ? -1 : 1));
  }

  /** A thing in words: {name, where, value, late}. */
  function words(thing, now) {
    if (thing.kind === "places") {
      const { place } = thing;
      const state = pingji.code("place_state", place.state);
      const depth = place.depth === null ? state : pingji.say("depth_of", { state: state, n: pingji.format.value(place.depth) });
      return { name: place.name, where: "", value: depth, since: pingji.format.age((now - place.since) / 1000), late: false };
    }
    const at = pingji.live.topic("cases").columns;
    const { row, past } = thing;
    const district = pingji.cityData.districtOf(row[at.jurisdiction]);
    const late = past > 0;
    const age = pingji.format.age((now - Date.parse(row[at.reported_at])) / 1000);
    return {
      name: pingji.code("category", row[at.kind] + "/" + row[at.subcategory]),
      where: district ? pingji.code("jurisdiction", district) : "",
      value: late ? pingji.say("overdue_by", { n: pingji.format.hours(past) }) : pingji.code("stage", row[at.stage]),
      since: age,
      late: late,
    };
  }

  /** The steps of a scene that belong to its round now, by their `when`; never none. */
  function steps(scene) {
    const watched = pingji.live.topic("mode").loaded && pingji.mode.watched().length > 0;
    const due = ["always", watched ? "watch" : "no_watch"];
    if (pingji.typhoons.all().length) due.push("typhoon");
    const round = scene.steps.filter((step) => due.includes(step.when));
    return round.length ? round : scene.steps;
  }

  const until = (watch) => pingji.say("watch_until", { time: pingji.format.moment(watch.until) });
  const ended = (watch) =>
    pingji.say("watch_ended", { title: watch.title, time: pingji.format.moment(watch.endedAt) });

  function paintConsole(found, now) {
    const box = pingji.byId("watch");
    if (!box) return;
    box.hidden = !found;
    if (!found) return;
    pingji.write(pingji.byId("watch-until"), pingji.say("watch_to", { time: pingji.format.moment(found.watch.until) }));
    pingji.write(pingji.byId("watch-of"), ended(found.watch));
    pingji.write(pingji.byId("watch-counts"), pingji.say("watch_counts", found.counts));
    const list = pingji.byId("watch-list");
    const shown = found.things.slice(0, MOST);
    while (list.children.length > shown.length) list.lastChild.remove();
    shown.forEach((thing, n) => {
      const button = list.children[n] ? list.children[n].firstChild : row(list);
      const said = words(thing, now);
      button.dataset.kind = thing.kind;
      button.dataset.id = thing.id;
      const [name, where, value] = button.children;
      pingji.write(name, said.name);
      pingji.write(where, said.where);
      pingji.write(value, said.value);
      value.classList.toggle("watch__value--late", said.late);
    });
  }

  function row(list) {
    const button = pingji.make("button", "watch__row");
    button.type = "button";
    button.dataset.act = "watch-open";
    ["name", "where", "value"].forEach((part) => button.append(pingji.make("span", "watch__" + part)));
    const item = pingji.make("li");
    item.append(button);
    list.append(item);
    return button;
  }

  function paint() {
    const now = pingji.page ? pingji.live.pictureAt() : null;
    if (now === null || !pingji.live.topic("mode").loaded || !pingji.live.topic("places").loaded) return;
    paintConsole(told(now), now);
  }

  pingji.acts["watch-open"] = (button) =>
    pingji.emit("open", { kind: button.dataset.kind, id: button.dataset.id, from: "list" });
  pingji.watch = { told, words, steps, until, ended };
  pingji.on("paint", paint);
})();
