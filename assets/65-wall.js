/* The wall's frame: which scene and which of its steps is shown, and where its panels lie.
 *
 * The page holds every scene that this screen may show; which one it is comes with the stream, so
 * that a switch is on the wall at once. Steps follow the server's real clock, so that all screens
 * of a hall change together. Nothing here needs a hand. */
(function () {
  "use strict";

  const pingji = window.pingji;
  const PREVIEW = "/wall-preview/";
  const path = window.location.pathname;
  if (!path.startsWith("/wall/") && !path.startsWith(PREVIEW)) return;

  const TOPICS = ["cases", "stations", "readings", "feeds", "screens", "figures", "mode"].concat(
    ["alerts", "places", "cameras", "responders", "warnings", "tasks", "typhoons"],
    ["event_things", "event_confirmed", "event_posts"],
  );
  const BEATS = 24; // heartbeats that the server's time is judged by
  const LOOK_MS = 2000; // the longest time between two looks at the clock
  const SHIFT_MS = 30000;
  const SHIFT_EM = 0.12;
  const STRIP_EM = 2.4; // what the strip takes from the lowest panels
  const TIGHT = { width: 20, height: 15 }; // em; below, a panel leaves out what it can
  const NARROW = 30; // em; below, its rows leave out what can be spared

  const wall = {
    root: null,
    plan: null,
    preview: path.startsWith(PREVIEW),
    scene: undefined, // what is shown: an id, null for none; undefined before the first
    steps: [], // of the scene, as they follow each other here
    step: -1,
    target: {}, // what within the scene: an incident, cameras
    strip: [], // dangers told at the edge
    changes: [],
    em: 16,
    size: new Map(),
  };
  const offsets = [];
  let timer = null;
  let shownKey = "";

  document.documentElement.classList.add("is-wall");
  pingji.theme = "dark";
  document.documentElement.dataset.theme = "dark";
  pingji.live.topics = TOPICS;
  pingji.wall = wall;

  /** The server's real time in ms: the heartbeat that was under way the shortest is nearest. */
  wall.now = () => (offsets.length ? Math.max.apply(null, offsets) + performance.now() : null);

  /** What the store says of this screen: the row by its columns' names, or null. */
  wall.told = () => {
    const topic = pingji.live.topic("screens");
    const row = wall.plan && topic.loaded && topic.rows.get(wall.plan.screen);
    if (!row) return null;
    const told = {};
    Object.keys(topic.columns).forEach((name) => {
      told[name] = row[topic.columns[name]];
    });
    return told;
  };

  /** The scene that is shown, as the plan has it. */
  wall.sceneNow = () => (wall.plan && wall.scene && wall.plan.scenes[wall.scene]) || null;

  /** What the present scene judges by. */
  wall.threshold = (name) => wall.sceneNow().thresholds[name];

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
    shownKey = "";
    if (wall.plan) {
      stage({ scene: wall.plan.scene, why: "", target: {}, strip: [] });
      follow();
    }
  }

  /** Show what the store says. A scene that this page does not have comes with a new page. */
  function follow() {
    const told = wall.told();
    if (!told || wall.preview) return;
    const known = wall.plan.scenes[told.scene];
    if (told.scene && (!known || known.edition !== told.edition)) {
      const wanted = told.scene + " " + told.edition;
      if (window.sessionStorage.getItem("pingji.scene") !== wanted) {
        window.sessionStorage.setItem("pingji.scene", wanted);
        pingji.live.renew();
        return;
      }
    }
    stage(told);
  }

  function roundOf(scene) {
    if (!scene) return [];
    return wall.preview ? scene.steps : pingji.watch.steps(scene);
  }

  /** Put a scene on: all its panels are built already. */
  function stage(told) {
    const scene = wall.plan.scenes[told.scene];
    const round = roundOf(scene);
    const due = round.map((step) => scene.steps.indexOf(step));
    const key = JSON.stringify([told.scene, told.why, told.target, told.strip, due]);
    if (key === shownKey) return;
    shownKey = key;
    const asked = (told.target && told.target.steps) || [];
    wall.scene = scene ? told.scene : null;
    wall.target = told.target || {};
    wall.strip = told.strip || [];
    wall.steps = round;
    const chosen = asked.filter((one) => scene && scene.steps[one.step]);
    if (chosen.length) {
      wall.steps = chosen.map((one) => Object.assign({}, scene.steps[one.step], { seconds: one.seconds }));
    }
    wall.root.dataset.why = told.why;
    wall.root.dataset.purpose = scene ? scene.purpose : "";
    wall.root.querySelector(".wall__missing").hidden = Boolean(scene) || told.why === "blank";
    wall.step = -1;
    if (!scene) panels({});
    pingji.emit("wall-scene", wall.scene);
    turn();
  }

  /** Show the step of this moment, and look again when the next one is due. */
  function turn() {
    window.clearTimeout(timer);
    const steps = wall.steps;
    if (!wall.plan || !steps.length) return;
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
    const step = wall.steps[index];
    wall.step = index;
    wall.changes.push({ scene: wall.scene, step: index, at: now });
    if (wall.changes.length > 50) wall.changes.shift();
    wall.em = parseFloat(window.getComputedStyle(wall.root).fontSize);
    panels(step.places);
    announce(step);
  }

  function panels(places) {
    wall.root.querySelectorAll("[data-panel]").forEach((panel) => {
      const place = places[panel.dataset.panel];
      panel.hidden = !place;
      if (place) lay(panel, place);
    });
  }

  /** Which step it is, in words; the panels follow. */
  function announce(step) {
    pingji.write(pingji.byId("wall-step"), nameOf(step));
    pingji.emit("wall-step", step);
  }

  function nameOf(step) {
    if (wall.steps.length < 2) return "";
    return step.name[pingji.language === "en" ? 1 : 0];
  }

  pingji.on("language", () => {
    const step = wall.steps[wall.step];
    if (step) announce(step);
  });

  /** What a panel may take of its height: the lowest ones give way to the strip. */
  function heightOf(place) {
    if (!wall.strip.length) return place[3];
    const edge = 1 - (STRIP_EM * wall.plan.em) / wall.plan.height;
    return place[1] + place[3] > edge && place[1] < edge ? edge - place[1] : place[3];
  }

  function lay(panel, place) {
    const parts = ["left", "top", "width", "height"];
    const laid = [place[0], place[1], place[2], heightOf(place)];
    parts.forEach((part, n) => {
      panel.style[part] = laid[n] * 100 + "%";
    });
    const size = {
      width: (laid[2] * wall.plan.width) / wall.plan.em,
      height: (laid[3] * wall.plan.height) / wall.plan.em,
    };
    const tight = size.width < TIGHT.width || size.height < TIGHT.height;
    panel.dataset.size = tight ? "tight" : "roomy";
    panel.dataset.narrow = String(size.width < NARROW);
    panel.dataset.tall = String(size.height > size.width);
    wall.size.set(panel.dataset.panel, size);
  }

  /** Nothing stays on one spot for ever: the whole picture wanders within its edge. */
  function shift(now) {
    const turnOf = Math.floor(now / SHIFT_MS);
    const most = SHIFT_EM * wall.em;
    const x = Math.round(most * Math.sin(turnOf * 0.7));
    const y = Math.round(most * Math.cos(turnOf * 0.43));
    const place = pingji.byId("wall-stage");
    if (place) place.style.transform = "translate(" + x + "px, " + y + "px)";
  }

  pingji.on("heartbeat", hear);
  pingji.on("paint", attach);
  pingji.on("tick", attach);
  ["screens", "typhoons", "mode"].forEach((topic) => {
    pingji.on("set:" + topic, follow);
    pingji.on("delta:" + topic, follow);
  });
  window.addEventListener("resize", () => {
    wall.step = -1;
    turn();
  });
})();
