/* Where there is room on the map: small squares of the world that something already stands on.
 *
 * Things that are as they should be take only free room, so that a city full of them stays calm;
 * the squares stand on the world, so that what stands does not flicker while the map moves. */
(function () {
  "use strict";

  const SQUARE = 6; // px

  class Room {
    constructor() {
      this.taken = new Uint8Array(0);
    }

    /** Begin with an empty view. */
    clear(view) {
      this.left = Math.floor(view.left / SQUARE) * SQUARE - view.left;
      this.top = Math.floor(view.top / SQUARE) * SQUARE - view.top;
      this.columns = Math.ceil(view.width / SQUARE) + 2;
      this.rows = Math.ceil(view.height / SQUARE) + 2;
      const size = this.columns * this.rows;
      if (size > this.taken.length) this.taken = new Uint8Array(size);
      else this.taken.fill(0, 0, size);
    }

    /** Columns and rows of a box, cut at the edges of the view; null outside of it. */
    span(x0, y0, x1, y1) {
      const a = Math.max(0, Math.floor((x0 - this.left) / SQUARE));
      const b = Math.max(0, Math.floor((y0 - this.top) / SQUARE));
      const c = Math.min(this.columns - 1, Math.floor((x1 - this.left) / SQUARE));
      const d = Math.min(this.rows - 1, Math.floor((y1 - this.top) / SQUARE));
      return a > c || b > d ? null : [a, b, c, d];
    }

    /** Say whether nothing stands in the box. */
    free(x0, y0, x1, y1) {
      const span = this.span(x0, y0, x1, y1);
      if (!span) return false;
      for (let row = span[1]; row <= span[3]; row += 1) {
        const from = row * this.columns;
        for (let at = from + span[0]; at <= from + span[2]; at += 1) {
          if (this.taken[at]) return false;
        }
      }
      return true;
    }

    take(x0, y0, x1, y1) {
      const span = this.span(x0, y0, x1, y1);
      if (!span) return;
      for (let row = span[1]; row <= span[3]; row += 1) {
        const from = row * this.columns;
        this.taken.fill(1, from + span[0], from + span[2] + 1);
      }
    }

    takeCircle(x, y, r) {
      const near = r * 0.75; // corners of its box stay free
      this.take(x - r, y - near, x + r, y + near);
      this.take(x - near, y - r, x + near, y + r);
    }
  }

  window.pingji.Room = Room;
})();
