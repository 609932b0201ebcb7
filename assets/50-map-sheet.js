/* A canvas that is painted again only when the picture is another.
 *
 * Marks are drawn on it as on a 2D context; what they ask for is written down, compared with what
 * the canvas shows, and carried out where it differs. At city zoom most changes of a case alter no
 * mark, and a canvas left alone costs the page nothing. */
(function () {
  "use strict";

  const SET = ["fillStyle", "strokeStyle", "lineWidth", "lineJoin", "font", "textAlign", "textBaseline"];
  const CALL = [
    ["beginPath", 0],
    ["closePath", 0],
    ["moveTo", 2],
    ["lineTo", 2],
    ["arc", 5],
    ["rect", 4],
    ["fill", 0],
    ["stroke", 0],
    ["fillRect", 4],
    ["strokeRect", 4],
    ["fillText", 3],
    ["strokeText", 3],
  ];

  class Sheet {
    constructor(canvas) {
      this.context = canvas.getContext("2d");
      this.asked = []; // code, then its values, one after the other
      this.shown = [];
      this.now = {}; // the properties as they were last asked for
    }

    /** Begin a picture; `anew` when the canvas lost what it showed. */
    begin(anew) {
      this.asked.length = 0;
      if (anew) this.shown.length = 0;
      this.now = {};
    }

    measureText(text) {
      if (this.context.font !== this.now.font) this.context.font = this.now.font;
      return this.context.measureText(text);
    }

    /** Put the picture on the canvas, of so many px, unless it is there; says whether it did. */
    end(width, height) {
      const { asked, shown } = this;
      let same = asked.length === shown.length;
      for (let n = 0; same && n < asked.length; n += 1) same = asked[n] === shown[n];
      if (same) return false;
      this.context.clearRect(0, 0, width, height);
      this.play(asked);
      this.asked = shown;
      this.shown = asked;
      return true;
    }

    play(asked) {
      const context = this.context;
      let n = 0;
      while (n < asked.length) {
        const code = asked[n];
        n += 1;
        if (code < SET.length) {
          context[SET[code]] = asked[n];
          n += 1;
          continue;
        }
        const [name, values] = CALL[code - SET.length];
        if (values === 0) context[name]();
        else if (values === 2) context[name](asked[n], asked[n + 1]);
        else if (values === 3) context[name](asked[n], asked[n + 1], asked[n + 2]);
        else if (values === 4) context[name](asked[n], asked[n + 1], asked[n + 2], asked[n + 3]);
        else context[name](asked[n], asked[n + 1], asked[n + 2], asked[n + 3], asked[n + 4]);
        n += values;
      }
    }
  }

  SET.forEach((name, code) => {
    Object.defineProperty(Sheet.prototype, name, {
      get() {
        return this.now[name];
      },
      set(value) {
        if (this.now[name] === value) return;
        this.now[name] = value;
        this.asked.push(code, value);
      },
    });
  });

  CALL.forEach(([name, values], place) => {
    const code = SET.length + place;
    Sheet.prototype[name] = function () {
      this.asked.push(code);
      for (let n = 0; n < values; n += 1) this.asked.push(arguments[n]);
    };
  });

  window.pingji.Sheet = Sheet;
})();
