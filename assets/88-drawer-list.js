/* Two drawers of a question rather than of one thing: a list in order of need, and a spot.
 *
 * A list is painted from the stream and stays in order while it is looked at. */
(function () {
  "use strict";

  const pingji = window.pingji;
  const MOST = 40;
  const WORST = ["closed", "ponding", "recovering", "normal"];
  const SPOT_M = 3000;

  // ── lists ─────────────────────────────────────────────────────────────────────────────────

  function rivers(now) {
    const all = pingji.cityData.rivers(now);
    const over = all.filter((river) => river.line).length;
    return {
      title: pingji.say("list_rivers"),
      said: over ? [[pingji.say("list_over", { n: over }), "late"]] : [],
      n: all.length,
      rows: all.slice(0, MOST).map((river) => ({
        thing: { kind: "station", id: river.id },
        mark: "river",
        name: river.name,
        more: pingji.say("level_of", {
          value: river.value.toFixed(2),
          line: river.warning.toFixed(2),
        }),
        far: pingji.cityData.gap(river),
        bad: Boolean(river.line),
      })),
    };
  }

  function places() {
    const topic = pingji.live.topic("places");
    const at = topic.columns;
    const all = Array.from(topic.rows.values());
    const rank = (row) => {
      const place = WORST.indexOf(row[at.state]);
      return place < 0 ? WORST.length : place;
    };
    all.sort((a, b) => rank(a) - rank(b) || (b[at.depth_cm] || 0) - (a[at.depth_cm] || 0));
    const count = (state) => all.filter((row) => row[at.state] === state).length;
    const counts = { closed: count("closed"), ponding: count("ponding") };
    const bad = counts.closed + counts.ponding > 0;
    return {
      title: pingji.say("list_places"),
      said: [[pingji.say("list_bad_places", counts), bad ? "late" : ""]],
      n: all.length,
      rows: all.slice(0, MOST).map((row) => ({
        thing: { kind: "place", id: row[0] },
        mark: "place",
        name: row[at.name],
        more: [
          pingji.code("place", row[at.kind]),
          row[at.jurisdiction] ? pingji.caseWords.place(row[at.jurisdiction]) : "",
        ]
          .filter(Boolean)
          .join(" · "),
        far: [
          pingji.code("place_state", row[at.state]),
          row[at.depth_cm] ? pingji.format.value(row[at.depth_cm]) + " cm" : "",
        ]
          .filter(Boolean)
          .join(" · "),
        bad: rank(row) < 2,
      })),
    };
  }

  const LISTS = { rivers: { of: rivers, topics: ["stations", "readings"] }, places: { of: places, topics: ["places"] } };

  let listed = null;
  let painted = "";

  function paintList() {
    const list = LISTS[listed];
    const drawer = pingji.drawer;
    const now = pingji.live.pictureAt();
    if (!list || now === null || !list.topics.every((name) => pingji.live.topic(name).loaded)) {
      drawer.state("drawer-list-rows", "loading", "loading");
      return;
    }
    const told = list.of(now);
    const key = JSON.stringify([told, pingji.language]);
    if (key === painted) return;
    painted = key;
    const chips = [[pingji.say("list_of", { n: pingji.format.number(told.n) })]].concat(told.said);
    drawer.fill("drawer-list-head", drawer.head(told.title, chips));
    if (!told.rows.length) {
      drawer.state("drawer-list-rows", "empty", "list_none");
      return;
    }
    const focused = document.activeElement && document.activeElement.dataset.thing;
    const box = pingji.make("div", "near");
    told.rows.forEach((row) => {
      const line = drawer.row(row.thing, row);
      line.dataset.thing = row.thing.id;
      line.classList.toggle("near__row--bad", row.bad);
      box.append(line);
    });
    drawer.fill("drawer-list-rows", box);
    if (focused) {
      const again = Array.from(box.children).find((line) => line.dataset.thing === focused);
      if (again) again.focus();
    }
  }

  pingji.drawer.register("list", {
    open(id) {
      listed = id;
      painted = "";
      paintList();
    },
    paint: paintList,
    said() {
      painted = "";
      paintList();
    },
    close() {
      listed = null;
    },
  });

  // ── a spot ────────────────────────────────────────────────────────────────────────────────

  const names = new Map(); // id of a spot -> [Chinese, English]
  const NAMES_MOST = 200;
  let spot = null; // {id, lon, lat}

  /** The id of a spot with its name in both languages, or without one. */
  function spotOf(lon, lat, name) {
    const id = Number(lon).toFixed(5) + "," + Number(lat).toFixed(5);
    if (name) names.set(id, name);
    if (names.size > NAMES_MOST) names.delete(names.keys().next().value);
    return id;
  }

  function openSpot(id) {
    const [lon, lat] = id.split(",").map(Number);
    spot = { id, lon, lat };
    headSpot();
    pingji.drawer.fillNear(
      spot,
      {
        cameras: "drawer-spot-cameras",
        stations: "drawer-spot-stations",
        places: "drawer-spot-places",
        responders: "drawer-spot-responders",
      },
      { query: { within_m: SPOT_M } },
    );
  }

  function headSpot() {
    const drawer = pingji.drawer;
    const name = names.get(spot.id);
    const said = name ? name[pingji.language === "en" ? 1 : 0] || name[0] : pingji.say("here_near");
    const where = spot.lon.toFixed(5) + ", " + spot.lat.toFixed(5);
    drawer.fill("drawer-spot-head", [
      ...drawer.head(said, []),
      drawer.facts([["position", where]]),
    ]);
  }

  pingji.drawer.register("spot", {
    open: openSpot,
    paint() {},
    said() {
      openSpot(spot.id);
    },
    close() {
      spot = null;
      const layer = pingji.map && pingji.map.layer;
      if (layer) layer.freshen();
    },
  });

  pingji.spots = { of: spotOf, open: () => spot };

  const before = pingji.PointLayer.prototype.drawSelected;
  pingji.PointLayer.include({
    drawSelected(view, now) {
      before.call(this, view, now);
      if (!spot) return;
      const point = this._map.latLngToContainerPoint([spot.lat, spot.lon]);
      pingji.marks.drawSelection(this.brush, point.x, point.y);
    },
  });

  /** A press of the other button asks what is near that spot. */
  window.L.Map.addInitHook(function () {
    if (!this.getContainer().classList.contains("map__leaflet")) return;
    this.on("contextmenu", (event) => {
      event.originalEvent.preventDefault();
      const id = spotOf(event.latlng.lng, event.latlng.lat);
      pingji.emit("open", { kind: "spot", id: id, from: "map" });
    });
  });
})();
