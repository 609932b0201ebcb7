/* The sheet of screens on the console: what each wall shows and why, and what they are told.
 *
 * Choose one or several, then say what: two acts, never one slip. Everything by keyboard: W opens,
 * arrows walk, Space chooses, Escape leaves. */
(function () {
  "use strict";

  const pingji = window.pingji;
  const screens = pingji.screens;
  const OFFLINE_MS = 60000;
  const BEHIND_MS = 3000;
  const LOOK_MS = 50;
  const say = (key, fill) => pingji.say(key, fill);
  const make = (...args) => pingji.make(...args);
  const may = () => pingji.page && pingji.page.viewer.rights.includes("arrange");
  let sheet = null; // {root, cards, side, wrong, chosen: Set, opener, key}
  let pressed = Promise.resolve(); // the last of those that were pressed

  if (!/^\/wall/.test(window.location.pathname)) {
    pingji.live.topics = pingji.live.topics.concat(["screens"]);
    pingji.live.needs.screens = "arrange";
  }

  function rows() {
    const topic = pingji.live.topic("screens");
    const columns = Object.keys(topic.columns);
    return Array.from(topic.rows.values(), (row) => {
      const told = {};
      columns.forEach((name) => {
        told[name] = row[topic.columns[name]];
      });
      return told;
    }).sort((a, b) => (a.hall + a.id < b.hall + b.id ? -1 : 1));
  }

  const chosenRows = () => rows().filter((row) => sheet.chosen.has(row.id));

  /** Whether its own browser speaks, and how long ago it did. */
  function state(row) {
    if (!row.seen_at) return { word: say("screens_unseen"), look: "off" };
    const ms = Math.max(0, (screens.realNow() || 0) - Date.parse(row.seen_at));
    const age = pingji.format.age(ms / 1000);
    if (ms > OFFLINE_MS) return { word: say("screens_offline", { age: age }), look: "off" };
    if (row.seen_scene !== row.scene) return { word: say("screens_behind", { age: age }), look: "late" };
    if (row.seen_fresh === false) return { word: say("screens_stale", { age: age }), look: "late" };
    return { word: say("screens_online", { age: age }), look: "on" };
  }

  function who(row) {
    if (!row.by) return "";
    return pingji.page.codes.person[row.by] ? pingji.code("person", row.by) : row.by.replace(/^token:/, "");
  }

  /** What is shown, in words: scene and step, or an incident, or that it is black. */
  function what(row) {
    if (row.why === "blank") return say("screens_black");
    const scene = screens.scenesOf(row)[row.scene];
    if (!row.scene) return say("wall_no_scene");
    if (!scene) return row.scene;
    const name = scene.name[pingji.language === "en" ? 1 : 0];
    const step = scene.steps.length > 1 ? screens.stepOf(row, scene).name[pingji.language === "en" ? 1 : 0] : "";
    const cameras = row.target && row.target.cameras;
    const more = cameras ? say("screens_camera_count", { n: cameras.length }) : step;
    return [name, more].filter(Boolean).join(" · ");
  }

  function card(row) {
    const made = make("button", "screens__card");
    made.type = "button";
    made.dataset.screen = row.id;
    made.setAttribute("role", "checkbox");
    made.append(make("span", "screens__picture"));
    ["name", "what", "why", "since", "state"].forEach((name) => made.append(make("span", "screens__" + name)));
    made.addEventListener("click", () => toggle(row.id));
    return made;
  }

  function fill(made, row) {
    const part = (name) => made.querySelector(".screens__" + name);
    const picture = part("picture");
    screens.draw(picture, row, screens.scenesOf(row)[row.scene] || null);
    const now = state(row);
    made.setAttribute("aria-checked", String(sheet.chosen.has(row.id)));
    made.dataset.state = now.look;
    pingji.write(part("name"), row.name + " · " + row.id);
    pingji.write(part("what"), what(row));
    pingji.write(part("why"), (row.drill ? say("band_drill") + " · " : "") + pingji.code("screen_why", row.why));
    made.dataset.why = row.why;
    const since = row.since ? say("wall_incident_since", { time: pingji.format.time(Date.parse(row.since)) }) : "";
    pingji.write(part("since"), [since, who(row)].filter(Boolean).join(" · "));
    pingji.write(part("state"), now.word);
  }

  function toggle(id) {
    if (sheet.chosen.has(id)) sheet.chosen.delete(id);
    else sheet.chosen.add(id);
    draw(true);
  }

  function draw(whole) {
    if (!sheet) return;
    const all = rows();
    const key = all.map((row) => row.id).join(" ");
    if (sheet.key !== key) {
      sheet.key = key;
      sheet.cards.replaceChildren(...all.map(card));
    }
    all.forEach((row, n) => fill(sheet.cards.children[n], row));
    const off = all.filter((row) => state(row).look === "off").length;
    pingji.write(sheet.count, say(off ? "screens_count_off" : "screens_count", { n: all.length, off: off }));
    const told = chosenRows();
    const acts = JSON.stringify([
      told.map((row) => [row.id, row.scene, row.pinned, row.target, row.why, Object.keys(screens.scenesOf(row)).length]),
      pingji.language,
    ]);
    if (whole || sheet.acts !== acts) {
      sheet.acts = acts;
      keepFocus(() => {
        sheet.side.replaceChildren(...screens.actsFor(told));
        halls(all);
      });
    }
  }

  /** What had the focus has it again after all was made anew: the same place among its like. */
  function keepFocus(redraw) {
    const stops = () => Array.from(sheet.root.querySelectorAll("button, a, input"));
    const at = stops().indexOf(document.activeElement);
    redraw();
    if (at < 0 || sheet.root.contains(document.activeElement)) return;
    const now = stops();
    (now[Math.min(at, now.length - 1)] || sheet.root).focus();
  }

  /** One key for guests in a hall, and the same one back. */
  function halls(all) {
    const names = Array.from(new Set(all.filter((row) => !row.event).map((row) => row.hall)));
    sheet.halls.replaceChildren(
      ...names.map((hall) => {
        const on = all.some((row) => row.hall === hall && row.why === "reception");
        const button = make("button", "toggle", say(on ? "screens_guests_go" : "screens_guests", { hall: hallName(hall, names) }));
        button.type = "button";
        button.dataset.hall = hall;
        button.setAttribute("aria-pressed", String(on));
        button.addEventListener("click", () =>
          act(() => pingji.post("/api/v1/halls/" + encodeURIComponent(hall) + "/reception", { on: !on })),
        );
        return button;
      }),
    );
  }

  const hallName = (hall, names) => (names.length > 1 ? " · " + hall : "");

  /** One act after the other, none swallowed: the next goes once the stream has brought this one. */
  function act(send) {
    pressed = pressed.then(() => {
      if (sheet) pingji.write(sheet.wrong, "");
      return send().then(
        (answer) => {
          if (sheet) pingji.announce(say("screens_done"));
          return caughtUp((answer && answer.items) || []);
        },
        (error) => sheet && pingji.write(sheet.wrong, error.message),
      );
    });
  }

  /** Until the versions that an act made are here too, lest the next be refused as stale. */
  function caughtUp(items) {
    const until = performance.now() + BEHIND_MS;
    const behind = () => {
      const now = new Map(rows().map((row) => [row.id, row.version]));
      return items.some((item) => now.get(item.id) < item.version);
    };
    return new Promise((resolve) => {
      const look = () => (behind() && performance.now() < until ? window.setTimeout(look, LOOK_MS) : resolve());
      look();
    });
  }

  /** Tell the chosen screens, all of them or none, as they stand when it is their turn. */
  screens.tell = (wish) => {
    const chosen = new Set(sheet.chosen);
    act(() => {
      const mine = rows().filter((row) => chosen.has(row.id));
      const told = mine.map((row) => ({ id: row.id, version: row.version }));
      return pingji.post("/api/v1/screens/show", Object.assign({ screens: told }, wish));
    });
  };

  screens.changed = () => sheet && draw(true);

  function close() {
    if (!sheet) return;
    const was = sheet;
    sheet = null;
    was.root.remove();
    if (was.opener && was.opener.isConnected) was.opener.focus();
  }

  function walk(event) {
    const cards = Array.from(sheet.cards.children);
    const at = cards.indexOf(document.activeElement);
    const steps = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
    if (at < 0 || !steps[event.key]) return;
    const next = cards[at + steps[event.key]];
    if (next) next.focus();
    event.preventDefault();
  }

  function open() {
    if (!may() || sheet || pingji.dialogOpen()) return;
    const root = make("div", "dialog");
    const box = make("div", "dialog__box panel screens");
    box.setAttribute("role", "dialog");
    box.setAttribute("aria-modal", "true");
    box.setAttribute("aria-labelledby", "screens-title");
    const head = make("div", "screens__head");
    const title = make("h2", "dialog__title", say("screens"));
    title.id = "screens-title";
    const leave = make("button", "button", say("close"));
    leave.type = "button";
    leave.addEventListener("click", close);
    const all = make("button", "button", say("screens_all"));
    all.type = "button";
    sheet = {
      root: root,
      cards: make("div", "screens__cards"),
      side: make("div", "screens__side"),
      count: make("span", "screens__count"),
      halls: make("span", "screens__halls"),
      wrong: make("p", "dialog__wrong"),
      chosen: new Set(),
      opener: document.activeElement,
    };
    all.addEventListener("click", () => {
      const ids = rows().map((row) => row.id);
      const every = ids.every((id) => sheet.chosen.has(id));
      sheet.chosen = new Set(every ? [] : ids);
      draw(true);
    });
    sheet.cards.setAttribute("role", "group");
    sheet.cards.setAttribute("aria-label", say("screens"));
    sheet.wrong.setAttribute("role", "alert");
    head.append(title, sheet.count, sheet.halls, all, leave);
    const body = make("div", "screens__body");
    body.append(sheet.cards, sheet.side);
    box.append(head, sheet.wrong, body);
    root.append(box);
    document.body.append(root);
    root.addEventListener("keydown", (event) => {
      event.stopPropagation();
      if (event.key === "Escape") close();
      else walk(event);
    });
    root.addEventListener("click", (event) => event.target === root && close());
    draw(true);
    (sheet.cards.firstChild || leave).focus();
  }

  document.addEventListener("keydown", (event) => {
    if (sheet && event.key === "Escape") close();
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const free = event.target === document.body || (event.target.closest && event.target.closest(".detail, #queue-list"));
    const typing = event.target.closest && event.target.closest("input, textarea, select");
    if (event.key.toLowerCase() !== "w" || !free || typing || !pingji.byId("console")) return;
    event.preventDefault();
    open();
  });

  pingji.acts.screens = open;
  pingji.on("paint", () => draw(false));
  pingji.on("tick", () => draw(false));
  pingji.on("screens-plans", () => draw(true));
  pingji.on("language", () => draw(true));
})();
