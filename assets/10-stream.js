/* The stream client: one EventSource, the working sets it keeps, and how it comes back.
 *
 * Used unchanged in the SharedWorker (live-worker.js) and, where there is none, in a page
 * (20-live.js). It owns the connection and the rows; it paints nothing and knows no Dash.
 * The contract is CONTRACTS "Live stream". Syntax floor: Chromium 90, Safari 15. */
(function (scope) {
  "use strict";

  const WATCHDOG_MS = 12000; // no frame for so long: the link is dead, whatever the socket says
  const BACKOFF_MS = 250;
  const BACKOFF_CAP_MS = 5000;
  const SNAPSHOT_TRIES = 6;
  const BUFFER_FRAMES = 5000; // frames kept while a snapshot is on its way; more: begin again
  const SLEEP_JUMP_MS = 4000;

  const now = () => scope.performance.now();

  /** One topic's working set. `at` is the highest seq up to which it is certainly complete. */
  class Topic {
    constructor(name) {
      this.name = name;
      this.columns = [];
      this.rows = new Map();
      this.at = 0;
      this.loaded = false;
      this.reset = null; // {seq, url, frames} while a snapshot is awaited
    }
  }

  /**
   * options.url        address of the stream
   * options.topics     names to follow
   * options.listener   {state, rows, delta, heartbeat, hello, denied}: see live-worker.js
   */
  class Stream {
    constructor(options) {
      this.url = options.url;
      this.listener = options.listener;
      this.topics = new Map();
      options.topics.forEach((name) => this.topics.set(name, new Topic(name)));
      this.position = 0; // the highest of hello's seq and every id
      this.state = "connecting"; // connecting, live, down
      this.failures = 0;
      this.source = null;
      this.generation = 0; // an answer to an older connection is dropped
      this.timer = null;
      this.frameAt = null;
      this.openedAt = now();
      this.lastWall = Date.now();
      this.lastTick = now();
      this.heart = null;
      this.closed = false;
      this.connections = 0;
      this.asked = 0; // the least place from which this connection asked to go on
    }

    start() {
      this.pulse = scope.setInterval(() => this.watch(), 1000);
      this.open();
    }

    stop() {
      this.closed = true;
      scope.clearInterval(this.pulse);
      scope.clearTimeout(this.timer);
      this.drop();
    }

    /** Follow more topics; those already followed go on from where they stand. */
    follow(names) {
      const missing = names.filter((name) => !this.topics.has(name));
      if (!missing.length) return;
      missing.forEach((name) => this.topics.set(name, new Topic(name)));
      if (this.pulse !== undefined) this.reopen();
    }

    /** Try at once, for a reason from outside: the tab is seen again, the network is back. */
    nudge() {
      if (this.closed || this.state === "live") return;
      this.failures = 0;
      this.reopen();
    }

    address() {
      const parts = [];
      this.topics.forEach((topic) => {
        const known = topic.loaded && !topic.reset;
        parts.push(encodeURIComponent(topic.name) + (known ? "@" + topic.at : ""));
      });
      return this.url + (this.url.indexOf("?") < 0 ? "?" : "&") + "topics=" + parts.join(",");
    }

    drop() {
      this.generation += 1;
      if (this.source) this.source.close();
      this.source = null;
      this.topics.forEach((topic) => {
        topic.reset = null; // asked for again by the next connection, without @N
      });
    }

    reopen() {
      scope.clearTimeout(this.timer);
      this.drop();
      this.open();
    }

    open() {
      if (this.closed) return;
      // A topic whose snapshot had not come has no @N: it begins with a reset.
      const generation = this.generation;
      const source = new scope.EventSource(this.address());
      this.source = source;
      this.openedAt = now();
      this.connections += 1;
      this.asked = this.held();
      let greeted = false;
      const on = (name, act) => {
        source.addEventListener(name, (event) => {
          if (generation !== this.generation) return;
          this.frameAt = now();
          let data;
          try {
            data = JSON.parse(event.data);
          } catch (error) {
            this.fail(true);
            return;
          }
          act(data, Number(event.lastEventId) || 0);
        });
      };
      on("hello", (data) => {
        greeted = true;
        this.hello(data);
      });
      on("change", (data) => this.change(data));
      on("reset", (data) => this.reset(data));
      on("heartbeat", (data, id) => this.heartbeat(data, id));
      source.onerror = () => {
        // The browser's own retry would send Last-Event-ID for topics that never loaded.
        if (generation === this.generation) this.fail(greeted);
      };
    }

    fail(greeted) {
      this.drop();
      this.setState("down");
      if (greeted) {
        this.again(0);
        return;
      }
      this.reason().then((status) => {
        if (this.closed) return;
        if (status === 401 || status === 403) {
          this.listener.denied(status);
          this.again(BACKOFF_CAP_MS);
          return;
        }
        this.again(0);
      });
    }

    /** An EventSource never says why it failed: ask once more and look at the answer's head. */
    reason() {
      const abort = new AbortController();
      const limit = scope.setTimeout(() => abort.abort(), 4000);
      return scope
        .fetch(this.address(), {
          headers: { Accept: "text/event-stream" },
          credentials: "same-origin",
          cache: "no-store",
          redirect: "manual",
          signal: abort.signal,
        })
        .then((answer) => (answer.type === "opaqueredirect" ? 401 : answer.status))
        .catch(() => 0)
        .then((status) => {
          scope.clearTimeout(limit);
          abort.abort();
          return status;
        });
    }

    again(atLeast) {
      if (this.closed) return;
      const most = Math.min(BACKOFF_CAP_MS, BACKOFF_MS * Math.pow(2, this.failures));
      const wait = Math.max(atLeast, most * (0.5 + 0.5 * Math.random()));
      this.failures = Math.min(this.failures + 1, 10);
      scope.clearTimeout(this.timer);
      const generation = this.generation;
      this.timer = scope.setTimeout(() => {
        if (generation === this.generation && !this.source) this.open();
      }, wait);
    }

    watch() {
      const wall = Date.now();
      const tick = now();
      // Asleep, performance.now() may stand still while the wall clock goes on, or both jump.
      const slept = wall - this.lastWall > SLEEP_JUMP_MS + (tick - this.lastTick);
      this.lastWall = wall;
      this.lastTick = tick;
      if (!this.source) return;
      const heard = this.frameAt === null ? this.openedAt : Math.max(this.frameAt, this.openedAt);
      if (slept || tick - heard > WATCHDOG_MS) {
        this.setState("down");
        this.reopen();
      }
    }

    /** How long ago the server was last heard, in ms; null if never. */
    silence() {
      return this.frameAt === null ? null : now() - this.frameAt;
    }

    setState(state) {
      if (state === this.state) return;
      this.state = state;
      this.listener.state(this.describe());
    }

    describe() {
      return { state: this.state, position: this.position, connections: this.connections };
    }

    hello(data) {
      this.failures = 0;
      this.build = data.build;
      // A database put back to an earlier state counts anew: what we hold is of another history.
      // (A topic that came by a snapshot may be ahead of the others, and of the stream.)
      const older = data.seq < this.asked;
      this.position = data.seq;
      Object.keys(data.topics || {}).forEach((name) => {
        const topic = this.topics.get(name);
        if (!topic) return;
        const columns = data.topics[name].columns;
        if (topic.loaded && columns.join() !== topic.columns.join()) topic.loaded = false;
        topic.columns = columns;
      });
      this.listener.hello(data);
      this.beat(data);
      if (older) this.resume();
      this.setState("live");
    }

    /** The least place of those topics that can go on from one; 0 where there is none. */
    held() {
      let least = Infinity;
      this.topics.forEach((topic) => {
        if (topic.loaded && !topic.reset) least = Math.min(least, topic.at);
      });
      return least === Infinity ? 0 : least;
    }

    /** Nothing of ours can be trusted as a place to go on from: take every topic anew. */
    resume() {
      this.topics.forEach((topic) => {
        topic.loaded = false;
        topic.at = 0;
      });
      this.reopen();
    }

    heartbeat(data, id) {
      this.advance(id || data.seq || 0);
      this.beat(data);
      this.setState("live");
    }

    beat(data) {
      this.heart = {
        city_time: data.city_time,
        real_time: data.real_time,
        speed: data.speed,
        feeds: data.feeds || [],
        store: data.store || "ok",
        at: now(),
      };
      this.listener.heartbeat(this.heart);
    }

    advance(seq) {
      if (seq > this.position) this.position = seq;
      this.topics.forEach((topic) => {
        if (topic.loaded && !topic.reset && seq > topic.at) topic.at = seq;
      });
    }

    change(frame) {
      if (frame.seq <= this.position && frame.seq <= this.lowest()) return; // told already
      if (frame.prev > this.position) {
        this.reopen(); // frames are missing: go on from what we have
        return;
      }
      Object.keys(frame.changes).forEach((name) => {
        const topic = this.topics.get(name);
        if (!topic) return;
        if (topic.reset) {
          topic.reset.frames.push([frame.seq, frame.changes[name]]);
          if (topic.reset.frames.length > BUFFER_FRAMES) this.reopen();
          return;
        }
        if (topic.loaded && frame.seq > topic.at) this.apply(topic, frame.changes[name]);
      });
      this.advance(frame.seq);
    }

    lowest() {
      let least = Infinity;
      this.topics.forEach((topic) => {
        least = Math.min(least, topic.loaded && !topic.reset ? topic.at : 0);
      });
      return least;
    }

    apply(topic, delta) {
      const upsert = delta.upsert || [];
      const remove = delta.remove || [];
      for (let i = 0; i < remove.length; i += 1) topic.rows.delete(remove[i]);
      for (let i = 0; i < upsert.length; i += 1) topic.rows.set(upsert[i][0], upsert[i]);
      this.listener.delta(topic, upsert, remove);
    }

    reset(data) {
      const topic = this.topics.get(data.topic);
      if (!topic) return;
      const reset = { seq: data.seq, url: data.url, frames: [] };
      topic.reset = reset;
      this.snapshot(topic, reset, this.generation, 0);
    }

    snapshot(topic, reset, generation, tries) {
      const current = () => generation === this.generation && topic.reset === reset;
      const retry = () => {
        if (!current()) return;
        if (tries + 1 >= SNAPSHOT_TRIES) {
          this.setState("down");
          this.drop();
          this.again(0);
          return;
        }
        const wait = Math.min(2000, 200 * Math.pow(2, tries)) * (0.5 + 0.5 * Math.random());
        scope.setTimeout(() => {
          if (current()) this.snapshot(topic, reset, generation, tries + 1);
        }, wait);
      };
      scope
        .fetch(reset.url, { credentials: "same-origin", headers: { Accept: "application/json" } })
        .then((answer) => {
          if (answer.status === 401 || answer.status === 403) {
            if (current()) this.listener.denied(answer.status);
            return null;
          }
          if (!answer.ok) throw new Error("snapshot " + answer.status);
          return answer.json();
        })
        .then((body) => {
          if (!body || !current()) return;
          if (body.seq < reset.seq) {
            retry(); // older than where the stream goes on: there would be a hole
            return;
          }
          this.install(topic, reset, body);
        })
        .catch(retry);
    }

    install(topic, reset, body) {
      topic.reset = null;
      topic.columns = body.columns;
      topic.rows = new Map();
      for (let i = 0; i < body.rows.length; i += 1) topic.rows.set(body.rows[i][0], body.rows[i]);
      topic.at = body.seq;
      reset.frames.forEach((entry) => {
        if (entry[0] <= body.seq) return;
        const upsert = entry[1].upsert || [];
        const remove = entry[1].remove || [];
        remove.forEach((id) => topic.rows.delete(id));
        upsert.forEach((row) => topic.rows.set(row[0], row));
        topic.at = entry[0];
      });
      if (this.position > topic.at) topic.at = this.position;
      topic.loaded = true;
      this.listener.rows(topic);
    }
  }

  scope.pingjiStream = { Stream: Stream };
})(self);
