/* A box with a list for what somebody types: names, codes, first letters of the pinyin.
 *
 * `pingji.chooser(box, told)`: `told.look(words, typed)` gives rows {value, name, more, mark, weight};
 * `told.ask(words)`, where there is one, a promise of more of them. Enter or a press chooses. */
(function () {
  "use strict";

  const pingji = window.pingji;
  const WAIT_MS = 120;
  const MOST = 12;

  // The first sign, in the order of the pinyin, of each letter that a syllable begins with.
  const FIRST =
    "\u963f\u516b\u64e6\u54d2\u59b8\u53d1\u65ee\u54c8\u51fb\u5494\u5783\u5988" +
    "\u62ff\u54e6\u556a\u671f\u7136\u6492\u584c\u6316\u6614\u538b\u531d";
  const LETTERS = "abcdefghjklmnopqrstwxyz";
  const letters = new Map();
  let collator = null;

  function letter(sign) {
    if (letters.has(sign)) return letters.get(sign);
    let found = /[a-z0-9]/.test(sign) ? sign : "";
    if (/[\u4e00-\u9fff]/.test(sign)) {
      collator = collator || new Intl.Collator("zh-CN-u-co-pinyin");
      for (let n = FIRST.length - 1; n >= 0 && !found; n -= 1) {
        if (collator.compare(FIRST[n], sign) <= 0) found = LETTERS[n];
      }
    }
    letters.set(sign, found);
    return found;
  }

  /** 道路积水 → dljs. */
  function initials(name) {
    return Array.from(name.toLowerCase(), letter).join("");
  }

  /** How well a name or code answers to words: 0 not at all. */
  function weigh(name, code, words) {
    const low = name.toLowerCase();
    const at = low.indexOf(words);
    if (low === words || code === words) return 6;
    if (at === 0) return 5;
    if (code.indexOf(words) === 0) return 4.5;
    if (at > 0) return 4;
    if (/^[a-z]{2,}$/.test(words)) {
      const found = initials(name).indexOf(words);
      if (found >= 0) return found === 0 ? 3.5 : 3;
    }
    let from = 0; // all its signs, in their order
    for (const sign of words) {
      from = low.indexOf(sign, from) + 1;
      if (from === 0) return 0;
    }
    return words.length > 1 ? 2 : 0;
  }

  function chooser(box, told) {
    const make = pingji.make;
    const input = make("input", "input entry__text");
    const list = make("ul", "find__list entry__list panel");
    let found = [];
    let active = 0;
    let round = 0;
    let timer = null;
    let chosen = null;

    input.id = told.id;
    input.type = "text";
    input.autocomplete = "off";
    input.spellcheck = false;
    input.maxLength = 100;
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-controls", told.id + "-list");
    list.id = told.id + "-list";
    list.setAttribute("role", "listbox");
    box.append(input, list);

    function open(on) {
      list.hidden = !on;
      input.setAttribute("aria-expanded", String(on));
      if (!on) input.removeAttribute("aria-activedescendant");
    }

    function point() {
      Array.from(list.children).forEach((line, n) => {
        line.setAttribute("aria-selected", String(n === active));
        if (n === active) line.scrollIntoView({ block: "nearest" });
      });
      if (found[active]) input.setAttribute("aria-activedescendant", told.id + "-" + active);
    }

    function line(item, n) {
      const row = make("li", "find__row");
      row.id = told.id + "-" + n;
      row.setAttribute("role", "option");
      const text = make("span", "find__text");
      text.append(make("span", "find__name", item.name), make("span", "find__more", item.more || ""));
      if (item.mark) row.append(make("span", "swatch swatch--" + item.mark));
      row.append(text);
      row.addEventListener("pointerdown", (event) => {
        event.preventDefault();
        choose(item);
      });
      return row;
    }

    function show(items) {
      found = items.slice(0, MOST);
      active = 0;
      list.replaceChildren(...found.map(line));
      if (!found.length) list.append(make("li", "find__none", pingji.say("entry_no_match")));
      open(true);
      point();
    }

    function look() {
      const words = input.value.trim().toLowerCase();
      const mine = (round += 1);
      if (!words) {
        open(false);
        return;
      }
      const first = told.look(words, input.value.trim()).sort((a, b) => b.weight - a.weight);
      show(first);
      if (!told.ask) return;
      told.ask(input.value.trim()).then(
        (more) => mine === round && input === document.activeElement && show(first.concat(more)),
        () => {},
      );
    }

    function choose(item) {
      window.clearTimeout(timer);
      round += 1;
      chosen = item.value;
      input.value = item.name;
      input.classList.remove("is-wrong");
      open(false);
      told.chosen(item.value);
    }

    input.addEventListener("input", () => {
      if (chosen !== null) {
        chosen = null;
        told.chosen(null);
      }
      window.clearTimeout(timer);
      timer = window.setTimeout(() => {
        timer = null;
        look();
      }, WAIT_MS);
    });
    input.addEventListener("keydown", (event) => {
      if (event.isComposing) return;
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step && !list.hidden && found.length) {
        active = (active + step + found.length) % found.length;
        point();
      } else if (event.key === "Enter" && !event.ctrlKey && !event.metaKey && chosen === null) {
        // what was typed a moment ago may not have been looked up yet
        if (input.value.trim() && (list.hidden || timer)) {
          window.clearTimeout(timer);
          look();
        }
        if (!list.hidden && found[active]) choose(found[active]);
        else return;
      } else if (event.key === "Escape" && !list.hidden) open(false);
      else return;
      event.preventDefault();
      event.stopPropagation();
    });
    input.addEventListener("blur", () => window.setTimeout(() => open(false), 120));
    open(false);

    return {
      input,
      value: () => chosen,
      /** Take a value from elsewhere, as from the map, with the words that stand for it. */
      set(value, name) {
        chosen = value;
        round += 1;
        input.value = name || "";
        input.classList.remove("is-wrong");
        open(false);
      },
    };
  }

  pingji.chooser = chooser;
  pingji.weighName = weigh;
})();
