/* What stands below the record of a case: photos, cameras with their picture, what was here before.
 *
 * The record itself is painted by 75-case-detail.js, which tells of it by "record". */
(function () {
  "use strict";

  const pingji = window.pingji;
  const SETTLE_MS = 400; // who steps through the list opens no pictures on the way
  const PICTURES = 2;
  const PICTURE_WITHIN_M = 800;
  let pictures = [];
  let timer = null;
  let last = null; // the record whose surroundings are shown
  let shownFor = null; // id and place for which the surroundings were asked

  function stop() {
    pictures.forEach((picture) => picture.stop());
    pictures = [];
    window.clearTimeout(timer);
    shownFor = null;
  }

  const SLOTS = {
    cameras: "drawer-case-cameras",
    stations: "drawer-case-stations",
    responders: "drawer-case-responders",
  };

  function surroundings(record) {
    const drawer = pingji.drawer;
    const key = [record.id, record.lon, record.lat].join();
    if (shownFor === key) return;
    stop();
    shownFor = key;
    last = record;
    Object.values(SLOTS).forEach((slot) => drawer.state(slot, "loading", "loading"));
    drawer.state("drawer-case-before", "loading", "loading");
    pingji.write(pingji.byId("drawer-case-before-note"), "");
    photos(record.photos || []);
    timer = window.setTimeout(() => {
      drawer.fillNear(record, SLOTS, { then: (found) => open(record, found.cameras) });
      before(record);
    }, SETTLE_MS);
  }

  /** The nearest cameras that are on show their picture above the list. */
  function open(record, cameras) {
    const box = pingji.byId("drawer-case-cameras");
    const on = cameras.filter((c) => c.status === "on" && c.distance_m <= PICTURE_WITHIN_M);
    const shown = on.slice(0, PICTURES);
    if (!shown.length || !box) return;
    const grid = pingji.make("div", "pictures");
    box.prepend(grid);
    shown.forEach((camera) => {
      const tile = pingji.make("button", "pictures__tile");
      const line = pingji.make("span", "pictures__line");
      line.append(
        pingji.make("span", "near__name", camera.name),
        pingji.make("span", "near__far", pingji.drawer.distance(camera.distance_m)),
      );
      pictures.push(new pingji.Picture(tile, camera.id, { small: true, because: record.id }));
      tile.append(line);
      tile.addEventListener("click", () =>
        pingji.emit("open", { kind: "camera", id: camera.id, from: "drawer" }),
      );
      grid.append(tile);
    });
    const names = shown.map((camera) => camera.name);
    box.querySelectorAll(".near__row").forEach((row) => {
      if (names.indexOf(row.querySelector(".near__name").textContent) >= 0) row.remove();
    });
  }

  function before(record) {
    const drawer = pingji.drawer;
    const slot = "drawer-case-before";
    drawer.ask(
      "/api/v1/cases/" + encodeURIComponent(record.id) + "/before",
      (told) => {
        const m = pingji.format.number(told.within_m);
        if (!told.count) {
          const none = pingji.say("before_none", { m: m });
          drawer.fill(slot, pingji.make("p", "drawer__state", none));
          return;
        }
        const count = pingji.say("before_count", { m: m, n: pingji.format.number(told.count) });
        pingji.write(pingji.byId("drawer-case-before-note"), count);
        repeated(told.repeat);
        const list = pingji.make("div", "near");
        told.items.forEach((item) => {
          const when = pingji.format.date(Date.parse(item.reported_at));
          list.append(
            drawer.row(
              { kind: "case", id: item.id },
              {
                name: when + " · " + pingji.code("stage", item.stage),
                more: item.id,
                far: drawer.distance(item.distance_m),
                mark: "case",
              },
            ),
          );
        });
        drawer.fill(slot, list);
      },
      () => drawer.state(slot, "failed", "failed", () => before(record)),
    );
  }

  /** That the same matter came back to the same place, beside how many there ever were. */
  function repeated(repeat) {
    if (!repeat || !repeat.n) return;
    const chip = pingji.make("b", "chip chip--repeat", pingji.say("repeat_nth", { n: repeat.n }));
    const about = { days: repeat.days, within: repeat.within_m, n: repeat.n + 1 };
    chip.title = pingji.say("repeat_of", about);
    pingji.byId("drawer-case-before-note").prepend(chip, " ");
  }

  function photos(list) {
    const drawer = pingji.drawer;
    const section = pingji.byId("drawer-case-photos").closest("section");
    section.hidden = !list.length;
    const grid = pingji.make("div", "photos");
    list.slice(0, 12).forEach((photo) => {
      const url = typeof photo === "string" ? photo : photo.url;
      if (!url) return;
      const tile = pingji.make("a", "photos__tile");
      tile.href = url;
      tile.target = "_blank";
      tile.rel = "noopener noreferrer";
      const image = document.createElement("img");
      image.alt = pingji.say("photos");
      image.loading = "lazy";
      image.referrerPolicy = "no-referrer";
      image.onerror = () => {
        tile.replaceChildren(pingji.make("span", "drawer__state", pingji.say("photo_failed")));
      };
      image.src = url;
      tile.append(image);
      grid.append(tile);
    });
    drawer.fill("drawer-case-photos", grid);
  }

  pingji.on("record", surroundings);
  pingji.drawer.register("case", {
    open() {
      stop();
      Object.values(SLOTS).forEach((slot) => pingji.drawer.state(slot, "loading", "loading"));
      pingji.drawer.state("drawer-case-before", "loading", "loading");
      pingji.drawer.fill("drawer-case-record", []);
      pingji.byId("drawer-case-photos").closest("section").hidden = true;
    },
    said() {
      shownFor = null;
      if (last && last.id === pingji.drawer.open().id) surroundings(last);
    },
    close: stop,
  });
})();
