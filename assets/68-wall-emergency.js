/* The wall's lists of an emergency: ponding and closures, warnings, progress of plans, responders.
 *
 * Names of places and offices only, numbers of responders, phases of plans: no free text, and no
 * names of persons. */
(function () {
  "use strict";

  const pingji = window.pingji;
  if (!pingji.wall) return;

  const { room, rows, ready, count, write, empty, full, bar } = pingji.wall.list;
  const say = (key, fill) => pingji.say(key, fill);
  const COLOURS = ["red", "orange", "yellow", "blue"];
  const OUT = ["assigned", "en_route"];
  const LONG_EM = 2.7; // a row whose name has two lines
  let fitted = ""; // for which bands, and how much room, times were left out

  function paintPonding(now) {
    const list = ready("wall-ponding");
    if (!list || !pingji.live.topic("places").loaded) return;
    const all = pingji.emergency.ponding().all;
    if (!all.length) {
      empty(list, say("none_ponding"));
      write("ponding", "");
      return;
    }
    full(list);
    const n = room(list, all.length, list.dataset.long ? LONG_EM : 2.2, 2.8);
    const made = rows(list, n, ["sign", "name", "state", "deep", "since"], "wall__row--pond");
    all.slice(0, n).forEach((place, i) => {
      const cells = made[i].children;
      made[i].dataset.state = place.state;
      pingji.write(cells[0], place.state === "closed" ? "⊘" : "≈");
      pingji.write(cells[1], place.name);
      pingji.write(cells[2], pingji.code("place_state", place.state));
      const deep = place.depth === null ? "—" : say("wall_centimetres", { n: pingji.format.value(place.depth) });
      pingji.write(cells[3], deep);
      pingji.write(cells[4], pingji.format.age((now - place.since) / 1000));
    });
    count("ponding", n, all.length);
    fitNames(list, all);
  }

  /** Where the names do not go on one line all rows have room for two, and fewer are shown. */
  function fitNames(list, all) {
    const longest = all.reduce((most, place) => Math.max(most, place.name.length), 0);
    const key = [longest, list.clientWidth, pingji.wall.em, pingji.language].join();
    if (list.dataset.fitted === key) return;
    list.dataset.fitted = key;
    delete list.dataset.long;
    const cut = Array.from(list.querySelectorAll(".wall__cell--name")).some((name) => name.scrollWidth > name.clientWidth + 1);
    if (cut) list.dataset.long = "true";
  }

  function warnings() {
    const topic = pingji.live.topic("warnings");
    const at = topic.columns;
    const found = [];
    const rows = Array.from(topic.rows.values());
    const drilled = pingji.drill.decides() ? Array.from(topic.drills.values()) : [];
    rows.concat(drilled).forEach((row) => {
      found.push({
        id: row[0],
        event: drilled.includes(row) ? say("band_drill") + " " + row[at.event] : row[at.event],
        colour: row[at.colour],
        sender: pingji.drill.bare(row[at.sender] || ""),
        since: Date.parse(row[at.effective_at]),
      });
    });
    const rank = (one) => (one.colour ? COLOURS.indexOf(one.colour) : COLOURS.length);
    return found.sort((a, b) => rank(a) - rank(b) || b.since - a.since || (a.id < b.id ? -1 : 1));
  }

  function paintWarnings() {
    const list = ready("wall-warnings");
    if (!list || !pingji.live.topic("warnings").loaded) return;
    const all = warnings();
    if (!all.length) {
      empty(list, say("wall_no_warnings"));
      write("warnings", "");
      return;
    }
    full(list);
    const n = room(list, all.length, 3, 4.6);
    list.classList.toggle("wall__list--long", list.clientHeight / pingji.wall.em / n >= 4.6);
    const made = rows(list, n, ["colour", "name", "who"], "wall__row--warning");
    all.slice(0, n).forEach((one, i) => {
      const cells = made[i].children;
      made[i].dataset.colour = one.colour || "";
      const colour = one.colour ? pingji.code("warning_colour", one.colour) : "";
      pingji.write(cells[1], say("wall_warning", { event: one.event, colour: colour }));
      const since = say("response_since", { time: pingji.format.moment(one.since) });
      pingji.write(cells[2], [since, one.sender].filter(Boolean).join(" · "));
    });
    count("warnings", n, all.length);
  }

  /** Phases of what acts here, in the plans' order: {name, all, done, late}. */
  function phases() {
    const found = new Map();
    pingji.emergency.acting().forEach((band) => {
      pingji.tasks.of(band.id).forEach((task) => {
        if (!found.has(task.phase)) found.set(task.phase, { name: task.phase, all: 0, done: 0, late: 0 });
        const phase = found.get(task.phase);
        phase.all += 1;
        if (task.state === "done") phase.done += 1;
        else if (task.late) phase.late += 1;
      });
    });
    return Array.from(found.values());
  }

  function paintTasks() {
    const list = ready("wall-tasks");
    if (!list || !pingji.live.topic("tasks").loaded) return;
    const all = phases();
    if (!all.length) {
      empty(list, say("wall_no_tasks"));
      write("tasks", "");
      return;
    }
    full(list);
    const n = room(list, all.length + 1, 1.8, 3) - 1;
    const made = rows(list, n + 1, ["name", "bar", "done", "late"], "wall__row--phase");
    made[0].classList.add("wall__row--head");
    pingji.write(made[0].children[0], "");
    pingji.write(made[0].children[2], say("wall_tasks_head"));
    pingji.write(made[0].children[3], say("wall_late"));
    all.slice(0, n).forEach((phase, i) => {
      const cells = made[i + 1].children;
      pingji.write(cells[0], phase.name);
      const [done, late] = bar(cells[1]);
      done.style.width = (100 * phase.done) / phase.all + "%";
      late.hidden = phase.late === 0;
      late.style.left = (100 * phase.done) / phase.all + "%";
      late.style.width = (100 * phase.late) / phase.all + "%";
      pingji.write(cells[2], phase.done + " / " + phase.all);
      pingji.write(cells[3], String(phase.late));
      made[i + 1].classList.toggle("wall__row--late", phase.late > 0);
    });
    const sum = (name) => all.reduce((total, phase) => total + phase[name], 0);
    write("tasks", say("tasks_progress", { done: sum("done"), all: sum("all") }));
  }

  /** Kinds of responders with how many are on site, out and ready. */
  function responders(now) {
    const topic = pingji.live.topic("responders");
    const at = topic.columns;
    const found = new Map();
    const step = pingji.wall.steps[pingji.wall.step];
    const ground = step && step.view === "event" ? pingji.event.inside(now).responders : null;
    const here = ground && new Set(ground.map((it) => it.id)); // on an event's wall those within its zones
    topic.rows.forEach((row) => {
      if (here && !here.has(row[0])) return;
      const kind = row[at.kind];
      const status = row[at.status];
      if (!found.has(kind)) found.set(kind, { kind: kind, site: 0, out: 0, ready: 0 });
      const one = found.get(kind);
      if (status === "on_site") one.site += 1;
      else if (OUT.indexOf(status) >= 0) one.out += 1;
      else if (status !== "off") one.ready += 1;
    });
    const busy = (one) => one.site + one.out;
    return Array.from(found.values()).sort(
      (a, b) => busy(b) - busy(a) || b.ready - a.ready || (a.kind < b.kind ? -1 : 1),
    );
  }

  function paintResponders(now) {
    const list = ready("wall-responders");
    if (!list || !pingji.live.topic("responders").loaded) return;
    const all = responders(now);
    if (!all.length) {
      empty(list, say("wall_no_responders"));
      return;
    }
    full(list);
    const n = room(list, all.length + 1, 1.8, 3) - 1;
    const made = rows(list, n + 1, ["name", "site", "out", "ready"], "wall__row--force");
    made[0].classList.add("wall__row--head");
    const number = pingji.format.number;
    const head = ["", say("wall_on_site"), say("wall_out"), say("wall_ready")];
    head.forEach((text, i) => pingji.write(made[0].children[i], text));
    all.slice(0, n).forEach((one, i) => {
      const cells = made[i + 1].children;
      pingji.write(cells[0], pingji.code("responder", one.kind));
      pingji.write(cells[1], number(one.site));
      pingji.write(cells[2], number(one.out));
      pingji.write(cells[3], number(one.ready));
    });
  }

  /** The nearest typhoon as the city sees it. */
  function paintTyphoon() {
    const box = ready("wall-typhoon");
    if (!box || !pingji.live.topic("typhoons").loaded) return;
    const typhoon = pingji.typhoons.all()[0];
    const title = pingji.byId("wall-typhoon-title");
    const note = pingji.byId("wall-typhoon-note");
    if (!typhoon) {
      pingji.write(title, say("typhoon"));
      pingji.write(note, "");
      write("typhoon", "");
      delete box.dataset.inset;
      empty(box, say("typhoon_none"));
      return;
    }
    full(box);
    const told = pingji.typhoons.said(typhoon);
    pingji.write(title, told.title + " · " + told.strength);
    write("typhoon", told.where);
    const first = typhoon.ahead[0];
    const time = first && pingji.format.moment(first.issuedAt);
    const issued = first ? say("typhoon_issued", { issuer: first.issuer, time: time }) : "";
    pingji.write(note, [told.fix, issued].filter(Boolean).join(" · "));
    pingji.typhoonInset(box, typhoon, pingji.wall.em);
  }

  /** What is in force comes before which step it is and for how long: these give way, the last time
   * first; then what every band says alike, then the size of running text. */
  function fitBands() {
    const place = pingji.byId("band");
    if (!place || !place.children.length) return;
    const step = pingji.byId("wall-step");
    const key = [place.dataset.key, place.parentNode.clientWidth, step.textContent, pingji.wall.em].join();
    if (key === fitted) return;
    fitted = key;
    const bands = Array.from(place.children);
    const cut = () => bands.some((band) => {
      const title = band.querySelector(".band__title");
      return title && title.scrollWidth > title.clientWidth + 1;
    });
    const titles = (short) => bands.forEach((band) => {
      const title = band.querySelector(".band__title");
      if (title && title.dataset.whole) pingji.write(title, short ? title.dataset.short : title.dataset.whole);
    });
    place.classList.remove("wall__bands--tight", "wall__bands--cut");
    titles(false);
    step.hidden = false;
    const times = bands.map((band) => band.querySelector(".band__time")).filter(Boolean);
    times.forEach((time) => {
      time.hidden = false;
    });
    if (cut() || step.scrollWidth > step.clientWidth + 1) step.hidden = true;
    times.reverse().forEach((time) => {
      if (cut()) time.hidden = true;
    });
    if (cut()) titles(true);
    if (cut()) place.classList.add("wall__bands--tight");
    if (cut()) place.classList.add("wall__bands--cut");
  }

  function paint() {
    fitBands();
    const now = pingji.live.pictureAt();
    if (now === null || pingji.wall.step < 0) return;
    paintPonding(now);
    paintWarnings();
    paintTasks();
    paintResponders(now);
    paintTyphoon();
  }

  pingji.on("paint", paint);
  pingji.on("wall-step", paint);
})();
