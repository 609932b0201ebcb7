/* /analysis: what is asked, of whom, and the numbers; whatever is a count opens its cases.
 *
 * An old answer never overwrites a new one. The question is asked again while the page is looked
 * at, so that it follows the sums. */
(function () {
  "use strict";

  const pingji = window.pingji;
  const AGAIN_MS = 60000;
  const asked = { period: "month", by: "district", scope: "", basis: "" };
  const COUNTS = ["due", "timely", "late", "unanswered", "left_out", "undated", "reported", "filed", "closed"];
  const RATES = ["filing_rate", "closing_rate", "in_time_rate", "rework_rate", "extension_rate"];
  // the cases behind a rate: those it counts; behind the one that all are judged by, what was owed
  const BEHIND = {
    rate: "due",
    filing_rate: "filed",
    closing_rate: "due_closed",
    in_time_rate: "closed_in_time",
    rework_rate: "reworked",
    extension_rate: "extended",
    mean_s: "closed",
  };
  const COLUMNS = ["rate", "due", "timely", "late", "unanswered", "undated", "filed", "closed"];
  const MORE_COLUMNS = ["in_time_rate", "rework_rate", "mean_s"];
  const page = (pingji.analysis = { asked: asked, told: null, bases: [] });
  let root = null;
  let round = 0;
  let timer = null;
  let first = null; // the measure whose cases the address asks for

  /** Ask the server; `answered` is told only what is still wanted. */
  page.ask = (path, query, answered, failed) => {
    const mine = round;
    const wanted = Object.assign({}, asked, query);
    if (!wanted.scope) delete wanted.scope;
    if (!wanted.basis) delete wanted.basis;
    return fetch("/api/v1/indicators" + path + "?" + new URLSearchParams(wanted), {
      headers: { Accept: "application/json" },
      credentials: "same-origin",
    })
      .then((response) =>
        response.json().then((told) => {
          if (!response.ok) throw new Error(told.detail || told.title || String(response.status));
          return told;
        }),
      )
      .then((told) => {
        if (mine === round && root) answered(told);
      })
      .catch((error) => {
        if (mine === round && root && failed) failed(error.message);
      });
  };

  page.rate = (share) => pingji.timely.percent(share, "%");

  page.clear = (id) => {
    const place = pingji.byId(id);
    if (place) place.textContent = "";
    return place;
  };

  page.note = (id, text) => pingji.write(pingji.byId(id + "-note"), text);

  page.empty = (id, word) => {
    const place = page.clear(id);
    if (place) place.append(pingji.make("p", "analysis__empty", pingji.say(word || "analysis_none")));
  };

  page.basis = (told) =>
    told.basis.name[pingji.language === "en" ? 1 : 0] +
    " · " +
    pingji.say("data_as_of", { time: told.as_of ? pingji.format.full(Date.parse(told.as_of)) : "—" });

  /** Basis and moment for a note, and the whole of the basis where one points at it. */
  function basisOf(told) {
    const span = pingji.make("span", "analysis__basis", page.basis(told));
    span.title = told.basis.note[pingji.language === "en" ? 1 : 0];
    return span;
  }

  /** What a number is called: numerator and denominator as the basis has them. */
  page.called = (name, told) => {
    const basis = told && told.basis;
    const part = { due: basis && basis.denominator, timely: basis && basis.numerator }[name];
    if (!part || part[0] === name) return pingji.say("measure_" + name);
    return part[pingji.language === "en" ? 2 : 1];
  };

  function duration(seconds) {
    return seconds === null || seconds === undefined ? "—" : pingji.format.age(seconds);
  }

  function points(share, before) {
    const n = Math.round((share - before) * 10000) / 100;
    if (n === 0) return pingji.say("points_same");
    return pingji.say(n > 0 ? "points_more" : "points_less", { n: Math.abs(n).toFixed(2) });
  }

  /** How much a count or a duration differs, in hundredths of what it was. */
  function differs(value, before) {
    if (value === before) return pingji.say("points_same");
    if (!before) return pingji.say("not_comparable");
    const share = Math.abs(100 * (value / before - 1)).toFixed(1) + "%";
    return (value > before ? "+" : "−") + share;
  }

  const isRate = (name) => name === "rate" || name.endsWith("_rate");

  /** A figure as it is written, and what it was then; null where there is nothing to compare with. */
  function against(told, key, name) {
    const then = told.compared[key].figures;
    const [value, before] = [told.total[name], then ? then[name] : null];
    if (value === null || before === null || before === undefined) return null;
    return (isRate(name) ? points : differs)(value, before) + " (" + written(name, before) + ")";
  }

  function written(name, value) {
    if (isRate(name)) return page.rate(value);
    if (name === "mean_s") return duration(value);
    return value === null ? "—" : pingji.format.number(value);
  }

  function compared(told, key, name) {
    const line = pingji.make("span", "analysis__compared");
    const text = against(told, key, name) || pingji.say("not_comparable");
    line.append(
      pingji.make("span", "analysis__name", pingji.say("compared_" + key)),
      pingji.make("b", "", text),
    );
    line.title = pingji.say("analysis_days", told.compared[key]);
    return line;
  }

  function head(told) {
    const place = page.clear("analysis-head");
    const big = pingji.make("div", "analysis__rate");
    big.append(
      pingji.make("span", "analysis__rate-name", pingji.say("timely_rate")),
      opening(page.rate(told.total.rate), told.total.rate, { measure: BEHIND.rate }, "analysis__rate-value"),
    );
    const about = pingji.make("div", "analysis__about");
    about.append(basisOf(told));
    about.append(pingji.make("span", "analysis__days", pingji.say("analysis_days", told.period)));
    if (told.period.since) {
      const since = pingji.say("analysis_since", { day: told.period.since });
      about.append(pingji.make("b", "analysis__days", since));
    }
    if (told.counting) about.append(pingji.make("b", "analysis__counting", pingji.say("analysis_counting")));
    about.append(pingji.make("span", "analysis__what", told.basis.note[pingji.language === "en" ? 1 : 0]));
    const formula = told.basis.formula && told.basis.formula[pingji.language === "en" ? 1 : 0];
    about.lastChild.title = formula || "";
    const beside = pingji.make("div", "analysis__beside");
    beside.append(compared(told, "before", "rate"), compared(told, "year_before", "rate"));
    place.append(big, beside, about);
  }

  function figures(told) {
    const place = page.clear("analysis-figures");
    COUNTS.concat(RATES, ["mean_s"]).forEach((name) => {
      const box = pingji.make("div", "analysis__figure");
      const query = { measure: BEHIND[name] || name };
      box.append(
        pingji.make("span", "analysis__name", page.called(name, told)),
        opening(written(name, told.total[name]), told.total[name], query),
      );
      ["before", "year_before"].forEach((key) => {
        const text = against(told, key, name);
        if (text) box.append(compared(told, key, name));
      });
      box.title = page.basis(told);
      place.append(box);
    });
  }

  /** Any number, a button that opens the cases behind it; plain where nothing is known. */
  function opening(text, number, query, look) {
    const shape = look || "analysis__value";
    if (number === null || number === undefined) return pingji.make("span", shape, text);
    const none = number === 0 ? " analysis__open--none" : "";
    const button = pingji.make("button", shape + " analysis__open" + none, text);
    button.type = "button";
    button.dataset.measure = query.measure;
    button.addEventListener("click", () => page.open(query));
    return button;
  }
  page.opening = opening;

  function cell(item, name) {
    const box = pingji.make("td", "analysis__cell");
    const query = { measure: BEHIND[name] || name, of: item.id, name: title(item) };
    box.append(opening(written(name, item[name]), item[name], query));
    if (name === "rate" && item.rate !== null && item.before !== null) {
      box.append(pingji.make("span", "analysis__change", points(item.rate, item.before)));
      box.title = pingji.say("compared_before") + " " + page.rate(item.before);
    }
    return box;
  }

  function title(item) {
    return item.name[pingji.language === "en" ? 1 : 0];
  }

  function ranking(told) {
    page.note("analysis-ranking", page.basis(told));
    if (!told.items.length) {
      page.empty("analysis-ranking");
      return;
    }
    const place = page.clear("analysis-ranking");
    const table = pingji.make("table", "analysis__table");
    const top = pingji.make("tr");
    top.append(pingji.make("th", "analysis__place", "#"), pingji.make("th", "analysis__who", pingji.say("group_" + told.by)));
    const names = COLUMNS.concat(MORE_COLUMNS);
    names.forEach((name) => top.append(pingji.make("th", "", page.called(name, told))));
    const heading = pingji.make("thead");
    heading.append(top);
    const body = pingji.make("tbody");
    let rank = 0;
    told.items.forEach((item) => {
      const row = pingji.make("tr", item.unanswered ? "analysis__row--late" : "");
      rank += item.rate === null ? 0 : 1;
      row.append(pingji.make("td", "analysis__place", item.rate === null ? "" : String(rank)));
      const who = pingji.make("th", "analysis__who", title(item));
      who.scope = "row";
      row.append(who);
      names.forEach((name) => row.append(cell(item, name)));
      const rate = row.children[2];
      if (item.rate !== null) {
        const bar = pingji.make("i", "analysis__bar");
        bar.style.width = Math.min(100, 100 * item.rate) + "%";
        rate.append(bar);
      }
      body.append(row);
    });
    table.append(heading, body);
    place.append(table);
  }

  function paint() {
    const told = page.told;
    if (!root || !told) return;
    head(told);
    figures(told);
    ranking(told);
    pingji.emit("analysis", told);
  }

  /** What may be chosen: the whole of what one sees, each district, and its subdistricts. */
  function scopes() {
    const place = pingji.byId("analysis-scope");
    if (!place) return;
    const select = pingji.make("select", "analysis__select");
    select.setAttribute("aria-label", pingji.say("analysis_scope"));
    const offer = (value, text) => {
      const option = pingji.make("option", "", text);
      option.value = value;
      option.selected = value === asked.scope;
      select.append(option);
    };
    offer("", pingji.say("whole_city"));
    const districts = Array.from(new Set(Object.values(pingji.page.districts))).sort();
    districts.forEach((id) => {
      offer(id, pingji.code("jurisdiction", id));
      if (asked.scope !== id && pingji.page.districts[asked.scope] !== id) return;
      Object.keys(pingji.page.districts)
        .filter((it) => pingji.page.districts[it] === id && it !== id && it.length <= 9)
        .sort()
        .forEach((it) => offer(it, "\u00a0\u00a0" + pingji.code("jurisdiction", it)));
    });
    select.addEventListener("change", () => {
      asked.scope = select.value;
      scopes();
      ask();
    });
    place.textContent = "";
    place.append(select);
  }

  /** By which basis: a choice where several are counted, else the name of the one there is. */
  function choices() {
    const place = pingji.byId("analysis-basis");
    const counted = page.bases.filter((it) => !it.imported);
    if (!place || !counted.length) return;
    const called = (it) => (pingji.language === "en" ? it.name_en : it.name);
    place.textContent = "";
    if (counted.length === 1) {
      place.append(pingji.make("span", "analysis__only", called(counted[0])));
      return;
    }
    const select = pingji.make("select", "analysis__select");
    select.setAttribute("aria-label", pingji.say("analysis_basis"));
    counted.forEach((it) => {
      const option = pingji.make("option", "", called(it));
      option.value = it.id;
      option.selected = it.id === (asked.basis || counted[0].id);
      select.append(option);
    });
    select.addEventListener("change", () => {
      asked.basis = select.value;
      ask();
    });
    place.append(select);
  }

  /** The bases are a site's own: asked for when the page opens, and again with every answer. */
  function askBases() {
    page.ask("/bases", {}, (told) => {
      const same = JSON.stringify(told.items) === JSON.stringify(page.bases);
      page.bases = told.items;
      if (!same) choices();
      pingji.emit("analysis-bases", told.items);
    });
  }

  function ask() {
    if (!root) return;
    round += 1;
    window.clearTimeout(timer);
    root.setAttribute("aria-busy", "true");
    if (!page.told) pingji.write(pingji.byId("analysis-head"), pingji.say("analysis_asking"));
    page.ask(
      "",
      {},
      (told) => {
        root.removeAttribute("aria-busy");
        page.told = told;
        paint();
        if (first) page.open({ measure: first });
        first = null;
      },
      (why) => {
        root.removeAttribute("aria-busy");
        page.told = null;
        pingji.write(pingji.byId("analysis-head"), pingji.say("analysis_failed", { why: why }));
      },
    );
    askBases();
    pingji.emit("analysis-asked");
    timer = window.setTimeout(again, AGAIN_MS);
  }

  function again() {
    if (!root || !root.isConnected) return;
    if (document.hidden) timer = window.setTimeout(again, AGAIN_MS);
    else ask();
  }

  function press(act, value) {
    document.querySelectorAll("[data-act=" + act + "]").forEach((button) => {
      button.setAttribute("aria-pressed", String(button.dataset.value === value));
    });
  }

  pingji.acts["analysis-span"] = (button) => {
    asked.period = button.dataset.value;
    press("analysis-span", asked.period);
    ask();
  };

  pingji.acts["analysis-group"] = (button) => {
    asked.by = button.dataset.value;
    press("analysis-group", asked.by);
    ask();
  };

  /** What a figure of another screen asks for: its period, and the cases behind it. */
  function fromAddress() {
    const told = new URLSearchParams(window.location.search);
    asked.period = told.get("period") || asked.period;
    first = told.get("measure");
  }

  function attach() {
    const found = pingji.byId("analysis");
    if (found === root) return;
    root = found;
    page.told = null;
    window.clearTimeout(timer);
    if (!root) return;
    fromAddress();
    press("analysis-span", asked.period);
    press("analysis-group", asked.by);
    scopes();
    choices();
    ask();
  }

  pingji.on("paint", attach);
  pingji.on("language", () => {
    scopes();
    choices();
    paint();
  });
  pingji.on("theme", paint);
})();
