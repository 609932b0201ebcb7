/* A wall tells the server what it shows: at each change and every twenty seconds, so that whoever
 * commands it sees its state and its age. A page that somebody looks at as a preview says nothing. */
(function () {
  "use strict";

  const pingji = window.pingji;
  if (!pingji.wall || pingji.wall.preview) return;

  const wall = pingji.wall;
  const EVERY_MS = 20000;
  const LEAST_MS = 1000; // between two words: steps may follow each other quickly
  let timer = null;
  let saidAt = -Infinity;

  const mine = () => wall.plan && pingji.page && pingji.page.viewer.account === "screen:" + wall.plan.screen;

  function say() {
    window.clearTimeout(timer);
    timer = window.setTimeout(say, EVERY_MS);
    if (!mine() || !wall.root || wall.scene === undefined) return;
    saidAt = performance.now();
    const told = { scene: wall.scene, step: Math.max(0, wall.step), fresh: pingji.live.fresh() };
    pingji.post("/api/v1/screens/" + encodeURIComponent(wall.plan.screen) + "/seen", told).catch(() => {});
  }

  function soon() {
    window.clearTimeout(timer);
    timer = window.setTimeout(say, Math.max(0, LEAST_MS - (performance.now() - saidAt)));
  }

  pingji.on("page", soon);
  pingji.on("wall-scene", soon);
  pingji.on("wall-step", soon);
})();
