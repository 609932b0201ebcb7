/* One alert in full: why it was raised, the values that tripped it, its record, and its acts.
 *
 * Shown in the queue in place and at the top of its subject's drawer. Asked from the API, and again
 * whenever its version changes; an answer to an older question is dropped. */
(function () {
  "use strict";

  const pingji = window.pingji;
  const SVG = "http://www.w3.org/2000/svg";
  const WIDE = 320;
  const HIGH = 84;
  const FOOT = 12;
  // whose limit is none of the values that are drawn: a rate, a sum, hours
  const OTHER_UNIT = ["level_rise", "rain_sum", "emission_constant"];
  const LEFT = 4;

  function make(name, attributes) {
    const element = document.createElementNS(SVG, name);
    Object.keys(attributes).forEach((key) => element.setAttribute(key, attributes[key]));
    return element;
  }

  /** The values that tripped it as [ms, value], whatever shape the rule keeps them in. */
  function series(told) {
    const evidence = told.evidence || {};
    const found = told.chart || evidence.series || evidence.values || evidence.readings || [];
    const points = (Array.isArray(found) ? found : found.points || [])
      .map((each) => (Array.isArray(each) ? each : [each.at, each.value]))
      .map(([at, value]) => [Date.parse(at), value]);
    return points.filter(([at, value]) => !Number.isNaN(at) && typeof value === "number");
  }

  const limit = (alert) =>
    OTHER_UNIT.includes(pingji.alerts.rule(alert).kind) ? null : alert.threshold;

  function text(x, y, anchor, said) {
    const element = make("text", { x: x, y: y, "text-anchor": anchor, class: "spark__word" });
    element.textContent = said;
    return element;
  }

  /** A small line over the limit that it crossed, since when, and its first and last moment. */
  function chart(points, threshold, since, unit) {
    const values = points.map((point) => point[1]);
    if (typeof threshold === "number") values.push(threshold);
    const low = Math.min.apply(null, values);
    const high = Math.max.apply(null, values);
    const span = high - low || 1;
    const first = points[0][0];
    const last = points[points.length - 1];
    const wide = last[0] - first || 1;
    const x = (at) => LEFT + ((at - first) / wide) * (WIDE - 2 * LEFT);
    const y = (value) => HIGH - FOOT - 4 - ((value - low) / span) * (HIGH - FOOT - 18);
    const svg = make("svg", { viewBox: "0 0 " + WIDE + " " + HIGH, class: "spark", role: "img" });
    if (since > first && since < last[0]) {
      svg.append(make("line", { x1: x(since), x2: x(since), y1: 0, y2: HIGH - FOOT, class: "spark__since" }));
    }
    if (typeof threshold === "number") {
      const at = y(threshold);
      svg.append(make("line", { x1: 0, x2: WIDE, y1: at, y2: at, class: "spark__limit" }));
    }
    const path = points.map(([at, value]) => x(at).toFixed(1) + "," + y(value).toFixed(1)).join(" ");
    svg.append(make("polyline", { points: path, class: "spark__line" }));
    if (typeof threshold === "number") {
      svg.append(text(LEFT, y(threshold) - 3, "start", pingji.format.value(threshold) + unit));
    }
    svg.append(make("circle", { cx: x(last[0]), cy: y(last[1]), r: 3, class: "spark__dot" }));
    svg.append(text(Math.min(WIDE - LEFT, x(last[0])), Math.max(9, y(last[1]) - 6), "end", pingji.format.value(last[1]) + unit));
    svg.append(text(LEFT, HIGH - 2, "start", pingji.format.time(first).slice(0, 5)));
    svg.append(text(WIDE - LEFT, HIGH - 2, "end", pingji.format.time(last[0]).slice(0, 5)));
    return svg;
  }

  /** "核心区 主体育场：低 → 高": the zone that raised an alert, from which priority. */
  function inZone(zone) {
    const name = pingji.language === "en" ? zone.name_en : zone.name;
    const now = Math.max(1, zone.from - zone.up);
    return pingji.say("alert_in_zone", {
      zone: pingji.code("zone_level", zone.level) + " " + name,
      from: pingji.code("priority", zone.from),
      to: pingji.code("priority", now),
    });
  }

  /** Who was called: the post, the persons who held it, and which reminder it was. */
  function whom(detail) {
    const names = (detail.names || []).join(pingji.language === "en" ? ", " : "、");
    const held = names || (detail.names ? pingji.say("call_nobody") : "");
    return [
      detail.post ? pingji.code("post", detail.post) + (held ? " " + held : "") : "",
      detail.reminder ? pingji.say("call_reminder", { n: detail.reminder }) : "",
    ]
      .filter(Boolean)
      .join(" · ");
  }

  function step(entry) {
    const item = pingji.make("li", "timeline__step");
    const detail = entry.detail || {};
    const name = pingji.code("alert_act", detail.why === "end" ? "back" : entry.act);
    const at = entry.at ? pingji.format.full(Date.parse(entry.at)) : "";
    item.append(pingji.make("span", "timeline__name", name), pingji.make("span", "timeline__time", at));
    const until = detail.until || detail.shelved_until;
    const parts = [
      detail.department ? pingji.say("record_to", { name: pingji.alertWords.departmentName(detail.department) }) : "",
      entry.act === "called" ? whom(detail) : "",
      entry.by ? pingji.code("person", entry.by) : "",
      entry.note || detail.reason,
      detail.zone ? inZone(detail.zone) : "",
      until && detail.why !== "end" ? pingji.say("record_until", { time: pingji.format.moment(Date.parse(until)) }) : "",
    ];
    const note = parts.filter(Boolean).join(" · ");
    if (note) item.append(pingji.make("span", "timeline__note", note));
    if (entry.delivery) item.append(pingji.delivery.chip(entry.delivery));
    item.classList.toggle("timeline__step--mark", Boolean(entry.by));
    return item;
  }

  function facts(alert, told) {
    const words = pingji.alertWords;
    const now = pingji.live.pictureAt();
    const rule = words.ruleName(alert);
    const version = told && told.rule_version;
    const why = words.why(alert, now)[0];
    const tripped = told ? pingji.alertEvidence.tripped(alert, told.evidence) : "";
    const lost = alert.called && pingji.duty.isLost(alert.id) ? pingji.say("called_lost") : "";
    const times = alert.called ? pingji.say("called_steps", { n: alert.called }) : "";
    const calls = [times, lost].filter(Boolean).join(" · ");
    return pingji.drawer.facts([
      ["alert_rule", version ? rule + " · " + pingji.say("rule_version", { n: version }) : rule],
      ["alert_means", pingji.alertEvidence.rule(pingji.alerts.rule(alert))],
      ["tripped", alert.topic === "cases" ? [tripped, why].filter(Boolean).join(" · ") : tripped || why],
      ["alert_since", pingji.format.full(alert.since)],
      ["jurisdiction", words.where(alert)],
      ["alert_department", words.department(alert)],
      ["alert_owner", alert.owner ? pingji.code("person", alert.owner) : pingji.say("unowned")],
      ["alert_called", calls],
    ]);
  }

  function acts(alert) {
    const box = pingji.make("div", "alert-acts");
    if (!pingji.alerts.may()) return box;
    const button = (word, act) => {
      const element = pingji.make("button", "button", pingji.say(word));
      element.type = "button";
      element.addEventListener("click", act);
      box.append(element);
    };
    const todo = pingji.queueActs;
    const now = () => pingji.alerts.get(alert.id) || alert;
    if (pingji.alerts.isTransfer(alert)) {
      button(alert.transferred ? "transfer_again" : "transfer", () => todo.transfer([now()]));
    } else if (!alert.acknowledged) button("acknowledge", () => todo.acknowledge([now()]));
    if (!alert.acknowledged) button("acknowledge_note", () => todo.acknowledgeWithNote(now()));
    if (alert.owner !== pingji.page.viewer.account) button("own", () => todo.own([now()]));
    if (alert.shelvedUntil === null) button("shelve", () => todo.shelve([now()]));
    else button("unshelve", () => todo.unshelve([now()]));
    return box;
  }

  pingji.alertParts = { series, chart, limit, step };

  /** Fill `root` with the alert; `options.acts`: with its buttons and the whole record. */
  pingji.alertDetail = (root, id, options) => {
    let told = null;
    let asked = null; // version for which the API was asked
    let failed = false;
    let painted = "";

    function ask(version) {
      asked = version;
      pingji
        .get("/api/v1/alerts/" + encodeURIComponent(id))
        .then(
          (body) => {
            if (asked !== version) return;
            told = body;
            failed = false;
            paint();
          },
          () => {
            if (asked !== version) return;
            failed = true;
            paint();
          },
        );
    }

    function paint() {
      const alert = pingji.alerts.get(id);
      if (!alert) return;
      if (asked !== alert.version) ask(alert.version);
      const now = pingji.live.pictureAt();
      const mine = pingji.alertActs.pending(id);
      const sent = told ? told.record.filter((entry) => entry.delivery) : [];
      const became = sent.map((entry) => pingji.delivery.standing(entry.delivery));
      const key = JSON.stringify([alert, told, failed, mine, became, pingji.language, Math.floor(now / 60000)]);
      if (key === painted) return;
      painted = key;
      const at = focusAt();
      root.replaceChildren(...parts(alert, mine));
      const buttons = root.querySelectorAll("button");
      if (at >= 0 && buttons.length) buttons[Math.min(at, buttons.length - 1)].focus();
    }

    function focusAt() {
      return Array.from(root.querySelectorAll("button")).indexOf(document.activeElement);
    }

    function parts(alert, mine) {
      const nodes = [];
      if (options.acts) nodes.push(title(alert));
      nodes.push(facts(alert, told));
      const points = told ? series(told) : [];
      const unit = pingji.page.units[told && told.evidence && told.evidence.factor];
      if (points.length > 1) nodes.push(chart(points, limit(alert), alert.since, unit ? " " + unit : ""));
      if (failed) nodes.push(pingji.make("p", "drawer__state drawer__state--failed", pingji.say("failed")));
      if (mine && mine.state === "failed") nodes.push(pingji.make("p", "alert__state--failed", mine.text));
      if (options.acts) {
        nodes.push(acts(alert));
        const record = (told && told.record) || [];
        if (record.length) {
          const list = pingji.make("ol", "timeline");
          record.forEach((entry) => list.append(step(entry)));
          nodes.push(list);
        }
      }
      return nodes;
    }

    function title(alert) {
      const line = pingji.make("p", "alert-title");
      const sign = pingji.make("span", "alert__sign alert__sign--" + alert.priority);
      sign.textContent = pingji.say("priority_short_" + alert.priority);
      sign.classList.toggle("alert__sign--hollow", alert.acknowledged);
      line.append(
        sign,
        pingji.make("strong", "alert-title__rule", pingji.alertWords.ruleName(alert)),
        pingji.make("span", "alert-title__state", pingji.queueRows.state(alert)[0] || pingji.say("unacknowledged")),
        pingji.make("span", "alert-title__age", pingji.alertWords.age(alert, pingji.live.pictureAt())),
      );
      return line;
    }

    return { paint };
  };
})();
