/* Zones, routes, points and posts on the map of an event's room; old and new beside each other.
 *
 * Zones differ by pattern, outline and word, never by a colour of warning: core is cross-hatched in
 * a double line, control hatched, watch dotted in a broken line. */
(function () {
  "use strict";

  const L = window.L;
  const pingji = window.pingji;
  const SVG = "http://www.w3.org/2000/svg";
  const FIT = { paddingTopLeft: [32, 110], paddingBottomRight: [32, 40], maxZoom: 17 }; // below the tools
  const TRACKS_MOST = 60;
  const ASK_MS = 10000; // cameras of a big city come and go all the time
  let mine = null; // {map, group, tracks, compared, key, fitted}

  /** Patterns are told once a map, in its own SVG; their strokes are classes, so themes reach them. */
  const PATTERNS = {
    core: [8, ["M0 8L8 0", "M0 0L8 8"]],
    control: [12, ["M0 12L12 0"]],
    watch: [12, ["M6 5.2v1.6M5.2 6h1.6"]],
  };

  function patterns(map) {
    const renderer = L.svg({ padding: 0.3, pane: "event" });
    renderer.addTo(map);
    const defs = document.createElementNS(SVG, "defs");
    pingji.event.LEVELS.forEach((level) => {
      const [size, lines] = PATTERNS[level];
      const pattern = document.createElementNS(SVG, "pattern");
      pattern.id = "event-pattern-" + level;
      pattern.setAttribute("width", String(size));
      pattern.setAttribute("height", String(size));
      pattern.setAttribute("patternUnits", "userSpaceOnUse");
      lines.forEach((line) => {
        const path = document.createElementNS(SVG, "path");
        path.setAttribute("d", line);
        path.setAttribute("class", "event-map__hatch event-map__hatch--" + level);
        pattern.append(path);
      });
      defs.append(pattern);
    });
    renderer._container.prepend(defs);
    return renderer;
  }

  function attach(shown) {
    if (!pingji.event.of() || (mine && mine.map === shown.map)) return;
    const map = shown.map;
    map.createPane("event").classList.add("event-map__pane"); // above the land, below what moves
    mine = { map, shown, renderer: patterns(map), key: "", fitted: false, compared: null };
    mine.group = L.layerGroup().addTo(map);
    mine.tracks = L.layerGroup().addTo(map);
    mine.bare = [];
    const still = () => mine && mine.map === map;
    map.on("zoomend moveend", () => still() && arrange());
    map.on("resize", () => {
      if (!still()) return;
      if (mine.fitted && !mine.moved) mine.fitted = false; // until somebody moves it, all is in view
      else arrange();
    });
    ["pointerdown", "wheel", "keydown"].forEach((name) =>
      map.getContainer().addEventListener(name, () => {
        if (mine) mine.moved = true;
      }),
    );
    map.on("unload", () => {
      if (mine && mine.map === map) mine = null;
    });
    ask();
  }

  const latLngs = (ring) => ring.map(([lon, lat]) => [lat, lon]);

  function corners(geometry) {
    if (geometry.type === "Polygon") return geometry.coordinates.map(latLngs);
    if (geometry.type === "MultiPolygon") return geometry.coordinates.map((it) => it.map(latLngs));
    return latLngs(geometry.coordinates);
  }

  const drawn = (look) => ({ renderer: mine.renderer, interactive: false, className: look });

  const { make: label } = pingji.eventLabels;
  const RANK = { post: 3, point: 4, zone: 1, route: 2 };
  const arrange = () => pingji.eventLabels.arrange(mine.map, mine.group);

  function top(geometry) {
    const rings = geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
    let best = null;
    rings.forEach((it) =>
      it[0].forEach(([lon, lat]) => {
        if (!best || lat > best[0]) best = [lat, lon];
      }),
    );
    const box = L.latLngBounds(rings[0][0].map(([lon, lat]) => [lat, lon]));
    return [best[0], box.getCenter().lng];
  }

  function zone(state, look) {
    const level = state.body.level;
    const made = "event-map__zone event-map__zone--" + level + (look ? " event-map--" + look : "");
    const fill = look ? {} : { fill: true, fillColor: "url(#event-pattern-" + level + ")", fillOpacity: 1 };
    const shape = L.polygon(corners(state.geometry), Object.assign(drawn(made), { fill: false }, fill));
    const words = [
      [pingji.code("zone_level", level), "level"],
      [state.label(), "name"],
    ];
    const named = label(top(state.geometry), tagged(words, look), "event-map__label--zone", RANK.zone, true);
    return [shape, named];
  }

  function tagged(words, look) {
    if (!look) return words;
    return [[pingji.say(look === "old" ? "event_old" : "event_new"), "tag"]].concat(words);
  }

  function route(state, look) {
    const line = corners(state.geometry);
    const more = look ? " event-map--" + look : "";
    const middle = line[Math.floor((line.length - 1) / 2)];
    const next = line[Math.min(line.length - 1, Math.floor((line.length - 1) / 2) + 1)];
    const at = [(middle[0] + next[0]) / 2, (middle[1] + next[1]) / 2];
    return [
      L.polyline(line, drawn("event-map__route-edge" + more)),
      L.polyline(line, drawn("event-map__route" + more)),
      label(at, tagged([[state.label(), "name"]], look), "event-map__label--route", RANK.route, true),
    ];
  }

  function spot(state, look, parts, kind, rank) {
    const [lon, lat] = state.geometry.coordinates;
    const mark = "event-map__spot event-map__spot--" + state.kind + (look ? " event-map--" + look : "");
    const options = Object.assign(drawn(mark), { radius: state.kind === "post" ? 5 : 4, fill: true });
    return [
      L.circleMarker([lat, lon], options),
      label([lat, lon], tagged(parts, look), "event-map__label--" + kind, rank, false),
    ];
  }

  function point(state, look) {
    const sort = pingji.code("point_sort", state.body.sort);
    const parts = [[state.label(), "name"]];
    if (state.label().toLowerCase().indexOf(sort.toLowerCase()) < 0) parts.unshift([sort, "sort"]);
    return spot(state, look, parts, "point", RANK.point);
  }

  function post(state, look) {
    const said = pingji.event.rows("event_posts").find((row) => row.post === state.thing);
    const here = said ? Math.min(said.present, state.body.needed) : 0;
    const short = here < state.body.needed;
    const count = here + "/" + state.body.needed;
    const kind = "post" + (short ? " event-map__label--short" : "");
    const parts = [[count, "count"], [state.label(), "name"]];
    return spot(state, look, parts, kind, short ? 0 : RANK.post);
  }

  const DRAW = { zone, route, point, post };
  const ORDER = ["watch", "control", "core"]; // the strictest on top

  function inOrder(list) {
    const rank = (state) => (state.kind === "zone" ? ORDER.indexOf(state.body.level) : 9);
    return list.filter((state) => DRAW[state.kind]).sort((a, b) => rank(a) - rank(b));
  }

  function draw(now) {
    const compared = mine.compared;
    const changed = compared === null ? [] : pingji.event.changesOf(compared);
    const keys = new Set(changed.map((it) => it.after.key));
    mine.group.clearLayers();
    const add = (state, look) =>
      DRAW[state.kind](state, look).forEach((layer) => mine.group.addLayer(layer));
    inOrder(pingji.event.things(null, now)).forEach((state) => {
      if (!keys.has(state.key)) add(state, "");
    });
    mine.bare.forEach((stretch) => {
      const line = latLngs(stretch.line);
      mine.group.addLayer(L.polyline(line, drawn("event-map__bare")));
    });
    changed.forEach(({ before, after }) => {
      if (before && DRAW[before.kind] && !before.removed) add(before, "old");
      if (DRAW[after.kind] && !after.removed) add(after, "new");
    });
    arrange();
  }

  /** Where responders inside have been, as this page has seen it. */
  function drawTracks(now) {
    mine.tracks.clearLayers();
    if (!mine.shown.layer.chosen.responders) return;
    pingji.event
      .inside(now)
      .responders.slice(0, TRACKS_MOST)
      .forEach(({ id }) => {
        const track = pingji.trackOf(id);
        if (track.length < 2) return;
        mine.tracks.addLayer(L.polyline(latLngs(track), drawn("event-map__track")));
      });
  }

  function fit(now) {
    const places = pingji.event
      .things(null, now)
      .filter((state) => state.geometry)
      .map((state) => L.geoJSON(state.geometry).getBounds());
    if (!places.length) return;
    const box = places.reduce((all, one) => all.extend(one), L.latLngBounds(places[0]));
    mine.shown.moved = true; // the view is the event's, not the city's
    mine.map.fitBounds(box, Object.assign({ animate: false }, FIT));
    mine.fitted = true;
  }

  /** Ask where routes have no camera: at first, and when a camera or a route changed. */
  let asking = null;
  let askedAt = -Infinity;
  function ask() {
    if (asking !== null || !mine) return;
    const wait = Math.max(500, askedAt + ASK_MS - performance.now());
    asking = window.setTimeout(() => {
      asking = null;
      askedAt = performance.now();
      if (!mine || !pingji.event.of()) return;
      pingji.get(pingji.event.url("/coverage")).then(
        (answer) => {
          pingji.event.coverage = answer.routes;
          if (!mine) return;
          mine.bare = answer.routes.reduce((all, it) => all.concat(it.bare), []);
          mine.key = "";
          pingji.emit("changed");
        },
        () => {},
      );
    }, wait);
  }

  function paint() {
    if (!mine || !pingji.event.of() || !mine.map._loaded) return;
    const now = pingji.live.now();
    if (now === null || !pingji.event.loaded()) return;
    const posts = pingji.event.rows("event_posts").map((row) => [row.id, row.version]);
    const states = pingji.event.states().map((state) => [state.id, state.effective <= now, state.end]);
    const ended = pingji.event.states().map((state) => state.end !== null && state.end <= now);
    const key = JSON.stringify([states, ended, posts, mine.compared, pingji.language]);
    if (key !== mine.key) {
      mine.key = key;
      draw(now);
    }
    drawTracks(now);
    if (!mine.fitted) fit(now);
  }

  pingji.eventMap = {
    /** Show what a version changes, old and new beside each other; null ends it. */
    compare(version) {
      if (!mine) return;
      mine.compared = mine.compared === version ? null : version;
      mine.key = "";
      pingji.emit("changed");
    },
    compared: () => (mine ? mine.compared : null),
    show(state) {
      if (!mine || !state.geometry) return;
      mine.map.fitBounds(L.geoJSON(state.geometry).getBounds(), FIT);
    },
    map: () => (mine ? mine.map : null),
    renderer: () => (mine ? mine.renderer : null),
    latLngs,
  };

  pingji.on("map", attach);
  pingji.on("paint", () => {
    if (!mine && pingji.map && pingji.event.of()) attach(pingji.map);
    paint();
  });
  ["delta:cameras", "delta:event_things", "set:event_things"].forEach((name) => pingji.on(name, ask));
  pingji.on("theme", () => {
    if (mine) mine.key = "";
  });
})();
