/* What happens within the zones of an event, who is nearest, and what is reported of it: cases and
 * alerts, zero reports, hazards, cameras by zone, stretches of routes without any. */
(function () {
  "use strict";

  const pingji = window.pingji;
  const INCIDENTS_MOST = 12;
  const { write, count, acts, button, row, editable, put, none, day } = pingji.eventPanels;
  const say = (key, fill) => pingji.say(key, fill);
  const make = (...args) => pingji.make(...args);

  function metres(ax, ay, bx, by) {
    // both in world coordinates; a metre there grows with the latitude
    const lat = Math.atan(Math.sinh(Math.PI * (1 - 2 * ay)));
    return Math.hypot(ax - bx, ay - by) * 40075017 * Math.cos(lat);
  }

  function nearest(x, y) {
    const points = pingji.model.responders;
    const at = pingji.live.topic("responders").columns;
    let best = null;
    for (let i = 0; i < points.n; i += 1) {
      if (Number.isNaN(points.x[i]) || points.rows[i][at.status] === "off") continue;
      const far = metres(x, y, points.x[i], points.y[i]);
      if (!best || far < best.far) best = { far, name: points.rows[i][at.name], id: points.ids[i] };
    }
    return best;
  }

  function distance(far) {
    return far < 1000
      ? say("event_metres", { n: Math.round(far / 10) * 10 })
      : say("event_km", { n: (far / 1000).toFixed(1) });
  }

  function incidents(inside, now) {
    const model = pingji.model;
    const at = pingji.live.topic("cases").columns;
    const list = inside.alerts.map(({ alert, zone }) => ({
      kind: "alert",
      id: alert.id,
      what: pingji.alertWords.ruleName(alert),
      where: pingji.alertWords.subjectName(alert),
      how: pingji.code("priority", alert.priority),
      late: false,
      zone,
      place: pingji.event.world(alert.lon, alert.lat),
      rank: alert.priority * 1e13 - 1e15 + alert.since / 1e3,
      open: { kind: "alert", id: alert.id, from: "list" },
    }));
    inside.cases.forEach(({ i, id, row: told, zone }) => {
      const urgent = pingji.caseWords.emergency(i, now);
      const late = pingji.caseWords.lateness(i, told, at, now);
      const over = model.isOverdue(i, now);
      list.push({
        kind: "case",
        id,
        what: pingji.caseWords.word(told[at.kind], told[at.subcategory]),
        where: pingji.code("stage", told[at.stage]),
        how: urgent && urgent[1] ? urgent[1] : (late && late[1]) || "",
        late: over || Boolean(urgent && urgent[0] === "over"),
        zone,
        place: [model.cases.x[i], model.cases.y[i]],
        rank: (over ? 0 : 1e14) + (Number.isNaN(model.cases.due[i]) ? 9e13 : model.cases.due[i]),
        open: { kind: "case", id, from: "list" },
      });
    });
    return list.sort((a, b) => a.rank - b.rank);
  }

  function paintInside(inside, now) {
    const list = incidents(inside, now);
    const shown = list.slice(0, INCIDENTS_MOST);
    count("inside", list.length ? String(list.length) : "");
    const near = shown.map((it) => nearest(it.place[0], it.place[1]));
    const told = shown.map((it, n) => [
      ...[it.id, it.what, it.where, it.how, it.late, it.zone.thing],
      near[n] && [near[n].name, distance(near[n].far)],
    ]);
    write("event-inside", [told, list.length], () => {
      if (!list.length) return none("event_none_inside");
      const rows = shown.map((it, n) => {
        const made = row("event__incident", () => pingji.emit("open", it.open), it.kind + "-" + it.id);
        made.body.append(make("span", "event__mark event__mark--" + it.kind));
        const words = make("span", "event__words");
        const who = near[n]
          ? say("event_nearest", { name: near[n].name, distance: distance(near[n].far) })
          : say("event_no_nearest");
        put(
          words,
          ["event__name", it.what],
          ["event__said" + (it.late ? " event__said--late" : ""), it.how],
          ["event__note", [pingji.code("zone_level", it.zone.level), it.where, who].join(" · ")],
        );
        made.body.append(words);
        return made;
      });
      const more = list.length - shown.length;
      return more > 0 ? rows.concat(none("event_more_inside", { n: more })) : rows;
    });
  }

  // ── zero reports, hazards ──────────────────────────────────────────────────────────────────

  function reports(now) {
    return pingji.event
      .rows("event_reports")
      .map((it) => {
        const due = pingji.event.time(it.due_at);
        const sent = pingji.event.time(it.sent_at);
        let state = "to_come";
        if (sent !== null) state = sent <= due ? "sent" : "late";
        else if (due < now) state = "missing";
        return Object.assign(it, { due, sent, state });
      })
      .sort((a, b) => a.due - b.due || (a.reporter < b.reporter ? -1 : 1));
  }

  const RANK = { missing: 0, late: 1, to_come: 2, sent: 3 };

  function paintReports(now) {
    const all = reports(now);
    const missing = all.filter((it) => it.state === "missing");
    const next = all.find((it) => it.due >= now);
    const period = next ? all.filter((it) => it.due === next.due) : all.filter((it) => it.due === (all.length && all[all.length - 1].due));
    const shown = missing.filter((it) => period.indexOf(it) < 0).concat(period);
    const late = all.filter((it) => it.state === "late").length;
    const sent = period.filter((it) => it.sent !== null).length;
    const told = shown.map((it) => [it.id, it.state, it.sent, it.found]);
    const head = [];
    if (all.length) head.push(say("event_reports_told", { sent, all: period.length }));
    if (missing.length) head.push(say("event_reports_missing", { n: missing.length }));
    if (late) head.push(say("event_reports_late", { n: late }));
    count("reports", head.join(" · "));
    acts("reports", pingji.event.may("operate") ? [[say("event_plan_reports"), pingji.eventActs.planReports]] : []);
    const may = pingji.event.may("enter");
    write("event-reports", told, () => {
      if (!all.length) return none("event_no_reports");
      return shown
        .sort((a, b) => RANK[a.state] - RANK[b.state] || a.due - b.due)
        .map((it) => {
          const made = row("event__report event__report--" + it.state);
          const words = make("span", "event__words");
          const found = it.sent === null ? "" : it.found ? say("event_found", { n: it.found }) : say("event_nothing_found");
          const state = pingji.code("report_state", it.state);
          put(
            words,
            ["event__name", it.name],
            ["event__said", [state, found].filter(Boolean).join(" · ")],
            ["event__note", say("event_reports_due", { time: day(it.due, now) })],
          );
          made.body.append(words);
          if (may && it.sent === null) {
            made.append(button(say("event_send"), () => pingji.eventActs.report(it), "report-" + it.id));
          }
          return made;
        });
    });
  }

  function paintHazards(now) {
    const all = pingji.event.rows("event_hazards").sort((a, b) => a.n - b.n);
    const left = all.filter((it) => it.state !== "cleared");
    count("hazards", all.length ? say("event_hazards_left", { n: left.length, all: all.length }) : "");
    const may = pingji.event.may("enter");
    acts("hazards", may ? [[say("event_hazard_add"), pingji.eventActs.hazard]] : []);
    const told = left.map((it) => [it.id, it.version, it.due_at && pingji.event.time(it.due_at) < now]);
    write("event-hazards", told, () => {
      if (!left.length) return none("event_no_hazards");
      return left.map((it) => {
        const due = pingji.event.time(it.due_at);
        const late = due !== null && due < now;
        const made = row("event__hazard", may ? () => pingji.eventActs.turnHazard(it) : null, "hazard-" + it.n);
        const words = make("span", "event__words");
        const state = pingji.code("hazard_state", it.state);
        const by = due === null ? "" : say(late ? "task_missed" : "task_due", { time: day(due, now) });
        put(
          words,
          ["event__name", it.what],
          ["event__said" + (late ? " event__said--late" : ""), [state, by].filter(Boolean).join(" · ")],
          ["event__note", [zoneName(it.zone, now), it.unit].filter(Boolean).join(" · ")],
        );
        made.body.append(words);
        return made;
      });
    });
  }

  function zoneName(id, now) {
    const zone = pingji.event.things("zone", now).find((it) => it.thing === id);
    return zone ? zone.label() : "";
  }

  // ── cameras by zone, routes without ────────────────────────────────────────────────────────

  function paintCameras(inside, now) {
    const at = pingji.live.topic("cameras").columns;
    const zones = inside.zones.map((zone) => {
      const mine = inside.cameras.filter((it) => it.zone.thing === zone.thing);
      const on = mine.filter((it) => it.row[at.status] === "on").length;
      return { id: zone.thing, level: zone.level, name: zone.label(), on, of: mine.length };
    });
    const known = new Map((pingji.event.coverage || []).map((it) => [it.route, it]));
    const routes = pingji.event.things("route", now).map((state) => ({
      state,
      name: state.label(),
      told: known.get(state.thing) || null,
    }));
    const pinned = pingji.event.things("camera", now).map((state) => {
      const row = pingji.live.topic("cameras").rows.get(state.thing);
      const said = row ? pingji.code("camera", row[at.status]) : say("event_camera_gone");
      return { state, id: state.thing, name: row ? row[at.name] : state.label(), said, known: Boolean(row) };
    });
    const told = [zones, pinned.map((it) => [it.id, it.name, it.said]), routes.map((it) => [it.state.id, it.name, it.told && [it.told.bare_m, it.told.length_m]])];
    write("event-cameras", told, () =>
      zones
        .map((it) => {
          const made = row("event__camera");
          made.body.append(make("span", "event__swatch event__swatch--" + it.level));
          const words = make("span", "event__words");
          const said = it.of ? say("event_cameras_of", { n: it.on, of: it.of }) : say("event_no_cameras");
          put(words, ["event__name", it.name], ["event__said", said]);
          made.body.append(words);
          return made;
        })
        .concat(
          pinned.map((it) => {
            const open = () => pingji.emit("open", { kind: "camera", id: it.id, from: "list" });
            const made = row("event__camera", it.known ? open : null, "camera-" + it.id);
            const words = make("span", "event__words");
            put(words, ["event__name", it.name], ["event__said", say("event_pinned") + " · " + it.said]);
            made.body.append(make("span", "event__pin"), words);
            if (pingji.event.may("operate")) {
              made.append(button(say("event_unpin"), () => pingji.eventDraw.remove(it.state), "unpin-" + it.id));
            }
            return made;
          }),
          routes.map((it) => {
            const made = row("event__route", () => pingji.eventMap.show(it.state), "route-" + it.state.thing);
            made.body.append(make("span", "event__swatch event__swatch--route"));
            const words = make("span", "event__words");
            let said = "";
            if (it.told) {
              const bare = { n: it.told.bare.length, m: pingji.format.number(it.told.bare_m) };
              said = bare.n ? say("event_route_bare", bare) : say("event_route_seen");
            }
            const length = it.told ? say("event_route_length", { m: pingji.format.number(it.told.length_m) }) : "";
            put(words, ["event__name", it.name], ["event__said", said], ["event__note", length]);
            made.body.append(words);
            return editable(made, it.state);
          }),
        ),
    );
  }

  function paint() {
    if (!pingji.page || !pingji.event.of() || !pingji.event.loaded()) return;
    const now = pingji.live.now();
    if (now === null) return;
    const inside = pingji.event.inside(now);
    paintInside(inside, now);
    paintReports(now);
    paintHazards(now);
    paintCameras(inside, now);
  }

  pingji.on("paint", paint);
})();
