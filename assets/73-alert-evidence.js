/* Why an alert was raised: its rule in words with its numbers, and the values that tripped it with
 * their units and moments, as the engine kept them. */
(function () {
  "use strict";

  const pingji = window.pingji;
  const HOUR_MS = 3600000;

  const say = (key, values) => pingji.say(key, values);
  const value = (number) => pingji.format.value(number);
  const moment = (text) => pingji.format.moment(Date.parse(text));
  const unitOf = (factor) => pingji.page.units[factor] || "";

  /** 08:40, with the day where it is another one than today. */
  const near = (ms) => pingji.queueRows.shortTime(ms);

  /** "07:00 – 08:00" of the hour that begins at a moment. */
  function hour(text) {
    const from = Date.parse(text);
    return near(from) + "–" + pingji.format.time(from + HOUR_MS).slice(0, 5);
  }

  const colours = (names) =>
    (names || []).map((name) => pingji.code("warning_colour", name)).join(pingji.language === "en" ? ", " : "、");

  /** What a rule asks, in a sentence. */
  function rule(told) {
    const params = told.params || {};
    const values = {};
    Object.keys(params).forEach((name) => {
      values[name] = typeof params[name] === "number" ? value(params[name]) : params[name];
    });
    if (params.line) values.line = pingji.code("threshold", params.line);
    if (params.colours) values.colours = colours(params.colours);
    let key = "rule_" + told.kind;
    if (told.kind === "case_overdue" && params.times > 1) key += "_times";
    const parts = [pingji.page.words[key] ? say(key, values) : ""];
    if (told.on_delay_s) parts.push(say("rule_lasting", { age: pingji.format.age(told.on_delay_s) }));
    return parts.filter(Boolean).join(pingji.language === "en" ? "; " : "；");
  }

  // ── the values, by the kind of rule ─────────────────────────────────────────────────────────

  function over(alert, told, key, line) {
    const factor = told.factor;
    return say(key, {
      factor: pingji.code("factor", factor),
      unit: unitOf(factor),
      value: value(alert.value),
      threshold: value(alert.threshold),
      line: line ? pingji.code("threshold", line) : "",
    });
  }

  const measured = (told) => (told.at ? say("tripped_at", { time: near(Date.parse(told.at)) }) : "");

  function silent(told) {
    const now = pingji.live.pictureAt();
    const last = Date.parse(told.last_at);
    const age = pingji.format.age(now === null ? 0 : (now - last) / 1000);
    const every = told.every_min ? say("tripped_every", { n: value(told.every_min) }) : "";
    return [say("tripped_silent", { last: pingji.format.moment(last), age }), every];
  }

  /** Of a feed: for how long it has been silent, and how often it should speak. */
  function hushed(alert) {
    const row = pingji.live.row("feeds", alert.subject);
    const age = (pingji.live.feeds[alert.subject] || {}).age_s;
    const each = row && row[pingji.live.topic("feeds").columns.expect_s];
    return [
      typeof age === "number" ? say("silent_for", { age: pingji.format.age(age) }) : "",
      each ? say("expected_each", { age: pingji.format.age(each) }) : "",
    ];
  }

  const TRIPPED = {
    level_line: (alert, told, params) => [
      over(alert, told, "tripped_level", params.line),
      measured(told),
      told.datum || "",
    ],
    depth: (alert, told) => [over(alert, told, "tripped_over"), measured(told)],
    level_rise(alert, told) {
      const from = Date.parse(told.from.at);
      const to = Date.parse(told.to.at);
      return [
        say("tripped_rise", {
          from: value(told.from.value),
          from_at: near(from),
          to: value(told.to.value),
          to_at: near(to),
          minutes: Math.round((to - from) / 60000),
          by: value(told.to.value - told.from.value),
          value: value(alert.value),
          threshold: value(alert.threshold),
        }),
      ];
    },
    rain_sum(alert, told) {
      const until = Date.parse(told.at);
      return [
        say("tripped_rain", {
          hours: value(told.hours),
          value: value(alert.value),
          threshold: value(alert.threshold),
          from: near(until - told.hours * HOUR_MS),
          until: near(until),
        }),
      ];
    },
    emission_mean: (alert, told) => [
      say("tripped_mean", {
        factor: pingji.code("factor", told.factor),
        hour: hour(told.hour),
        value: value(alert.value),
        unit: unitOf(told.factor),
        line: pingji.code("threshold", told.line),
        threshold: value(alert.threshold),
        readings: told.readings,
      }),
    ],
    emission_constant: (alert, told) => [
      say("tripped_constant", {
        factor: pingji.code("factor", told.factor),
        since: moment(told.since),
        value: value(told.value),
        unit: unitOf(told.factor),
        hours: value(alert.value),
      }),
    ],
    emission_missing: (_alert, told) => [
      say("tripped_missing", { factor: pingji.code("factor", told.factor), hour: hour(told.hour) }),
    ],
    emission_saturated: (alert, told) => [
      say("tripped_saturated", {
        factor: pingji.code("factor", told.factor),
        value: value(alert.value),
        unit: unitOf(told.factor),
        flag: pingji.code("flag", told.flag),
      }),
    ],
    station_silent: (_alert, told) => silent(told),
    station_offline: (_alert, told) => silent(told),
    case_near: due,
    case_overdue: due,
    case_emergency: (_alert, told) => [say("tripped_emergency_due", { due: moment(told.emergency_due_at) })],
    case_danger: (alert, told) => [
      say("tripped_urgency", { class: pingji.code("category", told.class), value: value(alert.value) }),
    ],
    feed_down: (alert, told) => [say("tripped_feed", { state: say("feed_" + told.state) }), ...hushed(alert)],
    warning(alert, told) {
      const row = pingji.live.row("warnings", alert.subject);
      const ends = row && row[pingji.live.topic("warnings").columns.expires_at];
      const until = ends ? say("tripped_until", { time: moment(ends) }) : say("tripped_until_none");
      return [say("tripped_warning", { colour: colours([told.colour]), until })];
    },
  };

  function due(_alert, told) {
    return [say("tripped_due", { due: moment(told.due_at), limit: Number(told.limit_h.toFixed(1)) })];
  }

  /** What tripped it, in one line; nothing while its evidence is not known. */
  function tripped(alert, evidence) {
    const known = pingji.alerts.rule(alert);
    const tell = TRIPPED[known.kind];
    if (!tell || !evidence || !Object.keys(evidence).length) return "";
    return tell(alert, evidence, known.params || {}).filter(Boolean).join(" · ");
  }

  pingji.alertEvidence = { rule, tripped };
})();
