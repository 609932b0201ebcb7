/* Where something is: a known place, a station, a camera, an address, an area, a point of the map.
 *
 * `pingji.where` holds what a box of places asks, and takes the click on the map while it is open. */
(function () {
  "use strict";

  const pingji = window.pingji;
  const SINGLE = { places: "place", stations: "station", cameras: "camera" };
  const EACH = 6;
  let pin = null;
  let taker = null; // who is told of a click on the map

  const label = (topic, told) => {
    if (topic === "places") {
      return pingji.code("place", told.kind) + " · " + pingji.code("place_state", told.state);
    }
    return topic === "stations" ? pingji.code("station", told.kind) : pingji.code("camera", told.status);
  };

  /** A thing of the stream as a value of the box. */
  function thing(topic, id) {
    const told = pingji.drawer.live(topic, id);
    if (!told) return null;
    const more = label(topic, told) + (told.jurisdiction ? " · " + pingji.caseWords.place(told.jurisdiction) : "");
    const value = { type: SINGLE[topic], id: id, name: told.name, lon: told.lon, lat: told.lat };
    return { value: value, name: told.name, more: more, mark: SINGLE[topic] };
  }

  function near(topic, words) {
    const rows = pingji.live.topic(topic);
    if (!rows.columns) return [];
    const at = rows.columns.name;
    const best = [];
    rows.rows.forEach((row, id) => {
      const weight = pingji.weighName(String(row[at] || ""), id.toLowerCase(), words);
      if (weight > 0) best.push({ weight: weight, id: id });
    });
    best.sort((a, b) => b.weight - a.weight || (a.id < b.id ? -1 : 1));
    return best
      .slice(0, EACH)
      .map((one) => Object.assign(thing(topic, one.id), { weight: one.weight }));
  }

  function areas(words) {
    const named = pingji.page.codes.jurisdiction;
    const best = [];
    Object.keys(named).forEach((id) => {
      const name = pingji.code("jurisdiction", id);
      const weight = pingji.weighName(name, id, words);
      if (weight >= 3) {
        const value = { type: "area", id: id, name: name, lon: null, lat: null };
        best.push({ value, name, more: pingji.say("entry_as_area"), mark: "area", weight: weight - 2.5 });
      }
    });
    return best.sort((a, b) => b.weight - a.weight).slice(0, 3);
  }

  /** Streets and parts of the city by name, and two numbers as a position. */
  function ofTheMap(words) {
    return pingji.findMore.all(words).map((item) => {
      const [lon, lat] = item.at;
      const more = item.typed ? pingji.say("find_spot") : item.word + " · " + pingji.say("entry_middle");
      const value = { type: "spot", id: "", name: item.name, lon, lat, clicked: Boolean(item.typed) };
      return { value, name: item.name, more, mark: "area", weight: item.weight };
    });
  }

  function look(words, only, typed) {
    if (only) return near(only, words);
    const found = ["places", "stations", "cameras"].reduce(
      (all, topic) => all.concat(near(topic, words)),
      areas(words),
    );
    found.push(...ofTheMap(words));
    const name = pingji.say("entry_as_address", { text: typed });
    const value = { type: "address", id: typed, name: typed, lon: null, lat: null };
    return found.concat([{ value: value, name: name, more: "", mark: "", weight: 0.1 }]);
  }

  /** Addresses of cases that hold the words; where a case was, another may be. */
  function ask(words) {
    if (words.length < 2) return Promise.resolve([]);
    return window
      .fetch("/api/v1/search?" + new URLSearchParams({ q: words, topics: "cases" }), {
        credentials: "same-origin",
      })
      .then((answer) => (answer.ok ? answer.json() : { items: [] }))
      .then((told) => {
        const seen = new Set();
        const loose = (item) => Number(!(item.address || "").toLowerCase().includes(words.toLowerCase()));
        return told.items
          .sort((a, b) => loose(a) - loose(b))
          .filter((item) => item.address && item.lon !== null && !seen.has(item.address) && seen.add(item.address))
          .slice(0, EACH)
          .map((item) => ({
            value: { type: "spot", id: item.id, name: item.address, lon: item.lon, lat: item.lat },
            name: item.address,
            more: pingji.say("entry_of_case") + " · " + item.id,
            mark: "case",
          }));
      });
  }

  // ── the map ─────────────────────────────────────────────────────────────────────────────────

  function mark(value) {
    if (pin) pin.remove();
    pin = null;
    const mine = pingji.map;
    if (!value || value.lon === null || !mine) return;
    const icon = window.L.divIcon({ className: "entry__pin", iconSize: [18, 18] });
    pin = window.L.marker([value.lat, value.lon], { icon: icon, interactive: false, keyboard: false });
    pin.addTo(mine.map);
  }

  /** Bring a place into view, where it is not. */
  function show(value) {
    mark(value);
    const mine = pingji.map;
    if (!value || value.lon === null || !mine) return;
    const at = window.L.latLng(value.lat, value.lon);
    if (mine.map.getBounds().pad(-0.1).contains(at)) return;
    mine.moved = true;
    mine.map.panTo(at, { animate: false });
  }

  function clicked(event) {
    const mine = pingji.map;
    const box = mine && mine.map.getContainer();
    if (!taker || !box || !box.contains(event.target)) return;
    const over = event.target.closest("button, a, input, .panel");
    if (over && box.contains(over)) return; // a control or a list that lies over the map
    if (mine.map.dragging && mine.map.dragging.moved && mine.map.dragging.moved()) return;
    event.stopPropagation();
    event.preventDefault();
    const hit = mine.layer.hit(mine.map.mouseEventToContainerPoint(event));
    const topic = hit && Object.keys(SINGLE).find((name) => SINGLE[name] === hit.kind);
    const found = topic && thing(topic, hit.id);
    if (found) {
      taker(found.value);
      return;
    }
    const at = mine.map.mouseEventToLatLng(event);
    const lon = Number(at.lng.toFixed(6));
    const lat = Number(at.lat.toFixed(6));
    const name = pingji.say("entry_spot", { lon: lon.toFixed(5), lat: lat.toFixed(5) });
    taker({ type: "spot", id: "", name: name, lon: lon, lat: lat, clicked: true });
  }

  document.addEventListener("click", clicked, true);

  pingji.where = {
    look,
    ask,
    thing,
    show,
    /** Let clicks on the map say where it is; null ends it. */
    listen(take) {
      taker = take;
      const mine = pingji.map;
      if (mine) mine.map.getContainer().classList.toggle("map--aim", Boolean(take));
      if (!take) mark(null);
    },
  };
})();
