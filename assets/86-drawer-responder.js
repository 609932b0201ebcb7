/* A responder: its state, where this page has seen it, where it is sent, its telephone. */
(function () {
  "use strict";

  const pingji = window.pingji;
  const TRACK_MOST = 240; // positions kept of each
  const TRACKS_MOST = 2000;
  const SVG = "http://www.w3.org/2000/svg";
  const tracks = new Map(); // id -> [[lon, lat, ms], …]
  let id = null;
  let painted = "";
  let asked = false;
  let phone = null; // {text, masked}
  let place = null;

  function remember(row, at) {
    if (row[at.lon] === null || row[at.lat] === null) return;
    let track = tracks.get(row[0]);
    if (!track) {
      if (tracks.size >= TRACKS_MOST) tracks.delete(tracks.keys().next().value);
      track = [];
      tracks.set(row[0], track);
    }
    const last = track[track.length - 1];
    if (last && last[0] === row[at.lon] && last[1] === row[at.lat]) return;
    track.push([row[at.lon], row[at.lat], Date.parse(row[at.at])]);
    if (track.length > TRACK_MOST) track.shift();
  }

  /** Where this page has seen a responder: [lon, lat, ms], the oldest first. */
  pingji.trackOf = (name) => tracks.get(name) || [];

  pingji.on("set:responders", (set) => set.rows.forEach((row) => remember(row, set.columns)));
  pingji.on("delta:responders", (delta) => {
    const columns = pingji.live.topic("responders").columns;
    delta.upsert.forEach((row) => remember(row, columns));
    delta.remove.forEach((gone) => tracks.delete(gone));
  });

  function open(thing) {
    id = thing;
    painted = "";
    asked = false;
    phone = null;
    place = null;
    pingji.drawer.ask("/api/v1/responders/" + encodeURIComponent(id), (told) => {
      phone = { text: told.phone || "", masked: Boolean(told.phone) };
      place = told.place;
      painted = "";
      paint();
    });
    paint();
  }

  function number() {
    if (!phone) return null;
    if (!phone.text) return pingji.say("no_phone");
    const box = pingji.make("span", "phone");
    box.append(pingji.make("span", "phone__number", phone.text));
    if (phone.masked && pingji.page.viewer.rights.indexOf("supervise") >= 0) {
      const label = pingji.say("unmask") + " · " + pingji.say("audited");
      const button = pingji.make("button", "button", label);
      button.addEventListener("click", unmask);
      box.append(button);
    }
    return box;
  }

  function unmask() {
    pingji.drawer.ask(
      "/api/v1/responders/" + encodeURIComponent(id) + "/phone",
      (told) => {
        phone = { text: told.phone || "", masked: false };
        painted = "";
        paint();
      },
      () => pingji.announce(pingji.say("failed")),
      "POST",
    );
  }

  function assignment() {
    if (!place) return pingji.say("no_assignment");
    const told = pingji.drawer.live("places", place);
    const button = pingji.make("button", "link", told ? told.name : place);
    button.addEventListener("click", () =>
      pingji.emit("open", { kind: "place", id: place, from: "drawer" }),
    );
    return button;
  }

  function paint() {
    const drawer = pingji.drawer;
    const told = drawer.live("responders", id);
    if (!told) {
      const loaded = pingji.live.topic("responders").loaded;
      drawer.state("drawer-responder-head", "empty", loaded ? "not_seen" : "loading");
      return;
    }
    const age = pingji.live.pictureAt() - Date.parse(told.at);
    const key = JSON.stringify([told, Math.floor(age / 5000), pingji.language]);
    if (key === painted) return;
    painted = key;
    const seen = pingji.say("measured_age", { age: pingji.format.age(age / 1000) });
    drawer.fill("drawer-responder-head", [
      ...drawer.head(told.name, [
        [pingji.code("responder", told.kind)],
        [pingji.code("responder_status", told.status), "state"],
      ]),
      drawer.facts([
        ["unit", told.unit ? pingji.code("unit", told.unit) : ""],
        ["assignment", phone ? assignment() : pingji.say("loading")],
        ["phone", number()],
        ["position_at", pingji.format.full(Date.parse(told.at)) + " · " + seen],
        ["jurisdiction", told.jurisdiction ? pingji.caseWords.place(told.jurisdiction) : ""],
      ]),
    ]);
    trail();
    if (asked) return;
    asked = true;
    drawer.fillNear(told, { cameras: "drawer-responder-cameras" });
  }

  // ── the track ─────────────────────────────────────────────────────────────────────────────

  function metres(a, b) {
    const east = (b[0] - a[0]) * Math.cos((a[1] * Math.PI) / 180) * 111320;
    return Math.hypot(east, (b[1] - a[1]) * 111320);
  }

  function trail() {
    const drawer = pingji.drawer;
    const track = tracks.get(id) || [];
    const note = pingji.byId("drawer-responder-track-note");
    if (track.length < 2) {
      pingji.write(note, "");
      drawer.fill(
        "drawer-responder-track",
        pingji.make("p", "drawer__state", pingji.say("track_short")),
      );
      return;
    }
    let far = 0;
    for (let n = 1; n < track.length; n += 1) far += metres(track[n - 1], track[n]);
    const told = { n: pingji.format.number(track.length), far: drawer.distance(far) };
    pingji.write(note, pingji.say("track_told", told));
    drawer.fill("drawer-responder-track", sketch(track));
  }

  /** The way it went, north up, in a frame of its own. */
  function sketch(track) {
    const narrow = Math.cos((track[0][1] * Math.PI) / 180);
    const xs = track.map((at) => at[0] * narrow);
    const ys = track.map((at) => -at[1]);
    const wide = Math.max(...xs) - Math.min(...xs);
    const high = Math.max(...ys) - Math.min(...ys);
    const size = Math.max(wide, high * 2.4, 0.0008);
    const left = (Math.max(...xs) + Math.min(...xs)) / 2;
    const top = (Math.max(...ys) + Math.min(...ys)) / 2;
    const x = (n) => 200 + ((xs[n] - left) / size) * 340;
    const y = (n) => 80 + ((ys[n] - top) / size) * 340;
    const svg = document.createElementNS(SVG, "svg");
    svg.setAttribute("viewBox", "0 0 400 160");
    svg.setAttribute("class", "track");
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", pingji.say("track"));
    const add = (tag, className, attributes) => {
      const element = document.createElementNS(SVG, tag);
      element.setAttribute("class", className);
      Object.keys(attributes).forEach((name) => element.setAttribute(name, attributes[name]));
      svg.append(element);
    };
    const points = track.map((_, n) => x(n).toFixed(1) + "," + y(n).toFixed(1)).join(" ");
    add("polyline", "track__line", { points: points });
    track.forEach((_, n) => add("circle", "track__dot", { cx: x(n), cy: y(n), r: 2 }));
    const last = track.length - 1;
    add("circle", "track__first", { cx: x(0), cy: y(0), r: 5 });
    add("circle", "track__last", { cx: x(last), cy: y(last), r: 7 });
    return svg;
  }

  pingji.drawer.register("responder", {
    open: open,
    paint: paint,
    said() {
      painted = "";
      asked = false;
      paint();
    },
    close() {
      id = null;
    },
  });
  pingji.tracks = tracks;
})();
