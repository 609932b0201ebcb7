/* Which cameras a wall shows in an emergency: those nearest to what is happening, by themselves.
 *
 * The worst comes first: closed places, then places under water, the deepest first, then rivers over
 * their lines, then alerts of the first priority. A place's own cameras come before its neighbours,
 * and none stands twice; only those that are on and that a wall may show. One that fails is left
 * out for a while, so that the next takes its place. 68-wall-cameras.js shows them. */
(function () {
  "use strict";

  const pingji = window.pingji;
  if (!pingji.wall) return;

  const wall = pingji.wall;
  const SPOTS_MOST = 24;
  const NEAR_N = 6;
  const KNOWN_MS = 60000; // so long the nearest stand
  const OWN_MS = 600000; // and a place's own
  const AGAIN_MS = 15000; // when those could not be had
  const FAILED_MS = 60000;
  const RANK = { closed: 0, ponding: 1, river: 2, alert: 3 };

  const near = new Map(); // spot -> {at, cameras}
  const own = new Map(); // place -> {at, ids}
  const failed = new Map(); // camera -> when

  function places() {
    return pingji.emergency.ponding().all.map((place) => ({
      key: "place:" + place.id,
      rank: RANK[place.state],
      name: place.name,
      note: [
        pingji.code("place_state", place.state),
        place.depth ? pingji.say("wall_centimetres", { n: pingji.format.value(place.depth) }) : "",
      ].join(" "),
      lon: place.lon,
      lat: place.lat,
      place: place.id,
    }));
  }

  function rivers(now) {
    const over = pingji.cityData.rivers(now, pingji.drill.stations()).filter((river) => river.line);
    return over.map((river) => ({
      key: "river:" + river.id,
      rank: RANK.river,
      name: river.name,
      note: pingji.cityData.gap(river),
      lon: river.lon,
      lat: river.lat,
    }));
  }

  /** Alerts of what does not speak for itself as a place or a river. */
  function alerts() {
    const told = Array.from(pingji.alerts.all.values()).filter(
      (alert) =>
        alert.priority === 1 &&
        alert.topic !== "places" &&
        alert.topic !== "stations" &&
        pingji.alerts.isWaiting(alert),
    );
    return told.map((alert) => ({
      key: "alert:" + alert.id,
      rank: RANK.alert,
      name: pingji.alertWords.ruleName(alert),
      note: "",
      lon: alert.lon,
      lat: alert.lat,
    }));
  }

  /** What is happening, the worst first. */
  function spots(now) {
    const all = places().concat(rivers(now), alerts());
    const placed = all.filter((spot) => spot.lon !== null && spot.lat !== null);
    const order = new Map(placed.map((spot, n) => [spot, n])); // as they came: the deepest first
    placed.sort((a, b) => a.rank - b.rank || order.get(a) - order.get(b));
    return placed.slice(0, SPOTS_MOST);
  }

  function ask(place) {
    own.set(place, { at: performance.now(), ids: [] });
    pingji.drawer.ask(
      "/api/v1/places/" + encodeURIComponent(place),
      (told) => own.set(place, { at: performance.now(), ids: told.cameras || [] }),
      () => own.set(place, { at: performance.now() - OWN_MS + AGAIN_MS, ids: [] }),
    );
  }

  /** A place's own cameras, where a wall may show them. */
  function ownOf(spot) {
    if (!spot.place) return [];
    const known = own.get(spot.place);
    if (!known || performance.now() - known.at > OWN_MS) ask(spot.place);
    return own.get(spot.place).ids.map((id) => wall.cameraAt(id, spot)).filter(Boolean);
  }

  function nearOf(spot) {
    const known = near.get(spot.key);
    if (known && performance.now() - known.at < KNOWN_MS) return known.cameras;
    const cameras = wall.camerasNear(spot, NEAR_N);
    near.set(spot.key, { at: performance.now(), cameras: cameras });
    return cameras;
  }

  function works(id) {
    const at = failed.get(id);
    return at === undefined || performance.now() - at > FAILED_MS;
  }

  /** A camera for each spot, none twice: [{id, metres, name, note, because}]. */
  wall.chosenCameras = (now) => {
    const taken = new Set();
    const ground = groundOf(now);
    const chosen = ground ? pinned(now).filter((one) => works(one.id)) : [];
    chosen.forEach((one) => taken.add(one.id));
    spots(now).forEach((spot) => {
      const found = ownOf(spot).concat(nearOf(spot));
      const fits = (one) => works(one.id) && !taken.has(one.id) && (!ground || ground.has(one.id));
      const camera = found.find(fits);
      if (!camera) return;
      taken.add(camera.id);
      chosen.push(Object.assign({ name: spot.name, note: spot.note, because: spot.place || spot.key }, camera));
    });
    if (ground) ground.forEach((one) => works(one.id) && !taken.has(one.id) && chosen.push(one));
    return chosen;
  };

  /** On an event's wall the cameras within its zones, the strictest zone first; null on another. */
  function groundOf(now) {
    if (!wall.event() || wall.steps[wall.step].view !== "event") return null;
    const rank = (it) => pingji.event.LEVELS.indexOf(it.zone.level);
    const inside = pingji.event.inside(now).cameras.slice().sort((a, b) => rank(a) - rank(b) || (a.id < b.id ? -1 : 1));
    const found = inside.map((it) => wall.cameraAt(it.id, null)).filter(Boolean);
    return new Map(found.map((one) => [one.id, one]));
  }

  /** Cameras that an event keeps in view, with where they stand. */
  function pinned(now) {
    const note = pingji.say("wall_event_pinned");
    return pingji.event
      .things("camera", now)
      .map((state) => wall.cameraAt(state.thing, null))
      .filter(Boolean)
      .map((camera) => Object.assign({ note: note }, camera));
  }

  /** Whether cameras that belong here give no picture now. */
  wall.camerasFail = () => Array.from(failed.keys()).some((id) => !works(id) && wall.cameraAt(id, null));
  wall.cameraFailed = (id) => failed.set(id, performance.now());
})();
