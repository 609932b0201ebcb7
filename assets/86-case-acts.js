/* 催办 and 督办 in a case's drawer: whom they reach, who did it, whether the platform has it.
 *
 * Asked anew whenever the record is; what became of a message is painted from the stream. */
(function () {
  "use strict";

  const pingji = window.pingji;
  const SLOT = "drawer-case-acts";
  const HOUR_MS = 3600000;
  const SPANS = [1, 2, 4, 8, 24, 72, 168];
  let record = null;
  let told = null; // what /desk answered for it
  let shown = []; // the chips of what was sent: [message, chip]

  if (!/^\/wall/.test(window.location.pathname)) {
    pingji.live.topics = pingji.live.topics.concat(["outbox"]);
    pingji.live.needs.outbox = "supervise";
  }

  const may = (right) => pingji.page.viewer.rights.indexOf(right) >= 0;

  function ask() {
    const mine = record;
    if (!mine) return;
    pingji.drawer.ask(
      "/api/v1/cases/" + encodeURIComponent(mine.id) + "/desk",
      (body) => {
        if (record !== mine) return;
        told = body;
        paint();
      },
      () => record === mine && pingji.drawer.state(SLOT, "failed", "failed", ask),
    );
  }

  // ── what is shown ───────────────────────────────────────────────────────────────────────────

  function recipients(list) {
    if (!list.length) return pingji.say("reaches_nobody");
    return list
      .map((one) => pingji.say("part_" + one.part, { name: one.name }))
      .join(" → ");
  }

  /** What became of a message: as the stream has it, else as it stood when it was asked for. */
  function standing(message) {
    const topic = pingji.live.topic("outbox");
    const row = topic.rows.get(message.id);
    if (!row) return message;
    return { state: row[topic.columns.state], reason: row[topic.columns.reason] };
  }

  /** Why a message did not arrive, in words; what the receiver answered by its number. */
  function reason(code) {
    const key = "delivery_" + code.replace(/-/g, "_");
    if (pingji.page.words[key]) return pingji.say(key);
    const http = /^HTTP ([345])/.exec(code);
    return http ? pingji.say(http[1] === "5" ? "delivery_faulty" : "delivery_refused", { code }) : code;
  }

  function say(chip, message) {
    const found = standing(message);
    let word = pingji.say("delivery_" + found.state);
    if (found.reason && found.state !== "delivered") word += " · " + reason(found.reason);
    pingji.write(chip, word);
    chip.className = "chip acts__delivery acts__delivery--" + found.state;
  }

  function chipOf(message) {
    const chip = pingji.make("span");
    say(chip, message);
    return chip;
  }

  function delivery(act) {
    if (!act.delivery) return null;
    const chip = pingji.make("span");
    shown.push([act.delivery, chip]);
    say(chip, act.delivery);
    return chip;
  }

  function line(act) {
    const make = pingji.make;
    const item = make("li", "acts__act");
    const head = make("p", "acts__head");
    let name = pingji.say("entry_called");
    if (act.kind === "mark") name = pingji.code("mark", act.code);
    else if (act.kind === "unmark") {
      name = pingji.say("unmarked", { mark: pingji.code("mark", act.code) });
    }
    head.append(
      make("strong", "acts__name", name),
      make("span", "", act.by || ""),
      make("span", "acts__time", pingji.format.moment(Date.parse(act.at))),
    );
    const sent = delivery(act);
    if (sent) head.append(sent);
    item.append(head);
    if (act.note) item.append(make("p", "acts__note", act.note));
    if (act.until && act.kind === "mark") {
      const until = pingji.format.full(Date.parse(act.until)).slice(0, 16);
      item.append(make("p", "acts__more", pingji.say("supervise_until_told", { time: until })));
    }
    if (act.recipients.length) {
      item.append(make("p", "acts__more", pingji.say("reached") + recipients(act.recipients)));
    }
    return item;
  }

  function button(word, act, look) {
    const made = pingji.make("button", "button " + (look || ""), word);
    made.type = "button";
    made.addEventListener("click", act);
    return made;
  }

  function paint() {
    if (!record || !told) return;
    const make = pingji.make;
    const nodes = [];
    shown = [];
    const ended = pingji.page.terminal.indexOf(record.stage) >= 0;
    const bar = make("div", "acts__bar");
    if (!ended && may("urge")) bar.append(button(pingji.say("urge"), urge));
    if (!ended && may("supervise")) {
      const again = (record.marks || []).indexOf("supervised") >= 0;
      bar.append(button(pingji.say(again ? "supervise_again" : "supervise"), supervise));
    }
    if (bar.children.length) nodes.push(bar);
    if (told.acts.length) {
      const list = make("ol", "acts");
      told.acts.forEach((act) => list.append(line(act)));
      nodes.push(list);
    } else nodes.push(make("p", "drawer__state", pingji.say("desk_acts_none")));
    if (told.callers.length) {
      const names = told.callers
        .map((one) => [one.name, one.phone, pingji.format.moment(Date.parse(one.at))])
        .map((parts) => parts.filter(Boolean).join(" "))
        .join(" · ");
      nodes.push(pingji.drawer.facts([["callers", names]]));
    }
    pingji.drawer.fill(SLOT, nodes);
  }

  // ── the acts ────────────────────────────────────────────────────────────────────────────────

  function lines() {
    const make = pingji.make;
    const what = make("p", "dialog__line");
    const name = pingji.caseWords.word(record.kind, record.subcategory);
    what.append(make("strong", "", name), " · " + record.id);
    const whom = make("p", "dialog__line acts__whom");
    const names = recipients(told.recipients);
    const model = told.command_model;
    const phones = told.recipients
      .filter((one) => one.contact)
      .map((one) => [one.name, one.contact.name, one.contact.phone].filter(Boolean).join(" "));
    whom.append(
      make("span", "acts__label", pingji.say("will_reach")),
      make("span", "", model ? pingji.say("model_" + model, { names }) : names),
    );
    if (!phones.length) return [what, whom];
    const by = make("p", "dialog__line acts__more", pingji.say("by_phone", { names: phones.join(" · ") }));
    return [what, whom, by];
  }

  function opinion() {
    return { name: "opinion", label: pingji.say("opinion"), kind: "area", required: true, most: 500 };
  }

  /** Send it; what has changed meanwhile is shown before it may be sent again. */
  function send(act, body) {
    const mine = record;
    const path = "/api/v1/cases/" + encodeURIComponent(mine.id) + "/" + act;
    return pingji.entry.send(path, Object.assign({ version: told.version }, body)).then(
      (made) => {
        pingji.announce(pingji.say(act) + " · " + recipients(made.recipients));
        if (record === mine) ask();
      },
      (error) => {
        const now = error.status === 409 && error.told && error.told.state;
        if (!now) throw error;
        if (record === mine) told.version = now.version;
        ask();
        throw new Error(
          pingji.page.terminal.indexOf(now.stage) >= 0 ? error.told.detail : pingji.say("act_stale"),
        );
      },
    );
  }

  function urge() {
    pingji.dialog({
      title: pingji.say("urge"),
      lines: lines(),
      fields: [opinion()],
      button: pingji.say("urge_send"),
      sure: (values) => send("urge", { opinion: values.opinion.trim() }),
    });
  }

  function end(hours) {
    const now = pingji.live.now();
    return now === null || !hours ? null : now + Number(hours) * HOUR_MS;
  }

  function supervise() {
    let chosen = null; // kept from the first sending on, so that a second one says the same
    pingji.dialog({
      title: pingji.say("supervise"),
      lines: lines(),
      fields: [
        opinion(),
        {
          name: "hours",
          label: pingji.say("supervise_until"),
          kind: "choice",
          required: true,
          options: SPANS.map((hours) => [
            String(hours),
            hours < 48
              ? pingji.say("hours_n", { n: hours })
              : pingji.say("days_n", { n: hours / 24 }),
          ]),
          hint: (values) => {
            const at = end(values.hours);
            if (at === null) return pingji.say("supervise_until_none");
            const time = pingji.format.full(at).slice(0, 16);
            return pingji.say("supervise_until_told", { time: time });
          },
        },
      ],
      button: pingji.say("supervise_send"),
      sure: (values) => {
        if (!chosen || chosen.hours !== values.hours) {
          chosen = { hours: values.hours, until: new Date(end(values.hours)).toISOString() };
        }
        const body = { opinion: values.opinion.trim(), until: chosen.until };
        return send("supervise", body);
      },
    });
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (event.key.toLowerCase() !== "u" || !record || !told || pingji.dialogOpen()) return;
    if (/^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName)) return;
    if (pingji.page.terminal.indexOf(record.stage) >= 0) return;
    const act = event.shiftKey ? "supervise" : "urge";
    if (!may(act)) return;
    event.preventDefault();
    if (event.shiftKey) supervise();
    else urge();
  });

  pingji.on("record", (body) => {
    if (!record || record.id !== body.id) {
      told = null;
      pingji.drawer.state(SLOT, "loading", "loading");
    }
    record = body;
    ask();
  });
  pingji.on("opened", (thing) => {
    if (thing && thing.kind === "case") {
      if (record && record.id === thing.id) ask();
      return;
    }
    record = null;
    told = null;
    shown = [];
  });
  pingji.on("paint", () => shown.forEach((one) => say(one[1], one[0])));
  pingji.on("language", paint);

  pingji.delivery = { chip: chipOf, standing, reason };
})();
