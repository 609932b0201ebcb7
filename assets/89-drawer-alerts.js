/* The alerts of what is open, at the top of its drawer, and a station that is marked as suspect.
 *
 * The worst is shown in full with its record; the others fold. */
(function () {
  "use strict";

  const pingji = window.pingji;
  const TOPICS = {
    case: "cases",
    station: "stations",
    camera: "cameras",
    place: "places",
    responder: "responders",
  };
  const SUSPECT = [4, 24, 72, 168, 720]; // hours
  const shown = new Map(); // alert id -> {root, detail}
  let first = null; // the alert that was opened by hand stands first
  let of = null; // "kind/id" that is painted
  let alone = null;

  pingji.drawer.register("alert", {
    open(id) {
      alone = id;
      first = id;
    },
    close() {
      alone = null;
    },
  });

  pingji.on("alert-shown", (id) => {
    first = id;
  });

  function wanted(thing) {
    if (!thing) return [];
    if (thing.kind === "alert") return [pingji.alerts.get(alone)].filter(Boolean);
    const found = TOPICS[thing.kind] ? pingji.alerts.ofSubject(TOPICS[thing.kind], thing.id) : [];
    const at = found.findIndex((alert) => alert.id === first);
    if (at > 0) found.unshift(found.splice(at, 1)[0]);
    return found;
  }

  function make(alert) {
    const root = pingji.make("section", "drawer__alert");
    const found = { root, detail: pingji.alertDetail(root, alert.id, { acts: true }) };
    shown.set(alert.id, found);
    return found;
  }

  function paint() {
    const box = pingji.byId("drawer-alerts");
    if (!box) return;
    const thing = pingji.drawer.open();
    const key = thing ? thing.kind + "/" + thing.id : null;
    if (key !== of) {
      of = key;
      shown.clear();
      line = null;
      box.textContent = "";
    }
    const alerts = wanted(thing);
    const keep = new Set(alerts.map((alert) => alert.id));
    shown.forEach((found, id) => {
      if (keep.has(id)) return;
      found.root.remove();
      shown.delete(id);
    });
    alerts.forEach((alert, n) => {
      const found = shown.get(alert.id) || make(alert);
      if (box.children[n] !== found.root) box.insertBefore(found.root, box.children[n] || null);
      found.detail.paint();
    });
    suspect(thing);
    box.hidden = !box.children.length;
  }

  // ── a suspect station ───────────────────────────────────────────────────────────────────────

  let line = null; // {root, word, button, station, state}

  function suspect(thing) {
    const box = pingji.byId("drawer-alerts");
    const told = thing && thing.kind === "station" ? pingji.drawer.live("stations", thing.id) : null;
    if (!told || (!told.suspect && !pingji.alerts.may())) {
      if (line) line.root.remove();
      line = null;
      return;
    }
    if (!line) line = suspectLine();
    line.station = thing.id;
    line.state = told.suspect;
    pingji.write(line.word, told.suspect ? pingji.say("suspect_" + told.suspect) : "");
    const byHand = told.suspect === "hand";
    why(byHand ? thing.id : null);
    line.button.hidden = !pingji.alerts.may();
    pingji.write(line.button, pingji.say(byHand ? "unmark_suspect" : "mark_suspect"));
    if (box.lastElementChild !== line.root) box.append(line.root);
  }

  let asked = null; // the station whose mark was asked for

  /** Who marked it, why and until when; asked once for each mark. */
  function why(id) {
    const show = line;
    if (id === null || asked !== id) pingji.write(show.why, "");
    if (id === asked) return;
    asked = id;
    if (id === null || !pingji.page.viewer.rights.includes("supervise")) return;
    pingji.get("/api/v1/stations/" + encodeURIComponent(id) + "/suspect").then(
      (told) => {
        if (asked !== id || show !== line) return;
        const until = told.until && pingji.say("record_until", { time: pingji.format.moment(Date.parse(told.until)) });
        const by = told.by && pingji.code("person", told.by);
        pingji.write(show.why, [by, told.reason, until].filter(Boolean).join(" · "));
      },
      () => {
        asked = null;
      },
    );
  }

  function suspectLine() {
    asked = null;
    const made = {
      root: pingji.make("p", "drawer__suspect"),
      word: pingji.make("span", "chip chip--doubt"),
      why: pingji.make("span", "drawer__suspect-why"),
      button: pingji.make("button", "button"),
    };
    made.button.type = "button";
    made.button.addEventListener("click", () => {
      if (made.state === "hand") unmarkSuspect(made.station);
      else markSuspect(made.station);
    });
    made.root.append(made.word, made.why, made.button);
    return made;
  }

  function unmarkSuspect(id) {
    const told = pingji.drawer.live("stations", id);
    pingji.dialog({
      title: pingji.say("unmark_suspect"),
      lines: [told ? told.name : id],
      button: pingji.say("unmark_suspect"),
      sure: () => pingji.post("/api/v1/stations/" + encodeURIComponent(id) + "/unsuspect", {}),
    });
  }

  function markSuspect(id) {
    const told = pingji.drawer.live("stations", id);
    pingji.dialog({
      title: pingji.say("suspect_title"),
      lines: [told ? told.name : id, pingji.say("suspect_line")],
      fields: pingji.queueActs.reasonAndEnd("suspect_hint", SUSPECT),
      button: pingji.say("mark_suspect"),
      sure: (values) =>
        pingji.post("/api/v1/stations/" + encodeURIComponent(id) + "/suspect", {
          reason: values.reason.trim(),
          until: new Date(pingji.queueActs.until(values.hours)).toISOString(),
        }),
    });
  }

  pingji.on("opened", paint);
  pingji.on("paint", paint);
})();
