/* What is of a drill on the map: hatched, in muted ink, with its letter; above what is as it should
 * be, below nothing that is real. It joins the layer's hits, so that it opens like anything else. */
(function () {
  "use strict";

  const pingji = window.pingji;
  const DASHES = 8;
  const ALL_ZOOM = 13; // below it only what is abnormal is drawn
  const BAD = ["ponding", "closed"];
  const KINDS = { places: "place", stations: "station", cases: "case" };

  function outline(context, kind, x, y, r) {
    context.beginPath();
    if (kind === "place") {
      context.moveTo(x, y - r);
      context.lineTo(x + r, y + r * 0.8);
      context.lineTo(x - r, y + r * 0.8);
      context.closePath();
    } else if (kind === "station") {
      context.rect(x - r * 0.8, y - r * 0.8, r * 1.6, r * 1.6);
    } else {
      context.arc(x, y, r * 0.8, 0, 2 * Math.PI);
    }
  }

  /** A broken ring, as no real mark has one. */
  function ring(context, x, y, r) {
    for (let n = 0; n < DASHES; n += 1) {
      const from = (2 * Math.PI * n) / DASHES;
      context.beginPath();
      context.arc(x, y, r, from, from + Math.PI / DASHES);
      context.stroke();
    }
  }

  function stripes(context, x, y, r) {
    [-0.45, 0, 0.45].forEach((shift) => {
      const half = r * (0.55 - Math.abs(shift) * 0.5);
      context.beginPath();
      context.moveTo(x + shift * r - half, y + shift * r + half);
      context.lineTo(x + shift * r + half, y + shift * r - half);
      context.stroke();
    });
  }

  function mark(brush, kind, x, y, bad) {
    const { context, token, rem } = brush;
    const r = (bad ? 9 : 6) * rem;
    context.lineWidth = 1.2 * rem;
    context.fillStyle = token["--map-group"];
    context.strokeStyle = token[bad ? "--map-strong" : "--map-muted"];
    outline(context, bad ? "case" : kind, x, y, r);
    context.fill();
    if (!bad) {
      context.stroke();
      stripes(context, x, y + (kind === "place" ? 1.5 : 0) * rem, r);
      return r + 2;
    }
    context.lineWidth = 2 * rem;
    ring(context, x, y, r);
    context.font = pingji.marks.font(brush, 700, 10);
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.fillStyle = token["--map-strong"];
    context.fillText(pingji.say("drill_letter"), x, y);
    return r + 2;
  }

  /** Whether a row asks for something now. */
  function bad(topic, row, now) {
    const at = pingji.live.topic(topic).columns;
    if (topic === "places") return BAD.indexOf(row[at.state]) >= 0;
    if (topic === "stations") return pingji.model.judge(row, now).level === "over";
    return pingji.page.terminal.indexOf(row[at.stage]) < 0 && Date.parse(row[at.due_at]) < now;
  }

  const drawUsual = pingji.PointLayer.prototype.drawUsual;

  pingji.PointLayer.include({
    drawUsual(usual, now, zoom) {
      drawUsual.call(this, usual, now, zoom);
      Object.keys(KINDS).forEach((topic) => this.drawDrill(topic, now, zoom));
    },

    drawDrill(topic, now, zoom) {
      const points = pingji.drill.points[topic];
      const view = this.view;
      for (let i = 0; i < points.n; i += 1) {
        const [x, y] = this.screen(points, i);
        if (!(x > -20 && y > -20 && x < view.width + 20 && y < view.height + 20)) continue;
        const urgent = bad(topic, points.rows[i], now);
        if (!urgent && zoom < ALL_ZOOM) continue;
        const r = mark(this.brush, KINDS[topic], x, y, urgent);
        this.drawn.push({ x, y, r, kind: KINDS[topic], id: points.ids[i], late: 0, alerts: 0 });
      }
    },
  });

})();
