/* 值班快录: a case that was phoned in, or the state of a place, entered by keyboard.
 *
 * What was typed stays until it is saved or cleared: through Escape, through a refusal, through a
 * lost connection. A second press sends the same Idempotency-Key and makes nothing twice. */
(function () {
  "use strict";

  const pingji = window.pingji;
  const TOLD_MS = 8000;

  let built = null; // the boxes of the form
  let mode = "case";
  let state = ""; // of a place
  let urgent = false;
  let seen = null; // the version of the place that the person sees
  let busy = false;
  let lost = false;
  let opener = null;
  let language = "";

  const sheet = () => pingji.byId("entry");
  const isOpen = () => Boolean(sheet()) && !sheet().hidden;
  const may = () =>
    Boolean(sheet()) && pingji.page && pingji.page.viewer.rights.indexOf("enter") >= 0;

  // ── the form ────────────────────────────────────────────────────────────────────────────────

  function build() {
    const body = pingji.byId("entry-body");
    if (!body || body.children.length || !pingji.page) return;
    built = pingji.entryForm.make(body);
    const { boxes, matter, where, urgentBox } = built;
    built.matterBox = pingji.chooser(boxes[0], {
      id: "entry-matter",
      look: pingji.entryForm.matters,
      chosen: (value) => {
        if (value) go(built.whereBox.input);
        rethink();
      },
    });
    matter.label.htmlFor = "entry-matter";
    built.whereBox = pingji.chooser(boxes[1], {
      id: "entry-where",
      look: (words, typed) => pingji.where.look(words, mode === "place" ? "places" : "", typed),
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
    body.addEventListener("keydown", (event) =>
      pingji.entryKeys.key(event, built, { save, next, go, choose, take }),
    );
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
    pingji.entryPaint.common(built, take);
    paintStates();
    pingji.entryPaint.now(built, placeOf());
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
    pingji.entryPaint.states(built, mode, state, choose);
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
    pingji.entryPaint.now(built, placeOf());
  }

  function changed() {
    pingji.entryPaint.common(built, take);
    dress();
    const matter = mode === "case" ? built.matterBox.value() : null;
    pingji.entryNear(built.near, matter, built.whereBox.value(), thisOne);
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

  function fail(input, words) {
    wrong(words);
    input.classList.add("is-wrong");
    input.focus();
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
      const body = pingji.entryBody.theCase(built, state, urgent);
      run(pingji.entrySend.send("/api/v1/cases", body), (made) => {
        told(pingji.say("entry_saved", { id: made.id }));
        pingji.emit("open", { kind: "case", id: made.id, from: "list" });
      });
    }
  }

  function saveState() {
    const where = built.whereBox.value();
    const body = { state: state, version: seen };
    const depth = pingji.entryBody.depth(built);
    if (depth !== null) body.depth_cm = depth;
    const note = built.note.input.value.trim();
    if (note) body.note = note;
    const path = "/api/v1/places/" + encodeURIComponent(where.id) + "/state";
    run(pingji.entrySend.send(path, body), (made) => {
      const word = pingji.code("place_state", made.state);
      told(pingji.say("entry_state_saved", { name: made.name, state: word }));
      pingji.emit("open", { kind: "place", id: made.id, from: "list" });
    });
  }

  /** The same matter, called in once more: it is written into the case that is there. */
  function thisOne(item) {
    if (busy) return;
    const body = { description: built.note.input.value.trim(), caller: pingji.entryBody.caller(built) };
    const depth = pingji.entryBody.depth(built);
    if (depth !== null) body.depth_cm = depth;
    const path = "/api/v1/cases/" + encodeURIComponent(item.id) + "/call";
    run(pingji.entrySend.send(path, body), () => {
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
    pingji.entrySend.forget();
    pingji.where.show(null);
    paintStates();
    changed();
    wrong("");
  }

  // ── opening, moving, closing ────────────────────────────────────────────────────────────────

  function go(input) {
    if (isOpen()) window.setTimeout(() => input.focus(), 0);
  }

  function next(from) {
    const all = pingji.entryKeys.stops(built);
    const after = all[all.indexOf(from) + 1];
    // the first of a group of which none is chosen stands for the group
    if (after) window.setTimeout(() => after.focus(), 0);
    else save();
  }

  function open(how) {
    if (!may()) return;
    build();
    if (!isOpen()) opener = document.activeElement;
    const to = (how && how.mode) || mode;
    if (to !== mode) {
      mode = to;
      state = "";
      if (mode === "place" && built.whereBox.value() && !placeOf()) built.whereBox.set(null, "");
    }
    sheet().hidden = false;
    pingji.findMore.load();
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

  pingji.on("paint", () => {
    if (!built || !sheet()) return;
    if (!pingji.byId("entry-body").children.length) built = null;
    if (!isOpen()) return;
    build();
    if (language !== pingji.language) say();
    pingji.entryPaint.now(built, placeOf());
    if (lost && pingji.live.fresh()) {
      lost = false;
      wrong(pingji.say("entry_back"));
    }
  });
  pingji.on("language", () => built && sheet() && (say(), dress()));

  pingji.entry = { open, close, isOpen, may, send: pingji.entrySend.send };
})();
