/* Places and responders on the map, and the mark of whatever is open beside it.
 *
 * Joins the canvas layer: its arrays, hits, tooltips and keys are those of every other point. */
(function () {
  "use strict";

  const pingji = window.pingji;
  const model = pingji.model;
  const SAMPLE = { station: "stations", camera: "cameras", place: "places", responder: "responders" };

  model.places = new model.Points();
  model.responders = new model.Points();

  ["places", "responders"].forEach((topic) => {
    const points = model[topic];
    const put = (row, at) => points.put(row[0], row[at.lon], row[at.lat], row);
    pingji.on("set:" + topic, (set) => {
      points.clear();
      set.rows.forEach((row) => put(row, set.columns));
    });
    pingji.on("delta:" + topic, (delta) => {
      const columns = pingji.live.topic(topic).columns;
      delta.remove.forEach((id) => points.remove(id));
      delta.upsert.forEach((row) => put(row, columns));
    });
  });

  /** A place: a triangle; ponding it is filled and says so, closed it is a barred disc. */
  function drawPlace(brush, x, y, state, small) {
    const { context, token, rem } = brush;
    const bad = state === "ponding" || state === "closed";
    const r = (bad ? 8.5 : small ? 3.2 : 5.5) * rem;
    context.beginPath();
    if (state === "closed") context.arc(x, y, r, 0, 2 * Math.PI);
    else {
      context.moveTo(x, y - r);
      context.lineTo(x + r, y + r * 0.8);
      context.lineTo(x - r, y + r * 0.8);
      context.closePath();
    }
    context.lineWidth = (bad ? 2 : 1.4) * rem;
    context.fillStyle = token[bad ? "--map-strong" : "--map-group"];
    context.strokeStyle = token[bad ? "--map-halo" : "--map-station"];
    context.fill();
    context.stroke();
    if (state === "closed") {
      context.fillStyle = token["--map-halo"];
      context.fillRect(x - r * 0.6, y - r * 0.18, r * 1.2, r * 0.36);
    } else if (bad) {
      context.font = pingji.marks.font(brush, 700, 11);
      context.textAlign = "center";
      context.textBaseline = "middle";
      context.fillStyle = token["--map-halo"];
      context.fillText("≈", x, y + 2 * rem);
    }
    return r + 3;
  }

  function busy(status) {
    return status !== "available" && status !== "off";
  }

  /** A responder: an arrowhead, hollow while it is free. */
  function drawResponder(brush, x, y, status, small) {
    const { context, token } = brush;
    const rem = brush.rem * (small ? 0.7 : 1);
    context.beginPath();
    context.moveTo(x, y - 7 * rem);
    context.lineTo(x + 5.5 * rem, y + 6 * rem);
    context.lineTo(x, y + 3 * rem);
    context.lineTo(x - 5.5 * rem, y + 6 * rem);
    context.closePath();
    const works = busy(status);
    context.lineWidth = (works ? 2 : 1.3) * brush.rem;
    context.fillStyle = token[works ? "--map-muted" : "--map-group"];
    context.strokeStyle = token[works ? "--map-halo" : "--map-camera"];
    context.stroke();
    context.fill();
    return 9 * rem;
  }

  const BAD = ["ponding", "closed"];

  pingji.mapKinds.push(
    {
      kind: "place",
      topic: "places",
      layer: () => "places",
      need: (row, at) => (BAD.indexOf(row[at.state]) >= 0 ? pingji.mapNeed.URGENT : 0.6),
      sign(row, at) {
        const state = row[at.state];
        const bad = BAD.indexOf(state) >= 0;
        const shape = state === "closed" ? "closed" : "place";
        return { shape, token: bad ? "--map-strong" : "--map-muted", rank: bad ? 9 : 0 };
      },
      from: () => 12,
      size: { wide: 6, up: 6, down: 6 },
      draw(layer, x, y, row, look) {
        const state = row[pingji.live.topic("places").columns.state];
        return drawPlace(layer.brush, x, y, state, look.small);
      },
    },
    {
      kind: "responder",
      topic: "responders",
      layer: () => "responders",
      need: (row, at) => (busy(row[at.status]) ? 0.9 : 0.2),
      sign: () => ({ shape: "responder", token: "--map-ink", rank: 0 }),
      from: (need) => (need > 0.5 ? 11 : 12.5),
      size: { wide: 6, up: 7, down: 7 },
      draw(layer, x, y, row, look) {
        const status = row[pingji.live.topic("responders").columns.status];
        return drawResponder(layer.brush, x, y, status, look.small);
      },
    },
  );

  const drawSelected = pingji.PointLayer.prototype.drawSelected;

  pingji.PointLayer.include({
    drawSelected(view, now) {
      drawSelected.call(this, view, now);
      const thing = pingji.drawer && pingji.drawer.open();
      const points = thing && model[SAMPLE[thing.kind]];
      const i = points ? points.index.get(thing.id) : undefined;
      if (i === undefined || Number.isNaN(points.x[i])) return;
      const [x, y] = this.screen(points, i);
      const stands = (item) => item.kind === thing.kind && item.id === thing.id;
      if (!this.drawn.some(stands)) this.drawThing(thing.kind, points, i, x, y, now);
      pingji.marks.drawSelection(this.brush, x, y);
    },

    /** What is open beside the map is on it, whether there was room for it or not. */
    drawThing(kind, points, i, x, y, now) {
      const spec = pingji.mapKinds.find((one) => one.kind === kind);
      const row = points.rows[i];
      const r = spec.draw(this, x, y, row, { now, zoom: this._map.getZoom(), small: false });
      this.drawn.push({ x, y, r, kind, id: row[0], late: 0, alerts: 0 });
    },
  });

  pingji.on("opened", (thing) => {
    const map = pingji.map && pingji.map.map;
    const layer = pingji.map && pingji.map.layer;
    if (!map || !layer || !map._loaded) return;
    const points = thing && model[SAMPLE[thing.kind]];
    const i = points ? points.index.get(thing.id) : undefined;
    if (i !== undefined && !Number.isNaN(points.x[i])) {
      pingji.map.moved = true;
      map.invalidateSize({ pan: false, animate: false }); // the drawer has taken its room
      const [x, y] = layer.screen(points, i);
      const size = map.getSize();
      const seen = x > 40 && y > 40 && x < size.x - 40 && y < size.y - 40;
      if (!seen) map.panTo(map.containerPointToLatLng([x, y]), { animate: false });
    }
    layer.draw();
  });

  const words = pingji.describe;
  pingji.describe = (item) => {
    if (item.kind === "place") {
      const told = pingji.drawer.live("places", item.id);
      if (!told) return [item.id];
      const depth = told.depth_cm === null ? "" : " · " + told.depth_cm + " cm";
      return [
        told.name,
        pingji.code("place", told.kind) + " · " + pingji.code("place_state", told.state) + depth,
      ];
    }
    if (item.kind === "responder") {
      const told = pingji.drawer.live("responders", item.id);
      if (!told) return [item.id];
      return [
        told.name,
        pingji.code("responder", told.kind) + " · " + pingji.code("responder_status", told.status),
      ];
    }
    return words(item);
  };
})();
