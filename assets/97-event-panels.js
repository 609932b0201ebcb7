/* What stands beside the map of an event's room: programme and countdown, zones, posts, figures.
 * What happens inside and what is reported is in 98-event-inside.js.
 *
 * A panel is written anew only when what it says has changed. */
(function () {
  "use strict";

  const pingji = window.pingji;
  const keys = {};
  const say = (key, fill) => pingji.say(key, fill);
  const make = (...args) => pingji.make(...args);

  /** Write a panel where its content differs; `content` gives the elements. */
  function write(id, told, content) {
    const place = pingji.byId(id);
    if (!place) return;
    const key = JSON.stringify([pingji.language, told]);
    if (keys[id] && keys[id].place === place && keys[id].key === key) return;
    keys[id] = { place, key };
    const scroll = place.scrollTop;
    const focus = place.contains(document.activeElement) ? document.activeElement.dataset.focus : null;
    place.replaceChildren(...content());
    place.scrollTop = scroll;
    if (focus) {
      const again = place.querySelector('[data-focus="' + window.CSS.escape(focus) + '"]');
      if (again) again.focus();
    }
  }

  function count(name, text) {
    pingji.write(document.querySelector('.event [data-count="' + name + '"]'), text);
  }

  /** Buttons in the head of a panel, made once for whoever has the right. */
  function acts(name, list) {
    const place = document.querySelector('.event [data-acts="' + name + '"]');
    const key = pingji.language + list.map((it) => it[0]).join();
    if (!place || place.dataset.key === key) return;
    place.dataset.key = key;
    place.replaceChildren(...list.map(([word, act]) => button(word, act)));
  }

  function button(word, act, focus) {
    const made = make("button", "button event__act", word);
    made.type = "button";
    if (focus) made.dataset.focus = focus;
    made.addEventListener("click", (event) => {
      event.stopPropagation();
      act();
    });
    return made;
  }

  const none = (key, hint) => [make("p", "event__none", say(key, hint))];

  /** A row: what is said stands in its `body`, which `act` makes a button; buttons stand beside. */
  function row(look, act, focus) {
    const made = make("div", "event__row " + (look || ""));
    made.body = made;
    if (act) {
      made.body = make("button", "event__open");
      made.body.type = "button";
      made.body.dataset.focus = focus;
      made.body.addEventListener("click", act);
      made.append(made.body);
    }
    return made;
  }

  /** The button by which whoever arranges the event changes a thing. */
  function editable(made, state) {
    if (pingji.event.may("operate")) {
      made.append(button(say("event_change"), () => pingji.eventDraw.change(state), "edit-" + state.key));
    }
    return made;
  }

  function put(parent, ...parts) {
    parts.forEach(([className, text]) => {
      if (text !== "" && text !== null) parent.append(make("span", className, text));
    });
    return parent;
  }

  const clock = (ms) => pingji.format.time(ms).slice(0, 5);
  const day = (ms, now) =>
    pingji.format.date(ms) === pingji.format.date(now) ? clock(ms) : pingji.format.moment(ms);

  // ── programme ──────────────────────────────────────────────────────────────────────────────

  function phases(now) {
    return pingji.event
      .things("phase", now)
      .map((state) => ({
        state,
        name: state.label(),
        starts: pingji.event.time(state.body.starts_at),
        ends: pingji.event.time(state.body.ends_at),
      }))
      .sort((a, b) => a.starts - b.starts);
  }

  const countdown = (ms) => pingji.mode.elapsed(Math.max(0, Math.ceil(ms / 1000)));

  /** Where the programme stands and the countdown: the same on a wall. */
  function paintCountdown(all, now) {
    const current = all.find((it) => it.starts <= now && now < it.ends);
    const next = all.find((it) => it.starts > now);
    let stands = "";
    if (current) stands = say("event_now") + " " + current.name;
    else if (next) stands = say("event_programme") + " " + day(next.starts, now) + "–" + clock(next.ends) + " " + next.name;
    pingji.write(pingji.byId("event-phase"), stands);
    let word = "";
    let left = "";
    if (next) {
      word = say("event_next", { name: next.name });
      left = countdown(next.starts - now);
    } else if (current) {
      word = say("event_ends", { name: current.name });
      left = countdown(current.ends - now);
    } else if (all.length) word = say("event_done");
    pingji.write(pingji.byId("event-countdown-word"), word);
    pingji.write(pingji.byId("event-countdown"), left);
    return current;
  }

  function paintProgramme(now) {
    const all = phases(now);
    const current = paintCountdown(all, now);
    const told = all.map((it) => [it.name, it.starts, it.ends, it === current, it.ends <= now]);
    write("event-programme", told, () => {
      if (!all.length) return none("event_no_programme");
      return all.map((it) => {
        const look = it === current ? "event__row--now" : it.ends <= now ? "event__row--over" : "";
        const made = row("event__phase-row " + look);
        const span = day(it.starts, now) + "–" + clock(it.ends);
        const state = it === current ? say("event_now") : it.ends <= now ? say("event_phase_over") : "";
        put(made.body, ["event__time", span], ["event__name", it.name], ["event__said", state]);
        return editable(made, it.state);
      });
    });
  }

  // ── zones, posts ───────────────────────────────────────────────────────────────────────────

  function limits(body) {
    const told = Object.keys(body.limits || {}).map(
      (name) => pingji.code("key_class", name) + " " + pingji.format.minutes(body.limits[name]),
    );
    return told.length ? say("event_zone_limits", { limits: told.join(" · ") }) : "";
  }

  function paintZones(inside, now) {
    const told = inside.zones.map((zone) => {
      const mine = (list) => list.filter((it) => it.zone.thing === zone.thing);
      const cases = mine(inside.cases);
      const cameras = mine(inside.cameras);
      const at = pingji.live.topic("cameras").columns;
      return {
        id: zone.thing,
        level: zone.level,
        name: zone.label(),
        cases: cases.length,
        late: cases.filter((it) => pingji.model.isOverdue(it.i, now)).length,
        alerts: mine(inside.alerts).length,
        cameras: cameras.length,
        on: cameras.filter((it) => it.row[at.status] === "on").length,
        limits: limits(zone.body),
      };
    });
    count("zones", told.length ? String(told.length) : "");
    write("event-zones", told, () => {
      if (!told.length) return none("event_empty").concat(none("event_empty_hint"));
      return told.map((it) => {
        const state = pingji.event.zones(now).find((zone) => zone.thing === it.id);
        const made = row("event__zone", () => pingji.eventMap.show(state), "zone-" + it.id);
        made.body.append(make("span", "event__swatch event__swatch--" + it.level));
        const words = make("span", "event__words");
        const parts = [];
        if (it.cases) parts.push(say("event_zone_cases", { n: it.cases }));
        if (it.late) parts.push(say("event_zone_late", { n: it.late }));
        if (it.alerts) parts.push(say("event_zone_alerts", { n: it.alerts }));
        const calm = parts.length ? parts.join(" · ") : say("event_zone_calm");
        put(
          words,
          ["event__name", pingji.code("zone_level", it.level) + " " + it.name],
          ["event__said" + (it.late ? " event__said--late" : ""), calm],
          ["event__note", it.limits],
        );
        made.body.append(words);
        return editable(made, state);
      });
    });
  }

  function posts(now) {
    const said = new Map(pingji.event.rows("event_posts").map((it) => [it.post, it]));
    return pingji.event.things("post", now).map((state) => {
      const told = said.get(state.thing);
      const here = told ? told.present : 0;
      return {
        state,
        id: state.thing,
        name: state.label(),
        unit: state.body.unit,
        needed: state.body.needed,
        here,
        counted: Math.min(here, state.body.needed),
        at: told ? pingji.event.time(told.checked_at) : null,
      };
    });
  }

  function paintPosts(all, now) {
    const may = pingji.event.may("enter");
    const told = all.map(({ id, name, unit, needed, here, at }) => [id, name, unit, needed, here, at]);
    write("event-posts", told, () => {
      if (!all.length) return none("event_no_posts");
      const short = (it) => it.needed - it.counted;
      return all
        .slice()
        .sort((a, b) => short(b) - short(a))
        .map((it) => {
          const made = row("event__post" + (short(it) ? " event__post--short" : ""));
          const words = make("span", "event__words");
          const checked = it.at === null ? say("event_unchecked") : say("event_checked", { time: day(it.at, now) });
          put(
            words,
            ["event__name", it.name],
            ["event__said", say("event_here", { n: it.here, of: it.needed })],
            ["event__note", it.unit + " · " + checked],
          );
          made.body.append(words);
          if (may) {
            made.append(button(say("event_check_in"), () => pingji.eventActs.checkIn(it), "post-" + it.id));
          }
          return editable(made, it.state);
        });
    });
  }

  // ── figures ────────────────────────────────────────────────────────────────────────────────

  function figure(id, value, note, raised) {
    pingji.write(pingji.byId(id), value);
    pingji.write(pingji.byId(id + "-note"), note);
    const box = pingji.byId(id);
    if (box) box.closest(".figure").classList.toggle("figure--raised", Boolean(raised));
  }

  const percent = (n, of) => (of ? (Math.floor((n / of) * 1000) / 10).toFixed(1) + "%" : "—");

  function paintFigures(inside, all, now) {
    const late = inside.cases.filter((it) => pingji.model.isOverdue(it.i, now)).length;
    const alerts = inside.alerts.length;
    figure(
      "figure-inside-open",
      pingji.format.number(inside.cases.length),
      say("event_inside_note", { late, alerts }),
      late > 0,
    );
    const needed = all.reduce((sum, it) => sum + it.needed, 0);
    const here = all.reduce((sum, it) => sum + it.counted, 0);
    const short = all.filter((it) => it.counted < it.needed).length;
    let note = say("event_nothing_counted");
    if (needed) note = short ? say("event_short", { n: needed - here, posts: short }) : say("event_full");
    figure("figure-attendance", percent(here, needed), note, short > 0);
    const at = pingji.live.topic("cameras").columns;
    const on = inside.cameras.filter((it) => it.row[at.status] === "on").length;
    const off = inside.cameras.length - on;
    note = say("event_nothing_counted");
    if (inside.cameras.length) note = off ? say("event_off", { n: off }) : say("event_all_on");
    figure("figure-video", percent(on, inside.cameras.length), note, false);
    count("posts", needed ? say("event_share", { n: here, of: needed }) : "");
  }

  function paint() {
    if (!pingji.page || !pingji.event.of() || !pingji.event.loaded()) return;
    const now = pingji.live.now();
    if (now === null) return;
    const inside = pingji.event.inside(now);
    const all = posts(now);
    paintProgramme(now);
    paintZones(inside, now);
    paintPosts(all, now);
    paintFigures(inside, all, now);
  }

  /** Countdown and figures, which a wall shows under the same ids; gives the posts. */
  function paintGlance(inside, now) {
    paintCountdown(phases(now), now);
    const all = posts(now);
    paintFigures(inside, all, now);
    return all;
  }

  pingji.eventPanels = { paintGlance, write, count, acts, button, row, editable, put, none, day };
  pingji.on("paint", paint);
})();
