/* What just changed pulses once: rings of the document over the canvas, which moves on without.
 *
 * Never more than a few at a time, none where motion is not wanted, none for what is hidden. */
(function () {
  "use strict";

  const L = window.L;
  const pingji = window.pingji;
  const model = pingji.model;
  const MOST = 10;
  const LASTS_MS = 1400;
  const BURST = 60; // more than this at once is a load, not a change
  const LAYERS = { cases: "cases", places: "places", responders: null };
  let alive = 0;

  function still() {
    return window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  }

  pingji.PointLayer.include({
    pulse(points, id) {
      const map = this._map;
      const i = points.index.get(id);
      if (!map || i === undefined || alive >= MOST || still() || document.hidden) return;
      const place = map.unproject(L.point(points.x[i] * 256, points.y[i] * 256), 0);
      if (Number.isNaN(points.x[i]) || !map.getBounds().contains(place)) return;
      const ring = L.DomUtil.create("div", "map__pulse leaflet-zoom-hide", map.getPane("pingji"));
      L.DomUtil.setPosition(ring, map.latLngToLayerPoint(place));
      ring.append(pingji.make("span", "map__pulse-ring"));
      alive += 1;
      window.setTimeout(() => {
        alive -= 1;
        ring.remove();
      }, LASTS_MS);
    },
  });

  Object.keys(LAYERS).forEach((topic) => {
    if (!LAYERS[topic]) return;
    pingji.on("delta:" + topic, (delta) => {
      const layer = pingji.map && pingji.map.layer;
      if (!layer || !layer.chosen[LAYERS[topic]] || delta.upsert.length > BURST) return;
      const now = pingji.live.pictureAt();
      delta.upsert.forEach((row) => {
        const i = model[topic].index.get(row[0]);
        if (topic === "cases" && (i === undefined || !model.shows(i, now))) return;
        layer.pulse(model[topic], row[0]);
      });
    });
  });
})();
