/* The live data of this page: rows of each topic, the city's clock, and how old the picture is.
 *
 * Joins the SharedWorker's stream; where there is none this page holds a stream of its own, three
 * pages of a browser at most. It paints nothing. */
(function () {
  "use strict";

  const pingji = window.pingji;
  const TOPICS = "cases stations readings cameras feeds operations mode tasks proposals figures".split(" ");
  /* Topics of things: what is of a drill stands apart from what is real, so that no list, map or
   * figure takes it in but by asking for it. Acts (operations, mode, tasks) say what they are. */
  const APART = new Set(
    "cases stations readings cameras responders places warnings alerts calls promises feeds".split(" "),
  );
  const SILENT_MS = 12000;
  const REJOIN_MS = 25000;
  const SLOTS = 3;
  const SLOT_LIFE_MS = 90000; // timers of a hidden page run once a minute

  const topics = new Map();
  const live = {
    state: "connecting",
    full: false, // three pages already have a stream
    position: 0,
    connections: 0,
    heardAt: null, // performance.now() of the last word from the server
    anchor: null, // {city, at, speed}
    feeds: {}, // id -> {state, age_s, city_age_s} of the last heartbeat
    store: "ok",
    shared: false,
    topics: TOPICS, // a screen that shows other things names them before it joins
    needs: {}, // topic -> the right without which it is not asked for
    handing: false, // somebody else is signing in here: the end of the old session is no news

    topic(name) {
      let topic = topics.get(name);
      if (!topic) {
        topic = { name: name, rows: new Map(), drills: new Map(), columns: {}, loaded: false };
        topics.set(name, topic);
      }
      return topic;
    },

    /** A row by its id, real or of a drill; undefined where there is none. */
    row(name, id) {
      const topic = live.topic(name);
      return topic.rows.get(id) || topic.drills.get(id);
    },

    /** Whether a row of a topic is of a drill. */
    ofDrill(name, row) {
      const at = live.topic(name).columns.drill;
      return at !== undefined && row[at] === true;
    },

    /** City time in ms, or null before the first heartbeat. Never from this machine's clock. */
    now() {
      if (!live.anchor) return null;
      const elapsed = performance.now() - live.anchor.at;
      shown = Math.max(shown, live.anchor.city + elapsed * live.anchor.speed);
      return shown;
    },

    /** City time of the picture: the moment up to which the server was heard. */
    pictureAt() {
      if (!live.anchor || live.heardAt === null) return null;
      if (live.fresh()) return live.now();
      return live.anchor.city + Math.max(0, live.heardAt - live.anchor.at) * live.anchor.speed;
    },

    silence() {
      return live.heardAt === null ? Infinity : performance.now() - live.heardAt;
    },

    fresh() {
      return live.state === "live" && live.store === "ok" && live.silence() < SILENT_MS;
    },

    /** What to do when the build has changed; a wall waits until the server can be had. */
    renew() {
      window.location.reload();
    },

    /** What to do when the server knows us no longer; a wall has no sign-in. */
    turnedAway() {
      window.location.assign("/login");
    },

    /** Go on as whoever the page now belongs to; what is shown stays until the new rows come. */
    rejoin() {
      pingji.memory.set("session", pingji.page.session);
      leave();
      if (port) port.onmessage = null;
      if (!alone && live.shared) join(); // a page without a worker joins again by itself
    },

    /** Every row as the stream's owner holds it, for tests: resolves to {topic, at, rows}. */
    dump(topic) {
      return new Promise((resolve) => {
        dumps.push(resolve);
        send({ type: "dump", topic: topic });
      });
    },
  };

  let shown = -Infinity;
  let send = () => {};
  let leave = () => {};
  let port = null; // of the worker
  let toldAt = 0; // when the worker last said anything
  const dumps = [];
  const tab = Math.random().toString(36).slice(2);

  /** The server was heard so long ago; a worker that lost it may still tell what it keeps. */
  function hear(silence) {
    if (silence === null) return;
    const at = performance.now() - silence;
    if (live.heardAt === null || at > live.heardAt) live.heardAt = at;
  }

  const receive = {
    rows(message) {
      hear(message.silence_ms);
      live.position = Math.max(live.position, message.position);
      message.sets.forEach((set) => {
        const topic = live.topic(set.topic);
        topic.columns = index(set.columns);
        topic.rows = new Map();
        topic.drills = new Map();
        set.rows.forEach((row) => place(topic, row).set(row[0], row));
        topic.loaded = true;
        pingji.emit("set:" + set.topic, topic);
        pingji.emit("drills:" + set.topic, topic);
      });
      message.deltas.forEach((delta) => {
        const topic = live.topic(delta.topic);
        topic.columns = index(delta.columns);
        const drilled = delta.upsert.filter((row) => place(topic, row) === topic.drills);
        const gone = delta.remove.filter((id) => topic.drills.delete(id));
        delta.remove.forEach((id) => topic.rows.delete(id));
        delta.upsert.forEach((row) => place(topic, row).set(row[0], row));
        if (drilled.length || gone.length) {
          pingji.emit("drills:" + delta.topic, topic);
          delta.upsert = delta.upsert.filter((row) => place(topic, row) === topic.rows);
        }
        pingji.emit("delta:" + delta.topic, delta);
      });
      send({ type: "answered" });
      pingji.emit("changed");
    },

    heartbeat(message) {
      hear(message.age_ms);
      const at = performance.now() - message.age_ms;
      live.anchor = { city: Date.parse(message.city_time), at: at, speed: message.speed };
      live.real = { server: Date.parse(message.real_time), at: at };
      live.store = message.store;
      live.feeds = {};
      message.feeds.forEach((feed) => {
        live.feeds[feed.id] = feed;
      });
      pingji.emit("heartbeat");
    },

    state(message) {
      live.state = message.state;
      live.position = Math.max(live.position, message.position || 0);
      live.connections = message.connections;
      pingji.emit("changed");
    },

    hello(message) {
      const build = pingji.page.build;
      if (!build || !message.build || message.build === build) return;
      const key = "pingji.reloaded";
      if (window.sessionStorage.getItem(key) === message.build) return;
      window.sessionStorage.setItem(key, message.build);
      live.renew();
    },

    denied() {
      if (!live.handing) live.turnedAway();
    },

    pong() {}, // the worker lives; there is nothing new

    dump(message) {
      const resolve = dumps.shift();
      if (resolve) resolve(message);
    },
  };

  /** Where a row of a topic stands: among what is real, or among what is of drills. */
  function place(topic, row) {
    return APART.has(topic.name) && live.ofDrill(topic.name, row) ? topic.drills : topic.rows;
  }

  function index(columns) {
    const places = {};
    columns.forEach((name, i) => {
      places[name] = i;
    });
    return places;
  }

  function hand(message) {
    toldAt = performance.now();
    receive[message.type](message);
  }

  function join() {
    toldAt = performance.now();
    if (window.SharedWorker) {
      joinShared();
    } else {
      joinAlone();
    }
  }

  function joinShared() {
    const page = pingji.page;
    const query = new URLSearchParams({ build: page.build, session: page.session });
    let worker;
    try {
      worker = new window.SharedWorker("/assets/live-worker.js?" + query, {
        name: "pingji " + page.build + " " + page.session,
      });
    } catch (error) {
      joinAlone();
      return;
    }
    live.shared = true;
    worker.onerror = () => {
      if (live.shared && live.heardAt === null) {
        live.shared = false;
        joinAlone();
      }
    };
    port = worker.port;
    port.onmessage = (event) => hand(event.data);
    port.start();
    send = (message) => worker.port.postMessage(message);
    leave = () => send({ type: "bye" });
    send({ type: "join", topics: wanted(), hidden: document.hidden });
  }

  /** Alerts sound on this screen beside the console, because the site says so. */
  live.soundsHere = () => pingji.page.sound_on.includes(window.location.pathname.split("/")[1]);

  function wanted() {
    const rights = pingji.page.viewer.rights;
    const more = live.soundsHere() && !live.topics.includes("alerts") ? ["alerts"] : [];
    const topics = live.topics.concat(more);
    return topics.filter((name) => !live.needs[name] || rights.includes(live.needs[name]));
  }

  /* Without a SharedWorker: a stream a page, in one of three slots kept in localStorage. */
  const slots = {
    read(i) {
      try {
        return JSON.parse(pingji.memory.get("stream." + i)) || null;
      } catch (error) {
        return null;
      }
    },
    write(i) {
      const mine = { tab: tab, at: Date.now(), hidden: document.hidden };
      pingji.memory.set("stream." + i, JSON.stringify(mine));
    },
    take() {
      let hiddenOne = -1;
      for (let i = 0; i < SLOTS; i += 1) {
        const slot = slots.read(i);
        const free = !slot || slot.tab === tab || Date.now() - slot.at > SLOT_LIFE_MS;
        if (free) {
          slots.write(i);
          return i;
        }
        if (slot.hidden && hiddenOne < 0) hiddenOne = i;
      }
      if (hiddenOne >= 0 && !document.hidden) {
        slots.write(hiddenOne); // a page that nobody looks at makes room
        return hiddenOne;
      }
      return -1;
    },
  };

  let alone = null; // {desk, slot, timer}

  function joinAlone() {
    if (alone) return;
    const slot = slots.take();
    live.full = slot < 0;
    if (slot < 0) {
      live.state = "down";
      send = () => {};
      leave = () => {};
      window.setTimeout(joinAlone, 3000);
      pingji.emit("changed");
      return;
    }
    const desk = new self.pingjiStream.Desk("/live", []);
    const give = desk.join((message) => window.setTimeout(() => hand(message), 0));
    const timer = window.setInterval(() => {
      const holder = slots.read(slot);
      if (holder && holder.tab !== tab) leaveAlone();
      else slots.write(slot);
    }, 2000);
    alone = { desk: desk, slot: slot, timer: timer };
    send = (message) => alone && give(message);
    leave = leaveAlone;
    send({ type: "join", topics: wanted(), hidden: document.hidden });
  }

  function leaveAlone() {
    if (!alone) return;
    window.clearInterval(alone.timer);
    alone.desk.stream.stop();
    const holder = slots.read(alone.slot);
    if (holder && holder.tab === tab) pingji.memory.set("stream." + alone.slot, "null");
    alone = null;
    live.state = "down";
    if (!document.hidden) window.setTimeout(joinAlone, 1000);
    pingji.emit("changed");
  }

  function watch() {
    pingji.emit("tick");
    if (!live.shared || document.hidden || live.silence() < SILENT_MS) return;
    // The server is silent, or the worker itself has died with its process: then take another.
    if (performance.now() - toldAt < REJOIN_MS) {
      send({ type: "ping" });
      return;
    }
    leave();
    if (live.heardAt !== null) {
      join();
      return;
    }
    live.shared = false; // it never spoke: this browser's workers do not work
    joinAlone();
  }

  function begin(page) {
    if (live.begun) return;
    live.begun = true;
    pingji.memory.set("session", page.session);
    join();
    window.setInterval(watch, 1000);
    document.addEventListener("visibilitychange", () => {
      if (!live.shared && !alone && !document.hidden) joinAlone();
      if (alone) slots.write(alone.slot);
      send({ type: "visible", hidden: document.hidden });
    });
    window.addEventListener("online", () => send({ type: "nudge" }));
    window.addEventListener("pagehide", () => leave());
    window.addEventListener("pageshow", (event) => {
      if (event.persisted) join();
    });
    window.addEventListener("storage", (event) => {
      // Another page of this browser signed in as somebody else: this one is of the past.
      if (event.key === "pingji.session" && event.newValue !== pingji.page.session) {
        window.location.reload();
      }
    });
  }

  pingji.acts["sign-out"] = () => {
    const match = /(?:^|; )_csrf_token=([^;]*)/.exec(document.cookie);
    const token = match ? decodeURIComponent(match[1]) : "";
    window
      .fetch("/logout", {
        method: "POST",
        credentials: "same-origin",
        headers: { "X-CSRFToken": token },
      })
      .then(() => {
        pingji.memory.set("session", "");
        window.location.assign("/login");
      })
      .catch(() => pingji.announce(pingji.say("stream_down")));
  };

  live.hand = hand;
  pingji.live = live;
  pingji.on("page", begin);
})();
