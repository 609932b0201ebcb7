/* Abnormal things too near each other to stand alone: one plate that counts them by kind.
 *
 * Each kind keeps its shape, a river its colour against its lines; at the right end stands how many
 * alerts here nobody has acknowledged. */
(function () {
  "use strict";

  const pingji = window.pingji;
  const HIGH = 18; // px
  const SIGN = 13; // px of a shape with its room
  const PAD = 4;
  const MOST = 3; // kinds told apart

  const SHAPES = {
    river(context, x, y, r) {
      context.moveTo(x, y - r);
      context.lineTo(x + r, y);
      context.lineTo(x, y + r);
      context.lineTo(x - r, y);
      context.closePath();
    },
    rain(context, x, y, r) {
      context.rect(x - r * 0.4, y - r, r * 0.8, r * 1.6);
      context.rect(x - r, y + r * 0.6, 2 * r, r * 0.4);
    },
    emission(context, x, y, r) {
      context.rect(x - r * 0.8, y - r * 0.8, r * 1.6, r * 1.6);
    },
    place(context, x, y, r) {
      context.moveTo(x, y - r);
      context.lineTo(x + r, y + r * 0.8);
      context.lineTo(x - r, y + r * 0.8);
      context.closePath();
    },
    closed(context, x, y, r) {
      context.arc(x, y, r, 0, 2 * Math.PI);
    },
    camera(context, x, y, r) {
      context.rect(x - r, y - r * 0.6, r * 1.3, r * 1.2);
      context.moveTo(x + r * 0.3, y);
      context.lineTo(x + r, y - r * 0.6);
      context.lineTo(x + r, y + r * 0.6);
      context.closePath();
    },
    responder(context, x, y, r) {
      context.moveTo(x, y - r);
      context.lineTo(x + r * 0.8, y + r);
      context.lineTo(x, y + r * 0.5);
      context.lineTo(x - r * 0.8, y + r);
      context.closePath();
    },
  };

  /** What a heap says: its kinds by number, the greatest first, then what is left together. */
  function partsOf(signs) {
    const by = new Map();
    signs.forEach((sign) => {
      const part = by.get(sign.shape);
      if (!part) by.set(sign.shape, Object.assign({ n: 1 }, sign));
      else {
        part.n += 1;
        if (sign.rank > part.rank) Object.assign(part, { rank: sign.rank, token: sign.token });
      }
    });
    const all = Array.from(by.values()).sort((a, b) => b.rank - a.rank || b.n - a.n);
    if (all.length <= MOST) return all;
    const more = all.slice(MOST).reduce((sum, part) => sum + part.n, 0);
    return all.slice(0, MOST).concat({ shape: null, token: "--map-ink", n: more });
  }

  function number(n) {
    return pingji.format.number(n);
  }

  const widths = new Map(); // FONT TEXT -> px

  function widthOf(brush, text) {
    const key = brush.context.font + " " + text;
    if (!widths.has(key)) widths.set(key, brush.context.measureText(text).width);
    return widths.get(key);
  }

  /** The plate's parts with their places, and its width in px. */
  function layOut(brush, signs, alerts) {
    const rem = brush.rem;
    brush.context.font = pingji.marks.font(brush, 600, 11.5);
    let wide = PAD * rem;
    const parts = partsOf(signs).map((part) => {
      const text = part.shape ? number(part.n) : "+" + number(part.n);
      const from = wide;
      wide += (part.shape ? SIGN * rem : 0) + widthOf(brush, text) + PAD * rem;
      return Object.assign({ text, from }, part);
    });
    const tab = alerts ? "!" + number(alerts) : "";
    const from = wide;
    if (tab) wide += widthOf(brush, tab) + 2 * PAD * rem;
    return { parts, tab, from, wide, high: HIGH * rem };
  }

  function draw(brush, x, y, plate) {
    const { context, token, rem } = brush;
    const left = x - plate.wide / 2;
    const top = y - plate.high / 2;
    context.fillStyle = token["--map-group"];
    context.strokeStyle = token["--map-halo"];
    context.lineWidth = 4 * rem;
    context.strokeRect(left, top, plate.wide, plate.high);
    context.fillRect(left, top, plate.wide, plate.high);
    context.lineWidth = 1.2 * rem;
    context.strokeStyle = token["--map-strong"];
    context.strokeRect(left, top, plate.wide, plate.high);
    context.font = pingji.marks.font(brush, 600, 11.5);
    context.textAlign = "left";
    context.textBaseline = "middle";
    plate.parts.forEach((part) => {
      let at = left + part.from;
      if (part.shape) {
        context.beginPath();
        (SHAPES[part.shape] || SHAPES.place)(context, at + 5 * rem, y, 4.8 * rem);
        context.fillStyle = token[part.token];
        context.fill();
        if (part.shape === "closed") {
          context.fillStyle = token["--map-group"];
          context.fillRect(at + 2 * rem, y - rem, 6 * rem, 2 * rem);
        }
        at += SIGN * rem;
      }
      context.fillStyle = token["--map-ink"];
      context.fillText(part.text, at, y + 0.5);
    });
    if (!plate.tab) return;
    context.fillStyle = token["--map-strong"];
    context.fillRect(left + plate.from, top, plate.wide - plate.from, plate.high);
    context.fillStyle = token["--map-halo"];
    context.fillText(plate.tab, left + plate.from + PAD * rem, y + 0.5);
  }

  pingji.heap = { layOut, draw };
})();
