/* Numbers, times and ages as the city reads them. Times are shown in the city's zone; one that is
 * not known is a dash. */
(function () {
  "use strict";

  const pingji = window.pingji;
  const UNKNOWN = "—";
  const formats = {};
  const moments = new Map(); // minute -> its text, as lists ask for the same ones at each paint
  const day = { start: 0, end: 0 };

  function format(name, options) {
    if (!formats[name]) {
      const zone = { timeZone: pingji.page.city.time_zone, hourCycle: "h23" };
      formats[name] = new Intl.DateTimeFormat("en-GB", Object.assign(zone, options));
    }
    return formats[name];
  }

  function parts(ms) {
    const found = {};
    format("parts", {
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
    })
      .formatToParts(ms)
      .forEach((part) => {
        found[part.type] = part.value;
      });
    return found;
  }

  pingji.format = {
    number: (value) => String(Math.round(value)).replace(/\B(?=(\d{3})+(?!\d))/g, ","),

    time(ms) {
      if (!Number.isFinite(ms)) return UNKNOWN;
      const p = parts(ms);
      return p.hour + ":" + p.minute + ":" + p.second;
    },

    date(ms) {
      if (!Number.isFinite(ms)) return UNKNOWN;
      const p = parts(ms);
      return p.year + "-" + p.month + "-" + p.day;
    },

    /** Day and minute: what a list has room for. */
    moment(ms) {
      if (!Number.isFinite(ms)) return UNKNOWN;
      const minute = Math.floor(ms / 60000);
      let text = moments.get(minute);
      if (text === undefined) {
        const p = parts(ms);
        text = p.month + "-" + p.day + " " + p.hour + ":" + p.minute;
        if (moments.size > 2000) moments.clear();
        moments.set(minute, text);
      }
      return text;
    },

    full(ms) {
      if (!Number.isFinite(ms)) return UNKNOWN;
      return pingji.format.date(ms) + " " + pingji.format.time(ms);
    },

    /** "UTC+8" of the city at that moment. */
    offset(ms) {
      const p = parts(ms);
      const local = Date.UTC(p.year, p.month - 1, p.day, p.hour, p.minute, p.second);
      const minutes = Math.round((local - ms) / 60000);
      const size = Math.abs(minutes);
      const rest = size % 60 ? ":" + String(size % 60).padStart(2, "0") : "";
      return "UTC" + (minutes < 0 ? "−" : "+") + Math.floor(size / 60) + rest;
    },

    /** The beginning of the calendar day that holds `ms`, in the city's zone. */
    dayStart(ms) {
      if (ms >= day.start && ms < day.end) return day.start;
      const today = pingji.format.date(ms);
      const p = parts(ms);
      let start = ms - ((p.hour * 60 + Number(p.minute)) * 60 + Number(p.second)) * 1000;
      start -= start % 1000;
      for (let shift = -2; shift <= 2; shift += 1) {
        // a clock that is put forward or back makes the day shorter or longer
        const trial = start + shift * 3600000;
        const before = pingji.format.date(trial - 1000);
        if (pingji.format.date(trial) === today && before !== today) start = trial;
      }
      day.start = start;
      day.end = ms + 60000 - (ms % 60000); // looked at anew every minute
      return start;
    },

    /** An age in one unit, so that it neither jumps nor pretends. */
    age(seconds) {
      const s = Math.max(0, seconds);
      if (s < 90) return pingji.say("age_s", { n: Math.floor(s) });
      if (s < 5400) return pingji.say("age_min", { n: Math.floor(s / 60) });
      if (s < 172800) return pingji.say("age_h", { n: Math.floor(s / 3600) });
      return pingji.say("age_d", { n: Math.floor(s / 86400) });
    },

    /** A length of whole minutes, in hours where they are whole. */
    minutes(n) {
      const whole = n >= 60 && n % 60 === 0;
      return whole ? n / 60 + " " + pingji.say("hours_word") : n + " " + pingji.say("minutes_word");
    },

    hours(ms) {
      const hours = Math.abs(ms) / 3600000;
      return hours < 10 ? hours.toFixed(1) : pingji.format.number(hours);
    },

    value(value) {
      if (value === null || value === undefined) return UNKNOWN;
      const size = Math.abs(value);
      return size >= 1000 ? pingji.format.number(value) : String(Number(value.toFixed(2)));
    },
  };
})();
