/* Arranging an event: zones, routes, points and posts drawn on the map by clicks, with undo; phases
 * by a form; a file as one version. What is published takes force at once or at a stated time.
 *
 * While something is drawn, clicks on the map are corners and nothing else. */
(function () {
  "use strict";

  const L = window.L;
  const pingji = window.pingji;
  const SLIP_PX = 6; // between pressing and letting go: more is a drag of the map
  const LEAST = { zone: 3, route: 2, point: 1, post: 1 };
  const say = (key, fill) => pingji.say(key, fill);
  const make = (...args) => pingji.make(...args);
  let drawing = null; // {kind, base, corners, layer, map, off}

  // ── drawing ────────────────────────────────────────────────────────────────────────────────

  function begin(kind, base) {
    leave();
    const map = pingji.eventMap.map();
    if (!map) return;
    const box = map.getContainer();
    drawing = { kind, base: base || null, corners: [], map, pressed: null };
    drawing.layer = L.layerGroup().addTo(map);
    const mine = drawing;
    const press = (event) => {
      mine.pressed = [event.clientX, event.clientY];
    };
    const click = (event) => {
      stop(event);
      const [x, y] = mine.pressed || [event.clientX, event.clientY];
      if (Math.hypot(event.clientX - x, event.clientY - y) > SLIP_PX) return;
      add(map.mouseEventToLatLng(event));
    };
    const twice = (event) => {
      stop(event);
      finish();
    };
    const keys = (event) => {
      if (event.target instanceof Element && event.target.closest(".dialog")) return;
      if (event.key === "Escape") leave();
      else if (event.key === "Enter" && !buttonHas(event)) finish();
      else if (event.key === "Backspace") undo();
      else return;
      stop(event);
    };
    const told = [
      [box, "mousedown", press],
      [box, "click", click],
      [box, "dblclick", twice],
      [document, "keydown", keys],
    ];
    told.forEach(([where, name, act]) => where.addEventListener(name, act, true));
    mine.off = () => told.forEach(([where, name, act]) => where.removeEventListener(name, act, true));
    box.classList.add("event-map--drawing");
    bar();
    pingji.announce(hint());
  }

  const buttonHas = (event) => event.target instanceof Element && event.target.closest("button") !== null;

  function stop(event) {
    event.preventDefault();
    event.stopImmediatePropagation();
  }

  const isPlace = () => LEAST[drawing.kind] === 1;
  const hint = () => say(isPlace() ? "event_draw_place" : "event_draw_hint");

  function add(place) {
    const corner = [Number(place.lng.toFixed(6)), Number(place.lat.toFixed(6))];
    const last = drawing.corners[drawing.corners.length - 1];
    if (last && last[0] === corner[0] && last[1] === corner[1]) return; // a double click is no corner
    drawing.corners.push(corner);
    show();
    if (isPlace()) finish();
  }

  function undo() {
    if (!drawing) return;
    drawing.corners.pop();
    show();
  }

  function show() {
    const { corners, layer, kind } = drawing;
    const places = pingji.eventMap.latLngs(corners);
    const look = { renderer: pingji.eventMap.renderer(), interactive: false, fill: false };
    layer.clearLayers();
    if (places.length > 1) {
      const shape = kind === "zone" ? L.polygon : L.polyline;
      layer.addLayer(shape(places, Object.assign({ className: "event-map__draft" }, look)));
    }
    places.forEach((place) =>
      layer.addLayer(
        L.circleMarker(place, Object.assign({ radius: 5, className: "event-map__corner" }, look)),
      ),
    );
    bar();
  }

  /** The bar over the map while something is drawn. */
  function bar() {
    const place = pingji.byId("event-drawing");
    if (!place) return;
    place.hidden = drawing === null;
    if (!drawing) {
      place.replaceChildren();
      return;
    }
    const { kind, corners, map } = drawing;
    const button = (word, act, off) => {
      const made = make("button", "button", word);
      made.type = "button";
      made.disabled = Boolean(off);
      made.addEventListener("click", act);
      return made;
    };
    const parts = [
      make("span", "event__draw-kind", pingji.code("event_kind", kind)),
      make("span", "event__draw-hint", hint()),
    ];
    if (!isPlace()) parts.push(make("span", "event__draw-count", say("event_corners", { n: corners.length })));
    parts.push(button(say("event_set_middle"), () => add(map.getCenter())));
    if (!isPlace()) {
      parts.push(button(say("event_undo"), undo, !corners.length));
      parts.push(button(say("event_finish"), finish, corners.length < LEAST[kind]));
    }
    parts.push(button(say("event_leave"), leave));
    place.replaceChildren(...parts);
  }

  function leave() {
    if (!drawing) return;
    drawing.off();
    drawing.layer.remove();
    drawing.map.getContainer().classList.remove("event-map--drawing");
    drawing = null;
    bar();
  }

  function finish() {
    if (!drawing || drawing.corners.length < LEAST[drawing.kind]) return;
    const { kind, base, corners } = drawing;
    leave();
    form(kind, base, geometry(kind, corners));
  }

  function geometry(kind, corners) {
    if (kind === "zone") return { type: "Polygon", coordinates: [corners.concat([corners[0]])] };
    if (kind === "route") return { type: "LineString", coordinates: corners };
    return { type: "Point", coordinates: corners[0] };
  }

  // ── what it is, and from when ──────────────────────────────────────────────────────────────

  const options = (list, codes) => codes.map((code) => [code, pingji.code(list, code)]);
  const clock = (text) => {
    if (!text) return "";
    const at = Date.parse(text);
    const minutes = Math.round((at - pingji.format.dayStart(pingji.live.now())) / 60000);
    if (minutes < 0 || minutes >= 48 * 60) return "";
    return String(Math.floor(minutes / 60)).padStart(2, "0") + ":" + String(minutes % 60).padStart(2, "0");
  };

  /** The fields of a kind, filled with what a thing already is. */
  const FIELDS = {
    zone: (body) => [
      { name: "level", label: say("event_level"), kind: "choice", value: body.level || "control", options: options("zone_level", pingji.event.LEVELS) },
    ],
    route: () => [],
    point: (body) => [
      { name: "sort", label: say("event_sort"), kind: "choice", value: body.sort || "gate", options: options("point_sort", Object.keys(pingji.page.codes.point_sort)) },
    ],
    post: (body) => [
      { name: "unit", label: say("event_unit"), kind: "text", required: true, value: body.unit || "", most: 200 },
      { name: "needed", label: say("event_needed_label"), kind: "text", required: true, value: String(body.needed || 1), most: 5 },
    ],
    phase: (body) => [
      { name: "starts_at", label: say("event_starts"), kind: "text", required: true, value: clock(body.starts_at), most: 5 },
      { name: "ends_at", label: say("event_ends_label"), kind: "text", required: true, value: clock(body.ends_at), most: 5 },
    ],
  };

  function record(kind, base, place, values) {
    const body = base ? base.body : {};
    const made = { kind, id: base ? base.thing : free(kind), name: values.name, name_en: nameEn(base, values) };
    if (place) made.geometry = place;
    Object.keys(body.limits || {}).forEach((name) => {
      made[name + "_min"] = body.limits[name];
    });
    if (body.alerts_up !== undefined) made.alerts_up = body.alerts_up;
    if (body.watch_m !== undefined) made.watch_m = body.watch_m;
    ["level", "sort", "unit", "needed"].forEach((name) => {
      if (values[name] !== undefined) made[name] = values[name];
    });
    if (kind === "phase") {
      made.starts_at = pingji.eventActs.ofDay(values.starts_at);
      made.ends_at = pingji.eventActs.ofDay(values.ends_at);
    }
    return made;
  }

  const nameEn = (base, values) => (base && base.name === values.name ? base.name_en : values.name);

  /** An id that no thing of the kind has had. */
  function free(kind) {
    const used = new Set(pingji.event.states().filter((it) => it.kind === kind).map((it) => it.thing));
    let n = used.size + 1;
    while (used.has(kind + "-" + n)) n += 1;
    return kind + "-" + n;
  }

  function publishing(reason) {
    return [
      { name: "effective_at", label: say("event_effective"), kind: "text", most: 5 },
      { name: "reason", label: say("event_reason"), kind: "text", required: true, value: reason || "" },
      pingji.eventActs.approver(),
    ];
  }

  function publish(things, values, more) {
    const body = Object.assign({ things, reason: values.reason }, more || {});
    const at = pingji.eventActs.ofDay(values.effective_at, true);
    if (at) body.effective_at = at;
    if (values.approved_by) body.approved_by = values.approved_by;
    pingji.memory.set("event.approver", values.approved_by || "");
    return pingji.post(pingji.event.url("/things"), body, "PUT").catch((error) => {
      throw new Error(faults(error));
    });
  }

  /** What was refused, record by record. */
  function faults(error) {
    const list = (error.body && error.body.rejected) || [];
    if (!list.length) return error.message;
    return list
      .slice(0, 5)
      .map((it) => {
        const which = it.id || (it.index === null ? "" : say("event_record", { n: it.index + 1 }));
        return [which, it.field, it.reason].filter(Boolean).join("：");
      })
      .join("\n");
  }

  function form(kind, base, place) {
    pingji.dialog({
      title: base ? say("event_change_of", { name: base.label() }) : pingji.code("event_kind", kind),
      lines: pingji.eventActs.warned(),
      fields: [
        { name: "name", label: say("event_name"), kind: "text", required: true, value: base ? base.name : "", most: 200 },
        ...FIELDS[kind](base ? base.body : {}),
        ...publishing(),
      ],
      button: say("event_save"),
      sure: (values) =>
        Promise.resolve().then(() => publish([record(kind, base, place, values)], values)),
    });
  }

  /** Change a thing: draw it anew, say otherwise what it is, or take it away. */
  function change(state) {
    const ways = [["attributes", say("event_attributes")]];
    if (state.geometry) ways.unshift(["redraw", say("event_redraw")]);
    ways.push(["remove", say("event_remove")]);
    pingji.dialog({
      title: say("event_change_of", { name: state.label() }),
      fields: [{ name: "how", label: say("event_how"), kind: "choice", value: ways[0][0], options: ways }],
      button: say("event_change"),
      sure(values) {
        window.setTimeout(() => {
          if (values.how === "redraw") begin(state.kind, state);
          else if (values.how === "attributes") form(state.kind, state, state.geometry);
          else remove(state);
        });
        return Promise.resolve();
      },
    });
  }

  function remove(state) {
    pingji.dialog({
      title: say("event_remove"),
      lines: [pingji.code("event_kind", state.kind) + " " + state.label()],
      fields: publishing(),
      button: say("event_remove"),
      sure: (values) =>
        Promise.resolve().then(() =>
          publish([{ kind: state.kind, id: state.thing, remove: true }], values),
        ),
    });
  }

  // ── a file ─────────────────────────────────────────────────────────────────────────────────

  function read(file) {
    const reader = new window.FileReader();
    reader.onload = () => {
      let told = null;
      try {
        told = JSON.parse(String(reader.result));
      } catch (error) {
        told = null;
      }
      if (!told || told.type !== "FeatureCollection" || !Array.isArray(told.features)) {
        pingji.dialog({ title: say("event_import"), lines: [say("event_bad_file")], button: say("close"), alone: true, sure: () => Promise.resolve() });
        return;
      }
      take(file.name, told.features.map((it) => Object.assign({ id: it.id }, it.properties, { geometry: it.geometry }, dated(it.properties || {}))));
    };
    reader.readAsText(file);
  }

  /** Times of day in a file are of the city's today, as the command line takes them. */
  function dated(told) {
    const made = {};
    ["starts_at", "ends_at"].forEach((name) => {
      if (/^\d{1,2}:\d{2}$/.test(told[name] || "")) made[name] = pingji.eventActs.ofDay(told[name]);
    });
    return made;
  }

  function take(name, things) {
    const keep = [
      ["keep", say("event_keep_others")],
      ["drop", say("event_drop_others")],
    ];
    pingji.dialog({
      title: say("event_import"),
      lines: pingji.eventActs.warned([say("event_file", { name, n: things.length })]),
      fields: [
        { name: "others", label: say("event_replace"), kind: "choice", value: "keep", options: keep },
        ...publishing(say("event_import")),
      ],
      button: say("event_save"),
      sure: (values) =>
        Promise.resolve().then(() => publish(things, values, { replace: values.others === "drop" })),
    });
  }

  pingji.acts["event-draw"] = (button) => {
    const kind = button.dataset.kind;
    if (kind === "phase") form("phase", null, null);
    else if (kind === "camera") pingji.eventPin();
    else begin(kind, null);
  };
  pingji.acts["event-import"] = () => {
    const input = make("input");
    input.type = "file";
    input.accept = ".geojson,.json";
    input.addEventListener("change", () => input.files[0] && read(input.files[0]));
    input.click();
  };
  pingji.eventDraw = { change, read, remove, publish, publishing, drawing: () => drawing };
  pingji.on("language", bar);
})();
