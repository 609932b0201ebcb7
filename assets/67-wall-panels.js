/* The wall's panels: districts, rivers, rain and feeds, as many rows as their letters leave room.
 *
 * No free text and no names of persons: names of districts, stations and feeds only. */
(function () {
  "use strict";

  const pingji = window.pingji;
  if (!pingji.wall) return;

  const wall = pingji.wall;
  const model = pingji.model;
  const { rainOf, rivers, districts, gap } = pingji.cityData;
  const SPAN_M = 3; // the gauge: so far below the warning level it begins
  const OVER_M = 1; // and so far above it ends
  const COLUMN_EM = 5.4;
  const SCALES_MM = [2, 5, 10, 20, 50, 100, 200, 500]; // the columns' top, calm to storm

  /* Painting: rows are made once and filled anew. */

  /** How many rows of at least `least` em have room; they share the height up to `most` em. */
  function room(list, count, least, most) {
    const high = list.clientHeight / wall.em;
    const fitting = Math.max(1, Math.floor(high / least));
    const n = Math.min(count, fitting);
    list.style.setProperty("--wall-row", Math.min(most, high / Math.max(n, 1)) + "em");
    return n;
  }

  function rows(list, n, parts, look) {
    while (list.children.length > n) list.lastChild.remove();
    while (list.children.length < n) {
      const row = pingji.make("div", "wall__row " + look);
      parts.forEach((name) => row.append(pingji.make("span", "wall__cell wall__cell--" + name)));
      list.append(row);
    }
    return Array.from(list.children);
  }

  function ready(id) {
    const list = pingji.byId(id);
    const panel = list && list.closest("[data-panel]");
    return panel && !panel.hidden && wall.step >= 0 ? list : null;
  }

  /** Beside a title: how many of all are shown, and how old the oldest of them is. */
  function count(panel, n, all, oldest) {
    const parts = n < all ? [pingji.say("shown_first", { n: n, all: all })] : [];
    if (oldest !== undefined) {
      parts.push(pingji.say("measured", { age: pingji.format.age(oldest / 1000) }));
    }
    pingji.write(document.querySelector("[data-count=" + panel + "]"), parts.join(" · "));
  }

  function write(panel, text) {
    pingji.write(document.querySelector("[data-count=" + panel + "]"), text);
  }

  function empty(list, text) {
    if (list.dataset.said === text && list.children.length === 1) return;
    list.textContent = "";
    list.append(pingji.make("p", "wall__empty", text));
    list.dataset.said = text;
  }

  function full(list) {
    if (list.dataset.said === undefined) return;
    delete list.dataset.said;
    list.textContent = "";
  }

  wall.list = { room, rows, ready, count, write, empty, full, bar };

  function bar(cell) {
    if (!cell.firstChild) {
      cell.append(pingji.make("i", "wall__bar"), pingji.make("i", "wall__bar wall__bar--late"));
    }
    return cell.children;
  }

  function paintDistricts(now) {
    const list = ready("wall-districts");
    if (!list || !pingji.live.topic("cases").loaded) return;
    const all = pingji.timely.ranked(districts(now));
    pingji.write(pingji.byId("wall-districts-basis"), pingji.timely.basisNote());
    if (!all.length) {
      empty(list, pingji.say("no_districts"));
      return;
    }
    full(list);
    const n = room(list, all.length + 1, 1.7, 3.1) - 1;
    const most = all.reduce((top, d) => Math.max(top, d.open), 1);
    const made = rows(list, n + 1, ["name", "bar", "late", "open", "rate"], "wall__row--district");
    made[0].classList.add("wall__row--head");
    pingji.write(made[0].children[0], "");
    pingji.write(made[0].children[2], pingji.say("overdue"));
    pingji.write(made[0].children[3], pingji.say("open_cases"));
    pingji.write(made[0].children[4], pingji.say("timely_rate_short"));
    all.slice(0, n).forEach((d, i) => {
      const cells = made[i + 1].children;
      pingji.write(cells[0], pingji.code("jurisdiction", d.id));
      const [open, late] = bar(cells[1]);
      open.style.width = (100 * d.open) / most + "%";
      late.style.width = (100 * d.late) / most + "%";
      late.hidden = d.late === 0;
      pingji.write(cells[2], pingji.format.number(d.late));
      pingji.write(cells[3], pingji.format.number(d.open));
      pingji.write(cells[4], pingji.timely.percent(d.rate, "%"));
      made[i + 1].classList.toggle("wall__row--late", d.late > 0);
    });
    count("districts", n, all.length);
  }

  /** Whether a river is near its warning level, as the scene has it. */
  const isNear = (river) => -river.above <= wall.threshold("river_near_m");

  function paintRivers(now) {
    const list = ready("wall-rivers");
    if (!list || !pingji.live.topic("readings").loaded) return;
    const all = rivers(now, pingji.drill.stations());
    if (!all.length) {
      empty(list, pingji.say("no_rivers"));
      return;
    }
    full(list);
    const n = room(list, all.length, 1.8, 2.8);
    const made = rows(list, n, ["name", "value", "gauge", "gap"], "wall__row--river");
    all.slice(0, n).forEach((river, i) => {
      const cells = made[i].children;
      pingji.write(cells[0], river.name);
      pingji.write(cells[1], river.value.toFixed(2));
      if (!cells[2].firstChild) {
        cells[2].append(pingji.make("i", "wall__level"), pingji.make("i", "wall__line"));
      }
      const share = (SPAN_M + Math.max(-SPAN_M, Math.min(OVER_M, river.above))) / (SPAN_M + OVER_M);
      cells[2].firstChild.style.width = Math.max(0.01, share) * 100 + "%";
      pingji.write(cells[3], gap(river));
      made[i].dataset.line = river.line || (isNear(river) ? "near" : "");
    });
    const told = all.slice(0, n).map((river) => Date.parse(river.at));
    const over = all.filter((river) => river.line).length;
    const near = all.filter((river) => !river.line && isNear(river)).length;
    if (over || near) {
      write("rivers", pingji.say("wall_rivers_over", { n: over, near: near }));
    } else count("rivers", n, all.length, now - Math.min.apply(null, told));
  }

  /** A gauge's name without the kind at its end, which the title says. */
  function placeOf(name) {
    const kind = pingji.page.codes.station.rain[0];
    const at = name.lastIndexOf(kind);
    return at > 1 && name.length - at - kind.length <= 1 ? name.slice(0, at) : name;
  }

  function paintRain(now) {
    const list = ready("wall-rain");
    if (!list || !pingji.live.topic("readings").loaded) return;
    const at = pingji.live.topic("stations").columns;
    const read = pingji.live.topic("readings").columns;
    const all = [];
    const held = pingji.drill.stations();
    for (let i = 0; i < held.n; i += 1) {
      const row = held.rows[i];
      const rain = rainOf(row[0], now);
      if (rain === null) continue;
      const measured = Date.parse(model.factors.get(row[0]).get(pingji.cityData.RAIN)[read.at]);
      all.push({ id: row[0], name: row[at.name], rain: rain, at: measured });
    }
    const wet = all.filter((one) => one.rain > 0);
    wet.sort((a, b) => b.rain - a.rain || (a.id < b.id ? -1 : 1));
    if (!wet.length) {
      empty(list, pingji.say(all.length ? "no_rain" : "no_reading"));
      pingji.write(document.querySelector("[data-count=rain]"), "");
      return;
    }
    full(list);
    const fitting = Math.floor(list.clientWidth / wall.em / COLUMN_EM);
    const n = Math.max(1, Math.min(wet.length, fitting));
    const made = rows(list, n, ["column", "name"], "wall__row--rain");
    const most = SCALES_MM.find((top) => wet[0].rain <= top) || wet[0].rain;
    wet.slice(0, n).forEach((one, i) => {
      const cells = made[i].children;
      if (!cells[0].firstChild) {
        cells[0].append(pingji.make("b", "wall__rain-value"), pingji.make("i", "wall__rain"));
      }
      pingji.write(cells[0].firstChild, pingji.format.value(one.rain));
      cells[0].lastChild.style.height = (100 * one.rain) / most + "%";
      made[i].classList.toggle("wall__row--heavy", one.rain >= wall.threshold("rain_heavy_mm"));
      pingji.write(cells[1], placeOf(pingji.drill.bare(one.name)));
    });
    count("rain", n, wet.length, now - Math.min.apply(null, wet.slice(0, n).map((w) => w.at)));
  }

  function paintFeeds() {
    const list = ready("wall-feeds");
    const topic = pingji.live.topic("feeds");
    if (!list || !topic.loaded) return;
    const all = pingji.cityData.feeds();
    if (!all.length) {
      empty(list, pingji.say("no_feeds"));
      return;
    }
    full(list);
    const n = room(list, all.length, 1.7, 2.6);
    const made = rows(list, n, ["sign", "name", "age"], "wall__row--feed");
    all.slice(0, n).forEach((feed, i) => {
      const cells = made[i].children;
      pingji.write(cells[0], feed.ended ? "■" : feed.well ? "✓" : "✕");
      pingji.write(cells[1], feed.name);
      const age = feed.age === null ? "—" : pingji.format.age(feed.age);
      const state = (feed.well && !feed.ended) || feed.silent ? "" : pingji.say("feed_" + feed.state) + " ";
      const word = feed.silent ? "silent_for" : "spoke_ago";
      pingji.write(cells[2], state + (feed.age === null ? age : pingji.say(word, { age: age })));
      made[i].classList.toggle("wall__row--bad", !feed.well);
    });
    const bad = all.filter((feed) => !feed.well).length;
    const place = document.querySelector("[data-count=feeds]");
    const word = bad ? "feeds_bad" : "feeds_fine";
    const going = all.filter((feed) => !feed.ended).length;
    pingji.write(place, pingji.say(word, { n: bad || going }));
    place.classList.toggle("wall__count--bad", bad > 0);
  }

  function paint() {
    const now = pingji.live.pictureAt();
    if (now === null || wall.step < 0) return;
    paintDistricts(now);
    paintRivers(now);
    paintRain(now);
    paintFeeds();
  }

  pingji.on("paint", paint);
  pingji.on("wall-step", paint);
})();
