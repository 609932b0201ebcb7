/* Words on the map of an event's room: each beside its place, none over another.
 *
 * Labels are laid out anew at each zoom: the first place that is free of those that stand already and
 * of the map's own tools. What finds none goes, but for posts that lack people. */
(function () {
  "use strict";

  const L = window.L;
  const pingji = window.pingji;
  const GAP = 7; // px between a place and its words
  const TOOLS = ".map__tools, .map__layers, .map__zoom, .map__legend, .map__corner";

  /** A label at a place; `rank`: who is laid out first; `wide`: it names what is larger than a point. */
  function make(at, parts, look, rank, wide) {
    const box = pingji.make("span", "event-map__label " + look);
    parts.forEach(([text, part]) => box.append(pingji.make("span", "event-map__" + part, text)));
    const icon = L.divIcon({ className: "event-map__icon", html: box, iconSize: null });
    const marker = L.marker(at, { icon, interactive: false, keyboard: false, pane: "markerPane" });
    return Object.assign(marker, { label: { box, rank, wide } });
  }

  /** Where a label may stand, as the offset of its left upper corner, the best first. */
  function spots(wide, w, h) {
    if (wide) {
      return [
        [-w / 2, -h / 2],
        [-w / 2, -h - GAP],
        [-w / 2, GAP],
        [-w - GAP, -h / 2],
        [GAP, -h / 2],
        [-w / 2, -2 * h - GAP],
        [-w / 2, h + GAP],
      ];
    }
    return [
      [GAP, -h / 2],
      [-w - GAP, -h / 2],
      [-w / 2, GAP],
      [-w / 2, -h - GAP],
      [GAP, GAP],
      [GAP, -h - GAP],
      [-w - GAP, GAP],
      [-w - GAP, -h - GAP],
    ];
  }

  function reserved(map) {
    const frame = map.getContainer().getBoundingClientRect();
    const panel = map.getContainer().closest(".map");
    if (!panel) return [];
    return Array.from(panel.querySelectorAll(TOOLS)).map((tool) => {
      const box = tool.getBoundingClientRect();
      return [box.left - frame.left, box.top - frame.top, box.width, box.height];
    });
  }

  const over = (a, b) =>
    Math.max(0, Math.min(a[0] + a[2], b[0] + b[2]) - Math.max(a[0], b[0])) *
    Math.max(0, Math.min(a[1] + a[3], b[1] + b[3]) - Math.max(a[1], b[1]));

  /** Lay the labels of a group out. */
  function arrange(map, group) {
    if (!map._loaded) return;
    const taken = reserved(map);
    const all = group.getLayers().filter((layer) => layer.label);
    all.forEach((marker) => {
      const at = map.latLngToContainerPoint(marker.getLatLng());
      Object.assign(marker.label, { at, w: marker.label.box.offsetWidth, h: marker.label.box.offsetHeight });
      if (!marker.label.wide) taken.push([at.x - 4, at.y - 4, 8, 8]);
    });
    all.sort((a, b) => a.label.rank - b.label.rank);
    all.forEach(({ label }) => {
      const { box, at, w, h } = label;
      let best = null;
      spots(label.wide, w, h).forEach(([x, y]) => {
        if (best && best.hidden === 0) return;
        const here = [at.x + x - 1, at.y + y - 1, w + 2, h + 2];
        const hidden = taken.reduce((sum, other) => sum + over(here, other), 0);
        if (!best || hidden < best.hidden) best = { x, y, here, hidden };
      });
      const shown = best.hidden === 0 || label.rank === 0;
      box.classList.toggle("event-map__label--away", !shown);
      if (!shown) return;
      box.style.transform = "translate(" + Math.round(best.x) + "px," + Math.round(best.y) + "px)";
      taken.push(best.here);
    });
  }

  pingji.eventLabels = { make, arrange };
})();
