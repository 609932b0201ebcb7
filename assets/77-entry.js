/* 值班快录: a case that was phoned in, or the state of a place, entered by keyboard.
 *
 * What was typed stays until it is saved or cleared: through Escape, through a refusal, through a
 * lost connection. A second press sends the same Idempotency-Key and makes nothing twice. */
(function () {
  "use strict";

  const pingji = window.pingji;
  const WAIT_MS = 15000;
  const TOLD_MS = 8000;
  const NEAR_M = 300;
  const NEAR_WAIT_MS = 150;

  let built = null; // the boxes of the form
  let mode = "case";
  let state = ""; // of a place
  let urgent = false;
  let seen = null; // the version of the place that the person sees
  let sent = { text: "", key: "" };
  let busy = false;
  let lost = false;
  let nearRound = 0;
  let nearTimer = null;
  let opener = null;
  let language = "";

  const sheet = () => pingji.byId("entry");
  const isOpen = () => Boolean(sheet()) && !sheet().hidden;
  const may = () => pingji.page && pingji.page.viewer.rights.indexOf("enter") >= 0;

  // ── sending ─────────────────────────────────────────────────────────────────────────────────

  function token() {
    const match = /(?:^|; )_csrf_token=([^;]*)/.exec(document.cookie);
    return match ? decodeURIComponent(match[1]) : "";
  }

  function newKey() {
    const random = new Uint32Array(4);
    window.crypto.getRandomValues(random);
    return Array.from(random, (n) => n.toString(16).padStart(8, "0")).join("");
  }

  /** Send an act. The same content keeps its key: after a lost answer it is the same act. */
  function send(path, body) {
    const text = JSON.stringify(body);
    if (sent.text !== path + text) sent = { text: path + text, key: newKey() };
    const abort = new AbortController();
    const timer = window.setTimeout(() => abort.abort(), WAIT_MS);
    return window
      .fetch(path, {
        method: "POST",
        credentials: "same-origin",
        signal: abort.signal,
        headers: {
          Accept: "application/json",
          "Content-Type": "application/json",
          "Idempotency-Key": sent.key,
          "X-CSRFToken": token(),
        },
        body: text,
      })
      .catch(() => {
        throw Object.assign(new Error(pingji.say("entry_lost")), { lost: true });
      })
      .then((answer) =>
        answer.json().then(
          (told) => ({ answer, told }),
          () => ({ answer, told: null }),
        ),
      )
      .then(({ answer, told }) => {
        if (answer.ok) {
          sent = { text: "", key: "" };
          return told;
        }
        if (answer.status >= 500 || (answer.status === 429 && !told)) {
          throw Object.assign(new Error(pingji.say("entry_lost")), { lost: true });
        }
        const reason = (told && told.detail) || String(answer.status);
        const error = new Error(pingji.say("entry_failed", { reason: reason }));
        throw Object.assign(error, { status: answer.status, told: told });
      })
      .finally(() => window.clearTimeout(timer));
  }

  // ── the form ────────────────────────────────────────────────────────────────────────────────

  function field(key, only) {
    const box = pingji.make("div", "entry__field");
    if (only) box.dataset.only = only;
    const label = pingji.make("label", "entry__label");
    label.dataset.say = key;
    box.append(label);
    return { box, label };
  }

  function text(key, most, only) {
    const made = field(key, only);
    const input = pingji.make("input", "input entry__text");
    input.id = key.replace(/_/g, "-");
    input.type = "text";
    input.autocomplete = "off";
    input.spellcheck = false;
    input.maxLength = most;
    made.label.htmlFor = input.id;
    made.box.append(input);
    return Object.assign(made, { input });
  }

  function build() {
    const body = pingji.byId("entry-body");
    if (!body || body.children.length || !pingji.page) return;
    const make = pingji.make;
    const matter = field("entry_matter", "case");
    const where = field("entry_where");
    const boxes = [matter, where].map((made) => {
      const box = make("div", "entry__box find");
      made.box.append(box);
      return box;
    });
    const common = make("div", "entry__common");
    matter.box.append(common);
    const states = field("entry_state");
    states.label = make("span", "entry__label");
    states.box.replaceChildren(states.label);
    const choices = make("div", "entry__states");
    choices.setAttribute("role", "radiogroup");
    states.box.append(choices);
    const depth = text("entry_depth", 6);
    depth.box.classList.add("entry__field--short");
    depth.input.inputMode = "decimal";
    depth.box.append(make("span", "entry__unit", "cm"));
    const caller = text("entry_caller", 60, "case");
    const phone = text("entry_phone", 40, "case");
    phone.input.inputMode = "tel";
    const note = text("entry_text", 500);
    const now = make("p", "entry__now");
    const near = make("div", "entry__near");
    near.dataset.only = "case";
    near.setAttribute("role", "status");
    const urgentRow = make("label", "entry__urgent");
    urgentRow.dataset.only = "case";
    const urgentBox = make("input", "");
    urgentBox.type = "checkbox";
    urgentBox.id = "entry-urgent";
    const urgentWord = make("span", "");
    urgentWord.dataset.say = "entry_urgent";
    urgentRow.append(urgentBox, urgentWord);
    const wet = make("div", "entry__row");
    wet.append(states.box, depth.box);
    const people = make("div", "entry__row");
    people.dataset.only = "case";
    people.append(caller.box, phone.box, urgentRow);
    body.append(matter.box, where.box, now, near, wet, people, note.box);
    built = { common, choices, states, depth, caller, phone, note, now, near, where, urgentBox };
    built.matterBox = pingji.chooser(boxes[0], {
      id: "entry-matter",
      look: matters,
      chosen: (value) => {
        if (value) go(built.whereBox.input);
        rethink();
      },
    });
    matter.label.htmlFor = "entry-matter";
    built.whereBox = pingji.chooser(boxes[1], {
      id: "entry-where",
      look: (words) => pingji.where.look(words, mode === "place" ? "places" : ""),
      ask: (words) => (mode === "place" ? Promise.resolve([]) : pingji.where.ask(words)),
      chosen: (value) => {
        took(value);
        if (value) next(built.whereBox.input);
      },
    });
    where.label.htmlFor = "entry-where";
    urgentBox.addEventListener("change", () => {
      urgent = urgentBox.checked;
    });
    body.addEventListener("keydown", key);
    body.addEventListener("input", () => {
      if (!busy && !lost) wrong("");
      pingji.byId("entry-told") && pingji.write(pingji.byId("entry-told"), "");
    });
    say();
    dress();
  }

  /** Words in the language of the moment. */
  function say() {
    if (!built) return;
    language = pingji.language;
    sheet()
      .querySelectorAll("[data-say]")
      .forEach((element) => pingji.write(element, pingji.say(element.dataset.say)));
    const placed = mode === "place";
    pingji.write(built.where.label, pingji.say(placed ? "entry_which_place" : "entry_where"));
    pingji.write(built.note.label, pingji.say(placed ? "entry_note" : "entry_text"));
    pingji.write(built.states.label, pingji.say(placed ? "entry_state" : "entry_state_too"));
    built.matterBox.input.placeholder = pingji.say("entry_matter_hint");
    built.whereBox.input.placeholder = pingji.say(
      placed ? "entry_which_place_hint" : "entry_where_hint",
    );
    paintCommon();
    paintStates();
    paintNow();
  }

  /** Subcategories of the city's list that answer to the words; the common ones under their names too. */
  function matters(words) {
    const found = new Map();
    const add = (kind, code, name, said, more, weight) => {
      const known = found.get(kind + "/" + code);
      if (weight <= 0 || (known && known.weight >= weight)) return;
      found.set(kind + "/" + code, { value: { kind, code, said }, name, more, mark: "case", weight });
    };
    pingji.page.matters.common.forEach(([kind, code, zh, en]) => {
      const name = pingji.language === "en" ? en : zh;
      const more = pingji.caseWords.word(kind, code) + " · " + code;
      const weight = Math.max(pingji.weighName(zh, code, words), pingji.weighName(en, code, words));
      add(kind, code, name, zh, more, weight && weight + 0.3);
    });
    const named = pingji.page.codes.category;
    Object.keys(named).forEach((id) => {
      const at = id.indexOf("/");
      const kind = id.slice(0, at);
      const code = id.slice(at + 1);
      if (code.length <= 2) return; // a class, not one of its matters
      const weight = Math.max(
        pingji.weighName(named[id][0], code, words),
        pingji.weighName(named[id][1], code, words),
      );
      const group = named[kind + "/" + code.slice(0, 2)];
      const more = [pingji.code("kind", kind), group && group[pingji.language === "en" ? 1 : 0], code];
      add(kind, code, pingji.code("category", id), "", more.filter(Boolean).join(" · "), weight);
    });
    return Array.from(found.values());
  }

  function paintCommon() {
    const mine = built.matterBox.value();
    const common = pingji.page.matters.common;
    built.common.replaceChildren(
      ...common.slice(0, 9).map(([kind, code, zh, en], n) => {
        const button = pingji.make("button", "toggle entry__chip");
        button.type = "button";
        button.tabIndex = -1;
        const on = Boolean(mine) && mine.kind === kind && mine.code === code;
        button.setAttribute("aria-pressed", String(on));
        button.append(
          pingji.make("kbd", "entry__digit", String(n + 1)),
          pingji.make("span", "", pingji.language === "en" ? en : zh),
        );
        button.addEventListener("click", () => take(n));
        return button;
      }),
    );
  }

  function take(n) {
    const found = pingji.page.matters.common[n];
    if (!found) return;
    const name = found[pingji.language === "en" ? 3 : 2];
    built.matterBox.set({ kind: found[0], code: found[1], said: found[2] }, name);
    rethink();
    go(built.whereBox.input);
  }

  function paintStates() {
    const placed = mode === "place";
    const codes = Object.keys(pingji.page.codes.place_state);
    const offered = placed ? codes : [""].concat(codes.filter((code) => code !== "normal"));
    const focused = built.choices.contains(document.activeElement) && document.activeElement.value;
    built.choices.replaceChildren(
      ...offered.map((code) => {
        const label = pingji.make("label", "toggle entry__choice");
        const input = pingji.make("input", "");
        input.type = "radio";
        input.name = "entry-state";
        input.value = code;
        input.checked = state === code;
        input.addEventListener("change", () => choose(code));
        label.classList.toggle("is-on", state === code);
        const word = code ? pingji.code("place_state", code) : pingji.say("entry_state_keep");
        label.append(input, pingji.make("span", "", word));
        return label;
      }),
    );
    if (focused !== false) {
      const again = built.choices.querySelector("input:checked");
      if (again) again.focus();
    }
  }

  function choose(code) {
    state = code;
    built.choices.querySelectorAll("input").forEach((input) => {
      input.parentElement.classList.toggle("is-on", input.checked);
    });
    if (!lost) wrong("");
  }

  const placeOf = () => {
    const value = built.whereBox.value();
    return value && value.type === "place" ? pingji.drawer.live("places", value.id) : null;
  };

  function depthText(told) {
    if (told.depth_cm === null || told.depth_cm === undefined) return "";
    return pingji.say("entry_depth_cm", { n: pingji.format.value(told.depth_cm) });
  }

  /** What the stream says of the place that was chosen. */
  function paintNow() {
    const told = placeOf();
    const since = told && (told.since || told.at);
    pingji.write(
      built.now,
      told
        ? pingji.say("entry_state_now", {
            state: pingji.code("place_state", told.state),
            depth: depthText(told),
            time: pingji.format.moment(Date.parse(since)),
          })
        : "",
    );
  }

  /** Show what belongs to the mode and to what was chosen. */
  function dress() {
    const placed = mode === "place";
    sheet()
      .querySelectorAll("[data-only]")
      .forEach((element) => {
        element.hidden = element.dataset.only !== mode;
      });
    sheet()
      .querySelectorAll("[data-act=entry-mode]")
      .forEach((button) => {
        button.setAttribute("aria-pressed", String(button.dataset.form === mode));
      });
    const place = Boolean(placeOf());
    built.states.box.hidden = !(placed || place);
    built.depth.box.hidden = !(placed || place || isWet());
    paintNow();
  }

  function changed() {
    paintCommon();
    dress();
    askNear();
    if (!lost) wrong("");
  }

  /** A place was chosen, in the list or on the map. */
  function took(value) {
    pingji.where.show(value);
    const told = placeOf();
    seen = told ? told.version : null;
    if (mode === "case") state = suggested(told);
    paintStates();
    changed();
  }

  /** Another matter: what it makes of the place is thought of anew. */
  function rethink() {
    if (mode === "case") state = suggested(placeOf());
    paintStates();
    changed();
  }

  /** Water at a place makes it 积水, unless it is closed or the person says otherwise. */
  function suggested(told) {
    return told && told.state !== "closed" && isWet() ? "ponding" : "";
  }

  function isWet() {
    const matter = built.matterBox.value();
    return Boolean(matter) && pingji.page.matters.wet.indexOf(matter.kind + "/" + matter.code) >= 0;
  }

  // ── what is there already ───────────────────────────────────────────────────────────────────

  function askNear() {
    window.clearTimeout(nearTimer);
    const mine = (nearRound += 1);
    const matter = built.matterBox.value();
    const where = built.whereBox.value();
    if (mode !== "case" || !matter || !where || where.lon === null) {
      built.near.replaceChildren();
      return;
    }
    built.near.replaceChildren(
      pingji.make("p", "entry__quiet", pingji.say("entry_near_looking")),
    );
    nearTimer = window.setTimeout(() => {
      const asked = {
        kind: matter.kind,
        subcategory: matter.code,
        lon: where.lon,
        lat: where.lat,
        within_m: NEAR_M,
      };
      window
        .fetch("/api/v1/nearby/cases?" + new URLSearchParams(asked), { credentials: "same-origin" })
        .then((answer) => {
          if (!answer.ok) throw new Error(String(answer.status));
          return answer.json();
        })
        .then(
          (told) => mine === nearRound && paintNear(told.items),
          () => {
            if (mine !== nearRound) return;
            const failed = pingji.say("entry_near_failed");
            built.near.replaceChildren(pingji.make("p", "entry__quiet", failed));
          },
        );
    }, NEAR_WAIT_MS);
  }

  function paintNear(items) {
    const make = pingji.make;
    if (!items.length) {
      const none = pingji.say("entry_near_none", { m: NEAR_M });
      built.near.replaceChildren(make("p", "entry__quiet", none));
      return;
    }
    const now = pingji.live.pictureAt();
    const rows = items.map((item) => {
      const row = make("div", "entry__case");
      const words = make("div", "entry__case-text");
      const head = [
        pingji.caseWords.word(item.kind, item.subcategory),
        pingji.code("stage", item.stage),
        pingji.drawer.distance(item.distance_m),
      ].join(" · ");
      const age = pingji.format.age((now - Date.parse(item.reported_at)) / 1000);
      const alike = pingji.say(item.alike === 3 ? "entry_same" : "entry_like");
      const more = [alike, age, item.address, item.id].filter(Boolean).join(" · ");
      words.append(make("span", "entry__case-head", head), make("span", "entry__case-more", more));
      const button = make("button", "button", pingji.say("entry_this_one"));
      button.type = "button";
      button.addEventListener("click", () => thisOne(item));
      row.append(words, button);
      return row;
    });
    const title = make("p", "entry__near-title", pingji.say("entry_near"));
    built.near.replaceChildren(title, ...rows);
  }

  // ── saving ──────────────────────────────────────────────────────────────────────────────────

  function wrong(words) {
    pingji.write(pingji.byId("entry-wrong"), words);
  }

  function told(words) {
    pingji.announce(words);
    const box = pingji.byId("entry-told");
    pingji.write(box, words);
    window.clearTimeout(told.timer);
    told.timer = window.setTimeout(() => pingji.write(box, ""), TOLD_MS);
  }

  function working(on) {
    busy = on;
    const button = sheet().querySelector("[data-act=entry-save]");
    button.disabled = on;
    sheet().classList.toggle("entry--busy", on);
  }

  function depthTold() {
    const said = built.depth.box.hidden ? "" : built.depth.input.value.trim().replace("\uff0c", ".");
    if (!said) return null;
    const n = Number(said);
    return Number.isFinite(n) ? n : said; // what is no number the server refuses by its name
  }

  function whoCalled() {
    const name = built.caller.input.value.trim();
    const phone = built.phone.input.value.trim();
    return name || phone ? { name: name || null, phone: phone || null } : null;
  }

  function fail(input, words) {
    wrong(words);
    input.classList.add("is-wrong");
    input.focus();
  }

  function theCase() {
    const matter = built.matterBox.value();
    const where = built.whereBox.value();
    const remark = built.note.input.value.trim();
    const body = { kind: matter.kind, subcategory: matter.code, urgency: urgent ? 1 : 0 };
    if (where.type === "address") body.address = where.name;
    else if (where.type === "area") body.jurisdiction = where.id;
    else if (where.type === "spot") {
      Object.assign(body, { lon: where.lon, lat: where.lat });
      if (!where.clicked) body.address = where.name;
    } else body[where.type] = where.id;
    body.description = [matter.said, remark].filter(Boolean).join("\uff1a");
    const depth = depthTold();
    if (depth !== null) body.depth_cm = depth;
    if (state && !built.states.box.hidden) body.state = state;
    const caller = whoCalled();
    if (caller) body.caller = caller;
    return body;
  }

  /** What must be there is asked before anything is sent; says whether all is. */
  function complete() {
    const input = built.whereBox.input;
    if (mode === "case" && !built.matterBox.value()) {
      fail(built.matterBox.input, pingji.say("entry_missing", { field: pingji.say("entry_matter") }));
      return false;
    }
    const typed = input.value.trim();
    if (!built.whereBox.value() && typed && mode === "case") {
      built.whereBox.set({ type: "address", id: typed, name: typed, lon: null, lat: null }, typed);
    }
    const where = built.whereBox.value();
    if (!where || (mode === "place" && where.type !== "place")) {
      const field = pingji.say(mode === "place" ? "entry_which_place" : "entry_where");
      fail(input, pingji.say("entry_missing", { field }));
      return false;
    }
    if (mode === "place" && !state) {
      wrong(pingji.say("entry_missing", { field: pingji.say("entry_state") }));
      const first = built.choices.querySelector("input");
      if (first) first.focus();
      return false;
    }
    return true;
  }

  function save() {
    if (busy || !built || !complete()) return;
    if (mode === "place") saveState();
    else {
      run(send("/api/v1/cases", theCase()), (made) => {
        told(pingji.say("entry_saved", { id: made.id }));
        pingji.emit("open", { kind: "case", id: made.id, from: "list" });
      });
    }
  }

  function saveState() {
    const where = built.whereBox.value();
    const body = { state: state, version: seen };
    const depth = depthTold();
    if (depth !== null) body.depth_cm = depth;
    const note = built.note.input.value.trim();
    if (note) body.note = note;
    run(send("/api/v1/places/" + encodeURIComponent(where.id) + "/state", body), (made) => {
      const word = pingji.code("place_state", made.state);
      told(pingji.say("entry_state_saved", { name: made.name, state: word }));
      pingji.emit("open", { kind: "place", id: made.id, from: "list" });
    });
  }

  /** The same matter, called in once more: it is written into the case that is there. */
  function thisOne(item) {
    if (busy) return;
    const body = { description: built.note.input.value.trim(), caller: whoCalled() };
    const depth = depthTold();
    if (depth !== null) body.depth_cm = depth;
    run(send("/api/v1/cases/" + encodeURIComponent(item.id) + "/call", body), () => {
      told(pingji.say("entry_call_saved", { id: item.id }));
      pingji.emit("open", { kind: "case", id: item.id, from: "list" });
    });
  }

  function run(promise, done) {
    working(true);
    lost = false;
    wrong(pingji.say("entry_saving"));
    promise
      .then(
        (made) => {
          wrong("");
          clear();
          close();
          done(made);
        },
        (error) => {
          lost = Boolean(error.lost);
          if (error.status === 409 && error.told && error.told.state && mode === "place") {
            seen = error.told.state.version;
            wrong(pingji.say("entry_stale"));
          } else wrong(error.message);
        },
      )
      .finally(() => working(false));
  }

  function clear() {
    built.matterBox.set(null, "");
    built.whereBox.set(null, "");
    [built.depth, built.caller, built.phone, built.note].forEach((one) => {
      one.input.value = "";
    });
    state = "";
    urgent = false;
    built.urgentBox.checked = false;
    seen = null;
    lost = false;
    sent = { text: "", key: "" };
    pingji.where.show(null);
    paintStates();
    changed();
    wrong("");
  }

  // ── opening, moving, closing ────────────────────────────────────────────────────────────────

  function go(input) {
    if (isOpen()) window.setTimeout(() => input.focus(), 0);
  }

  function stops() {
    return Array.from(sheet().querySelectorAll(".entry__body input")).filter(
      (input) =>
        input.offsetParent !== null &&
        input.type !== "checkbox" &&
        (input.type !== "radio" || input.checked || !built.choices.querySelector("input:checked")),
    );
  }

  function next(from) {
    const all = stops();
    const after = all[all.indexOf(from) + 1];
    // the first of a group of which none is chosen stands for the group
    if (after) window.setTimeout(() => after.focus(), 0);
    else save();
  }

  function key(event) {
    if (event.isComposing || event.defaultPrevented) return;
    const input = event.target;
    if (event.key === "Enter" && input.tagName === "INPUT") {
      if (event.ctrlKey || event.metaKey) save();
      else if (input.type === "radio") {
        input.checked = true;
        choose(input.value);
        go(built.depth.input);
      } else next(input);
      event.preventDefault();
    } else if (
      /^[1-9]$/.test(event.key) &&
      input === built.matterBox.input &&
      !input.value &&
      !(event.ctrlKey || event.metaKey || event.altKey) &&
      pingji.page.matters.common[event.key - 1]
    ) {
      take(event.key - 1);
      event.preventDefault();
    }
  }

  function open(how) {
    if (!may() || !sheet()) return;
    build();
    if (!isOpen()) opener = document.activeElement;
    const to = (how && how.mode) || mode;
    if (to !== mode) {
      mode = to;
      state = "";
      if (mode === "place" && built.whereBox.value() && !placeOf()) built.whereBox.set(null, "");
    }
    sheet().hidden = false;
    document.body.classList.add("has-entry");
    pingji.where.listen((value) => {
      if (mode === "place" && value.type !== "place") return;
      built.whereBox.set(value, value.name);
      took(value);
      next(built.whereBox.input);
    });
    if (how && how.place) {
      const found = pingji.where.thing("places", how.place);
      if (found) {
        built.whereBox.set(found.value, found.name);
        took(found.value);
      }
    }
    say();
    dress();
    pingji.where.show(built.whereBox.value());
    const first = mode === "place" ? built.whereBox : built.matterBox;
    const later = mode === "place" ? built.choices.querySelector("input") : built.whereBox.input;
    go(first.value() && later ? later : first.input);
  }

  function close() {
    if (!isOpen()) return;
    sheet().hidden = true;
    document.body.classList.remove("has-entry");
    pingji.where.listen(null);
    const back = opener && opener.isConnected && opener !== document.body ? opener : null;
    opener = null;
    if (back) back.focus();
    else if (document.activeElement && sheet().contains(document.activeElement)) {
      document.activeElement.blur();
    }
  }

  Object.assign(pingji.acts, {
    "entry-open": () => (isOpen() ? close() : open({ mode: "case" })),
    "entry-close": close,
    "entry-clear": () => {
      clear();
      go(mode === "place" ? built.whereBox.input : built.matterBox.input);
    },
    "entry-save": save,
    "entry-mode": (button) => open({ mode: button.dataset.form }),
  });

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (event.key === "Escape" && isOpen() && sheet().contains(event.target)) {
      close();
      event.preventDefault();
      return;
    }
    if (event.key !== "l" && event.key !== "L") return;
    if (/^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName) || !sheet() || !may()) return;
    if (pingji.dialogOpen && pingji.dialogOpen()) return;
    open({ mode: event.shiftKey ? "place" : "case" });
    event.preventDefault();
  });

  pingji.on("paint", () => {
    if (!built || !sheet()) return;
    if (!pingji.byId("entry-body").children.length) built = null;
    if (!isOpen()) return;
    build();
    if (language !== pingji.language) say();
    paintNow();
    if (lost && pingji.live.fresh()) {
      lost = false;
      wrong(pingji.say("entry_back"));
    }
  });
  pingji.on("language", () => built && sheet() && (say(), dress()));

  pingji.entry = { open, close, isOpen, send };
})();
