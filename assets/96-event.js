/* The event whose room this page is: its things as they stand by the city's clock, and what lies
 * within its zones. It paints nothing; 96-event-… do.
 *
 * A thing has states one after the other; each holds from `effective` until `until`. */
(function () {
  "use strict";

  const pingji = window.pingji;
  const TOPICS = ["event_things", "event_versions", "event_posts", "event_reports", "event_hazards"];
  const LEVELS = ["core", "control", "watch"];
  const INSIDE_MS = 500; // what lies inside is looked for anew at most so often
  const onPage = /^\/event\//.test(window.location.pathname);
  let told = null; // {id, title, member} as the layout says
  let states = null; // every state of this event's things
  let zones = null; // {at, until, list}: those that hold, good until the next boundary
  let found = null; // {at, …} what lies inside

  if (onPage) pingji.live.topics = pingji.live.topics.concat(TOPICS);

  const time = (text) => (text ? Date.parse(text) : null);

  /** The event of the page that is shown, or that a wall shows, or null. */
  function event() {
    if (pingji.wall) return pingji.wall.event ? pingji.wall.event() : null;
    return room();
  }

  /** The event whose room this page is, or null. */
  function room() {
    const root = pingji.byId("event");
    if (!root || !root.dataset.event) return null;
    if (!told || told.root !== root) told = Object.assign({ root }, JSON.parse(root.dataset.event));
    return told;
  }

  /** Rows of a topic that belong to the event, as objects. */
  function rows(name) {
    const mine = event();
    const topic = pingji.live.topic(name);
    const at = topic.columns;
    const list = [];
    if (!mine) return list;
    topic.rows.forEach((row) => {
      if (row[at.operation] !== mine.id) return;
      const made = {};
      Object.keys(at).forEach((column) => {
        made[column] = row[at[column]];
      });
      list.push(made);
    });
    return list;
  }

  function allStates() {
    if (!states) {
      states = rows("event_things").map((row) =>
        Object.assign(row, {
          key: row.kind + "/" + row.thing,
          effective: time(row.effective_at),
          end: time(row.until),
          label: () => (pingji.language === "en" ? row.name_en : row.name),
        }),
      );
    }
    return states;
  }

  const holds = (state, now) =>
    !state.removed && state.effective <= now && (state.end === null || state.end > now);

  /** Things of a kind that hold at a moment, in the order of their ids. */
  function things(kind, now) {
    return allStates()
      .filter((state) => (!kind || state.kind === kind) && holds(state, now))
      .sort((a, b) => (a.thing < b.thing ? -1 : 1));
  }

  /** The states that a version made, and what held before each. */
  function changesOf(version) {
    return allStates()
      .filter((state) => state.version === version)
      .map((state) => ({
        after: state,
        before:
          allStates()
            .filter((other) => other.key === state.key && other.version < version)
            .sort((a, b) => b.version - a.version)[0] || null,
      }));
  }

  /** The next moment at which anything begins or ends to hold; Infinity where none is known. */
  function boundary(now) {
    let next = Infinity;
    allStates().forEach((state) => {
      [state.effective, state.end].forEach((at) => {
        if (at !== null && at > now) next = Math.min(next, at);
      });
    });
    return next;
  }

  /** World coordinates (0 to 1), as the model keeps its points. */
  function world(lon, lat) {
    const sine = Math.sin((lat * Math.PI) / 180);
    return [lon / 360 + 0.5, 0.5 - (0.25 * Math.log((1 + sine) / (1 - sine))) / Math.PI];
  }

  function polygons(geometry) {
    const all = geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
    return all.map((rings) => rings.map((ring) => ring.map(([lon, lat]) => world(lon, lat))));
  }

  /** Zones that hold, the strictest first, ready to be asked. */
  function zonesAt(now) {
    if (zones && now >= zones.at && now < zones.until) return zones.list;
    const list = things("zone", now).map((state) => {
      const parts = polygons(state.geometry);
      const box = [Infinity, Infinity, -Infinity, -Infinity];
      parts.forEach((rings) =>
        rings[0].forEach(([x, y]) => {
          box[0] = Math.min(box[0], x);
          box[1] = Math.min(box[1], y);
          box[2] = Math.max(box[2], x);
          box[3] = Math.max(box[3], y);
        }),
      );
      return Object.assign({}, state, { parts, box, level: state.body.level });
    });
    list.sort((a, b) => LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level));
    zones = { at: now, until: boundary(now), list };
    return list;
  }

  function inRing(ring, x, y) {
    let inside = false;
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i, i += 1) {
      const a = ring[i];
      const b = ring[j];
      if (a[1] > y !== b[1] > y && x < ((b[0] - a[0]) * (y - a[1])) / (b[1] - a[1]) + a[0]) {
        inside = !inside;
      }
    }
    return inside;
  }

  /** The strictest zone that holds a point of the world, or null. */
  function zoneOf(list, x, y) {
    for (let i = 0; i < list.length; i += 1) {
      const { box, parts } = list[i];
      if (x < box[0] || x > box[2] || y < box[1] || y > box[3]) continue;
      const held = parts.some(
        (rings) => inRing(rings[0], x, y) && !rings.slice(1).some((hole) => inRing(hole, x, y)),
      );
      if (held) return list[i];
    }
    return null;
  }

  function within(points, list, take) {
    const kept = [];
    for (let i = 0; i < points.n; i += 1) {
      if (Number.isNaN(points.x[i])) continue;
      const zone = zoneOf(list, points.x[i], points.y[i]);
      if (zone && take(i)) kept.push({ i, id: points.ids[i], row: points.rows[i], zone });
    }
    return kept;
  }

  /** What lies within the zones now: open cases, waiting or active alerts, cameras, responders. */
  function inside(now) {
    if (found && performance.now() - found.asked < INSIDE_MS) return found;
    const model = pingji.model;
    const list = zonesAt(now);
    const alerts = [];
    if (list.length) {
      pingji.alerts.all.forEach((alert) => {
        if (!alert.active && alert.acknowledged) return;
        if (alert.lon === null || alert.lat === null) return;
        const [x, y] = world(alert.lon, alert.lat);
        const zone = zoneOf(list, x, y);
        if (zone) alerts.push({ id: alert.id, alert, zone });
      });
    }
    const all = () => true;
    found = {
      asked: performance.now(),
      zones: list,
      alerts,
      cases: list.length
        ? within(model.cases, list, (i) => (model.cases.state[i] & model.OPEN) !== 0)
        : [],
      cameras: list.length ? within(model.cameras, list, all) : [],
      responders: list.length ? within(model.responders, list, all) : [],
    };
    return found;
  }

  /** Versions that were not withdrawn, the newest first. */
  function versions() {
    return rows("event_versions")
      .map((row) =>
        Object.assign(row, { effective: time(row.effective_at), entered: time(row.entered_at) }),
      )
      .sort((a, b) => b.version - a.version);
  }

  function forget() {
    states = null;
    zones = null;
    found = null;
  }

  /** The operation's row while it is in force, as an object; null where it is over or not yet told. */
  function operation() {
    const mine = event();
    const topic = pingji.live.topic("operations");
    const row = mine && topic.rows.get(mine.id);
    const at = topic.columns;
    return row && row[at.state] === "in_force"
      ? { id: mine.id, drill: Boolean(row[at.drill]), at: time(row[at.effective_at]) }
      : null;
  }

  /** The band of the room's own event, for whoever is told of no mode; null where it is over. */
  function band() {
    const told = room() && operation();
    if (!told) return null;
    const title = room().title[pingji.language === "en" ? 1 : 0];
    const none = { level: null, unconfirmed: false, issuer: "", numbering: "roman", scenario: null };
    return Object.assign({ title, kind: "event" }, none, told);
  }

  /** Once the event is over the room says so, and nothing else. */
  function close() {
    const mine = room();
    if (!mine || !pingji.live.topic("operations").loaded) return;
    const over = operation() === null;
    mine.root.classList.toggle("event--over", over);
    const told = pingji.byId("event-over");
    if (told.hidden === over) told.hidden = !over;
  }

  ["set:event_things", "delta:event_things"].forEach((name) => pingji.on(name, forget));
  pingji.on("paint", close);

  pingji.event = {
    LEVELS,
    of: room,
    band,
    operation,
    rows,
    states: allStates,
    things,
    changesOf,
    boundary,
    zones: zonesAt,
    zoneOf,
    inside,
    versions,
    world,
    time,
    loaded: () => pingji.live.topic("event_things").loaded,
    may: (right) => pingji.page.viewer.rights.indexOf(right) >= 0,
    url: (path) => "/api/v1/events/" + encodeURIComponent(event().id) + path,
  };
})();
