/* 演练: what is of a drill, apart from what is real: its points for the map, its counts, its marks.
 *
 * Nothing here enters a figure or a list of what is real; whoever shows a drill asks for it here. */
(function () {
  "use strict";

  const pingji = window.pingji;
  const model = pingji.model;
  const OF_DRILL = ["map", "ponding", "rivers", "rain", "warnings", "tasks", "cameras"];
  const points = {
    places: new model.Points(),
    stations: new model.Points(),
    cases: new model.Points(),
  };
  let acting = false; // a drill acts on where this screen stands
  let decides = false; // it decides what this screen shows: nothing real acts here

  Object.keys(points).forEach((topic) => {
    pingji.on("drills:" + topic, (found) => {
      const at = found.columns;
      points[topic].clear();
      found.drills.forEach((row) => points[topic].put(row[0], row[at.lon], row[at.lat], row));
    });
  });

  /** How much of it there is now, in the words of a section's head. */
  function counts() {
    const at = { places: pingji.live.topic("places").columns, cases: pingji.live.topic("cases").columns };
    const told = { ponding: 0, closed: 0, cases: 0 };
    pingji.live.topic("places").drills.forEach((row) => {
      if (told[row[at.places.state]] !== undefined) told[row[at.places.state]] += 1;
    });
    pingji.live.topic("cases").drills.forEach((row) => {
      if (pingji.page.terminal.indexOf(row[at.cases.stage]) < 0) told.cases += 1;
    });
    return told;
  }

  /** Say so in the title, on the watermark and on what is printed. */
  function dress() {
    const root = document.documentElement;
    if (acting) root.dataset.drill = "true";
    else delete root.dataset.drill;
    if (document.body) document.body.dataset.drillWord = pingji.say("drill_going_on");
    dressWall(root);
    const mark = pingji.say("band_drill") + " · ";
    const plain = document.title.startsWith(mark) ? document.title.slice(mark.length) : document.title;
    const title = acting ? mark + plain : plain;
    if (document.title !== title) document.title = title;
  }

  /** A wall that a drill decides is edged with stripes, and each of its panels says so. */
  function dressWall(root) {
    if (!pingji.wall) return;
    if (decides) root.dataset.drillWall = "true";
    else delete root.dataset.drillWall;
    document.querySelectorAll("[data-panel] > .wall__panel-title").forEach((title) => {
      if (decides && OF_DRILL.includes(title.parentNode.dataset.panel)) {
        title.dataset.drill = pingji.say("band_drill");
      } else {
        delete title.dataset.drill;
      }
    });
  }

  /** A wall's panel says it once for all of its rows. */
  const bare = (name) => (pingji.wall && decides ? name.replace(/^【[^】]*】/, "") : name);

  pingji.on("mode", (told) => {
    acting = told.here.some((band) => band.drill);
    decides = told.here.length > 0 && told.here[0].drill && turned();
    dress();
  });

  /** A wall that found no scene for the drill goes on with its routine, and with what is real. */
  function turned() {
    const plan = pingji.wall && pingji.wall.plan;
    const screens = pingji.live.topic("screens");
    const row = plan && screens.rows.get(plan.screen);
    return !row || row[screens.columns.why] !== "routine";
  }

  /** The rows that an emergency's own figures and lists count here: the drill's, where a drill
   * decides what this screen shows; else what is real. */
  const rows = (topic) => pingji.live.topic(topic)[decides ? "drills" : "rows"];
  const stations = () => (decides ? points.stations : model.stations);

  pingji.drill = { points, counts, rows, stations, bare, acting: () => acting, decides: () => decides };
})();
