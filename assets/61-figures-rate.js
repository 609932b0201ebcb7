/* The timely rate of the basis's period: the same number, with its basis and moment, on every
 * screen. Basis, its name and its period come with the figures: a site may change them.
 *
 * The topic `figures` has a row for the city and for each district; whoever sees several districts
 * but not the city sees their sum. */
(function () {
  "use strict";

  const pingji = window.pingji;
  const SUMMED = ["due", "timely", "unanswered", "overdue", "left_out", "undated"];

  function read(row) {
    const at = pingji.live.topic("figures").columns;
    const found = { as_of: Date.parse(row[at.as_of]), counting: row[at.counting], span: row[at.span] };
    found.basis = row[pingji.language === "en" ? at.basis_name_en : at.basis_name];
    found.days = [row[at.first_on], row[at.last_on]];
    SUMMED.forEach((name) => {
      found[name] = row[at[name]];
    });
    found.rate = found.due ? found.timely / found.due : null;
    return found;
  }

  /** What the reader sees as a whole: the city, else all the districts that are seen. */
  function whole() {
    const topic = pingji.live.topic("figures");
    if (!topic.loaded || !topic.rows.size) return null;
    const city = topic.rows.get(pingji.page.city.id);
    if (city) return read(city);
    let sum = null;
    topic.rows.forEach((row) => {
      const one = read(row);
      if (!sum) sum = one;
      else {
        SUMMED.forEach((name) => {
          sum[name] = sum[name] === null || one[name] === null ? null : sum[name] + one[name];
        });
        sum.as_of = Math.min(sum.as_of, one.as_of);
      }
    });
    sum.rate = sum.due ? sum.timely / sum.due : null;
    return sum;
  }

  /** Of a district by its id. */
  function of(district) {
    const topic = pingji.live.topic("figures");
    const row = topic.rows.get(pingji.page.city.id + "/" + district);
    return row ? read(row) : null;
  }

  function percent(rate, unit) {
    if (rate === null || rate === undefined) return "—";
    // 99.996 is not all of them: a rate is never rounded up to 100.
    const cut = Math.floor(rate * 10000) / 100;
    return cut.toFixed(2) + (unit || "");
  }

  /** Of today the minute is enough; a note has little room. */
  function asOf(found) {
    const now = pingji.live.pictureAt();
    const today = now !== null && found.as_of >= pingji.format.dayStart(now);
    const time = today ? pingji.format.time(found.as_of).slice(0, 5) : pingji.format.moment(found.as_of);
    return pingji.say("data_as_of", { time: time });
  }

  /** "966 / 998 due", or that nothing was. */
  function count(found) {
    const number = pingji.format.number;
    if (!found.due) return pingji.say("rate_none");
    return pingji.say("timely_of", { timely: number(found.timely), due: number(found.due) });
  }

  /** Basis, moment and, unless they stand elsewhere, the counts. */
  function note(found, counted) {
    if (!found) return pingji.say("rate_waiting");
    const parts = [found.basis, asOf(found)];
    if (found.counting) parts.push(pingji.say("rate_waiting"));
    if (!counted) parts.push(count(found));
    return parts.join(" · ");
  }

  /** All that the figure has to say, for a title. */
  function more(found) {
    if (!found) return "";
    const number = pingji.format.number;
    const parts = [note(found), found.days.map(day).join(" – ")];
    if (found.unanswered !== null) parts.push(pingji.say("timely_open", { n: number(found.unanswered) }));
    parts.push(pingji.say("undated_n", { n: number(found.undated) }));
    return parts.join(" · ");
  }

  /** Districts with their rate, the lowest first; those without one last, as they were. */
  function ranked(districts) {
    const all = districts.map((d) => {
      const found = of(d.id);
      return Object.assign({}, d, { rate: found ? found.rate : null });
    });
    const place = (d) => (d.rate === null ? 2 : d.rate);
    return all.map((d, i) => [d, i]).sort((a, b) => place(a[0]) - place(b[0]) || a[1] - b[1]).map((it) => it[0]);
  }

  function basisNote() {
    const found = whole();
    if (!found) return pingji.say("rate_waiting");
    return found.basis + " · " + asOf(found);
  }

  /** 20261123 → 2026-11-23 */
  function day(number) {
    return String(number).replace(/^(\d{4})(\d{2})(\d{2})$/, "$1-$2-$3");
  }

  /** What the rate is called, by its period. */
  function label(found) {
    return pingji.say("timely_rate_" + (found ? found.span : "month"));
  }

  function paint() {
    const value = pingji.byId("figure-timely-rate");
    if (!value || !pingji.live.topic("figures").loaded) return;
    const found = whole();
    document.querySelectorAll("[data-rate-label]").forEach((place) => pingji.write(place, label(found)));
    pingji.write(value, percent(found && found.rate, "%"));
    const place = pingji.byId("figure-timely-rate-note");
    const counts = pingji.byId("figure-timely-rate-count");
    if (counts) pingji.write(counts, found ? count(found) : "");
    pingji.write(place, note(found, Boolean(counts)));
    if (place) place.title = more(found);
  }

  pingji.timely = { whole, of, percent, note, label, ranked, basisNote };
  pingji.on("paint", paint);
})();
