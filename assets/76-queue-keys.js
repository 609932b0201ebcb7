/* Working the queue: keyboard, buttons, and the dialogs before an act on many or without end. */
(function () {
  "use strict";

  const pingji = window.pingji;
  const queue = pingji.queue;
  const SHELVES = [0.5, 1, 2, 4, 8, 24]; // hours
  const HOUR_MS = 3600000;
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

  // ── acts ────────────────────────────────────────────────────────────────────────────────────

  function told(text) {
    pingji.announce(text);
    const box = pingji.byId("queue-told");
    pingji.write(box, text);
    window.clearTimeout(told.timer);
    told.timer = window.setTimeout(() => pingji.write(box, ""), 4000);
  }

  function failed(error) {
    told(error.message);
  }

  function mix(alerts) {
    const by = { 1: 0, 2: 0, 3: 0 };
    alerts.forEach((alert) => {
      by[alert.priority] += 1;
    });
    return pingji.say("act_many_hint", { high: by[1], middle: by[2], low: by[3] });
  }

  function done(act, n) {
    queue.unmark();
    told(pingji.say("act_done", { act: pingji.say(act), n: pingji.format.number(n) }));
  }

  /** Alerts that the act concerns; null, and said, where there is none or no right. */
  function chosen(alerts, take, none) {
    if (!pingji.alerts.may()) {
      told(pingji.say("act_forbidden"));
      return null;
    }
    const all = alerts || queue.targets();
    if (!all.length) {
      told(pingji.say("nothing_chosen"));
      return null;
    }
    const found = all.filter(take);
    if (!found.length) told(pingji.say(none));
    all.forEach((alert) => pingji.alertActs.forget(alert.id));
    return found.length ? found : null;
  }

  function note() {
    const label = pingji.say("optional", { label: pingji.say("note") });
    return { name: "note", label: label, kind: "area", most: 500 };
  }

  function acknowledge(alerts) {
    const all = chosen(alerts, (a) => !a.acknowledged, "nothing_to_acknowledge");
    if (!all) return;
    if (all.every(pingji.alerts.isTransfer)) {
      transfer(all);
      return;
    }
    // another department's is not done with by acknowledging: it is handed on by itself
    const found = all.filter((alert) => !pingji.alerts.isTransfer(alert));
    if (found.length === 1) {
      pingji.alertActs.one("acknowledge", found[0]).then(() => done("acknowledge", 1), failed);
      return;
    }
    const n = pingji.format.number(found.length);
    pingji.dialog({
      title: pingji.say("acknowledge_many", { n: n }),
      lines: [mix(found)],
      fields: [note()],
      button: pingji.say("acknowledge_many", { n: n }),
      sure: (values) =>
        pingji.alertActs
          .acknowledgeMany(found, values.note.trim())
          .then(() => done("acknowledge", found.length)),
    });
  }

  /** 转办: hand on to whom the rules name, with an opinion; it leaves by the outbox. */
  function transfer(alerts) {
    const found = chosen(alerts, pingji.alerts.isTransfer, "nothing_to_transfer");
    if (!found) return;
    const words = pingji.alertWords;
    const many = found.length > 1;
    const title = many
      ? pingji.say("transfer_many", { n: pingji.format.number(found.length) })
      : pingji.say("transfer");
    const first = words.ruleName(found[0]) + " · " + words.subjectName(found[0]);
    const names = Array.from(new Set(found.map(words.department))).join("、");
    pingji.dialog({
      title: title,
      lines: [many ? mix(found) : first, pingji.say("transfer_whom", { names: names })],
      fields: [
        { name: "opinion", label: pingji.say("opinion"), kind: "area", required: true, most: 500 },
      ],
      button: title,
      sure: (values) => {
        const now = found.map((a) => pingji.alerts.get(a.id)).filter(Boolean);
        return pingji.alertActs
          .many("transfer", now, { opinion: values.opinion.trim() })
          .then(() => done("transfer", now.length));
      },
    });
  }

  /** Acknowledge one with a word of one's own. */
  function acknowledgeWithNote(alert) {
    const found = chosen([alert], (a) => !a.acknowledged, "nothing_to_acknowledge");
    if (!found) return;
    pingji.dialog({
      title: pingji.say("acknowledge"),
      lines: [pingji.alertWords.ruleName(alert) + " · " + pingji.alertWords.subjectName(alert)],
      fields: [note()],
      button: pingji.say("acknowledge"),
      sure: (values) => {
        const said = values.note.trim();
        return pingji.alertActs
          .one("acknowledge", pingji.alerts.get(alert.id) || alert, said ? { note: said } : {})
          .then(() => done("acknowledge", 1));
      },
    });
  }

  function own(alerts) {
    const me = pingji.page.viewer.account;
    const found = chosen(alerts, (a) => a.owner !== me, "nothing_to_own");
    if (!found) return;
    const act = () =>
      pingji.alertActs.many("own", found, {}).then(() => done("own", found.length));
    if (found.length === 1) {
      act().catch(failed);
      return;
    }
    const title = pingji.say("own_many", { n: pingji.format.number(found.length) });
    pingji.dialog({ title: title, lines: [mix(found)], button: title, sure: act });
  }

  function until(hours) {
    const now = pingji.live.now();
    return now === null || !hours ? null : now + Number(hours) * HOUR_MS;
  }

  function spanWord(hours) {
    if (hours < 1) return pingji.say("half_hour");
    if (hours > 24) return pingji.say("days_n", { n: hours / 24 });
    return pingji.say("hours_n", { n: hours });
  }

  /** The fields of what must have a reason and an end. */
  function reasonAndEnd(hint, spans) {
    return [
      { name: "reason", label: pingji.say("reason"), kind: "text", required: true, most: 200 },
      {
        name: "hours",
        label: pingji.say("until"),
        kind: "choice",
        required: true,
        options: spans.map((hours) => [String(hours), spanWord(hours)]),
        hint: (values) => {
          const at = until(values.hours);
          if (at === null) return pingji.say("shelve_hint_none");
          return pingji.say(hint, { time: pingji.format.full(at).slice(0, 16) });
        },
      },
    ];
  }

  function shelve(alerts) {
    const all = alerts || queue.targets();
    if (all.length && all.every(pingji.alerts.isShelved)) {
      unshelve(all);
      return;
    }
    const found = chosen(alerts, (a) => !pingji.alerts.isShelved(a), "nothing_chosen");
    if (!found) return;
    const many = found.length > 1;
    const title = many
      ? pingji.say("shelve_many", { n: pingji.format.number(found.length) })
      : pingji.say("shelve_one");
    const first = pingji.alertWords.ruleName(found[0]) + " · " + pingji.alertWords.subjectName(found[0]);
    pingji.dialog({
      title: title,
      lines: [many ? mix(found) : first],
      fields: reasonAndEnd("shelve_hint", SHELVES),
      button: title,
      sure: (values) => {
        const end = new Date(until(values.hours)).toISOString();
        const now = found.map((a) => pingji.alerts.get(a.id)).filter(Boolean);
        return pingji.alertActs
          .many("shelve", now, { reason: values.reason.trim(), until: end })
          .then(() => done("shelve", now.length));
      },
    });
  }

  function unshelve(alerts) {
    const found = chosen(alerts, pingji.alerts.isShelved, "nothing_chosen");
    if (!found) return;
    const act = () => pingji.alertActs.many("unshelve", found, {}).then(() => done("unshelve", found.length));
    if (found.length === 1) act().catch(failed);
    else {
      const title = pingji.say("unshelve_many", { n: pingji.format.number(found.length) });
      pingji.dialog({ title: title, button: title, sure: act });
    }
  }

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

  pingji.queueActs = { acknowledge, acknowledgeWithNote, transfer, own, shelve, unshelve, openSubject, reasonAndEnd, until };
})();
