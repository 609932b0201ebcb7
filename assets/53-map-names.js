/* Names on the base map: written once for a view, by rank, where no other stands.
 *
 * They lie on a sheet of their own over the ground, so that one that the points would cover is
 * left out while they do, and nothing else is drawn again. */
(function () {
  "use strict";

  const pingji = window.pingji;
  const APART_PX = 420; // a name is not repeated nearer than this
  const TURNED = 52; // degrees; beyond, Chinese characters stand upright one below the other
  const PAD_PX = 3; // between two names
  const WATER = ["river", "lake", "water"];

  pingji.BaseLayer.include({
    drawNames(zoom) {
      this.boxes = []; // places that are taken, in px of the canvas
      this.named = [];
      this.written = []; // {text, boxes, …} of each name that stands
      this.covered = "";
      const english = pingji.language === "en";
      const stood = []; // {name, x, y}
      this.features.forEach((feature) => {
        const text = english ? feature.en : feature.zh;
        // districts are named with the points, where they can give way to them
        if (!text || zoom < feature.zoom) return;
        if (feature.what === "district") {
          this.reserve(feature, text);
          return;
        }
        feature.places.forEach((place) => {
          const x = place[0] * this.view.scale - this.view.left;
          const y = place[1] * this.view.scale - this.view.top;
          if (!(x > 0 && y > 0 && x < this.view.width && y < this.view.height)) return;
          const near = (other) =>
            other.name === text && Math.hypot(other.x - x, other.y - y) < APART_PX * this.rem;
          if (stood.some(near)) return;
          if (this.name(feature, text, x, y, place[2], english)) stood.push({ name: text, x, y });
        });
      });
      this.write();
    },

    style(feature) {
      if (WATER.indexOf(feature.kind) >= 0) {
        const px = feature.rank === 1 ? 13 : 12;
        return { px, token: "--map-water-name", weight: "500", space: feature.rank === 1 ? 0.45 : 0.2 };
      }
      if (feature.kind === "label") {
        return { px: feature.rank <= 2 ? 12.5 : 12, token: "--map-place-name", weight: "500", space: 0.08 };
      }
      return { px: 11, token: "--map-street-name", weight: "400", space: 0.12 };
    },

    /** Keep clear the place of a district's name. */
    reserve(feature, text) {
      const place = feature.places[0];
      const x = place[0] * this.view.scale - this.view.left;
      const y = place[1] * this.view.scale - this.view.top;
      const half = (text.length * (pingji.language === "en" ? 7.5 : 13) * this.rem) / 2;
      this.boxes.push([x - half, y - 9 * this.rem, x + half, y + 9 * this.rem]);
    },

    /** Place a name if none that matters more stands there; says whether it stands. */
    name(feature, text, x, y, turn, english) {
      const context = this.letters.getContext("2d");
      const style = this.style(feature);
      const px = style.px * this.rem;
      const slant = english && style.token === "--map-water-name" ? "italic " : "";
      const font = slant + style.weight + " " + px + "px " + this.family;
      context.font = font;
      const letters = english ? [text] : Array.from(text);
      const upright = !english && Math.abs(turn) > TURNED && letters.length > 1;
      const space = english ? 0 : style.space * px;
      const sizes = letters.map((letter) => (upright ? px : context.measureText(letter).width));
      const long = sizes.reduce((sum, size) => sum + size, 0) + space * (letters.length - 1);
      const angle = upright ? turnDown(turn) : (turn * Math.PI) / 180;
      const boxes = this.boxesOf(x, y, long, px, angle);
      if (boxes.some((box) => this.boxes.some((other) => overlap(box, other)))) return false;
      this.boxes.push.apply(this.boxes, boxes);
      boxes.forEach((box) => this.named.push(Object.assign(box, { name: text })));
      const marks = [];
      let along = -long / 2;
      letters.forEach((letter, n) => {
        const at = along + sizes[n] / 2;
        marks.push([letter, x + Math.cos(angle) * at, y + Math.sin(angle) * at]);
        along += sizes[n] + space;
      });
      const turned = upright ? 0 : angle;
      this.written.push({ boxes, marks, font, turned, token: style.token, hidden: false });
      return true;
    },

    /** Put the names on their sheet, but those that are covered. */
    write() {
      const context = this.letters.getContext("2d");
      context.setTransform(1, 0, 0, 1, 0, 0);
      context.clearRect(0, 0, this.letters.width, this.letters.height);
      const ratio = this.ratio;
      context.lineJoin = "round";
      context.lineWidth = 2.6 * this.rem;
      context.strokeStyle = this.token["--map-halo"];
      context.textAlign = "center";
      context.textBaseline = "middle";
      const each = (name, how) =>
        name.marks.forEach(([letter, x, y]) => {
          const cosine = Math.cos(name.turned) * ratio;
          const sine = Math.sin(name.turned) * ratio;
          context.setTransform(cosine, sine, -sine, cosine, x * ratio, y * ratio);
          context[how](letter, 0, 0);
        });
      this.written.forEach((name) => {
        if (name.hidden) return;
        context.font = name.font;
        context.fillStyle = this.token[name.token];
        context.globalAlpha = 0.85;
        each(name, "strokeText");
        context.globalAlpha = 1;
        each(name, "fillText");
      });
    },

    /** Where names stand now, as boxes in px of the map's frame. */
    standing() {
      if (!this.painted || !this._map || !this.written) return [];
      const { x, y } = this.offset();
      const found = [];
      this.written.forEach((name) => {
        if (name.hidden) return;
        name.boxes.forEach((b) => found.push([b[0] + x, b[1] + y, b[2] + x, b[3] + y]));
      });
      return found;
    },

    offset() {
      return this.painted.min.subtract(this._map.getPixelBounds().min);
    },

    /** Leave out the names that circles {x, y, r} or boxes of the map's frame lie on. */
    giveWay(circles, boxes) {
      if (!this.painted || !this.written || this._map.getZoom() !== this.zoom) return;
      const { x, y } = this.offset();
      const lies = (b) => {
        const [x0, y0, x1, y1] = [b[0] + x, b[1] + y, b[2] + x, b[3] + y];
        return (
          circles.some((c) => {
            const dx = c.x - Math.max(x0, Math.min(c.x, x1));
            const dy = c.y - Math.max(y0, Math.min(c.y, y1));
            return Math.hypot(dx, dy) < c.r - 1;
          }) || boxes.some((box) => overlap([x0, y0, x1, y1], box))
        );
      };
      let covered = "";
      this.written.forEach((name, n) => {
        name.hidden = name.boxes.some(lies);
        if (name.hidden) covered += n + " ";
      });
      if (covered === this.covered) return;
      this.covered = covered;
      this.write();
    },

    /** A turned name as small boxes along its line, so that neighbours may come near. */
    boxesOf(x, y, long, px, angle) {
      const pieces = Math.max(1, Math.ceil(long / (2 * px)));
      const half = long / pieces / 2;
      const boxes = [];
      const wide = Math.abs(Math.cos(angle)) * half + (px / 2) * Math.abs(Math.sin(angle)) + PAD_PX;
      const high = Math.abs(Math.sin(angle)) * half + (px / 2) * Math.abs(Math.cos(angle)) + PAD_PX;
      for (let n = 0; n < pieces; n += 1) {
        const at = -long / 2 + half * (2 * n + 1);
        const cx = x + Math.cos(angle) * at;
        const cy = y + Math.sin(angle) * at;
        boxes.push([cx - wide, cy - high, cx + wide, cy + high]);
      }
      return boxes;
    },
  });

  function overlap(a, b) {
    return a[0] < b[2] && a[2] > b[0] && a[1] < b[3] && a[3] > b[1];
  }

  /** Upright characters are read from the top, whichever way the line was drawn. */
  function turnDown(turn) {
    const angle = (turn * Math.PI) / 180;
    return angle < 0 ? angle + Math.PI : angle;
  }
})();
