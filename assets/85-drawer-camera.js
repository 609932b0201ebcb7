/* A camera: its live picture, its state, what is beside it. */
(function () {
  "use strict";

  const pingji = window.pingji;
  let id = null;
  let picture = null;
  let painted = "";
  let asked = false;

  function open(thing) {
    id = thing;
    painted = "";
    asked = false;
    pingji.drawer.fill("drawer-camera-picture", []);
    picture = new pingji.Picture(pingji.byId("drawer-camera-picture"), id);
    paint();
  }

  function paint() {
    const drawer = pingji.drawer;
    const told = drawer.live("cameras", id);
    if (!told) {
      const loaded = pingji.live.topic("cameras").loaded;
      drawer.state("drawer-camera-head", "empty", loaded ? "not_seen" : "loading");
      return;
    }
    const key = JSON.stringify([told, pingji.language]);
    if (key === painted) return;
    painted = key;
    const off = told.status !== "on";
    drawer.fill("drawer-camera-head", [
      ...drawer.head(told.name, [
        [pingji.code("camera", told.status), off ? "doubt" : ""],
        [told.wall_allowed ? pingji.say("wall_yes") : pingji.say("wall_no")],
      ]),
      drawer.facts([
        ["jurisdiction", told.jurisdiction ? pingji.caseWords.place(told.jurisdiction) : ""],
        ["operator", pingji.code("camera_source", told.source)],
        ["number_of", told.id],
      ]),
      pingji.make("p", "drawer__note", pingji.say("watched_note")),
    ]);
    if (asked) return;
    asked = true;
    drawer.fillNear(told, { cameras: "drawer-camera-cameras", places: "drawer-camera-places" });
  }

  pingji.drawer.register("camera", {
    open: open,
    paint: paint,
    said() {
      painted = "";
      asked = false;
      paint();
    },
    close() {
      if (picture) picture.stop();
      picture = null;
      id = null;
    },
  });
})();
