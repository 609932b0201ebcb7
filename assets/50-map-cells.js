/* Points into groups: binned into cells of the screen anew at each repaint, touching groups joined.
 *
 * The grid stands on the world, not on the screen, so that groups stay put while the map moves.
 * There is no index: a change of a point costs an array write. */
(function () {
  "use strict";

  const CELL = 72; // px of one cell, at 16 px to the rem
  const NONE = -1;

  class Cells {
    constructor() {
      this.room = 0;
      this.next = new Int32Array(0); // the next point of the same cell
    }

    prepare(total, points) {
      if (total > this.room) {
        this.count = new Int32Array(total);
        this.late = new Int32Array(total);
        this.head = new Int32Array(total);
        this.x = new Float64Array(total);
        this.y = new Float64Array(total);
        this.into = new Int32Array(total);
        this.room = total;
      }
      this.count.fill(0, 0, total);
      this.late.fill(0, 0, total);
      this.head.fill(NONE, 0, total);
      this.x.fill(0, 0, total);
      this.y.fill(0, 0, total);
      if (points.capacity > this.next.length) this.next = new Int32Array(points.capacity);
    }

    /** view: {scale, left, top, width, height, rem}; `take(i)`: counts, `late(i)`: needs action. */
    bin(points, view, take, late) {
      const cell = CELL * view.rem;
      const column0 = Math.floor(view.left / cell) - 1;
      const row0 = Math.floor(view.top / cell) - 1;
      const columns = Math.ceil(view.width / cell) + 3;
      const rows = Math.ceil(view.height / cell) + 3;
      this.prepare(columns * rows, points);
      this.columns = columns;
      this.total = columns * rows;
      let all = 0;
      let allLate = 0;
      for (let i = 0; i < points.n; i += 1) {
        if (!take(i)) continue;
        const isLate = late(i);
        all += 1;
        if (isLate) allLate += 1;
        const x = points.x[i] * view.scale;
        const column = Math.floor(x / cell) - column0;
        if (!(column >= 0 && column < columns)) continue; // a point without a place, too
        const y = points.y[i] * view.scale;
        const row = Math.floor(y / cell) - row0;
        if (!(row >= 0 && row < rows)) continue;
        const at = row * columns + column;
        this.next[i] = this.head[at];
        this.head[at] = i;
        this.count[at] += 1;
        this.x[at] += x;
        this.y[at] += y;
        if (isLate) this.late[at] += 1;
      }
      this.usual = all ? allLate / all : 0;
      return this.groups(view);
    }

    groups(view) {
      const found = [];
      for (let at = 0; at < this.total; at += 1) {
        if (!this.count[at]) continue;
        this.into[at] = at;
        found.push({
          x: this.x[at] / this.count[at] - view.left,
          y: this.y[at] / this.count[at] - view.top,
          count: this.count[at],
          late: this.late[at],
          cells: [at],
        });
      }
      return found;
    }

    /** Points of a group, at most `most`, while this binning is the newest. */
    members(group, most) {
      const found = [];
      group.cells.forEach((at) => {
        for (let i = this.head[at]; i !== NONE && found.length < most; i = this.next[i]) {
          found.push(i);
        }
      });
      return found;
    }
  }

  /** Join groups that would overlap, the greater swallowing the lesser; `radius(group)` in px. */
  function joined(groups, radius) {
    const kept = [];
    const ordered = groups.slice().sort((a, b) => b.count - a.count || a.cells[0] - b.cells[0]);
    ordered.forEach((group) => {
      const r = radius(group);
      const host = kept.find(
        (other) => Math.hypot(other.x - group.x, other.y - group.y) < radius(other) + r,
      );
      if (!host) {
        kept.push(group);
        return;
      }
      const count = host.count + group.count;
      host.x = (host.x * host.count + group.x * group.count) / count;
      host.y = (host.y * host.count + group.y * group.count) / count;
      host.count = count;
      host.late += group.late;
      host.cells = host.cells.concat(group.cells);
    });
    return kept;
  }

  window.pingji.Cells = Cells;
  window.pingji.joined = joined;
})();
