/* When to paint: at once after quiet, then as often as a third of the page's time allows.
 *
 * A change is seen within a frame or two where a paint is cheap; on a slow machine, or while the
 * page does something else, paints come as seldom as they must. A hidden page paints not at all.
 *
 * Owns the header (city clock, state of the stream), the banner, and the marks of old values.
 * Every paint reads the newest state, so a late one can never overwrite a newer one. */
(function () {
  "use strict";

  const pingji = window.pingji;
  const LEAST_MS = 40; // from the end of a paint to the next: no eye follows more
  const MOST_MS = 500;
  const SHARE = 2; // of a paint's time is left to everything else after it
  const ended = new MessageChannel(); // heard once the frame is done, its pixels included
  const NOW_AND_THEN_MS = 950; // for lists of which nothing changed but their ages: each tick
  const LEAST_SPEED = 0.001; // a city that is still opening holds its clock
  let asked = false;
  let paintedAt = null;
  let endedAt = null;
  let cost = 0; // ms of a frame that paints, smoothed
  let wasFresh = null;

  function ask() {
    if (asked) return;
    asked = true;
    const pause = Math.min(MOST_MS, Math.max(LEAST_MS, SHARE * cost));
    const wait = endedAt === null ? 0 : Math.max(0, endedAt + pause - performance.now());
    window.setTimeout(() => {
      window.requestAnimationFrame(() => {
        asked = false;
        paint();
      });
    }, wait);
  }

  function paint() {
    if (!pingji.page) return;
    paintedAt = performance.now();
    endedAt = paintedAt;
    pingji.emit("paint");
    showState();
    ended.port2.postMessage(null);
  }

  /** Paint when one of `events` told of a change, and else now and then: ages and names go on.
   *
   * Gives what says that it must be painted next time, whatever was told. */
  pingji.paintOn = (events, act) => {
    let due = true;
    let at = -Infinity;
    const changed = () => {
      due = true;
    };
    events.concat(["language", "filter"]).forEach((name) => pingji.on(name, changed));
    pingji.on("paint", () => {
      const now = performance.now();
      if (!due && now - at < NOW_AND_THEN_MS) return;
      due = false;
      at = now;
      act();
    });
    return changed;
  };

  ended.port1.onmessage = () => {
    endedAt = performance.now();
    cost += (Math.min(MOST_MS, endedAt - paintedAt) - cost) * 0.3;
  };

  function showClock() {
    const now = pingji.page && pingji.live.now();
    if (now === null || now === undefined) return;
    const write = pingji.write;
    write(pingji.byId("header-clock"), pingji.format.time(now));
    write(pingji.byId("header-date"), pingji.format.date(now));
    write(
      pingji.byId("header-zone"),
      pingji.format.offset(now) + " " + pingji.page.city.time_zone.replace(/_/g, " "),
    );
    const speed = pingji.live.anchor.speed;
    write(
      pingji.byId("header-speed"),
      speed === 1 || speed < LEAST_SPEED ? "" : pingji.say("replay_speed", { n: String(speed) }),
    );
  }

  function showState() {
    if (!pingji.page) return;
    const live = pingji.live;
    const fresh = live.fresh();
    const stream = pingji.byId("header-stream");
    const state = fresh ? "live" : live.heardAt === null && !live.full ? "connecting" : "down";
    if (stream) {
      stream.className = "stream stream--" + state;
      const parts = [pingji.say("stream_" + state)];
      if (live.heardAt !== null) {
        parts.push(pingji.say("received", { age: pingji.format.age(live.silence() / 1000) }));
        const painted = paintedAt === null ? 0 : (performance.now() - paintedAt) / 1000;
        parts.push(pingji.say("painted", { age: pingji.format.age(painted) }));
      }
      pair(stream, parts);
    }
    showBanner(live, state);
    document.documentElement.classList.toggle("is-stale", state === "down");
    if (wasFresh !== null && wasFresh !== fresh) pingji.emit("freshness", fresh);
    wasFresh = fresh;
  }

  /** Whether a feed is still bringing its first state, so that no number is whole yet. */
  pingji.opening = () => {
    const topic = pingji.live.topic("feeds");
    return [...topic.rows.values()].some((row) => row[topic.columns.state] === "loading");
  };

  /** First word and the rest apart: the rest may be left out where there is no room. */
  function pair(stream, parts) {
    if (stream.children.length !== 2) {
      stream.textContent = "";
      stream.append(pingji.make("strong", "stream__state"), pingji.make("span", "stream__ages"));
    }
    pingji.write(stream.children[0], parts[0]);
    pingji.write(stream.children[1], parts.slice(1).join("\n"));
  }

  function showBanner(live, state) {
    let text = "";
    if (live.full) {
      text = pingji.say("banner_full");
    } else if (state === "down") {
      const at = live.pictureAt();
      const time = at === null ? null : pingji.format.time(at);
      const word = live.state === "live" && live.store !== "ok" ? "banner_store" : "banner_down";
      text = time === null ? pingji.say("banner_first") : pingji.say(word, { time: time });
    } else if (state === "connecting" && live.begunAt && performance.now() - live.begunAt > 5000) {
      text = pingji.say("banner_first");
    } else if (pingji.opening()) {
      text = pingji.say("banner_opening");
    }
    pingji.write(pingji.byId("shell-banner"), text);
  }

  ["changed", "language", "theme"].forEach((name) => pingji.on(name, ask));
  pingji.on("heartbeat", ask);
  pingji.on("tick", () => {
    showState();
    ask();
  });
  pingji.on("page", () => {
    pingji.live.begunAt = performance.now();
    window.setInterval(showClock, 200);
  });
  pingji.paint = { paintedAt: () => paintedAt };
})();
