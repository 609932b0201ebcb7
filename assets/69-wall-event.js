/* The wall of a guarded event: countdown and figures as in its room, the version in force and by how
 * many it is confirmed, what happens inside, who is at the posts, the zones.
 *
 * Names of places and phases, words of the catalogue and numbers: no free text, no names of persons. */
(function () {
  "use strict";

  const pingji = window.pingji;
  if (!pingji.wall) return;

  const wall = pingji.wall;
  const { room, rows, ready, count, write, empty, full } = wall.list;
  const say = (key, fill) => pingji.say(key, fill);
  const LISTS = ["wall-event-inside", "wall-event-posts", "wall-event-zones"];
  const AGAIN_MS = 30000;
  const told = new Set(); // versions that this screen has confirmed, or tries to
  let shown; // {id} of the event, null for none; undefined: to be found anew

  /** The event that this wall is told of; of several the one whose band stands first. */
  wall.event = () => {
    if (shown === undefined) {
      const ids = new Set();
      ["event_confirmed", "event_things"].forEach((name) => {
        const topic = pingji.live.topic(name);
        topic.rows.forEach((row) => ids.add(row[topic.columns.operation]));
      });
      const first = pingji.page ? pingji.mode.acting().find((band) => ids.has(band.id)) : null;
      const id = first ? first.id : Array.from(ids).sort()[0];
      shown = id === undefined ? null : { id: id };
    }
    return shown;
  };

  function versions() {
    const topic = pingji.live.topic("event_confirmed");
    const at = topic.columns;
    const found = [];
    topic.rows.forEach((row) => {
      if (row[at.operation] !== wall.event().id || row[at.state] !== "entered") return;
      found.push({
        n: row[at.version],
        from: Date.parse(row[at.effective_at]),
        confirmed: row[at.confirmed],
        of: row[at.members],
      });
    });
    return found.sort((a, b) => b.n - a.n);
  }

  const confirmed = (version) =>
    version.of ? say("event_confirmed", { n: version.confirmed, of: version.of }) : "";

  function paintVersion(now) {
    const all = versions();
    const holds = all.find((version) => version.from <= now);
    const next = all.filter((version) => version.from > now).sort((a, b) => a.from - b.from)[0];
    pingji.write(pingji.byId("wall-event-version"), holds ? say("event_version", { n: holds.n }) : "");
    pingji.write(pingji.byId("wall-event-confirmed"), holds ? confirmed(holds) : "");
    const time = next && pingji.format.time(next.from).slice(0, 5);
    const parts = next ? [say("wall_event_next", { n: next.n, time: time }), confirmed(next)] : [];
    pingji.write(pingji.byId("wall-event-next"), parts.filter(Boolean).join(" · "));
  }

  /** A screen has confirmed a version when it has shown it: whoever stands before it has seen it. */
  function confirmShown() {
    if (wall.preview || pingji.page.viewer.account !== "screen:" + wall.plan.screen) return;
    versions().forEach((version) => {
      const key = wall.event().id + "/" + version.n;
      if (told.has(key) || version.confirmed === version.of) return;
      told.add(key);
      const at = "/api/v1/events/" + encodeURIComponent(wall.event().id) + "/versions/" + version.n + "/confirm";
      pingji.post(at).catch(() => window.setTimeout(() => told.delete(key), AGAIN_MS));
    });
  }

  function paintCameras(inside) {
    const at = pingji.live.topic("cameras").columns;
    const on = inside.cameras.filter((it) => it.row[at.status] === "on").length;
    const all = inside.cameras.length;
    pingji.write(pingji.byId("wall-event-video"), all ? on + " / " + all : "");
    const note = all === on ? say("event_all_on") : say("event_off", { n: all - on });
    pingji.write(pingji.byId("wall-event-video-note"), all ? note : say("event_no_cameras"));
  }

  function incidents(inside, now) {
    const model = pingji.model;
    const at = pingji.live.topic("cases").columns;
    const list = inside.alerts.map(({ alert, zone }) => ({
      look: "alert",
      what: pingji.alertWords.ruleName(alert),
      how: pingji.code("priority", alert.priority),
      age: pingji.format.age((now - alert.since) / 1000),
      zone: zone,
      rank: [0, alert.priority, alert.since],
    }));
    inside.cases.forEach(({ i, row, zone }) => {
      const over = model.isOverdue(i, now);
      const since = Date.parse(row[at.reported_at]);
      list.push({
        look: over ? "late" : "case",
        what: pingji.code("category", row[at.kind] + "/" + row[at.subcategory]),
        how: over ? say("overdue") : pingji.code("stage", row[at.stage]),
        age: pingji.format.age((now - since) / 1000),
        zone: zone,
        rank: [over ? 1 : 2, 0, since],
      });
    });
    const order = (a, b) => a.rank[0] - b.rank[0] || a.rank[1] - b.rank[1] || a.rank[2] - b.rank[2];
    return list.sort(order);
  }

  function paintInside(inside, now) {
    const list = ready("wall-event-inside");
    if (!list) return;
    const all = incidents(inside, now);
    if (!all.length) {
      empty(list, say(inside.zones.length ? "event_none_inside" : "wall_event_none"));
      write("event_inside", "");
      return;
    }
    full(list);
    const n = room(list, all.length, 2.8, 3.4);
    const made = rows(list, n, ["sign", "what", "where", "how"], "wall__row--inside");
    all.slice(0, n).forEach((one, i) => {
      const cells = made[i].children;
      made[i].dataset.look = one.look;
      pingji.write(cells[1], one.what);
      pingji.write(cells[2], pingji.code("zone_level", one.zone.level) + " · " + one.age);
      pingji.write(cells[3], one.how);
    });
    count("event_inside", n, all.length);
  }

  function paintPosts(all) {
    const list = ready("wall-event-posts");
    if (!list) return;
    if (!all.length) {
      empty(list, say("event_no_posts"));
      write("event_posts", "");
      return;
    }
    full(list);
    const missing = (post) => post.needed - post.counted;
    const sorted = all.slice().sort((a, b) => missing(b) - missing(a));
    const n = room(list, sorted.length, 1.8, 2.8);
    const made = rows(list, n, ["name", "bar", "here", "short"], "wall__row--post");
    sorted.slice(0, n).forEach((post, i) => {
      const cells = made[i].children;
      pingji.write(cells[0], post.name);
      const [here, late] = wall.list.bar(cells[1]);
      late.hidden = true;
      here.style.width = (100 * post.counted) / post.needed + "%";
      pingji.write(cells[2], post.here + " / " + post.needed);
      const lacks = missing(post);
      pingji.write(cells[3], lacks ? say("wall_event_short", { n: lacks }) : say("wall_event_there"));
      made[i].dataset.look = lacks ? "short" : "";
    });
    count("event_posts", n, sorted.length);
  }

  function paintZones(inside, now) {
    const list = ready("wall-event-zones");
    if (!list) return;
    if (!inside.zones.length) {
      empty(list, say("wall_event_none"));
      return;
    }
    full(list);
    const n = room(list, inside.zones.length + 1, 1.8, 3) - 1;
    const made = rows(list, n + 1, ["name", "open", "late", "told"], "wall__row--zone");
    made[0].classList.add("wall__row--head");
    const head = ["", say("open_cases"), say("overdue"), say("alerts")];
    head.forEach((text, i) => pingji.write(made[0].children[i], text));
    inside.zones.slice(0, n).forEach((zone, i) => {
      const cells = made[i + 1].children;
      const mine = (all) => all.filter((it) => it.zone.thing === zone.thing);
      const cases = mine(inside.cases);
      const late = cases.filter((it) => pingji.model.isOverdue(it.i, now)).length;
      pingji.write(cells[0], pingji.code("zone_level", zone.level));
      [cases.length, late, mine(inside.alerts).length].forEach((number, k) =>
        pingji.write(cells[k + 1], pingji.format.number(number)),
      );
      made[i + 1].classList.toggle("wall__row--late", late > 0);
    });
  }

  function paint() {
    const now = pingji.live.pictureAt();
    const scene = wall.sceneNow();
    if (now === null || wall.step < 0 || !scene) return;
    if (!pingji.live.topic("event_things").loaded) return;
    if (!wall.event()) {
      pingji.write(pingji.byId("event-countdown-word"), say("wall_event_none"));
      LISTS.map(ready).filter(Boolean).forEach((list) => empty(list, say("wall_event_none")));
      return;
    }
    const inside = pingji.event.inside(now);
    const all = pingji.eventPanels.paintGlance(inside, now);
    paintCameras(inside);
    paintVersion(now);
    confirmShown();
    paintInside(inside, now);
    paintPosts(all);
    paintZones(inside, now);
  }

  ["event_confirmed", "event_things", "operations", "mode"].forEach((name) =>
    ["set:", "delta:"].forEach((kind) =>
      pingji.on(kind + name, () => {
        shown = undefined;
      }),
    ),
  );
  pingji.on("paint", paint);
  pingji.on("wall-step", paint);
})();
