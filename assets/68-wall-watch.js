/* 加强值班 on a wall: beside the routine scene, places and open cases of the operation that ended. */
(function () {
  "use strict";

  const pingji = window.pingji;
  if (!pingji.wall) return;

  const { room, rows, ready, write, empty, full } = pingji.wall.list;

  function paint() {
    const now = pingji.live.pictureAt();
    const list = now === null ? null : ready("wall-watch");
    if (!list || !pingji.live.topic("places").loaded || !pingji.live.topic("cases").loaded) return;
    const found = pingji.watch.told(now);
    const title = pingji.byId("wall-watch-title");
    const note = pingji.byId("wall-watch-note");
    if (!found) {
      pingji.write(title, pingji.say("watch"));
      pingji.write(note, "");
      write("watch", "");
      empty(list, pingji.say("watch_none"));
      return;
    }
    pingji.write(title, pingji.say("watch"));
    pingji.write(note, pingji.say("watch_counts", found.counts));
    if (!found.things.length) {
      write("watch", "");
      empty(list, pingji.say("watch_none"));
      return;
    }
    full(list);
    const n = room(list, found.things.length, 1.9, 2.6);
    const made = rows(list, n, ["name", "where", "value"], "wall__row--watch");
    found.things.slice(0, n).forEach((thing, i) => {
      const said = pingji.watch.words(thing, now);
      const cells = made[i].children;
      made[i].dataset.look = said.late ? "late" : thing.kind === "places" ? "bad" : "";
      pingji.write(cells[0], said.name);
      pingji.write(cells[1], said.where || said.since);
      pingji.write(cells[2], said.value);
    });
    const left = found.things.length - n;
    write("watch", left > 0 ? pingji.say("watch_more", { n: left }) : "");
  }

  pingji.on("paint", paint);
  pingji.on("wall-step", paint);
})();
