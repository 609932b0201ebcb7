/* What just changed pulses once: rings of the document over the canvas, which moves on without.
 *
 * Few, so that a busy hour is no flicker: so many at once, then one in a while. None where motion is
 * not wanted, none for what is hidden. */
(function () {
  "use strict";

  const L = window.L;
  const pingji = window.pingji;
  const model = pingji.model;
  const MOST = 4;
  const EVERY_MS = 3000; // one more may pulse after so long
  const LASTS_MS = 1400;
  const BURST = 60; // more than this at once is a load, not a change
  const LAYERS = { cases: "cases", places: "places", responders: null };
  let left = MOST;
  let grantedAt = 0;

  /** Say whether one more may pulse now. */
  function granted() {
    const now = performance.now();
    const more = Math.floor((now - grantedAt) / EVERY_MS);
    if (more > 0) {
      left = Math.min(MOST, left + more);
      grantedAt = now;
    }
    if (left <= 0) return false;
    left -= 1;
    return true;
  }

  function still() {
    return window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  }

  pingji.PointLayer.include({
    /** `asked`: a person looks for this one, it pulses in any case. */
    pulse(points, id, asked) {
      const map = this._map;
      const i = points.index.get(id);
      if (!map || i === undefined || Number.isNaN(points.x[i])) return;
      if (still() || document.hidden) return;
      const place = map.unproject(L.point(points.x[i] * 256, points.y[i] * 256), 0);
      if (!map.getBounds().contains(place)) return;
      if (!asked && !granted()) return;
      const ring = L.DomUtil.create("div", "map__pulse leaflet-zoom-hide", map.getPane("pingji"));
      L.DomUtil.setPosition(ring, map.latLngToLayerPoint(place));
      ring.append(pingji.make("span", "map__pulse-ring"));
      window.setTimeout(() => ring.remove(), LASTS_MS);
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
