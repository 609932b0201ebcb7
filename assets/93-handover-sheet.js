/* What a sheet of a hand-over says: what is open, who was on, what happened. */
(function () {
  "use strict";

  const pingji = window.pingji;
  const make = pingji.make;
  const say = (key, fill) => pingji.say(key, fill);
  const clock = (text) => pingji.format.full(Date.parse(text)).slice(0, 16);

  function part(title, ...children) {
    const box = make("section", "sheet__part");
    box.append(make("h3", "sheet__subtitle", title), ...children);
    return box;
  }

  function list(items, none) {
    const box = make("ol", "sheet__rows");
    items.forEach((cells) => {
      const row = make("li", "sheet__row");
      cells.filter(Boolean).forEach((text, n) => row.append(make("span", n ? "" : "sheet__first", text)));
      box.append(row);
    });
    if (!items.length) box.append(make("li", "sheet__none", none || say("handover_none")));
    return box;
  }

  function counted(word, n) {
    return say(word) + (n ? " " + pingji.format.number(n) : "");
  }

  const subject = (item) => pingji.shift.subject(item);

  function alerts(items, tail) {
    return items.map((it) => [
      say("priority_" + it.priority),
      pingji.shift.what(it),
      it.alerts > 1 ? "" : it.jurisdiction ? pingji.code("jurisdiction", it.jurisdiction) : say("city_wide"),
      tail(it),
    ]);
  }

  function more(rows, count, word) {
    if (count > rows.length) rows.push([say(word || "shift_more", { n: pingji.format.number(count - rows.length) })]);
    return rows;
  }

  // A sheet that was kept before alerts of one cause were told as one has a row for each of them.
  const grouped = (waiting) => waiting.items.some((it) => it.alerts !== undefined);
  const open = (waiting) => (grouped(waiting) ? waiting.groups : waiting.count);

  function inGroups(waiting) {
    if (!grouped(waiting) || waiting.groups === waiting.count) return "";
    return " · " + say("handover_groups", { n: pingji.format.number(waiting.groups) });
  }

  /** What a sheet says: what is open, who was on, what happened. */
  function contents(told) {
    const duty = pingji.shift.inOrder(told.duty, told.posts).map((it) => {
      const post = told.posts.find((one) => one.id === it.post);
      const shift = told.shifts.find((one) => one.id === it.shift);
      return [
        [
          it.jurisdiction ? pingji.code("jurisdiction", it.jurisdiction) : "",
          post ? pingji.shift.pair([post.name, post.name_en]) : it.post,
        ]
          .filter(Boolean)
          .join(" "),
        it.name,
        shift ? pingji.shift.pair([shift.name, shift.name_en]) : it.shift,
      ];
    });
    const onDuty = list(duty);
    onDuty.classList.add("sheet__rows--two");
    const waiting = told.alerts.unacknowledged;
    const shelved = told.alerts.shelved;
    const promises = told.promises;
    const returns = (it) => say("shift_returns", { time: clock(it.shelved_until) });
    return [
      part(
        say("shift_operations"),
        list(
          told.operations.map((it) => [pingji.shift.pair(it.title), clock(it.effective_at)]),
          say("shift_no_operations"),
        ),
      ),
      part(
        counted("shift_alerts", waiting.count) + inGroups(waiting),
        list(
          more(alerts(waiting.items, (it) => clock(it.since)), open(waiting), grouped(waiting) && "shift_more_groups"),
          say("shift_no_alerts"),
        ),
      ),
      part(
        counted("shift_shelved", shelved.count),
        list(more(alerts(shelved.items, returns), shelved.count), say("shift_no_shelved")),
      ),
      part(
        counted("shift_promises", promises.count),
        list(
          more(
            promises.items.map((it) => [
              clock(it.due_at),
              it.promised_by ? say("promise_said", { who: it.promised_by, text: it.text }) : it.text,
              subject(it),
              it.past_due ? say("promise_past", { age: past(it, told.at) }) : "",
            ]),
            promises.count,
          ),
          say("shift_no_promises"),
        ),
      ),
      part(
        say("shift_feeds"),
        list(told.feeds.map((it) => [it.name, say("feed_" + it.state), it.message]), say("shift_no_feeds")),
      ),
      part(
        say("shift_warnings"),
        list(told.warnings.map((it) => [it.headline, it.sender]), say("shift_no_warnings")),
      ),
      part(say("handover_on_duty"), onDuty),
      part(say("handover_happened"), ...pingji.shift.happened(told.changes, ["handover_acts", "handover_no_acts"])),
      ...sound(told),
    ];
  }

  /** Whether the sound was tried when the shift was taken over; known once it was. */
  function sound(told) {
    if (told.sound_tried === undefined) return [];
    const word = told.sound_tried ? "handover_sound_tried" : "handover_sound_untried";
    return [part(say("handover_sound"), list([[say(word)]]))];
  }

  function past(item, at) {
    return pingji.format.age((Date.parse(at) - Date.parse(item.due_at)) / 1000);
  }

  function top(told, names) {
    const box = make("div", "sheet__top");
    const title = make("h2", "sheet__title", say("handover_title"));
    title.id = "sheet-title";
    const city = pingji.page.city.name[pingji.language === "en" ? 1 : 0];
    const notes = simulated().map((note) => make("span", "chip chip--note", note));
    const span = say("handover_span", { from: clock(told.since.at), to: clock(told.at) });
    const line = make("p", "sheet__line");
    line.append(make("span", "", city), make("span", "sheet__span", span), ...notes);
    const people = make("p", "sheet__line");
    names.forEach(([word, name]) => {
      people.append(make("span", "sheet__label", say(word)), make("strong", "", name));
    });
    box.append(title, line, people);
    return box;
  }

  /** Where pens sign: on paper alone. */
  function lines() {
    const box = make("div", "sheet__lines");
    ["handover_outgoing", "handover_incoming"].forEach((word) => {
      box.append(make("span", "sheet__pen", say(word) + " " + say("handover_signed")));
    });
    return box;
  }

  /** What the head of the screen says of the data: simulated, recorded. */
  function simulated() {
    const of = pingji.language === "en" ? ".en" : ".zh";
    return Array.from(document.querySelectorAll(".header .chip--note"), (chip) => {
      const word = chip.querySelector(of);
      return (word || chip).textContent;
    });
  }

  pingji.sheet = { part, contents, top, lines, simulated, clock };
})();
