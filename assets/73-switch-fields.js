/* 平急转换: the fields of its form, each of which writes its value and says that it changed. */
(function () {
  "use strict";

  const pingji = window.pingji;
  const make = (...args) => pingji.make(...args);

  function choice(name, label, options, values, changed) {
    const box = make("div", "dialog__field");
    const head = make("span", "dialog__label", label);
    const group = make("div", "dialog__choices");
    group.setAttribute("role", "radiogroup");
    head.id = "switch-" + name;
    group.setAttribute("aria-labelledby", head.id);
    options.forEach(([value, text]) => {
      const button = make("button", "toggle", text);
      button.type = "button";
      button.dataset.value = String(value);
      button.setAttribute("role", "radio");
      button.addEventListener("click", () => {
        values[name] = value;
        show();
        changed();
      });
      group.append(button);
    });
    function show() {
      group.querySelectorAll("button").forEach((button) => {
        const on = button.dataset.value === String(values[name]);
        button.setAttribute("aria-checked", String(on));
        button.setAttribute("aria-pressed", String(on));
      });
    }
    show();
    box.append(head, group);
    return box;
  }

  function line(name, label, values, changed, options) {
    const told = options || {};
    const box = make("div", "dialog__field");
    const head = make("label", "dialog__label", label);
    const input = make(told.area ? "textarea" : "input", "input dialog__input");
    input.id = "switch-" + name;
    head.htmlFor = input.id;
    input.name = name;
    input.autocomplete = "off";
    input.maxLength = told.most || 200;
    if (told.area) input.rows = 2;
    if (told.number) {
      input.inputMode = "numeric";
      input.pattern = "[0-9]*";
    }
    input.value = values[name] || "";
    input.addEventListener("input", () => {
      values[name] = input.value;
      changed();
    });
    box.append(head, input);
    return box;
  }

  function pick(name, label, options, values, changed) {
    const box = make("div", "dialog__field");
    const head = make("label", "dialog__label", label);
    const select = make("select", "input dialog__input");
    select.id = "switch-" + name;
    head.htmlFor = select.id;
    options.forEach(([value, text]) => {
      const option = make("option", null, text);
      option.value = value;
      select.append(option);
    });
    select.value = values[name];
    select.addEventListener("change", () => {
      values[name] = select.value;
      changed();
    });
    box.append(head, select);
    return box;
  }

  pingji.switchFields = { choice: choice, line: line, pick: pick };
})();
