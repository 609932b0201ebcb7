/* What wall and tablet ask of the working sets: rain, rivers against their warning, districts.
 *
 * Counted anew at each paint; a suspect or old reading is never judged. */
(function () {
  "use strict";

  const pingji = window.pingji;
  const model = pingji.model;
  const LINES = ["record", "guarantee", "warning"]; // the highest line first
  const LEVEL_KINDS = ["river", "tide", "reservoir"];
  const OLD_MS = 2 * 3600000;
  const WELL = ["ok", "loading"];
  const RAIN = "rain_1h"; // the sum that the store keeps: stations tell by 5 or by 15 minutes

  function number(value) {
    return typeof value === "number" ? value : null;
  }

  /** Rain of a station's last hour in mm; null where it is unknown, suspect or old. */
  function rainOf(id, now) {
    const at = pingji.live.topic("readings").columns;
    const known = model.factors.get(id);
    const reading = known && known.get(RAIN);
    if (!reading) return null;
    if (pingji.page.not_judged.indexOf(reading[at.flag]) >= 0) return null;
    return now - Date.parse(reading[at.at]) > OLD_MS ? null : number(reading[at.value]);
  }

  /** The level of a station with the lines it is read against; null where there is no warning. */
  function levelOf(row) {
    const lines = (row[pingji.live.topic("stations").columns.thresholds] || {}).level;
    const known = model.factors.get(row[0]);
    const reading = known && known.get("level");
    if (!lines || number(lines.warning) === null || !reading) return null;
    const value = number(reading[pingji.live.topic("readings").columns.value]);
    return value === null ? null : Object.assign({ value }, lines);
  }

  /** Levels against their warning line, the highest first; `of`: which stations, else what is real. */
  function rivers(now, of) {
    const at = pingji.live.topic("stations").columns;
    const read = pingji.live.topic("readings").columns;
    const found = [];
    const held = of || model.stations;
    for (let i = 0; i < held.n; i += 1) {
      const row = held.rows[i];
      const lines = (row[at.thresholds] || {}).level;
      const known = model.factors.get(row[0]);
      const reading = known && known.get("level");
      if (!lines || number(lines.warning) === null || !reading) continue;
      if (LEVEL_KINDS.indexOf(row[at.kind]) < 0 || row[at.suspect]) continue;
      const value = number(reading[read.value]);
      if (value === null || pingji.page.not_judged.indexOf(reading[read.flag]) >= 0) continue;
      const line = LINES.find((name) => number(lines[name]) !== null && value >= lines[name]);
      const old = now - Date.parse(reading[read.at]) > OLD_MS;
      if (old) continue;
      found.push({
        id: row[0],
        name: pingji.drill.bare(row[at.name]),
        jurisdiction: row[at.jurisdiction],
        value: value,
        warning: lines.warning,
        above: value - lines.warning,
        line: line || null,
        beyond: line ? value - lines[line] : 0,
        lon: row[at.lon],
        lat: row[at.lat],
        at: reading[read.at],
      });
    }
    return found.sort((a, b) => b.above - a.above || (a.id < b.id ? -1 : 1));
  }

  /** District of a jurisdiction; null for the city's own and the unknown. */
  function districtOf(id) {
    const page = pingji.page;
    if (!id) return null;
    if (page.districts[id]) return page.districts[id];
    return id === page.city.id ? null : id;
  }

  /** What is open and overdue by district; under null what lies in none. */
  function byDistrict(now) {
    const at = pingji.live.topic("cases").columns;
    const found = new Map();
    Object.keys(pingji.page.districts).forEach((id) => {
      const district = pingji.page.districts[id];
      if (!found.has(district)) found.set(district, { id: district, open: 0, late: 0 });
    });
    for (let i = 0; i < model.cases.n; i += 1) {
      if (!(model.cases.state[i] & model.OPEN)) continue;
      const id = districtOf(model.cases.rows[i][at.jurisdiction]);
      if (!found.has(id)) found.set(id, { id: id, open: 0, late: 0 });
      const entry = found.get(id);
      entry.open += 1;
      if (model.isOverdue(i, now)) entry.late += 1;
    }
    return found;
  }

  /** What is open and overdue in each district, the worst first. */
  function districts(now) {
    const all = Array.from(byDistrict(now).values()).filter((entry) => entry.id !== null);
    return all.sort((a, b) => b.late - a.late || b.open - a.open || (a.id < b.id ? -1 : 1));
  }

  function gap(river) {
    if (river.line) {
      const line = pingji.code("threshold", river.line);
      return pingji.say("over_by", { line: line, n: river.beyond.toFixed(2) });
    }
    return pingji.say("below_warning", { n: Math.abs(river.above).toFixed(2) });
  }

  /** Feeds with the age of their last word, the unwell first, the ended last.
   * A file that was brought in is done. */
  function feeds() {
    const topic = pingji.live.topic("feeds");
    const at = topic.columns;
    const found = [];
    topic.rows.forEach((row, id) => {
      if (row[at.kind] === "import" && row[at.state] === "ended") return;
      const told = pingji.live.feeds[id] || {};
      const age = typeof told.age_s === "number" ? told.age_s + pingji.live.silence() / 1000 : null;
      const silent = Boolean(told.silent);
      const state = silent ? "silent" : row[at.state];
      const ended = row[at.state] === "ended";
      const well = !silent && (ended || WELL.indexOf(row[at.state]) >= 0);
      const name = pingji.page.codes.feed[id] ? pingji.code("feed", id) : row[at.name];
      // what others push is known to be silent only where somebody said how often it should speak
      const expected = row[at.kind] !== "push" || row[at.expect_s] !== null;
      const unwatched = !expected && well;
      found.push({ id, row, name, state, age, silent, ended, well, unwatched });
    });
    return found.sort((a, b) => a.well - b.well || a.ended - b.ended || (a.id < b.id ? -1 : 1));
  }

  /** How many files were brought in and are done. */
  function imported() {
    const topic = pingji.live.topic("feeds");
    const at = topic.columns;
    let n = 0;
    topic.rows.forEach((row) => {
      if (row[at.kind] === "import" && row[at.state] === "ended") n += 1;
    });
    return n;
  }

  pingji.cityData = {
    feeds,
    imported,
    levelOf,
    RAIN,
    rainOf,
    rivers,
    byDistrict,
    districts,
    districtOf,
    gap,
  };
})();
