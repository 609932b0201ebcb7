/* Handing a shift over 交接班: the sheet over the screen, signed in place by whoever comes.
 *
 * The session changes, the page does not: what is shown, where it stands and the sound stay. It is
 * never in the way: it opens when asked for, closes at will, and may be put off with a reason. */
(function () {
  "use strict";

  const pingji = window.pingji;
  const MINUTE_MS = 60000;
  const PUT_OFF = [30, 60, 120]; // minutes
  const MARKS = 40;
  let shown = null; // {root, body, opener, told, form}
  let theme = null;

  const make = pingji.make;
  const say = (key, fill) => pingji.say(key, fill);
  const { part, contents, top, lines, simulated, clock } = pingji.sheet;

  function get(path) {
    return window
      .fetch(path, { credentials: "same-origin", headers: { Accept: "application/json" } })
      .then((answer) => {
        if (!answer.ok) throw new Error(say("shift_failed"));
        return answer.json();
      });
  }

  function button(word, act, look) {
    const made = make("button", look || "button", say(word));
    made.type = "button";
    made.addEventListener("click", act);
    return made;
  }

  // ── what a paper carries: name, time, and what the data are ─────────────────────────────────

  function mark(root) {
    const box = make("div", "sheet__mark");
    box.setAttribute("aria-hidden", "true");
    const now = pingji.live.now();
    const time = now === null ? "" : pingji.format.full(now).slice(0, 16);
    const text = [pingji.page.viewer.name, time, ...simulated()].join("  ");
    for (let n = 0; n < MARKS; n += 1) box.append(make("span", "", text));
    const old = root.querySelector(".sheet__mark");
    if (old) old.replaceWith(box);
    else root.append(box);
    const foot = root.querySelector(".sheet__printed");
    pingji.write(foot, say("handover_printed", { name: pingji.page.viewer.name, time: time }));
  }

  // A paper is white whatever the screen wears.
  window.addEventListener("beforeprint", () => {
    if (!shown) return;
    mark(shown.root);
    if (theme === null) theme = document.documentElement.dataset.theme; // print may be asked for twice
    document.documentElement.dataset.theme = "light";
  });
  window.addEventListener("afterprint", () => {
    if (theme !== null) document.documentElement.dataset.theme = theme;
    theme = null;
  });

  // ── opening and closing ─────────────────────────────────────────────────────────────────────

  function close() {
    if (!shown) return;
    const was = shown;
    shown = null;
    document.documentElement.classList.remove("has-sheet");
    was.root.remove();
    if (was.opener && was.opener.isConnected) was.opener.focus();
  }

  function open() {
    close();
    const root = make("div", "sheet");
    const paper = make("div", "sheet__paper panel");
    paper.setAttribute("role", "dialog");
    paper.setAttribute("aria-modal", "true");
    paper.setAttribute("aria-labelledby", "sheet-title");
    const bar = make("div", "sheet__bar");
    const put = button("handover_put_off", putOff);
    bar.append(put, button("handover_print", () => window.print()), button("close", close));
    const body = make("div", "sheet__body");
    body.append(make("p", "sheet__none", say("handover_loading")));
    paper.append(bar, body, make("p", "sheet__printed"));
    root.append(paper);
    document.body.append(root);
    document.documentElement.classList.add("has-sheet");
    shown = { root: root, body: body, put: put, opener: document.activeElement };
    root.addEventListener("keydown", (event) => {
      event.stopPropagation();
      if (event.key === "Escape") close();
      if (event.key === "Tab") turn(paper, event);
    });
    bar.lastElementChild.focus();
    load(shown);
  }

  function turn(paper, event) {
    const stops = Array.from(paper.querySelectorAll("button, input, textarea")).filter(
      (each) => !each.disabled && each.offsetParent !== null,
    );
    const edge = event.shiftKey ? stops[0] : stops[stops.length - 1];
    if (document.activeElement !== edge && paper.contains(document.activeElement)) return;
    stops[event.shiftKey ? stops.length - 1 : 0].focus();
    event.preventDefault();
  }

  function load(mine) {
    get("/api/v1/handovers/sheet").then(
      (told) => {
        if (shown !== mine) return;
        const names = [["handover_outgoing", told.outgoing.name]];
        const parts = [...contents(told), signing(mine), lines(), earlier()];
        mine.body.replaceChildren(top(told, names), ...parts);
        mark(mine.root);
      },
      (error) => shown === mine && pingji.write(mine.body, error.message),
    );
  }

  // ── signing ─────────────────────────────────────────────────────────────────────────────────

  function input(name, word, type) {
    const label = make("label", "sheet__field");
    const box = make(type === "area" ? "textarea" : "input", "input dialog__input");
    box.name = name;
    box.autocomplete = type === "password" ? "new-password" : "off";
    if (type === "area") {
      box.rows = 3;
      box.maxLength = 4000;
    } else {
      box.type = type;
      box.maxLength = 200;
    }
    label.append(make("span", "dialog__label", say(word)), box);
    return [label, box];
  }

  function signing(mine) {
    const form = make("form", "sheet__part sheet__sign");
    form.noValidate = true;
    const [remarksBox, remarks] = input("remarks", "handover_remarks", "area");
    const [nameBox, name] = input("name", "handover_account", "text");
    const [passwordBox, password] = input("password", "handover_password", "password");
    const wrong = make("p", "dialog__wrong");
    wrong.setAttribute("role", "alert");
    const sure = make("button", "button button--sure", say("handover_sure"));
    sure.type = "submit";
    const line = make("div", "sheet__signature");
    line.append(nameBox, passwordBox, sure);
    const title = make("h3", "sheet__subtitle", say("handover_now"));
    form.append(remarksBox, title, soundTrial(mine), line, wrong);
    const changed = () => {
      sure.disabled = mine.busy || !name.value.trim() || !password.value;
    };
    [name, password].forEach((each) => each.addEventListener("input", changed));
    changed();
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (sure.disabled) return;
      mine.busy = true;
      changed();
      pingji.write(wrong, "");
      const body = { name: name.value.trim(), password: password.value };
      body.sound_tried = mine.tried === true;
      if (remarks.value.trim()) body.remarks = remarks.value.trim();
      password.value = "";
      pingji.live.handing = true;
      pingji
        .post("/api/v1/handovers", body)
        .then(handed, (error) => {
          mine.busy = false;
          changed();
          pingji.write(wrong, error.message);
          password.focus();
        })
        .finally(() => {
          pingji.live.handing = false;
        });
    });
    return form;
  }

  /** Whoever takes over hears whether alerts will be heard; the sheet keeps whether it was done. */
  function soundTrial(mine) {
    const box = make("div", "sheet__line");
    const said = make("span", "sheet__label");
    const done = (may) => {
      mine.tried = may;
      pingji.write(said, say(may ? "shift_sound_done" : "shift_sound_none"));
    };
    const trial = button("shift_sound", () => {
      if (pingji.sound) Promise.resolve(pingji.sound.try()).then((may) => done(Boolean(may)));
      else done(false);
    });
    box.append(trial, said);
    return box;
  }

  /** The page goes on as whoever came, and so do the other pages of this browser. */
  function handed(told) {
    pingji.memory.set("handed", JSON.stringify({ from: pingji.page.session, told: told }));
    pingji.memory.set("handed", "");
    switchTo(told);
  }

  window.addEventListener("storage", (event) => {
    if (event.key !== "pingji.handed" || !event.newValue) return;
    const news = JSON.parse(event.newValue);
    if (pingji.page && news.from === pingji.page.session) switchTo(news.told);
  });

  /** Nothing of the page is loaded anew. */
  function switchTo(told) {
    pingji.page.session = told.session;
    Object.assign(pingji.page.viewer, told.viewer);
    pingji.live.rejoin();
    const role = told.viewer.role[pingji.language === "en" ? 1 : 0];
    document.querySelectorAll(".header__name").forEach((it) => pingji.write(it, told.viewer.name));
    document.querySelectorAll(".header__role").forEach((it) => {
      pingji.write(it, role === told.viewer.name ? "" : role);
    });
    close();
    pingji.announce(say("handover_done", { name: told.viewer.name }));
    toast(say("handover_done", { name: told.viewer.name }));
    pingji.emit("viewer", told.viewer);
    pingji.emit("changed");
    if (pingji.byId("shift")) pingji.shift.ask();
  }

  function toast(text) {
    const box = make("div", "handed", text);
    document.body.append(box);
    window.setTimeout(() => box.remove(), 6000);
  }

  function putOff() {
    pingji.dialog({
      title: say("handover_put_off_title"),
      lines: [say("handover_put_off_line")],
      fields: [
        { name: "reason", label: say("handover_reason"), kind: "area", required: true },
        {
          name: "minutes",
          label: say("handover_until"),
          kind: "choice",
          value: "30",
          options: PUT_OFF.map((n) => [String(n), say("handover_until_" + n)]),
        },
      ],
      button: say("handover_put_off"),
      sure: (values) =>
        pingji
          .post("/api/v1/handovers/put-off", {
            reason: values.reason.trim(),
            until: new Date(pingji.live.now() + Number(values.minutes) * MINUTE_MS).toISOString(),
          })
          .then(() => {
            close();
            toast(say("handover_put_off_done"));
            pingji.emit("put-off");
          }),
    });
  }

  // ── earlier ones ────────────────────────────────────────────────────────────────────────────

  function earlier() {
    const rows = make("ol", "sheet__rows");
    const box = part(say("handover_earlier"), rows);
    box.classList.add("sheet__earlier");
    get("/api/v1/handovers?limit=8").then(
      (told) => {
        told.items.forEach((it) => {
          const row = make("li", "sheet__row");
          row.append(make("span", "sheet__first", clock(it.at)));
          if (it.act === "handed") {
            const names = { from: it.outgoing_name, to: it.incoming_name };
            const look = button("close", () => old(it.id), "shift__about");
            look.textContent = say("handover_act_handed", names);
            row.append(look);
          } else {
            const names = { from: it.outgoing_name, reason: it.reason };
            row.append(make("span", "", say("handover_act_put_off", names)));
          }
          rows.append(row);
        });
        if (!told.items.length) rows.append(make("li", "sheet__none", say("handover_none")));
      },
      () => box.remove(),
    );
    return box;
  }

  function old(id) {
    const mine = shown;
    get("/api/v1/handovers/" + id).then((row) => {
      if (shown !== mine || !mine) return;
      const names = [
        ["handover_outgoing", row.outgoing_name],
        ["handover_incoming", row.incoming_name],
      ];
      const remarks = make("p", "sheet__remarks", row.remarks || say("handover_none"));
      mine.body.replaceChildren(
        top(row.sheet, names),
        ...contents(row.sheet),
        part(say("handover_remarks"), remarks),
        lines(),
        earlier(),
      );
      mine.put.hidden = true;
      mine.root.scrollTop = 0;
    });
  }

  pingji.acts.handover = open;
  pingji.handover = { get, open, button };
})();
