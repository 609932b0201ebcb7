/* The queue: what needs action, worst first. Which rows stand in it, and in which order.
 *
 * Alerts of one cause are one row that unfolds, the cause first. The order stands still while
 * somebody is at it; what came meanwhile is told of above the list, and rows that go leave their
 * place. Afterwards it is sorted anew, with the chosen row held where it was on the screen.
 * Only a bounded number of rows is ever drawn. 75-queue-rows.js paints them. */
(function () {
  "use strict";

  const pingji = window.pingji;
  const MOST = 120; // rows on the page; more are asked for by hand
  const MEMBERS = 30;
  const STEP = 60;
  const STILL_MS = 5000; // so long after the last touch the order may change

  const open = new Set(["section:drill"]); // unfolded groups and sections
  const whys = new Set(); // alerts of which the reason is shown in place
  const marked = new Set(); // chosen for an act on many
  const members = new Map(); // group -> how many are drawn
  let most = MOST;
  let cursor = null; // key of the chosen row
  let anchor = null; // where a range began
  let order = []; // entries as drawn
  let fresh = 0; // how many are known that are not in the held order
  let touchedAt = -Infinity;
  let inside = false;
  let again = true; // the next painting sorts anew, whoever is at it

  function held() {
    if (again || !order.length) return false;
    const list = pingji.byId("queue-list");
    const there = inside || (list && list.contains(document.activeElement));
    return there && performance.now() - touchedAt < STILL_MS;
  }

  function touch() {
    touchedAt = performance.now();
  }

  // ── sorting ─────────────────────────────────────────────────────────────────────────────────

  function gather() {
    const found = { ours: new Map(), others: [], shelved: [] };
    pingji.alerts.all.forEach((alert) => {
      if (pingji.alerts.isShelved(alert)) found.shelved.push(alert);
      else if (!pingji.alerts.isOurs(alert)) found.others.push(alert);
      else if (found.ours.has(alert.group)) found.ours.get(alert.group).push(alert);
      else found.ours.set(alert.group, [alert]);
    });
    return found;
  }

  function summary(id, alerts) {
    let waiting = 0;
    let priority = 9;
    let since = Infinity;
    const all = alerts.every((alert) => alert.acknowledged);
    alerts.forEach((alert) => {
      if (!alert.acknowledged) waiting += 1;
      if (alert.acknowledged && !all) return;
      priority = Math.min(priority, alert.priority);
      since = Math.min(since, alert.since);
    });
    const sorted = alerts.sort(pingji.alerts.worse);
    const cause = sorted.findIndex((alert) => alert.cause);
    if (cause > 0) sorted.unshift(sorted.splice(cause, 1)[0]);
    return { id, alerts: sorted, waiting, priority, since, acknowledged: waiting === 0 };
  }

  function worst(a, b) {
    return (
      Number(a.acknowledged) - Number(b.acknowledged) ||
      a.priority - b.priority ||
      a.since - b.since ||
      (a.id < b.id ? -1 : 1)
    );
  }

  function row(alert, level, of) {
    return { key: "alert:" + alert.id, kind: "alert", id: alert.id, level, group: of };
  }

  function addGroup(entries, group, level) {
    if (group.alerts.length === 1) {
      entries.push(row(group.alerts[0], level, null));
      return;
    }
    const key = "group:" + group.id;
    entries.push({ key, kind: "group", group, level });
    if (!open.has(key)) return;
    const limit = members.get(group.id) || MEMBERS;
    group.alerts.slice(0, limit).forEach((alert) => entries.push(row(alert, level + 1, group.id)));
    const rest = group.alerts.length - limit;
    if (rest > 0) entries.push({ key: "more:" + group.id, kind: "more", group: group.id, n: rest });
  }

  function addSection(entries, name, alerts) {
    if (!alerts.length) return;
    const key = "section:" + name;
    entries.push({ key, kind: "section", name, alerts });
    if (!open.has(key)) return;
    const limit = members.get(key) || MEMBERS;
    alerts.slice(0, limit).forEach((alert) => entries.push(row(alert, 2, key)));
    const rest = alerts.length - limit;
    if (rest > 0) entries.push({ key: "more:" + key, kind: "more", group: key, n: rest });
  }

  function sort() {
    const found = gather();
    const groups = Array.from(found.ours, ([id, alerts]) => summary(id, alerts)).sort(worst);
    const entries = [];
    let standing = false;
    groups.forEach((group) => {
      if (group.acknowledged && !standing) {
        standing = true;
        entries.push({ key: "standing", kind: "head", name: "standing" });
      }
      addGroup(entries, group, 1);
    });
    const cut = entries.slice(0, most);
    if (entries.length > most) {
      cut.push({ key: "more:", kind: "more", group: "", n: entries.length - most });
    }
    addSection(cut, "others", found.others.sort(pingji.alerts.worse));
    addSection(cut, "shelved", found.shelved.sort((a, b) => a.shelvedUntil - b.shelvedUntil));
    addSection(cut, "drill", Array.from(pingji.alerts.drilled.values()).sort(pingji.alerts.worse));
    return withWhys(cut);
  }

  function withWhys(entries) {
    if (!whys.size) return entries;
    const told = [];
    entries.forEach((entry) => {
      told.push(entry);
      if (entry.kind === "alert" && whys.has(entry.id)) {
        told.push({ key: "why:" + entry.id, kind: "why", id: entry.id });
      }
    });
    return told;
  }

  /** The held order with what its rows are now; nothing moves, nothing comes in. */
  function refreshed(newest) {
    const now = new Map(newest.map((entry) => [entry.key, entry]));
    const kept = order.map((entry) => now.get(entry.key) || entry);
    const stand = new Set(order.map((entry) => entry.key));
    fresh = newest.filter((entry) => !stand.has(entry.key) && unheard(entry)).length;
    return kept;
  }

  function unheard(entry) {
    const alert = entry.kind === "alert" ? pingji.alerts.get(entry.id) : null;
    return entry.kind === "group" ? entry.group.waiting > 0 : alert !== null && !alert.acknowledged;
  }

  function update() {
    const newest = sort();
    if (held()) {
      order = refreshed(newest);
    } else {
      order = newest;
      fresh = 0;
    }
    again = false;
    marked.forEach((id) => pingji.alerts.get(id) || marked.delete(id));
    whys.forEach((id) => pingji.alerts.get(id) || whys.delete(id));
    if (cursor !== null && !order.some((entry) => entry.key === cursor)) cursor = null;
    return order;
  }

  // ── choosing ────────────────────────────────────────────────────────────────────────────────

  const stops = () => order.filter((entry) => entry.kind !== "head" && entry.kind !== "why");

  function entryOf(key) {
    return order.find((entry) => entry.key === key) || null;
  }

  function choose(key) {
    cursor = key;
    touch();
    pingji.emit("queue");
  }

  function move(by) {
    const all = stops();
    if (!all.length) return;
    const at = all.findIndex((entry) => entry.key === cursor);
    const next = at < 0 ? (by > 0 ? 0 : all.length - 1) : at + by;
    choose(all[Math.max(0, Math.min(all.length - 1, next))].key);
  }

  /** Sort anew and go to the next that waits, after the chosen row and then from the top. */
  function nextWaiting() {
    again = true;
    update();
    const all = stops();
    const at = all.findIndex((entry) => entry.key === cursor);
    const waits = (entry) =>
      entry.kind === "group"
        ? entry.group.waiting > 0
        : entry.kind === "alert" &&
          pingji.alerts.get(entry.id) &&
          pingji.alerts.isWaiting(pingji.alerts.get(entry.id));
    const ahead = all.slice(at + 1).find(waits) || all.slice(0, Math.max(0, at)).find(waits);
    if (ahead) choose(ahead.key);
    return Boolean(ahead);
  }

  function alertsOf(entry) {
    if (!entry) return [];
    if (entry.kind === "alert") return [pingji.alerts.get(entry.id)].filter(Boolean);
    if (entry.kind === "group") {
      return entry.group.alerts.map((a) => pingji.alerts.get(a.id)).filter(Boolean);
    }
    return [];
  }

  /** What an act would be done to: what is marked, else the chosen row with all of its group. */
  function targets() {
    if (marked.size) return Array.from(marked, (id) => pingji.alerts.get(id)).filter(Boolean);
    return alertsOf(entryOf(cursor));
  }

  function mark(entry, on) {
    alertsOf(entry).forEach((alert) => (on ? marked.add(alert.id) : marked.delete(alert.id)));
  }

  function isMarked(entry) {
    const all = alertsOf(entry);
    return all.length > 0 && all.every((alert) => marked.has(alert.id));
  }

  function toggleMark(key) {
    const entry = entryOf(key);
    mark(entry, !isMarked(entry));
    anchor = key;
    choose(key);
  }

  /** Everything between where marking began, or the chosen row, and this one. */
  function markRange(key) {
    const all = stops();
    const from = all.findIndex((entry) => entry.key === (anchor || cursor || key));
    const to = all.findIndex((entry) => entry.key === key);
    if (from < 0 || to < 0) return;
    all.slice(Math.min(from, to), Math.max(from, to) + 1).forEach((entry) => mark(entry, true));
    if (anchor === null) anchor = all[from].key;
    choose(key);
  }

  /** All of the group of the chosen row; without one, all that stands in the list. */
  function markGroup() {
    const entry = entryOf(cursor);
    const group = entry && (entry.kind === "group" ? entry.group.id : entry.group);
    const head = group ? entryOf("group:" + group) : null;
    if (head) mark(head, true);
    else stops().forEach((each) => mark(each, each.group !== "section:drill"));
    choose(cursor);
  }

  function unmark() {
    marked.clear();
    anchor = null;
    choose(cursor);
  }

  function toggle(key, on) {
    const want = on === undefined ? !open.has(key) : on;
    if (want) open.add(key);
    else open.delete(key);
    again = true;
    choose(key);
  }

  function toggleWhy(id) {
    if (whys.has(id)) whys.delete(id);
    else whys.add(id);
    again = true;
    choose(cursor);
  }

  function more(group) {
    if (group) members.set(group, (members.get(group) || MEMBERS) + STEP);
    else most += MOST;
    again = true;
    pingji.emit("queue");
  }

  pingji.queue = {
    update,
    entries: () => order,
    entry: entryOf,
    cursor: () => cursor,
    marked: () => marked,
    isMarked,
    isOpen: (key) => open.has(key),
    isWhy: (id) => whys.has(id),
    fresh: () => fresh,
    held,
    touch,
    setInside(on) {
      inside = on;
      touch();
    },
    choose,
    move,
    nextWaiting,
    targets,
    alertsOf,
    toggleMark,
    markRange,
    markGroup,
    unmark,
    toggle,
    toggleWhy,
    more,
    release() {
      again = true;
      pingji.emit("queue");
    },
  };
})();
