/* The drawer beside the map: which thing is open, the way back, and what all drawers share.
 *
 * A kind registers {open, paint, close}; `open` begins anew with an id, `paint` reads the newest
 * state of the stream. An answer to an older question is dropped; all text is set as text. */
(function () {
  "use strict";

  const pingji = window.pingji;
  const HISTORY_MOST = 20;
  const kinds = {};
  const behind = []; // what was open before, for the way back
  let current = null; // {kind, id}
  let round = 0; // grows with every opening; an answer of another round is dropped
  let opener = null; // what had the focus

  // Responders and places are drawn and opened in the console; a wall asks for none of them.
  if (!/^\/(wall|tablet)/.test(window.location.pathname)) {
    pingji.live.topics = pingji.live.topics.concat(["responders", "places"]);
  }

  function token() {
    const match = /(?:^|; )_csrf_token=([^;]*)/.exec(document.cookie);
    return match ? decodeURIComponent(match[1]) : "";
  }

  /** Ask the API for JSON; `done` and `failed` are called only while the same thing is open. */
  function ask(path, done, failed, method) {
    const mine = round;
    const post = method === "POST";
    window
      .fetch(path, {
        method: method || "GET",
        credentials: "same-origin",
        headers: Object.assign(
          { Accept: "application/json" },
          post ? { "X-CSRFToken": token() } : {},
        ),
      })
      .then((answer) => {
        if (!answer.ok) throw new Error(String(answer.status));
        return answer.json();
      })
      .then((body) => mine === round && done(body))
      .catch((error) => mine === round && failed && failed(error));
  }

  function show() {
    const panel = pingji.byId("drawer");
    if (!panel) return;
    panel.classList.toggle("detail--open", current !== null);
    panel.classList.toggle("detail--deep", behind.length > 0);
    Object.keys(kinds).forEach((kind) => {
      const box = pingji.byId("drawer-" + kind);
      if (box) box.hidden = !current || current.kind !== kind;
    });
    const drill = current !== null && ofDrill(current);
    panel.classList.toggle("detail--drill", drill);
    if (!current) return;
    const word = drill ? pingji.say("band_drill") + " · " : "";
    pingji.write(pingji.byId("drawer-kind"), word + pingji.say("drawer_" + current.kind));
  }

  /** Whether a thing is of a drill. */
  function ofDrill(thing) {
    const topic = pingji.live.topic(thing.kind + "s");
    return topic.drills.has(thing.id);
  }

  function open(thing) {
    if (current && current.kind === thing.kind && current.id === thing.id) return;
    if (!current) opener = document.activeElement;
    if (current && thing.from === "drawer") {
      behind.push(current);
      if (behind.length > HISTORY_MOST) behind.shift();
    } else if (thing.from !== "back") {
      behind.length = 0;
    }
    leave();
    current = { kind: thing.kind, id: thing.id };
    round += 1;
    show();
    const body = pingji.byId("drawer-body");
    if (body) body.scrollTop = 0;
    kinds[current.kind].open(current.id);
    pingji.emit("opened", current);
  }

  function leave() {
    if (current && kinds[current.kind].close) kinds[current.kind].close();
  }

  function close() {
    if (!current) return;
    leave();
    current = null;
    behind.length = 0;
    round += 1;
    show();
    pingji.emit("opened", null);
    const panel = pingji.byId("drawer");
    if (panel && panel.contains(document.activeElement) && opener && opener.isConnected) {
      opener.focus();
    }
  }

  /** Open anything by kind and id; a case is selected, as in the list. */
  function go(thing) {
    if (thing.kind === "case") {
      way = thing.from;
      pingji.emit("select", { id: thing.id, from: thing.from });
      way = null;
      return;
    }
    keep = current !== null && (thing.from === "drawer" || thing.from === "back");
    pingji.emit("select", null);
    keep = false;
    open(thing);
  }

  let way = null;
  let keep = false; // the case gives way to something beside it, and stays on the way back

  pingji.on("open", go);
  pingji.on("selected", (id) => {
    if (id !== null) open({ kind: "case", id: id, from: way || "list" });
    else if (!keep) close();
  });

  pingji.acts["drawer-back"] = () => {
    const last = behind.pop();
    if (!last) return;
    const rest = behind.slice();
    go({ kind: last.kind, id: last.id, from: "back" });
    behind.splice(0, behind.length, ...rest);
    show();
  };
  pingji.acts["close-detail"] = () => {
    const was = current;
    pingji.emit("select", null);
    const list = pingji.byId("cases-list");
    if (was && was.kind === "case" && list) list.focus();
  };

  document.addEventListener("keydown", (event) => {
    const panel = pingji.byId("drawer");
    if (!current || !panel || !panel.contains(event.target)) return;
    if (event.key === "Escape") {
      if (document.fullscreenElement) return;
      pingji.acts["close-detail"]();
      event.preventDefault();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const rows = Array.from(panel.querySelectorAll(".near__row")).filter(
        (row) => row.offsetParent !== null,
      );
      const at = rows.indexOf(document.activeElement);
      if (at < 0) return;
      const next = rows[at + (event.key === "ArrowDown" ? 1 : -1)];
      if (next) next.focus();
      event.preventDefault();
    }
  });

  // ── parts ─────────────────────────────────────────────────────────────────────────────────

  /** Put nodes into a slot. */
  function fill(slot, nodes) {
    const box = typeof slot === "string" ? pingji.byId(slot) : slot;
    if (!box) return;
    box.replaceChildren(...[].concat(nodes));
  }

  /** A slot that holds a word instead of data: loading, empty or failed, with another try. */
  function state(slot, look, key, again) {
    const nodes = [pingji.make("p", "drawer__state drawer__state--" + look, pingji.say(key))];
    if (again) {
      const button = pingji.make("button", "button", pingji.say("retry"));
      button.addEventListener("click", again);
      nodes.push(button);
    }
    fill(slot, nodes);
  }

  /** Facts as pairs; what is not known is left out. */
  function facts(rows) {
    const list = pingji.make("dl", "detail__facts");
    rows.forEach((row) => {
      if (row[1] === null || row[1] === undefined || row[1] === "") return;
      const value = pingji.make("dd", "");
      value.append(row[1]);
      list.append(pingji.make("dt", "", pingji.say(row[0])), value);
    });
    return list;
  }

  function distance(metres) {
    if (metres < 995) return pingji.say("metres", { n: Math.round(metres / 10) * 10 });
    return pingji.say("kilometres", { n: (metres / 1000).toFixed(metres < 9950 ? 1 : 0) });
  }

  function mark(kind, look) {
    return pingji.make("span", "swatch swatch--" + kind + (look ? " swatch--" + look : ""));
  }

  /** A row that opens something: sign, name, what is known of it, how far it is. */
  function row(thing, told) {
    const button = pingji.make("button", "near__row");
    const text = pingji.make("span", "near__text");
    text.append(
      pingji.make("span", "near__name", told.name),
      pingji.make("span", "near__more", told.more || ""),
    );
    button.append(mark(told.mark), text, pingji.make("span", "near__far", told.far || ""));
    button.addEventListener("click", () => go(Object.assign({ from: "drawer" }, thing)));
    return button;
  }

  const SINGLE = {
    cameras: "camera",
    stations: "station",
    responders: "responder",
    places: "place",
  };

  /** What a thing of the nearby answer says in one line. */
  function more(topic, item) {
    if (topic === "cameras") return pingji.code("camera", item.status);
    if (topic === "responders") {
      return pingji.code("responder", item.kind) + " · " + pingji.code("responder_status", item.status);
    }
    if (topic === "places") {
      return pingji.code("place", item.kind) + " · " + pingji.code("place_state", item.state);
    }
    return pingji.code("station", item.kind) + " · " + pingji.drawer.reading(item.id);
  }

  /** The latest reading of a station in one line. */
  function reading(id) {
    const known = pingji.model.factors.get(id);
    const columns = pingji.live.topic("readings").columns;
    if (!known || !known.size) return pingji.say("no_reading");
    const sums = Array.from(known.keys()).filter((name) => pingji.page.sums[name]);
    const factor = sums[0] || known.keys().next().value;
    const told = known.get(factor);
    const unit = pingji.page.units[factor] || "";
    const word = pingji.code("factor", factor);
    return word + " " + pingji.format.value(told[columns.value]) + " " + unit;
  }

  function near(topic, items) {
    if (!items.length) return [pingji.make("p", "drawer__state", pingji.say("none_near"))];
    const list = pingji.make("div", "near");
    items.forEach((item) => {
      list.append(
        row(
          { kind: SINGLE[topic], id: item.id },
          {
            name: item.name,
            more: more(topic, item),
            far: item.distance_m === undefined ? "" : distance(item.distance_m),
            mark: SINGLE[topic],
          },
        ),
      );
    });
    return [list];
  }

  /** Ask what is near a point and fill the slots: {topic: slot}. */
  function fillNear(at, slots, options) {
    const topics = Object.keys(slots);
    if (at.lon === null || at.lat === null) {
      topics.forEach((topic) => state(slots[topic], "empty", "no_position"));
      return;
    }
    topics.forEach((topic) => state(slots[topic], "loading", "loading"));
    const asked = Object.assign(
      { lon: at.lon, lat: at.lat, topics: topics.join(","), limit: 4 },
      current && ofDrill(current) ? { drill: "all" } : {},
      (options && options.query) || {},
    );
    const again = () => fillNear(at, slots, options);
    ask(
      "/api/v1/nearby?" + new URLSearchParams(asked),
      (found) => {
        topics.forEach((topic) => {
          const items = found[topic].filter((item) => !current || item.id !== current.id);
          fill(slots[topic], near(topic, items.slice(0, 3)));
        });
        if (options && options.then) options.then(found);
      },
      () => topics.forEach((topic) => state(slots[topic], "failed", "failed", again)),
    );
  }

  /** A row of a topic as an object, or null while the stream has none of it. */
  function live(topic, id) {
    const rows = pingji.live.topic(topic);
    const found = pingji.live.row(topic, id);
    if (!found) return null;
    const told = {};
    Object.keys(rows.columns).forEach((name) => {
      told[name] = found[rows.columns[name]];
    });
    return told;
  }

  function head(name, chips) {
    const title = pingji.make("h3", "detail__title", name);
    const line = pingji.make("p", "drawer__chips");
    chips.filter(Boolean).forEach((chip) => {
      line.append(pingji.make("span", "chip" + (chip[1] ? " chip--" + chip[1] : ""), chip[0]));
    });
    return [title, line];
  }

  pingji.drawer = {
    kinds,
    ask,
    fill,
    state,
    facts,
    distance,
    row,
    near,
    fillNear,
    live,
    head,
    reading,
    open: () => current,
    register(kind, drawer) {
      kinds[kind] = drawer;
    },
  };

  pingji.on("paint", () => {
    show(); // the panel may have been mounted anew
    if (current && kinds[current.kind].paint) kinds[current.kind].paint();
  });
  pingji.on("language", () => {
    if (!current) return;
    const thing = current;
    show();
    if (kinds[thing.kind].said) kinds[thing.kind].said();
  });
})();
