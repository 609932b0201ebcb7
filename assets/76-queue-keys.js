/* Working the queue by keyboard and buttons. */
(function () {
  "use strict";

  const pingji = window.pingji;
  const queue = pingji.queue;
  const { acknowledge, own, shelve, told } = pingji.queueActs;
  const NEAR_ZOOM = 13;
  const DRAWERS = {
    cases: "case",
    stations: "station",
    cameras: "camera",
    places: "place",
    responders: "responder",
  };

  // ── what is opened ──────────────────────────────────────────────────────────────────────────

  /** The subject in its drawer and on the map; what has no drawer of its own shows the alert. */
  function openSubject(alert) {
    if (!alert) return;
    const kind = DRAWERS[alert.topic];
    pingji.emit("alert-shown", alert.id);
    if (kind) pingji.emit("open", { kind: kind, id: alert.subject, from: "list" });
    else pingji.emit("open", { kind: "alert", id: alert.id, from: "list" });
    if (kind !== "case") lookAt(alert);
  }

  /** Show where it is, near enough to see what is around; a case does so by itself. */
  function lookAt(alert) {
    const map = pingji.map && pingji.map.map;
    if (!map || !map._loaded || alert.lon === null || alert.lat === null) return;
    pingji.map.moved = true;
    map.setView([alert.lat, alert.lon], Math.max(map.getZoom(), NEAR_ZOOM), { animate: false });
  }

  function openEntry(key) {
    const entry = queue.entry(key);
    if (!entry) return;
    if (entry.kind === "more") queue.more(entry.group);
    else if (entry.kind === "section") queue.toggle(key);
    else openSubject(queue.alertsOf(entry)[0]);
  }

  pingji.on("queue-open", openEntry);

  // ── buttons ────────────────────────────────────────────────────────────────────────────────

  function why() {
    const first = queue.alertsOf(queue.entry(queue.cursor()))[0];
    if (!first) {
      told(pingji.say("nothing_chosen"));
      return;
    }
    const entry = queue.entry(queue.cursor());
    if (entry.kind === "group" && !queue.isOpen(entry.key)) {
      queue.toggle(entry.key, true);
      queue.choose("alert:" + first.id);
    }
    queue.toggleWhy(first.id);
  }

  function next() {
    if (!queue.nextWaiting()) {
      told(pingji.say("alerts_calm"));
      return;
    }
    // what is in a folded group is gone through one by one
    const entry = queue.entry(queue.cursor());
    if (entry.kind === "group" && !queue.isOpen(entry.key)) queue.toggle(entry.key, true);
    if (entry.kind === "group") queue.nextWaiting();
  }

  const KEYS = [
    [["J", "K", "↑", "↓"], "key_move"],
    [["N"], "key_next"],
    [["Enter"], "key_open"],
    [["A"], "acknowledge"],
    [["O"], "own"],
    [["S"], "shelve"],
    [["E"], "key_why"],
    [["←", "→"], "key_fold"],
    [["X"], "key_mark"],
    [["Shift", "↓"], "key_range"],
    [["G"], "key_all"],
    [["Esc"], "key_escape"],
    [["L"], "entry_key"],
    [["U"], "desk_key"],
    [["?"], "key_help"],
  ];

  function help() {
    const list = pingji.make("dl", "keys");
    KEYS.forEach(([keys, word]) => {
      const names = pingji.make("dt", "keys__names");
      keys.forEach((key) => names.append(pingji.make("kbd", "kbd", key)));
      list.append(names, pingji.make("dd", "", pingji.say(word)));
    });
    pingji.dialog({
      title: pingji.say("keys_title"),
      lines: [list],
      button: pingji.say("close_keys"),
      alone: true,
      sure: () => {},
    });
  }

  Object.assign(pingji.acts, {
    "queue-acknowledge": () => acknowledge(),
    "queue-own": () => own(),
    "queue-shelve": () => shelve(),
    "queue-why": why,
    "queue-next": next,
    "queue-keys": help,
    "queue-fresh": () => queue.release(),
    "queue-go"() {
      const list = pingji.byId("queue-list");
      if (!list) {
        window.location.assign("/console");
        return;
      }
      pingji.emit("side", "queue");
      list.focus();
      next();
    },
  });

  /** A button says what it would do: 转办 for another department's, back for what is shelved. */
  function face(act, other) {
    const button = document.querySelector("[data-act=queue-" + act + "]");
    if (!button) return;
    const words = button.querySelectorAll(".queue__word");
    words[0].hidden = other;
    words[1].hidden = !other;
  }

  pingji.on("queue-painted", () => {
    const all = queue.targets();
    face("acknowledge", all.length > 0 && all.every(pingji.alerts.isTransfer));
    face("shelve", all.length > 0 && all.every(pingji.alerts.isShelved));
  });

  // ── keyboard ────────────────────────────────────────────────────────────────────────────────

  /** Fold or unfold; on a member the fold of its group, as in any tree. */
  function fold(on) {
    const entry = queue.entry(queue.cursor());
    if (!entry) return;
    if (entry.kind === "group" || entry.kind === "section") queue.toggle(entry.key, on);
    else if (!on && entry.group) {
      const key = /^section:/.test(entry.group) ? entry.group : "group:" + entry.group;
      queue.toggle(key, false);
    }
  }

  function step(by, event) {
    if (event.shiftKey) {
      const from = queue.cursor();
      if (from && !queue.marked().size) queue.markRange(from);
      queue.move(by);
      queue.markRange(queue.cursor());
    } else queue.move(by);
  }

  const ACTS = {
    j: (event) => step(1, event),
    k: (event) => step(-1, event),
    ArrowDown: (event) => step(1, event),
    ArrowUp: (event) => step(-1, event),
    ArrowRight: () => fold(true),
    ArrowLeft: () => fold(false),
    Home: () => queue.move(-1e6),
    End: () => queue.move(1e6),
    Enter: () => openEntry(queue.cursor()),
    " ": () => openEntry(queue.cursor()),
    a: () => acknowledge(),
    o: () => own(),
    s: () => shelve(),
    e: why,
    n: next,
    x: () => queue.cursor() && queue.toggleMark(queue.cursor()),
    g: () => queue.markGroup(),
    "?": help,
    Escape: () => (queue.marked().size ? queue.unmark() : queue.choose(null)),
  };
  // Only where nothing else has the focus: a key there may not act on what is not being looked at.
  const ANYWHERE = ["n", "?"];

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (pingji.dialogOpen() || !pingji.byId("queue-list")) return;
    const target = event.target;
    const inside = target.closest && target.closest("#queue-list");
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const free = target === document.body && ANYWHERE.indexOf(key) >= 0;
    if (!ACTS[key] || !(inside || free)) return;
    event.preventDefault();
    if (free) pingji.byId("queue-list").focus();
    queue.touch();
    ACTS[key](event);
  });

  pingji.queueActs.openSubject = openSubject;
})();
