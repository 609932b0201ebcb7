/* 平急转换: what a switch would change, as the server told it: modes, screens, rules, ladders, duty. */
(function () {
  "use strict";

  const pingji = window.pingji;
  const say = (key, fill) => pingji.say(key, fill);
  const make = (...args) => pingji.make(...args);
  const word = (pair) => pair[pingji.language === "en" ? 1 : 0];

  /** What a screen shows and will show; one that does not follow says why. */
  function showing(screen) {
    const name = (side) => (side.name ? word(side.name) : side.why === "blank" ? say("screens_black") : "—");
    const [was, will] = [name(screen.before), name(screen.after)];
    const stays = was === will ? pingji.code("screen_why", screen.after.why) : "";
    const text = stays ? was + marks().open + stays + marks().close : was + " → " + will;
    return screen.name + marks().colon + text;
  }

  function standing(told) {
    const mode = say("mode_" + told.mode);
    const level = told.level ? " " + pingji.levelWord(told.level, "roman").trim() : "";
    return mode + level + (told.drill ? "（" + say("band_drill") + "）" : "");
  }

  function section(place, head, entries) {
    if (!entries.length) return;
    place.append(make("h4", "switch__head", head));
    const list = make("ul", "switch__list");
    entries.forEach((entry) => list.append(make("li", null, entry)));
    place.append(list);
  }

  /** The marks between words, as the language writes them. */
  function marks() {
    return pingji.language === "en"
      ? { colon: ": ", comma: ", ", list: ", ", open: " (", close: ")" }
      : { colon: "：", comma: "，", list: "、", open: "（", close: "）" };
  }

  const arrow = (one, other) => one + " → " + other;

  function values_of(told) {
    return Object.keys(told)
      .map((key) => {
        if (key === "priority") return pingji.code("priority", told[key]);
        const known = pingji.page.words["switch_param_" + key];
        return (known ? word(known) : key) + " " + told[key];
      })
      .join(marks().comma);
  }

  /** What becomes of the open cases: how many are expedited, with which limits, and deferred. */
  function cases(place, told, drill) {
    if (!told || drill) return;
    const kinds = ["expedite", "usual", "defer"];
    const all = kinds.reduce((sum, kind) => sum + told.after[kind], 0);
    const number = (n) => say("switch_cases_of", { n: pingji.format.number(n) });
    const entries = kinds
      .filter((kind) => told.before[kind] || told.after[kind])
      .map((kind) => {
        const change = told.before[kind] === told.after[kind]
          ? number(told.after[kind])
          : arrow(number(told.before[kind]), number(told.after[kind]));
        return pingji.code("treatment", kind) + marks().colon + change;
      });
    const limits = Object.keys(Object.assign({}, told.before.limits, told.after.limits))
      .map(Number)
      .sort((one, other) => one - other);
    limits.forEach((minutes) => {
      const was = told.before.limits[minutes] || 0;
      const will = told.after.limits[minutes] || 0;
      const change = was === will ? number(will) : arrow(number(was), number(will));
      entries.push(say("switch_limit_of", { limit: pingji.format.minutes(minutes) }) + marks().colon + change);
    });
    section(place, say("switch_cases", { n: pingji.format.number(all) }), entries);
    const touched = [told.before, told.after].some((side) => side.expedite || side.defer);
    if (touched) place.append(make("p", "switch__none switch__none--small", say("switch_cases_how")));
  }

  /** The preview the server told, in its place; without one, what went wrong. */
  pingji.switchChange = (place, told, options) => {
    place.replaceChildren(make("h3", "switch__title", say("switch_change")));
    if (!told) {
      place.append(make("p", "dialog__wrong", options.wrong));
      return;
    }
    const named = (id) => pingji.code("jurisdiction", id);
    const first = told.jurisdictions[0];
    if (first) {
      const more = told.jurisdictions.length - 1;
      section(place, say("switch_modes", { n: told.jurisdictions.length }), [
        named(first.id) + marks().colon + arrow(standing(first.before), standing(first.after)),
      ].concat(more ? [say("switch_below", { n: more })] : []));
    } else {
      place.append(make("p", "switch__none", say("switch_same_mode")));
    }
    section(
      place,
      say("switch_screens", { n: told.screens.length }),
      told.screens.map(showing),
    );
    section(
      place,
      say("switch_rules", { n: told.rules.length }),
      told.rules.map((rule) => word(rule.name) + marks().colon + arrow(values_of(rule.before), values_of(rule.after))),
    );
    cases(place, told.cases, options.drill);
    if (options.drill) {
      place.append(make("p", "switch__none", say("switch_drill_cases")));
    }
    section(
      place,
      say("switch_ladders"),
      told.ladders.map((each) => arrow(pingji.code("ladder", each.before), pingji.code("ladder", each.after))),
    );
    const posts = (list) => list.map((post) => pingji.code("post", post)).join(marks().list) || say("switch_usual");
    const every = (n) => (n ? say("switch_every", { n: n >= 60 ? n / 60 + " " + say("hours_word") : n + " " + say("minutes_word") }) : say("switch_usual"));
    const duty = [];
    if (String(told.posts.before) !== String(told.posts.after)) {
      duty.push(say("switch_posts") + marks().colon + arrow(posts(told.posts.before), posts(told.posts.after)));
    }
    if (told.report_every_min.before !== told.report_every_min.after) {
      duty.push(
        say("switch_report") + marks().colon +
          arrow(every(told.report_every_min.before), every(told.report_every_min.after)),
      );
    }
    section(place, say("switch_duty"), duty);
  };
})();
