/* The wall's frame: which step is shown when, where its panels lie, and how it heals itself.
 *
 * Steps follow the server's real clock, so that all screens of a hall change together. The page is
 * loaded anew only when the build changed and the server answers. Nothing here needs a hand. */
(function () {
  "use strict";

  const pingji = window.pingji;
  if (!window.location.pathname.startsWith("/wall/")) return;

  const TOPICS = ["cases", "stations", "readings", "feeds", "screens", "figures", "mode"];
  const BEATS = 24; // heartbeats that the server's time is judged by
  const LOOK_MS = 2000; // the longest time between two looks at the clock
  const SHIFT_MS = 30000;
  const SHIFT_EM = 0.12;
  const TIGHT = { width: 20, height: 15 }; // em; below, a panel leaves out what it can
  const EMPTY_MS = 25000; // so long without a picture of our own: load anew
  const REFUSED_MS = 20000;

  const wall = { root: null, plan: null, step: -1, changes: [], em: 16, size: new Map() };
  const offsets = [];
  const openedAt = performance.now();
  let timer = null;
  let renewing = false;

  document.documentElement.classList.add("is-wall");
  pingji.theme = "dark";
  document.documentElement.dataset.theme = "dark";
  pingji.live.topics = TOPICS;
  pingji.wall = wall;

  /** The server's real time in ms: the heartbeat that was under way the shortest is nearest. */
  wall.now = () => (offsets.length ? Math.max.apply(null, offsets) + performance.now() : null);

  function hear() {
    const real = pingji.live.real;
    if (!real) return;
    offsets.push(real.server - real.at);
    if (offsets.length > BEATS) offsets.shift();
    turn();
  }

  function attach() {
    const root = pingji.byId("wall");
    if (root === wall.root) return;
    wall.root = root;
    wall.plan = root && root.dataset.wall ? JSON.parse(root.dataset.wall) : null;
    wall.step = -1;
    if (wall.plan) turn();
  }

  /** Show the step of this moment, and look again when the next one is due. */
  function turn() {
    window.clearTimeout(timer);
    if (!wall.plan || !wall.plan.steps.length) return;
    const steps = wall.plan.steps;
    const now = wall.now();
    let step = 0;
    let left = LOOK_MS;
    if (now !== null) {
      const round = steps.reduce((sum, s) => sum + s.seconds * 1000, 0);
      let into = now % round;
      while (into >= steps[step].seconds * 1000) {
        into -= steps[step].seconds * 1000;
        step += 1;
      }
      left = steps[step].seconds * 1000 - into;
      shift(now);
    }
    if (step !== wall.step) show(step, now);
    else if (pingji.byId("wall-step").textContent !== nameOf(steps[step])) announce(steps[step]);
    timer = window.setTimeout(turn, Math.max(1, Math.min(left + 1, LOOK_MS)));
  }

  function show(index, now) {
    const step = wall.plan.steps[index];
    wall.step = index;
    wall.changes.push({ step: index, at: now });
    if (wall.changes.length > 50) wall.changes.shift();
    wall.em = parseFloat(window.getComputedStyle(wall.root).fontSize);
    wall.root.querySelectorAll("[data-panel]").forEach((panel) => {
      const place = step.places[panel.dataset.panel];
      panel.hidden = !place;
      if (place) lay(panel, place);
    });
    announce(step);
  }

  /** Which step it is, in words; the panels follow. */
  function announce(step) {
    pingji.write(pingji.byId("wall-step"), nameOf(step));
    pingji.emit("wall-step", step);
  }

  function nameOf(step) {
    if (wall.plan.steps.length < 2) return "";
    return step.name[pingji.language === "en" ? 1 : 0];
  }

  pingji.on("language", () => {
    const step = wall.plan && wall.plan.steps[wall.step];
    if (step) announce(step);
  });

  function lay(panel, place) {
    const parts = ["left", "top", "width", "height"];
    parts.forEach((part, n) => {
      panel.style[part] = place[n] * 100 + "%";
    });
    const size = {
      width: (place[2] * wall.plan.width) / wall.plan.em,
      height: (place[3] * wall.plan.height) / wall.plan.em,
    };
    const tight = size.width < TIGHT.width || size.height < TIGHT.height;
    panel.dataset.size = tight ? "tight" : "roomy";
    wall.size.set(panel.dataset.panel, size);
  }

  /** Nothing stays on one spot for ever: the whole picture wanders within its edge. */
  function shift(now) {
    const turnOf = Math.floor(now / SHIFT_MS);
    const most = SHIFT_EM * wall.em;
    const x = Math.round(most * Math.sin(turnOf * 0.7));
    const y = Math.round(most * Math.cos(turnOf * 0.43));
    const stage = pingji.byId("wall-stage");
    if (stage) stage.style.transform = "translate(" + x + "px, " + y + "px)";
  }

  function tell() {
    const note = pingji.byId("wall-note");
    if (!note) return;
    const live = pingji.live;
    let text = "";
    if (!live.fresh()) {
      const at = live.pictureAt();
      text =
        at === null
          ? pingji.say("wall_waiting")
          : pingji.say("wall_down", { time: pingji.format.time(at) });
    }
    pingji.write(note, text);
  }

  /** Load the page anew, as soon as the server gives it. */
  function renew() {
    if (renewing) return;
    renewing = true;
    const again = () => window.setTimeout(attempt, 3000 + 4000 * Math.random());
    function attempt() {
      window
        .fetch(window.location.href, {
          cache: "no-store",
          credentials: "same-origin",
          headers: { Accept: "text/html" },
        })
        .then((answer) => {
          if (answer.ok) window.location.reload();
          else again();
        })
        .catch(again);
    }
    attempt();
  }

  let refusedAt = null;

  /** Refused: ask once more after a while, then show the way in (which this page is then). */
  function turnedAway() {
    if (refusedAt !== null) return;
    refusedAt = performance.now();
    window.setTimeout(() => {
      window
        .fetch("/api/v1/me", { cache: "no-store", credentials: "same-origin" })
        .then((answer) => {
          if (answer.status === 401) renew();
        })
        .catch(() => {})
        .then(() => {
          refusedAt = null;
        });
    }, REFUSED_MS);
  }

  function watch() {
    attach();
    tell();
    if (!wall.root && performance.now() - openedAt > EMPTY_MS) renew();
  }

  /** Another scene was sent here: its plan comes with the page. */
  function follow() {
    const topic = pingji.live.topic("screens");
    const row = wall.plan && topic.rows.get(wall.plan.screen);
    if (row && topic.loaded && row[topic.columns.scene] !== wall.plan.scene) renew();
  }

  function stayAwake() {
    if (!navigator.wakeLock || document.hidden) return;
    navigator.wakeLock.request("screen").catch(() => {});
  }

  pingji.live.renew = renew;
  pingji.live.turnedAway = turnedAway;
  pingji.on("heartbeat", hear);
  pingji.on("paint", attach);
  pingji.on("tick", watch);
  pingji.on("set:screens", follow);
  pingji.on("delta:screens", follow);
  window.setInterval(watch, 1000); // also before the page's data has come
  window.addEventListener("resize", () => {
    wall.step = -1;
    turn();
  });
  document.addEventListener("visibilitychange", stayAwake);
  stayAwake();
})();
