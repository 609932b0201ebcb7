/* What a point on the map says: lines of text for its tooltip, its list and a screen reader. */
(function () {
  "use strict";

  const pingji = window.pingji;
  const FACTORS_MOST = 6;
  const HEAP_MOST = 5;

  function describe(item) {
    const now = pingji.live.pictureAt();
    if (item.kind === "group") return describeGroup(item);
    if (item.kind === "heap") return describeHeap(item);
    if (item.kind === "case") return describeDrill(item.id) || pingji.describeCase(item.id, now);
    if (item.kind === "camera") return describeCamera(item.id);
    return describeStation(item.id, now);
  }

  /** A case of a drill; null where it is none. */
  function describeDrill(id) {
    const row = pingji.live.topic("cases").drills.get(id);
    if (!row) return null;
    const at = pingji.live.topic("cases").columns;
    const what = pingji.caseWords.word(row[at.kind], row[at.subcategory]);
    return [pingji.say("band_drill") + " · " + what, pingji.code("stage", row[at.stage]), id];
  }

  function describeGroup(item) {
    const n = pingji.format.number(item.count);
    if (item.layer === "cameras") return [pingji.say("group_cameras", { n: n })];
    const lines = [pingji.say("group", { n: n, late: pingji.format.number(item.late) })];
    if (item.alerts) lines.push(waiting(item.alerts));
    return lines;
  }

  function waiting(alerts) {
    return pingji.say("group_alerts", { n: pingji.format.number(alerts) });
  }

  function describeHeap(item) {
    const lines = [pingji.say("heap", { n: pingji.format.number(item.count) })];
    item.members.slice(0, HEAP_MOST).forEach((member) => {
      lines.push(pingji.describe(member).slice(0, 2).join(" · "));
    });
    const more = item.count - HEAP_MOST;
    if (more > 0) lines.push(pingji.say("heap_more", { n: pingji.format.number(more) }));
    if (item.alerts) lines.push(waiting(item.alerts));
    return lines;
  }

  function describeCamera(id) {
    const topic = pingji.live.topic("cameras");
    const row = topic.rows.get(id);
    if (!row) return [id];
    const state = row[topic.columns.status] === "on" ? "camera_on" : "camera_off";
    const kind = pingji.say("layer_cameras") + " · " + pingji.say(state);
    return [row[topic.columns.name], kind, id];
  }

  function describeStation(id, now) {
    const topic = pingji.live.topic("stations");
    const at = topic.columns;
    const row = pingji.live.row("stations", id);
    if (!row) return [id];
    const lines = [row[at.name], pingji.code("station", row[at.kind]) + " · " + id];
    const known = pingji.model.factors.get(id);
    if (!known || !known.size) return lines.concat(pingji.say("no_reading"));
    const thresholds = row[at.thresholds] || {};
    Array.from(known)
      .sort((a, b) => Boolean(pingji.page.sums[b[0]]) - Boolean(pingji.page.sums[a[0]]))
      .slice(0, FACTORS_MOST)
      .forEach((entry) => lines.push.apply(lines, describeReading(entry, thresholds, now)));
    if (row[at.datum]) lines.push(pingji.say("datum") + " " + row[at.datum]);
    return lines;
  }

  /** Value with unit, lines and flag; then its two ages: measured, received. */
  function describeReading(entry, thresholds, now) {
    const at = pingji.live.topic("readings").columns;
    const factor = entry[0];
    const reading = entry[1];
    const unit = pingji.page.units[factor] || "";
    const value = pingji.format.value(reading[at.value]) + (unit ? " " + unit : "");
    const parts = [pingji.code("factor", factor) + " " + value];
    const lines = thresholds[factor] || {};
    Object.keys(lines).forEach((name) => {
      if (typeof lines[name] !== "number") return;
      parts.push(pingji.code("threshold", name) + " " + pingji.format.value(lines[name]));
    });
    const flag = reading[at.flag];
    if (flag && flag !== "N") parts.push(pingji.code("flag", flag));
    const measured = (now - Date.parse(reading[at.at])) / 1000;
    const received = measured - (reading[at.delay_s] || 0);
    const ages = [
      pingji.say("measured", { age: pingji.format.age(measured) }),
      pingji.say("received", { age: pingji.format.age(received) }),
    ];
    return [parts.join(" · "), ages.join(" · ")];
  }

  pingji.describe = describe;
})();
