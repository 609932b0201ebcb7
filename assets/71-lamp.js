/* The lamp 绿 / 黄 / 红 / 灰 of a case in the lists of the console, and the desk's own 超时.
 *
 * The same as dashboard/domain/lamp.py; from when it is yellow comes with the row. Never on the map
 * and never on a wall. */
(function () {
  "use strict";

  const pingji = window.pingji;

  function left(row, at) {
    return row[at.due_at] ? Date.parse(row[at.due_at]) : NaN;
  }

  /** green, yellow, red, grey, or null: it ended, it was answered, or it has no deadline. */
  function of(row, at, now) {
    if (pingji.page.answered.indexOf(row[at.stage]) >= 0) return null;
    const marks = row[at.marks] || [];
    if (marks.some((mark) => pingji.page.pausing.indexOf(mark) >= 0)) return "grey";
    const due = left(row, at);
    if (Number.isNaN(due)) return null;
    if (due < now) return "red";
    const near = row[at.near_s];
    return typeof near === "number" && due - near * 1000 <= now ? "yellow" : "green";
  }

  /** By how many ms the desk's step is late; 0: it is in time, or has no limit. */
  function late(row, at, now) {
    const limit = row[at.desk_s];
    if (typeof limit !== "number" || pingji.page.terminal.indexOf(row[at.stage]) >= 0) return 0;
    return Math.max(0, now - Date.parse(row[at.stage_at]) - limit * 1000);
  }

  /** "受理超时 12 分钟", or nothing. */
  function lateWords(row, at, now) {
    const ms = late(row, at, now);
    if (!ms) return "";
    const clock = pingji.code("clock", pingji.page.desk_clocks[row[at.stage]]);
    return pingji.say("desk_late", { clock: clock, n: pingji.format.age(ms / 1000) });
  }

  function element() {
    const root = pingji.make("span", "lamp");
    root.setAttribute("role", "img");
    return root;
  }

  /** Let an element be a lamp; its shape says the same as its colour. */
  function show(root, lamp) {
    const name = lamp ? pingji.say("lamp_is", { lamp: pingji.code("lamp", lamp) }) : "";
    if (root.dataset.lamp === (lamp || "") && root.title === name) return;
    root.dataset.lamp = lamp || "";
    root.title = name;
    root.setAttribute("aria-label", name);
    root.hidden = !lamp;
  }

  pingji.lamp = { of: of, late: late, lateWords: lateWords, element: element, show: show };
})();
