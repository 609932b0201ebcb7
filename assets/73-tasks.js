/* The tasks of an operation's plan: progress in its band, and the board behind it.
 *
 * Each step is a live fact: what one screen says done is done on all within a second. */
(function () {
  "use strict";

  const pingji = window.pingji;
  const say = (key, fill) => pingji.say(key, fill);
  const make = (...args) => pingji.make(...args);
  let board = null; // {root, operation, opener, key}
  let people = null; // post -> names of those on duty, as last told
  const mayAct = () => pingji.page.viewer.rights.indexOf("enter") >= 0;

  /** Tasks of an operation in the plan's order, with `late` by the city's clock. */
  function tasks(operation) {
    const topic = pingji.live.topic("tasks");
    const c = topic.columns;
    const now = pingji.live.now();
    const found = [];
    topic.rows.forEach((row) => {
      if (row[c.operation] !== operation) return;
      const due = Date.parse(row[c.due_at]);
      const done = row[c.done_at] ? Date.parse(row[c.done_at]) : null;
      found.push({
        id: row[0],
        version: row[c.version],
        n: row[c.n],
        phase: pingji.language === "en" ? row[c.phase_en] : row[c.phase],
        name: pingji.language === "en" ? row[c.name_en] : row[c.name],
        post: row[c.post],
        evidence: row[c.evidence],
        due: due,
        done: done,
        by: row[c.done_by],
        state: row[c.state],
        late: done === null ? now !== null && now > due : done > due,
      });
    });
    return found.sort((a, b) => a.n - b.n);
  }

  function progress(operation) {
    const all = tasks(operation);
    return {
      all: all.length,
      done: all.filter((task) => task.state === "done").length,
      late: all.filter((task) => task.state === "open" && task.late).length,
    };
  }

  function said(operation) {
    const told = progress(operation);
    if (!told.all) return "";
    const base = say("tasks_progress", told);
    return told.late ? base + " · " + say("tasks_late", { n: told.late }) : base;
  }

  function ask() {
    window
      .fetch("/api/v1/duty", { credentials: "same-origin", headers: { Accept: "application/json" } })
      .then((answer) => (answer.ok ? answer.json() : null))
      .then((told) => {
        if (!told) return;
        people = {};
        (told.items || []).forEach((row) => {
          (people[row.post] = people[row.post] || []).push(row.name);
        });
        if (board) draw(true);
      }, () => {});
  }

  function owner(post) {
    const names = people && people[post];
    return pingji.code("post", post) + (names ? " " + Array.from(new Set(names)).slice(0, 2).join("、") : "");
  }

  function finish(task) {
    const fields = [];
    if (task.evidence !== "none") {
      fields.push({
        name: "note",
        label: say(task.evidence === "count" ? "task_count" : "task_note"),
        kind: "text",
        required: true,
      });
    } else {
      fields.push({ name: "note", label: say("task_note_free"), kind: "text" });
    }
    pingji.dialog({
      title: say("task_done_title"),
      lines: [task.name],
      fields: fields,
      button: say("task_done"),
      sure: (values) =>
        pingji.post("/api/v1/tasks/" + encodeURIComponent(task.id) + "/done", {
          note: values.note || null,
          version: task.version,
        }),
    });
  }

  function reopen(task) {
    pingji.dialog({
      title: say("task_reopen"),
      lines: [task.name],
      fields: [{ name: "reason", label: say("switch_reason"), kind: "text", required: true }],
      button: say("task_reopen"),
      sure: (values) =>
        pingji.post("/api/v1/tasks/" + encodeURIComponent(task.id) + "/reopen", {
          reason: values.reason,
          version: task.version,
        }),
    });
  }

  function line(task) {
    const item = make("li", "task task--" + task.state + (task.late ? " task--late" : ""));
    item.dataset.task = task.id;
    const words = make("div", "task__words");
    words.append(make("span", "task__name", task.name), make("span", "task__owner", owner(task.post)));
    const when = make("div", "task__when");
    const format = pingji.format.moment;
    if (task.done !== null) {
      when.append(make("span", "task__state", say(task.late ? "task_met_late" : "task_met", { time: format(task.done) })));
      if (task.by) when.append(make("span", "task__by", task.by));
    } else {
      const key = task.late ? "task_missed" : "task_due";
      when.append(make("span", "task__state", say(key, { time: format(task.due) })));
    }
    item.append(words, when);
    if (mayAct()) {
      const button = make("button", "button", say(task.state === "done" ? "task_reopen" : "task_done"));
      button.type = "button";
      button.addEventListener("click", () => (task.state === "done" ? reopen(task) : finish(task)));
      item.append(button);
    }
    return item;
  }

  function draw(force) {
    const all = tasks(board.operation);
    const key = JSON.stringify([pingji.language, all.map((t) => [t.id, t.version, t.late])]);
    if (!force && key === board.key) return;
    board.key = key;
    const box = board.root.querySelector(".tasks");
    const kept = box.querySelector(".tasks__list");
    const scroll = kept ? kept.scrollTop : 0;
    const head = make("h2", "dialog__title", pingji.mode.all().get(board.operation) || say("tasks"));
    head.id = "tasks-title";
    const about = make("p", "dialog__line", said(board.operation) || say("tasks_none"));
    const list = make("div", "tasks__list");
    let phase = null;
    let group = null;
    all.forEach((task) => {
      if (task.phase !== phase) {
        phase = task.phase;
        list.append(make("h3", "tasks__phase", phase));
        group = make("ul", "tasks__group");
        list.append(group);
      }
      group.append(line(task));
    });
    const foot = make("div", "dialog__foot");
    const sheet = make("a", "button", say("tasks_sheet"));
    sheet.href = "/api/v1/operations/" + encodeURIComponent(board.operation) + "/timeline.xlsx";
    const whole = make("a", "button", say("timeline_open"));
    whole.href = "/timeline/" + encodeURIComponent(board.operation);
    const leave = make("button", "button", say("close"));
    leave.type = "button";
    leave.addEventListener("click", close);
    foot.append(sheet, whole, leave);
    box.replaceChildren(head, about, list, foot);
    list.scrollTop = scroll;
  }

  function close() {
    if (!board) return;
    const was = board;
    board = null;
    was.root.remove();
    if (was.opener && was.opener.isConnected) was.opener.focus();
  }

  function open(target) {
    close();
    const root = make("div", "dialog");
    const box = make("div", "dialog__box panel tasks");
    box.setAttribute("role", "dialog");
    box.setAttribute("aria-modal", "true");
    box.setAttribute("aria-labelledby", "tasks-title");
    root.append(box);
    document.body.append(root);
    board = { root: root, operation: target.dataset.operation, opener: target, key: null };
    root.addEventListener("keydown", (event) => {
      event.stopPropagation();
      if (event.key === "Escape") close();
    });
    root.addEventListener("click", (event) => event.target === root && close());
    draw(true);
    ask();
    box.querySelector("button, a").focus();
  }

  function paint() {
    if (!pingji.page) return;
    document.querySelectorAll(".band__tasks").forEach((button) => {
      const told = said(button.dataset.operation);
      button.hidden = !told;
      pingji.write(button, told);
    });
    if (board) draw(false);
  }

  pingji.tasks = { of: tasks, progress: progress };
  pingji.acts.tasks = open;
  pingji.on("paint", paint);
})();
