/* The start of a shift: asked whole from the API, asked again when the stream tells of a change. */
(function () {
  "use strict";

  const pingji = window.pingji;
  const SOON_MS = 600;
  const EVERY_MS = 30000;
  const LATE_MS = 5000;
  const TOPICS = ["alerts", "operations", "promises", "calls", "warnings", "places"];
  let told = null;
  let failed = false;
  let round = 0;
  let timer = null;
  let askedAt = -Infinity;
  let place = null; // the screen's own element: another one is the screen opened anew
  let painted = "";
  let tried = null;

  function ask() {
    const mine = (round += 1);
    askedAt = performance.now();
    window
      .fetch("/api/v1/shift", { credentials: "same-origin", headers: { Accept: "application/json" } })
      .then((answer) => {
        if (!answer.ok) throw new Error(String(answer.status));
        return answer.json();
      })
      .then(
        (body) => {
          if (mine !== round) return;
          told = body;
          failed = false;
          paint();
        },
        () => {
          if (mine !== round) return;
          failed = true;
          soon(LATE_MS);
          paint();
        },
      );
  }

  /** Ask again, once for many changes, and not more often than the server likes. */
  function soon(wait) {
    if (timer !== null || !pingji.byId("shift")) return;
    const rest = Math.max(wait, SOON_MS - (performance.now() - askedAt));
    timer = window.setTimeout(() => {
      timer = null;
      if (pingji.byId("shift")) ask();
    }, rest);
  }

  const make = pingji.make;
  const say = (key, fill) => pingji.say(key, fill);
  const pair = (words) => words[pingji.language === "en" ? 1 : 0];
  const clock = (text) => pingji.format.moment(Date.parse(text));
  const number = (n) => pingji.format.number(n);

  function row(parts, act) {
    const item = make("li", "shift__row");
    parts.filter(Boolean).forEach((part) => item.append(part));
    if (act) {
      const open = make("button", "shift__open");
      open.type = "button";
      open.append(...item.childNodes);
      open.addEventListener("click", act);
      item.append(open);
    }
    return item;
  }

  const main = (text) => make("span", "shift__what", text);
  const more = (text, look) => make("span", "shift__more" + (look ? " shift__more--" + look : ""), text);

  function fill(name, items, none, count) {
    const list = pingji.byId("shift-" + name);
    if (!list) return;
    list.replaceChildren(...(items.length ? items : [make("li", "shift__none", none)]));
    const head = list.parentElement.querySelector(".panel__count");
    pingji.write(head, count === undefined ? (items.length ? String(items.length) : "") : count);
    list.parentElement.classList.toggle("shift__part--calm", !items.length);
  }

  function rest(items, count, word) {
    const hidden = count - items.length;
    if (hidden > 0) items.push(make("li", "shift__none", say(word || "shift_more", { n: number(hidden) })));
    return items;
  }

  /** What a thing is called; the matter of a case, which the page knows, in its own language. */
  function subject(item) {
    const { topic, id, name } = item.subject;
    if (topic !== "cases" || !name) return name || id;
    const [matter, ...place] = name.split(" · ");
    const known = pingji.live.row("cases", id) ? pingji.alertWords.subjectName({ topic, subject: id }) : matter;
    return [known, ...place].join(" · ");
  }

  /** An alert, or the group that it stands for: whose alerts, how many, and the worst of them. */
  function what(item) {
    const one = pair(item.rule) + " · " + subject(item);
    if (!(item.alerts > 1)) return one;
    const worst = pair(item.rule) + " · " + subject(item).split(" · ")[0];
    const told = { n: pingji.format.number(item.alerts), worst };
    return pingji.alertWords.group(item.group) + " · " + say("shift_of_group", told);
  }

  function alertRow(item, tail) {
    const priority = make("span", "shift__priority", say("priority_" + item.priority));
    priority.dataset.priority = item.priority;
    const called = item.called ? say("shift_steps", { n: item.called }) : "";
    const where = item.jurisdiction ? pingji.code("jurisdiction", item.jurisdiction) : say("city_wide");
    return row(
      [
        priority,
        main(what(item)),
        more([item.alerts > 1 ? "" : where, called, tail].filter(Boolean).join(" · ")),
      ],
      () =>
        pingji.openAlert({ id: item.id, topic: item.subject.topic, subject: item.subject.id }),
    );
  }

  function stands() {
    const now = pingji.live.now() || Date.parse(told.at);
    const age = (text) => pingji.format.age((now - Date.parse(text)) / 1000);
    fill(
      "operations",
      told.operations.map((it) => row([main(pair(it.title)), more(clock(it.effective_at))])),
      say("shift_no_operations"),
    );
    const waiting = told.alerts.unacknowledged;
    fill(
      "alerts",
      rest(waiting.items.slice(0, 12).map((it) => alertRow(it, age(it.since))), waiting.groups, "shift_more_groups"),
      say("shift_no_alerts"),
      waiting.count
        ? say("shift_alerts_count", { n: number(waiting.count), groups: number(waiting.groups) })
        : "",
    );
    const shelved = told.alerts.shelved;
    fill(
      "shelved",
      rest(
        shelved.items
          .slice(0, 8)
          .map((it) => alertRow(it, say("shift_returns", { time: clock(it.shelved_until) }))),
        shelved.count,
      ),
      say("shift_no_shelved"),
      shelved.count ? String(shelved.count) : "",
    );
    const promised = told.promises.items.map((it) => {
      const about = make("button", "shift__about", subject(it));
      about.type = "button";
      about.addEventListener("click", () => pingji.openThing(it.subject.topic, it.subject.id));
      const one = {
        id: it.id,
        version: it.version,
        text: it.text,
        promisedBy: it.promised_by,
        dueAt: Date.parse(it.due_at),
      };
      return pingji.duty.promiseRow(one, now, about);
    });
    fill(
      "promises",
      rest(promised, told.promises.count),
      say("shift_no_promises"),
      told.promises.count ? String(told.promises.count) : "",
    );
    fill(
      "feeds",
      told.feeds.map((it) =>
        row([main(it.name), more([say("feed_" + it.state), it.message].filter(Boolean).join(" · "))]),
      ),
      say("shift_no_feeds"),
    );
    fill(
      "warnings",
      told.warnings.map((it) => {
        const colour = make("span", "shift__colour");
        colour.dataset.colour = it.colour || "";
        const until = it.expires_at ? say("shift_until_time", { time: clock(it.expires_at) }) : "";
        return row([colour, main(it.headline), more([it.sender, until].filter(Boolean).join(" · "))]);
      }),
      say("shift_no_warnings"),
    );
    fill("duty", inOrder(told.duty, told.posts).map(dutyRow), say("shift_no_duty"));
  }

  /** The city's posts in their order, then those of the districts. */
  function inOrder(duty, posts) {
    const at = (it) => {
      const n = posts.findIndex((one) => one.id === it.post);
      return n < 0 ? posts.length : n;
    };
    return duty
      .slice()
      .sort((a, b) => Boolean(a.jurisdiction) - Boolean(b.jurisdiction) || at(a) - at(b));
  }

  function dutyRow(it) {
    const post = told.posts.find((one) => one.id === it.post);
    const where = it.jurisdiction ? pingji.code("jurisdiction", it.jurisdiction) + " " : "";
    const title = where + (post ? pair([post.name, post.name_en]) : it.post);
    const number = more([it.phone, it.deputy && say("shift_deputy", { name: it.deputy })].filter(Boolean).join(" · "));
    const item = row([make("span", "shift__post", title), main(it.name), number]);
    if (it.phone && it.phone.includes("*")) {
      const show = make("button", "shift__about", say("shift_phone"));
      show.type = "button";
      show.addEventListener("click", () => {
        pingji.post("/api/v1/duty/" + it.id + "/phone").then(
          (body) => {
            const deputy = it.deputy && say("shift_deputy", { name: it.deputy }) + " " + (body.deputy_phone || "");
            pingji.write(number, [body.phone, deputy].filter(Boolean).join(" · "));
            show.remove();
          },
          (error) => pingji.announce(error.message),
        );
      });
      item.append(show);
    }
    return item;
  }

  /** What happened: figures, places, acts; `words`: what acts are called, and that there are none. */
  function happened(changes, words) {
    const [title, none] = words || ["shift_acts", "shift_no_acts"];
    const figures = make("div", "shift__figures");
    const alerts = changes.alerts;
    [
      ["shift_cases_new", changes.cases.new],
      ["shift_cases_closed", changes.cases.closed],
      ["shift_cases_overdue_since", changes.cases.overdue_since],
      ["shift_cases_overdue", changes.cases.overdue],
      ["shift_raised", (alerts.raised || 0) + (alerts.returned || 0)],
      ["shift_cleared", alerts.cleared || 0],
      ["shift_acknowledged", alerts.acknowledged || 0],
      ["shift_called", alerts.called || 0],
      ["shift_kept", changes.promises_kept],
    ].forEach(([word, n]) => {
      const box = make("div", "shift__figure");
      box.append(make("span", "shift__number", pingji.format.number(n)), make("span", "shift__label", say(word)));
      figures.append(box);
    });
    const places = make("ol", "shift__rows");
    changes.places.forEach((it) => {
      const depth = it.depth_cm === null ? "" : pingji.format.value(it.depth_cm) + " cm";
      const tail = [pingji.code("place_state", it.state), depth, it.by].filter(Boolean).join(" · ");
      places.append(row([make("span", "shift__post", clock(it.at)), main(it.name), more(tail)]));
    });
    if (!changes.places.length) places.append(make("li", "shift__none", say("shift_no_places")));
    const acts = make("ol", "shift__rows");
    changes.acts.items.forEach((it) => {
      const word = "done_" + it.act;
      const act = pingji.page.words[word] ? say(word) : it.act;
      acts.append(row([make("span", "shift__post", clock(it.city_at)), main(pingji.code("person", it.actor) + " " + act), more(it.about || "")]));
    });
    if (!changes.acts.items.length) acts.append(make("li", "shift__none", say(none)));
    if (changes.acts.count > changes.acts.items.length) {
      const n = changes.acts.count - changes.acts.items.length;
      acts.append(make("li", "shift__none", say("shift_more", { n: number(n) })));
    }
    const lists = make("div", "shift__lists");
    [["shift_places", places], [title, acts]].forEach(([word, list]) => {
      const box = make("div", "shift__list");
      box.append(make("h4", "shift__subtitle", say(word)), list);
      lists.append(box);
    });
    return [figures, lists];
  }

  function paint() {
    const screen = pingji.byId("shift");
    if (!screen) return;
    if (screen !== place) {
      place = screen;
      painted = "";
      ask();
    }
    const now = pingji.live.now();
    const minute = now === null ? 0 : Math.floor(now / 30000);
    const key = JSON.stringify([told && told.at, failed, pingji.language, minute, tried]);
    if (key === painted) return;
    painted = key;
    pingji.write(pingji.byId("shift-state"), failed ? say("shift_failed") : told ? "" : say("loading"));
    if (!told) return;
    stands();
    const since = say("shift_since_" + told.since.how, { time: clock(told.since.at) });
    pingji.write(pingji.byId("shift-since"), since);
    pingji.byId("shift-changes").replaceChildren(...happened(told.changes));
    if (tried !== null) {
      const word = tried ? "shift_sound_done" : "shift_sound_none";
      pingji.write(pingji.byId("shift-sound"), say(word));
    }
  }

  pingji.acts["shift-sound"] = () => {
    if (!pingji.sound) {
      tried = false;
      paint();
      return;
    }
    Promise.resolve(pingji.sound.try()).then((may) => {
      tried = Boolean(may);
      paint();
    });
  };

  TOPICS.forEach((name) => {
    pingji.on("set:" + name, () => soon(SOON_MS));
    pingji.on("delta:" + name, () => soon(SOON_MS));
  });
  let states = "";
  pingji.on("delta:feeds", () => {
    // feeds count all the time; only one that fell silent or failed, or is back, is news
    const feeds = pingji.live.topic("feeds");
    const now = Array.from(feeds.rows.values(), (row) => row[0] + row[feeds.columns.state]).join();
    if (now !== states) soon(SOON_MS);
    states = now;
  });
  window.setInterval(() => {
    if (!document.hidden) soon(0);
  }, EVERY_MS);
  pingji.on("paint", paint);
  pingji.shift = { ask, happened, pair, clock, what, subject, inOrder };
})();
