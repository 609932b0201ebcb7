/* The alerts of what is open that are over, the last first: how long each lasted, who acknowledged
 * it, and on request its record. Asked when a drawer opens, and again when one of its alerts ends. */
(function () {
  "use strict";

  const pingji = window.pingji;
  const TOPICS = { case: "cases", station: "stations", camera: "cameras", place: "places" };
  let of = null; // {topic, id}
  let told = [];
  let live = ""; // the ids of its alerts that stand
  const opened = new Map(); // alert id -> its record, once it was asked for

  function ask() {
    const mine = of;
    if (!mine) return;
    const query = new URLSearchParams({ subject: mine.topic + "/" + mine.id });
    pingji.drawer.ask(
      "/api/v1/alerts/ended?" + query,
      (body) => {
        if (of !== mine) return;
        told = body.items;
        paint();
      },
      () => {},
    );
  }

  function span(item) {
    const since = Date.parse(item.since);
    const until = item.cleared_at ? Date.parse(item.cleared_at) : null;
    const from = pingji.format.moment(since);
    if (until === null) return from;
    const lasted = pingji.format.age((until - since) / 1000);
    return pingji.say("alert_lasted", { from: from, until: pingji.format.moment(until), lasted: lasted });
  }

  function acknowledged(item) {
    if (!item.acknowledged_at) return pingji.say("alert_unacknowledged");
    const who = item.acknowledged_by ? pingji.code("person", item.acknowledged_by) : "—";
    const time = pingji.format.moment(Date.parse(item.acknowledged_at));
    const line = pingji.say("alert_acknowledged_by", { name: who, time: time });
    return item.acknowledged_note ? line + " · " + item.acknowledged_note : line;
  }

  function toggle(item) {
    if (opened.has(item.id)) {
      opened.delete(item.id);
      paint();
      return;
    }
    opened.set(item.id, null);
    paint();
    pingji.drawer.ask(
      "/api/v1/alerts/" + encodeURIComponent(item.id),
      (body) => {
        if (!opened.has(item.id)) return;
        opened.set(item.id, body);
        paint();
      },
      () => {
        opened.delete(item.id);
        pingji.announce(pingji.say("failed"));
        paint();
      },
    );
  }

  function record(item) {
    const body = opened.get(item.id);
    if (!body) return pingji.make("p", "drawer__state", pingji.say("loading"));
    const box = pingji.make("div", "ended__record");
    const points = pingji.alertParts.series(body);
    if (points.length > 1) {
      box.append(pingji.alertParts.chart(points, pingji.alertParts.limit(item), Date.parse(item.since), ""));
    }
    const list = pingji.make("ol", "timeline");
    body.record.forEach((entry) => list.append(pingji.alertParts.step(entry)));
    box.append(list);
    return box;
  }

  function row(item) {
    const make = pingji.make;
    const box = make("li", "ended__one");
    const button = make("button", "ended__row");
    button.type = "button";
    button.dataset.alert = item.id;
    button.setAttribute("aria-expanded", String(opened.has(item.id)));
    const sign = make("span", "alert__sign alert__sign--hollow alert__sign--" + item.priority);
    sign.textContent = pingji.say("priority_short_" + item.priority);
    const text = make("span", "ended__text");
    text.append(
      make("strong", "ended__rule", pingji.alertWords.ruleName(item)),
      make("span", "ended__more", span(item)),
      make("span", "ended__more", acknowledged(item)),
    );
    button.append(sign, text);
    button.addEventListener("click", () => toggle(item));
    box.append(button);
    if (opened.has(item.id)) box.append(record(item));
    return box;
  }

  function paint() {
    const section = pingji.byId("drawer-ended-section");
    const box = pingji.byId("drawer-ended");
    if (!section || !box) return;
    section.hidden = !told.length;
    const focus = document.activeElement && document.activeElement.dataset.alert;
    const list = pingji.make("ol", "ended");
    told.forEach((item) => list.append(row(item)));
    box.replaceChildren(list);
    const again = focus && box.querySelector("[data-alert='" + window.CSS.escape(focus) + "']");
    if (again) again.focus();
  }

  function standing() {
    return pingji.alerts
      .ofSubject(of.topic, of.id)
      .map((alert) => alert.id)
      .sort()
      .join(" ");
  }

  pingji.on("opened", (thing) => {
    of = thing && TOPICS[thing.kind] ? { topic: TOPICS[thing.kind], id: thing.id } : null;
    told = [];
    opened.clear();
    paint();
    if (!of) return;
    live = standing();
    ask();
  });
  pingji.on("paint", () => {
    if (!of) return;
    const now = standing();
    if (now === live) return;
    const gone = live.split(" ").some((id) => id && now.indexOf(id) < 0);
    live = now;
    if (gone) ask();
  });
  pingji.on("language", paint);
})();
