/* 平急转换: what is in force, the acts on it, and a start whose every consequence is shown first.
 *
 * The sheet asks the server what a switch would change each time a choice changes; the button that
 * does it names what it does and must be pressed twice; only a 补签, for which the sheet was opened,
 * is done by one press. */
(function () {
  "use strict";

  const pingji = window.pingji;
  const PREVIEW_MS = 250;
  const REVOCABLE_MS = 600000; // ten minutes of the city's clock
  const SURE_MS = 4000;
  const LEVELS = [4, 3, 2, 1];
  const may = (right) => pingji.page.viewer.rights.indexOf(right) >= 0;
  const say = (key, fill) => pingji.say(key, fill);
  const make = (...args) => pingji.make(...args);
  const { choice, line, pick } = pingji.switchFields;

  let sheet = null; // {root, values, mode: start | level | end | revoke | confirm, row, opener}
  let timer = null;
  let asked = 0;

  const issuer = (name) => pingji.page.operations.issuers.find((each) => each[0] === name);
  const issuerWord = (name) => (pingji.language === "en" && (issuer(name) || [])[1]) || name;
  const numbering = (name) => (issuer(name) || [null, null, "roman"])[2];
  const levelWord = (level, name) => pingji.levelWord(level, numbering(name));

  /** A level as it follows what it is the level of: Ⅲ级, 三级, or in English " level Ⅲ". */
  pingji.levelWord = (level, counted) => {
    const levels = pingji.page.operations.levels;
    if (pingji.language !== "en") return levels[counted][level];
    return " " + pingji.say("switch_grade").toLowerCase() + " " + levels.en[level];
  };

  function rows() {
    const topic = pingji.live.topic("operations");
    const c = topic.columns;
    return Array.from(topic.rows.values())
      .map((row) => {
        const told = {};
        Object.keys(c).forEach((name) => {
          told[name] = row[c[name]];
        });
        return told;
      })
      .filter((row) => row.state === "in_force" || row.needs_confirmation || row.watch_until);
  }

  function title(row) {
    const band = pingji.mode.all().get(row.id);
    if (band) return band;
    if (row.kind === "event") return pingji.code("operation_kind", "event") + " " + row.name;
    const scenario = pingji.code("scenario", row.scenario);
    return issuerWord(row.issuer) + " " + scenario + levelWord(row.level, row.issuer);
  }

  // ── parts of the form ───────────────────────────────────────────────────────────────────

  /** Who said so, how, and from when: what every act carries. */
  function word_of(values, changed) {
    const box = make("fieldset", "switch__word");
    box.append(make("legend", "dialog__label", say("switch_word")));
    box.append(
      line("approved_by", say("switch_approver"), values, changed),
      choice("approval", say("switch_how"), codes("approval"), values, changed),
      line("document_no", say("switch_document"), values, changed),
      line("ago", say("switch_ago"), values, changed, { number: true, most: 5 }),
    );
    return box;
  }

  const codes = (list) =>
    Object.keys(pingji.page.codes[list]).map((code) => [code, pingji.code(list, code)]);

  function areas() {
    return (pingji.page.viewer.areas || []).concat(
      Object.keys(pingji.page.districts).filter(
        (id) => pingji.page.districts[id] === id && pingji.page.viewer.areas.indexOf(id) < 0,
      ),
    ).map((id) => [id, pingji.code("jurisdiction", id)]);
  }

  // ── what would change ───────────────────────────────────────────────────────────────────

  function wanted() {
    const v = sheet.values;
    if (sheet.mode === "end") return { operation: sheet.row.id };
    if (sheet.mode === "level") return { operation: sheet.row.id, level: v.level };
    const body = { kind: v.kind, area: v.area, drill: v.drill === "drill" };
    if (body.drill) body.input = v.input;
    if (v.kind === "emergency") Object.assign(body, { scenario: v.scenario, level: v.level });
    return body;
  }

  function tell(told, wrong) {
    const place = sheet.root.querySelector(".switch__change");
    const drill = sheet.row ? Boolean(sheet.row.drill) : sheet.values.drill === "drill";
    pingji.switchChange(place, told, { drill: drill, wrong: wrong });
  }

  function look() {
    window.clearTimeout(timer);
    if (!sheet || ["start", "level", "end"].indexOf(sheet.mode) < 0) return;
    timer = window.setTimeout(() => {
      const number = (asked += 1);
      pingji.post("/api/v1/operations/preview", wanted()).then(
        (told) => sheet && number === asked && tell(told),
        (error) => sheet && number === asked && tell(null, error.message),
      );
    }, PREVIEW_MS);
  }

  // ── the sheet ───────────────────────────────────────────────────────────────────────────

  function close() {
    if (!sheet) return;
    const was = sheet;
    sheet = null;
    window.clearTimeout(timer);
    was.root.remove();
    if (was.opener && was.opener.isConnected) was.opener.focus();
  }

  function begin(mode, row) {
    sheet.mode = mode;
    sheet.row = row || null;
    const base = { approval: "phone", approved_by: "", document_no: "", ago: "", reason: "" };
    if (mode === "start") {
      Object.assign(base, {
        kind: "emergency",
        scenario: "flood-typhoon",
        level: 4,
        issuer: pingji.page.operations.issuers[0][0],
        area: (pingji.page.viewer.areas || [])[0],
        drill: "real",
        input: "storm",
        name: "",
        basis: "",
      });
    }
    if (mode === "level") base.level = row.level === 1 ? 2 : row.level - 1;
    if (mode === "end") base.watch = "";
    sheet.values = base;
    draw();
    look();
  }

  function standingList() {
    const list = make("div", "switch__running");
    const found = rows();
    if (!found.length) list.append(make("p", "switch__none", say("switch_none")));
    found.forEach((row) => {
      const item = make("div", "switch__item");
      item.dataset.operation = row.id;
      item.append(make("strong", null, title(row)));
      const place = [pingji.code("jurisdiction", row.area)];
      if (row.drill) place.unshift(say("band_drill"));
      if (row.needs_confirmation) {
        place.push(say("switch_owed", { name: row.approved_by || "" }));
      }
      if (row.watch_until) {
        const until = pingji.format.moment(Date.parse(row.watch_until));
        place.push(say("band_watch", { time: until }));
      }
      item.append(make("span", "switch__about", place.join(" · ")));
      const acts = make("div", "switch__acts");
      const act = (mode, key) => {
        const button = make("button", "button", say(key));
        button.type = "button";
        if (sheet.mode === mode && sheet.row && sheet.row.id === row.id) {
          button.setAttribute("aria-pressed", "true");
        }
        button.addEventListener("click", () => begin(mode, row));
        acts.append(button);
      };
      const now = pingji.live.now();
      if (may("operate") && row.state === "in_force") {
        if (row.kind === "emergency") act("level", "switch_level");
        act("end", row.drill ? "switch_stop_drill" : "switch_end");
        if (now - Date.parse(row.entered_at) < REVOCABLE_MS) act("revoke", "switch_revoke");
      }
      if (may("confirm") && row.needs_confirmation) act("confirm", "switch_confirm");
      item.append(acts);
      list.append(item);
    });
    return list;
  }

  function fields() {
    const v = sheet.values;
    const changed = () => {
      check();
      look();
    };
    const again = () => {
      draw();
      look();
    };
    const parts = [];
    if (sheet.mode === "start") {
      parts.push(choice("kind", say("switch_kind"), codes("operation_kind"), v, again));
      if (v.kind === "emergency") {
        parts.push(choice("scenario", say("switch_scenario"), codes("scenario"), v, changed));
        parts.push(
          choice("issuer", say("switch_issuer"), pingji.page.operations.issuers.map((each) => [each[0], pingji.language === "en" ? each[1] : each[0]]), v, again),
        );
        parts.push(choice("level", say("switch_grade"), LEVELS.map((n) => [n, levelWord(n, v.issuer).trim()]), v, changed));
      } else {
        parts.push(line("name", say("switch_name"), v, changed));
      }
      parts.push(pick("area", say("switch_area"), areas(), v, changed));
      parts.push(choice("drill", say("switch_real"), [["real", say("switch_for_real")], ["drill", say("band_drill")]], v, again));
      if (v.drill === "drill") parts.push(choice("input", say("switch_input"), codes("drill_input"), v, changed));
    }
    if (sheet.mode === "level") {
      parts.push(choice("level", say("switch_grade"), LEVELS.filter((n) => n !== sheet.row.level).map((n) => [n, levelWord(n, sheet.row.issuer).trim()]), v, changed));
    }
    if (sheet.mode === "end" && sheet.row.kind === "emergency" && !sheet.row.drill) {
      parts.push(line("watch", say("switch_watch"), v, changed, { number: true, most: 3 }));
    }
    if (sheet.mode === "start" || sheet.mode === "level" || sheet.mode === "end") {
      parts.push(word_of(v, changed));
    }
    if (sheet.mode === "start") {
      parts.push(line("basis", say("switch_basis"), v, changed, { area: true, most: 4000 }));
    }
    parts.push(line("reason", say("switch_reason"), v, changed, { area: true, most: 500 }));
    return parts;
  }

  function verb() {
    const v = sheet.values;
    if (sheet.mode === "start") {
      if (v.kind === "event") return say("switch_do_start", { title: v.name || pingji.code("operation_kind", "event") });
      return say("switch_do_start", {
        title: issuerWord(v.issuer) + " " + pingji.code("scenario", v.scenario) + levelWord(v.level, v.issuer),
      });
    }
    if (sheet.mode === "level") {
      const key = v.level < sheet.row.level ? "switch_do_raise" : "switch_do_lower";
      return say(key, { level: levelWord(v.level, sheet.row.issuer).trim() });
    }
    return say("switch_do_" + sheet.mode);
  }

  function complete() {
    const v = sheet.values;
    if (!v.reason.trim() && sheet.mode !== "confirm") return false;
    if (sheet.mode === "start" && v.kind === "event" && !v.name.trim()) return false;
    return true;
  }

  function check() {
    if (!sheet) return;
    const button = sheet.root.querySelector(".switch__do");
    button.disabled = sheet.busy || !complete();
    if (!sheet.armed) pingji.write(button, verb());
  }

  function body() {
    const v = sheet.values;
    const told = { reason: v.reason, approved_by: v.approved_by, approval: v.approval, document_no: v.document_no };
    const ago = Number(v.ago);
    const now = pingji.live.now();
    if (ago > 0) told.effective_at = new Date(now - ago * 60000).toISOString();
    if (sheet.mode === "start") {
      Object.assign(told, wanted(), { issuer: v.kind === "event" ? "" : v.issuer, basis: v.basis, name: v.name });
    } else {
      told.version = sheet.row.version;
    }
    if (sheet.mode === "level") told.level = v.level;
    if (sheet.mode === "end" && Number(v.watch) > 0) {
      told.watch_until = new Date(now + Number(v.watch) * 3600000).toISOString();
    }
    return told;
  }

  function act() {
    const button = sheet.root.querySelector(".switch__do");
    if (!sheet.armed && sheet.mode !== "confirm") {
      sheet.armed = window.setTimeout(() => {
        if (!sheet) return;
        sheet.armed = null;
        button.classList.remove("is-armed");
        check();
      }, SURE_MS);
      button.classList.add("is-armed");
      pingji.write(button, say("switch_again", { what: verb() }));
      return;
    }
    window.clearTimeout(sheet.armed);
    sheet.armed = null;
    button.classList.remove("is-armed");
    sheet.busy = true;
    check();
    const wrong = sheet.root.querySelector(".dialog__wrong");
    pingji.write(wrong, "");
    const path = sheet.mode === "start" ? "" : "/" + encodeURIComponent(sheet.row.id) + "/" + sheet.mode;
    pingji.post("/api/v1/operations" + path, body()).then(
      () => close(),
      (error) => {
        if (!sheet) return;
        sheet.busy = false;
        check();
        pingji.write(wrong, error.message);
        wrong.scrollIntoView({ block: "nearest" });
      },
    );
  }

  function draw() {
    const box = sheet.root.querySelector(".switch");
    const form = make("div", "switch__form");
    box.classList.toggle("switch--short", !["start", "level", "end"].includes(sheet.mode));
    form.append(standingList());
    const start = make("button", "button switch__new", say("switch_new"));
    start.type = "button";
    start.addEventListener("click", () => begin("start"));
    if (may("operate") && sheet.mode !== "start") form.append(start);
    if (sheet.mode) fields().forEach((part) => form.append(part));
    const wrong = make("p", "dialog__wrong");
    wrong.setAttribute("role", "alert");
    form.append(wrong);
    const change = make("div", "switch__change");
    const foot = make("div", "dialog__foot switch__foot");
    const leave = make("button", "button", say("cancel"));
    leave.type = "button";
    leave.addEventListener("click", close);
    foot.append(leave);
    if (sheet.mode) {
      const sure = make("button", "button button--sure switch__do");
      sure.type = "button";
      sure.addEventListener("click", act);
      foot.append(sure);
    }
    const head = make("h2", "dialog__title", say("switch"));
    head.id = "switch-title";
    box.replaceChildren(head, form, change, foot);
    if (sheet.mode) check();
  }

  function open(opener) {
    if (sheet) return close();
    const root = make("div", "dialog");
    const box = make("div", "dialog__box panel switch");
    box.setAttribute("role", "dialog");
    box.setAttribute("aria-modal", "true");
    box.setAttribute("aria-labelledby", "switch-title");
    root.append(box);
    document.body.append(root);
    sheet = { root: root, values: {}, mode: null, row: null, opener: opener, busy: false, armed: null };
    root.addEventListener("keydown", (event) => {
      event.stopPropagation();
      if (event.key === "Escape" && !sheet.busy) close();
    });
    const asked_for = opener.dataset.operation; // one that waits for its 补签
    const owed = rows().find((row) => row.needs_confirmation && (!asked_for || row.id === asked_for));
    if (asked_for && owed) begin("confirm", owed);
    else if (may("operate") && !rows().length) begin("start");
    else if (!may("operate") && owed) begin("confirm", owed);
    else draw();
    const first = box.querySelector("button, input");
    if (first) first.focus();
    return undefined;
  }

  pingji.switchTitle = title;
  pingji.acts.switch = (target) => open(target);
  pingji.on("delta:operations", () => {
    if (sheet && !sheet.busy && !sheet.mode) draw();
  });
})();
