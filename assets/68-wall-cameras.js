/* Pictures on a wall: the cameras that were sent, or those nearest to the incident, or in an
 * emergency those that 67-wall-chosen.js chose; more than have room take turns by the server's clock.
 * Only cameras marked for walls reach this page at all. */
(function () {
  "use strict";

  const pingji = window.pingji;
  if (!pingji.wall) return;

  const wall = pingji.wall;
  const NEAR_M = 3000;
  const NEAR_MOST = 6;
  const TURN_S = 15;
  const LEAST_EM = 10; // a picture narrower than that shows nothing at ten metres
  const NAMED_EM = 14; // nor has what stands below it room for where it is
  const CAPTION_EM = 1.5;
  const BESIDE_EM = 6;
  const HARDLY = 0.85;
  const ASPECT = 16 / 9;
  const GRIDS = [[1, 1], [2, 1], [1, 2], [3, 1], [1, 3], [2, 2], [3, 2], [2, 3]]; // columns, rows
  const shown = new Map(); // camera -> {tile, picture}
  const make = (...args) => pingji.make(...args);

  function metres(a, b) {
    const y = (a.lat - b.lat) * 111320;
    const x = (a.lon - b.lon) * 111320 * Math.cos((a.lat * Math.PI) / 180);
    return Math.hypot(x, y);
  }

  /** Cameras that are on and may be shown, the nearest to a spot first: [{id, metres}]. */
  wall.camerasNear = (spot, most) => {
    const topic = pingji.live.topic("cameras");
    const at = topic.columns;
    const found = [];
    topic.rows.forEach((row) => {
      if (!row[at.wall_allowed] || row[at.status] !== "on") return;
      const away = metres(spot, { lon: row[at.lon], lat: row[at.lat] });
      if (away <= NEAR_M) found.push({ id: row[0], metres: away });
    });
    return found.sort((a, b) => a.metres - b.metres || (a.id < b.id ? -1 : 1)).slice(0, most);
  };

  /** A camera of the topic, if it is on and may be shown: {id, metres from a spot, or null}; else null. */
  wall.cameraAt = (id, spot) => {
    const topic = pingji.live.topic("cameras");
    const row = topic.rows.get(id);
    if (!row || !row[topic.columns.wall_allowed] || row[topic.columns.status] !== "on") return null;
    if (!spot) return { id: id, metres: null };
    return { id: id, metres: metres(spot, { lon: row[topic.columns.lon], lat: row[topic.columns.lat] }) };
  };

  /** Which cameras belong here: sent ones in their order, else those near the incident, else what
   * is chosen by itself. */
  function wanted(now) {
    const sent = wall.target && wall.target.cameras;
    if (sent) return sent.map((id) => ({ id: id, metres: null }));
    const spot = wall.incident();
    if (spot) return wall.camerasNear(spot, NEAR_MOST);
    const chosen = wall.sceneNow().purpose === "mode" ? wall.chosenCameras(now) : [];
    if (chosen.length || !wall.preview) return chosen;
    const topic = pingji.live.topic("cameras");
    const some = Array.from(topic.rows.values()).filter((row) => row[topic.columns.wall_allowed]);
    return some.slice(0, NEAR_MOST).map((row) => ({ id: row[0], metres: null }));
  }

  /** Columns and rows: as many pictures as have room, six at most, and these as large as can be. */
  function grid(box, count) {
    const wide = box.clientWidth / wall.em;
    const high = box.clientHeight / wall.em;
    let best = { shown: 0, width: 0, grid: [1, 1] };
    GRIDS.forEach(([columns, rows]) => {
      const width = Math.min(wide / columns, (high / rows - CAPTION_EM) * ASPECT);
      if ((width < LEAST_EM || wide / columns < NAMED_EM) && columns * rows > 1) return;
      const shown = Math.min(count, columns * rows);
      if (shown < best.shown || (shown === best.shown && width <= best.width)) return;
      best = { shown: shown, width: width, grid: [columns, rows] };
    });
    return best.grid;
  }

  /** How many em a text takes: a Chinese sign one, a letter about half of that. */
  const ems = (text) => Array.from(text).reduce((sum, sign) => sum + (sign > "\u2e7f" ? 1 : 0.6), 0);

  /** Whether what a picture is of stands beside it: where it does not go on one line below, and the
   * picture is then hardly smaller. */
  function beside(box, [columns, rows], captions) {
    const wide = box.clientWidth / wall.em / columns;
    if (captions.every((caption) => ems(caption) + 2.5 < wide)) return false;
    const high = box.clientHeight / wall.em / rows;
    const below = Math.min(wide, (high - CAPTION_EM) * ASPECT);
    return Math.min(wide - BESIDE_EM, high * ASPECT) >= HARDLY * below;
  }

  /** How many at a time: turns of like size, so that none leaves the last place half empty. */
  function share(box, count) {
    const [columns, rows] = grid(box, count);
    return Math.ceil(count / Math.ceil(count / (columns * rows)));
  }

  /** Those whose turn it is, by the server's clock, so that all screens of a hall agree. */
  function turn(all, each) {
    const pages = Math.ceil(all.length / each);
    const now = wall.now();
    if (pages < 2 || now === null) return all.slice(0, each);
    const seconds = (wall.target && wall.target.seconds) || TURN_S;
    const page = Math.floor(now / (seconds * 1000)) % pages;
    return all.slice(page * each, page * each + each);
  }

  function nameOf(id) {
    const topic = pingji.live.topic("cameras");
    const row = topic.rows.get(id);
    return row ? row[topic.columns.name] : id;
  }

  /** What a picture is of. */
  function called(one) {
    const away = one.metres === null ? "" : pingji.say("wall_metres", { n: Math.round(one.metres / 10) * 10 });
    return one.name || [nameOf(one.id), away].filter(Boolean).join(" · ");
  }

  /** How it stands there; a number stays with its unit. */
  const noted = (one) => (one.note || "").replace(/(\d) /g, "$1\u00a0");

  function tile(one) {
    const box = make("figure", "wall__camera");
    const made = { tile: box, picture: new pingji.Picture(box, one.id, {
      small: true,
      alone: true,
      because: one.because,
      failed: () => wall.cameraFailed(one.id),
    }) };
    const line = make("figcaption", "wall__camera-line");
    line.append(make("span", "wall__camera-name"), make("span", "wall__camera-note"));
    box.append(line);
    return made;
  }

  function drop(id) {
    const gone = shown.get(id);
    gone.picture.stop();
    gone.tile.remove();
    shown.delete(id);
  }

  function paint() {
    const box = wall.list.ready("wall-cameras");
    if (!box) {
      Array.from(shown.keys()).forEach(drop);
      return;
    }
    const moment = pingji.live.pictureAt();
    if (!pingji.live.topic("cameras").loaded || moment === null) return;
    const all = wanted(moment);
    const place = document.querySelector("[data-count=cameras]");
    if (!all.length) {
      Array.from(shown.keys()).forEach(drop);
      pingji.write(place, "");
      wall.list.empty(box, pingji.say(wall.camerasFail() ? "wall_cameras_fail" : "wall_cameras_none"));
      return;
    }
    wall.list.full(box);
    const each = share(box, all.length);
    const laid = grid(box, each);
    box.dataset.grid = laid.join("x");
    const now = turn(all, each);
    if (beside(box, laid, now.map((one) => called(one) + noted(one)))) box.dataset.beside = "true";
    else delete box.dataset.beside;
    Array.from(shown.keys()).forEach((id) => {
      if (!now.some((one) => one.id === id)) drop(id);
    });
    now.forEach((one, n) => {
      if (!shown.has(one.id)) shown.set(one.id, tile(one));
      const made = shown.get(one.id);
      if (box.children[n] !== made.tile) box.insertBefore(made.tile, box.children[n] || null);
      pingji.write(made.tile.querySelector(".wall__camera-name"), called(one));
      pingji.write(made.tile.querySelector(".wall__camera-note"), noted(one));
    });
    const some = now.length < all.length;
    pingji.write(place, some ? pingji.say("wall_turns", { n: all.length }) : "");
  }

  pingji.on("paint", paint);
  pingji.on("wall-step", paint);
})();
