/* A place: state and depth from the stream, since when, its cameras, teams and supplies. */
(function () {
  "use strict";

  const pingji = window.pingji;
  const PICTURES = 2;
  let id = null;
  let painted = "";
  let asked = false;
  let pictures = [];

  function stop() {
    pictures.forEach((picture) => picture.stop());
    pictures = [];
  }

  function open(thing) {
    stop();
    id = thing;
    painted = "";
    asked = false;
    const drawer = pingji.drawer;
    drawer.state("drawer-place-cameras", "loading", "loading");
    drawer.state("drawer-place-supplies", "loading", "loading");
    whole();
    paint();
  }

  function whole() {
    const drawer = pingji.drawer;
    drawer.ask(
      "/api/v1/places/" + encodeURIComponent(id),
      (told) => {
        cameras(told.cameras || []);
        supplies(told.supplies || []);
      },
      () => {
        drawer.state("drawer-place-cameras", "failed", "failed", whole);
        drawer.state("drawer-place-supplies", "failed", "failed", whole);
      },
    );
  }

  function cameras(ids) {
    const drawer = pingji.drawer;
    const known = ids.map((camera) => drawer.live("cameras", camera)).filter(Boolean);
    if (!known.length) {
      drawer.state("drawer-place-cameras", "empty", "none_near");
      return;
    }
    const grid = pingji.make("div", "pictures");
    known.slice(0, PICTURES).forEach((camera) => {
      const tile = pingji.make("button", "pictures__tile");
      pictures.push(new pingji.Picture(tile, camera.id, { small: true, because: id }));
      const line = pingji.make("span", "pictures__line");
      line.append(pingji.make("span", "near__name", camera.name));
      tile.append(line);
      tile.addEventListener("click", () =>
        pingji.emit("open", { kind: "camera", id: camera.id, from: "drawer" }),
      );
      grid.append(tile);
    });
    const rest = known.slice(PICTURES);
    drawer.fill("drawer-place-cameras", [grid].concat(rest.length ? drawer.near("cameras", rest) : []));
  }

  function supplies(list) {
    const drawer = pingji.drawer;
    if (!list.length) {
      drawer.state("drawer-place-supplies", "empty", "no_supplies");
      return;
    }
    const table = pingji.make("dl", "detail__facts");
    list.forEach((supply) => {
      const told = typeof supply === "string" ? { name: supply } : supply;
      const amount = [told.count, told.amount, told.quantity].find((n) => n !== undefined);
      table.append(
        pingji.make("dt", "", told.name || ""),
        pingji.make("dd", "", [amount, told.unit].filter((part) => part !== undefined).join(" ")),
      );
    });
    drawer.fill("drawer-place-supplies", table);
  }

  function paint() {
    const drawer = pingji.drawer;
    const told = drawer.live("places", id);
    if (!told) {
      const loaded = pingji.live.topic("places").loaded;
      drawer.state("drawer-place-head", "empty", loaded ? "not_seen" : "loading");
      return;
    }
    const at = Date.parse(told.since || told.at);
    const age = pingji.live.pictureAt() - at;
    const key = JSON.stringify([told, Math.floor(age / 60000), pingji.language]);
    if (key === painted) return;
    painted = key;
    const bad = told.state === "ponding" || told.state === "closed";
    const since = { time: pingji.format.moment(at), age: pingji.format.age(age / 1000) };
    const depth = pingji.make("p", "place__depth");
    if (told.depth_cm !== null) {
      depth.append(
        pingji.make("span", "gauge__figure", pingji.format.value(told.depth_cm)),
        pingji.make("span", "gauge__unit", "cm"),
        pingji.make("span", "place__word", pingji.say("depth")),
      );
    } else depth.append(pingji.make("span", "place__word", pingji.say("no_depth")));
    const state = pingji.make("p", "place__state place__state--" + told.state);
    state.append(
      pingji.make("strong", "place__name", pingji.code("place_state", told.state)),
      pingji.make("span", "place__word", pingji.say("since", since)),
    );
    drawer.fill("drawer-place-head", [
      ...drawer.head(told.name, [[pingji.code("place", told.kind)]]),
      state,
      ...(bad || told.depth_cm !== null ? [depth] : []),
      drawer.facts([
        ["jurisdiction", told.jurisdiction ? pingji.caseWords.place(told.jurisdiction) : ""],
        ["number_of", told.id],
      ]),
    ]);
    if (asked) return;
    asked = true;
    drawer.fillNear(
      told,
      { responders: "drawer-place-teams", stations: "drawer-place-stations" },
      { query: { within_m: 8000 } },
    );
  }

  pingji.drawer.register("place", {
    open: open,
    paint: paint,
    said() {
      const again = id;
      open(again);
    },
    close() {
      stop();
      id = null;
    },
  });
})();
