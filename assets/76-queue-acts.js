/* Acts on what the queue has chosen, and the dialogs before an act on many or without end. */
(function () {
  "use strict";

  const pingji = window.pingji;
  const queue = pingji.queue;
  const SHELVES = [0.5, 1, 2, 4, 8, 24]; // hours
  const HOUR_MS = 3600000;

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

  pingji.queueActs = { acknowledge, acknowledgeWithNote, transfer, own, shelve, unshelve, reasonAndEnd, until, told };
})();
