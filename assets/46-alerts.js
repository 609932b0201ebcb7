/* Which things have alerts that nobody has acknowledged: active, not acknowledged, not shelved.
 *
 * Kept by increments from the topic `alerts`, where a page follows it; cases carry it as a bit of
 * their state, so that a repaint of the map costs no more for it. */
(function () {
  "use strict";

  const pingji = window.pingji;
  const model = pingji.model;
  const things = new Map(); // TOPIC/ID -> Map(alert -> priority)
  const subjects = new Map(); // alert -> TOPIC/ID

  function counts(row, at) {
    return row[at.active] && !row[at.acknowledged] && !row[at.shelved_until];
  }

  function forget(id) {
    const thing = subjects.get(id);
    if (thing === undefined) return;
    subjects.delete(id);
    const waiting = things.get(thing);
    waiting.delete(id);
    if (!waiting.size) things.delete(thing);
    mark(thing);
  }

  function put(row, at) {
    forget(row[0]);
    if (!counts(row, at) || !row[at.subject_id]) return;
    const thing = row[at.subject_topic] + "/" + row[at.subject_id];
    if (!things.has(thing)) things.set(thing, new Map());
    things.get(thing).set(row[0], row[at.priority]);
    subjects.set(row[0], thing);
    mark(thing);
  }

  function mark(thing) {
    if (!thing.startsWith("cases/")) return;
    const i = model.cases.index.get(thing.slice(6));
    if (i === undefined) return;
    if (things.has(thing)) model.cases.state[i] |= model.ALERT;
    else model.cases.state[i] &= ~model.ALERT;
  }

  pingji.on("set:alerts", (set) => {
    Array.from(subjects.keys()).forEach(forget);
    set.rows.forEach((row) => put(row, set.columns));
  });
  pingji.on("delta:alerts", (delta) => {
    const at = pingji.live.topic("alerts").columns;
    delta.remove.forEach(forget);
    delta.upsert.forEach((row) => put(row, at));
  });

  model.hasAlerts = () => things.size > 0;

  /** Ids of the things of a topic that have any. */
  model.alerted = (topic) =>
    Array.from(things.keys())
      .filter((thing) => thing.startsWith(topic + "/"))
      .map((thing) => thing.slice(topic.length + 1));

  model.alertsOf = (topic, id) => {
    if (!things.size) return 0;
    const waiting = things.get(topic + "/" + id);
    return waiting ? waiting.size : 0;
  };
})();
