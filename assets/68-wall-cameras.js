/* Pictures on a wall: the cameras that were sent, or those nearest to the incident; more than have
 * room take turns by the server's clock. Only cameras marked for walls reach this page at all. */
(function () {
  "use strict";

  const pingji = window.pingji;
  if (!pingji.wall) return;

  const wall = pingji.wall;
  const NEAR_M = 1500;
  const NEAR_MOST = 6;
  const TURN_S = 15;
  const TILE_EM = { width: 13, height: 8.6 }; // the least that shows something at ten metres
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

  /** Which cameras belong here: sent ones in their order, else those near the incident. */
  function wanted() {
    const sent = wall.target && wall.target.cameras;
    if (sent) return sent.map((id) => ({ id: id, metres: null }));
    const spot = wall.incident();
    if (spot) return wall.camerasNear(spot, NEAR_MOST);
    if (!wall.preview) return [];
    const topic = pingji.live.topic("cameras");
    const some = Array.from(topic.rows.values()).filter((row) => row[topic.columns.wall_allowed]);
    return some.slice(0, NEAR_MOST).map((row) => ({ id: row[0], metres: null }));
  }

  /** As many columns and rows as have room for pictures of the least size; six at most. */
  function grid(box, count) {
    const wide = box.clientWidth / wall.em;
    const high = box.clientHeight / wall.em;
    const fits = (columns, rows) =>
      wide / columns >= TILE_EM.width && high / rows >= TILE_EM.height;
    const tries = [[1, 1], [2, 1], [1, 2], [3, 1], [2, 2], [1, 3], [3, 2], [2, 3]];
    const good = tries.filter(([columns, rows]) => fits(columns, rows));
    const enough = good.filter(([columns, rows]) => columns * rows >= count);
    const best = (a, b) => Math.abs(wide / a[0] / (high / a[1]) - 1.6) - Math.abs(wide / b[0] / (high / b[1]) - 1.6);
    if (enough.length) {
      const least = Math.min.apply(null, enough.map(([c, r]) => c * r));
      return enough.filter(([c, r]) => c * r === least).sort(best)[0];
    }
    return good.sort((a, b) => b[0] * b[1] - a[0] * a[1] || best(a, b))[0] || [1, 1];
  }

  /** Those whose turn it is, by the server's clock, so that all screens of a hall agree. */
  function turn(all, room) {
    const pages = Math.ceil(all.length / room);
    const now = wall.now();
    if (pages < 2 || now === null) return all.slice(0, room);
    const seconds = (wall.target && wall.target.seconds) || TURN_S;
    const page = Math.floor(now / (seconds * 1000)) % pages;
    return all.slice(page * room, page * room + room);
  }

  function nameOf(id) {
    const topic = pingji.live.topic("cameras");
    const row = topic.rows.get(id);
    return row ? row[topic.columns.name] : id;
  }

  function tile(one) {
    const box = make("figure", "wall__camera");
    const made = { tile: box, picture: new pingji.Picture(box, one.id, { small: true, alone: true }) };
    box.append(make("figcaption", "wall__camera-name"));
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
    if (!pingji.live.topic("cameras").loaded) return;
    const all = wanted();
    if (!all.length) {
      Array.from(shown.keys()).forEach(drop);
      wall.list.empty(box, pingji.say("wall_cameras_none"));
      return;
    }
    wall.list.full(box);
    const [columns, rows] = grid(box, all.length);
    box.dataset.grid = columns + "x" + rows;
    const now = turn(all, columns * rows);
    Array.from(shown.keys()).forEach((id) => {
      if (!now.some((one) => one.id === id)) drop(id);
    });
    now.forEach((one, n) => {
      if (!shown.has(one.id)) shown.set(one.id, tile(one));
      const made = shown.get(one.id);
      if (box.children[n] !== made.tile) box.insertBefore(made.tile, box.children[n] || null);
      const away = one.metres === null ? "" : pingji.say("wall_metres", { n: Math.round(one.metres / 10) * 10 });
      const name = [nameOf(one.id), away].filter(Boolean).join(" · ");
      pingji.write(made.tile.querySelector(".wall__camera-name"), name);
    });
    const place = document.querySelector("[data-count=cameras]");
    const some = now.length < all.length;
    pingji.write(place, some ? pingji.say("shown_first", { n: now.length, all: all.length }) : "");
  }

  pingji.on("paint", paint);
  pingji.on("wall-step", paint);
})();
