/* How the desk is doing: figures beside their aims, alerts in ten minutes, and what makes them. */
(function () {
  "use strict";

  const pingji = window.pingji;

  const SVG = "http://www.w3.org/2000/svg";
  const EVERY_MS = 60000;
  const WIDE = 1200;
  const HIGH = 170;
  const FOOT = 16;
  const MOST_WIDE = 24; // of a column, where there are few
  const SIDE = 28;
  const WORD = 11; // a line of words
  let span = "24h";
  let told = null;
  let state = "loading";
  let painted = "";
  let round = 0;
  let place = null; // of the figures: another one is the screen opened anew

  function ask() {
    const mine = (round += 1);
    pingji
      .get("/api/v1/alerts/performance?span=" + span)
      .then(
        (body) => {
          if (mine !== round) return;
          told = body;
          state = "shown";
          paint();
        },
        () => {
          if (mine !== round) return;
          state = "failed";
          paint();
        },
      );
  }

  // ── figures ─────────────────────────────────────────────────────────────────────────────────

  const share = (value) => (value * 100).toFixed(value > 0 && value < 0.1 ? 1 : 0);
  const took = (seconds) => (seconds === null ? "—" : pingji.format.age(seconds));

  /** [title, figure, unit, aim, does it meet the aim (null: nothing to say), more] */
  function figures() {
    const say = pingji.say;
    const ack = told.acknowledge;
    const waiting = say("performance_waiting", { n: pingji.format.number(ack.waiting) });
    return [
      [
        "performance_per_ten",
        String(told.rate.per_period),
        "",
        say("performance_aim_per_ten", { n: told.rate.aim }),
        told.rate.per_period <= told.rate.aim,
        say("performance_raised", { n: pingji.format.number(told.rate.raised), most: told.rate.most }),
      ],
      [
        "performance_flood",
        share(told.flood.share),
        "%",
        say("performance_aim_flood", { n: told.flood.above }),
        told.flood.share < 0.01,
        say("performance_periods", { n: told.flood.periods, of: told.flood.of }),
      ],
      [
        "performance_acknowledge",
        took(ack.median_s),
        "",
        ack.n ? say("performance_p90", { age: took(ack.p90_s) }) : say("performance_no_ack"),
        null,
        ack.oldest_s === null ? waiting : waiting + " · " + say("alerts_oldest", { age: took(ack.oldest_s) }),
      ],
      [
        "performance_standing",
        pingji.format.number(told.standing.n),
        say("queue_count", { n: "" }).trim(),
        say("performance_aim_standing", { n: told.standing.aim_below }),
        told.standing.n < told.standing.aim_below,
        "",
      ],
      [
        "performance_chattering",
        pingji.format.number(told.chattering.n),
        say("performance_sources"),
        say("performance_aim_none"),
        told.chattering.n === 0,
        say("performance_chatter", { times: told.chattering.times, n: told.chattering.within_min }),
      ],
    ];
  }

  function figure([title, value, unit, aim, good, more]) {
    const make = pingji.make;
    const box = make("section", "figure performance__figure");
    const line = make("div", "figure__line");
    line.append(make("span", "figure__value", value), make("span", "figure__unit", unit));
    const verdict = make("div", "performance__aim");
    if (good !== null) {
      const word = pingji.say(good ? "performance_met" : "performance_missed");
      verdict.append(make("strong", good ? "verdict" : "verdict verdict--missed", word));
    }
    verdict.append(make("span", "", aim));
    box.append(make("div", "figure__label", pingji.say(title)), line, verdict, make("div", "figure__note", more));
    box.classList.toggle("figure--raised", good === false);
    return box;
  }

  // ── bars ────────────────────────────────────────────────────────────────────────────────────

  function shape(name, attributes, text) {
    const element = document.createElementNS(SVG, name);
    Object.keys(attributes).forEach((key) => element.setAttribute(key, attributes[key]));
    if (text) element.textContent = text;
    return element;
  }

  function bars() {
    const counts = told.bars.most;
    const from = Date.parse(told.bars.from);
    const step = told.bars.minutes * 60000;
    const top = Math.max(told.flood.above * 1.2, Math.max.apply(null, counts) * 1.08);
    const svg = shape("svg", { viewBox: "0 0 " + WIDE + " " + HIGH, class: "bars", role: "img" });
    const y = (n) => (HIGH - FOOT) * (1 - n / top) + 2;
    const wide = (WIDE - SIDE) / counts.length;
    const column = Math.min(MOST_WIDE, Math.max(1, wide * 0.8));
    counts.forEach((n, i) => {
      if (!n) return;
      const flood = n > told.flood.above;
      const bar = shape("rect", {
        x: SIDE + i * wide + (wide - column) / 2,
        y: y(n),
        width: column,
        height: HIGH - FOOT + 2 - y(n),
        class: flood ? "bars__bar bars__bar--flood" : "bars__bar",
      });
      bar.append(shape("title", {}, pingji.format.moment(from + i * step) + " · " + n));
      svg.append(bar);
    });
    const most = Math.max.apply(null, counts);
    const taken = []; // where numbers stand beside the scale; one that has no room is left out
    [
      [most > told.flood.above ? most : null, ""],
      [told.flood.above, "bars__line bars__line--flood"],
      [told.rate.aim, "bars__line"],
    ].forEach(([n, look]) => {
      if (n === null) return;
      if (look) svg.append(shape("line", { x1: SIDE, x2: WIDE, y1: y(n), y2: y(n), class: look }));
      if (taken.some((at) => Math.abs(at - y(n)) < WORD)) return;
      taken.push(y(n));
      svg.append(shape("text", { x: SIDE - 8, y: y(n) + 4, class: "bars__word bars__word--side" }, String(n)));
    });
    svg.append(shape("line", { x1: SIDE, x2: WIDE, y1: HIGH - FOOT + 2, y2: HIGH - FOOT + 2, class: "bars__ground" }));
    const words = 6;
    for (let n = 0; n <= words; n += 1) {
      const at = from + (counts.length * step * n) / words;
      const anchor = n === 0 ? "start" : n === words ? "end" : "middle";
      const x = SIDE + ((WIDE - SIDE) * n) / words;
      const text = pingji.format.moment(at);
      svg.append(shape("text", { x: x, y: HIGH - 3, "text-anchor": anchor, class: "bars__word" }, text));
    }
    return svg;
  }

  // ── lists ───────────────────────────────────────────────────────────────────────────────────

  function named(item) {
    return { rule: item.rule, topic: item.subject.topic, subject: item.subject.id };
  }

  function table(title, note, items, tail, none) {
    const make = pingji.make;
    const box = make("section", "panel performance__list");
    const head = make("div", "panel__head");
    head.append(make("h3", "panel__title", pingji.say(title)), make("span", "panel__count", note));
    box.append(head);
    if (!items.length) box.append(make("p", "performance__none", pingji.say(none || "performance_none")));
    const list = make("ol", "performance__rows");
    items.forEach((item) => {
      const row = make("li", "performance__row");
      const words = pingji.alertWords;
      row.append(
        make("span", "performance__rule", words.ruleName(named(item))),
        make("span", "performance__subject", words.subjectName(named(item))),
        make("span", "performance__times", tail(item)),
      );
      list.append(row);
    });
    box.append(list);
    return box;
  }

  function mix() {
    const make = pingji.make;
    const box = make("section", "panel performance__list");
    const head = make("div", "panel__head");
    head.append(
      make("h3", "panel__title", pingji.say("performance_mix")),
      make("span", "panel__count", pingji.say("performance_mix_aim")),
    );
    box.append(head);
    const list = make("ol", "performance__rows performance__rows--mix");
    ["3", "2", "1"].forEach((key) => {
      const item = told.mix[key];
      const row = make("li", "performance__row");
      const meter = shape("svg", { viewBox: "0 0 100 8", class: "mix", preserveAspectRatio: "none" });
      meter.append(
        shape("rect", { x: 0, y: 0, width: 100, height: 8, class: "mix__room" }),
        shape("rect", { x: 0, y: 0, width: (item.share || 0) * 100, height: 8, class: "mix__share" }),
        shape("rect", { x: item.aim * 100 - 0.4, y: 0, width: 0.8, height: 8, class: "mix__aim" }),
      );
      const told_ = item.share === null ? "—" : share(item.share) + " %";
      row.append(
        make("span", "performance__rule", pingji.say("priority_" + key)),
        meter,
        make("span", "performance__times", told_ + " · " + pingji.say("queue_count", { n: pingji.format.number(item.n) })),
      );
      list.append(row);
    });
    box.append(list);
    return box;
  }

  function lists() {
    const times = (item) => pingji.say("performance_times", { n: item.times });
    const part = told.worst.share === null || !told.worst.items.some((item) => item.times > 1) ? "" : pingji.say("performance_share", { n: share(told.worst.share) });
    const now = Date.parse(told.until);
    return [
      // what alerted once is no worse than anything else that did
      table("performance_worst", part, told.worst.items.filter((item) => item.times > 1), times, "performance_once"),
      table("performance_standing", "", told.standing.items, (item) =>
        pingji.format.age((now - Date.parse(item.since)) / 1000),
      ),
      table("performance_chattering", "", told.chattering.items, times),
      mix(),
    ];
  }

  function paint() {
    const box = pingji.byId("performance-figures");
    if (!box) return;
    if (box !== place) {
      place = box;
      ask();
    }
    document.querySelectorAll("[data-act=performance-span]").forEach((button) => {
      button.setAttribute("aria-pressed", String(button.dataset.span === span));
    });
    const key = JSON.stringify([state, told && told.until, span, pingji.language, pingji.live.topic("stations").loaded, pingji.live.topic("cases").loaded]);
    if (key === painted && box.children.length) return;
    painted = key;
    if (state !== "shown") {
      const word = pingji.say(state === "failed" ? "failed" : "loading");
      if (!told) box.replaceChildren(pingji.make("p", "drawer__state", word));
      pingji.write(pingji.byId("performance-span"), word);
      return;
    }
    box.replaceChildren(...figures().map(figure));
    const minutes = told.bars.minutes;
    const note = minutes === 10 ? "" : pingji.say("performance_bars_note", { n: minutes / 60 >= 1 ? (minutes / 60).toFixed(1) : minutes + "′" });
    pingji.write(pingji.byId("performance-bars-note"), note);
    pingji.byId("performance-bars").replaceChildren(bars());
    pingji.byId("performance-lists").replaceChildren(...lists());
    const from = pingji.format.full(Date.parse(told.from)).slice(0, 16);
    const until = pingji.format.full(Date.parse(told.until)).slice(0, 16);
    pingji.write(pingji.byId("performance-span"), from + " – " + until);
  }

  pingji.acts["performance-span"] = (button) => {
    span = button.dataset.span;
    state = "loading";
    ask();
    paint();
  };
  window.setInterval(() => {
    if (!document.hidden && pingji.byId("performance-figures")) ask();
  }, EVERY_MS);
  pingji.on("paint", paint);
})();
