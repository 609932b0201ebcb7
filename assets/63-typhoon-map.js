/* Typhoons on a map: the track so far solid, forecasts dashed, winds as rings around the last fix.
 *
 * Lines of Leaflet's own under everything else. Where the typhoon itself lies beyond what is shown,
 * 68-wall-happening.js and 64-typhoon-card.js point to it; the view never leaves the city. */
(function () {
  "use strict";

  const L = window.L;
  const pingji = window.pingji;
  const groups = new Map(); // map -> {group, key}

  const spot = (place) => [place.lat, place.lon];

  function line(spots, look) {
    return L.polyline(spots, { className: "typhoon " + look, interactive: false });
  }

  function shapes(typhoon) {
    const made = [];
    pingji.typhoons.RADII.forEach((force) => {
      const quarters = typhoon.last.radii[force];
      if (!quarters) return;
      const ring = pingji.typhoons.edge(typhoon.last, quarters).map(spot);
      made.push(L.polygon(ring, { className: "typhoon typhoon--wind", interactive: false }));
    });
    typhoon.ahead.forEach((one, n) => {
      const spots = [spot(typhoon.last)].concat(one.points.map(spot));
      made.push(line(spots, n ? "typhoon--other" : "typhoon--ahead"));
    });
    made.push(line(typhoon.track.map(spot), ""));
    return made;
  }

  /** Draw what is known now on a map; nothing where it is not shown. */
  pingji.typhoonsOn = (map, shown) => {
    const all = shown ? pingji.typhoons.all() : [];
    const key = all.map((one) => one.id + "/" + one.version).join();
    const old = groups.get(map);
    if (old && old.key === key) return;
    if (old) old.group.remove();
    const group = L.layerGroup(all.reduce((made, one) => made.concat(shapes(one)), []));
    group.addTo(map);
    groups.set(map, { group: group, key: key });
  };
})();
