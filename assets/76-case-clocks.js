/* The clocks of the case in the drawer: the unit's limit and what passed of it, the desk's step. */
(function () {
  "use strict";

  const pingji = window.pingji;
  const SLOT = "drawer-case-clocks";
  const ANEW_MS = 20000;
  let painted = 0;
  let told = null; // the record with its clocks, and the city's time at which it was told
  let toldAt = null;

  function time(text) {
    return text ? Date.parse(text) : NaN;
  }

  function span(ms) {
    return pingji.format.age(Math.abs(ms) / 1000);
  }

  function number(value) {
    return String(Number(value.toFixed(1)));
  }

  function line(name, said, more, look) {
    const root = pingji.make("div", "clocks__line" + (look ? " clocks__line--" + look : ""));
    root.append(
      pingji.make("span", "clocks__name", pingji.say(name)),
      pingji.make("span", "clocks__said", said),
    );
    if (more) root.append(pingji.make("span", "clocks__more", more));
    return root;
  }

  function due(clock, ended, now, lamp) {
    const at = time(clock.due_at);
    const answered = time(clock.handled_at);
    let more = "";
    let look = "";
    if (!Number.isNaN(answered)) {
      const over = answered - at;
      more = over > 0 ? pingji.say("due_missed", { n: span(over) }) : pingji.say("due_met");
      if (over > 0) look = "late";
    } else if (!ended && lamp !== "grey") {
      const key = at < now ? "due_over" : "due_left";
      more = pingji.say(key, { n: span(at - now) });
      if (at < now) look = "late";
    }
    return line("due_at", pingji.format.full(at), more, look);
  }

  function state(clock) {
    if (!clock.from) return pingji.say("clock_begins");
    if (clock.paused) return pingji.say("clock_pauses");
    return pingji.say(clock.running ? "clock_runs" : "clock_stands");
  }

  function limit(clock, ended) {
    if (clock.due_by === "feed") return line("limit", pingji.say("limit_given"));
    if (clock.limit === null) {
      return line("limit", pingji.say(clock.from || ended ? "no_deadline" : "clock_begins"));
    }
    const unit = pingji.code("limit_unit", clock.unit);
    const by = pingji.say("limit_by", { rule: clock.rule, version: clock.rule_version });
    return line("limit", number(clock.limit) + " " + unit, by);
  }

  function passed(clock, now) {
    const more = clock.running ? Math.max(0, now - toldAt) : 0;
    let said = span(clock.spent_s * 1000 + more);
    if (clock.passed !== null) {
      const unit = pingji.code("limit_unit", clock.unit);
      said = number(clock.passed) + " " + unit;
      if (clock.allowed) {
        const words = { n: number(clock.passed), all: number(clock.allowed), unit: unit };
        said = pingji.say("passed_of", words);
      }
    }
    return line("passed", said, state(clock));
  }

  function bar(clock) {
    const root = pingji.make("progress", "clocks__bar");
    root.max = clock.allowed;
    root.value = Math.min(clock.passed, clock.allowed);
    root.classList.toggle("clocks__bar--over", clock.passed > clock.allowed);
    root.setAttribute("aria-label", pingji.say("passed"));
    return root;
  }

  function disposal(box, record, now) {
    const clock = record.clocks.disposal;
    const ended = pingji.page.terminal.indexOf(record.stage) >= 0;
    box.append(limit(clock, ended));
    if (clock.from) box.append(passed(clock, now));
    if (clock.allowed && clock.from) box.append(bar(clock));
    if (clock.paused_s) box.append(line("paused_for", span(clock.paused_s * 1000)));
    if (clock.due_at) {
      const root = due(clock, ended, now, record.clocks.lamp);
      const lamp = pingji.lamp.element();
      pingji.lamp.show(lamp, lampOf(record, now));
      root.insertBefore(lamp, root.children[1]);
      if (clock.extensions) {
        const times = pingji.say("extended_times", { n: clock.extensions });
        root.append(pingji.make("span", "clocks__more", times));
      }
      box.append(root);
      byMode(box, clock);
    }
    if (clock.handled_at) box.append(line("handled_at", pingji.format.full(time(clock.handled_at))));
    if (!clock.official) {
      box.append(pingji.make("p", "clocks__more", pingji.say("not_official")));
    }
  }

  function word(pair) {
    return pair ? pair[pingji.language === "en" ? 1 : 0] : pingji.say("an_operation");
  }

  /** The title of an operation, as the record tells it; of a guarded event only to its members. */
  function titleOf(record, operation) {
    const found = (record.events || []).find((it) => it.operation === operation && it.title);
    return word(found && found.title);
  }

  /** The 应急时限 of its own, beside the deadline; and that an operation lets its clock stand. */
  function emergency(box, record, now) {
    const told = record.clocks.emergency;
    if (!told) return;
    const mine = told.treatments.filter((it) => !it.until && !it.revoked);
    const by = mine.find((it) => it.operation === told.by && it.treatment === "expedite");
    if (by && by.limit_min) {
      const at = time(told.due_at);
      const limit = { title: titleOf(record, by.operation), n: pingji.format.minutes(by.limit_min) };
      const owes = pingji.page.answered.indexOf(record.stage) < 0 && record.clocks.lamp !== "grey";
      let more = "";
      if (told.due_at && owes) {
        const key = at < now ? "emergency_over" : "emergency_left";
        more = pingji.say(key, { n: pingji.format.hours(at - now) });
      }
      const said = told.due_at ? pingji.format.full(at) : pingji.say("emergency_begins");
      const root = line("emergency", said, more, owes && at < now ? "late" : "");
      root.append(pingji.make("span", "clocks__more", pingji.say("emergency_by", limit)));
      box.append(root);
    }
    mine
      .filter((it) => it.treatment === "defer" && !told.by)
      .forEach((it) => {
        const since = pingji.say("deferred_since", { time: pingji.format.full(time(it.since)) });
        box.append(line("deferred", since, titleOf(record, it.operation)));
      });
  }

  /** Where a mode's rule holds for now: from when it counts, and what was due without it. */
  function byMode(box, clock) {
    if (!clock.by_operation) return;
    const fill = {
      time: pingji.format.full(time(clock.counted_from)),
      usual: pingji.format.full(time(clock.usual_due_at)),
    };
    const key = clock.usual_due_at ? "by_mode" : "by_mode_new";
    box.append(pingji.make("p", "clocks__more", pingji.say(key, fill)));
  }

  /** As the list shows it, where the list knows the case. */
  function lampOf(record, now) {
    const topic = pingji.live.topic("cases");
    const row = pingji.live.row("cases", record.id);
    return row ? pingji.lamp.of(row, topic.columns, now) : record.clocks.lamp;
  }

  function desk(box, clock, now) {
    if (!clock || !clock.due_at) return;
    const words = {
      clock: pingji.code("clock", clock.clock),
      n: number(clock.limit || 0),
      unit: clock.unit ? pingji.code("limit_unit", clock.unit) : "",
    };
    const at = time(clock.due_at);
    const over = at < now;
    const more = over
      ? pingji.say("desk_late", { clock: words.clock, n: span(now - at) })
      : pingji.say("due_left", { n: span(at - now) });
    box.append(line("desk_step", pingji.say("desk_within", words), more, over ? "late" : ""));
  }

  function paint() {
    if (!told || !told.clocks || !pingji.byId(SLOT)) return;
    const now = pingji.live.pictureAt() || toldAt;
    painted = now;
    const box = pingji.make("div", "clocks");
    disposal(box, told, now);
    emergency(box, told, now);
    desk(box, told.clocks.desk, now);
    pingji.drawer.fill(SLOT, box);
  }

  pingji.on("record", (record) => {
    told = record;
    toldAt = pingji.live.pictureAt();
    paint();
  });
  pingji.on("selected", (id) => {
    if (told && told.id === id) return;
    told = null;
    if (pingji.byId(SLOT)) pingji.drawer.fill(SLOT, []);
  });
  pingji.on("language", paint);
  pingji.on("paint", () => {
    if (told && Math.abs(pingji.live.pictureAt() - painted) > ANEW_MS) paint();
  });
})();
