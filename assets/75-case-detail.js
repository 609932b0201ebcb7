/* The record of the selected case: asked from the API, again whenever its version changes.
 *
 * An answer to an older question is dropped; all text is set as text. */
(function () {
  "use strict";

  const pingji = window.pingji;
  let wanted = null; // {id, version}
  let record = null;
  let plain = null; // its texts unmasked, after that was asked for
  let state = "none"; // none, loading, failed, gone, shown

  function version(id) {
    const row = pingji.live.row("cases", id);
    return row ? row[pingji.live.topic("cases").columns.version] : null;
  }

  function ask(id) {
    const question = { id: id, version: version(id) };
    if (!wanted || wanted.id !== id) {
      record = null;
      state = "loading";
    }
    wanted = question;
    window
      .fetch("/api/v1/cases/" + encodeURIComponent(id), {
        credentials: "same-origin",
        headers: { Accept: "application/json" },
      })
      .then((answer) => {
        if (wanted !== question) return null;
        if (answer.status === 404 || answer.status === 403) {
          state = "gone";
          return null;
        }
        if (!answer.ok) throw new Error(String(answer.status));
        return answer.json();
      })
      .then((body) => {
        if (wanted !== question) return;
        if (body) {
          record = body;
          state = "shown";
          plain = null;
        }
        paint();
        if (body) pingji.emit("record", body);
      })
      .catch(() => {
        if (wanted !== question) return;
        if (!record) state = "failed";
        paint();
      });
    paint();
  }

  function paint() {
    const box = pingji.byId("cases-detail");
    if (!box) return;
    if (state === "none") {
      box.textContent = "";
      return;
    }
    const content = document.createDocumentFragment();
    if (state === "shown") fill(content);
    else {
      content.append(pingji.make("p", "detail__state", pingji.say("detail_" + state)));
      if (state === "failed") {
        const retry = pingji.make("button", "button", pingji.say("retry"));
        retry.addEventListener("click", () => ask(wanted.id));
        content.append(retry);
      }
    }
    box.textContent = "";
    box.append(content);
  }

  function pairs(fragment, rows) {
    const list = pingji.make("dl", "detail__facts");
    rows.forEach((row) => {
      if (!row[1]) return;
      list.append(pingji.make("dt", "", pingji.say(row[0])), pingji.make("dd", "", row[1]));
    });
    fragment.append(list);
  }

  function fill(fragment) {
    const say = pingji.say;
    const at = (text) => (text ? pingji.format.full(Date.parse(text)) : "");
    const head = pingji.make("h3", "detail__title", pingji.caseWords.word(record.kind, record.subcategory));
    fragment.append(head);
    const i = pingji.model.cases.index.get(record.id);
    if (i !== undefined) {
      const columns = pingji.live.topic("cases").columns;
      const row = pingji.model.cases.rows[i];
      const late = pingji.caseWords.lateness(i, row, columns, pingji.live.pictureAt());
      const look = late[0] === "overdue" ? "detail__late detail__late--over" : "detail__late";
      if (late[1]) fragment.append(pingji.make("p", look, late[1]));
      const urgent = pingji.caseWords.emergency(i, pingji.live.pictureAt());
      if (urgent) {
        const dress = urgent[0] === "over" ? "detail__late detail__late--over" : "detail__late";
        fragment.append(pingji.make("p", dress, urgent[1]));
      }
    }
    const told = plain || record;
    const text = told.description || say("no_description");
    fragment.append(pingji.make("p", "detail__text", text));
    if (!plain && masked(record)) fragment.append(unmask());
    const marks = (record.marks || []).map((mark) => pingji.code("mark", mark)).join(" · ");
    pairs(fragment, [
      ["case_number", record.id],
      ["stage", pingji.code("stage", record.stage)],
      ["marks", marks],
      ["source", pingji.code("source", record.source)],
      ["jurisdiction", pingji.caseWords.place(record.jurisdiction)],
      ["address", told.address],
      ["unit", record.unit ? pingji.code("unit", record.unit) : ""],
      ["reported_at", at(record.reported_at)],
    ]);
    const line = pingji.make("ol", "timeline");
    (record.events || []).forEach((event, n) => {
      const note = plain && plain.notes[n] !== undefined ? plain.notes[n] : event.note;
      line.append(step(Object.assign({}, event, { note: note }), at));
    });
    pingji.drawer.fill("drawer-case-record", line);
  }

  function masked(told) {
    const texts = [told.description, told.address].concat((told.events || []).map((e) => e.note));
    const may = pingji.page.viewer.rights.indexOf("supervise") >= 0;
    return may && texts.some((text) => /\*{3}/.test(text || ""));
  }

  /** Numbers of people in full: asked for by hand, and in the audit. */
  function unmask() {
    const label = pingji.say("show_plain") + " · " + pingji.say("audited");
    const button = pingji.make("button", "button drawer__unmask", label);
    const id = record.id;
    button.addEventListener("click", () => {
      pingji.drawer.ask(
        "/api/v1/cases/" + encodeURIComponent(id) + "/plain",
        (body) => {
          plain = body;
          paint();
        },
        () => pingji.announce(pingji.say("failed")),
        "POST",
      );
    });
    return button;
  }

  function step(event, at) {
    const item = pingji.make("li", "timeline__step");
    let name = "";
    if (event.stage) name = pingji.code("stage", event.stage);
    else if (event.mark) name = pingji.code("mark", event.mark);
    else if (event.treatment) {
      const limit = event.limit_min ? " · " + pingji.format.minutes(event.limit_min) : "";
      name = pingji.code("treated", event.treatment) + limit;
    } else if (event.call) name = pingji.say("entry_called");
    else if (event.unmark) {
      name = pingji.say("unmarked", { mark: pingji.code("mark", event.unmark) });
    }
    item.classList.toggle("timeline__step--mark", !event.stage);
    item.append(
      pingji.make("span", "timeline__name", name),
      pingji.make("span", "timeline__time", at(event.at)),
    );
    const who = event.by ? pingji.code("source", event.by) : "";
    const title = event.title ? event.title[pingji.language === "en" ? 1 : 0] : "";
    const by = [title, who, event.note].filter(Boolean).join(" · ");
    if (by) item.append(pingji.make("span", "timeline__note", by));
    if (event.until) {
      const until = pingji.say("until", { time: at(event.until) });
      item.append(pingji.make("span", "timeline__note", until));
    }
    if (event.odd) {
      const stood = event.odd_after ? pingji.code("stage", event.odd_after) : "—";
      item.append(
        pingji.make("span", "timeline__odd", pingji.say("odd")),
        pingji.make("span", "timeline__note", pingji.say("odd_after", { stage: stood })),
      );
    }
    return item;
  }

  pingji.on("selected", (id) => {
    if (id === null) {
      wanted = null;
      record = null;
      state = "none";
      paint();
    } else if (!wanted || wanted.id !== id) ask(id);
  });
  pingji.on("paint", () => {
    if (wanted && state === "shown" && version(wanted.id) !== wanted.version) ask(wanted.id);
  });
  pingji.on("language", paint);
})();
