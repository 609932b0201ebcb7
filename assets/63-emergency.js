/* What an emergency is counted by: one definition for wall, console and tablet.
 *
 * 积水点 现有 are places under water, closed ones among them; 已处置 those that were and no longer
 * are, since the emergency took effect. Figures have the same ids on every screen. */
(function () {
  "use strict";

  const pingji = window.pingji;
  const model = pingji.model;
  const TICK_MS = 1000;

  const column = (topic, row, name) => row[topic.columns[name]];

  /** The emergencies that act here, the deciding one first. */
  function acting() {
    return pingji.mode.acting().filter((band) => band.kind === "emergency");
  }

  /** From when the emergency counts: the earliest of those that act; null without one. */
  function since() {
    const all = acting().map((band) => band.at);
    return all.length ? Math.min.apply(null, all) : null;
  }

  /** {now, closed, underpasses, handled, all}: `all` under water, the deepest first. */
  function ponding() {
    const topic = pingji.live.topic("places");
    const from = since();
    const found = { now: 0, closed: 0, underpasses: 0, handled: 0, all: [] };
    pingji.drill.rows("places").forEach((row) => {
      const state = column(topic, row, "state");
      const kind = column(topic, row, "kind");
      const pond = pingji.page.ponds.indexOf(kind) >= 0;
      const at = Date.parse(column(topic, row, "since") || column(topic, row, "at"));
      if (state === "ponding" || (pond && state === "closed")) {
        found.now += 1;
        if (state === "closed") found.closed += 1;
        if (state === "closed" && kind === "underpass") found.underpasses += 1;
        found.all.push(place(topic, row, at));
      } else if (pond && from !== null && at >= from && column(topic, row, "version") > 1) {
        found.handled += 1;
      }
    });
    found.all.sort(deeper);
    return found;
  }

  function place(topic, row, at) {
    const names = ["kind", "name", "state", "lon", "lat", "jurisdiction"];
    const made = { id: row[0], depth: column(topic, row, "depth_cm"), since: at };
    names.forEach((name) => {
      made[name] = column(topic, row, name);
    });
    made.name = pingji.drill.bare(made.name);
    return made;
  }

  function deeper(a, b) {
    return (
      (b.depth || 0) - (a.depth || 0) ||
      (b.state === "closed") - (a.state === "closed") ||
      a.since - b.since ||
      (a.id < b.id ? -1 : 1)
    );
  }

  /** How many stations have a warning level, how many of them are over it, and of which kinds. */
  function stations(now) {
    const at = pingji.live.topic("stations").columns;
    const found = { over: 0, known: 0, kinds: new Map() };
    const held = pingji.drill.stations();
    for (let i = 0; i < held.n; i += 1) {
      const row = held.rows[i];
      if (!model.hasWarningLevel(row)) continue;
      found.known += 1;
      if (model.judge(row, now).level !== "over") continue;
      found.over += 1;
      found.kinds.set(row[at.kind], (found.kinds.get(row[at.kind]) || 0) + 1);
    }
    return found;
  }

  /** The alert of the first priority that has waited longest for an acknowledgement; what is real
   * before a drill's, which is told of only where a drill decides. */
  function danger() {
    const real = longest(pingji.alerts.all, pingji.alerts.isWaiting);
    if (real || !pingji.drill.decides()) return real;
    return longest(pingji.alerts.drilled, (alert) => !alert.acknowledged && !alert.shelvedUntil);
  }

  function longest(alerts, waits) {
    let worst = null;
    alerts.forEach((alert) => {
      if (alert.priority !== 1 || !waits(alert)) return;
      if (!worst || alert.since < worst.since || (alert.since === worst.since && alert.id < worst.id)) {
        worst = alert;
      }
    });
    return worst;
  }

  /** The open task that is late the longest; null where none is. */
  function latest() {
    let worst = null;
    acting().forEach((band) => {
      pingji.tasks.of(band.id).forEach((task) => {
        if (task.state !== "open" || !task.late) return;
        if (!worst || task.due < worst.due) worst = task;
      });
    });
    return worst;
  }

  function show(id, value, note) {
    const element = pingji.byId(id);
    pingji.write(element, value);
    pingji.write(pingji.byId(id + "-note"), note || "");
    const box = element && element.closest(".figure");
    if (box) box.classList.toggle("figure--drill", pingji.drill.decides());
  }

  function raise(id, raised) {
    const element = pingji.byId(id);
    const box = element && element.closest(".figure");
    if (box) box.classList.toggle("figure--raised", raised);
  }

  /** "Ⅲ级" as its issuer writes it; the label says what it is. */
  function level(band) {
    const levels = pingji.page.operations.levels;
    return levels[pingji.language === "en" ? "en" : band.numbering][band.level];
  }

  function paintResponse(bands) {
    const first = bands[0];
    if (!first) return;
    const drill = first.drill ? [pingji.say("band_drill")] : [];
    const parts = drill.concat([first.issuer, pingji.code("scenario", first.scenario)]);
    if (bands.length > 1) parts.push(pingji.say("response_more", { n: bands.length - 1 }));
    show("figure-level", level(first), parts.filter(Boolean).join(" · "));
    const at = pingji.say("response_since", { time: pingji.format.moment(first.at) });
    pingji.write(pingji.byId("figure-elapsed-note"), at);
    tick();
  }

  function paintPonding() {
    const number = pingji.format.number;
    const found = ponding();
    const deepest = found.all[0];
    const deep = deepest && deepest.depth;
    show("figure-ponding", number(found.now), deep ? pingji.say("deepest", { n: pingji.format.value(deep) }) : "");
    const closed = found.closed ? pingji.say("closed_underpasses", { n: found.underpasses }) : pingji.say("none_closed");
    show("figure-ponding-closed", number(found.closed), closed);
    const from = since();
    const when = from === null ? "" : pingji.say("handled_since", { time: pingji.format.moment(from) });
    show("figure-ponding-handled", number(found.handled), when);
    raise("figure-ponding", found.now > 0);
    raise("figure-ponding-closed", found.closed > 0);
  }

  function paintStations(now) {
    const found = stations(now);
    const known = found.known > 0;
    const number = pingji.format.number;
    const kinds = Array.from(found.kinds, ([kind, n]) => pingji.code("station", kind) + " " + number(n)).sort();
    const of = known ? pingji.say("of_thresholds", { n: number(found.known) }) : pingji.say("no_thresholds");
    const note = kinds.length ? kinds.join(" · ") : of;
    show("figure-stations-over", known ? number(found.over) : "—", note);
    raise("figure-stations-over", found.over > 0);
  }

  function tick() {
    const element = pingji.byId("figure-elapsed");
    const now = pingji.page ? pingji.live.now() : null;
    const first = element && now !== null && pingji.live.topic("mode").loaded ? acting()[0] : null;
    if (!first) return;
    pingji.write(element, pingji.mode.elapsed(Math.max(0, Math.floor((now - first.at) / 1000))));
  }

  function paint() {
    const now = pingji.live.pictureAt();
    if (now === null) return;
    const loaded = (name) => pingji.live.topic(name).loaded;
    if (pingji.byId("figure-level") && loaded("mode")) paintResponse(acting());
    if (pingji.byId("figure-ponding") && loaded("places")) paintPonding();
    if (pingji.byId("figure-stations-over") && loaded("stations") && loaded("readings")) {
      paintStations(now);
    }
  }

  pingji.emergency = { acting, since, ponding, stations, danger, latest, level };
  pingji.on("paint", paint);
  window.setInterval(tick, TICK_MS);
})();
