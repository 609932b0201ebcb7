/* The leader's tablet in an emergency: the mode and its reason first, what waits for the leader's
 * 补签, and two of the three worst things.
 *
 * Deepest: the place under most water. Danger: the alert of the first priority that waited longest
 * for an acknowledgement; where none waits, the task that is late the longest. */
(function () {
  "use strict";

  const pingji = window.pingji;
  const say = (key, fill) => pingji.say(key, fill);
  const onTablet = window.location.pathname.startsWith("/tablet");
  let painted = "";

  if (onTablet) pingji.live.topics = pingji.live.topics.concat(["alerts", "warnings", "places"]);

  /** Where a tap leads: the map's place, and what is opened there. */
  function spot(lon, lat, kind, id) {
    return lon === null || lon === undefined ? null : { lon: lon, lat: lat, kind: kind, id: id };
  }

  function worstPlace() {
    const worst = pingji.emergency.ponding().all[0];
    if (!worst) return null;
    const state = pingji.code("place_state", worst.state);
    return {
      what: worst.name,
      where: worst.jurisdiction ? pingji.caseWords.place(worst.jurisdiction) : "",
      how: worst.depth ? say("depth_of", { state: state, n: pingji.format.value(worst.depth) }) : state,
      why: say("why_place", {
        kind: pingji.code("place", worst.kind),
        time: pingji.format.moment(worst.since),
      }),
      look: worst.state,
      place: spot(worst.lon, worst.lat, "place", worst.id),
    };
  }

  function worstDanger(now) {
    const alert = pingji.emergency.danger();
    if (!alert) return latestTask(now);
    const words = pingji.alertWords;
    return {
      what: words.ruleName(alert),
      where: words.subjectName(alert),
      how: say("danger_waits", { age: pingji.format.age((now - alert.since) / 1000) }),
      why: say("why_danger", {
        group: words.where(alert),
        time: pingji.format.moment(alert.since),
      }),
      look: "failed",
      place: spot(alert.lon, alert.lat, "alert", alert.id),
    };
  }

  function latestTask(now) {
    const task = pingji.emergency.latest();
    if (!task) return null;
    return {
      what: task.name,
      where: task.phase,
      how: say("task_late_by", { age: pingji.format.age((now - task.due) / 1000) }),
      why: say("why_task", {
        post: pingji.code("post", task.post),
        time: pingji.format.moment(task.due),
      }),
      look: "late",
      place: null,
    };
  }

  // ── the mode and its reason ─────────────────────────────────────────────────────────────

  /** Operations with all that is known of them: those that act here, then those still owed. */
  function told() {
    const topic = pingji.live.topic("operations");
    const read = (row) => {
      const found = {};
      Object.keys(topic.columns).forEach((name) => {
        found[name] = row[topic.columns[name]];
      });
      return found;
    };
    const here = pingji.mode.acting().map((band) => {
      const row = topic.rows.get(band.id);
      return Object.assign({}, row ? read(row) : { id: band.id }, { title: band.title, kind: band.kind });
    });
    const ids = new Set(here.map((one) => one.id));
    topic.rows.forEach((row) => {
      const one = read(row);
      if (one.needs_confirmation && !ids.has(one.id)) {
        here.push(Object.assign(one, { title: pingji.switchTitle(one) }));
      }
    });
    return here;
  }

  function why(one) {
    const parts = [];
    if (one.state && one.state !== "in_force") parts.push(say("mode_ended"));
    if (one.basis) parts.push(say("mode_basis", { text: one.basis }));
    if (one.reason) parts.push(say("mode_reason", { text: one.reason }));
    return parts.join(" · ");
  }

  function who(one) {
    const parts = [];
    if (one.approved_by) {
      const how = one.approval ? pingji.code("approval", one.approval) : "—";
      parts.push(say("mode_approved", { name: one.approved_by, how: how }));
    }
    const at = one.effective_at && Date.parse(one.effective_at);
    if (at) parts.push(say("response_since", { time: pingji.format.moment(at) }));
    return parts.join(" · ");
  }

  function row(one) {
    const item = pingji.make("li", "tablet__mode");
    item.dataset.kind = one.kind;
    const head = pingji.make("p", "tablet__mode-title");
    if (one.drill) head.append(pingji.make("span", "chip band-chip--drill", say("band_drill")));
    head.append(pingji.make("strong", "", one.title));
    item.append(
      head,
      pingji.make("p", "tablet__mode-why", why(one)),
      pingji.make("p", "tablet__mode-who", who(one)),
    );
    if (one.needs_confirmation && pingji.page.viewer.rights.includes("confirm")) {
      const sign = pingji.make("button", "button button--sure tablet__sign", say("mode_sign"));
      sign.type = "button";
      sign.dataset.act = "switch";
      sign.dataset.operation = one.id;
      item.append(sign);
    }
    return item;
  }

  function paint() {
    const list = pingji.byId("tablet-mode");
    if (!list || !pingji.live.topic("mode").loaded || !pingji.live.topic("operations").loaded) return;
    const all = told();
    const key = JSON.stringify([pingji.language, all]);
    if (list.dataset.painted && key === painted) return;
    painted = key;
    list.dataset.painted = "1";
    list.replaceChildren(...all.map(row));
  }

  pingji.tablet = { spot, worstPlace, worstDanger };
  if (onTablet) pingji.on("paint", paint);
})();
