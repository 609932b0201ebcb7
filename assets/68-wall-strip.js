/* The strip at a wall's edge: dangers to life that do not take it over, told on every column of
 * panels, so that no seam cuts a word; and figures that another panel repeats. */
(function () {
  "use strict";

  const pingji = window.pingji;
  if (!pingji.wall) return;

  const wall = pingji.wall;

  function text(strip, now) {
    const first = strip[0];
    const age = pingji.format.age((now - Date.parse(first.since)) / 1000);
    const parts = [
      wall.incidentName(first),
      [wall.incidentPlace(first), first.name].filter(Boolean).join(" "),
      pingji.say("wall_incident_for", { age: age }),
    ];
    if (strip.length > 1) parts.push(pingji.say("wall_strip_more", { n: strip.length - 1 }));
    return "⚠ " + pingji.say("wall_danger") + " · " + parts.filter(Boolean).join(" · ");
  }

  function paintStrip() {
    const box = pingji.byId("wall-strip");
    const now = pingji.live.pictureAt();
    if (!box || !wall.plan || now === null) return;
    const strip = wall.strip || [];
    box.hidden = !strip.length;
    if (!strip.length) return;
    const n = wall.plan.seams.x.length + 1;
    while (box.children.length < n) box.append(pingji.make("span", "wall__strip-part"));
    const words = text(strip, now);
    Array.from(box.children).forEach((part) => pingji.write(part, words));
  }

  function mirror() {
    document.querySelectorAll("[data-mirror]").forEach((place) => {
      const source = pingji.byId(place.dataset.mirror);
      if (source) pingji.write(place, source.textContent);
    });
  }

  pingji.on("paint", () => {
    paintStrip();
    mirror();
  });
  pingji.on("wall-scene", paintStrip);
})();
