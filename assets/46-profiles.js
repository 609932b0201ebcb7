/* What the profiles of a mode tell screens of an operation: layers, expedited classes, reports. */
(function () {
  "use strict";

  const pingji = window.pingji;

  /** What holds while this decides: all profiles that fit, the later over the earlier. */
  function of(band) {
    const mode = band.kind === "event" ? "event" : "emergency";
    const whole = { layers: [], classes: new Set(), thin: false, every: null };
    pingji.page.modes.forEach((each) => {
      const scenario = each.scenario === null || each.scenario === band.scenario;
      const level = !each.levels.length || each.levels.indexOf(band.level) >= 0;
      if (each.mode !== mode || !scenario || !level) return;
      if (each.layers.length) whole.layers = each.layers;
      each.classes.forEach((name) => whole.classes.add(name));
      whole.thin = whole.thin || each.thin_cases;
      whole.every = each.report_every_min || whole.every;
    });
    return whole;
  }

  /** Whether a class is of a list that names kinds, kind/大类 and kind/小类. */
  function listed(classes, kind, code) {
    return classes.has(kind) || classes.has(kind + "/" + code.slice(0, 2)) || classes.has(kind + "/" + code);
  }

  pingji.profiles = { of, listed };
})();
