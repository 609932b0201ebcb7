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
    }
    if (clock.handled_at) box.append(line("handled_at", pingji.format.full(time(clock.handled_at))));
    if (!clock.official) {
      box.append(pingji.make("p", "clocks__more", pingji.say("not_official")));
    }
  }

  /** As the list shows it, where the list knows the case. */
  function lampOf(record, now) {
    const topic = pingji.live.topic("cases");
    const row = topic.rows.get(record.id);
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
