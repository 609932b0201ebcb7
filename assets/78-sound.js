/* The sound of alerts on the console: a tone a priority, made here; hushed or muted with an end.
 *
 * One page of a browser sounds: the one that may, preferably one that is looked at. Until a page
 * may sound it says 声音未启用. Silence is a person's own and is kept for them. */
(function () {
  "use strict";

  const pingji = window.pingji;
  const Context = window.AudioContext || window.webkitAudioContext;

  // [hertz, seconds from the beginning] of each pulse: high hurries, low is a word
  const TONES = {
    1: [[988, 0], [988, 0.18], [988, 0.36], [1319, 0.62], [1319, 0.8]],
    2: [[740, 0], [740, 0.26], [988, 0.52]],
    3: [[523, 0], [440, 0.34]],
  };
  const PULSE_S = 0.14;
  const LOUD = { 1: 0.32, 2: 0.24, 3: 0.18 };
  const REPEAT_MS = { 1: 15000, 2: 60000 }; // a low one is said once
  const LEAST_MS = 3000; // a flood of alerts is one sound
  const HOLD_MS = 8000;
  const HIDDEN_HOLD_MS = 90000; // timers of a hidden page run once a minute
  const MUTES = [5, 15, 60];
  const tab = Math.random().toString(36).slice(2);

  let context = null;
  let rungAt = -Infinity;
  let rungPriority = 9;
  let menu = null;
  const heard = new Map(); // alert id -> when this page first knew of it
  const count = { rung: 0, tried: 0 };

  const key = () => "sound." + pingji.page.viewer.name;
  // the console has the place for it; another screen sounds only where the site says so
  const atDesk = () => pingji.alerts.may() && pingji.byId("header-sound") !== null;
  const wanted = () => pingji.page && (pingji.live.soundsHere() || atDesk());

  function kept() {
    try {
      return JSON.parse(pingji.memory.get(key())) || {};
    } catch (error) {
      return {};
    }
  }

  function keep(more) {
    pingji.memory.set(key(), JSON.stringify(Object.assign(kept(), more)));
    paint();
  }

  // ── may it sound ────────────────────────────────────────────────────────────────────────────

  function open() {
    if (context || !Context) return;
    try {
      context = new Context();
      context.onstatechange = paint;
    } catch (error) {
      context = null;
    }
  }

  const running = () => context !== null && context.state === "running";

  /** Browsers give the sound free only in answer to a hand. */
  function enable() {
    open();
    if (!context) return Promise.resolve(false);
    const asked = context.state === "running" ? Promise.resolve() : context.resume();
    return asked.then(
      () => {
        hold();
        paint();
        return running();
      },
      () => false,
    );
  }

  function holder() {
    try {
      const found = JSON.parse(pingji.memory.get("sound.holder"));
      const life = found.hidden ? HIDDEN_HOLD_MS : HOLD_MS;
      return Date.now() - found.at < life ? found : null;
    } catch (error) {
      return null;
    }
  }

  /** Take the sound, or keep it; says whether this page has it. */
  function hold() {
    if (!running() || !wanted()) return false;
    const other = holder();
    const mine = !other || other.tab === tab || (other.hidden && !document.hidden);
    if (!mine) return false;
    const told = { tab: tab, at: Date.now(), hidden: document.hidden };
    pingji.memory.set("sound.holder", JSON.stringify(told));
    return true;
  }

  function letGo() {
    const other = holder();
    if (other && other.tab === tab) pingji.memory.set("sound.holder", "null");
  }

  // ── tones ───────────────────────────────────────────────────────────────────────────────────

  function play(priority) {
    const from = context.currentTime + 0.03;
    TONES[priority].forEach(([hertz, after]) => {
      [[1, 1], [2, 0.35], [3, 0.12]].forEach(([times, share]) => {
        const wave = context.createOscillator();
        const gain = context.createGain();
        const at = from + after;
        wave.frequency.value = hertz * times;
        gain.gain.setValueAtTime(0, at);
        gain.gain.linearRampToValueAtTime(LOUD[priority] * share, at + 0.012);
        gain.gain.setValueAtTime(LOUD[priority] * share, at + PULSE_S - 0.05);
        gain.gain.linearRampToValueAtTime(0, at + PULSE_S);
        wave.connect(gain).connect(context.destination);
        wave.start(at);
        wave.stop(at + PULSE_S + 0.02);
      });
    });
  }

  function ring(priority) {
    const now = performance.now();
    const least = priority < rungPriority ? LEAST_MS / 3 : LEAST_MS;
    if (now - rungAt < least || !hold()) return;
    rungAt = now;
    rungPriority = priority;
    count.rung += 1;
    play(priority);
  }

  /** Alerts that may sound now: waiting, active, by a rule that sounds, not hushed. */
  function loudest(since) {
    const hushed = kept().hushedAt || 0;
    let found = null;
    pingji.alerts.all.forEach((alert) => {
      if (!pingji.alerts.isWaiting(alert) || !alert.active) return;
      if (pingji.alerts.rule(alert).sound === false) return;
      const at = heard.get(alert.id) || 0;
      if (at <= hushed || at < since) return;
      if (found === null || alert.priority < found) found = alert.priority;
    });
    return found;
  }

  const muted = () => (kept().mutedUntil || 0) > Date.now();

  function learn() {
    const now = Date.now();
    heard.forEach((at, id) => pingji.alerts.get(id) || heard.delete(id));
    pingji.alerts.all.forEach((alert) => {
      // acknowledged once and raised again, it is new
      if (alert.acknowledged) heard.delete(alert.id);
      else if (!heard.has(alert.id)) heard.set(alert.id, now);
    });
    return now;
  }

  pingji.on("alerts", () => {
    if (!wanted()) return;
    const now = learn();
    const priority = loudest(now);
    if (priority !== null && !muted()) ring(priority);
  });

  function tick() {
    if (!wanted()) {
      letGo();
      return;
    }
    hold();
    if (!muted()) {
      const priority = loudest(0);
      const every = REPEAT_MS[priority];
      if (every && performance.now() - rungAt >= every) ring(priority);
    }
    paint();
  }

  // ── what is shown ───────────────────────────────────────────────────────────────────────────

  function state() {
    if (!Context) return "none";
    if (running()) {
      const other = holder();
      if (muted()) return "muted";
      if (other && other.tab !== tab) return "elsewhere";
      return hushing() ? "hushed" : "on";
    }
    return holder() ? "elsewhere" : "off";
  }

  /** Is there something that would sound, had it not been hushed? */
  function hushing() {
    const hushed = kept().hushedAt || 0;
    let found = false;
    heard.forEach((at, id) => {
      const alert = pingji.alerts.get(id);
      if (at <= hushed && alert && pingji.alerts.isWaiting(alert) && alert.active) found = true;
    });
    return found;
  }

  function word(now) {
    if (now === "muted") {
      const left = Math.max(1, Math.ceil((kept().mutedUntil - Date.now()) / 60000));
      return pingji.say("sound_muted", { age: pingji.say("age_min", { n: left }) });
    }
    return pingji.say("sound_" + now);
  }

  /** Beside the console only a word, and only while it may not sound. */
  function paintAlone() {
    let box = document.querySelector(".sound--alone");
    const silent = !running();
    if (!silent || !wanted()) {
      if (box) box.remove();
      return;
    }
    if (!box) {
      box = pingji.make("button", "button sound--alone");
      box.type = "button";
      box.addEventListener("click", enable);
      document.body.append(box);
    }
    pingji.write(box, pingji.say(Context ? "sound_off" : "sound_none"));
  }

  function paint() {
    const box = pingji.byId("header-sound");
    if (pingji.page && pingji.live.soundsHere()) paintAlone();
    if (!box || !wanted()) return;
    let button = box.querySelector(".sound__state");
    if (!button) {
      button = pingji.make("button", "button sound__state");
      button.type = "button";
      button.addEventListener("click", press);
      box.append(button);
    }
    const now = state();
    box.className = "sound sound--" + now;
    pingji.write(button, word(now));
    button.title = now === "off" ? pingji.say("sound_enable") : "";
    button.setAttribute("aria-expanded", String(menu !== null));
  }

  function press() {
    if (state() === "off") {
      enable().then((may) => may && pingji.announce(pingji.say("sound_on")));
      return;
    }
    if (menu) closeMenu();
    else openMenu();
  }

  function openMenu() {
    const box = pingji.byId("header-sound");
    menu = pingji.make("div", "sound__menu panel");
    const entry = (text, act) => {
      const button = pingji.make("button", "button sound__entry", text);
      button.type = "button";
      button.addEventListener("click", () => {
        act();
        paint();
      });
      menu.append(button);
    };
    const leave = (act) => () => {
      act();
      closeMenu();
    };
    if (!running()) entry(pingji.say("sound_enable"), leave(enable));
    if (muted()) entry(pingji.say("sound_unmute"), leave(() => keep({ mutedUntil: 0 })));
    entry(pingji.say("sound_hush"), leave(() => keep({ hushedAt: Date.now() })));
    MUTES.forEach((n) => {
      const until = () => keep({ mutedUntil: Date.now() + n * 60000 });
      entry(pingji.say("sound_mute_n", { n: n }), leave(until));
    });
    [1, 2, 3].forEach((priority) => {
      const name = pingji.say("priority_" + priority);
      entry(pingji.say("sound_try_n", { priority: name }), () => attempt(priority));
    });
    box.append(menu);
    menu.querySelector("button").focus();
    paint();
  }

  function closeMenu() {
    if (!menu) return;
    const inside = menu.contains(document.activeElement);
    menu.remove();
    menu = null;
    paint();
    if (inside) pingji.byId("header-sound").querySelector("button").focus();
  }

  document.addEventListener("keydown", (event) => {
    if (menu && event.key === "Escape") closeMenu();
    if (context && !running()) enable(); // any touch of the page is a hand
  });
  document.addEventListener("pointerdown", (event) => {
    if (menu && !event.target.closest("#header-sound")) closeMenu();
    if (context && !running()) enable();
  });

  /** Sound a tone by hand: resolves to whether the browser let it out. Silence does not hold it. */
  function attempt(priority) {
    return enable().then((may) => {
      if (may) {
        count.tried += 1;
        play(priority || 1);
      }
      paint();
      return may;
    });
  }

  pingji.on("page", () => {
    const elsewhere = /^\/(wall|tablet)/.test(window.location.pathname);
    if (elsewhere ? !pingji.live.soundsHere() : !pingji.alerts.may()) return;
    open();
    window.setInterval(tick, 1000);
    window.addEventListener("pagehide", letGo);
    document.addEventListener("visibilitychange", () => hold());
  });
  pingji.on("language", () => {
    closeMenu();
    paint();
  });
  pingji.on("paint", paint);
  pingji.sound = { try: attempt, state, count };
})();
