/* What the search box finds beside the working sets: streets, coordinates, and lists of need. */
(function () {
  "use strict";

  const pingji = window.pingji;
  const MOST = 5;
  const CITY = 5; // degrees; farther from the city's middle nothing is a spot of it
  let streets = null; // [{zh, en, at, word}]

  /** The base map's own names, once they are wanted. */
  function load() {
    const base = pingji.page.city.base;
    if (streets || !base) return;
    streets = [];
    window
      .fetch(base, { credentials: "same-origin" })
      .then((answer) => (answer.ok ? answer.json() : { features: [] }))
      .then((told) => {
        const seen = new Set();
        told.features.forEach((feature) => {
          const known = feature.properties;
          const at = known.at || (feature.geometry.type === "Point" && feature.geometry.coordinates);
          if (!known.name || !at || seen.has(known.name)) return;
          seen.add(known.name);
          const word = known.kind === "label" ? "find_area" : "find_street";
          streets.push({ zh: known.name, en: known.name_en || "", at, word });
        });
      })
      .catch(() => {
        streets = null;
      });
  }

  /** Streets and places of the map whose name the words hold, or that hold the words. */
  function named(words) {
    const plain = words.replace(/\s+/g, "");
    const found = [];
    (streets || []).forEach((street) => {
      const zh = street.zh.toLowerCase();
      const en = street.en.toLowerCase();
      let weight = 0;
      if (zh === plain || en === words) weight = 3.5;
      else if (plain.length >= 2 && (zh.indexOf(plain) >= 0 || en.indexOf(words) >= 0)) weight = 1.8;
      else if (plain.indexOf(zh) >= 0 || (en && words.indexOf(en) >= 0)) weight = 1.2;
      if (weight) found.push(item(weight, street));
    });
    return found.sort((a, b) => b.weight - a.weight).slice(0, MOST);
  }

  function item(weight, street) {
    const id = pingji.spots.of(street.at[0], street.at[1], [street.zh, street.en]);
    const name = pingji.language === "en" ? street.en || street.zh : street.zh;
    const more = pingji.say(street.word) + " · " + pingji.say("here_near");
    return { weight, kind: "spot", id, name, more, at: street.at, word: pingji.say(street.word) };
  }

  /** Two numbers are a position, in either order. */
  function position(words) {
    const match = /^(-?\d{1,3}\.\d+)[\s,，]+(-?\d{1,3}\.\d+)$/.exec(words);
    if (!match) return [];
    const city = pingji.page.city;
    const near = (lon, lat) => Math.abs(lon - city.lon) < CITY && Math.abs(lat - city.lat) < CITY;
    let [lon, lat] = [Number(match[1]), Number(match[2])];
    if (!near(lon, lat)) [lon, lat] = [lat, lon];
    if (!near(lon, lat)) return [];
    const id = pingji.spots.of(lon, lat);
    const more = pingji.say("find_spot") + " · " + pingji.say("here_near");
    return [{ weight: 5, kind: "spot", id, name: words, more, at: [lon, lat], typed: true }];
  }

  /** What is offered before anything is typed. */
  function lists() {
    const first = { rivers: "list_rivers", places: "list_places" };
    return Object.keys(first).map((id) => ({
      weight: 9,
      kind: "list",
      id,
      look: id === "rivers" ? "river" : "place",
      name: pingji.say(first[id]),
      more: "",
    }));
  }

  pingji.findMore = {
    load,
    lists,
    all: (words) => position(words).concat(named(words)),
  };
})();
