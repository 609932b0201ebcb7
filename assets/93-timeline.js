/* The timeline of an operation: what it was, its figures, its tasks, and what happened in order.
 *
 * Asked whole, and again when the stream tells of a change; figures are the server's own counts. */
(function () {
  "use strict";

  const pingji = window.pingji;
  const SOON_MS = 1500;
  const LATE_MS = 5000;
  const TOPICS = ["operations", "proposals", "tasks", "alerts", "places"];
  const FIGURES = [
    ["tasks", "met"],
    ["tasks", "late"],
    ["tasks", "missed"],
    ["places", "ponding"],
    ["places", "closed"],
    ["places", "cleared"],
    ["alerts", "raised"],
    ["alerts", "acknowledged"],
    ["cases", "expedited"],
    ["cases", "overdue"],
  ];
  const WAITS = { dropped: "timeline_dropped" }; // what is not done, by its state
  let place = null; // the page's own element: another one is the page opened anew
  let told = null; // {line, tasks}
  let state = "";
  let round = 0;
  let timer = null;
  let painted = "";

  const make = (...args) => pingji.make(...args);
  const say = (key, fill) => pingji.say(key, fill);
  const pair = (words) => words[pingji.language === "en" ? 1 : 0];
  const clock = (text) => pingji.format.full(Date.parse(text));
  const path = () => "/api/v1/operations/" + encodeURIComponent(number());
  const number = () => decodeURIComponent(window.location.pathname.split("/")[2] || "");

  function get(address) {
    const asked = { credentials: "same-origin", headers: { Accept: "application/json" } };
    return window.fetch(address, asked).then((answer) => {
      if (!answer.ok) throw answer.status;
      return answer.json();
    });
  }

  function ask() {
    const mine = (round += 1);
    Promise.all([get(path() + "/timeline"), get(path() + "/tasks")]).then(
      ([line, tasks]) => {
        if (mine !== round) return;
        told = { line: line, tasks: tasks.items };
        state = line.more ? "timeline_more" : "";
        paint();
      },
      (status) => {
        if (mine !== round) return;
        state = status === 404 ? "timeline_gone" : "timeline_failed";
        if (status !== 404) soon(LATE_MS);
        paint();
      },
    );
  }

  function soon(wait) {
    if (timer !== null || !pingji.byId("timeline")) return;
    timer = window.setTimeout(() => {
      timer = null;
      if (pingji.byId("timeline")) ask();
    }, wait);
  }

  // ── what it was ─────────────────────────────────────────────────────────────────────────────

  function lasted(row) {
    const until = row.ended_at ? Date.parse(row.ended_at) : pingji.live.now();
    if (until === null) return "";
    return pingji.mode.elapsed(Math.max(0, Math.floor((until - Date.parse(row.effective_at)) / 1000)));
  }

  function facts(row) {
    const how = row.approval ? pingji.code("approval", row.approval) : "";
    const list = [
      ["timeline_issuer", row.issuer],
      ["timeline_area", pingji.code("jurisdiction", row.area)],
      ["timeline_approved", [row.approved_by, how].filter(Boolean).join(" · ")],
      ["timeline_document", row.document_no],
      ["timeline_effective", clock(row.effective_at)],
      ["timeline_entered", clock(row.entered_at)],
      ["timeline_ended", row.ended_at ? clock(row.ended_at) : ""],
      ["timeline_lasted", lasted(row)],
      ["timeline_basis", row.basis],
      ["timeline_reason", row.reason],
    ];
    const parts = [];
    list.forEach(([key, value]) => {
      if (!value) return;
      parts.push(make("dt", null, say(key)), make("dd", null, value));
    });
    if (row.needs_confirmation) {
      parts.push(make("dt", "record__owed", say("band_unconfirmed")));
      parts.push(make("dd", "record__owed", say("timeline_owed", { name: row.approved_by || "" })));
    }
    return parts;
  }

  function figures() {
    return FIGURES.map(([group, name]) => {
      const item = make("li", "record__figure");
      const n = (told.line.figures[group] || {})[name] || 0;
      item.append(
        make("strong", null, pingji.format.number(n)),
        make("span", null, say("timeline_figure_" + name)),
      );
      if (name === "met") {
        const all = pingji.format.number(told.line.figures.tasks.all || 0);
        item.append(make("span", "record__of", say("timeline_of_tasks", { n: all })));
      }
      return item;
    });
  }

  // ── tasks and lines ─────────────────────────────────────────────────────────────────────────

  function cells(parts, look) {
    const line = make("tr", look || null);
    parts.forEach((part) => line.append(make("td", null, part)));
    return line;
  }

  function task(row) {
    const english = pingji.language === "en";
    const late = row.done_at && Date.parse(row.done_at) > Date.parse(row.due_at);
    const missed = !row.done_at && Date.parse(row.due_at) <= end();
    const said = row.done_at
      ? say(late ? "task_met_late" : "task_met", { time: clock(row.done_at) })
      : say(missed ? "timeline_figure_missed" : WAITS[row.state] || "timeline_waits");
    return cells(
      [
        (english && row.phase_en) || row.phase,
        (english && row.name_en) || row.name,
        pingji.code("post", row.post),
        say("timeline_due", { time: clock(row.due_at) }),
        said,
        [row.done_by, row.note].filter(Boolean).join(" · "),
      ],
      late || missed ? "record__late" : "",
    );
  }

  function end() {
    const row = told.line.operation;
    return row.ended_at ? Date.parse(row.ended_at) : pingji.live.now() || 0;
  }

  function about(line) {
    const d = line.detail;
    const english = pingji.language === "en";
    if (line.kind === "alert") return pair(d.rule_name) + " · " + d.name;
    if (line.kind === "place") {
      return d.name + (d.depth_cm ? " · " + say("timeline_depth", { n: pingji.format.value(d.depth_cm) }) : "");
    }
    if (line.kind === "task") return (english && d.name_en) || d.name;
    if (line.kind === "proposal") {
      return ((english && d.name_en) || d.name) + " · " + pingji.levelWord(d.level, "roman").trim();
    }
    const parts = [];
    if (d.level) parts.push(pingji.levelWord(d.level, "roman").trim());
    if (d.approved_by) {
      const how = d.approval ? pingji.code("approval", d.approval) : "—";
      parts.push(say("timeline_on_word", { name: d.approved_by, how: how }));
    }
    if (d.effective_at && Date.parse(d.effective_at) < Date.parse(line.at) - 1000) {
      parts.push(say("timeline_effective_was", { time: clock(d.effective_at) }));
    }
    return parts.join(" · ");
  }

  function entry(line) {
    const late = line.kind === "task" && line.detail.late;
    const kind = pingji.page.codes.timeline_kind[line.kind];
    return cells(
      [
        clock(line.at),
        kind ? pair(kind) : line.kind,
        pair(line.words) + (late && line.act === "done" ? "（" + say("timeline_late") + "）" : ""),
        about(line),
        line.by ? pingji.code("person", line.by) : "",
        line.note || "",
      ],
      "record__line record__line--" + line.kind + (late ? " record__late" : ""),
    );
  }

  function paint() {
    const root = pingji.byId("timeline");
    if (!root) {
      place = null;
      return;
    }
    if (place !== root) {
      place = root;
      told = null;
      painted = "";
      state = "";
      pingji.byId("timeline-sheet").href = path() + "/timeline.xlsx";
      ask();
    }
    pingji.write(pingji.byId("timeline-state"), state ? say(state) : "");
    if (!told) return;
    const key = JSON.stringify([pingji.language, round, told.line.operation.ended_at ? 0 : lasted(told.line.operation)]);
    if (key === painted) return;
    const whole = painted.slice(0, key.lastIndexOf(",")) !== key.slice(0, key.lastIndexOf(","));
    painted = key;
    const row = told.line.operation;
    pingji.byId("timeline-facts").replaceChildren(...facts(row));
    if (!whole) return;
    root.classList.toggle("record--drill", row.drill);
    const word = row.drill ? say("band_drill") + " · " : "";
    pingji.byId("timeline-title").textContent = word + pair(row.title);
    pingji.byId("timeline-figures").replaceChildren(...figures());
    const tasks = told.tasks.map(task);
    if (!tasks.length) tasks.push(cells([say("timeline_no_tasks")]));
    pingji.byId("timeline-tasks").replaceChildren(...tasks);
    pingji.byId("timeline-lines").replaceChildren(...told.line.items.map(entry));
  }

  pingji.acts["timeline-print"] = () => window.print();
  pingji.on("paint", paint);
  TOPICS.forEach((topic) => pingji.on("delta:" + topic, () => soon(SOON_MS)));
})();
