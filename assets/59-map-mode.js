/* What a mode shows on the console's map: its layers, and of the cases those that are expedited or
 * have alerts. A person's own choice is kept and comes back at the end; one press shows all cases. */
(function () {
  "use strict";

  const pingji = window.pingji;
  const model = pingji.model;
  if (!window.location.pathname.startsWith("/console")) return;

  const QUIET = 32; // a case that the mode leaves out, of the bits of its state
  let profile = null; // what holds now: {layers, classes, thin, every}
  let key = "";
  let all = false; // somebody asked for all cases

  const { of, listed } = pingji.profiles;

  const thins = () => profile !== null && profile.thin && !all;

  function mark(i, at) {
    const row = model.cases.rows[i];
    const stays = !profile || !profile.thin || listed(profile.classes, row[at.kind], row[at.subcategory]);
    if (stays) model.cases.state[i] &= ~QUIET;
    else model.cases.state[i] |= QUIET;
  }

  function markAll() {
    const at = pingji.live.topic("cases").columns;
    for (let i = 0; i < model.cases.n; i += 1) mark(i, at);
  }

  const shows = model.shows;
  model.shows = (i, now) =>
    shows(i, now) && (!thins() || (model.cases.state[i] & (QUIET | model.ALERT)) !== QUIET);

  pingji.on("set:cases", markAll);
  pingji.on("delta:cases", (delta) => {
    if (!profile || !profile.thin) return;
    const at = pingji.live.topic("cases").columns;
    delta.upsert.forEach((row) => {
      const i = model.cases.index.get(row[0]);
      if (i !== undefined) mark(i, at);
    });
  });

  function follow({ here }) {
    const first = here[0];
    const next = first ? [first.kind, first.scenario, first.level].join() : "";
    if (next !== key) {
      key = next;
      profile = first ? of(first) : null;
      all = false;
      markAll();
      pingji.lendLayers(profile && profile.layers.length ? profile.layers : null);
    }
    paintChip();
    paintReport(here);
  }

  function paintChip() {
    const box = pingji.byId("map-mode");
    if (!box) return;
    const said = profile && profile.thin ? [pingji.language, all].join() : "";
    if (box.dataset.said === said) return;
    box.dataset.said = said;
    box.replaceChildren();
    if (!said) return;
    if (!all) box.append(pingji.make("span", "chip map__thinned", pingji.say("map_thinned")));
    const button = pingji.make("button", "toggle", pingji.say(all ? "map_thin" : "map_all"));
    button.type = "button";
    button.dataset.act = "map-all";
    box.append(button);
  }

  /** When the next report is due: counted from when the emergency took effect. */
  function paintReport(here) {
    const chip = pingji.byId("header-report");
    const now = pingji.live.now();
    if (!chip || now === null) return;
    const due = here
      .map((band) => ({ at: band.at, every: of(band).every }))
      .filter((one) => one.every)
      .sort((a, b) => a.every - b.every)[0];
    if (!due) {
      pingji.write(chip, "");
      chip.title = "";
      return;
    }
    const step = due.every * 60000;
    const next = due.at + (Math.floor(Math.max(0, now - due.at) / step) + 1) * step;
    pingji.write(chip, pingji.say("report_next", { time: pingji.format.time(next).slice(0, 5) }));
    chip.title = pingji.say("report_every", { n: pingji.format.age(due.every * 60) });
  }

  pingji.acts["map-all"] = () => {
    all = !all;
    paintChip();
    if (pingji.map) pingji.map.layer.draw();
  };
  pingji.on("mode", follow);
})();
