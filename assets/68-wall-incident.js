/* One incident on a wall: where it is on the map, and its short facts as the stream tells them.
 *
 * What was sent says what it is and where; how it stands comes from the topics, so that it is of
 * now. No free text and no names of persons. */
(function () {
  "use strict";

  const pingji = window.pingji;
  if (!pingji.wall) return;

  const wall = pingji.wall;
  const AROUND_M = 1500;
  const SCALES_M = [2000, 1000, 500, 200, 100];
  const NAMES_MOST = 14;
  let seen = ""; // where the map was sent last
  const say = (key, fill) => pingji.say(key, fill);
  const make = (...args) => pingji.make(...args);

  /** What the wall is told to show: the incident sent here, or the danger that took it over. */
  wall.incident = () => {
    const told = wall.target && wall.target.incident;
    return told || (wall.preview ? example() : null);
  };

  /** For a preview of the scene alone: the open case that came first. */
  function example() {
    const topic = pingji.live.topic("cases");
    const found = topic.rows.values().next().value;
    if (!found) return null;
    const told = { topic: "cases" };
    ["id", "kind", "subcategory", "jurisdiction", "lon", "lat"].forEach((name) => {
      told[name] = found[topic.columns[name]];
    });
    told.since = found[topic.columns.reported_at];
    return told;
  }

  function rowOf(told) {
    const topic = pingji.live.topic(told.topic);
    const row = pingji.live.row(told.topic, told.subject || told.id);
    return row ? { get: (name) => row[topic.columns[name]] } : null;
  }

  /** What it is, in words: a danger by its own name, a case by its class, a place by its name. */
  wall.incidentName = (told) => {
    const english = pingji.language === "en";
    if (told.danger) return english ? told.danger_en : told.danger;
    if (told.topic === "cases") return pingji.code("category", told.kind + "/" + told.subcategory);
    if (told.topic === "alerts") {
      const rule = pingji.page.rules[told.rule];
      return rule ? (english ? rule.name_en : rule.name) : told.rule;
    }
    return told.name;
  };

  wall.incidentPlace = (told) => {
    const ids = [pingji.cityData.districtOf(told.jurisdiction), told.jurisdiction];
    const known = ids.filter((id, n) => id && pingji.page.codes.jurisdiction[id] && ids.indexOf(id) === n);
    return known.map((id) => pingji.code("jurisdiction", id)).join(" ");
  };

  /** How it stands: words, the first the most important. */
  function state(told, now) {
    const row = rowOf(told);
    if (!row) return [say("wall_incident_gone")];
    if (told.topic === "cases") {
      const due = Date.parse(row.get("due_at") || "");
      const late = pingji.page.answered.indexOf(row.get("stage")) < 0 && due < now;
      const words = [pingji.code("stage", row.get("stage"))];
      if (late) words.push(say("wall_overdue_for", { age: pingji.format.age((now - due) / 1000) }));
      return words;
    }
    if (told.topic === "alerts") {
      if (!row.get("active")) return [say("wall_cleared")];
      return [say(row.get("acknowledged") ? "wall_acknowledged" : "wall_unacknowledged")];
    }
    if (told.topic === "places") {
      const words = [pingji.code("place_state", row.get("state"))];
      const depth = row.get("depth_cm");
      if (depth) words.push(say("wall_depth", { n: pingji.format.value(depth) }));
      return words;
    }
    return [pingji.code("station", row.get("kind"))];
  }

  function line(box, name, text) {
    let element = box.querySelector(".wall__incident-" + name);
    if (!element) {
      element = make("p", "wall__incident-" + name);
      box.append(element);
    }
    pingji.write(element, text);
    element.hidden = !text;
  }

  function paint() {
    const box = wall.list.ready("wall-incident");
    const now = pingji.live.pictureAt();
    if (!box || now === null) return;
    const told = wall.incident();
    const spot = told ? told.lon + " " + told.lat : "";
    if (spot !== seen) {
      seen = spot;
      wall.fitMap();
    }
    box.closest("[data-panel]").classList.toggle("wall__panel--danger", Boolean(told && told.danger));
    if (!told) {
      ["what", "where", "state", "since"].forEach((name) => line(box, name, ""));
      line(box, "what", say("wall_incident_none"));
      return;
    }
    const since = Date.parse(told.since || "");
    const age = pingji.format.age((now - since) / 1000);
    const time = pingji.format.time(since);
    line(box, "of", told.danger ? "⚠ " + say("wall_danger") : "");
    line(box, "what", wall.incidentName(told));
    line(box, "where", [wall.incidentPlace(told), told.danger && told.name].filter(Boolean).join(" · "));
    line(box, "state", state(told, now).join(" · "));
    line(box, "since", since ? say("wall_incident_since", { time: time }) + " · " + say("wall_incident_for", { age: age }) : "");
  }

  function draw(brush) {
    const told = wall.incident();
    if (!told) return;
    const context = brush.context;
    const em = brush.em;
    const point = brush.map().latLngToContainerPoint([told.lat, told.lon]);
    brush.taken.push({ x: point.x, y: point.y, half: 1.6 * em, high: 1.6 * em });
    [["--map-halo", 0.5], ["--map-strong", 0.22]].forEach(([token, wide]) => {
      context.beginPath();
      context.arc(point.x, point.y, 1.2 * em, 0, 2 * Math.PI);
      context.lineWidth = wide * em;
      context.strokeStyle = brush.token[token];
      context.stroke();
    });
    brush.dot(point.x, point.y, 0.34 * em, "--map-strong", 1);
    near(brush, told);
    scale(brush);
    names(brush);
  }

  /** The cameras around, as small squares: those whose pictures may be shown. */
  function near(brush, told) {
    const topic = pingji.live.topic("cameras");
    const side = 0.5 * brush.em;
    brush.context.fillStyle = brush.token["--map-station"];
    wall.camerasNear(told, 40).forEach((one) => {
      const row = topic.rows.get(one.id);
      const point = brush.map().latLngToContainerPoint([row[topic.columns.lat], row[topic.columns.lon]]);
      brush.context.fillRect(point.x - side / 2, point.y - side / 2, side, side);
    });
  }

  /** How far it is: a line of a round number of metres at the lower left. */
  function scale(brush) {
    const map = brush.map();
    const across = map.distance(map.containerPointToLatLng([0, 0]), map.containerPointToLatLng([100, 0])) / 100;
    const metres = SCALES_M.find((n) => n / across < brush.view.width / 3) || 100;
    const x = brush.em;
    const y = brush.view.height - 0.7 * brush.em;
    const context = brush.context;
    context.fillStyle = brush.token["--map-muted"];
    context.fillRect(x, y, metres / across, 0.12 * brush.em);
    brush.words(say("wall_metres", { n: metres }), x + metres / across / 2, y - 0.8 * brush.em, "--map-muted", 400);
  }

  /** Streets, waters and places in view, the greater first: where it is must be said. */
  function names(brush) {
    const base = brush.map().pingjiBase;
    const english = pingji.language === "en";
    let left = NAMES_MOST;
    (base ? base.features : []).some((feature) => {
      const text = english ? feature.en : feature.zh;
      if (!text || feature.what === "district") return false;
      const at = feature.places.find((place) => brush.holds(...brush.spot(place)));
      if (at && brush.words(text, ...brush.spot(at), "--map-muted", 400)) left -= 1;
      return left <= 0;
    });
  }

  function view() {
    const told = wall.incident();
    return told && told.lon !== null ? { lon: told.lon, lat: told.lat, metres: AROUND_M } : null;
  }

  wall.mapLayer("incident", { draw: draw, title: "wall_map_incident", view: view });
  pingji.on("paint", paint);
  pingji.on("wall-step", paint);
})();
