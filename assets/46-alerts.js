/* Which things have alerts that nobody has acknowledged: active, not acknowledged, not shelved.
 *
 * Kept by increments from the topic `alerts`, where a page follows it; cases carry it as a bit of
 * their state, so that a repaint of the map costs no more for it. */
(function () {
  "use strict";

  const pingji = window.pingji;
  const model = pingji.model;
  const topics = new Map(); // TOPIC -> Map(ID -> Map(alert -> priority))
  const subjects = new Map(); // alert -> [TOPIC, ID]
  const NONE = new Map();

  function counts(row, at) {
    return row[at.active] && !row[at.acknowledged] && !row[at.shelved_until];
  }

  function forget(alert) {
    const subject = subjects.get(alert);
    if (subject === undefined) return;
    subjects.delete(alert);
    const [topic, id] = subject;
    const waiting = topics.get(topic).get(id);
    waiting.delete(alert);
    if (!waiting.size) topics.get(topic).delete(id);
    if (topic === "cases") mark(id);
  }

  function put(row, at) {
    forget(row[0]);
    const topic = row[at.subject_topic];
    const id = row[at.subject_id];
    if (!counts(row, at) || !topic || !id) return;
    if (!topics.has(topic)) topics.set(topic, new Map());
    const things = topics.get(topic);
    if (!things.has(id)) things.set(id, new Map());
    things.get(id).set(row[0], row[at.priority]);
    subjects.set(row[0], [topic, id]);
    if (topic === "cases") mark(id);
  }

  function mark(id) {
    const i = model.cases.index.get(id);
    if (i === undefined) return;
    if (model.alertsOf("cases", id)) model.cases.state[i] |= model.ALERT;
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

  model.hasAlerts = () => subjects.size > 0;

  /** Ids of the things of a topic that have any. */
  model.alerted = (topic) => Array.from((topics.get(topic) || NONE).keys());

  model.alertsOf = (topic, id) => {
    const waiting = (topics.get(topic) || NONE).get(id);
    return waiting ? waiting.size : 0;
  };
})();
