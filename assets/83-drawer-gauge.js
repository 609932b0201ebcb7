/* What a gauge is drawn with: parts of an SVG, the steps of its scale, labels that stand apart. */
(function () {
  "use strict";

  const pingji = window.pingji;
  const SVG = "http://www.w3.org/2000/svg";

  function draw(tag, className, attributes, text) {
    const element = document.createElementNS(SVG, tag);
    element.setAttribute("class", className);
    Object.keys(attributes).forEach((name) => element.setAttribute(name, attributes[name]));
    if (text !== undefined) element.textContent = text;
    return element;
  }

  /** Steps of a scale that a person reads: 1, 2 or 5 of a power of ten. */
  function step(span, most) {
    const raw = span / most;
    const power = Math.pow(10, Math.floor(Math.log10(raw)));
    const lead = raw / power;
    return (lead <= 1 ? 1 : lead <= 2 ? 2 : lead <= 5 ? 5 : 10) * power;
  }

  /** Labels of lines that lie close stand apart, in order. */
  function apart(marks, y, high_px) {
    const gap = 24;
    const sorted = marks
      .map((line) => Object.assign({ at: y(line.value) }, line))
      .sort((a, b) => a.at - b.at);
    sorted.forEach((line, n) => {
      line.at = Math.max(12, line.at);
      if (n && line.at - sorted[n - 1].at < gap) line.at = sorted[n - 1].at + gap;
    });
    for (let n = sorted.length - 1; n >= 0; n -= 1) {
      const most = n === sorted.length - 1 ? high_px - 12 : sorted[n + 1].at - gap;
      sorted[n].at = Math.min(sorted[n].at, most);
    }
    return sorted;
  }

  pingji.gauge = { draw: draw, step: step, apart: apart };
})();
