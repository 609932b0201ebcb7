/* Paints the queue: one element a row, kept from painting to painting; text only ever as text. */
(function () {
  "use strict";

  const pingji = window.pingji;
  const queue = pingji.queue;
  const elements = new Map(); // key -> {root, parts}
  let list = null;
  let scroll = null;

  const element = (key) => elements.get(key);

  function made(entry) {
    let found = elements.get(entry.key);
    if (found) return found;
    found = MAKE[entry.kind](entry);
    found.root.dataset.key = entry.key;
    if (entry.kind !== "head" && entry.kind !== "why") {
      found.root.setAttribute("role", "treeitem");
      found.root.id = "queue-" + entry.key.replace(/[^\w-]/g, (c) => "_" + c.charCodeAt(0).toString(16));
    }
    elements.set(entry.key, found);
    return found;
  }

  function line(parts, names, look) {
    const box = pingji.make("div", "alert__line" + (look ? " alert__line--" + look : ""));
    names.forEach((name) => {
      parts[name] = pingji.make("span", "alert__" + name);
      box.append(parts[name]);
    });
    return box;
  }

  function makeRow() {
    const parts = { sign: pingji.make("span", "alert__sign"), why: null };
    const root = pingji.make("li", "alert");
    const body = pingji.make("div", "alert__body");
    body.append(
      line(parts, ["rule", "subject", "age"]),
      line(parts, ["why", "where", "whose", "state"], "foot"),
    );
    root.append(parts.sign, body);
    return { root, parts };
  }

  function makeGroup() {
    const parts = { sign: pingji.make("span", "alert__sign") };
    const root = pingji.make("li", "alert alert--group");
    const body = pingji.make("div", "alert__body");
    body.append(
      line(parts, ["fold", "title", "count", "age"]),
      line(parts, ["cause", "waiting"], "foot"),
    );
    root.append(parts.sign, body);
    return { root, parts };
  }

  function makeSection() {
    const parts = {};
    const root = pingji.make("li", "alert alert--section");
    root.append(line(parts, ["fold", "title", "count", "waiting"]));
    return { root, parts };
  }

  function makeMore() {
    return { root: pingji.make("li", "alert alert--more"), parts: {} };
  }

  function makeHead() {
    const root = pingji.make("li", "queue__head");
    root.setAttribute("role", "presentation");
    return { root, parts: {} };
  }

  function makeWhy(entry) {
    const root = pingji.make("li", "queue__why");
    root.setAttribute("role", "presentation");
    return { root, parts: {}, detail: pingji.alertDetail(root, entry.id, { acts: false }) };
  }

  const MAKE = {
    alert: makeRow,
    group: makeGroup,
    section: makeSection,
    more: makeMore,
    head: makeHead,
    why: makeWhy,
  };

  function sign(box, priority, hollow) {
    const look = "alert__sign alert__sign--" + priority + (hollow ? " alert__sign--hollow" : "");
    if (box.className !== look) box.className = look;
    pingji.write(box, pingji.say("priority_short_" + priority));
  }

  /** What stands in the place of the state: what is under way, else how it stands. */
  function state(alert) {
    const mine = pingji.alertActs.pending(alert.id);
    if (mine && mine.state === "failed") return [mine.text, "failed"];
    if (mine) return [pingji.say("pending_" + mine.act) + " …", "pending"];
    if (alert.shelvedUntil !== null) {
      return [pingji.say("queue_returns", { time: shortTime(alert.shelvedUntil) }), ""];
    }
    if (!alert.active) return [pingji.say("cleared"), "cleared"];
    if (alert.transferred) return [pingji.say("transferred"), ""];
    if (alert.acknowledged) return [pingji.say("acknowledged"), ""];
    if (alert.called && pingji.duty.isLost(alert.id)) return [pingji.say("called_lost"), "failed"];
    if (alert.called) return [pingji.say("called_steps", { n: alert.called }), "called"];
    return ["", ""];
  }

  /** The minute, with the day where it is another day. */
  function shortTime(ms) {
    const now = pingji.live.now();
    const same = now !== null && pingji.format.date(now) === pingji.format.date(ms);
    return same ? pingji.format.time(ms).slice(0, 5) : pingji.format.moment(ms);
  }

  /** What a section's head says of what is in it. */
  const SECTION = {
    others: () => pingji.say("transfer"),
    shelved: (entry) =>
      pingji.say("queue_returns_first", { time: shortTime(entry.alerts[0].shelvedUntil) }),
    drill: () => pingji.say("queue_drill_told", pingji.drill.counts()),
  };

  const FILL = {
    alert(entry, found, now) {
      const alert = pingji.alerts.get(entry.id);
      const root = found.root;
      root.classList.toggle("alert--gone", !alert);
      if (!alert) return;
      const say = pingji.alertWords;
      const write = pingji.write;
      const parts = found.parts;
      sign(parts.sign, alert.priority, alert.acknowledged || !pingji.alerts.isOurs(alert));
      const word = alert.drill ? pingji.say("band_drill") + " · " : "";
      write(parts.rule, word + say.ruleName(alert));
      root.classList.toggle("alert--drill", alert.drill);
      write(parts.subject, say.subjectName(alert));
      write(parts.age, say.age(alert, now));
      const why = say.why(alert, now);
      write(parts.why, why[0]);
      parts.why.classList.toggle("alert__why--late", why[1] === "late");
      write(parts.where, say.where(alert));
      write(parts.whose, say.whose(alert));
      const told = state(alert);
      write(parts.state, told[0]);
      parts.state.className = "alert__state" + (told[1] ? " alert__state--" + told[1] : "");
      root.classList.toggle("alert--waiting", pingji.alerts.isWaiting(alert));
      root.classList.toggle("alert--member", entry.level > 1);
      root.setAttribute("aria-level", String(entry.level));
    },

    group(entry, found, now) {
      const group = entry.group;
      const first = pingji.alerts.get(group.alerts[0].id) || group.alerts[0];
      const say = pingji.alertWords;
      const write = pingji.write;
      const parts = found.parts;
      const open = queue.isOpen(entry.key);
      sign(parts.sign, group.priority, group.acknowledged);
      write(parts.fold, open ? "▾" : "▸");
      write(parts.title, say.group(group.id));
      write(parts.count, pingji.say("queue_count", { n: pingji.format.number(group.alerts.length) }));
      write(parts.age, now === null ? "" : pingji.format.age((now - group.since) / 1000));
      const why = say.why(first, now)[0];
      const cause = [say.ruleName(first), say.subjectName(first), why].filter(Boolean).join(" ");
      write(parts.cause, pingji.say("cause") + " · " + cause);
      const left = pingji.say("queue_unack_of", {
        n: pingji.format.number(group.waiting),
        all: pingji.format.number(group.alerts.length),
      });
      write(parts.waiting, group.waiting ? left : pingji.say("queue_all_acknowledged"));
      found.root.classList.toggle("alert--waiting", group.waiting > 0);
      found.root.setAttribute("aria-expanded", String(open));
      found.root.setAttribute("aria-level", "1");
    },

    section(entry, found) {
      const open = queue.isOpen(entry.key);
      const write = pingji.write;
      write(found.parts.fold, open ? "▾" : "▸");
      write(found.parts.title, pingji.say("queue_" + entry.name));
      write(found.parts.count, pingji.say("queue_count", { n: pingji.format.number(entry.alerts.length) }));
      write(found.parts.waiting, SECTION[entry.name](entry));
      found.root.classList.toggle("alert--drill", entry.name === "drill");
      found.root.setAttribute("aria-expanded", String(open));
      found.root.setAttribute("aria-level", "1");
    },

    more(entry, found) {
      pingji.write(found.root, pingji.say("queue_more", { n: pingji.format.number(entry.n) }));
    },

    head(entry, found) {
      pingji.write(found.root, pingji.say("queue_" + entry.name));
    },

    why(entry, found) {
      found.detail.paint();
    },
  };

  function dress(entry, found) {
    const chosen = entry.key === queue.cursor();
    const marked = queue.isMarked(entry);
    found.root.classList.toggle("alert--chosen", chosen);
    found.root.classList.toggle("alert--marked", marked);
    if (found.root.getAttribute("role") === "treeitem") {
      found.root.setAttribute("aria-selected", String(chosen || marked));
    }
  }

  // ── the list ────────────────────────────────────────────────────────────────────────────────

  /** A row that must not move on the screen: chosen, else under the pointer, else seen first. */
  function holdPlace() {
    const chosen = element(queue.cursor());
    const seen = (root) => {
      const top = root.offsetTop - scroll.scrollTop;
      return top > -root.offsetHeight && top < scroll.clientHeight;
    };
    let root = chosen && chosen.root.isConnected && seen(chosen.root) ? chosen.root : null;
    if (!root) root = list.querySelector(":scope > :hover");
    if (!root && scroll.scrollTop > 0) {
      root = Array.from(list.children).find((each) => each.offsetTop >= scroll.scrollTop) || null;
    }
    if (!root) {
      return () => {
        list.style.paddingBottom = "";
      };
    }
    const before = root.offsetTop - scroll.scrollTop;
    return () => {
      if (!root.isConnected) return;
      list.style.paddingBottom = "";
      const want = root.offsetTop - before;
      const room = scroll.scrollHeight - scroll.clientHeight;
      if (want > room) list.style.paddingBottom = Math.ceil(want - room) + "px";
      scroll.scrollTop = want;
    };
  }

  function arrange(entries) {
    const keep = new Set(entries.map((entry) => entry.key));
    elements.forEach((found, key) => {
      if (keep.has(key)) return;
      found.root.remove();
      elements.delete(key);
    });
    entries.forEach((entry, n) => {
      const root = made(entry).root;
      if (list.children[n] !== root) list.insertBefore(root, list.children[n] || null);
    });
  }

  function paint() {
    const found = pingji.byId("queue-list");
    if (!found || !pingji.live.topic("alerts").loaded) return;
    if (found !== list) mount(found);
    const now = pingji.live.pictureAt();
    const entries = queue.update();
    const same =
      entries.length === list.children.length &&
      entries.every((entry, n) => list.children[n].dataset.key === entry.key);
    const settle = same ? null : holdPlace();
    if (!same) arrange(entries);
    entries.forEach((entry) => {
      const each = made(entry);
      FILL[entry.kind](entry, each, now);
      dress(entry, each);
    });
    if (settle) settle();
    list.dataset.empty = entries.length ? "" : pingji.say("queue_empty");
    const chosen = element(queue.cursor());
    if (chosen) list.setAttribute("aria-activedescendant", chosen.root.id);
    else list.removeAttribute("aria-activedescendant");
    const fresh = pingji.byId("queue-fresh");
    fresh.hidden = queue.fresh() === 0;
    pingji.write(fresh, pingji.say("queue_new", { n: queue.fresh() }));
    pingji.emit("queue-painted");
  }

  function mount(found) {
    list = found;
    scroll = list.parentElement;
    list.textContent = "";
    elements.clear();
    scroll.addEventListener("pointerenter", () => queue.setInside(true));
    scroll.addEventListener("pointerleave", () => queue.setInside(false));
    ["pointermove", "wheel", "scroll", "keydown"].forEach((name) => {
      scroll.addEventListener(name, () => queue.touch(), { passive: true });
    });
    list.addEventListener("click", click);
    list.addEventListener("dblclick", (event) => {
      const key = keyOf(event);
      if (key) pingji.emit("queue-open", key);
    });
  }

  function keyOf(event) {
    const row = event.target.closest("[data-key]");
    return row && !event.target.closest("button, a, .queue__why") ? row.dataset.key : null;
  }

  function click(event) {
    const key = keyOf(event);
    const entry = key && queue.entry(key);
    if (!entry || entry.kind === "head" || entry.kind === "why") return;
    if (event.shiftKey) queue.markRange(key);
    else if (event.ctrlKey || event.metaKey) queue.toggleMark(key);
    else if (entry.kind === "more") queue.more(entry.group);
    else if (entry.kind !== "alert") queue.toggle(key);
    else {
      queue.choose(key);
      pingji.emit("queue-open", key);
    }
  }

  /** Bring the chosen row into view without moving what is seen more than is needed. */
  function reveal() {
    const chosen = element(queue.cursor());
    if (!chosen || !scroll) return;
    const reason = element(queue.cursor().replace(/^alert:/, "why:"));
    const last = reason && reason.root.isConnected ? reason.root : chosen.root;
    const top = chosen.root.offsetTop;
    const bottom = last.offsetTop + last.offsetHeight;
    if (top < scroll.scrollTop) scroll.scrollTop = top;
    else if (bottom > scroll.scrollTop + scroll.clientHeight) {
      scroll.scrollTop = bottom - scroll.clientHeight;
    }
  }

  pingji.paintOn(["alerts", "drills:alerts", "queue", "pending"], paint);
  pingji.on("queue", () => {
    paint();
    reveal();
  });
  pingji.queueRows = { shortTime, state };
})();
