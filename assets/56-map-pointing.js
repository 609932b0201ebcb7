/* Pointing at the map: hits, tooltips, selection, the list of one spot, and the keyboard.
 *
 * Text written by citizens is only ever set as text. */
(function () {
  "use strict";

  const L = window.L;
  const pingji = window.pingji;
  const model = pingji.model;
  const LIST_MOST = 200;
  const SPOT_PX = 20; // points closer than this two zooms further in are on one spot

  pingji.PointLayer.include({
    listen(map) {
      const box = map.getContainer();
      this.step = -1;
      this.under = null;
      this.onKey = (event) => this.key(event);
      box.addEventListener("keydown", this.onKey);
      map.on("mousemove", this.hover, this);
      map.on("mouseout movestart", this.hideTip, this);
      map.on("click", this.click, this);
      this.tip = pingji.make("div", "map__tip");
      this.list = pingji.make("div", "map__list panel");
      this.tip.hidden = true;
      this.list.hidden = true;
      box.append(this.tip, this.list);
      L.DomEvent.disableClickPropagation(this.list);
      L.DomEvent.disableScrollPropagation(this.list);
    },

    deafen(map) {
      map.getContainer().removeEventListener("keydown", this.onKey);
      this.tip.remove();
      this.list.remove();
    },

    hit(point) {
      let best = null;
      let nearest = Infinity;
      for (let n = this.drawn.length - 1; n >= 0; n -= 1) {
        const item = this.drawn[n];
        // a plate is a box, everything else a circle
        const dx = Math.abs(item.x - point.x) - (item.box ? item.box[0] - item.r : 0);
        const distance = Math.hypot(Math.max(0, dx), item.y - point.y) - item.r;
        if (distance <= 3 && distance < nearest) {
          best = item;
          nearest = distance;
        }
      }
      return best;
    },

    hover(event) {
      const item = this.hit(event.containerPoint);
      this._map.getContainer().classList.toggle("map--over", Boolean(item));
      if (item) this.showTip(item);
      else this.hideTip();
    },

    showTip(item) {
      const lines = pingji.describe(item);
      this.tip.textContent = "";
      lines.forEach((text, n) => {
        this.tip.append(pingji.make("div", n ? "map__tip-line" : "map__tip-head", text));
      });
      this.tip.hidden = false;
      const box = this.tip.getBoundingClientRect();
      const size = this._map.getSize();
      const off = (item.box ? item.box[0] : item.r) + 8;
      const right = item.x + off + box.width > size.x;
      const x = right ? item.x - off - box.width : item.x + off;
      const y = Math.max(4, Math.min(item.y - box.height / 2, size.y - box.height - 4));
      this.tip.style.transform = "translate(" + Math.round(x) + "px," + Math.round(y) + "px)";
      return lines;
    },

    hideTip() {
      this.tip.hidden = true;
    },

    click(event) {
      const item = this.hit(event.containerPoint);
      this.list.hidden = true;
      if (item) this.open(item);
    },

    open(item) {
      if (item.kind === "case") pingji.emit("select", { id: item.id, from: "map" });
      else if (item.kind === "group" || item.kind === "heap") this.openGroup(item);
      else pingji.emit("open", { kind: item.kind, id: item.id, from: "map" });
    },

    /** What a group or a heap is of, at most LIST_MOST: {kind, id, at: [x, y]}. */
    membersOf(item) {
      const placed = (kind, points, i) => ({ kind, id: points.ids[i], at: this.screen(points, i) });
      if (item.kind === "heap") {
        return item.members.slice(0, LIST_MOST).map(({ kind, id }) => {
          const points = model[pingji.mapKinds.find((spec) => spec.kind === kind).topic];
          return placed(kind, points, points.index.get(id));
        });
      }
      const points = model[item.layer];
      const kind = item.layer === "cases" ? "case" : "camera";
      const found = this.cells[item.layer].members(item, LIST_MOST);
      return found.map((i) => placed(kind, points, i));
    },

    /** Look closer, or list what lies on one spot. */
    openGroup(item) {
      const found = this.membersOf(item);
      const across = (axis) => {
        const values = found.map((one) => one.at[axis]);
        return Math.max.apply(null, values) - Math.min.apply(null, values);
      };
      const map = this._map;
      const oneSpot = Math.max(across(0), across(1)) * 4 < SPOT_PX;
      if (oneSpot || map.getZoom() >= map.getMaxZoom()) {
        this.openList(item, found);
        return;
      }
      this.hideTip();
      const closer = Math.min(map.getMaxZoom(), map.getZoom() + 2);
      map.setView(map.containerPointToLatLng([item.x, item.y]), closer);
    },

    openList(item, found) {
      this.hideTip();
      const list = this.list;
      const head = pingji.make("div", "panel__head");
      const title = pingji.say("here", { n: pingji.format.number(item.count) });
      const close = pingji.make("button", "button", pingji.say("close"));
      close.addEventListener("click", () => this.closeList());
      head.append(pingji.make("strong", "panel__title", title), close);
      const body = pingji.make("div", "map__list-body");
      found.forEach(({ kind, id }) => {
        const row = pingji.make("button", "map__list-row");
        pingji
          .describe({ kind, id })
          .slice(0, 3)
          .forEach((text) => row.append(pingji.make("span", "", text)));
        row.addEventListener("click", () => pingji.emit("open", { kind, id, from: "map" }));
        body.append(row);
      });
      list.textContent = "";
      list.append(head, body);
      list.hidden = false;
      close.focus();
    },

    closeList() {
      this.list.hidden = true;
      this._map.getContainer().focus();
    },

    key(event) {
      if (event.key === "Escape") {
        this.hideTip();
        this.step = -1;
        this.under = null;
        if (this.list.hidden) pingji.emit("select", null);
        else this.closeList();
        return;
      }
      if (event.target !== this._map.getContainer()) return;
      if (event.key === "n" || event.key === "p") {
        this.stepTo(event.key === "n" ? 1 : -1);
        event.preventDefault();
      } else if (event.key === "Tab" && this.step >= 0) {
        // Once stepping has begun Tab goes on with it, and leaves at either end or after Escape.
        if (this.stepTo(event.shiftKey ? -1 : 1, true)) event.preventDefault();
      } else if (event.key === "Enter" && this.under) {
        this.open(this.under);
        event.preventDefault();
      }
    },

    /** The next point by need, then from top to bottom; it is told as well as shown. */
    stepTo(by, ends) {
      const need = (a, b) =>
        (b.alerts || 0) - (a.alerts || 0) || b.late - a.late || a.y - b.y || a.x - b.x;
      const size = this._map.getSize();
      const ordered = this.drawn
        .filter((item) => item.x >= 0 && item.y >= 0 && item.x <= size.x && item.y <= size.y)
        .sort(need);
      if (!ordered.length) return false;
      const next = this.step + by;
      if (ends && (next < 0 || next >= ordered.length)) {
        this.hideTip();
        this.step = -1;
        return false;
      }
      this.step = (this.step + by + ordered.length) % ordered.length;
      this.under = ordered[this.step];
      pingji.announce(this.showTip(this.under).join(", "));
      return true;
    },
  });
})();
