/* The states that a place was in, by whose word, and the way to say another. */
(function () {
  "use strict";

  const pingji = window.pingji;
  const SLOT = "drawer-place-states";
  const SHOWN = 12;
  let id = null;
  let version = null; // for which the states were asked
  let states = null;

  const now = () => {
    const told = id === null ? null : pingji.drawer.live("places", id);
    return told ? told.version : null;
  };

  function ask() {
    const mine = id;
    version = now();
    pingji.drawer.ask(
      "/api/v1/places/" + encodeURIComponent(mine) + "/states",
      (told) => {
        if (mine !== id) return;
        states = told.items;
        paint();
      },
      () => mine === id && pingji.drawer.state(SLOT, "failed", "failed", ask),
    );
  }

  function line(one) {
    const make = pingji.make;
    const item = make("li", "acts__act");
    const head = make("p", "acts__head");
    head.append(make("strong", "acts__name", pingji.code("place_state", one.state)));
    if (one.depth_cm !== null) {
      const depth = pingji.say("entry_depth_cm", { n: pingji.format.value(one.depth_cm) });
      head.append(make("span", "", depth));
    }
    head.append(
      make("span", "", one.by || ""),
      make("span", "acts__time", pingji.format.moment(Date.parse(one.at))),
    );
    item.append(head);
    if (one.note) item.append(make("p", "acts__note", one.note));
    return item;
  }

  function paint() {
    if (id === null || !states) return;
    const nodes = [];
    if (pingji.page.viewer.rights.indexOf("enter") >= 0 && pingji.entry) {
      const bar = pingji.make("div", "acts__bar");
      const button = pingji.make("button", "button", pingji.say("entry_change_state"));
      const mine = id;
      button.addEventListener("click", () => pingji.entry.open({ mode: "place", place: mine }));
      bar.append(button);
      nodes.push(bar);
    }
    const list = pingji.make("ol", "acts");
    states.slice(0, SHOWN).forEach((one) => list.append(line(one)));
    nodes.push(list);
    pingji.drawer.fill(SLOT, nodes);
  }

  pingji.on("opened", (thing) => {
    id = thing && thing.kind === "place" ? thing.id : null;
    states = null;
    if (id === null) return;
    pingji.drawer.state(SLOT, "loading", "loading");
    ask();
  });
  pingji.on("paint", () => {
    if (id !== null && states && now() !== version) ask();
  });
  pingji.on("language", paint);
})();
