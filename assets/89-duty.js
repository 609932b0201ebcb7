/* Calls to those on duty and promises: of one alert or thing, as a block in its drawer.
 *
 * Both come with the stream, to whoever may see them; who was called reads and answers here, the
 * desk enters who was woken by telephone and what was answered that way. */
(function () {
  "use strict";

  const pingji = window.pingji;
  const TOPICS = {
    case: "cases",
    station: "stations",
    camera: "cameras",
    place: "places",
    alert: "alerts",
  };
  const DUE = [30, 60, 120, 240, 720]; // minutes
  const MINUTE_MS = 60000;
  let painted = "";

  if (!/^\/wall/.test(window.location.pathname)) {
    pingji.live.topics = pingji.live.topics.concat(["calls", "promises"]);
    pingji.live.needs.calls = "supervise";
    pingji.live.needs.promises = "supervise";
  }

  const may = (right) => pingji.page && pingji.page.viewer.rights.includes(right);

  function rows(name, make) {
    const topic = pingji.live.topic(name);
    const c = topic.columns;
    return topic.loaded ? Array.from(topic.rows.values(), (row) => make(row, c)) : [];
  }

  const time = (text) => (text ? Date.parse(text) : null);

  function calls() {
    const made = rows("calls", (row, c) => ({
      id: row[c.id],
      alert: row[c.alert_id],
      step: row[c.step],
      reminder: row[c.reminder],
      post: row[c.post],
      name: row[c.name],
      account: row[c.account],
      deputyOf: row[c.deputy_of],
      state: row[c.state],
      madeAt: time(row[c.made_at]),
      delivery: row[c.delivery],
      reason: row[c.reason],
      sentAt: time(row[c.sent_at]),
      readAt: time(row[c.read_at]),
      phonedAt: time(row[c.phoned_at]),
      answeredAt: time(row[c.answered_at]),
      answer: row[c.answer],
    }));
    return made.sort((a, b) => a.madeAt - b.madeAt || a.step - b.step);
  }

  function promises() {
    const made = rows("promises", (row, c) => ({
      id: row[c.id],
      version: row[c.version],
      topic: row[c.subject_topic],
      subject: row[c.subject_id],
      text: row[c.text],
      promisedBy: row[c.promised_by],
      by: row[c.by],
      dueAt: time(row[c.due_at]),
    }));
    return made.sort((a, b) => a.dueAt - b.dueAt);
  }

  let lost = null; // alerts of which no call arrived; null: to be counted anew

  /** Whether calls for an alert were given up and none of them arrived. */
  function isLost(alert) {
    if (lost === null) {
      const made = calls();
      const arrived = new Set(made.filter((call) => call.delivery === "delivered").map((call) => call.alert));
      const failed = made.filter((call) => call.delivery === "failed" && !arrived.has(call.alert));
      lost = new Set(failed.map((call) => call.alert));
    }
    return lost.has(alert);
  }

  ["set:calls", "delta:calls"].forEach((name) => {
    pingji.on(name, () => {
      lost = null;
    });
  });

  const open = (call) => !call.answeredAt && call.state !== "nobody" && call.state !== "stopped";
  const mine = (call) => call.account !== null && call.account === pingji.page.viewer.account;

  // ── acts ────────────────────────────────────────────────────────────────────────────────────

  const path = (kind, id, act) => "/api/v1/" + kind + "/" + encodeURIComponent(id) + "/" + act;

  function quietly(promise) {
    promise.catch((error) => pingji.announce(error.message));
    return promise;
  }

  function read(call) {
    return quietly(pingji.post(path("calls", call.id, "read")));
  }

  function phoned(call) {
    return quietly(pingji.post(path("calls", call.id, "phoned")));
  }

  function answer(call) {
    const own = mine(call);
    pingji.dialog({
      title: pingji.say("call_answer_title"),
      lines: own ? [] : [pingji.say("call_answer_for", { name: call.name })],
      fields: [
        { name: "answer", label: pingji.say("call_answer_label"), kind: "area", required: true },
      ],
      button: pingji.say("call_answer"),
      sure: (values) => pingji.post(path("calls", call.id, "answer"), { answer: values.answer.trim() }),
    });
  }

  function promise(subject) {
    const due = (values) => pingji.live.now() + Number(values.due) * MINUTE_MS;
    pingji.dialog({
      title: pingji.say("promise_title"),
      fields: [
        {
          name: "text",
          label: pingji.say("promise_text"),
          hint: pingji.say("promise_hint"),
          kind: "area",
          required: true,
        },
        { name: "by", label: pingji.say("promise_by"), kind: "text", most: 60 },
        {
          name: "due",
          label: pingji.say("promise_due"),
          kind: "choice",
          value: "60",
          options: DUE.map((n) => [String(n), pingji.say("promise_due_" + n)]),
          hint: (values) =>
            pingji.say("promise_due_at", { time: pingji.format.moment(due(values)) }),
        },
      ],
      button: pingji.say("promise_make"),
      sure: (values) =>
        pingji.post("/api/v1/promises", {
          subject: subject,
          text: values.text.trim(),
          promised_by: values.by.trim() || null,
          due_at: new Date(due(values)).toISOString(),
        }),
    });
  }

  function keep(one) {
    pingji.dialog({
      title: pingji.say("promise_keep_title"),
      lines: [one.text],
      fields: [{ name: "note", label: pingji.say("promise_note"), kind: "text" }],
      button: pingji.say("promise_keep"),
      sure: (values) =>
        pingji.post(path("promises", one.id, "keep"), {
          version: one.version,
          note: values.note.trim() || null,
        }),
    });
  }

  // ── rows, also for the start of a shift ─────────────────────────────────────────────────────

  function button(box, word, act) {
    const made = pingji.make("button", "button", pingji.say(word));
    made.type = "button";
    made.addEventListener("click", act);
    box.append(made);
  }

  /** How it stands; an unanswered one says to whom it went then, or that there is no deputy. */
  function stateWord(call) {
    const word = pingji.say("call_state_" + call.state);
    if (call.state !== "unanswered" || call.deputyOf) return word;
    const deputy = calls().find((other) => other.deputyOf === call.id);
    return pingji.say(deputy ? "call_to_deputy" : "call_no_deputy", { name: deputy && deputy.name });
  }

  function reasonWord(reason) {
    if (!reason) return "";
    const word = pingji.delivery.reason(reason);
    return pingji.language === "en" ? " (" + word + ")" : "（" + word + "）";
  }

  function callRow(call) {
    const make = pingji.make;
    const row = make("li", "duty__row duty__row--" + call.state);
    const whom = call.name || pingji.say("call_nobody");
    const post = pingji.code("post", call.post);
    const told = [post + " " + whom];
    if (call.deputyOf) told.push(pingji.say("call_deputy"));
    if (call.reminder) told.push(pingji.say("call_reminder", { n: call.reminder }));
    row.append(make("span", "duty__who", told.join(" · ")));
    // the times tell the rest
    if (["wake", "unanswered", "nobody", "stopped"].includes(call.state)) {
      row.append(make("span", "duty__state", stateWord(call)));
    }
    if (call.delivery && call.delivery !== "delivered") {
      const state = call.delivery === "failed" ? "failed" : "waiting";
      const word = pingji.say("call_state_" + state) + reasonWord(call.reason);
      row.append(make("span", "duty__state duty__state--" + state, word));
    }
    const times = [
      [call.sentAt === null ? call.madeAt : null, "call_made"],
      [call.sentAt, "call_state_sent"],
      [call.readAt, "call_state_read"],
      [call.phonedAt, "call_state_phoned"],
      [call.answeredAt, "call_state_answered"],
    ].filter(([at]) => at !== null);
    const said = times.map(([at, word]) => pingji.say(word) + " " + pingji.format.time(at).slice(0, 5));
    row.append(make("span", "duty__times", said.join(" · ")));
    if (call.answer) row.append(make("span", "duty__answer", call.answer));
    const acts = make("span", "duty__acts");
    if (open(call)) {
      const own = mine(call);
      const desk = may("acknowledge");
      if (own && !call.readAt) button(acts, "call_read", () => read(call));
      if (!own && desk && !call.phonedAt) button(acts, "call_phoned", () => phoned(call));
      if (own || desk) button(acts, "call_answer", () => answer(call));
    }
    row.append(acts);
    return row;
  }

  /** How long is left, or past; [text, past]. */
  function left(dueAt, now) {
    const age = pingji.format.age(Math.abs(dueAt - now) / 1000);
    return [pingji.say(dueAt < now ? "promise_past" : "promise_left", { age: age }), dueAt < now];
  }

  function promiseRow(one, now, about) {
    const make = pingji.make;
    const row = make("li", "duty__row");
    const text = one.promisedBy
      ? pingji.say("promise_said", { who: one.promisedBy, text: one.text })
      : one.text;
    row.append(make("span", "duty__who", text));
    if (about) row.append(about);
    const [word, past] = left(one.dueAt, now);
    row.append(make("span", past ? "duty__state duty__state--past" : "duty__state", word));
    row.append(make("span", "duty__times", pingji.format.moment(one.dueAt)));
    const acts = make("span", "duty__acts");
    if (may("supervise")) button(acts, "promise_keep", () => keep(one));
    row.append(acts);
    return row;
  }

  // ── the block of a drawer ───────────────────────────────────────────────────────────────────

  function head(word) {
    const box = pingji.make("div", "drawer__head");
    box.append(pingji.make("h4", "drawer__title", pingji.say(word)));
    return box;
  }

  function paint() {
    const box = pingji.byId("drawer-duty");
    if (!box) return;
    const thing = pingji.drawer.open();
    const topic = thing && TOPICS[thing.kind];
    if (!topic || !may("supervise")) {
      box.hidden = true;
      painted = "";
      return;
    }
    const now = pingji.live.now();
    const alerts = new Set(
      topic === "alerts" ? [thing.id] : pingji.alerts.ofSubject(topic, thing.id).map((a) => a.id),
    );
    const called = calls().filter((call) => alerts.has(call.alert));
    const promised = promises().filter((one) => one.topic === topic && one.subject === thing.id);
    const minute = now === null ? 0 : Math.floor(now / MINUTE_MS);
    const key = JSON.stringify([thing, called, promised, pingji.language, minute]);
    box.hidden = false;
    if (key === painted && box.children.length) return;
    painted = key;
    const parts = [];
    if (called.length) {
      const list = pingji.make("ol", "duty__rows");
      called.forEach((call) => list.append(callRow(call)));
      parts.push(head("calls"), list);
    }
    const top = head("promise");
    button(top, "promise_make", () => promise({ topic: topic, id: thing.id }));
    const list = pingji.make("ol", "duty__rows");
    promised.forEach((one) => list.append(promiseRow(one, now)));
    parts.push(top, list);
    box.replaceChildren(...parts);
  }

  // ── whoever is called sees it on every screen ───────────────────────────────────────────────

  let stripped = "";

  /** What a call is about, in words: rule, name and place; never a bare id. */
  function about(call, alert) {
    if (!alert) return pingji.code("post", call.post);
    const words = pingji.alertWords;
    const name = words.subjectName(alert);
    const parts = [words.ruleName(alert), name === alert.subject ? "" : name];
    if (alert.jurisdiction) parts.push(words.where(alert));
    return parts.filter(Boolean).join(" · ");
  }

  /** Of two calls the one whose alert is graver, the newer of equals: calls come in their order. */
  function graver(one, call) {
    const priority = (it) => (pingji.alerts.get(it.alert) || { priority: Infinity }).priority;
    return one && priority(one) < priority(call) ? one : call;
  }

  function paintMine() {
    if (!pingji.page || !pingji.live.topic("calls").loaded) return;
    const waiting = calls().filter((call) => mine(call) && open(call) && call.state !== "unanswered");
    const first = waiting.reduce(graver, null);
    const alert = first && pingji.alerts.get(first.alert);
    const what = first ? about(first, alert) : "";
    const key = JSON.stringify([waiting, what, pingji.language, window.location.pathname]);
    const place = pingji.byId("called");
    if (!place || (key === stripped && Boolean(place.firstChild) === Boolean(waiting.length))) return;
    stripped = key;
    if (!waiting.length) {
      place.replaceChildren();
      return;
    }
    const strip = pingji.make("div", "called");
    const told = pingji.make("span", "called__what", what);
    const parts = [
      pingji.make("strong", "called__count", pingji.say("calls_mine", { n: waiting.length })),
      told,
    ];
    const acts = pingji.make("span", "called__acts");
    if (alert) {
      button(acts, "call_open", () => {
        waiting.filter((call) => call.alert === alert.id && !call.readAt).forEach(read);
        pingji.openAlert(alert);
      });
    } else if (!first.readAt) {
      button(acts, "call_read", () => read(first));
    }
    button(acts, "call_answer", () => answer(first));
    strip.append(...parts, acts);
    place.replaceChildren(strip);
  }

  /** Go to another of our pages without loading anything anew, as Dash's own links do. */
  function go(place) {
    if (window.location.pathname === place) return;
    window.history.pushState({}, "", place);
    window.dispatchEvent(new CustomEvent("_dashprivate_pushstate"));
    window.scrollTo(0, 0);
  }

  function openThing(topic, id) {
    const kind = Object.keys(TOPICS).find((name) => TOPICS[name] === topic);
    if (!/^\/(console|tablet)/.test(window.location.pathname)) go("/console");
    if (kind) pingji.emit("open", { kind: kind, id: id, from: "list" });
  }

  pingji.openThing = openThing;
  pingji.openAlert = (alert) => {
    const kind = Object.keys(TOPICS).find((name) => TOPICS[name] === alert.topic);
    pingji.emit("alert-shown", alert.id);
    openThing(kind ? alert.topic : "alerts", kind ? alert.subject : alert.id);
  };
  pingji.duty = { calls, isLost, promises, callRow, promiseRow, left, keep, go };
  pingji.on("opened", paint);
  pingji.on("paint", () => {
    paint();
    paintMine();
  });
})();
