/* The canvas layer on dash-leaflet's map: paints what the model holds, for the view that stands.
 *
 * What is abnormal stands where it is; names and groups of cases give way to it; what is as it
 * should be takes the room that is left (54-map-things.js). What is painted is kept as a list with
 * its place on the screen; 56-map-pointing.js reads it. */
(function () {
  "use strict";

  const L = window.L;
  const pingji = window.pingji;
  const model = pingji.model;
  const marks = pingji.marks;

  const CELL = 84; // px of one cell of cases
  const APART_ZOOM = 15; // from here on a small group is drawn point by point
  const APART_MOST = 5;
  const APART_PX = 14;
  const MOVED_MOST = 44; // px that a group gives way
  const MOVING = 4; // a drawing's time goes by this often before the next, while the map moves
  const UNUSUAL_Z = 2;
  const UNUSUAL_RATIO = 1.5;
  const UNUSUAL_LEAST = 3;
  const TOKENS = [
    "--map-case",
    "--map-case-edge",
    "--map-lateness",
    "--map-on-lateness",
    "--map-group",
    "--map-group-ring",
    "--map-group-share",
    "--map-ink",
    "--map-muted",
    "--map-halo",
    "--map-station",
    "--gauge-water",
    "--map-camera",
    "--map-old",
    "--map-strong",
    "--map-grid",
    "--map-select",
    "--warning-red",
    "--warning-orange",
    "--warning-yellow",
  ];

  pingji.PointLayer = L.Layer.extend({
    initialize(chosen) {
      this.chosen = chosen; // layer -> shown
      this.cells = { cases: new pingji.Cells(CELL), cameras: new pingji.Cells(CELL / 2) };
      this.settler = new pingji.Settler();
      this.room = new pingji.Room();
      this.drawn = []; // {x, y, r, kind, id | count, late, …} in the order of painting
      this.labels = [];
      this.selected = null;
      this.drawnAt = -Infinity;
      this.timing = { draws: 0, pictures: 0, last_ms: 0, worst_ms: 0 };
    },

    onAdd(map) {
      const pane = map.createPane("pingji");
      pane.classList.add("map__pane");
      this.canvas = L.DomUtil.create("canvas", "map__canvas leaflet-zoom-animated", pane);
      this.sheet = new pingji.Sheet(this.canvas);
      this.brush = { context: this.sheet };
      this.dress();
      map.on("zoomend viewreset moveend", this.draw, this);
      map.on("move", this.follow, this);
      map.on("resize", this.dress, this);
      map.on("zoomanim", this.animate, this);
      this.listen(map);
      const shapes = pingji.page.city.shapes;
      if (shapes) {
        pingji.ground.loadLabels(shapes, pingji.page.city.base).then((labels) => {
          this.labels = labels;
          this.draw();
        });
      }
    },

    onRemove(map) {
      map.off(null, null, this);
      this.deafen(map);
      this.canvas.remove();
    },

    /** Take sizes and colours anew: the window, the theme or the language changed. */
    dress() {
      const style = window.getComputedStyle(document.documentElement);
      const token = {};
      TOKENS.forEach((name) => {
        token[name] = style.getPropertyValue(name).trim();
      });
      this.brush.token = token;
      this.brush.rem = parseFloat(style.fontSize) / 16 || 1;
      this.brush.family = window.getComputedStyle(document.body).fontFamily;
      const size = this._map.getSize();
      const ratio = window.devicePixelRatio || 1;
      this.canvas.width = Math.round(size.x * ratio);
      this.canvas.height = Math.round(size.y * ratio);
      this.canvas.style.width = size.x + "px";
      this.canvas.style.height = size.y + "px";
      this.sheet.context.setTransform(ratio, 0, 0, ratio, 0, 0);
      this.lost = true;
      this.draw();
    },

    animate(event) {
      const map = this._map;
      const corner = map.containerPointToLatLng([0, 0]);
      const offset = map._latLngToNewLayerPoint(corner, event.zoom, event.center);
      L.DomUtil.setTransform(this.canvas, offset, map.getZoomScale(event.zoom));
    },

    /** While the map is moved its canvas goes along; it is drawn anew as often as that is cheap. */
    follow() {
      if (performance.now() - this.drawnAt > MOVING * this.timing.last_ms) this.draw();
    },

    draw() {
      const map = this._map;
      if (!map || !map._loaded) return;
      const began = performance.now();
      L.DomUtil.setPosition(this.canvas, map.containerPointToLayerPoint([0, 0]));
      const corner = map.getPixelBounds().min;
      const size = map.getSize();
      const zoom = map.getZoom();
      const view = {
        scale: 256 * Math.pow(2, zoom),
        left: corner.x,
        top: corner.y,
        width: size.x,
        height: size.y,
        rem: this.brush.rem,
      };
      this.view = view;
      this.drawn = [];
      this.room.clear(view);
      this.sheet.begin(this.lost);
      this.lost = false;
      if (!pingji.page.city.shapes) pingji.ground.drawGraticule(this.brush, view, map);
      this.paint(view, pingji.live.pictureAt(), zoom);
      if (this.sheet.end(size.x, size.y)) this.timing.pictures += 1;
      const cost = performance.now() - began;
      this.drawnAt = began + cost;
      this.timing.draws += 1;
      this.timing.last_ms = cost;
      this.timing.worst_ms = Math.max(this.timing.worst_ms, cost);
    },

    paint(view, now, zoom) {
      const base = this._map.pingjiBase;
      const names = base ? base.standing() : [];
      const { urgent, usual } = this.collect(view, now, zoom);
      const raised = this.gather(urgent, now, zoom);
      const boxes = raised.map(boxOf);
      const labels = pingji.ground.placeLabels(this.brush, view, this.labels, boxes, names);
      const cases = this.chosen.cases ? this.groupCases(view, now, zoom, boxes, labels) : null;
      const clear = labels.filter((label) => !cases || !hidden(label.box, cases.groups));
      clear.forEach((label) => this.room.take.apply(this.room, label.box));
      boxes.forEach((box) => this.room.take.apply(this.room, box));
      if (cases) cases.groups.forEach((group) => this.room.takeCircle(group.x, group.y, group.r));
      if (base) base.giveWay(cases ? cases.groups : [], boxes);
      names.forEach((box) => this.room.take.apply(this.room, box));
      this.drawUsual(usual, now, zoom);
      if (cases) this.drawCases(cases, now);
      this.drawRaised(raised, now, zoom);
      clear.forEach((label) => pingji.ground.drawLabel(this.brush, label));
      this.drawSelected(view, now);
    },

    screen(points, i) {
      const view = this.view;
      return [points.x[i] * view.scale - view.left, points.y[i] * view.scale - view.top];
    },

    /** The points of a group if they are few and stand apart at this zoom, else null. */
    apart(points, cells, group, zoom) {
      if (group.count === 1) return cells.members(group, 1);
      if (zoom < APART_ZOOM || group.count > APART_MOST) return null;
      const found = cells.members(group, APART_MOST);
      const places = found.map((i) => this.screen(points, i));
      const spread = places.every((a, n) =>
        places.slice(n + 1).every((b) => Math.hypot(a[0] - b[0], a[1] - b[1]) > APART_PX),
      );
      return spread ? found : null;
    },

    /** Cases as {groups, alone}: groups have given way to names and to what is abnormal. */
    groupCases(view, now, zoom, boxes, labels) {
      const points = model.cases;
      const cells = this.cells.cases;
      const take = (i) => (points.state[i] & model.OPEN) !== 0 && model.shows(i, now);
      const late = (i) => model.isOverdue(i, now);
      const alerts = model.hasAlerts() ? (i) => (points.state[i] & model.ALERT ? 1 : 0) : null;
      const found = cells.bin(points, view, take, late, alerts);
      const radius = (group) => (group.count === 1 ? 0 : marks.groupRadius(this.brush, group.count));
      const alone = [];
      const joined = pingji.joined(found, radius).filter((group) => {
        const members = this.apart(points, cells, group, zoom);
        if (members) alone.push.apply(alone, members);
        return !members;
      });
      const clear = boxes.concat(labels.map((label) => label.box));
      const held = (group) => radius(group) + 3;
      const groups = this.settler.settled(joined, clear, held, MOVED_MOST * view.rem);
      groups.forEach((group) => {
        group.unusual = unusual(group, cells.usual);
        group.r = radius(group) + 3 * view.rem;
        Object.assign(group, { kind: "group", layer: "cases" });
      });
      return { groups, alone };
    },

    drawCases(cases, now) {
      cases.groups.forEach((group) => {
        group.r = marks.drawGroup(this.brush, group.x, group.y, group);
        this.drawn.push(group);
      });
      cases.alone.forEach((i) => this.drawCase(i, now));
    },

    drawCase(i, now) {
      const points = model.cases;
      const [x, y] = this.screen(points, i);
      const late = model.isOverdue(i, now);
      const held = !(points.state[i] & model.WITH_UNIT);
      const r = marks.drawCase(this.brush, x, y, late ? "late" : held ? "held" : "open");
      const alerts = points.state[i] & model.ALERT ? model.alertsOf("cases", points.ids[i]) : 0;
      if (alerts) marks.drawAlert(this.brush, x, y, r, alerts);
      this.drawn.push({ x, y, r, kind: "case", id: points.ids[i], late: late ? 1 : 0, alerts });
    },

    drawSelected(view, now) {
      const i = this.selected === null ? undefined : model.cases.index.get(this.selected);
      if (i === undefined || Number.isNaN(model.cases.x[i])) return;
      this.drawCase(i, now);
      const [x, y] = this.screen(model.cases, i);
      marks.drawSelection(this.brush, x, y);
    },

    /** Show a case in the middle and mark it; null takes the mark away. */
    choose(id) {
      this.selected = id;
      const i = id === null ? undefined : model.cases.index.get(id);
      if (i !== undefined && !Number.isNaN(model.cases.x[i])) {
        const [x, y] = this.screen(model.cases, i);
        const place = this._map.containerPointToLatLng([x, y]);
        this._map.setView(place, Math.max(this._map.getZoom(), 13));
      }
      this.draw();
    },
  });

  function boxOf(item) {
    return [item.x - item.wide, item.y - item.up, item.x + item.wide, item.y + item.down];
  }

  /** A name that a group could not leave free is left out. */
  function hidden(box, groups) {
    return groups.some((group) => {
      const dx = group.x - Math.max(box[0], Math.min(group.x, box[2]));
      const dy = group.y - Math.max(box[1], Math.min(group.y, box[3]));
      return Math.hypot(dx, dy) < group.r - 2;
    });
  }

  /** More are late than its size makes likely, and by enough to be worth a look. */
  function unusual(group, usual) {
    const expected = group.count * usual;
    const spread = Math.sqrt(Math.max(expected * (1 - usual), 1e-9));
    return (
      group.late >= UNUSUAL_LEAST &&
      group.late > expected * UNUSUAL_RATIO &&
      (group.late - expected) / spread > UNUSUAL_Z
    );
  }
})();
