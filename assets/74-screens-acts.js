/* What the chosen screens are told: a scene, an incident, cameras, back, pinned, blank, turns. */
(function () {
  "use strict";

  const pingji = window.pingji;
  const screens = pingji.screens;
  const FOUND_MOST = 6;
  const CAMERAS_MOST = 24;
  const TOPICS = { case: "cases", alert: "alerts", place: "places", station: "stations" };
  const say = (key, fill) => pingji.say(key, fill);
  const make = (...args) => pingji.make(...args);
  const word = (pair) => pair[pingji.language === "en" ? 1 : 0];
  const group = { ids: [], text: "" }; // cameras to send
  let opened = null; // what the drawer shows: {kind, id}

  pingji.on("opened", (thing) => {
    opened = thing;
    screens.changed();
  });

  function button(text, act, look) {
    const made = make("button", look || "button", text);
    made.type = "button";
    made.addEventListener("click", act);
    return made;
  }

  function section(name, nodes) {
    const box = make("section", "screens__section");
    box.append(make("h3", "screens__title", say(name)), ...nodes);
    return box;
  }

  function line(nodes) {
    const box = make("div", "screens__line");
    box.append(...nodes);
    return box;
  }

  /** Scenes that every chosen screen can show by name. */
  function common(rows) {
    const all = rows.map((row) => screens.scenesOf(row));
    return Object.keys(all[0] || {})
      .filter((id) => all.every((known) => known[id]))
      .map((id) => all[0][id])
      .filter((scene) => scene.purpose === "mode" || scene.purpose === "sent");
  }

  function plain(rows) {
    const pinned = rows.every((row) => row.pinned);
    return section("screens_acts", [
      line([
        button(say("screens_back"), () => screens.tell({ scene: null, pinned: false })),
        button(say(pinned ? "screens_unpin" : "screens_pin"), () => screens.tell({ pinned: !pinned })),
        button(say("screens_blank"), () => screens.tell({ blank: true })),
      ]),
    ]);
  }

  function scenes(rows) {
    const known = common(rows);
    if (!known.length) return null;
    return section(
      "screens_scenes",
      known.map((scene) => {
        const send = button(word(scene.name), () => screens.tell({ scene: scene.id }), "toggle screens__scene");
        send.setAttribute("aria-pressed", String(rows.every((row) => row.scene === scene.id)));
        const look = make("a", "link", say("wall_preview"));
        look.href = "/wall-preview/" + scene.id + "?screen=" + encodeURIComponent(rows[0].id);
        look.target = "_blank";
        look.rel = "noopener";
        return line([send, look]);
      }),
    );
  }

  /** Which steps follow each other, and for how long: for screens of one scene. */
  function turns(rows) {
    const scene = screens.scenesOf(rows[0])[rows[0].scene];
    const one = rows.every((row) => row.scene === rows[0].scene);
    if (!scene || !one || scene.steps.length < 2 || rows[0].why === "preempted") return null;
    const asked = (rows[0].target && rows[0].target.steps) || [];
    const due = pingji.watch.steps(scene);
    const order = asked.map((it) => it.step);
    scene.steps.forEach((step, n) => order.includes(n) || !due.includes(step) || order.push(n));
    const lines = order.map((n) => {
      const told = asked.find((it) => it.step === n);
      const name = make("label", "screens__step", "");
      const on = make("input", "");
      on.type = "checkbox";
      on.checked = !asked.length || Boolean(told);
      on.dataset.step = String(n);
      name.append(on, make("span", "", word(scene.steps[n].name)));
      const seconds = make("input", "input screens__seconds");
      seconds.type = "number";
      seconds.min = "5";
      seconds.max = "3600";
      seconds.value = String(told ? told.seconds : scene.steps[n].seconds);
      seconds.setAttribute("aria-label", say("screens_seconds"));
      const row = line([name, seconds, make("span", "screens__unit", say("screens_seconds"))]);
      row.append(
        button("↑", () => row.previousElementSibling && row.previousElementSibling.dataset.turn && row.previousElementSibling.before(row)),
      );
      row.lastChild.setAttribute("aria-label", say("screens_earlier"));
      row.dataset.turn = String(n);
      return row;
    });
    const box = section("screens_turns", lines);
    box.append(
      line([
        button(say("screens_turns_set"), () => {
          const steps = Array.from(box.querySelectorAll("[data-turn]"))
            .filter((row) => row.querySelector("[data-step]").checked)
            .map((row) => ({
              step: Number(row.dataset.turn),
              seconds: Number(row.querySelector(".screens__seconds").value),
            }));
          screens.tell({ steps: steps });
        }),
        button(say("screens_turns_usual"), () => screens.tell({ steps: [] })),
      ]),
    );
    return box;
  }

  function nameOf(thing) {
    const topic = pingji.live.topic(TOPICS[thing.kind]);
    const row = topic.rows.get(thing.id);
    if (thing.kind === "case" && row) {
      return pingji.code("category", row[topic.columns.kind] + "/" + row[topic.columns.subcategory]) + " " + thing.id;
    }
    if (thing.kind === "alert" && row) {
      const rule = pingji.page.rules[row[topic.columns.rule]];
      return rule ? (pingji.language === "en" ? rule.name_en : rule.name) : thing.id;
    }
    return row && row[topic.columns.name] !== undefined ? row[topic.columns.name] : thing.id;
  }

  function incident() {
    if (!opened || !TOPICS[opened.kind]) {
      return section("screens_incident", [make("p", "screens__hint", say("screens_incident_hint"))]);
    }
    const body = { incident: { topic: TOPICS[opened.kind], id: opened.id } };
    const send = button(say("screens_send"), () => screens.tell(body), "button button--sure");
    return section("screens_incident", [line([make("span", "screens__what", nameOf(opened)), send])]);
  }

  function found() {
    const topic = pingji.live.topic("cameras");
    const at = topic.columns;
    const text = group.text.trim();
    const rows = [];
    if (opened && opened.kind === "camera" && !text) {
      const row = topic.rows.get(opened.id);
      if (row && row[at.wall_allowed]) rows.push(row);
    }
    if (text) {
      for (const row of topic.rows.values()) {
        if (rows.length >= FOUND_MOST) break;
        if (row[at.wall_allowed] && (row[at.name] + " " + row[0]).includes(text)) rows.push(row);
      }
    }
    return rows.filter((row) => !group.ids.includes(row[0]));
  }

  function cameras() {
    const topic = pingji.live.topic("cameras");
    const name = (id) => (topic.rows.get(id) || [])[topic.columns.name] || id;
    const search = make("input", "input screens__search");
    search.type = "search";
    search.value = group.text;
    search.placeholder = say("screens_camera_search");
    search.setAttribute("aria-label", say("screens_camera_search"));
    const results = make("div", "screens__found");
    const chosen = make("div", "screens__group");
    const seconds = make("input", "input screens__seconds");
    seconds.type = "number";
    seconds.min = "5";
    seconds.max = "3600";
    seconds.value = "15";
    seconds.setAttribute("aria-label", say("screens_seconds"));
    const send = button(
      say("screens_send"),
      () => screens.tell({ cameras: group.ids, seconds: Number(seconds.value) }),
      "button button--sure",
    );
    function fill() {
      results.replaceChildren(
        ...found().map((row) =>
          button("+ " + row[topic.columns.name], () => {
            if (group.ids.length < CAMERAS_MOST) group.ids.push(row[0]);
            fill();
          }),
        ),
      );
      chosen.replaceChildren(
        ...group.ids.map((id) =>
          button(name(id) + " ×", () => {
            group.ids.splice(group.ids.indexOf(id), 1);
            fill();
          }, "chip"),
        ),
      );
      send.disabled = !group.ids.length;
    }
    search.addEventListener("input", () => {
      group.text = search.value;
      fill();
    });
    fill();
    return section("screens_cameras", [
      search,
      results,
      chosen,
      line([seconds, make("span", "screens__unit", say("screens_camera_turn")), send]),
    ]);
  }

  /** All that can be done with these screens. */
  screens.actsFor = (rows) => {
    if (!rows.length) return [make("p", "screens__hint", say("screens_choose"))];
    const head = make("p", "screens__chosen", say("screens_chosen", { n: rows.length }));
    return [head, plain(rows), scenes(rows), turns(rows), incident(), cameras()].filter(Boolean);
  };
})();
