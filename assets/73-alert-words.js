/* What an alert says of itself: what, where, how long, whose, why; and what its group is called. */
(function () {
  "use strict";

  const pingji = window.pingji;
  const UNITS = {
    level_line: "m",
    level_rise: "m/h",
    depth: "cm",
    rain_sum: "mm",
    emission_constant: "h",
    station_silent: "min",
    station_offline: "min",
    feed_down: "min",
  };
  const BELOW = { emission_missing: true }; // what is told without a value against a limit

  function pair(rule) {
    if (Array.isArray(rule.name)) return rule.name;
    return [rule.name, rule.name_en || rule.name];
  }

  function ruleName(alert) {
    return pair(pingji.alerts.rule(alert))[pingji.language === "en" ? 1 : 0];
  }

  function column(topic, id, name) {
    const row = pingji.live.row(topic, id);
    return row ? row[pingji.live.topic(topic).columns[name]] : undefined;
  }

  function subjectName(alert) {
    const id = alert.subject;
    if (alert.topic === "cases") {
      const code = column("cases", id, "subcategory");
      return code === undefined ? id : pingji.caseWords.word(column("cases", id, "kind"), code);
    }
    if (alert.topic === "warnings") return column("warnings", id, "headline") || id;
    if (alert.topic === "jurisdictions") return pingji.code("jurisdiction", id);
    if (alert.topic === "units") return pingji.code("unit", id);
    return column(alert.topic, id, "name") || id;
  }

  function where(alert) {
    if (!alert.jurisdiction) return pingji.say("city_wide");
    return pingji.caseWords.place(alert.jurisdiction);
  }

  /** Whose it is: who has taken it; else the department or unit that must act, and that nobody has. */
  function whose(alert) {
    if (alert.owner) return pingji.say("owned_by", { name: pingji.code("person", alert.owner) });
    if (pingji.alerts.isTransfer(alert)) {
      const word = alert.transferred ? "transferred_to" : "transfer_to";
      return pingji.say(word, { name: department(alert) });
    }
    const unit = alert.topic === "cases" ? column("cases", alert.subject, "unit") : null;
    const named = department(alert) || (unit ? pingji.code("unit", unit) : "");
    return [pingji.say("unowned"), named].filter(Boolean).join(" · ");
  }

  function department(alert) {
    return departmentName(alert.department || pingji.alerts.rule(alert).department || "");
  }

  /** A department in words: as the rules call it in the language of the page, or a unit. */
  function departmentName(name) {
    if (!name) return "";
    const known = pingji.language === "en" && Object.values(pingji.page.rules).find((rule) => rule.department === name);
    return (known && known.department_en) || pingji.code("unit", name);
  }

  function unit(alert) {
    return UNITS[pingji.alerts.rule(alert).kind] || pingji.page.units[alert.factor] || "";
  }

  function caseLateness(alert, now) {
    const i = pingji.model.cases.index.get(alert.subject);
    if (i === undefined || now === null) return null;
    const row = pingji.model.cases.rows[i];
    return pingji.caseWords.lateness(i, row, pingji.live.topic("cases").columns, now);
  }

  /** Why, in one line: the value against its limit, or how late. [text, look] */
  function why(alert, now) {
    const rule = pingji.alerts.rule(alert);
    if (alert.topic === "cases" && rule.kind === "case_emergency") {
      const i = pingji.model.cases.index.get(alert.subject);
      const urgent = i === undefined || now === null ? null : pingji.caseWords.emergency(i, now);
      return urgent ? [urgent[1], urgent[0] === "over" ? "late" : ""] : ["", ""];
    }
    if (alert.topic === "cases") {
      const late = caseLateness(alert, now);
      if (late && late[1]) return [late[1], late[0] === "overdue" ? "late" : ""];
      return ["", ""];
    }
    if (rule.kind === "feed_down") {
      const told = (pingji.live.feeds[alert.subject] || {}).age_s;
      return [typeof told === "number" ? pingji.say("silent_for", { age: pingji.format.age(told) }) : "", ""];
    }
    if (alert.value === null || alert.value === undefined || BELOW[rule.kind]) return ["", ""];
    const which = rule.kind === "emission_mean" && alert.factor;
    const text = (which ? pingji.code("factor", which) + " " : "") + pingji.format.value(alert.value);
    const of = unit(alert) ? " " + unit(alert) : "";
    if (alert.threshold === null || alert.threshold === undefined) return [text + of, ""];
    const sign = alert.value >= alert.threshold ? " ≥ " : " < ";
    return [text + sign + pingji.format.value(alert.threshold) + of, ""];
  }

  function age(alert, now) {
    return now === null ? "" : pingji.format.age((now - alert.since) / 1000);
  }

  function area(name) {
    const city = pingji.page.city;
    return name === city.id ? city.name[pingji.language === "en" ? 1 : 0] : pingji.code("jurisdiction", name);
  }
  const WHOM = {
    unit: (name) => pingji.code("unit", name),
    feed: (name) => column("feeds", name, "name") || name,
    cameras: (name) => pingji.code("camera_source", name),
    city: area,
    district: area,
  };

  /** KIND/LEVEL/NAME of a group in words: what they have in common, and of whom. */
  function group(id) {
    const parts = id.replace(/@drill$/, "").split("/");
    const kind = parts[0];
    const level = parts[1];
    const name = parts.slice(2).join("/");
    const word = pingji.code("alert_group", kind);
    const whom = WHOM[level] ? WHOM[level](name) : name;
    return whom && whom !== "-" ? whom + " · " + word : word;
  }

  pingji.alertWords = { ruleName, subjectName, where, whose, department, departmentName, unit, why, age, group };
})();
