/* A typhoon as the city sees it: the city, rings of distance, the track so far, forecasts, winds.
 *
 * North is up, and all is as far and in the direction as it is from the city; no land and no border
 * is drawn. Forecasts are dashed, each by its issuer; letters are one em of where it stands. */
(function () {
  "use strict";

  const pingji = window.pingji;
  const SPACE = "http://www.w3.org/2000/svg";
  const RINGS_KM = [100, 200, 500, 1000, 1500, 2000, 3000];
  const PAST_MS = 36 * 3600000;
  const AHEAD_MS = 60 * 3600000;
  const LEAST_CIRCLE_EM = 3; // a smaller circle of winds has no word
  const DAY_MS = 24 * 3600000;
  const RAD = Math.PI / 180;

  function draw(name, look, attributes, text) {
    const element = document.createElementNS(SPACE, name);
    element.setAttribute("class", "inset__" + look);
    Object.keys(attributes).forEach((key) => element.setAttribute(key, String(attributes[key])));
    if (text) element.textContent = text;
    return element;
  }

  /** Km east and south of the city. */
  function offset(place) {
    const city = pingji.page.city;
    const { km, bearing } = pingji.typhoons.from({ lon: city.lon, lat: city.lat }, place);
    return [km * Math.sin(bearing * RAD), -km * Math.cos(bearing * RAD)];
  }

  /** How all that matters fits into so many em: a function from a place to [x, y]. */
  function fit(typhoon, wide, high) {
    const { last, track, ahead } = typhoon;
    const near = ahead.length ? ahead[0].points.filter((p) => p.at <= last.at + AHEAD_MS) : [];
    const past = track.filter((p) => p.at >= last.at - PAST_MS);
    const spots = [[0, 0]].concat(past.concat(near, [last]).map(offset));
    const xs = spots.map((spot) => spot[0]);
    const ys = spots.map((spot) => spot[1]);
    const [west, east] = [Math.min.apply(null, xs), Math.max.apply(null, xs)];
    const [north, south] = [Math.min.apply(null, ys), Math.max.apply(null, ys)];
    const pad = 3.2; // em, for words at the edge
    const scale = Math.min(
      (wide - 2 * pad) / Math.max(east - west, 150),
      (high - 2 * pad) / Math.max(south - north, 150),
    );
    const place = ([x, y]) => [
      wide / 2 + (x - (west + east) / 2) * scale,
      high / 2 + (y - (north + south) / 2) * scale,
    ];
    return { scale: scale, place: (spot) => place(offset(spot)), centre: place([0, 0]) };
  }

  /** About how wide a text is in em: a sign of Chinese is one, a letter or digit about half. */
  const width = (text) => Array.from(text).reduce((sum, c) => sum + (c > "\u2e80" ? 1 : 0.58), 0);

  class Inset {
    /** So many em wide and high; `em` in px. Shapes are drawn in em, letters have their own size. */
    constructor(wide, high, em) {
      this.wide = wide;
      this.high = high;
      this.em = em;
      this.taken = [];
      this.root = draw("svg", "picture", { width: wide * em, height: high * em });
      this.shapes = draw("g", "shapes", { transform: "scale(" + em + ")" });
      this.root.append(this.shapes);
    }

    add(name, look, attributes) {
      this.shapes.append(draw(name, look, attributes));
    }

    line(spots, look) {
      if (spots.length < 2) return;
      const points = spots.map((spot) => spot.map((n) => n.toFixed(2)).join(",")).join(" ");
      this.add("polyline", look, { points: points });
    }

    take(x, y, half, high) {
      this.taken.push([x - half, y - high, x + half, y + high]);
    }

    /** Words stand beside a line, not on it. */
    keepOff(spots) {
      spots.slice(1).forEach(([x, y], n) => {
        const [px, py] = spots[n];
        const steps = Math.min(200, Math.ceil(Math.hypot(x - px, y - py) / 0.6));
        for (let i = 0; i < steps; i += 1) {
          this.take(px + ((x - px) * i) / steps, py + ((y - py) * i) / steps, 0.2, 0.2);
        }
      });
    }

    /** A word at the first of these places around a spot where there is room. */
    word(text, look, [x, y], gap) {
      const half = width(text) / 2 + 0.15;
      const side = half + gap;
      const tries = [[side, 0], [-side, 0], [0, gap + 0.75], [0, -gap - 0.75], [side, 1.1], [-side, 1.1], [side, -1.1], [-side, -1.1]];
      tries.some(([dx, dy]) => {
        const box = [x + dx - half, y + dy - 0.68, x + dx + half, y + dy + 0.68];
        const inside = box[0] > 0 && box[1] > 0 && box[2] < this.wide && box[3] < this.high;
        const clear = this.taken.every(
          (other) => other[0] >= box[2] || other[2] <= box[0] || other[1] >= box[3] || other[3] <= box[1],
        );
        if (!inside || !clear) return false;
        this.taken.push(box);
        const spot = { x: (x + dx) * this.em, y: (y + dy + 0.35) * this.em };
        this.root.append(draw("text", look, spot, text));
        return true;
      });
    }
  }

  function rings(inset, view) {
    const [x, y] = view.centre;
    const far = Math.hypot(Math.max(x, inset.wide - x), Math.max(y, inset.high - y));
    const shown = RINGS_KM.filter((km) => km * view.scale < far && km * view.scale > 2.4);
    shown.forEach((km) => inset.add("circle", "ring", { cx: x, cy: y, r: (km * view.scale).toFixed(2) }));
    return () =>
      shown.forEach((km) => {
        const r = km * view.scale;
        const text = pingji.say("typhoon_ring", { n: pingji.format.number(km) });
        const before = inset.taken.length;
        [225, 315, 45, 135, 180, 0, 270, 90].some((bearing) => {
          const spot = [x + r * Math.sin(bearing * RAD), y - r * Math.cos(bearing * RAD)];
          if (spot[0] < 1 || spot[1] < 1 || spot[0] > inset.wide - 1 || spot[1] > inset.high - 1) return false;
          inset.word(text, "quiet", spot, 0);
          return inset.taken.length > before;
        });
      });
  }

  function winds(inset, view, typhoon) {
    const named = [];
    pingji.typhoons.RADII.forEach((force) => {
      const quarters = typhoon.last.radii[force];
      if (!quarters) return;
      const spots = pingji.typhoons.edge(typhoon.last, quarters).map(view.place);
      inset.add("polygon", "wind inset__wind--" + force, {
        points: spots.map((spot) => spot.map((n) => n.toFixed(2)).join(",")).join(" "),
      });
      const wide = Math.max.apply(null, quarters) * view.scale;
      if (wide > LEAST_CIRCLE_EM) named.push([force, spots]);
    });
    return () =>
      named.forEach(([force, spots]) => {
        const text = pingji.say("typhoon_circle", { n: force });
        const before = inset.taken.length;
        const half = width(text) / 2;
        for (let n = 0; n < spots.length && inset.taken.length === before; n += 10) {
          const [x, y] = spots[n];
          const inside = x > half && x < inset.wide - half && y > 1 && y < inset.high - 1;
          if (inside) inset.word(text, "quiet", spots[n], 0.3);
        }
      });
  }

  /** Where it was at each day's begin of the track that is in view, and words keep off the line. */
  function track(inset, view, typhoon) {
    const spots = typhoon.track.map(view.place);
    inset.line(spots, "past");
    inset.keepOff(spots);
    return () => {
      let next = typhoon.last.at - DAY_MS / 2;
      typhoon.track.slice().reverse().forEach((p) => {
        const [x, y] = view.place(p);
        if (p.at > next || x < 0 || y < 0 || x > inset.wide || y > inset.high) return;
        next = p.at - DAY_MS / 2;
        inset.add("circle", "point", { cx: x.toFixed(2), cy: y.toFixed(2), r: 0.2 });
        inset.word(hour(p.at), "word", [x, y], 0.5);
      });
    };
  }

  function hour(at) {
    const text = pingji.format.moment(at); // MM-DD HH:MM
    return pingji.say("typhoon_day", { day: Number(text.slice(3, 5)), hour: Number(text.slice(6, 8)) });
  }

  /** Every issuer's line; times stand at the first one's days. */
  function forecasts(inset, view, typhoon) {
    const begin = view.place(typhoon.last);
    typhoon.ahead.forEach((one, n) => {
      const spots = [begin].concat(one.points.map(view.place));
      inset.line(spots, "ahead inset__ahead--" + Math.min(n, 3));
      inset.keepOff(spots);
      if (n > 0) return;
      let next = typhoon.last.at + DAY_MS;
      one.points.forEach((p) => {
        const [x, y] = view.place(p);
        inset.add("circle", "point", { cx: x.toFixed(2), cy: y.toFixed(2), r: 0.2 });
        if (p.at < next || x < 0 || y < 0 || x > inset.wide || y > inset.high) return;
        next = p.at + DAY_MS;
        inset.word(hour(p.at), "word", [x, y], 0.4);
      });
    });
    return () =>
      typhoon.ahead.forEach((one, n) => {
        const inView = one.points.map(view.place).filter(([x, y]) => x > 1 && y > 1 && x < inset.wide - 1 && y < inset.high - 1);
        const end = inView[inView.length - 1];
        if (end) inset.word(one.issuer, n ? "quiet" : "word", end, 0.5);
      });
  }

  function mark(inset, view, typhoon) {
    const [x, y] = view.place(typhoon.last);
    inset.add("circle", "eye", { cx: x.toFixed(2), cy: y.toFixed(2), r: 0.45 });
    [0, 180].forEach((turn) => {
      inset.add("path", "arm", {
        d: "M0.45,0 A0.62,0.62 0 0 1 -0.1,-0.95",
        transform: "translate(" + x.toFixed(2) + " " + y.toFixed(2) + ") rotate(" + turn + ")",
      });
    });
    inset.take(x, y, 1, 1);
    const name = typhoon.name + " " + pingji.say("typhoon_wind", { n: pingji.typhoons.force(typhoon.last.wind) });
    inset.word(pingji.typhoons.force(typhoon.last.wind) ? name : typhoon.name, "name", [x, y], 1.1);
  }

  /** Put the picture of a typhoon into a box whose letters are `em` px; made anew only when something
   * changed. */
  pingji.typhoonInset = (box, typhoon, em) => {
    const wide = box.clientWidth / em;
    const high = box.clientHeight / em;
    if (wide < 10 || high < 8) return;
    const key = [typhoon.id, typhoon.version, wide.toFixed(1), high.toFixed(1), em, pingji.language].join();
    if (box.dataset.inset === key) return;
    box.dataset.inset = key;
    const inset = new Inset(wide, high, em);
    const view = fit(typhoon, wide, high);
    const nameRings = rings(inset, view);
    const nameWinds = winds(inset, view, typhoon);
    const [x, y] = view.centre;
    inset.take(x, y, 0.5, 0.5);
    const nameTrack = track(inset, view, typhoon);
    mark(inset, view, typhoon);
    const nameIssuers = forecasts(inset, view, typhoon);
    inset.add("rect", "city", { x: x - 0.3, y: y - 0.3, width: 0.6, height: 0.6 });
    inset.word(pingji.page.city.name[pingji.language === "en" ? 1 : 0], "name", [x, y], 0.6);
    nameIssuers();
    nameTrack();
    nameWinds();
    nameRings();
    box.replaceChildren(inset.root);
  };
})();
