/* What is on the map and in the figures, as typed arrays: a change costs a few array writes.
 *
 * Positions are kept as world coordinates (Web Mercator, 0 to 1), times as ms. */
(function () {
  "use strict";

  const pingji = window.pingji;
  const STALE_MS = 2 * 3600000; // a reading older than this is drawn as old
  const RIVER = ["record", "guarantee", "warning"]; // the highest line first

  /** Points with an id; removal moves the last one into the gap. */
  class Points {
    constructor(fields) {
      this.fields = ["x", "y"].concat(fields || []);
      this.n = 0;
      this.capacity = 0;
      this.ids = [];
      this.rows = [];
      this.index = new Map();
      this.grow(1024);
    }

    grow(capacity) {
      this.fields.forEach((name) => {
        const old = this[name];
        this[name] = new Float64Array(capacity);
        if (old) this[name].set(old);
      });
      const state = new Uint8Array(capacity);
      if (this.state) state.set(this.state);
      this.state = state;
      this.capacity = capacity;
    }

    clear() {
      this.n = 0;
      this.ids = [];
      this.rows = [];
      this.index = new Map();
    }

    /** Place of the row in the arrays, made if it is new. */
    put(id, lon, lat, row) {
      let i = this.index.get(id);
      if (i === undefined) {
        if (this.n === this.capacity) this.grow(this.capacity * 2);
        i = this.n;
        this.n += 1;
        this.index.set(id, i);
        this.ids[i] = id;
      }
      this.rows[i] = row;
      if (lon === null || lat === null) {
        this.x[i] = NaN;
        this.y[i] = NaN;
      } else {
        const sine = Math.sin((lat * Math.PI) / 180);
        this.x[i] = lon / 360 + 0.5;
        this.y[i] = 0.5 - (0.25 * Math.log((1 + sine) / (1 - sine))) / Math.PI;
      }
      return i;
    }

    remove(id) {
      const i = this.index.get(id);
      if (i === undefined) return;
      const last = this.n - 1;
      if (i !== last) {
        this.fields.forEach((name) => {
          this[name][i] = this[name][last];
        });
        this.state[i] = this.state[last];
        this.ids[i] = this.ids[last];
        this.rows[i] = this.rows[last];
        this.index.set(this.ids[i], i);
      }
      this.ids.pop();
      this.rows.pop();
      this.index.delete(id);
      this.n = last;
    }
  }

  const OPEN = 1; // asks for something still
  const WITH_UNIT = 2; // may become overdue: no 处置反馈 yet, and its clock does not stand
  const CLOSED = 4; // 结案
  const ALERT = 16; // 告警 that nobody has acknowledged (8 is the filter's)

  const cases = new Points(["due", "emergency", "reported", "filed", "stageAt"]);
  const stations = new Points(["measured"]);
  const cameras = new Points();
  const factors = new Map(); // station -> Map(factor -> reading row)
  const verdicts = new Map(); // station -> {verdict, until}: judged anew when a row of it changes

  function time(text) {
    return text ? Date.parse(text) : NaN;
  }

  function putCase(row, at) {
    const page = pingji.page;
    const i = cases.put(row[0], row[at.lon], row[at.lat], row);
    const stage = row[at.stage];
    const marks = row[at.marks] || [];
    let state = page.terminal.indexOf(stage) < 0 ? OPEN : 0;
    const stands = marks.some((mark) => page.pausing.indexOf(mark) >= 0);
    if (page.answered.indexOf(stage) < 0 && !stands) state |= WITH_UNIT;
    if (stage === "closed") state |= CLOSED;
    if (pingji.model.alertsOf("cases", row[0])) state |= ALERT;
    cases.state[i] = state;
    cases.due[i] = time(row[at.due_at]);
    cases.emergency[i] = time(row[at.emergency_due_at]);
    cases.reported[i] = time(row[at.reported_at]);
    cases.stageAt[i] = time(row[at.stage_at]);
    const filedAfter = at.filed_after_s === undefined ? null : row[at.filed_after_s];
    cases.filed[i] = filedAfter === null ? NaN : cases.reported[i] + filedAfter * 1000;
  }

  function putStation(row, at) {
    verdicts.delete(row[0]);
    stations.put(row[0], row[at.lon], row[at.lat], row);
  }

  function putCamera(row, at) {
    const i = cameras.put(row[0], row[at.lon], row[at.lat], row);
    cameras.state[i] = row[at.status] === "on" ? 1 : 0;
  }

  function putReading(row) {
    const cut = row[0].lastIndexOf("/");
    const station = row[0].slice(0, cut);
    verdicts.delete(station);
    let known = factors.get(station);
    if (!known) {
      known = new Map();
      factors.set(station, known);
    }
    known.set(row[0].slice(cut + 1), row);
  }

  function dropReading(id) {
    const cut = id.lastIndexOf("/");
    const station = id.slice(0, cut);
    verdicts.delete(station);
    const known = factors.get(station);
    if (known) known.delete(id.slice(cut + 1));
  }

  function feed(topic, points, put) {
    pingji.on("set:" + topic, (set) => {
      points.clear();
      set.rows.forEach((row) => put(row, set.columns));
    });
    pingji.on("delta:" + topic, (delta) => {
      const columns = pingji.live.topic(topic).columns;
      delta.remove.forEach((id) => points.remove(id));
      delta.upsert.forEach((row) => put(row, columns));
    });
  }

  feed("cases", cases, putCase);
  feed("stations", stations, putStation);
  feed("cameras", cameras, putCamera);
  pingji.on("set:readings", (set) => {
    factors.clear();
    verdicts.clear();
    set.rows.forEach(putReading);
  });
  /* Looked up by station alone, so that what is of a drill is found for its own station only. */
  pingji.on("drills:readings", (topic) => topic.drills.forEach(putReading));
  pingji.on("delta:readings", (delta) => {
    delta.remove.forEach(dropReading);
    delta.upsert.forEach(putReading);
  });

  /** How a station stands against its own lines: level, and the line that was reached. */
  function judge(station, now) {
    const kept = verdicts.get(station[0]);
    if (kept && now !== null && now < kept.until) return kept.verdict;
    const found = judgeAnew(station, now);
    if (now !== null) verdicts.set(station[0], found);
    return found.verdict;
  }

  /** {verdict, until}: nothing but a row's change alters it before `until`, when a reading is old. */
  function judgeAnew(station, now) {
    const at = pingji.live.topic("stations").columns;
    const read = pingji.live.topic("readings").columns;
    const thresholds = station[at.thresholds] || {};
    const known = factors.get(station[0]);
    const verdict = { level: "none", line: null, factor: null, reading: null, judged: false };
    if (!known || !known.size) return { verdict, until: Infinity };
    const doubted = Boolean(station[at.suspect]); // the whole station is 可疑
    let oldest = true;
    let until = Infinity;
    known.forEach((reading, factor) => {
      const value = reading[read.value];
      const suspect = doubted || pingji.page.not_judged.indexOf(reading[read.flag]) >= 0;
      const oldAt = Date.parse(reading[read.at]) + STALE_MS;
      const old = now !== null && now > oldAt;
      if (!old) {
        oldest = false;
        until = Math.min(until, oldAt);
      }
      const lines = thresholds[factor];
      let line = null;
      if (lines && value !== null && !suspect) {
        verdict.judged = true;
        line = RIVER.find((name) => isLine(lines[name]) && value >= lines[name]) || null;
        if (!line && isLine(lines.high) && value > lines.high) line = "high";
        if (!line && isLine(lines.low) && value < lines.low) line = "low";
      }
      if (line && (!verdict.line || RIVER.indexOf(line) < RIVER.indexOf(verdict.line))) {
        verdict.line = line;
        verdict.factor = factor;
        verdict.reading = reading;
      } else if (!verdict.reading) {
        verdict.factor = factor;
        verdict.reading = reading;
      }
    });
    verdict.level = verdict.line ? "over" : "normal";
    verdict.old = oldest;
    return { verdict, until };
  }

  function isLine(value) {
    return typeof value === "number";
  }

  pingji.model = {
    OPEN: OPEN,
    WITH_UNIT: WITH_UNIT,
    CLOSED: CLOSED,
    ALERT: ALERT,
    Points: Points,
    cases: cases,
    stations: stations,
    cameras: cameras,
    factors: factors,
    judge: judge,
    alertsOf: () => 0, // how many unacknowledged a thing has: 46-alerts.js knows

    isOverdue(i, now) {
      return (cases.state[i] & WITH_UNIT) !== 0 && cases.due[i] < now;
    },

    /** By how many ms a case is past its 应急时限, negative before; NaN: it owes nothing by one. */
    pastEmergency(i, now) {
      return cases.state[i] & WITH_UNIT ? now - cases.emergency[i] : NaN;
    },

    hasWarningLevel(station) {
      const at = pingji.live.topic("stations").columns;
      const thresholds = station[at.thresholds] || {};
      return Object.keys(thresholds).some((factor) => isLine((thresholds[factor] || {}).warning));
    },
  };
})();
