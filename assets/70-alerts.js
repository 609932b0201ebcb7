/* What is known of alerts 告警: rows of the stream as plain objects, their rules, and the counts.
 *
 * Waiting is what asks the desk for an act: ours, not acknowledged, not shelved. Another
 * department's (转办) and what is shelved are listed apart and make no sound. */
(function () {
  "use strict";

  const pingji = window.pingji;
  const known = new Map();
  const drilled = new Map(); // of drills: listed apart, counted nowhere, silent
  const subjects = new Map(); // "topic/id" -> Set of alert ids
  let counted = null;

  // The wall has its own way of showing alerts; a tablet names what it follows itself.
  if (!/^\/(wall|tablet)/.test(window.location.pathname)) {
    pingji.live.topics = pingji.live.topics.concat(["alerts", "warnings"]);
    pingji.live.needs.alerts = "look";
    pingji.live.needs.warnings = "look";
  }

  const time = (text) => (text ? Date.parse(text) : null);

  function read(row, at) {
    return {
      id: row[0],
      version: row[at.version],
      rule: row[at.rule],
      topic: row[at.subject_topic],
      subject: row[at.subject_id],
      group: row[at.group],
      cause: Boolean(row[at.cause]),
      priority: row[at.priority] || 3,
      department: row[at.department],
      active: Boolean(row[at.active]),
      acknowledged: Boolean(row[at.acknowledged]),
      transferred: Boolean(row[at.transferred]),
      owner: row[at.owner],
      shelvedUntil: time(row[at.shelved_until]),
      since: time(row[at.since]),
      clearedAt: time(row[at.cleared_at]),
      value: row[at.value],
      threshold: row[at.threshold],
      lon: row[at.lon],
      lat: row[at.lat],
      jurisdiction: row[at.jurisdiction],
      called: row[at.called] || 0,
      drill: row[at.drill] === true,
      factor: row[at.factor] || null,
    };
  }

  function get(id) {
    return known.get(id) || drilled.get(id);
  }

  function put(row, at) {
    const told = read(row, at);
    drop(told.id);
    (told.drill ? drilled : known).set(told.id, told);
    const key = told.topic + "/" + told.subject;
    if (!subjects.has(key)) subjects.set(key, new Set());
    subjects.get(key).add(told.id);
  }

  function drop(id) {
    const old = get(id);
    if (!old) return;
    (old.drill ? drilled : known).delete(id);
    const key = old.topic + "/" + old.subject;
    const ids = subjects.get(key);
    ids.delete(id);
    if (!ids.size) subjects.delete(key);
  }

  pingji.on("set:alerts", (set) => {
    Array.from(known.keys()).forEach(drop);
    set.rows.forEach((row) => put(row, set.columns));
    counted = null;
    pingji.emit("alerts", { whole: true, ids: Array.from(known.keys()) });
  });
  pingji.on("delta:alerts", (delta) => {
    const columns = pingji.live.topic("alerts").columns;
    delta.remove.forEach(drop);
    delta.upsert.forEach((row) => put(row, columns));
    counted = null;
    pingji.emit("alerts", { whole: false, ids: delta.upsert.map((row) => row[0]) });
  });

  pingji.on("drills:alerts", (topic) => {
    Array.from(drilled.keys()).forEach(drop);
    topic.drills.forEach((row) => put(row, topic.columns));
  });

  /** The rule of an alert, as the page's data tells it; an unknown one speaks for itself. */
  function rule(alert) {
    const rules = pingji.page.rules || {};
    return rules[alert.rule] || { name: [alert.rule, alert.rule], act: "acknowledge", sound: true };
  }

  /** 转办: another department answers for it. */
  function isTransfer(alert) {
    return rule(alert).act === "transfer";
  }

  function isOurs(alert) {
    return !isTransfer(alert) && !alert.department;
  }

  function isShelved(alert) {
    return alert.shelvedUntil !== null;
  }

  function isWaiting(alert) {
    return !alert.acknowledged && !isShelved(alert) && isOurs(alert) && !alert.drill;
  }

  /** How many wait for the desk, by priority, and since when the oldest does. */
  function counts() {
    if (counted) return counted;
    counted = { n: 0, oldest: null, by: { 1: 0, 2: 0, 3: 0 } };
    known.forEach((alert) => {
      if (!isWaiting(alert)) return;
      counted.n += 1;
      counted.by[alert.priority] += 1;
      if (counted.oldest === null || alert.since < counted.oldest) counted.oldest = alert.since;
    });
    return counted;
  }

  /** Unacknowledged first, then priority, then the oldest; the cause leads its group. */
  function worse(a, b) {
    return (
      Number(a.acknowledged) - Number(b.acknowledged) ||
      a.priority - b.priority ||
      a.since - b.since ||
      (a.id < b.id ? -1 : 1)
    );
  }

  function ofSubject(topic, id) {
    const ids = subjects.get(topic + "/" + id);
    return ids ? Array.from(ids, get).sort(worse) : [];
  }

  pingji.alerts = {
    all: known,
    drilled: drilled,
    get,
    rule,
    isOurs,
    isTransfer,
    isShelved,
    isWaiting,
    counts,
    worse,
    ofSubject,
    may: () => pingji.page.viewer.rights.indexOf("acknowledge") >= 0,
  };
})();
