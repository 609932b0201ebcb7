/* A small picture of what a screen shows: its panels where they lie, drawn from the scene's plan.
 *
 * It is of the state that the store tells, not a picture of the wall itself. */
(function () {
  "use strict";

  const pingji = window.pingji;
  const make = (...args) => pingji.make(...args);
  const english = () => pingji.language === "en";
  const plans = new Map(); // screen -> {promise, scenes: {id: plan}}

  /** The scenes that a screen may show, asked once and again when one of them was edited. */
  function scenesOf(row) {
    let plan = plans.get(row.id);
    const known = plan && plan.scenes && (!row.scene || (plan.scenes[row.scene] || {}).edition === row.edition);
    if (plan && (known || !plan.scenes || plan.asked === row.edition)) return plan.scenes || {};
    plan = { scenes: plan ? plan.scenes : null, asked: row.edition };
    plans.set(row.id, plan);
    pingji.get("/api/v1/screens/" + encodeURIComponent(row.id) + "/scenes").then(
      (told) => {
        plan.scenes = {};
        plan.aspect = told.aspect;
        told.items.forEach((scene) => {
          plan.scenes[scene.id] = scene;
        });
        pingji.emit("screens-plans");
      },
      () => plans.delete(row.id),
    );
    return plan.scenes || {};
  }

  /** Width over height of a screen, as far as it is known. */
  const aspectOf = (row) => (plans.get(row.id) || {}).aspect || 16 / 9;

  /** The server's real time in ms, or null. */
  function realNow() {
    const real = pingji.live.real;
    return real ? real.server + performance.now() - real.at : null;
  }

  /** The steps of a screen as they follow each other there, and which one it is now. */
  function stepOf(row, scene) {
    const asked = ((row.target && row.target.steps) || []).filter((one) => scene.steps[one.step]);
    const steps = asked.length
      ? asked.map((one) => Object.assign({}, scene.steps[one.step], { seconds: one.seconds }))
      : pingji.watch.steps(scene);
    const now = realNow();
    if (now === null) return steps[0];
    let into = now % steps.reduce((sum, step) => sum + step.seconds * 1000, 0);
    return steps.find((step) => (into -= step.seconds * 1000) < 0) || steps[0];
  }

  function box(name, place) {
    const part = make("span", "screens__part screens__part--" + name);
    ["left", "top", "width", "height"].forEach((side, n) => {
      part.style[side] = place[n] * 100 + "%";
    });
    const pair = pingji.page.words["screens_panel_" + name];
    if (pair) part.append(make("span", "screens__part-name", pair[english() ? 1 : 0]));
    return part;
  }

  /** Draw the picture anew where it differs from what stands. */
  function draw(frame, row, scene) {
    const step = scene ? stepOf(row, scene) : null;
    const key = JSON.stringify([aspectOf(row), row.scene, row.why, row.strip.length, step && step.name, pingji.language]);
    if (frame.dataset.key === key) return;
    frame.dataset.key = key;
    frame.dataset.why = row.why;
    frame.style.aspectRatio = String(aspectOf(row));
    const parts = step ? Object.keys(step.places).map((name) => box(name, step.places[name])) : [];
    if (row.strip.length) parts.push(make("span", "screens__strip", "⚠"));
    frame.replaceChildren(...parts);
  }

  pingji.screens = { scenesOf, stepOf, draw, realNow };
})();
