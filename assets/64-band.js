/* The bands: one for each operation that acts on where this screen stands, and the mode's word.
 *
 * A band says issuer, level and elapsed time; what runs only in a part stands behind as a chip.
 * Only its first two seconds move. Time is the city's, from the stream. */
(function () {
  "use strict";

  const pingji = window.pingji;
  const TICK_MS = 1000;
  const NEW_MS = 2000;
  const HOUR_S = 3600;
  const DAY_S = 86400;
  const onWall = /^\/wall(-preview)?\//.test(window.location.pathname); // one line, nothing to press
  const seen = new Set(); // operations whose band stands, so that a new one can be told
  let first = true;

  const word = (zh, en) => (pingji.language === "en" ? en : zh);
  const pad = (n) => String(n).padStart(2, "0");

  /** "03:15:20", and the days before it. */
  function elapsed(seconds) {
    const days = Math.floor(seconds / DAY_S);
    const rest = seconds - days * DAY_S;
    const time = [Math.floor(rest / HOUR_S), Math.floor(rest / 60) % 60, Math.floor(rest % 60)]
      .map(pad)
      .join(":");
    return days ? pingji.say("band_days", { n: days, time: time }) : time;
  }

  function read([id, zh, en, kind, level, at, drill, unconfirmed, issuer, scenario]) {
    return {
      id: id,
      title: word(zh, en),
      kind: kind,
      level: level,
      at: Date.parse(at),
      drill: drill,
      unconfirmed: unconfirmed,
      issuer: issuer ? word(issuer[0], issuer[1]) : "",
      numbering: issuer ? issuer[2] : "roman",
      scenario: scenario,
    };
  }

  /** Where this screen stands: a wall tells of its own place, whoever looks. */
  function areas() {
    const plan = pingji.wall && pingji.wall.plan;
    return plan ? [plan.area] : pingji.page.viewer.areas || [];
  }

  /** What ended and left 加强值班 here, the last first: bands with `endedAt` and `until`. */
  function watched() {
    const topic = pingji.live.topic("mode");
    const found = new Map();
    areas().forEach((area) => {
      const row = topic.rows.get(area);
      if (!row) return;
      row[topic.columns.watched].forEach((told) => {
        const [endedAt, until] = told.slice(-2).map((at) => Date.parse(at));
        found.set(told[0], Object.assign(read(told), { endedAt: endedAt, until: until }));
      });
    });
    return Array.from(found.values());
  }

  /** What acts here, the deciding one first. */
  function acting() {
    const topic = pingji.live.topic("mode");
    const found = new Map();
    areas().forEach((area) => {
      const row = topic.rows.get(area);
      if (!row) return;
      row[topic.columns.bands].forEach((told) => {
        found.set(told[0], read(told));
      });
    });
    const room = pingji.event && pingji.event.band(); // a member of an event is told of its own
    if (room && !found.has(room.id)) found.set(room.id, room);
    return Array.from(found.values());
  }

  /** What runs below this screen's own jurisdiction: modes of parts whose operation is not here. */
  function below(here) {
    const topic = pingji.live.topic("mode");
    const own = new Set(here.map((band) => band.id));
    const found = new Map();
    topic.rows.forEach((row) => {
      row[topic.columns.bands].forEach((band) => {
        if (!own.has(band[0]) && !found.has(band[0])) {
          found.set(band[0], { id: band[0], title: word(band[1], band[2]), drill: band[6] });
        }
      });
    });
    return Array.from(found.values());
  }

  /** The mode of this screen: routine, emergency or event, by the deciding operation. */
  function mode(here) {
    if (!here.length) return "routine";
    return here[0].kind === "event" ? "event" : "emergency";
  }

  function look(band) {
    const names = ["band"];
    if (band.kind === "event") names.push("band--event");
    else names.push("band--" + (band.level || 4));
    if (band.drill) names.push("band--drill");
    return names;
  }

  /** What opens the task board; shown where it has something to tell. */
  function board(band) {
    const tasks = pingji.make("button", "band__tasks");
    tasks.type = "button";
    tasks.hidden = true;
    tasks.dataset.act = "tasks";
    tasks.dataset.operation = band.id;
    return tasks;
  }

  function make(band, fresh) {
    const element = pingji.make("div", look(band).join(" ") + (fresh ? " band--new" : ""));
    element.dataset.operation = band.id;
    if (band.drill) element.append(pingji.make("span", "band__drill", pingji.say("band_drill")));
    const title = pingji.make("strong", "band__title", band.title);
    if (onWall) {
      title.dataset.whole = band.title;
      title.dataset.short = band.title.replace(pingji.say("band_alike"), "");
    }
    element.append(title);
    const time = pingji.make("span", "band__time");
    time.dataset.since = String(band.at);
    element.append(time);
    if (band.unconfirmed) {
      element.append(pingji.make("span", "band__owed", pingji.say("band_unconfirmed")));
    }
    if (!onWall) element.append(board(band));
    const stop = onWall ? null : pingji.drillStop(band);
    if (stop) element.append(stop);
    if (fresh) window.setTimeout(() => element.classList.remove("band--new"), NEW_MS);
    return element;
  }

  /** What ended, and until when it is watched. */
  function watchBand(watch) {
    const element = pingji.make("div", "band band--watch");
    element.dataset.watch = watch.id;
    element.append(
      pingji.make("strong", "band__title", pingji.watch.until(watch)),
      pingji.make("span", "band__ended", pingji.watch.ended(watch)),
    );
    return element;
  }

  function tick() {
    const now = pingji.live.now();
    if (now === null) return;
    document.querySelectorAll(".band__time").forEach((time) => {
      const seconds = Math.max(0, Math.floor((now - Number(time.dataset.since)) / 1000));
      pingji.write(time, pingji.say("band_since", { time: elapsed(seconds) }));
    });
  }

  function tell(here) {
    const ids = new Set(here.map((band) => band.id));
    here.forEach((band) => {
      if (!first && !seen.has(band.id)) {
        pingji.announce(pingji.say("band_started", { title: band.title }));
      }
    });
    if (!first && seen.size && !ids.size) pingji.announce(pingji.say("band_ended"));
    seen.clear();
    ids.forEach((id) => seen.add(id));
    first = false;
  }

  function paint() {
    const topic = pingji.live.topic("mode");
    if (!pingji.page || !topic.loaded) return;
    const here = acting();
    const under = below(here);
    const watches = watched();
    const now = mode(here);
    document.documentElement.dataset.mode = now;
    document.querySelectorAll("body [data-mode]").forEach((chip) => {
      if (chip.dataset.mode === now) return;
      chip.dataset.mode = now;
      const pair = pingji.page.words["mode_" + now];
      chip.querySelectorAll("[lang]").forEach((half) => {
        pingji.write(half, pair[half.lang === "en" ? 1 : 0]);
      });
    });
    const place = pingji.byId("band");
    if (place) {
      const key = JSON.stringify([pingji.language, here, under, watches]);
      if (place.dataset.key !== key) {
        place.dataset.key = key;
        const parts = here.map((band) => make(band, !first && !seen.has(band.id)));
        parts.push(...watches.map(watchBand));
        if (under.length && !onWall) {
          const row = pingji.make("div", "bands__below");
          row.append(pingji.make("span", "bands__word", pingji.say("band_below")));
          under.forEach((band) => {
            const text = band.drill ? pingji.say("band_drill") + " " + band.title : band.title;
            const chip = pingji.make("span", "chip band-chip", text);
            if (band.drill) chip.classList.add("band-chip--drill");
            row.append(chip);
            const stop = pingji.drillStop(band);
            if (stop) row.append(stop);
          });
          parts.push(row);
        }
        place.replaceChildren(...parts);
      }
    }
    tell(here);
    tick();
    pingji.emit("mode", { mode: now, here: here, below: under });
  }

  /** Titles of all operations that any band here names, by id. */
  function all() {
    const found = new Map();
    acting().forEach((band) => found.set(band.id, band.title));
    below([]).forEach((band) => found.set(band.id, band.title));
    return found;
  }

  pingji.mode = { acting: acting, watched: watched, below: below, all: all, elapsed: elapsed };
  pingji.on("paint", paint);
  window.setInterval(tick, TICK_MS);
})();
