/* One dialog for what is decided: a title, what it is about, fields, and one button that does it.
 *
 * `pingji.dialog(told)` opens it; `told.sure(values)` returns a promise: kept, the dialog closes,
 * broken, it stays and says why. Focus stays inside, Escape leaves, the opener gets it back. */
(function () {
  "use strict";

  const pingji = window.pingji;
  let shown = null; // {root, told, opener, busy}

  function close() {
    if (!shown) return;
    const was = shown;
    shown = null;
    was.root.remove();
    if (was.opener && was.opener.isConnected) was.opener.focus();
    if (was.told.left) was.told.left();
  }

  /* A field: {name, label, kind: text | area | choice, required, value, hint, options: [[value, word]]} */
  function field(told, values, changed) {
    const make = pingji.make;
    const box = make("div", "dialog__field");
    const id = "dialog-" + told.name;
    values[told.name] = told.value === undefined ? "" : told.value;
    const label = make(told.kind === "choice" ? "span" : "label", "dialog__label", told.label);
    label.id = id + "-label";
    box.append(label);
    if (told.kind === "choice") {
      const group = make("div", "dialog__choices");
      group.setAttribute("role", "radiogroup");
      group.setAttribute("aria-labelledby", label.id);
      told.options.forEach(([value, word]) => {
        const button = make("button", "toggle", word);
        button.type = "button";
        button.dataset.value = value;
        button.setAttribute("role", "radio");
        button.setAttribute("aria-checked", String(value === values[told.name]));
        button.setAttribute("aria-pressed", String(value === values[told.name]));
        button.addEventListener("click", () => {
          values[told.name] = value;
          group.querySelectorAll("button").forEach((other) => {
            other.setAttribute("aria-checked", String(other === button));
            other.setAttribute("aria-pressed", String(other === button));
          });
          changed();
        });
        group.append(button);
      });
      box.append(group);
    } else {
      const input = make(told.kind === "area" ? "textarea" : "input", "input dialog__input");
      input.id = id;
      input.name = told.name;
      input.autocomplete = "off";
      input.value = values[told.name];
      input.maxLength = told.most || 500;
      if (told.kind === "area") input.rows = 3;
      label.htmlFor = id;
      input.addEventListener("input", () => {
        values[told.name] = input.value;
        changed();
      });
      box.append(input);
    }
    const hint = make("span", "dialog__hint", told.hint && !told.hint.call ? told.hint : "");
    if (told.hint) box.append(hint);
    return { box: box, say: () => told.hint && told.hint.call && pingji.write(hint, told.hint(values)) };
  }

  function open(told) {
    close();
    const make = pingji.make;
    const values = {};
    const root = make("div", "dialog");
    const form = make("form", "dialog__box panel");
    form.setAttribute("role", "dialog");
    form.setAttribute("aria-modal", "true");
    form.setAttribute("aria-labelledby", "dialog-title");
    form.noValidate = true;
    const title = make("h2", "dialog__title", told.title);
    title.id = "dialog-title";
    form.append(title);
    (told.lines || []).forEach((line) => {
      form.append(line instanceof Node ? line : make("p", "dialog__line", line));
    });
    const fields = (told.fields || []).map((each) => field(each, values, changed));
    fields.forEach((each) => form.append(each.box));
    const wrong = make("p", "dialog__wrong");
    wrong.setAttribute("role", "alert");
    const foot = make("div", "dialog__foot");
    const leave = make("button", "button", pingji.say("cancel"));
    leave.type = "button";
    leave.addEventListener("click", () => shown && !shown.busy && close());
    const sure = make("button", "button button--sure", told.button);
    sure.type = "submit";
    if (!told.alone) foot.append(leave);
    foot.append(sure);
    form.append(wrong, foot);
    root.append(form);
    document.body.append(root);
    shown = { root: root, told: told, opener: document.activeElement, busy: false };
    const mine = shown;

    function complete() {
      return (told.fields || []).every(
        (each) => !each.required || String(values[each.name]).trim() !== "",
      );
    }

    function changed() {
      fields.forEach((each) => each.say());
      sure.disabled = mine.busy || !complete();
    }

    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (mine.busy || !complete()) return;
      mine.busy = true;
      changed();
      pingji.write(wrong, "");
      Promise.resolve(told.sure(values)).then(
        () => shown === mine && close(),
        (error) => {
          mine.busy = false;
          changed();
          pingji.write(wrong, error && error.message ? error.message : pingji.say("act_failed"));
          if (shown === mine && !root.contains(document.activeElement)) sure.focus(); // Escape leaves still
        },
      );
    });
    root.addEventListener("mousedown", (event) => {
      mine.outside = event.target === root;
    });
    root.addEventListener("click", (event) => {
      // what was typed is not lost by a slip beside the box
      const typed = Array.from(form.querySelectorAll("input, textarea")).some((i) => i.value);
      if (event.target === root && mine.outside && !mine.busy && !typed) close();
    });
    root.addEventListener("keydown", (event) => {
      event.stopPropagation();
      if (event.key === "Escape" && !mine.busy) {
        close();
        event.preventDefault();
      } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
        form.requestSubmit ? form.requestSubmit() : sure.click();
      } else if (event.key === "Tab") {
        turn(form, event);
      }
    });
    changed();
    const first = form.querySelector("input, textarea") || (told.fields && form.querySelector(".toggle"));
    (first || (told.alone ? sure : leave)).focus();
    return close;
  }

  function turn(form, event) {
    const stops = Array.from(form.querySelectorAll("button, input, textarea")).filter(
      (each) => !each.disabled && each.offsetParent !== null,
    );
    const at = stops.indexOf(document.activeElement);
    const next = at + (event.shiftKey ? -1 : 1);
    if (at >= 0 && next >= 0 && next < stops.length) return;
    stops[event.shiftKey ? stops.length - 1 : 0].focus();
    event.preventDefault();
  }

  pingji.dialog = open;
  pingji.dialogOpen = () => shown !== null;
})();
