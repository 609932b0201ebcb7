/* What the stream's owner gives to each tab: rows coalesced by id, never more than the tab can take.
 *
 * Used unchanged in the SharedWorker (live-worker.js) and, where there is none, in a page. */
(function (scope) {
  "use strict";

  const TOLD_MS = 20; // between two batches for a tab that is seen
  const HIDDEN_MS = 1000;
  const { Stream } = scope.pingjiStream;
  const now = () => scope.performance.now();

  /**
   * What one tab is owed. Changes are coalesced by id, at most one batch is under way, and a tab
   * that does not answer is owed the whole set instead of an ever longer list.
   */
  class Reader {
    constructor(post) {
      this.post = post;
      this.owed = new Map(); // topic -> {upsert: Map, remove: Set}
      this.whole = new Set(); // topics owed entirely
      this.unanswered = 0;
      this.sentAt = -Infinity;
      this.hidden = false;
      this.timer = null;
      this.topics = null;
    }

    rows(topic) {
      this.owed.delete(topic.name);
      this.whole.add(topic.name);
      this.schedule();
    }

    delta(topic, upsert, remove) {
      if (this.whole.has(topic.name)) return;
      let owed = this.owed.get(topic.name);
      if (!owed) {
        owed = { upsert: new Map(), remove: new Set() };
        this.owed.set(topic.name, owed);
      }
      remove.forEach((id) => {
        owed.upsert.delete(id);
        owed.remove.add(id);
      });
      upsert.forEach((row) => {
        owed.remove.delete(row[0]);
        owed.upsert.set(row[0], row);
      });
      if (owed.upsert.size + owed.remove.size > Math.max(2000, topic.rows.size)) {
        this.owed.delete(topic.name);
        this.whole.add(topic.name);
      }
      this.schedule();
    }

    schedule() {
      if (this.timer !== null || this.unanswered > 0) return;
      const least = this.hidden ? HIDDEN_MS : TOLD_MS;
      const wait = Math.max(0, this.sentAt + least - now());
      this.timer = scope.setTimeout(() => {
        this.timer = null;
        this.flush();
      }, wait);
    }

    flush() {
      if (this.unanswered > 0 || (!this.owed.size && !this.whole.size)) return;
      const sets = [];
      this.whole.forEach((name) => {
        const topic = this.stream.topics.get(name);
        sets.push({ topic: name, columns: topic.columns, rows: Array.from(topic.rows.values()) });
      });
      const deltas = [];
      this.owed.forEach((owed, name) => {
        const topic = this.stream.topics.get(name);
        deltas.push({
          topic: name,
          columns: topic.columns,
          upsert: Array.from(owed.upsert.values()),
          remove: Array.from(owed.remove),
        });
      });
      this.owed = new Map();
      this.whole = new Set();
      this.unanswered += 1;
      this.sentAt = now();
      this.post({
        type: "rows",
        sets: sets,
        deltas: deltas,
        position: this.stream.position,
        silence_ms: this.stream.silence(),
      });
    }

    answered() {
      this.unanswered = 0;
      if (this.owed.size || this.whole.size) this.schedule();
    }
  }

  /** One stream and its readers: the whole of the SharedWorker, or of a page without one. */
  class Desk {
    constructor(url, topics) {
      this.readers = new Set();
      const each = (act) => this.readers.forEach(act);
      this.stream = new Stream({
        url: url,
        topics: topics,
        listener: {
          state: (state) => each((r) => r.post(Object.assign({ type: "state" }, state))),
          rows: (topic) => each((r) => r.rows(topic)),
          delta: (topic, upsert, remove) => each((r) => r.delta(topic, upsert, remove)),
          heartbeat: (heart) => each((r) => r.post(this.heart(heart))),
          hello: (data) => each((r) => r.post({ type: "hello", build: data.build })),
          denied: (status) => each((r) => r.post({ type: "denied", status: status })),
        },
      });
      this.started = false;
    }

    heart(heart) {
      return {
        type: "heartbeat",
        city_time: heart.city_time,
        real_time: heart.real_time,
        speed: heart.speed,
        feeds: heart.feeds,
        store: heart.store,
        age_ms: now() - heart.at, // the worker's clock has another origin than the page's
      };
    }

    /** Add a reader; give it all that is known now. Returns what its messages are handed to. */
    join(post) {
      const reader = new Reader(post);
      reader.stream = this.stream;
      return (message) => {
        if (message.type === "join") {
          this.readers.add(reader);
          reader.hidden = Boolean(message.hidden);
          reader.answered();
          this.stream.follow(message.topics);
          if (!this.started) {
            this.started = true;
            this.stream.start();
          }
          if (this.stream.heart) post(this.heart(this.stream.heart));
          if (this.stream.build) post({ type: "hello", build: this.stream.build });
          post(Object.assign({ type: "state" }, this.stream.describe()));
          this.stream.topics.forEach((topic) => topic.loaded && reader.rows(topic));
        } else if (message.type === "answered") {
          reader.answered();
        } else if (message.type === "visible") {
          reader.hidden = message.hidden;
          if (!message.hidden) this.stream.nudge();
        } else if (message.type === "ping") {
          post({ type: "pong" });
        } else if (message.type === "nudge") {
          this.stream.nudge();
        } else if (message.type === "bye") {
          this.readers.delete(reader);
        } else if (message.type === "dump") {
          const topic = this.stream.topics.get(message.topic);
          post({
            type: "dump",
            topic: message.topic,
            at: topic ? topic.at : 0,
            rows: topic ? Array.from(topic.rows.values()) : [],
          });
        }
      };
    }
  }

  Object.assign(scope.pingjiStream, { Desk: Desk, Reader: Reader });
})(self);
