/* Versions of an event's things: the banner of what is new, old and new on the map, confirming,
 * taking back; and the list of the versions with whom each waits for. */
(function () {
  "use strict";

  const pingji = window.pingji;
  const LIST_MOST = 6;
  const NEWS_MOST = 2; // the room stays in view; the next comes up as one is confirmed
  const NEW_MS = 30 * 60000; // whoever does not confirm is told so long that a change has come
  const { write, button, row, put, none, day } = pingji.eventPanels;
  const say = (key, fill) => pingji.say(key, fill);
  const make = (...args) => pingji.make(...args);
  const told = new Set(); // versions of which this page has spoken

  const mineConfirmed = (version) =>
    version.confirmed.some((it) => it[2] === pingji.page.viewer.account);

  function things(version) {
    const [kind, thing, named, change] = version.changes[0];
    const known = pingji.event.changesOf(version.version).find((it) => it.after.key === kind + "/" + thing);
    const name = known ? known.after.label() : named;
    const first = say("event_changed_things", {
      kind: pingji.code("event_kind", kind),
      name,
      change: pingji.code("event_change", change),
    });
    const n = version.changes.length;
    return n > 1 ? first + " " + say("event_and_more", { n }) : first;
  }

  function when(version, now) {
    if (version.effective > now) {
      const left = pingji.mode.elapsed(Math.ceil((version.effective - now) / 1000));
      return say("event_takes_force", { time: day(version.effective, now), left });
    }
    return say("event_in_force", { time: day(version.effective, now) });
  }

  /** Versions that this screen is told of: not yet in force, or not yet confirmed by whoever looks. */
  function news(now) {
    const member = pingji.event.of().member;
    const newest = Math.max(0, ...pingji.event.versions().map((version) => version.version));
    return pingji.event
      .versions()
      .filter((version) => version.state !== "withdrawn")
      .filter((version) => {
        if (member && !mineConfirmed(version)) return true;
        const fresh = now - version.entered < NEW_MS && version.version > 1 && version.version === newest;
        return version.effective > now || (!member && fresh);
      });
  }

  function waiting(version) {
    const all = version.confirmed.length + version.waiting.length;
    if (!all) return "";
    const done = say("event_confirmed", { n: version.confirmed.length, of: all });
    if (!version.waiting.length) return done;
    return done + " · " + say("event_waiting", { names: version.waiting.slice(0, 6).join("、") });
  }

  function confirm(version) {
    pingji.post(pingji.event.url("/versions/" + version.version + "/confirm")).then(
      () => pingji.announce(say("event_confirmed_own")),
      (error) => pingji.announce(error.message),
    );
  }

  function withdraw(version) {
    pingji.dialog({
      title: say("event_withdraw_of", { n: version.version }),
      lines: [things(version)],
      fields: [{ name: "reason", label: say("event_reason"), kind: "text", required: true }],
      button: say("event_withdraw"),
      sure: (values) =>
        pingji.post(pingji.event.url("/versions/" + version.version + "/withdraw"), {
          reason: values.reason,
        }),
    });
  }

  function banner(version, now) {
    const focus = "-" + version.version;
    const made = make("div", "event__new");
    const words = make("div", "event__new-words");
    const by = [say("event_by", { name: version.name })];
    if (version.approved_by) by.push(say("event_on_word", { name: version.approved_by }));
    put(
      words,
      ["event__new-title", say("event_version", { n: version.version }) + " · " + things(version)],
      ["event__new-reason", version.reason + " · " + by.join(" · ")],
      ["event__note", waiting(version)],
    );
    const at = make("span", "event__new-when", when(version, now));
    at.dataset.version = String(version.version);
    const acts = make("div", "event__new-acts");
    const compared = pingji.eventMap.compared() === version.version;
    const compare = button(say("event_compare"), () => pingji.eventMap.compare(version.version), "compare" + focus);
    compare.setAttribute("aria-pressed", String(compared));
    acts.append(compare);
    if (pingji.event.of().member && !mineConfirmed(version)) {
      const sure = button(say("event_confirm"), () => confirm(version), "confirm" + focus);
      sure.classList.add("button--sure");
      acts.append(sure);
    }
    if (pingji.event.may("operate") && version.effective > now) {
      acts.append(button(say("event_withdraw"), () => withdraw(version), "withdraw" + focus));
    }
    made.append(words, at, acts);
    return made;
  }

  function paintNews(now) {
    const list = news(now);
    const key = list.map((it) => [it.id, it.confirmed.length, it.waiting, it.effective > now]);
    write("event-news", [key, pingji.eventMap.compared()], () => {
      const made = list.slice(0, NEWS_MOST).map((it) => banner(it, now));
      const more = list.length - made.length;
      return more > 0 ? made.concat(none("event_more_versions", { n: more })) : made;
    });
    document.querySelectorAll(".event__new-when").forEach((at) => {
      const version = list.find((it) => String(it.version) === at.dataset.version);
      if (version) pingji.write(at, when(version, now));
    });
    list.forEach((version) => {
      if (told.has(version.id)) return;
      told.add(version.id);
      pingji.announce(say("event_new_version") + " " + things(version));
    });
  }

  function paintList(now) {
    const all = pingji.event.versions();
    const shown = all.slice(0, LIST_MOST);
    pingji.eventPanels.count("versions", all.length ? say("event_version", { n: all[0].version }) : "");
    const key = shown.map((it) => [it.id, it.state, it.confirmed.length, it.waiting.length, it.effective > now]);
    write("event-versions", key, () => {
      if (!shown.length) return none("event_no_versions");
      return shown.map((version) => {
        const gone = version.state === "withdrawn";
        const act = gone ? null : () => pingji.eventMap.compare(version.version);
        const made = row("event__version" + (gone ? " event__row--over" : ""), act, "version-" + version.version);
        const words = make("span", "event__words");
        const key = version.effective > now ? "event_from" : "event_in_force";
        const state = gone
          ? pingji.code("event_state", "withdrawn")
          : say(key, { time: day(version.effective, now) });
        put(
          words,
          ["event__name", say("event_version", { n: version.version }) + " " + things(version)],
          ["event__said", state],
          ["event__note", gone ? "" : waiting(version)],
        );
        made.body.append(words);
        return made;
      });
    });
  }

  function paint() {
    if (!pingji.page || !pingji.event.of() || !pingji.live.topic("event_versions").loaded) return;
    const now = pingji.live.now();
    if (now === null) return;
    paintNews(now);
    paintList(now);
  }

  pingji.on("paint", paint);
})();
