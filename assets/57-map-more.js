/* Places and responders on the map, and the mark of whatever is open beside it.
 *
 * Joins the canvas layer: its arrays, hits, tooltips and keys are those of every other point. */
(function () {
  "use strict";

  const pingji = window.pingji;
  const model = pingji.model;
  const SAMPLE = { station: "stations", camera: "cameras", place: "places", responder: "responders" };
  const ROOMY_ZOOM = 12;

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
    const busy = status !== "available" && status !== "off";
    context.lineWidth = (busy ? 2 : 1.3) * brush.rem;
    context.fillStyle = token[busy ? "--map-muted" : "--map-group"];
    context.strokeStyle = token[busy ? "--map-halo" : "--map-camera"];
    context.stroke();
    context.fill();
    return 9 * rem;
  }

  const before = {
    drawStations: pingji.PointLayer.prototype.drawStations,
    drawSelected: pingji.PointLayer.prototype.drawSelected,
  };

  pingji.PointLayer.include({
    drawStations(view, now, zoom) {
      const small = zoom < ROOMY_ZOOM;
      if (this.chosen.responders) this.drawEach("responders", "responder", drawResponder, "status", small);
      before.drawStations.call(this, view, now, zoom);
      if (this.chosen.places) this.drawEach("places", "place", drawPlace, "state", small);
    },

    drawEach(topic, kind, draw, column, small) {
      const points = model[topic];
      const at = pingji.live.topic(topic).columns;
      const view = this.view;
      for (let i = 0; i < points.n; i += 1) {
        const [x, y] = this.screen(points, i);
        if (!(x > -20 && x < view.width + 20 && y > -20 && y < view.height + 20)) continue;
        const state = points.rows[i][at[column]];
        const r = draw(this.brush, x, y, state, small);
        const late = kind === "place" && (state === "ponding" || state === "closed") ? 1 : 0;
        this.drawn.push({ x, y, r, kind, id: points.ids[i], late });
      }
    },

    drawSelected(view, now) {
      before.drawSelected.call(this, view, now);
      const thing = pingji.drawer && pingji.drawer.open();
      const points = thing && model[SAMPLE[thing.kind]];
      const i = points ? points.index.get(thing.id) : undefined;
      if (i === undefined || Number.isNaN(points.x[i])) return;
      const [x, y] = this.screen(points, i);
      pingji.marks.drawSelection(this.brush, x, y);
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
