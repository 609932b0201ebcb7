/* The figures of routine days, counted from the working sets at each paint. */
(function () {
  "use strict";

  const pingji = window.pingji;
  const model = pingji.model;

  function countCases(now) {
    const cases = model.cases;
    const today = pingji.format.dayStart(now);
    const found = { open: 0, overdue: 0, filed: 0, closed: 0, reported: 0, oldest: 0 };
    for (let i = 0; i < cases.n; i += 1) {
      const state = cases.state[i];
      if (state & model.OPEN) found.open += 1;
      if (model.isOverdue(i, now)) {
        found.overdue += 1;
        found.oldest = Math.max(found.oldest, now - cases.due[i]);
      }
      if (state & model.CLOSED && cases.stageAt[i] >= today && cases.stageAt[i] <= now) {
        found.closed += 1;
      }
      if (cases.filed[i] >= today && cases.filed[i] <= now) found.filed += 1;
      if (cases.reported[i] >= today && cases.reported[i] <= now) found.reported += 1;
    }
    return found;
  }

  function show(id, value, note) {
    pingji.write(pingji.byId(id), value);
    pingji.write(pingji.byId(id + "-note"), note || "");
  }

  function paint() {
    if (!pingji.byId("figure-open")) return;
    const now = pingji.live.pictureAt();
    if (now === null) return;
    const say = pingji.say;
    const number = pingji.format.number;
    show("figure-as-of", pingji.format.time(now), pingji.format.date(now));
    if (pingji.live.topic("cases").loaded) {
      const found = countCases(now);
      show("figure-open", number(found.open));
      const share = found.open ? ((found.overdue / found.open) * 100).toFixed(1) : "0.0";
      let note = say("of_open", { n: share });
      if (found.oldest) {
        note += " · " + say("oldest_overdue", { age: pingji.format.age(found.oldest / 1000) });
      }
      show("figure-overdue", number(found.overdue), note);
      const hasFiled = pingji.live.topic("cases").columns.filed_after_s !== undefined;
      show(
        "figure-filed-today",
        hasFiled ? number(found.filed) : "—",
        say("last_24h", { n: number(found.reported) }),
      );
      show("figure-closed-today", number(found.closed));
      const box = pingji.byId("figure-overdue").closest(".figure");
      box.classList.toggle("figure--raised", found.overdue > 0);
    }
  }

  pingji.paintOn(["set:cases", "delta:cases"], paint);
})();
