/* How each thing looks on the map: one shape a kind, lateness and lines by shape as well as hue.
 *
 * Pure drawing: a brush is {context, token, rem, family}; nothing here knows the data. */
(function () {
  "use strict";

  const OVER = {
    record: "--warning-red",
    guarantee: "--warning-orange",
    warning: "--warning-yellow",
    high: "--map-strong",
    low: "--map-strong",
  };

  function font(brush, weight, px) {
    return weight + " " + px * brush.rem + "px " + brush.family;
  }

  /** Text with a rim of the ground's colour, legible on anything. */
  function inked(brush, text, x, y, token) {
    const context = brush.context;
    context.lineJoin = "round";
    context.lineWidth = 3 * brush.rem;
    context.strokeStyle = brush.token["--map-halo"];
    context.strokeText(text, x, y);
    context.fillStyle = brush.token[token];
    context.fillText(text, x, y);
  }

  function circle(context, x, y, radius) {
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
  }

  /** look: "late", "open" (the unit has it), "held" (not with the unit, or 挂账). */
  function drawCase(brush, x, y, look) {
    const { context, token, rem } = brush;
    const late = look === "late";
    circle(context, x, y, (late ? 7 : 5) * rem);
    context.fillStyle = late
      ? token["--map-lateness"]
      : token[look === "held" ? "--map-group" : "--map-case"];
    context.strokeStyle = token[look === "held" ? "--map-case" : "--map-case-edge"];
    context.lineWidth = 1.5 * rem;
    context.fill();
    context.stroke();
    if (!late) return 8 * rem;
    context.beginPath(); // the hands of a clock
    context.moveTo(x, y - 4 * rem);
    context.lineTo(x, y);
    context.lineTo(x + 3 * rem, y + 1.5 * rem);
    context.strokeStyle = token["--map-on-lateness"];
    context.lineWidth = 1.6 * rem;
    context.stroke();
    return 10 * rem;
  }

  function groupRadius(brush, count) {
    return Math.min(26, 8 + 1.75 * Math.log2(count)) * brush.rem;
  }

  /** How many need action out of how many; the hue of lateness only where that is unusual. */
  function drawGroup(brush, x, y, group) {
    const { context, token, rem } = brush;
    const radius = groupRadius(brush, group.count);
    const width = 2.2 * rem;
    circle(context, x, y, radius);
    context.fillStyle = token["--map-group"];
    context.fill();
    context.lineWidth = width;
    context.strokeStyle = token["--map-group-ring"];
    context.stroke();
    if (group.late) {
      const share = (2 * Math.PI * group.late) / group.count;
      context.beginPath();
      context.arc(x, y, radius, -Math.PI / 2, -Math.PI / 2 + share);
      context.strokeStyle = token[group.unusual ? "--map-lateness" : "--map-group-share"];
      context.lineWidth = group.unusual ? width * 1.8 : width;
      context.stroke();
    }
    context.textAlign = "center";
    context.textBaseline = "middle";
    const number = window.pingji.format.number;
    if (group.unusual) {
      context.font = font(brush, 600, 12);
      context.fillStyle = token["--map-lateness"];
      context.fillText(number(group.late), x, y - 5 * rem);
      context.font = font(brush, 400, 10);
      context.fillStyle = token["--map-ink"];
      context.fillText("/" + number(group.count), x, y + 6.5 * rem);
    } else {
      context.font = font(brush, 500, 12);
      context.fillStyle = token["--map-ink"];
      context.fillText(number(group.count), x, y + 0.5);
    }
    if (group.alerts) drawTab(brush, x, y, radius, group.alerts);
    return radius + width;
  }

  /** So many alerts here that nobody has acknowledged: a number in a tab. */
  function drawTab(brush, x, y, r, count) {
    const { context, token, rem } = brush;
    const text = "!" + window.pingji.format.number(count);
    context.font = font(brush, 700, 10.5);
    const wide = (4.5 + 6 * text.length) * rem; // figures are of one width
    const high = 13 * rem;
    const left = x + r * 0.7 - 2 * rem;
    const top = y - r * 0.7 - high + 3 * rem;
    context.fillStyle = token["--map-halo"];
    context.fillRect(left - rem, top - rem, wide + 2 * rem, high + 2 * rem);
    context.fillStyle = token["--map-strong"];
    context.fillRect(left, top, wide, high);
    context.fillStyle = token["--map-halo"];
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.fillText(text, left + wide / 2, top + high / 2 + 0.5);
  }

  /** A ring about one thing whose alert nobody has acknowledged; more than one are counted. */
  function drawAlert(brush, x, y, r, count) {
    const { context, token, rem } = brush;
    circle(context, x, y, r + 1.5 * rem);
    context.lineWidth = 4 * rem;
    context.strokeStyle = token["--map-halo"];
    context.stroke();
    context.lineWidth = 1.8 * rem;
    context.strokeStyle = token["--map-strong"];
    context.stroke();
    if (count > 1) drawTab(brush, x, y, r, count);
  }

  /** verdict: as model.judge gives it; small: there is no room for the full shape. */
  function drawStation(brush, x, y, layer, verdict, small) {
    const { context, token, rem } = brush;
    const over = verdict.level === "over";
    const r = (over ? 8 : small ? 2.6 : 5) * rem;
    context.beginPath();
    if (layer === "rain") {
      context.moveTo(x - r, y - r * 0.8);
      context.lineTo(x + r, y - r * 0.8);
      context.lineTo(x, y + r);
    } else if (layer === "emission") {
      context.rect(x - r * 0.8, y - r * 0.8, r * 1.6, r * 1.6);
    } else {
      context.moveTo(x, y - r);
      context.lineTo(x + r, y);
      context.lineTo(x, y + r);
      context.lineTo(x - r, y);
    }
    context.closePath();
    const hollow = verdict.level === "none" || verdict.old;
    if (small && !over) {
      context.fillStyle = token[hollow ? "--map-old" : "--map-station"];
      context.fill();
      return r + 3;
    }
    context.fillStyle = token[over ? OVER[verdict.line] : "--map-station"];
    context.strokeStyle = token[hollow ? "--map-old" : "--map-halo"];
    context.lineWidth = (over ? 2 : 1.2) * rem;
    if (!hollow || over) context.fill();
    context.stroke();
    if (over) {
      context.font = font(brush, 700, 11);
      context.textAlign = "center";
      context.textBaseline = "middle";
      context.fillStyle = token["--map-halo"];
      context.fillText("!", x, y + 0.5);
    }
    return r + 3;
  }

  const GAUGE = { wide: 7.5, high: 20, least: 0.5 }; // px, and m between the first two lines

  /** A level as a gauge: how full, with its lines as ticks; coloured only at or over a line. */
  function drawGauge(brush, x, y, verdict, level, small) {
    const { context, token, rem } = brush;
    const over = verdict.level === "over";
    const size = (over ? 1.3 : small ? 0.55 : 1) * rem;
    const wide = GAUGE.wide * size;
    const high = GAUGE.high * size;
    const left = x - wide / 2;
    const foot = y + high / 2;
    const apart = typeof level.guarantee === "number" ? level.guarantee - level.warning : 1;
    const span = Math.max(apart, GAUGE.least);
    const lowest = level.warning - 2 * span;
    const highest = Math.max(level.guarantee || 0, level.record || 0, level.warning) + 0.4 * span;
    const share = (value) => Math.max(0, Math.min(1, (value - lowest) / (highest - lowest)));
    context.fillStyle = token["--map-group"];
    context.strokeStyle = token["--map-halo"];
    context.lineWidth = 3 * rem;
    context.strokeRect(left, foot - high, wide, high);
    context.fillRect(left, foot - high, wide, high);
    const full = high * share(level.value);
    if (!verdict.old) {
      context.fillStyle = token[over ? OVER[verdict.line] : "--gauge-water"];
      context.fillRect(left, foot - full, wide, full);
    }
    context.lineWidth = (small ? 0.8 : 1.1) * rem;
    context.strokeStyle = token[verdict.old ? "--map-old" : "--map-station"];
    context.strokeRect(left, foot - high, wide, high);
    context.beginPath();
    [level.warning, level.guarantee].forEach((line, n) => {
      if (typeof line !== "number") return;
      const at = foot - high * share(line);
      context.moveTo(left + (n ? wide * 0.5 : 0), at);
      context.lineTo(left + wide + (small ? 1.5 : 3.5) * rem, at);
    });
    context.strokeStyle = token["--map-ink"];
    context.stroke();
    if (over) {
      context.font = font(brush, 700, 12);
      context.textAlign = "center";
      context.textBaseline = "bottom";
      inked(brush, "!", x, foot - high - 1, "--map-ink");
    }
    return high / 2 + 3;
  }

  const RAIN = { wide: 5, most: 44, mm: 0.6 }; // px, px, px a mm: 70 mm in an hour is the top

  /** An hour's rain as a column on its place, its value above where there is room; dry is a tick. */
  function drawRain(brush, x, y, mm, verdict, small) {
    const { context, token, rem } = brush;
    const size = (small ? 0.65 : 1) * rem;
    const wide = RAIN.wide * size;
    const high = mm ? Math.min(RAIN.most, 3 + mm * RAIN.mm) * size : 0;
    const over = verdict.level === "over";
    context.fillStyle = token["--map-halo"];
    context.fillRect(x - wide - 1, y - high - 1, 2 * wide + 2, high + 3.5 * size);
    context.fillStyle = token[mm === null ? "--map-old" : "--map-station"];
    context.fillRect(x - wide, y, 2 * wide, 1.5 * size);
    if (high) {
      context.fillStyle = token[over ? OVER[verdict.line] : "--map-ink"];
      context.fillRect(x - wide / 2, y - high, wide, high);
    }
    if (high && !small) {
      context.font = font(brush, over ? 700 : 500, 10.5);
      context.textAlign = "center";
      context.textBaseline = "bottom";
      inked(brush, window.pingji.format.value(mm), x, y - high - 1, "--map-ink");
    }
    return Math.max(6 * size, high / 2 + 3);
  }

  function drawCamera(brush, x, y, off, small) {
    const { context, token } = brush;
    const rem = brush.rem * (small ? 0.75 : 1);
    context.beginPath();
    context.rect(x - 6 * rem, y - 3.6 * rem, 8 * rem, 7.2 * rem);
    context.moveTo(x + 2 * rem, y);
    context.lineTo(x + 6.4 * rem, y - 3.4 * rem);
    context.lineTo(x + 6.4 * rem, y + 3.4 * rem);
    context.closePath();
    context.lineWidth = (off ? 1 : 2.4) * rem;
    context.fillStyle = token["--map-camera"];
    context.strokeStyle = token[off ? "--map-old" : "--map-halo"];
    context.stroke();
    if (!off) context.fill();
    return 8 * brush.rem;
  }

  /** How many stand on one spot. */
  function drawCount(brush, x, y, count) {
    brush.context.font = font(brush, 400, 10.5);
    brush.context.textAlign = "left";
    brush.context.textBaseline = "middle";
    inked(brush, window.pingji.format.number(count), x + 8 * brush.rem, y, "--map-muted");
  }

  function drawSelection(brush, x, y) {
    circle(brush.context, x, y, 14 * brush.rem);
    brush.context.strokeStyle = brush.token["--map-select"];
    brush.context.lineWidth = 2.5 * brush.rem;
    brush.context.stroke();
  }

  window.pingji.marks = {
    OVER,
    drawCase,
    drawGroup,
    groupRadius,
    drawStation,
    drawGauge,
    drawRain,
    drawCamera,
    drawCount,
    drawAlert,
    drawSelection,
    font,
    inked,
  };
})();
