/* Points into groups: binned into cells of the screen anew at each repaint, touching groups joined.
 *
 * The grid stands on the world, not on the screen, so that groups stay put while the map moves.
 * There is no index: a change of a point costs an array write. */
(function () {
  "use strict";

  const NONE = -1;
  const ROUNDS = 8; // of giving way
  const RING = 9; // px between the places tried round one that is taken
  const TURNS = 12;

  class Cells {
    /** cell: px of one cell, at 16 px to the rem. */
    constructor(cell) {
      this.cell = cell;
      this.room = 0;
      this.next = new Int32Array(0); // the next point of the same cell
    }

    prepare(total, points) {
      if (total > this.room) {
        this.count = new Int32Array(total);
        this.late = new Int32Array(total);
        this.alerts = new Int32Array(total);
        this.head = new Int32Array(total);
        this.x = new Float64Array(total);
        this.y = new Float64Array(total);
        this.room = total;
      }
      this.count.fill(0, 0, total);
      this.late.fill(0, 0, total);
      this.alerts.fill(0, 0, total);
      this.head.fill(NONE, 0, total);
      this.x.fill(0, 0, total);
      this.y.fill(0, 0, total);
      if (points.capacity > this.next.length) this.next = new Int32Array(points.capacity);
    }

    /** view: {scale, left, top, width, height, rem}; `take(i)`: counts, `late(i)`: needs action,
     * `alerts(i)`: how many of its alerts wait. */
    bin(points, view, take, late, alerts) {
      const cell = this.cell * view.rem;
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
        if (alerts) this.alerts[at] += alerts(i);
      }
      this.usual = all ? allLate / all : 0;
      return this.groups(view);
    }

    groups(view) {
      const found = [];
      for (let at = 0; at < this.total; at += 1) {
        if (!this.count[at]) continue;
        found.push({
          x: this.x[at] / this.count[at] - view.left,
          y: this.y[at] / this.count[at] - view.top,
          count: this.count[at],
          late: this.late[at],
          alerts: this.alerts[at],
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
      add(host, group);
    });
    return kept;
  }

  /** Move groups off boxes [left, top, right, bottom] and then off each other, each `far` px at
   * most from its place: what is moved is a middle of many, never a thing. */
  function settled(groups, boxes, radius, far) {
    const sized = groups.map((group) => {
      const one = { group, r: radius(group), x: group.x, y: group.y };
      return Object.assign(one, { boxes: within(boxes, one, one.r + 2 * far) });
    });
    for (let round = 0; round < ROUNDS; round += 1) {
      let moved = false;
      sized.forEach((one) => {
        one.boxes.forEach((box) => {
          const nearX = Math.max(box[0], Math.min(one.group.x, box[2]));
          const nearY = Math.max(box[1], Math.min(one.group.y, box[3]));
          let dx = one.group.x - nearX;
          let dy = one.group.y - nearY;
          const apart = Math.hypot(dx, dy);
          if (apart >= one.r) return;
          if (!apart) {
            dx = 0;
            dy = one.group.y < (box[1] + box[3]) / 2 ? -1 : 1; // out of a box by its longer side
          }
          const by = apart ? (one.r - apart) / apart : one.r + (box[3] - box[1]) / 2;
          shift(one, dx * by, dy * by, far);
          moved = true;
        });
      });
      if (!moved && round) break;
      sized.forEach((a, n) => {
        for (let m = n + 1; m < sized.length; m += 1) {
          const b = sized[m];
          const dx = b.group.x - a.group.x;
          const dy = b.group.y - a.group.y;
          const reach = a.r + b.r;
          if (dx > reach || dx < -reach || dy > reach || dy < -reach) continue;
          const apart = Math.hypot(dx, dy);
          if (apart >= reach - 0.5 || !apart) continue;
          const by = (reach - apart) / apart;
          // the greater stands, the lesser gives way
          const share = b.group.count / (a.group.count + b.group.count);
          shift(a, -dx * by * share, -dy * by * share, far);
          shift(b, dx * by * (1 - share), dy * by * (1 - share), far);
          moved = true;
        }
      });
      if (!moved) break;
    }
    sized
      .filter((one) => !clear(one.group, one.r, one.boxes, []))
      .forEach((one) => rescue(one, sized, far) || fold(one, sized));
    return sized.map((one) => one.group);
  }

  /** The boxes that come within `reach` px of a place: no other can be in the way. */
  function within(boxes, place, reach) {
    return boxes.filter(
      (box) =>
        box[0] < place.x + reach &&
        box[2] > place.x - reach &&
        box[1] < place.y + reach &&
        box[3] > place.y - reach,
    );
  }

  /** Where there is no place for a group it is counted with the nearest other. */
  function fold(one, sized) {
    const near = (other) => Math.hypot(other.group.x - one.x, other.group.y - one.y);
    const others = sized.filter((other) => other !== one);
    if (!others.length) return;
    const host = others.reduce((best, other) => (near(other) < near(best) ? other : best)).group;
    add(host, one.group);
    sized.splice(sized.indexOf(one), 1);
  }

  function add(host, group) {
    host.count += group.count;
    host.late += group.late;
    host.alerts += group.alerts;
    host.cells = host.cells.concat(group.cells);
  }

  /** Say whether a circle about a place lies on no box, and on no other group. */
  function clear(place, r, boxes, others) {
    const onBox = boxes.some((box) => {
      const dx = place.x - Math.max(box[0], Math.min(place.x, box[2]));
      const dy = place.y - Math.max(box[1], Math.min(place.y, box[3]));
      return dx * dx + dy * dy < (r - 1) * (r - 1);
    });
    if (onBox) return false;
    return others.every(({ group, r: own }) => {
      const dx = place.x - group.x;
      const dy = place.y - group.y;
      return dx * dx + dy * dy >= (r + own - 2) * (r + own - 2);
    });
  }

  /** A group that is still covered takes the nearest free place, twice as far at most, if any. */
  function rescue(one, sized, far) {
    const others = sized.filter((other) => other !== one);
    for (let away = RING; away <= 2 * far; away += RING) {
      for (let step = 0; step < TURNS; step += 1) {
        const angle = (2 * Math.PI * step) / TURNS;
        const place = { x: one.x + away * Math.cos(angle), y: one.y + away * Math.sin(angle) };
        if (clear(place, one.r, one.boxes, others)) {
          Object.assign(one.group, place);
          return true;
        }
      }
    }
    return false;
  }

  function shift(one, dx, dy, far) {
    const x = one.group.x + dx - one.x;
    const y = one.group.y + dy - one.y;
    const long = Math.hypot(x, y);
    const kept = long > far ? far / long : 1;
    one.group.x = one.x + x * kept;
    one.group.y = one.y + y * kept;
  }

  /** Settles groups, and knows them again: most changes of a case move no group. */
  class Settler {
    constructor() {
      this.asked = [];
      this.found = [];
    }

    settled(groups, boxes, radius, far) {
      const asked = [far];
      groups.forEach((it) => {
        const place = [Math.round(it.x * 100), Math.round(it.y * 100)];
        asked.push(...place, it.count, it.late, it.alerts, it.cells.length, ...it.cells);
      });
      boxes.forEach((box) => asked.push(...box));
      const same = asked.length === this.asked.length && asked.every((it, n) => it === this.asked[n]);
      if (!same) this.found = settled(groups, boxes, radius, far);
      this.asked = asked;
      return this.found;
    }
  }

  Object.assign(window.pingji, { Cells, joined, Settler });
})();
