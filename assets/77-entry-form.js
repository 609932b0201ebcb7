/* 值班快录: the boxes of the form, and the matters that its first one offers. */
(function () {
  "use strict";

  const pingji = window.pingji;

  function field(key, only) {
    const box = pingji.make("div", "entry__field");
    if (only) box.dataset.only = only;
    const label = pingji.make("label", "entry__label");
    label.dataset.say = key;
    box.append(label);
    return { box, label };
  }

  function text(key, most, only) {
    const made = field(key, only);
    const input = pingji.make("input", "input entry__text");
    input.id = key.replace(/_/g, "-");
    input.type = "text";
    input.autocomplete = "off";
    input.spellcheck = false;
    input.maxLength = most;
    made.label.htmlFor = input.id;
    made.box.append(input);
    return Object.assign(made, { input });
  }

  /** Make the boxes within `body`; gives them by name. */
  function form(body) {
    const make = pingji.make;
    const matter = field("entry_matter", "case");
    const where = field("entry_where");
    const boxes = [matter, where].map((made) => {
      const box = make("div", "entry__box find");
      made.box.append(box);
      return box;
    });
    const common = make("div", "entry__common");
    matter.box.append(common);
    const states = field("entry_state");
    states.label = make("span", "entry__label");
    states.box.replaceChildren(states.label);
    const choices = make("div", "entry__states");
    choices.setAttribute("role", "radiogroup");
    states.box.append(choices);
    const depth = text("entry_depth", 6);
    depth.box.classList.add("entry__field--short");
    depth.input.inputMode = "decimal";
    depth.box.append(make("span", "entry__unit", "cm"));
    const caller = text("entry_caller", 60, "case");
    const phone = text("entry_phone", 40, "case");
    phone.input.inputMode = "tel";
    const note = text("entry_text", 500);
    const now = make("p", "entry__now");
    const near = make("div", "entry__near");
    near.dataset.only = "case";
    near.setAttribute("role", "status");
    const urgentRow = make("label", "entry__urgent");
    urgentRow.dataset.only = "case";
    const urgentBox = make("input", "");
    urgentBox.type = "checkbox";
    urgentBox.id = "entry-urgent";
    const urgentWord = make("span", "");
    urgentWord.dataset.say = "entry_urgent";
    urgentRow.append(urgentBox, urgentWord);
    const wet = make("div", "entry__row");
    wet.append(states.box, depth.box);
    const people = make("div", "entry__row");
    people.dataset.only = "case";
    people.append(caller.box, phone.box, urgentRow);
    body.append(matter.box, where.box, now, near, wet, people, note.box);
    const parts = { common, choices, states, depth, caller, phone, note, now, near, urgentBox };
    return Object.assign(parts, { matter, where, boxes });
  }

  /** Subcategories of the city's list that answer to the words; the common ones under their names too. */
  function matters(words) {
    const found = new Map();
    const add = (kind, code, name, said, more, weight) => {
      const known = found.get(kind + "/" + code);
      if (weight <= 0 || (known && known.weight >= weight)) return;
      found.set(kind + "/" + code, { value: { kind, code, said }, name, more, mark: "case", weight });
    };
    pingji.page.matters.common.forEach(([kind, code, zh, en]) => {
      const name = pingji.language === "en" ? en : zh;
      const more = pingji.caseWords.word(kind, code) + " · " + code;
      const weight = Math.max(pingji.weighName(zh, code, words), pingji.weighName(en, code, words));
      add(kind, code, name, zh, more, weight && weight + 0.3);
    });
    const named = pingji.page.codes.category;
    Object.entries(pingji.page.classes).forEach(([group, codes]) => {
      const kind = group.slice(0, group.indexOf("/"));
      codes.forEach((code) => {
        const id = kind + "/" + code;
        const weight = Math.max(
          pingji.weighName(named[id][0], code, words),
          pingji.weighName(named[id][1], code, words),
        );
        const more = [pingji.code("kind", kind), pingji.code("category", group), code].join(" · ");
        add(kind, code, pingji.code("category", id), "", more, weight);
      });
    });
    return Array.from(found.values());
  }

  pingji.entryForm = { make: form, matters };
})();
