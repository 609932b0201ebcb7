/* The nearest typhoon beside the console's map: one line that opens its picture as the city sees it. */
(function () {
  "use strict";

  const pingji = window.pingji;
  const FOLDED = "typhoon-folded";

  if (!/^\/(wall|event)/.test(window.location.pathname)) {
    pingji.live.topics = pingji.live.topics.concat(["typhoons"]);
  }

  function build(box) {
    const make = pingji.make;
    const line = make("button", "typhoon-card__line");
    line.type = "button";
    line.dataset.act = "typhoon";
    ["title", "where", "fix", "fold"].forEach((name) => {
      line.append(make("span", "typhoon-card__" + name));
    });
    box.append(line, make("div", "typhoon-card__picture"));
  }

  function paint() {
    const box = pingji.byId("map-typhoon");
    if (!box || !pingji.live.topic("typhoons").loaded) return;
    const typhoon = pingji.typhoons.all()[0];
    if (pingji.map) pingji.typhoonsOn(pingji.map.map, true);
    box.classList.toggle("typhoon-card--on", Boolean(typhoon));
    if (!typhoon) {
      box.replaceChildren();
      return;
    }
    if (!box.firstChild) build(box);
    const told = pingji.typhoons.said(typhoon);
    const open = pingji.memory.get(FOLDED) === "open";
    const [title, where, fix, fold] = box.firstChild.children;
    pingji.write(title, told.title + " · " + told.strength);
    pingji.write(where, told.where);
    pingji.write(fix, told.fix);
    pingji.write(fold, pingji.say(open ? "typhoon_close" : "typhoon_open"));
    box.firstChild.setAttribute("aria-expanded", String(open));
    const picture = box.lastChild;
    picture.hidden = !open;
    if (open) pingji.typhoonInset(picture, typhoon, parseFloat(window.getComputedStyle(picture).fontSize));
  }

  pingji.acts.typhoon = () => {
    pingji.memory.set(FOLDED, pingji.memory.get(FOLDED) === "open" ? "folded" : "open");
    paint();
  };
  pingji.on("paint", paint);
})();
